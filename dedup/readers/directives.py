"""Read what a source says of itself to a check: `dedup: ignore` in a comment, or an attribute.

In: the text of a comment, or all of a text whose comments a pattern finds. Out: what is said, and a
batch with its `Directive`s, each with its place.

Decision (2026-11-26): a paragraph with such a comment is the same as its copy without. Where a
format's paragraphs hold their comments (Markdown, plain text), what is compared and shown has
blanks in its place, byte for byte; `DocumentBatch.source` keeps what was there, by which paragraphs
are parted and places are counted. A comment on lines of its own takes the line end before it along,
so that no blank line comes to stand within its paragraph. A source is only searched where it says
`dedup` at all, see `batches.may_direct`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from dedup.config import RULES
from dedup.model import ByteArray, Directive, DirectiveKind, DocumentBatch
from dedup.readers.html_elements import find_line_starts

_BEGINNING: Final = re.compile(r"\s*+dedup\s*+:", re.IGNORECASE)
_NEARLY: Final = re.compile(r"\s*+dedup[\s_-]++(?=ignore)", re.IGNORECASE)
_SAYING: Final = re.compile(
    r"\s*+(ignore-file|ignore|off|on)(?![\w-])\s*+(?:\[([^\[\]]*+)\]\s*+)?+:?+(?!\s*+\[)(.*+)",
    re.IGNORECASE | re.DOTALL,
)
_KINDS: Final[dict[str, DirectiveKind]] = {
    "ignore": "ignore",
    "off": "off",
    "on": "on",
    "ignore-file": "ignore-file",
}
_BARE_CODE: Final = re.compile(r"\s*+DUP\d{3}\b", re.IGNORECASE)  # its brackets were forgotten
_SEPARATORS: Final = re.compile(r"[\s,]+")
_LONGEST_READ: Final = 2_000  # characters of a comment; one that never ends may be a whole file
_LONGEST_REASON: Final = 200
_UNCLOSED: Final = " (a comment that never ends)"
_NO_COLON: Final = " (behind `dedup` a colon is missing)"
_OPENING: Final = re.compile(r"<!--(?=\s*+dedup(?:\s*+:|[\s_-]++ignore))", re.IGNORECASE)
# In plain text a comment ends with its paragraph: nothing else says that what follows is none.
_ENDING: Final = re.compile(r"(?P<closing>-->)|<!--|(?>\r\n|\r|\n)[ \t]*+(?=[\r\n])")
_NO_MORE: Final = re.compile(r"[ \t]*+(?:[\r\n]|\Z)")  # on its line
_BLANK: Final = 0x20
COMMENT_END: Final = re.compile(r"--!?>")  # as HTML has it


class Said(NamedTuple):
    """What a directive says: `codes` are the rules it names, `reason` is on one line."""

    kind: DirectiveKind
    codes: tuple[str, ...] = ()
    reason: str = ""


class Found(NamedTuple):
    """A directive, which text[start:end] is; `is_hidden`: it is a comment, so no text.

    `document` is the row of the document that it stands in, where a source has several.
    """

    start: int
    end: int
    said: Said
    is_hidden: bool = True
    document: int | None = None


def read_comment(content: str, *, is_closed: bool = True) -> Said | None:
    """Read what stands between the marks of a comment; None where that is no directive.

    One that is not closed is unknown: nobody meant all that follows to be in it.

    >>> read_comment(" dedup: ignore[DUP002]: as the law says it ")
    Said(kind='ignore', codes=('DUP002',), reason='as the law says it')
    """
    begun = _BEGINNING.match(content)
    if begun is None:
        nearly = _NEARLY.match(content)
        return Said("unknown", (), _fold(content[nearly.end() :]) + _NO_COLON) if nearly else None
    text = content[begun.end() : begun.end() + _LONGEST_READ]
    return _read(text) if is_closed else Said("unknown", (), _fold(text) + _UNCLOSED)


def read_value(value: str) -> Said:
    """Read the value of an attribute `data-dedup`.

    >>> read_value("ignore: a quotation").kind, read_value("off").kind
    ('element', 'unknown')
    """
    said = _read(value[:_LONGEST_READ])
    if said.kind == "ignore":
        return said._replace(kind="element")
    return Said("unknown", (), _fold(value))


def _read(text: str) -> Said:
    found = _SAYING.match(text)
    if found:
        word, named, reason = found.groups()
        codes = tuple(dict.fromkeys(filter(None, _SEPARATORS.split((named or "").upper()))))
        kind = _KINDS[word.lower()]
        is_empty = named is not None and (not codes or kind == "on")
        is_bare = named is None and _BARE_CODE.match(reason) is not None
        if not (is_empty or is_bare) and set(codes) <= set(RULES):
            return Said(kind, codes, _fold(reason))
    return Said("unknown", (), _fold(text))


def _fold(text: str) -> str:
    folded = " ".join(text[:_LONGEST_READ].split())
    return folded if len(folded) <= _LONGEST_REASON else f"{folded[: _LONGEST_REASON - 1]}…"


def find_in_text(text: str) -> Iterator[Found]:
    """Find the directives of plain text, which has comments as HTML has them."""
    return find_between(text, text, _OPENING, _ENDING)


def find_between(
    text: str, searched: str, opening: re.Pattern[str], ending: re.Pattern[str]
) -> Iterator[Found]:
    """Find the directives in comments that stand between marks.

    Args:
        text: What they are read from.
        searched: The same, with other characters where no comment can be.
        opening: A mark behind which a directive follows.
        ending: A group `closing` for the closing mark, or what shows that there is none.
    """
    place = 0
    while opened := opening.search(searched, place):
        start, inner = opened.span()
        ended = ending.search(searched, inner)
        is_closed = ended is not None and ended.lastgroup == "closing"
        place = ended.start() if ended else len(text)
        said = read_comment(text[inner:place], is_closed=is_closed)
        if ended and is_closed:
            end = place = ended.end()
        else:
            end = start + len(text[start:place].rstrip())
        if said is not None:
            yield Found(start, end, said, is_closed)


def direct(
    batch: DocumentBatch, text: str, found: Iterable[Found], *, has_comments: bool = False
) -> DocumentBatch:
    """Give a batch its directives.

    Args:
        batch: The batch of one source.
        text: The source.
        found: Its directives.
        has_comments: The paragraphs are slices of the source, with the comments in them.
    """
    listed = sorted(found, key=lambda each: (each.start, each.end))
    if not listed:
        return batch
    batch = replace(batch, directives=place_directives(text, listed))
    hidden = [each for each in listed if each.is_hidden]
    if not has_comments or not hidden:
        return batch
    return replace(batch, buffer=_blank_out(batch.buffer, text, hidden), source=batch.buffer)


def place_directives(source: str, found: Iterable[Found]) -> tuple[Directive, ...]:
    """Give directives their lines and columns in their source."""
    lines = find_line_starts(source)

    def place(each: Found) -> Directive:
        first, last = bisect_right(lines, each.start), bisect_right(lines, each.end - 1)
        return Directive(
            kind=each.said.kind,
            line=first,
            column=each.start - lines[first - 1] + 1,
            end_line=last,
            end_column=each.end - lines[last - 1],
            codes=each.said.codes,
            reason=each.said.reason,
            document=each.document,
        )

    return tuple(map(place, found))


def _blank_out(buffer: ByteArray, text: str, hidden: Iterable[Found]) -> ByteArray:
    """Give a copy of a text's UTF-8 with blanks in the place of comments."""
    blanked = buffer.copy()
    done = size = 0  # characters of the text, and bytes
    for each in hidden:
        before = text[done : each.start]
        start = size + len(before.encode())
        size = start + len(text[each.start : each.end].encode())
        done = each.end
        above = before.rstrip(" \t")
        if above.endswith(("\n", "\r")) and _NO_MORE.match(text, done):
            start -= len(before) - len(above) + 1 + above.endswith("\r\n")
        blanked[start:size] = _BLANK
    return blanked
