"""Measure pairs of texts by all that a slot guard may look at."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS
from dedup.kernels import Engine, load_engine
from dedup.model import PADDING, OffsetArray, ScoreArray, TokenLists
from dedup.text import normalize

Flags: TypeAlias = npt.NDArray[np.bool_]
_CHAR_SHINGLE = 5


@dataclass(frozen=True, slots=True)
class MeasuredPairs:
    """Pairs as columns.

    Attributes:
        resemblance: Of the word 3-shingle sets.
        conflicts: Numbers and dates that stand against another one of their class.
        alike: Share of the tokens of both sides that the alignment matches; 1.0 where it was not
            needed, 0.0 where it was given up.
        char_resemblance: Of the character 5-shingle sets of the normalized texts.
    """

    resemblance: ScoreArray
    conflicts: OffsetArray
    alike: ScoreArray
    char_resemblance: ScoreArray

    def take(self, places: OffsetArray | Flags) -> "MeasuredPairs":
        """Give some of the pairs."""
        return MeasuredPairs(*(getattr(self, column.name)[places] for column in fields(self)))


def tokenize_texts(texts: Sequence[str], engine: Engine) -> TokenLists:
    """Tokenize texts as the run does."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    buffer = np.frombuffer(b"".join(encoded) + bytes(PADDING), np.uint8).copy()
    return engine.tokenize(buffer, starts, ends)


def measure_pairs(lefts: Sequence[str], rights: Sequence[str]) -> MeasuredPairs:
    """Measure texts pair by pair."""
    engine, n = load_engine("numba"), len(lefts)
    tokens = tokenize_texts([*lefts, *rights], engine)
    left_rows = np.arange(n, dtype=np.int32)
    sides = (left_rows, left_rows + np.int32(n))
    size = DEFAULTS.shingles.size
    listed = engine.shingle(tokens.tokens, tokens.starts, tokens.ends, size)
    sets = engine.keep_distinct(listed)
    shared = engine.count_shared(sets, *sides)
    united = sets.sizes[:n] + sets.sizes[n:] - shared
    conflicts, matched = engine.count_conflicts(tokens, *sides, DEFAULTS.verify.max_edits)
    alike = 2 * np.maximum(matched, 0) / np.maximum(tokens.sizes[:n] + tokens.sizes[n:], 1)
    return MeasuredPairs(
        resemblance=shared / np.maximum(united, 1),
        conflicts=conflicts.astype(np.int64),
        alike=np.where(matched == -1, 1.0, alike),
        char_resemblance=np.array(list(map(_char_resemblance, lefts, rights))),
    )


def _char_resemblance(left: str, right: str) -> float:
    one, two = _char_shingles(left), _char_shingles(right)
    return len(one & two) / len(one | two)


def _char_shingles(text: str) -> set[str]:
    folded = normalize(text)
    last = max(1, len(folded) - _CHAR_SHINGLE + 1)
    return {folded[place : place + _CHAR_SHINGLE] for place in range(last)}
