"""Propose pairs of paragraphs that share anchors: skip-bigrams that few paragraphs hold.

Content terms come in, pairs go out, block by block. A pair shares two anchors at least, and 3 % of
those of the paragraph that has fewer.

Decision (2026-11-26): where the anchors of all paragraphs would take too much memory, they are
looked at in parts, by the first bits of their hashes. Each part gives pairs with the anchors they
share in it, which are added up at the end, so that the same pairs come out as in one part. A part
reads all terms and hashes all anchors again (0.3 us a paragraph); cutting the paragraphs into
blocks instead would compare every block with every other.

Decision (2026-11-26): pairs come by blocks of the later paragraph, and in a block sorted by the
earlier one. So a stage that looks at the terms of one pair after the other meets the columns of a
few neighbouring paragraphs at a time, wherever they lie (`cut_pairs`).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from dedup.config import RestatementConfig
from dedup.kernels import Engine
from dedup.kernels.constants import ANCHOR_TERMS, TERM_REACH
from dedup.kernels.results import AnchoredBlock, AnchorLimits
from dedup.model import IndexArray, OffsetArray, PairArray, TermLists
from dedup.scratch import Scratch
from dedup.storage import Storage

LEAST_SHARED: Final = 2  # anchors of a pair; one alone is met by chance
_BYTES_AN_ANCHOR: Final = 8  # in natural text: itself, what is known of it, who holds it
_BLOCKS_A_PART: Final = 4  # so many blocks of work may the anchors of one part take
_BYTES_A_ROW: Final = 2048  # of a block: its terms, tokens and pairs
_BYTES_A_PAIR: Final = 1024  # that is scored: both paragraphs with their sentences
_MOST_PAIRS: Final = 1 << 16
_BYTES_AN_ENTRY: Final = 32  # of a pair in a part, while parts are added up
_MOST_ROWS: Final = 1 << 19  # of a block, whose numbers have 20 bits of an entry
_COUNT_BITS: Final = np.uint64(12)
_MOST_COUNTED: Final = np.uint64((1 << 12) - 1)
_ROW_BITS: Final = np.uint64(32)
_EARLIER: Final = np.uint64((1 << 32) - 1)


def count_rows_at_once(block_bytes: int) -> int:
    """Give how many neighbouring paragraphs a block of work holds."""
    return min(_MOST_ROWS, max(1, block_bytes // _BYTES_A_ROW))


def count_pairs_at_once(block_bytes: int) -> int:
    """Give how many pairs of paragraphs a block of work holds."""
    return min(_MOST_PAIRS, max(1, block_bytes // _BYTES_A_PAIR))


def find_anchor_pairs(
    terms: TermLists, rows: OffsetArray, config: RestatementConfig, engine: Engine
) -> tuple[IndexArray, IndexArray]:
    """Find the pairs of rows that share anchors, as places in `rows`, sorted.

    Source:
        Measured by `python -m tests.quality`: recall, and candidates a paragraph.
    """
    limits = AnchorLimits(config.anchor_rows, _least(config), expected=_expect(terms, rows))
    found = engine.share_anchors(terms, [rows], limits, np.zeros(len(rows), np.int32))
    return _unpack(np.concatenate([_sort(block.pairs) for block in found]))


def _least(config: RestatementConfig) -> tuple[int, int]:
    return LEAST_SHARED, round(1000 * config.anchor_share)


def _expect(terms: TermLists, rows: OffsetArray) -> int:
    """Give about how many anchors rows keep: of a long one about as many as of a short one."""
    most = ANCHOR_TERMS * TERM_REACH
    return int(np.minimum(TERM_REACH * terms.count_terms(rows), most).sum())


def _sort(pairs: PairArray) -> PairArray:
    """Give pairs, later row << 32 | earlier row, as earlier row << 32 | later row, sorted."""
    sorted_pairs: PairArray = np.sort(pairs << _ROW_BITS | pairs >> _ROW_BITS)
    return sorted_pairs


def _unpack(pairs: PairArray) -> tuple[IndexArray, IndexArray]:
    return (pairs >> _ROW_BITS).astype(np.int32), (pairs & _EARLIER).astype(np.int32)


def propose_pairs(
    terms: TermLists, rows: OffsetArray, config: RestatementConfig, using: tuple[Engine, Storage]
) -> Iterator[tuple[IndexArray, IndexArray]]:
    """Propose the pairs to compare: all pairs of few rows, else those that share anchors.

    Args:
        terms: The content terms of all paragraphs.
        rows: Some of their numbers, sorted.
        config: What pairs must share.
        using: Where the loops run, and what tells how much may be in memory.

    Returns:
        Numbers of the earlier and of the later paragraphs, for one block of later ones after the
        other; each sorted by (earlier, later).
    """
    if len(rows) <= config.all_pairs_up_to:
        places = np.triu_indices(len(rows), 1)
        yield rows[places[0]].astype(np.int32), rows[places[1]].astype(np.int32)
        return
    for pairs in _share(terms, rows, config, using):
        earlier, later = _unpack(_sort(pairs))
        yield rows[earlier].astype(np.int32), rows[later].astype(np.int32)


def _share(
    terms: TermLists, rows: OffsetArray, config: RestatementConfig, using: tuple[Engine, Storage]
) -> Iterator[PairArray]:
    """Give the pairs that share anchors, as places: later << 32 | earlier, block by block."""
    engine, storage = using
    bounds = _bound_blocks(rows, len(terms), storage)
    expected = sum(_expect(terms, block) for block in _list_blocks(rows, bounds, storage))
    part_bits = _choose_bits(expected, storage.block_bytes)
    sizes = np.zeros(len(rows), np.int32)
    if not part_bits:
        limits = AnchorLimits(config.anchor_rows, _least(config), expected=expected)
        blocks = _list_blocks(rows, bounds, storage)
        yield from (each.pairs for each in engine.share_anchors(terms, blocks, limits, sizes))
        return
    scratch, parts = Scratch(storage), []
    for which in range(1 << part_bits):
        part = (which, part_bits)
        limits = AnchorLimits(config.anchor_rows, (1, 0), part, expected >> part_bits)
        blocks = _list_blocks(rows, bounds, storage)
        column, ends = scratch.make_column(f"part{which}", np.uint64), [0]
        for found in engine.share_anchors(terms, blocks, limits, sizes):
            column.append(_pack(found, bounds[len(ends) - 1]))
            ends.append(column.size)
        parts.append((column.finish(), ends))
    most = max(1, storage.block_bytes // _BYTES_AN_ENTRY)
    for number, first in enumerate(bounds[:-1]):
        entries = [column[ends[number] : ends[number + 1]] for column, ends in parts]
        for some in _cut_entries(entries, bounds[number + 1] - first, most):
            yield _add_up(some, first, sizes, _least(config))
        scratch.forget_pages()


def _bound_blocks(rows: OffsetArray, n_paragraphs: int, storage: Storage) -> list[int]:
    """Give where blocks of neighbouring paragraphs begin and end in `rows`."""
    at_once = count_rows_at_once(storage.block_bytes)
    edges = np.arange(0, n_paragraphs + at_once, at_once)
    bounds: list[int] = np.searchsorted(rows, edges).tolist()
    return bounds


def _list_blocks(rows: OffsetArray, bounds: list[int], storage: Storage) -> Iterator[OffsetArray]:
    """Give one block of rows after another; when the next is asked for, pages are let go."""
    for begin, end in pairwise(bounds):
        yield rows[begin:end]
        storage.forget_pages()


def _choose_bits(expected: int, block_bytes: int) -> int:
    """Give the bits by which anchors are parted, so that those of a part fit into memory."""
    part_bits = 0
    while (expected >> part_bits) * _BYTES_AN_ANCHOR > _BLOCKS_A_PART * block_bytes:
        part_bits += 1
    return part_bits


def _pack(found: AnchoredBlock, first: int) -> PairArray:
    """Give an entry for each pair: its later row from `first`, its earlier row, and the count.

    A count too large for its bits is parted. Later rows rise.
    """
    pairs, counts = found.pairs - (np.uint64(first) << _ROW_BITS), found.counts.astype(np.uint64)
    entries = [pairs << _COUNT_BITS | np.minimum(counts, _MOST_COUNTED)]
    while counts.max(initial=0) > _MOST_COUNTED:
        more = np.flatnonzero(counts > _MOST_COUNTED)
        pairs, counts = pairs[more], counts[more] - _MOST_COUNTED
        entries.append(pairs << _COUNT_BITS | np.minimum(counts, _MOST_COUNTED))
    return entries[0] if len(entries) == 1 else np.sort(np.concatenate(entries))


def _cut_entries(entries: list[PairArray], n_rows: int, most: int) -> Iterator[list[PairArray]]:
    """Cut the entries of a block, part by part, by their later rows into about `most` each."""
    n_cuts = min(n_rows, -(-sum(map(len, entries)) // most))
    rows = np.linspace(0, n_rows, n_cuts + 1).astype(np.uint64)
    edges = [np.searchsorted(part, rows << _ROW_BITS << _COUNT_BITS).tolist() for part in entries]
    for cut in range(n_cuts):
        yield [
            part[bounds[cut] : bounds[cut + 1]] for part, bounds in zip(entries, edges, strict=True)
        ]


def _add_up(
    entries: list[PairArray], first: int, sizes: IndexArray, least: tuple[int, int]
) -> PairArray:
    """Add up the counts of each pair over all parts, and keep those that share enough."""
    ordered = np.sort(np.concatenate(entries))
    pairs = ordered >> _COUNT_BITS
    is_first = np.ones(len(pairs), np.bool_)
    is_first[1:] = pairs[1:] != pairs[:-1]
    firsts = np.flatnonzero(is_first)
    counts = np.add.reduceat(ordered & _MOST_COUNTED, firsts) if len(firsts) else pairs
    pairs = pairs[firsts] + (np.uint64(first) << _ROW_BITS)
    smaller = np.minimum(sizes[pairs >> _ROW_BITS], sizes[pairs & _EARLIER]).astype(np.int64)
    shared = counts.astype(np.int64)
    is_enough = (shared >= least[0]) & (1000 * shared >= least[1] * smaller)
    kept: PairArray = pairs[is_enough]
    return kept


def cut_pairs(
    lefts: IndexArray, rights: IndexArray, rows_at_once: int, most: int
) -> Iterator[slice]:
    """Cut pairs into runs of at most `most` whose paragraphs are of two blocks of neighbours.

    Args:
        lefts: Numbers of paragraphs.
        rights: Likewise, of the other side.
        rows_at_once: How many neighbours a block holds.
        most: Pairs of a run.
    """
    for begin in range(0, len(lefts), most):
        part = slice(begin, begin + most)
        earlier = np.minimum(lefts[part], rights[part]) // rows_at_once
        later = np.maximum(lefts[part], rights[part]) // rows_at_once
        changes = np.flatnonzero((np.diff(earlier) != 0) | (np.diff(later) != 0)) + 1
        edges = [0, *changes.tolist(), len(earlier)]
        for low, high in pairwise(edges):
            yield slice(begin + low, begin + high)
