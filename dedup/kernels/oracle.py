"""Say what one row of a kernel's work is, in plain NumPy: the parts of `_numpy`."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.kernels import constants
from dedup.model import (
    HashArray,
    IndexArray,
    OffsetArray,
    ScoreArray,
    ShingleArray,
    TokenArray,
    distinct,
)

_BLANKS: Final = bytes([*range(9, 14), *range(28, 33)])
_PAIRS_AT_ONCE: Final = 1 << 22


def split_text(text: bytes) -> Iterator[tuple[int, int, int, int, int]]:
    """Give start, end, first line, last line and column of each paragraph of one text."""
    place = 0
    found: tuple[int, int, int, int, int] | None = None
    for line, raw in enumerate(text.splitlines(keepends=True)):
        body = raw.strip(_BLANKS)
        if not body and found:
            yield found
            found = None
        elif body:
            column = len(raw) - len(raw.lstrip(_BLANKS))
            end = place + column + len(body)
            start = (
                (place + column, line, column) if found is None else (found[0], found[2], found[4])
            )
            found = (start[0], end, start[1], line, start[2])
        place += len(raw)
    if found:
        yield found


def shingle_row(tokens: TokenArray, weights: HashArray) -> ShingleArray:
    """Hash every run of len(weights) tokens, or all tokens where there are fewer."""
    width = min(len(tokens), len(weights))
    if not width:
        return np.empty(0, np.uint32)
    bare = tokens & np.uint32(0xFFFFFFFF ^ constants.CLASS_MASK)
    runs = np.lib.stride_tricks.sliding_window_view(bare, width).astype(np.uint64)
    mixed = (runs * weights[:width]).sum(axis=1, dtype=np.uint64)
    mixed = (mixed ^ mixed >> np.uint64(32)) * np.uint64(constants.WORD_MULTIPLIER)
    hashed: ShingleArray = (mixed >> np.uint64(32)).astype(np.uint32)
    return hashed


def first_occurrences(row: ShingleArray) -> ShingleArray:
    """Drop the repeats of a row, keeping its order."""
    _, places = np.unique(row, return_index=True)
    distinct: ShingleArray = row[np.sort(places)]
    return distinct


def join_rows(rows: list[ShingleArray]) -> ShingleArray:
    """Put rows behind one another."""
    return np.concatenate(rows) if rows else np.empty(0, np.uint32)


def mix_shingles(shingles: ShingleArray) -> ShingleArray:
    """Mix as MurmurHash3's finalizer does, before the permutations."""
    mixed = (shingles ^ shingles >> np.uint32(16)) * np.uint32(constants.FMIX_FIRST)
    mixed = (mixed ^ mixed >> np.uint32(13)) * np.uint32(constants.FMIX_SECOND)
    finished: ShingleArray = mixed ^ mixed >> np.uint32(16)
    return finished


def pair_postings(shingles: ShingleArray, rows: OffsetArray, n: int) -> Iterator[OffsetArray]:
    """Give left * n + right for every two rows that hold a shingle, some millions at once."""
    _, begins, sizes = np.unique(shingles, return_index=True, return_counts=True)
    run_end = np.repeat(begins + sizes, sizes)
    later = run_end - np.arange(len(shingles)) - 1
    chunk = np.cumsum(later) // _PAIRS_AT_ONCE
    for which in distinct(chunk[later > 0]):
        places = np.flatnonzero((chunk == which) & (later > 0))
        counts = later[places]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        partners = np.repeat(places + 1, counts) + offsets
        yield np.repeat(rows[places], counts) * n + rows[partners]


def join_best(
    n: int,
    pairs: tuple[IndexArray, IndexArray],
    scores: ScoreArray,
    is_canonical: npt.NDArray[np.bool_],
) -> tuple[IndexArray, ScoreArray]:
    """Join each row that is no canonical to its best canonical, ties to the first."""
    lefts, rights = pairs
    canonicals, best = np.arange(n, dtype=np.int32), np.ones(n, np.float64)
    usable = np.flatnonzero(is_canonical[lefts] & ~is_canonical[rights])
    order = usable[np.lexsort((lefts[usable], -scores[usable], rights[usable]))]
    rows, firsts = np.unique(rights[order], return_index=True)
    canonicals[rows], best[rows] = lefts[order[firsts]], scores[order[firsts]]
    return canonicals, best
