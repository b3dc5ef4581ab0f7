"""Give what a feed's field means, with the way back to its source, and part it into blocks.

In: a stretch of the source, spelled as XML or JSON spells it. Out: the field's own text, HTML or
plain, with an `OffsetMap` of its places; and its blocks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from dedup.model import BlockKind
from dedup.readers.feed_markup import Markup, scan_markup
from dedup.readers.html_blocks import HtmlBlock, read_page
from dedup.readers.html_elements import VOID_TAGS
from dedup.readers.offsets import OffsetMap, spell_out

_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});")
_HTML_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]*+(?:\s[^<>]*+)?/?>|<!--")
_BREAK_TAG: Final = re.compile(r"</?(?:br|p|div|li|h[1-6])\b[^<>]*+>", re.IGNORECASE)
_LINE: Final = re.compile(r"[^\r\n]++(?:\r\n|\r|\n)?|\r\n|\r|\n")
_BLANKS: Final = " \t\r\n\v\f"  # those that part paragraphs of plain text everywhere
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|(?s:.)|\Z)"
)
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NAME: Final = re.compile(r"[^\s<>/\"'=]+")
_AS_HTML: Final = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


class Style(IntEnum):
    """How a field's text is to be read."""

    HTML = 0
    PLAIN = 1  # word for word
    REFERENCES = 2  # plain, but for references of HTML


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The text of an entry: `places` leads its characters back to the source."""

    text: str
    places: OffsetMap
    style: Style


def read_blocks(body: Body) -> list[HtmlBlock]:
    """Part a text into blocks, whose places are characters of it; plain text at its blank lines."""
    if body.style is Style.HTML:
        return list(read_page(body.text).blocks)
    blocks = []
    for start, end in _part_at_blank_lines(body.text):
        text = body.text[start:end]
        if body.style is Style.REFERENCES:  # HTML after all: its blanks mean no more than one
            text = " ".join(resolve_references(text).split())
        if text:
            blocks.append(HtmlBlock(BlockKind.PARAGRAPH, text, start, end))
    return blocks


def _part_at_blank_lines(text: str) -> Iterator[tuple[int, int]]:
    """Give where each paragraph begins and ends, without the blanks around it."""
    start = end = -1
    for line in _LINE.finditer(text):
        content = line[0].strip(_BLANKS)
        if content:
            begin = line.start() + len(line[0]) - len(line[0].lstrip(_BLANKS))
            start, end = (begin if start < 0 else start), begin + len(content)
        elif start >= 0:
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def find_style(text: str) -> Style:
    """Tell HTML from plain text where the feed does not say it: HTML has a tag.

    >>> find_style("a < b &amp; c").name, find_style("a<br/>b").name
    ('REFERENCES', 'HTML')
    """
    return Style.HTML if _HTML_TAG.search(text) else Style.REFERENCES


def resolve_references(text: str) -> str:
    """Resolve numeric references and HTML's named ones; others stay as they stand.

    >>> resolve_references("&lt;&#233;&hellip;&unknown;&notit;")
    '<é…&unknown;&notit;'
    """
    return _REFERENCE.sub(lambda found: _mean(found[0]), text) if "&" in text else text


@lru_cache(maxsize=4096)
def _mean(reference: str) -> str:
    """Give what a reference stands for: itself where it is none."""
    from html import unescape  # noqa: PLC0415 -- 2,000 names that other formats need not load
    from html.entities import html5  # noqa: PLC0415

    if reference[1] == "#":  # those of Windows-1252 too, which old feeds are full of
        return unescape(reference)
    return html5.get(reference[1:], reference)


def read_line(text: str) -> str:
    """Give a text without tags and references, on one line.

    >>> read_line(" Tea &amp; <b>cake</b><br> today ")
    'Tea & cake today'
    """
    if "<" in text:
        text = _HTML_TAG.sub("", _BREAK_TAG.sub(" ", text))
    return " ".join(resolve_references(text).split())


def unfold(source: str, start: int, end: int) -> tuple[str, OffsetMap]:
    """Give what the characters of source[start:end] mean in XML: CDATA as it is, the rest resolved.

    Comments and processing instructions mean nothing; tags, which only broken feeds have here,
    stay as they stand.
    """
    unfolding = _Unfolding(source, start)
    for markup, begin, behind in scan_markup(source, start, end):
        if markup is Markup.TAG:
            continue
        unfolding.resolve_up_to(begin)
        if markup is Markup.CDATA:
            closing = _find_closing(source, begin, behind)
            unfolding.replace(begin, begin + len(_CDATA), "")
            unfolding.copy_up_to(closing)
            unfolding.replace(closing, behind, "")
        else:
            unfolding.replace(begin, behind, "")
    unfolding.resolve_up_to(end)
    return unfolding.finish()


def unfold_inline(source: str, start: int, end: int, prefix: str) -> tuple[str, OffsetMap]:
    """Give the markup of source[start:end], which is XHTML, as HTML.

    A tag that closes itself gets its end tag, names lose the prefix, CDATA becomes references.

    Args:
        source: The feed.
        start: Where the markup begins.
        end: Where it ends, exclusive.
        prefix: What stands before XHTML's names, as `xh:`; '' where it is nothing.
    """
    unfolding = _Unfolding(source, start)
    for markup, begin, behind in scan_markup(source, start, end):
        if markup is Markup.TAG:
            _unfold_tag(unfolding, (begin, behind), prefix)
        elif markup is Markup.CDATA:
            closing = _find_closing(source, begin, behind)
            unfolding.replace(begin, begin + len(_CDATA), "")
            for found in re.compile("[<>&]").finditer(source, begin + len(_CDATA), closing):
                unfolding.replace(*found.span(), found[0].translate(_AS_HTML))
            unfolding.copy_up_to(closing)
            unfolding.replace(closing, behind, "")
        elif markup is Markup.UNFINISHED or source.startswith("<?", begin):
            unfolding.replace(begin, behind, "")
    unfolding.copy_up_to(end)
    return unfolding.finish()


def _unfold_tag(unfolding: "_Unfolding", place: tuple[int, int], prefix: str) -> None:
    source, (begin, behind) = unfolding.source, place
    at = begin + 1 + source.startswith("/", begin + 1)
    if prefix and source.startswith(prefix, at):
        unfolding.replace(at, at + len(prefix), "")
        at += len(prefix)
    found = _NAME.match(source, at, behind)
    if found and source.endswith("/>", begin, behind) and found[0].lower() not in VOID_TAGS:
        unfolding.replace(behind - 2, behind, f"></{found[0]}>")


def _find_closing(source: str, begin: int, behind: int) -> int:
    """Find where the content of source[begin:behind], which is CDATA, ends."""
    if source.endswith(_CDATA_END, begin + len(_CDATA), behind):
        return behind - len(_CDATA_END)
    return behind


class _Unfolding:
    """A text that grows, with the places at which it is not what the source has."""

    def __init__(self, source: str, start: int) -> None:
        self.source = source
        self._parts: list[str] = []
        self._size, self._copied = 0, start
        self._texts, self._sources = [0, 0], [start, start]

    def copy_up_to(self, place: int) -> None:
        """Take what stands before a place of the source as it is."""
        if place > self._copied:
            self._parts.append(self.source[self._copied : place])
            self._size += place - self._copied
            self._copied = place

    def replace(self, start: int, end: int, meaning: str) -> None:
        """Take source[start:end] for what it means."""
        self.copy_up_to(start)
        self._parts.append(meaning)
        self._texts += (self._size, self._size + len(meaning))
        self._sources += (start, end)
        self._size += len(meaning)
        self._copied = end

    def resolve_up_to(self, place: int) -> None:
        """Take what stands before a place of the source with its references resolved."""
        if self.source.find("&", self._copied, place) >= 0:
            for found in _REFERENCE.finditer(self.source, self._copied, place):
                meaning = _mean(found[0])
                if meaning != found[0]:
                    self.replace(*found.span(), meaning)
        self.copy_up_to(place)

    def finish(self) -> tuple[str, OffsetMap]:
        """Give the text and the places of all its characters in the source."""
        return "".join(self._parts), OffsetMap(self._texts, self._sources)


def unescape(source: str, start: int, end: int) -> tuple[str, OffsetMap]:
    """Give what source[start:end], the inside of a JSON string, means."""
    text, places = spell_out(source[start:end], _ESCAPE, _mean_escape)
    sources = [start, start, *(place + start for place in places.sources)]
    return text, OffsetMap([0, 0, *places.texts], sources)


def _mean_escape(escape: str) -> str:
    r"""Give what an escape stands for.

    >>> _mean_escape(r"\ud83d\ude00"), _mean_escape(r"\n")
    ('😀', '\n')
    """
    if escape[1:2] != "u" or len(escape) < len(r"\u0000"):
        return _ESCAPES.get(escape[1:], escape[1:])
    units = [int(unit, 16) for unit in escape.split(r"\u")[1:]]
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "replace")
