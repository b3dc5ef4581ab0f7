"""Find which stretches of a feed hold an entry, or some paragraphs of one, and nothing else.

In: a feed as it was read, and what is to go. Out: stretches of its source, in characters.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeAlias

from dedup.readers.feed_bodies import Body, Style
from dedup.readers.feed_entry import Entry, Feed
from dedup.readers.html_blocks import read_page
from dedup.writers.html import find_cuts

Span: TypeAlias = tuple[int, int]

_LINE_ENDS: Final = re.compile(r"[ \t]*+(?:\r\n|\r|\n|\Z)")
_COMMA: Final = re.compile(r"\s*+,\s*+")
_BRACKETS: Final = ("<![CDATA[", "]]>")
_LONGEST_INDENT: Final = 1000  # characters; what stands further in keeps its blanks


def find_entry_spans(text: str, feed: Feed, whole: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """Find what to cut so that some entries are gone.

    Args:
        text: The source of the feed.
        feed: What was read of it.
        whole: The entries to go, sorted.

    Returns:
        For each of them its element, with its line or its comma, and its mentions.
    """
    if feed.is_json:
        return {number: (span,) for number, span in _find_elements(text, feed, set(whole))}
    mentions = _find_mentions(feed, set(whole))
    return {
        number: tuple(
            _take_lines(text, *span)
            for span in (*mentions[number], (feed.entries[number].start, feed.entries[number].end))
        )
        for number in whole
    }


def _take_lines(text: str, start: int, end: int) -> Span:
    """Widen a stretch to whole lines where it has them to itself."""
    head = text[max(0, start - _LONGEST_INDENT) : start]
    first = start - len(head) + len(head.rstrip(" \t"))
    behind = _LINE_ENDS.match(text, end)
    is_alone = behind and (first == 0 or text[first - 1] in "\r\n")
    return (first, behind.end()) if behind and is_alone else (start, end)


def _find_elements(text: str, feed: Feed, whole: set[int]) -> Iterator[tuple[int, Span]]:
    """Give where each element of JSON that goes stands, with the comma that goes with it.

    That is the comma behind it, but for those at the end of the array the one before.
    """
    is_last = True  # nothing that stays follows
    for number in range(len(feed.entries) - 1, -1, -1):
        entry = feed.entries[number]
        comma = _COMMA.match(text, entry.end)
        is_last = comma is None or (is_last and number + 1 in whole)
        if number not in whole:
            continue
        if comma and not is_last:
            yield number, (entry.start, comma.end())
            continue
        head = text[max(0, entry.start - _LONGEST_INDENT) : entry.start]
        before = entry.start - len(head) + len(head.rstrip()) - 1
        has_comma = before >= 0 and text[before] == ","
        yield number, (before if has_comma else entry.start, entry.end)


def _find_mentions(feed: Feed, whole: set[int]) -> dict[int, list[Span]]:
    """Find which elements of an RSS 1.0 list name the entries that go: the nth names the nth.

    Where one element stands for several entries of a name, it stays while one of them does.
    """
    listed: dict[str, list[Span]] = defaultdict(list)
    for start, end, resource in feed.mentions:
        listed[resource].append((start, end))
    entries: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(feed.entries):
        if entry.resource:
            entries[entry.resource].append(number)
    found: dict[int, list[Span]] = defaultdict(list)
    for resource, numbers in entries.items():
        spans = listed.get(resource, [])
        gone = [number for number in numbers if number in whole]
        if len(spans) == len(numbers):
            for number, span in zip(numbers, spans, strict=True):
                found[number].append(span)
        elif len(gone) == len(numbers):
            found[gone[-1]] += spans
    return found


def find_body_spans(
    text: str, entry: Entry, removed: Collection[int]
) -> Iterator[tuple[tuple[Span, ...], tuple[int, ...]]]:
    """Find what to cut out of the text of an entry so that some of its blocks are gone.

    Args:
        text: The source of the feed.
        entry: The entry.
        removed: Rows of its blocks.

    Yields:
        Stretches that go together, and the blocks that they hold. A block in none of them cannot
        be cut without a change to another one.
    """
    body = entry.body
    if body is None:
        return
    if body.style is Style.HTML:
        cuts = find_cuts(read_page(body.text), removed)
    else:
        cuts = list(_find_plain_cuts(entry, set(removed)))
    for start, end, blocks in cuts:
        yield tuple(_leave_brackets(text, body, start, end)), blocks


def _find_plain_cuts(entry: Entry, removed: set[int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Give paragraphs with the blank lines behind, or before where nothing follows."""
    blocks = entry.blocks
    n_kept = max((row + 1 for row in range(len(blocks)) if row not in removed), default=0)
    for row in sorted(removed):
        if row < n_kept:
            yield blocks[row].start, blocks[row + 1].start, (row,)
        else:
            start = blocks[row - 1].end if row else blocks[row].start
            yield start, blocks[row].end, (row,)


def _leave_brackets(text: str, body: Body, start: int, end: int) -> list[Span]:
    """Give the source of a stretch, without brackets of CDATA that have no partner in it."""
    sources = body.places.sources
    first, behind = body.places.start(start), body.places.end(end)
    rows = range(bisect_left(sources, first) // 2 * 2, bisect_left(sources, behind), 2)
    spans = [(sources[row], sources[row + 1]) for row in rows]
    brackets = [span for span in spans if text[slice(*span)] in _BRACKETS]
    if sum(text[start] == "<" for start, _ in brackets) * 2 == len(brackets):
        return [(first, behind)]
    places = [first, *(place for span in brackets for place in span), behind]
    return [(a, b) for a, b in zip(places[::2], places[1::2], strict=True) if a < b]
