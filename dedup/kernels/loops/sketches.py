"""Sketch shingle sets as bitmaps, drop the pairs that those rule out, and copy rows together.

The oracles are in `dedup.kernels._numpy_sketches`; what a sketch proves stands in `dedup.sifting`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import count_bits, fetch_ahead, inlined
from dedup.model import HashArray, OffsetArray, PairArray, ShingleArray, TokenArray

_SCALE = constants.SHARE_SCALE
_U1, _U6, _U32, _U63 = np.uint64(1), np.uint64(6), np.uint64(32), np.uint64(63)
_LOW = np.uint64(0xFFFFFFFF)
_AHEAD = 12  # pairs whose sketches are on their way: a miss takes as long as so many pairs


def sketch_shingles(
    shingles: ShingleArray, ends: OffsetArray, width: int, sketches: HashArray
) -> int:
    """Set, for each row, the bit of each shingle, and note how many shingles it has.

    A sketch is `width` words; the upper half of the last is the count. Gives the rows.
    """
    start, n_bits = np.int64(0), np.uint64(64 * width - 32)
    for row in range(len(ends)):
        base = row * width
        for word in range(width):
            sketches[base + word] = np.uint64(0)
        for place in range(start, ends[row]):
            bit = np.uint64(shingles[place]) * n_bits >> _U32
            sketches[base + np.int64(bit >> _U6)] |= _U1 << (bit & _U63)
        sketches[base + width - 1] |= np.uint64(ends[row] - start) << _U32
        start = ends[row]
    return len(ends)


@inlined
def _is_open(sketches: HashArray, left: int, right: int, width: int, near: int, held: int) -> bool:
    """Tell whether the rows whose sketches begin at two places may reach a threshold."""
    last = width - 1
    one, other = sketches[left + last], sketches[right + last]
    n_left, n_right = np.int64(one >> _U32), np.int64(other >> _U32)
    left_bits, right_bits = count_bits(one & _LOW), count_bits(other & _LOW)
    both = count_bits(one & other & _LOW)
    for word in range(last):
        one, other = sketches[left + word], sketches[right + word]
        left_bits += count_bits(one)
        right_bits += count_bits(other)
        both += count_bits(one & other)
    n_both = np.int64(both)
    most = min(n_left - np.int64(left_bits), n_right - np.int64(right_bits)) + n_both
    least_left, least_right = max(np.int64(left_bits), most), max(np.int64(right_bits), most)
    is_near = most * _SCALE >= near * (least_left + least_right - most)
    is_held = held > 0 and most * _SCALE >= held * min(least_left, least_right)
    return is_near or is_held


def sift_pairs(pairs: PairArray, sketches: HashArray, width: int, near: int, held: int) -> int:
    """Keep the pairs whose sketches leave open that they reach a threshold, in place.

    `near` is the least resemblance, `held` the least containment of the set with fewer shingles,
    both in parts of SHARE_SCALE; 0 for `held`: containment does not count. Gives how many are left,
    which stand first.
    """
    kept = np.int64(0)
    for pair in range(len(pairs)):
        ahead = pairs[min(pair + _AHEAD, len(pairs) - 1)]
        fetch_ahead(sketches, np.int64(ahead >> _U32) * width)
        fetch_ahead(sketches, np.int64(ahead & _LOW) * width)
        left = np.int64(pairs[pair] >> _U32) * width
        right = np.int64(pairs[pair] & _LOW) * width
        pairs[kept] = pairs[pair]
        kept += np.int64(_is_open(sketches, left, right, width, near, held))
    return kept


def copy_rows(
    tokens: TokenArray, starts: OffsetArray, ends: OffsetArray, copied: TokenArray
) -> int:
    """Copy rows one behind the other; gives how many tokens they have."""
    written = np.int64(0)
    for row in range(len(starts)):
        for place in range(starts[row], ends[row]):
            copied[written] = tokens[place]
            written += 1
    return written
