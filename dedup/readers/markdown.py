"""Read Markdown into blocks that are slices of the source.

In: a whole file. Out: a batch of one document, each paragraph, heading, list item's paragraph,
table, code block and so on as a block with its kind. Which kinds are compared is decided later.

Decision (2026-11-23): pyromark's events tell where each block begins and ends in the bytes; its
text is what stands there, markers of nested quotes and all, so that every span is exact. Three
things they do not tell are found here: front matter (its own rule takes prose between two thematic
breaks for metadata, anywhere in the text), MDX's imports, exports and comments, and blocks that are
links only. An item's paragraph of a list in a quote is LIST: the innermost container decides. Raw
HTML is COMMENT as a whole, prose in it too, until a reader of HTML can say which is which.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from dedup.config import ReadersConfig
from dedup.model import BlockKind, DocumentBatch
from dedup.readers.batches import Spans, batch_from_spans, may_direct
from dedup.readers.encodings import check_utf8, describe_guess
from dedup.readers.sources import Piece
from dedup.readers.streams import cut_whole

if TYPE_CHECKING:
    from pyromark import Markdown

    from dedup.kernels import Engine

_LEAVES: Final = {
    "Paragraph": BlockKind.PARAGRAPH,
    "Heading": BlockKind.HEADING,
    "Table": BlockKind.TABLE,
    "CodeBlock": BlockKind.CODE,
    "HtmlBlock": BlockKind.COMMENT,
}
# What a paragraph in a container is; a footnote's paragraphs are paragraphs wherever it stands.
_CONTAINERS: Final = {
    "Item": BlockKind.LIST,
    "List": BlockKind.LIST,
    "BlockQuote": BlockKind.QUOTE,
    "FootnoteDefinition": BlockKind.PARAGRAPH,
}
_LINKS: Final = ("Link", "Image")
_WORDS: Final = ("Text", "Code")
_BLANKS: Final = b" \t\r\n\v\f"
# Possessive throughout: a file of line ends only must not be tried in every way there is.
_YAML: Final = re.compile(
    rb"---[ \t]*+(?>\r\n|\r|\n)"
    rb"(?:[ \t]*+(?:#[^\r\n]*+)?+(?>\r\n|\r|\n))*+"
    rb"(?:[\w\"'.][^\r\n:]*+:(?=[ \t\r\n])(?s:.*?)[\r\n])?(?:---|\.\.\.)[ \t]*+(?=[\r\n]|\Z)"
)
_TOML: Final = re.compile(
    rb"\+\+\+[ \t]*+[\r\n](?:(?s:.*?)[\r\n])?\+\+\+[ \t]*+(?=[\r\n]|\Z)",
)
_MDX_CODE: Final = re.compile(
    rb"import\s+(?:[^\"'`;]+\sfrom\s*)?[\"'][^\"'\s]+[\"']"
    rb"|export\s+(?:(?:const|let|var)\s+[\w{\[][^=\n]*=|(?:async\s+)?function\b"
    rb"|default\s+(?:function\b|class\b|[({])|\{|\*\s)"
)
# A comment for a check with text right behind or below it.
_DIRECTED: Final = re.compile(rb"\{/\*\s*+dedup\s*+:(?s:.*?)\*/\s*+\}\s*+(?=\S)", re.IGNORECASE)
_WORD: Final = re.compile(r"\w")
_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+")


cut = cut_whole


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a file into one document, its blocks in the order of the source.

    Raises:
        InputError: Nothing tells the encoding of its bytes, or they are not what is told.
    """
    text = check_utf8(piece, config)
    source = text.decode()
    spans = find_blocks(source)
    dates = None if config.date_field is None else [""]
    batch = batch_from_spans(piece.path, text.buffer, spans, dates)
    batch = replace(batch, remarks=describe_guess(piece.path, text))
    if not may_direct(text.buffer):
        return batch
    from dedup.readers.directives import direct  # noqa: PLC0415 -- few texts have one
    from dedup.readers.markdown_directives import find_in_markdown  # noqa: PLC0415 -- likewise

    return direct(batch, source, find_in_markdown(source), has_comments=True)


def find_blocks(text: str) -> Spans:
    r"""Find the blocks of a Markdown text, as spans of its UTF-8.

    >>> find_blocks("# Title\n\nProse.\n").ends
    [7, 15]
    """
    source = text.encode()
    collector = _Collector(source)
    metadata_end = find_metadata_end(source)
    if metadata_end:
        collector.add(BlockKind.METADATA, 0, metadata_end)
    for event, place in _parser().events_with_range(source[metadata_end:].decode()):
        if collector.awaited and not _is_end_of(collector.awaited, event):
            continue
        collector.take(event, place["start"] + metadata_end, place["end"] + metadata_end)
    return Spans(collector.starts, collector.ends, collector.kinds)


def _is_end_of(leaf: str, event: str | Mapping[str, object]) -> bool:
    """Tell whether an event ends the block that is open; two thirds of all stand within one."""
    if isinstance(event, str):
        return False
    tag = event.get("End")
    return tag == leaf or (isinstance(tag, dict) and leaf in tag)


def find_containers(text: str) -> Iterator[tuple[str, int, int]]:
    r"""Find what holds blocks: lists, items, quotes, footnotes; and thematic breaks.

    Yields:
        The parser's name of it, `OrderedList` for a list with numbers, and the bytes of the text's
        UTF-8 that it takes, with line ends behind; outer ones first.

    >>> list(find_containers("- a\n"))
    [('List', 0, 4), ('Item', 0, 4)]
    """
    source = text.encode()
    for event, start, end in list_events(source, find_metadata_end(source)):
        if event == "Rule":
            yield "Rule", start, end
        elif isinstance(event, Mapping) and "Start" in event:
            tag = event["Start"]
            name = name_tag(tag)
            if name in _CONTAINERS:
                is_ordered = (
                    name == "List" and cast("Mapping[str, object]", tag)["List"] is not None
                )
                yield "OrderedList" if is_ordered else name, start, end


