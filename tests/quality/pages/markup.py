"""Read pages by parsers that `dedup` does not use: Python's own and lxml's."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

BLOCK_TAGS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT: Final = frozenset({"script", "style", "template", "title", "head"})
_NO_PROSE: Final = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "table", "pre"})
_WORD: Final = re.compile(r"\w")
_BLANKS: Final = re.compile(r"\s+")


def strip_tags(fragment: str) -> str:
    """Give the text of a stretch of HTML: no tags, references resolved, blanks folded."""
    reader = _TextReader()
    reader.feed(fragment)
    reader.close()
    return fold_blanks("".join(reader.parts))


def fold_blanks(text: str) -> str:
    """Give a text with one space for each run of blanks, none around it."""
    return _BLANKS.sub(" ", text).strip()


class _TextReader(HTMLParser):
    """Collects text; a tag of a block or a line break parts words, any other does not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._silent += tag in _SILENT
        self._part(tag)

    def handle_startendtag(self, tag: str, _attributes: object) -> None:
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in BLOCK_TAGS or tag == "br":
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(html.unescape(f"&#{name};"))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A stretch of text between two edges of blocks, or blank lines made of line breaks.

    Attributes:
        text: With blanks folded.
        is_prose: It is no heading, term, cell or preformatted text, and not of links alone.
    """

    text: str
    is_prose: bool


def list_text_blocks(path: Path) -> list[TextBlock]:
    """Give the stretches of text of a page, by lxml."""
    import lxml.html  # type: ignore[import-untyped] # noqa: PLC0415 -- comes with an extra

    walk = _Walk()
    walk.visit(lxml.html.fromstring(path.read_bytes().decode().encode("utf-16")), frozenset())
    walk.end_block()
    return walk.blocks


class _Walk:
    """Goes through a page in order and cuts its text at the edges of blocks."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self._texts: list[str] = []
        self._has_prose = False
        self._n_breaks = 0

    def visit(self, element: Any, above: frozenset[str]) -> None:  # noqa: ANN401 -- lxml has no types
        """Take an element with all that is in it; `above` holds the tags around it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SILENT:
            return
        inside = above | {tag}
        if tag in BLOCK_TAGS:
            self.end_block()
        if tag == "br":
            self._take_break()
        self._take(element.text or "", inside)
        for child in element:
            self.visit(child, inside)
            self._take(child.tail or "", inside)
        if tag in BLOCK_TAGS:
            self.end_block()

    def _take(self, text: str, tags: frozenset[str]) -> None:
        self._texts.append(text)
        if text.strip():
            self._n_breaks = 0
            self._has_prose |= _WORD.search(text) is not None and not tags & _NO_PROSE

    def _take_break(self) -> None:
        self._n_breaks += 1
        if self._n_breaks > 1:
            self.end_block()
        self._texts.append(" ")

    def end_block(self) -> None:
        """End the stretch that is open."""
        text = fold_blanks("".join(self._texts))
        if text:
            self.blocks.append(TextBlock(text, self._has_prose))
        self._texts, self._has_prose, self._n_breaks = [], False, 0
