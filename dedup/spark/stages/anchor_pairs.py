"""Pair the paragraphs that share anchors, part by part, as functions of record batches.

Behind a shuffle by anchor: who holds which anchor in, pairs out, packed by the part they go to.
Behind a shuffle by pair: how often each pair was met in, those that share enough out.

The oracle of `anchors` and this together is `Engine.share_anchors`.

Decision (2026-11-26): pairs that were verified already take part in the counting, with a count that
no sum of others reaches: so no join is needed to leave them out.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.kernels.constants import LENGTH_MULTIPLIER
from dedup.model import HashArray, OffsetArray, TokenArray, spread_ranges
from dedup.spark.runtime.blocks import as_batch, gather_rows
from dedup.spark.runtime.schemas import ANCHORED
from dedup.spark.stages.anchors import NOBODY, POSTINGS, Anchoring
from dedup.spark.stages.compact_ids import CompactIds
from dedup.spark.stages.packing import Columns, pack_parts, read_parts

# Of a pair the lower id, how far from it the higher one is, how many anchors they share, and how
# many the one with fewer has, 0 where that does not matter.
_PAIRS: Final = (np.int64, np.int64, np.uint32, np.uint32)
_KNOWN: Final = 1 << 30  # more than any sum of counts
_ENTRIES_AT_ONCE: Final = 1 << 20
_PAIRS_AT_ONCE: Final = 1 << 21  # either is 150 MB on its way
_U32: Final = np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)


def pair_postings(
    batches: Iterator[pa.RecordBatch], anchoring: Anchoring
) -> Iterator[pa.RecordBatch]:
    """Pair those who hold an anchor that 2 to `anchor_rows` hold.

    Args:
        batches: What `anchors.list_postings` gives, sorted by part; a part is in one task.
        anchoring: Every setting.

    Yields:
        PACKED rows of pairs and how many anchors of these parts they share.
    """
    for anchors, ids, sizes in _gather_parts(batches, POSTINGS):
        chosen, ends = _select_runs(anchors, ids, anchoring.config.restatement.anchor_rows)
        for begin, end in _cut_runs(ends):
            place = chosen[ends[begin - 1] if begin else 0 : ends[end - 1]]
            counts = np.diff(ends, prepend=0)[begin:end]
            yield _pair_runs(ids[place], sizes[place], counts, anchoring)


def _cut_runs(ends: OffsetArray) -> Iterator[tuple[int, int]]:
    """Cut runs so that each stretch makes no more pairs than are to be held at once, or is one."""
    counts = np.diff(ends, prepend=0)
    done = np.cumsum(counts * (counts - 1) // 2)
    begin = 0
    while begin < len(ends):
        before = done[begin - 1] if begin else 0
        end = max(int(np.searchsorted(done, before + _PAIRS_AT_ONCE, "right")), begin + 1)
        yield begin, end
        begin = end


def _gather_parts(
    batches: Iterator[pa.RecordBatch], kinds: Sequence["npt.DTypeLike"]
) -> Iterator[Columns]:
    """Give the columns of whole parts, of several small ones together."""
    held: list[Columns] = []
    for _, pieces in read_parts(batches, kinds):
        held += pieces
        if sum(len(piece[0]) for piece in held) >= _ENTRIES_AT_ONCE:
            yield tuple(map(np.concatenate, zip(*held, strict=True)))
            held = []
    if held:
        yield tuple(map(np.concatenate, zip(*held, strict=True)))


def _select_runs(
    anchors: OffsetArray, ids: OffsetArray, most: int
) -> tuple[OffsetArray, OffsetArray]:
    """Give the places of those who hold an anchor that 2 to `most` hold, and where runs end."""
    order = np.sort(anchors.astype(np.uint64) << _U32 | np.arange(len(anchors), dtype=np.uint64))
    ordered, order = order >> _U32, (order & _LOW).astype(np.int64)
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] + np.uint64(1)))
    counts = np.diff(np.append(starts, len(order)))
    is_told = np.minimum.reduceat(ids[order], starts) != NOBODY
    wanted = is_told & (counts > 1) & (counts <= most)
    return order[np.repeat(wanted, counts)], np.cumsum(counts[wanted])


def _pair_runs(
    ids: OffsetArray, sizes: TokenArray, counts: OffsetArray, anchoring: Anchoring
) -> pa.RecordBatch:
    """Pair all ids of each run of so many, and count how often each pair was met."""
    compact = CompactIds.of(ids)
    numbers = compact.encode(ids)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    n_before = np.arange(len(ids)) - starts
    ones = numbers[spread_ranges(starts, n_before)]
    others = np.repeat(numbers, n_before)
    codes = np.sort(np.minimum(ones, others) << _U32 | np.maximum(ones, others))
    starts = np.flatnonzero(np.diff(codes, prepend=codes[:1] + np.uint64(1)))
    shared = np.diff(np.append(starts, len(codes))).astype(np.uint32)
    sides = codes[starts] >> _U32, codes[starts] & _LOW
    large = np.flatnonzero(sizes)
    known, firsts = np.unique(numbers[large], return_index=True)
    known_sizes = sizes[large][firsts]
    decisive = np.minimum(*(_look_up(side, known, known_sizes) for side in sides))
    return pack_pairs(
        (compact.decode(sides[0]), compact.decode(sides[1])), shared, decisive, anchoring
    )


def _look_up(wanted: HashArray, known: HashArray, values: TokenArray) -> TokenArray:
    """Give the value of each number, 0 for those that are not known."""
    if not len(known):
        return np.zeros(len(wanted), np.uint32)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[places] == wanted, values[places], np.uint32(0))


def pack_pairs(
    pairs: tuple[OffsetArray, OffsetArray],
    counts: TokenArray,
    decisive: TokenArray,
    anchoring: Anchoring,
) -> pa.RecordBatch:
    """Pack pairs by the part that sums them, which a hash of the lower id chooses.

    Args:
        pairs: The lower and the higher id of each, sorted.
        counts: How many anchors they share.
        decisive: How many the one with fewer has; 0 where that does not matter.
        anchoring: Every setting.
    """
    hashed = pairs[0].astype(np.uint64) * np.uint64(LENGTH_MULTIPLIER)
    parts = (hashed >> _U32 >> np.uint64(32 - anchoring.part_bits)).astype(np.uint16)
    return pack_parts(parts, (pairs[0], pairs[1] - pairs[0], counts, decisive))


def list_known(batches: Iterator[pa.RecordBatch], anchoring: Anchoring) -> Iterator[pa.RecordBatch]:
    """Pack the pairs that were verified, so that `sum_pairs` leaves them out.

    Args:
        batches: `a` and `b`.
        anchoring: Every setting.
    """
    for rows in gather_rows(batches, _PAIRS_AT_ONCE):
        ones, others = (rows.column(side).to_numpy() for side in ("a", "b"))
        lower, higher = np.minimum(ones, others), np.maximum(ones, others)
        order = np.lexsort((higher, lower))
        counts = np.full(len(order), _KNOWN, np.uint32)
        yield pack_pairs((lower[order], higher[order]), counts, np.zeros_like(counts), anchoring)


def sum_pairs(batches: Iterator[pa.RecordBatch], anchoring: Anchoring) -> Iterator[pa.RecordBatch]:
    """Give the pairs that share enough anchors and were not verified: ANCHORED, lower ids first.

    Args:
        batches: What `pair_postings` and `list_known` give, sorted by part; a part is in one task.
        anchoring: Every setting.
    """
    least, per_thousand = anchoring.least
    for lower, apart, counts, decisive in _gather_parts(batches, _PAIRS):
        compact = CompactIds.of(np.concatenate([lower, lower + apart]))
        codes = compact.encode(lower) << _U32 | compact.encode(lower + apart)
        order = np.argsort(codes)
        starts = np.flatnonzero(np.diff(codes[order], prepend=codes[order[:1]] + np.uint64(1)))
        shared = np.add.reduceat(counts[order].astype(np.int64), starts)
        sizes = np.maximum.reduceat(decisive[order], starts).astype(np.int64)
        is_enough = (shared >= least) & (1000 * shared >= per_thousand * sizes)
        chosen = order[starts[is_enough & (shared < _KNOWN)]]
        yield as_batch({"a": lower[chosen], "b": (lower + apart)[chosen]}, ANCHORED)
