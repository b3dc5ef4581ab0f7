"""Fold texts for the loops that read them a code point at a time: tokenizer, spelling, terms."""

from functools import cached_property

import numpy as np

from dedup.kernels import constants
from dedup.kernels.compiled import Loop, load_loops
from dedup.kernels.tables import load_folds
from dedup.model import PADDING, ByteArray, OffsetArray, TokenArray
from dedup.text import normalize


def ends_to_starts(ends: OffsetArray) -> OffsetArray:
    """Give where rows begin that stand one right behind another."""
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1]
    return starts


def table_size(n: int) -> int:
    """Give the power of two that holds n keys at most half full."""
    return 1 << max(4, (2 * n).bit_length())


class NumbaFolding:
    """The loops, and the folding that several of them need before."""

    def __init__(self) -> None:
        self._loops: dict[str, Loop] = load_loops()

    @cached_property
    def _folds(self) -> TokenArray:
        return load_folds()

    def _fold(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray
    ) -> tuple[ByteArray, OffsetArray, OffsetArray]:
        """Normalize texts: padded UTF-8, and where each stands in it.

        The table does most; what hangs on its neighbours goes through `normalize`.
        """
        folded = np.empty(2 * int((ends - starts).sum()), np.uint8)
        fold_ends, kinds = np.empty(len(starts), np.int64), np.empty(len(starts), np.uint8)
        written = self._loops["fold_texts"](
            text, starts, ends, self._folds, folded, fold_ends, kinds
        )
        fold_starts, parts = ends_to_starts(fold_ends), [folded[:written]]
        for row in np.flatnonzero(kinds != constants.FINE):
            raw = text[starts[row] : ends[row]].tobytes().decode()
            parts.append(np.frombuffer(normalize(raw).encode(), np.uint8))
            fold_starts[row] = written
            written += len(parts[-1])
            fold_ends[row] = written
        parts.append(np.zeros(PADDING, np.uint8))
        return np.concatenate(parts), fold_starts, fold_ends
