"""Find the stretches of a page's markup that go with its removed blocks.

In: a page and rows of its blocks. Out: for each stretch where it begins and ends, and the blocks in
it. Which elements go, and why, says `dedup.writers.html`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import Final

from dedup.readers.html_blocks import HtmlPage
from dedup.readers.html_elements import (
    BLOCK_TAGS,
    VOID_TAGS,
    Element,
    find_elements,
    find_line_starts,
)
from dedup.readers.turbo import END_TAG, START_TAG, TEXT_TOKEN, Token, read_tokens

_GOES: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "caption", "center", "dd", "dir", "div"),
        *("dl", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "li", "menu", "ol"),
        *("p", "pre", "section", "ul"),
    )
)
_BLANK: Final = re.compile(r"(?:\s|&nbsp;|<br\b[^<>]*+>)*+", re.IGNORECASE)
_BREAKS: Final = re.compile(r"(?:\s*+<br\b[^<>]*+>)++", re.IGNORECASE)
_LINE_BLANKS: Final = re.compile(r"[ \t]*+")
_MOST_TRIMS: Final = 4  # a tag that is left out may be the partner of one inside
_REST_OF_LINE: Final = re.compile(r"[ \t]*+(?:\r\n?|\n|\Z)")


@dataclass(slots=True)
class Stretch:
    """A stretch to cut: whole elements, or one block that stands loose."""

    start: int
    end: int
    rows: list[int]
    is_loose: bool = False


def find_stretches(page: HtmlPage, removed: list[int]) -> list[Stretch]:
    """Find what goes with blocks, in order and not overlapping.

    Args:
        page: The page.
        removed: Rows of its blocks, in order. One that cannot be cut out of the tags around it is
            in no stretch.
    """
    whole = _find_whole_elements(page, removed)
    exact = [part for found in whole for part in _fit_cut(page, found)]
    return [_take_lines(page.markup, found) for found in _join_neighbours(page.markup, exact)]


def _find_whole_elements(page: HtmlPage, removed: list[int]) -> list[Stretch]:
    """Find the largest elements that hold nothing else, from the innermost ones outwards."""
    elements = find_elements(page.markup)
    inside: dict[int, list[Stretch]] = {}
    for row, around in zip(removed, _find_around(page, elements, removed), strict=True):
        block = page.blocks[row]
        inside.setdefault(around, []).append(Stretch(block.start, block.end, [row], is_loose=True))
    waiting = [-row for row in inside]
    heapify(waiting)
    found = []
    while waiting:
        row = -heappop(waiting)
        parts = sorted(inside.pop(row), key=attrgetter("start"))
        if row < 0 or not _holds_only(page.markup, elements[row], parts):
            found += parts
            continue
        parent = elements[row].parent
        if parent not in inside:
            heappush(waiting, -parent)
        inside.setdefault(parent, []).append(_make_whole(elements[row], parts))
    return sorted(found, key=attrgetter("start"))


def _find_around(page: HtmlPage, elements: list[Element], removed: list[int]) -> Iterator[int]:
    """Give the innermost element around each block; -1 where it stands in none."""
    opened, around = 0, -1
    for row in removed:
        start = page.blocks[row].start
        while opened < len(elements) and elements[opened].start <= start:
            around, opened = opened, opened + 1
        while around >= 0 and elements[around].end <= start:
            around = elements[around].parent
        yield around


def _holds_only(markup: str, element: Element, parts: list[Stretch]) -> bool:
    """Say whether an element holds nothing but these parts, and may go with them."""
    places = [element.inner_start, *(place for p in parts for place in (p.start, p.end))]
    places.append(element.inner_end)
    gaps = zip(places[::2], places[1::2], strict=True)
    return element.tag in _GOES and all(_BLANK.fullmatch(markup, *gap) for gap in gaps)


def _make_whole(element: Element, parts: list[Stretch]) -> Stretch:
    """Give an element with all that goes with it; the longest of the lists of rows grows."""
    rows = max((part.rows for part in parts), key=len)
    for part in parts:
        if part.rows is not rows:
            rows += part.rows
    return Stretch(element.start, element.end, rows)


def _fit_cut(page: HtmlPage, found: Stretch) -> list[Stretch]:
    """Fit a stretch so that no inline tag outside of it loses its partner.

    An element that holds the end of a tag opened before it stays, and its blocks go alone.
    """
    if not found.is_loose:
        # The blanks behind an element that no tag ends are not its own.
        end = found.start + len(page.markup[found.start : found.end].rstrip())
        rows = sorted(found.rows)
        if not _find_unmatched(page.markup, found.start, end).ends:
            return [Stretch(found.start, end, rows)]
        blocks = [(page.blocks[row], row) for row in rows]
        loose = [Stretch(block.start, block.end, [row], is_loose=True) for block, row in blocks]
        return [fitted for part in loose for fitted in _fit_cut(page, part)]
    span = _trim_tags(page.markup, found.start, found.end)
    if span is None:
        return []
    behind = _BREAKS.match(page.markup, span[1]) if span[1] == found.end else None
    return [Stretch(span[0], behind.end() if behind else span[1], found.rows)]


def _trim_tags(markup: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave out the tags at both ends of a loose text whose partners stand outside.

    None where such a tag stands in the middle.
    """
    for _ in range(_MOST_TRIMS):
        unmatched = _find_unmatched(markup, start, end)
        places = sorted((*unmatched.starts, *unmatched.ends))
        if not places:
            return start, end
        before = [place for place in places if place[1] <= unmatched.first_text]
        behind = [place for place in places if place[0] >= unmatched.last_text]
        if len(before) + len(behind) < len(places):
            return None
        start = before[-1][1] if before else start
        end = behind[0][0] if behind else end
    return None


