"""Write a feed again without the entries and paragraphs that were found redundant.

In: a feed and the paragraphs to remove. Out: what to cut; everything else stays byte for byte.

Decision (2026-11-25): an entry of which every compared paragraph goes is cut as a whole, with its
line and its mention in the list of an RSS 1.0 channel; else its paragraphs are cut inside of its
text, and its summary stays. What is left is read again: where it is not just the other entries and
paragraphs, the cuts are halved until the one at fault is found, which is then left in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BlockKind
from dedup.readers.batches import pad
from dedup.readers.feed import decode_feed, read_feed
from dedup.readers.feed_entry import Entry, Feed
from dedup.readers.sources import Piece
from dedup.writers.edits import Edit, Part, make_rewriter
from dedup.writers.feed_spans import Span, find_body_spans, find_entry_spans
from dedup.writers.source_bytes import SourceBytes

Rows: TypeAlias = dict[int, list[int]]
"""The paragraphs of each block of an entry that goes."""

_UNCOMPARED: Final = (BlockKind.TABLE, BlockKind.CODE)  # what says something of its own
_ATTACHED: Final = re.compile(
    r"<(?:\w+:)?enclosure\b|<media:content\b|\brel=[\"']enclosure|\"attachments\"\s*:"
)
_MOST_READINGS: Final = 32  # of what is left; what is unproven then stays in


@dataclass(frozen=True, slots=True)
class _Removal:
    """Something to cut: stretches of the feed that go together, and what they hold.

    Attributes:
        spans: Where each stretch begins and ends, in characters of the feed.
        entry: The entry that holds it.
        blocks: The blocks of the entry that go; None where the whole entry does.
        rows: Its paragraphs, as rows of the part's.
    """

    spans: tuple[Span, ...]
    entry: int
    blocks: frozenset[int] | None
    rows: tuple[int, ...]


def _find_edits(part: Part, config: ReadersConfig) -> list[Edit]:
    if not len(part.removed):
        return []
    piece = Piece(part.piece.path, part.piece.format, pad(part.raw), len(part.raw))
    source = decode_feed(piece, config)
    raw = SourceBytes(part.raw[: source.size], source.utf8, piece.path)
    feed = read_feed(source.text, piece.path)
    removals = _keep_sound(source.text, feed, list(_find_removals(source.text, feed, part)))
    found = sorted((span, removal.rows) for removal in removals for span in removal.spans)
    places = raw.find_chars([place for span, _ in found for place in span]).tolist()
    return [
        Edit(start, end, rows=rows)
        for start, end, (_, rows) in zip(places[::2], places[1::2], found, strict=True)
    ]


rewrite = make_rewriter(_find_edits)


def _find_removals(text: str, feed: Feed, part: Part) -> Iterator[_Removal]:
    """Find what to cut for the removed paragraphs of a feed, in the order of its entries."""
    wanted = _group_rows(part)
    whole = [entry for entry, (_, is_whole) in wanted.items() if is_whole]
    spans = find_entry_spans(text, feed, whole)
    for number, (rows, is_whole) in wanted.items():
        if is_whole and not any(_ATTACHED.search(text, *span) for span in spans[number]):
            every_row = tuple(row for block in rows.values() for row in block)
            yield _Removal(spans[number], number, None, every_row)
            continue
        for cut, blocks in find_body_spans(text, feed.entries[number], rows):
            cut_rows = tuple(row for block in blocks for row in rows[block])
            yield _Removal(cut, number, frozenset(blocks), cut_rows)


def _group_rows(part: Part) -> dict[int, tuple[Rows, bool]]:
    """Give, for each entry that loses something, the blocks that go, and whether all of them do.

    A block stays where one of its paragraphs does. An entry with a table or code stays: what those
    say was compared with nothing.
    """
    kinds = part.paragraphs.batch.kinds
    has_more = set(part.paragraphs.batch.document[np.isin(kinds, _UNCOMPARED)].tolist())
    paragraphs, removed = part.paragraphs, set(part.removed.tolist())
    firsts: dict[int, int] = {}
    for block, document in enumerate(paragraphs.batch.document.tolist()):
        firsts.setdefault(document, block)
    places = zip(paragraphs.document.tolist(), paragraphs.block.tolist(), strict=True)
    found: dict[int, tuple[Rows, bool]] = {}
    numbered = ((document, block, row) for row, (document, block) in enumerate(places))
    for document, in_document in groupby(numbered, key=lambda place: place[0]):
        blocks: Rows = {}
        for _, block, row in in_document:
            blocks.setdefault(block - firsts[document], []).append(row)
        going = {block: rows for block, rows in blocks.items() if removed.issuperset(rows)}
        if going:
            found[document] = going, len(going) == len(blocks) and document not in has_more
    return found


def _keep_sound(text: str, feed: Feed, removals: list[_Removal]) -> list[_Removal]:
    """Keep the removals after which the feed reads as it should."""
    kept: list[_Removal] = []
    waiting = [removals]
    for _ in range(_MOST_READINGS):
        if not waiting:
            break
        tried = waiting.pop()
        if _is_sound(text, feed, [*kept, *tried]):
            kept += tried
        elif len(tried) > 1:
            middle = len(tried) // 2
            waiting += [tried[middle:], tried[:middle]]
    return kept


def _is_sound(text: str, feed: Feed, removals: list[_Removal]) -> bool:
    """Say whether a feed without these reads as exactly its other entries and paragraphs."""
    spans = sorted(span for removal in removals for span in removal.spans)
    places = [0, *(place for span in spans for place in span), len(text)]
    if places != sorted(places):
        return False
    kept = zip(places[::2], places[1::2], strict=True)
    try:
        left = read_feed("".join(text[start:end] for start, end in kept), "")
    except InputError:
        return False
    gone: dict[int, frozenset[int] | None] = {}
    for removal in removals:
        before = gone.get(removal.entry) or frozenset()
        gone[removal.entry] = None if removal.blocks is None else before | removal.blocks
    expected = [
        _describe(entry, gone.get(number, frozenset()))
        for number, entry in enumerate(feed.entries)
        if gone.get(number, frozenset()) is not None
    ]
    return expected == [_describe(entry, frozenset()) for entry in left.entries]


def _describe(entry: Entry, gone: frozenset[int] | None) -> tuple[object, ...]:
    """Give what a feed says in an entry, without some of its blocks."""
    kept = [block for number, block in enumerate(entry.blocks) if number not in (gone or ())]
    return entry.name, entry.head, entry.date, [(block.kind, block.text) for block in kept]
