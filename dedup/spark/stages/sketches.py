"""Sketch shingle sets in few bytes, and tell which pairs cannot reach a threshold by them.

A sketch is the number of distinct shingles and a bitmap, a bit a shingle by its hash: what
`dedup.sifting` has, but each as wide as its set asks for, since here they travel. A map of 2^k bits
is folded to one of fewer by laying its parts over one another, so any two can be compared.

A shingle of A whose bit is not set in B's map is not in B, so |A and B| <= |A| - (bits of A's map
that are not in B's). What `verify` would keep is never ruled out.

Decision (2026-11-26): 3 to 6 bits a shingle. Of 0.71 candidates a paragraph at 100,000 (0.16 of
them near or contained) maps of 1.3, 2, 3, 4, 6 bits at least leave 0.48, 0.35, 0.27, 0.24, 0.20, in
21, 31, 47, 63, 95 bytes on the average. A pair left costs 0.7 kB of texts, so 3 and 4 cost the
least, and more candidates, as larger corpora have them, speak for 3. All maps as wide as the
longest paragraphs need would take 128 bytes.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.kernels import constants
from dedup.model import BoolArray, OffsetArray, ShingleSets
from dedup.sifting import Sieve
from dedup.spark.runtime.blocks import open_values

_BITS_A_SHINGLE: Final = 3
_LEAST_BITS, _MOST_BITS = 32, 8192  # 1 kB, where a set of 2,000 shingles takes 8
_COUNT: Final = np.dtype("<u4")
Matrix: TypeAlias = npt.NDArray[np.uint8]  # shape (rows, bytes)


def sketch_sets(sets: ShingleSets) -> pa.Array:
    """Sketch sets of distinct shingles; gives bytes: the count, then the map."""
    sizes = sets.sizes
    n_bits = _choose_bits(sizes)
    widths = n_bits // 8 + _COUNT.itemsize
    ends = np.cumsum(widths)
    starts = ends - widths
    content = np.zeros(int(widths.sum()), np.uint8)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    mixed = sets.shingles * np.uint32(constants.SPREAD_MULTIPLIER)
    mixed ^= mixed >> np.uint32(15)
    bits = (mixed & (n_bits[rows] - 1).astype(np.uint32)).astype(np.int64)
    places = starts[rows] + _COUNT.itemsize + (bits >> 3)
    np.bitwise_or.at(content, places, np.uint8(1) << (bits & 7).astype(np.uint8))
    counts = sizes.astype(_COUNT).view(np.uint8).reshape(-1, _COUNT.itemsize)
    content[starts[:, None] + np.arange(_COUNT.itemsize)] = counts
    offsets = np.concatenate([np.zeros(1, np.int32), ends.astype(np.int32)])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.binary(), len(sizes), buffers)


def _choose_bits(sizes: OffsetArray) -> OffsetArray:
    """Give the width of each map: the least power of two with so many bits a shingle."""
    wanted = np.clip(_BITS_A_SHINGLE * sizes, _LEAST_BITS, _MOST_BITS)
    bits: OffsetArray = 1 << np.ceil(np.log2(wanted)).astype(np.int64)
    return bits


def leave_open(lefts: pa.Array, rights: pa.Array, sieve: Sieve) -> BoolArray:
    """Tell which pairs may reach a threshold.

    Args:
        lefts: The sketch of each pair's one side.
        rights: That of the other.
        sieve: What a pair must be able to reach.
    """
    sides = _Sketches(lefts), _Sketches(rights)
    are_open = np.ones(len(lefts), np.bool_)
    shapes = np.stack([side.widths for side in sides], axis=1)
    for shape in np.unique(shapes, axis=0):
        rows = np.flatnonzero((shapes == shape).all(axis=1))
        (one, n_one), (other, n_other) = (side.read(rows) for side in sides)
        most = np.minimum(n_one - _count_alone(one, other), n_other - _count_alone(other, one))
        scaled = most * constants.SHARE_SCALE
        passes = scaled >= sieve.near * (n_one + n_other - most)
        if sieve.held:
            passes |= scaled >= sieve.held * np.minimum(n_one, n_other)
        are_open[rows] = passes
    return are_open


class _Sketches:
    """The sketches of a column."""

    def __init__(self, column: pa.Array) -> None:
        self._content, offsets = open_values(column.cast(pa.large_binary()))
        self._starts = offsets[:-1]
        self.widths = np.diff(offsets) - _COUNT.itemsize

    def read(self, rows: OffsetArray) -> tuple[Matrix, OffsetArray]:
        """Give the maps of some rows, all of one width, and their counts."""
        width = int(self.widths[rows[0]]) + _COUNT.itemsize
        whole = self._content[self._starts[rows][:, None] + np.arange(width)]
        counts = np.ascontiguousarray(whole[:, : _COUNT.itemsize]).view(_COUNT).reshape(-1)
        return whole[:, _COUNT.itemsize :], counts.astype(np.int64)


def _count_alone(one: Matrix, other: Matrix) -> OffsetArray:
    """Count, for each row, the bits of one map that no shingle of the other can have set."""
    n, width = one.shape
    narrow = min(width, other.shape[1])
    folded = np.bitwise_or.reduce(other.reshape(n, -1, narrow), axis=1)
    alone = one.reshape(n, -1, narrow) & ~folded[:, None, :]
    counts: OffsetArray = np.bitwise_count(alone).sum(axis=(1, 2), dtype=np.int64)
    return counts