@dataclass(slots=True)
class _Unmatched:
    """Inline tags without their partners, as spans; the text is at [first_text, last_text)."""

    starts: list[tuple[int, int]]
    ends: list[tuple[int, int]]
    first_text: int
    last_text: int


def _find_unmatched(markup: str, start: int, end: int) -> _Unmatched:
    """Find the inline tags of a stretch whose partners stand outside of it."""
    unmatched = _Unmatched([], [], end, start)
    is_open: dict[str, list[tuple[int, int]]] = {}
    for token, first, last in _read_spans(markup[start:end]):
        span = start + first, start + last
        if token.type == TEXT_TOKEN and not token.data.isspace():
            unmatched.first_text = min(unmatched.first_text, span[0])
            unmatched.last_text = span[1]
        elif token.type == START_TAG and _has_partner(token.tag):
            is_open.setdefault(token.tag, []).append(span)
        elif token.type == END_TAG and _has_partner(token.tag):
            if is_open.get(token.tag):
                is_open[token.tag].pop()
            else:
                unmatched.ends.append(span)
    unmatched.starts += [span for spans in is_open.values() for span in spans]
    return unmatched


def _has_partner(tag: str) -> bool:
    return tag not in BLOCK_TAGS and tag not in VOID_TAGS


def _read_spans(markup: str) -> Iterator[tuple[Token, int, int]]:
    """Give the tokens of a stretch with where they begin and end in it."""
    lines = find_line_starts(markup)
    last: tuple[Token, int] | None = None
    for token in read_tokens(markup):
        place = lines[token.line - 1] + token.col
        if last is not None:
            yield *last, place
        last = token, place
    if last is not None:
        yield *last, len(markup)


def _join_neighbours(markup: str, parts: list[Stretch]) -> list[Stretch]:
    """Join stretches that stand side by side on one line, so that the line may go with them."""
    joined: list[Stretch] = []
    for part in parts:
        if joined and _LINE_BLANKS.fullmatch(markup, joined[-1].end, part.start):
            joined[-1].end = part.end
            joined[-1].rows += part.rows
            joined[-1].is_loose = False
        else:
            joined.append(Stretch(part.start, part.end, [*part.rows], part.is_loose))
    return joined


def _take_lines(markup: str, part: Stretch) -> Stretch:
    """Take the whole of a stretch's lines where nothing else stands on them."""
    start = part.start
    while start and markup[start - 1] in " \t":
        start -= 1
    rest = _REST_OF_LINE.match(markup, part.end)
    if rest is None or (start and markup[start - 1] not in "\r\n"):
        return part
    return Stretch(start, rest.end(), part.rows)