def list_events(
    source: bytes, metadata_end: int
) -> Iterator[tuple[str | Mapping[str, object], int, int]]:
    """Give the parser's events behind the front matter, each with its bytes."""
    for event, place in _parser().events_with_range(source[metadata_end:].decode()):
        yield event, place["start"] + metadata_end, place["end"] + metadata_end


def find_metadata_end(source: bytes) -> int:
    """Find where the front matter ends, YAML or TOML; 0 where there is none.

    It counts as front matter only if its first line is a key: two thematic breaks at the top of a
    page enclose prose.
    """
    found = _YAML.match(source) or _TOML.match(source)
    return found.end() if found else 0


@cache
def _parser() -> "Markdown":
    from pyromark import Markdown, Options  # noqa: PLC0415 -- 9 ms that plain text need not pay

    return Markdown(
        options=Options.ENABLE_GFM
        | Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_TASKLISTS
    )


def name_tag(value: object) -> str:
    """Give the name of a tag, which stands alone or as the key of its properties."""
    return value if isinstance(value, str) else next(iter(cast("dict[str, object]", value)))


class _Collector:
    """Collects blocks from a parser's events, given in order.

    A block is open from its Start to its End. A tight list's item has no paragraph: its block is
    the run of inline events up to the next block. `awaited` names the open block once only its end
    tells more of it: what is in it no longer matters.
    """

    def __init__(self, source: bytes) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds: list[int] = []
        self._source, self._next = source, 0
        self._containers = [BlockKind.PARAGRAPH]
        self.awaited = ""
        self._leaf = ""
        self._links = 0
        self._has_words = False
        self._wordless: BlockKind | None = None
        self._run: tuple[int, int] | None = None

    def take(self, event: str | Mapping[str, object], start: int, end: int) -> None:
        """Take the next event, which stands at source[start:end]."""
        name, value = (event, None) if isinstance(event, str) else next(iter(event.items()))
        if name == "Start":
            self._open(name_tag(value), start, end)
        elif name == "End":
            self._close(name_tag(value), start, end)
        elif name == "Rule":
            self._end_run()
        elif name != "TaskListMarker":
            self._take_inline(name, value, start, end)

    def _open(self, tag: str, start: int, end: int) -> None:
        if tag in _CONTAINERS:
            self._end_run()
            self._containers.append(_CONTAINERS[tag])
        elif tag in _LEAVES:
            self._end_run()
            self._leaf, self._has_words, self._wordless = tag, False, None
            self._links, self.awaited = 0, "" if tag == "Paragraph" else tag
        else:
            self._extend_run(start, end)
            if tag in _LINKS:
                self._links += 1
                self._wordless = BlockKind.LINKS

    def _close(self, tag: str, start: int, end: int) -> None:
        if tag in _CONTAINERS:
            self._end_run()
            self._containers.pop()
        elif tag == self._leaf:
            self._leaf = self.awaited = ""
            self.add(self._kind_of(tag, start, end), start, end)
        else:
            self._links -= tag in _LINKS

    def _take_inline(self, name: str, text: object, start: int, end: int) -> None:
        self._extend_run(start, end)
        if name == "InlineHtml":
            self._wordless = self._wordless or BlockKind.COMMENT
        if self._has_words or self._links or not isinstance(text, str) or name not in _WORDS:
            return
        words = _ADDRESS.sub("", text)
        if _WORD.search(words) is not None:
            self._has_words, self.awaited = True, self._leaf
        if len(words) < len(text):
            self._wordless = BlockKind.LINKS

    def _extend_run(self, start: int, end: int) -> None:
        """Let the item's run reach to `end`, unless a block is open that holds the event."""
        if self._leaf:
            return
        if self._run is None:
            self._has_words, self._wordless = False, None
            self._run = start - self._is_escaped(start), end
        elif end > self._run[1]:
            self._run = self._run[0], end

    def _is_escaped(self, start: int) -> bool:
        r"""Say whether what begins here is escaped: the parser's event begins behind the `\`."""
        before = self._source[max(0, start - 64) : start]
        return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1

    def _end_run(self) -> None:
        if self._run is not None:
            (start, end), self._run = self._run, None
            self.add(self._kind_of("Paragraph", start, end), start, end)

    def _kind_of(self, tag: str, start: int, end: int) -> BlockKind:
        if tag != "Paragraph":
            return _LEAVES[tag]
        if not self._has_words and self._wordless is not None:
            return self._wordless
        if self._source.startswith(b"{/*", start) and not _DIRECTED.match(self._source, start, end):
            return BlockKind.COMMENT
        is_code = len(self._containers) == 1 and _MDX_CODE.match(self._source, start)
        return BlockKind.CODE if is_code else self._containers[-1]

    def add(self, kind: BlockKind, start: int, end: int) -> None:
        """Add a block without the blanks around it; one of blanks only is none."""
        content = self._source[max(start, self._next) : end].rstrip(_BLANKS)
        end = max(start, self._next) + len(content)
        start = end - len(content.lstrip(_BLANKS))
        if start < end:
            self.starts.append(start)
            self.ends.append(end)
            self.kinds.append(kind)
            self._next = end
