"""Say what sketches of shingle sets are and which pairs they rule out, in plain NumPy."""

from typing import Final

import numpy as np

from dedup.kernels import constants
from dedup.model import (
    HashArray,
    OffsetArray,
    PairArray,
    ShingleSets,
    Sketches,
    TokenLists,
    spread_ranges,
)

_COUNT_BIT: Final = np.uint64(32)


class NumpySketchKernels:
    """The oracle of the kernels of `loops.sketches`."""

    def sketch(self, lists: ShingleSets, width: int) -> HashArray:
        """Sketch each row: a bit for each shingle, and how many shingles it has.

        Returns:
            uint64, `width` words a row; the upper half of the last word is the count.
        """
        words = np.zeros((len(lists), width), np.uint64)
        rows = np.repeat(np.arange(len(lists)), lists.sizes)
        n_bits = np.uint64(64 * width - 32)
        bits = lists.shingles.astype(np.uint64) * n_bits >> _COUNT_BIT
        places = rows, (bits >> np.uint64(6)).astype(np.int64)
        np.bitwise_or.at(words, places, np.uint64(1) << (bits & np.uint64(63)))
        words[:, -1] |= lists.sizes.astype(np.uint64) << _COUNT_BIT
        return words.reshape(-1)

    def sift(self, pairs: PairArray, sketches: Sketches, least: tuple[int, int]) -> PairArray:
        """Give the pairs whose sketches leave open that they reach a threshold.

        Args:
            pairs: Rows, lower << 32 | higher.
            sketches: Of every row.
            least: The resemblance, and the containment of the set with fewer shingles, in parts of
                SHARE_SCALE; 0 for the latter: it does not count.
        """
        near, held = least
        maps = sketches.words.reshape(-1, sketches.width).copy()
        counts = (maps[:, -1] >> _COUNT_BIT).astype(np.int64)
        maps[:, -1] &= np.uint64(0xFFFFFFFF)
        lefts = (pairs >> np.uint64(32)).astype(np.int64)
        rights = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
        bits = np.bitwise_count(maps).sum(axis=1, dtype=np.int64)
        both = np.bitwise_count(maps[lefts] & maps[rights]).sum(axis=1, dtype=np.int64)
        most = np.minimum(counts[lefts] - bits[lefts], counts[rights] - bits[rights]) + both
        least_left, least_right = (np.maximum(bits[side], most) for side in (lefts, rights))
        most_scaled = most * constants.SHARE_SCALE
        is_open = most_scaled >= near * (least_left + least_right - most)
        if held > 0:
            is_open |= most_scaled >= held * np.minimum(least_left, least_right)
        kept: PairArray = pairs[is_open]
        return kept

    def copy_rows(self, lists: TokenLists, rows: OffsetArray) -> TokenLists:
        """Copy some rows, one right behind the other."""
        sizes = lists.sizes[rows]
        tokens = lists.tokens[spread_ranges(lists.starts[rows], sizes)]
        ends = np.cumsum(sizes)
        prints = lists.prints.reshape(-1, 2)[rows].reshape(-1)
        return TokenLists(tokens, ends - sizes, ends, prints)
