"""Measure candidate pairs exactly, a block of pairs at a time where tokens are in files.

Candidates and the token lists of all rows come in, verified pairs go out, the same whatever the
block. Of a block the rows are copied out of the mapped files in their order, so that each page is
met once a block.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np

from dedup.execution import Run
from dedup.model import OffsetArray, PairArray, ShingleSets, TokenLists, VerifiedPairs, distinct
from dedup.shingles import shingle_paragraphs
from dedup.verify import verify_candidates

_COPY_BYTES: Final = 64 << 20  # of a file, that are in memory while rows are copied out of it
_BYTES_A_TOKEN: Final = 16  # the token, its shingle, the list and the set of them
_LEAST_PAIRS: Final = 1024
Lists: TypeAlias = tuple[TokenLists, TokenLists]


def measure_candidates(
    pairs: PairArray, lists: Lists, run: Run, tell: Callable[[int], None] = lambda _done: None
) -> VerifiedPairs:
    """Measure pairs of rows and keep those that reach a threshold, with their relation.

    Args:
        pairs: Candidates as rows, sorted.
        lists: The tokens of the rows, and what shingles are made of, which may be the same.
        run: Its settings, engine and storage.
        tell: Called with how many pairs are measured, block after block.
    """
    if not run.storage.is_spilled:
        return _measure(pairs, lists, run)
    parts, n_done = [], 0
    for block in _cut_pairs(pairs, lists, run.storage.block_bytes):
        parts.append(_measure_copied(block, lists, run))
        n_done += len(block)
        tell(n_done)
    return VerifiedPairs.chain(parts)


def _measure(pairs: PairArray, lists: Lists, run: Run) -> VerifiedPairs:
    tokens, units = lists

    def make_sets(rows: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, rows, run.config.shingles, run.engine)

    return verify_candidates(pairs, tokens, make_sets, run.config.verify, run.engine)


def _cut_pairs(pairs: PairArray, lists: Lists, block_bytes: int) -> Iterator[PairArray]:
    """Cut pairs into blocks whose rows take about `block_bytes` of memory."""
    n_units = sum(len(each.tokens) for each in {id(each): each for each in lists}.values())
    row_bytes = _BYTES_A_TOKEN * n_units // max(len(lists[0]), 1) + 1
    n_pairs = max(_LEAST_PAIRS, block_bytes // (2 * row_bytes))
    return (pairs[begin : begin + n_pairs] for begin in range(0, len(pairs), n_pairs))


def _measure_copied(pairs: PairArray, lists: Lists, run: Run) -> VerifiedPairs:
    """Measure pairs over copies of their rows."""
    sides = pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)
    rows = distinct(np.concatenate(sides)).astype(np.int64)
    lefts, rights = (np.searchsorted(rows, side.astype(np.int64)) for side in sides)
    local = lefts.astype(np.uint64) << np.uint64(32) | rights.astype(np.uint64)
    tokens = copy_lists(lists[0], rows, run)
    units = tokens if lists[1] is lists[0] else copy_lists(lists[1], rows, run)
    return _measure(local, (tokens, units), run).number(rows)


def copy_lists(lists: TokenLists, rows: OffsetArray, run: Run) -> TokenLists:
    """Copy some rows of token lists, in the order asked for; mapped pages are let go meanwhile.

    Args:
        lists: Of all rows.
        rows: Those wanted, sorted.
        run: Its engine and storage.
    """
    reached = np.maximum.accumulate(lists.ends[rows]) * lists.tokens.itemsize
    parts = []
    for begin, end in cut_blocks(reached, _COPY_BYTES):
        parts.append(run.engine.copy_rows(lists, rows[begin:end]))
        run.storage.forget_pages()
    if not parts:
        return lists.take(rows)
    before = np.cumsum([0, *(len(part.tokens) for part in parts)])
    return TokenLists(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate([part.starts + n for part, n in zip(parts, before, strict=False)]),
        np.concatenate([part.ends + n for part, n in zip(parts, before, strict=False)]),
        np.concatenate([part.prints for part in parts]),
    )


def cut_blocks(ends: OffsetArray, most: int) -> Iterator[tuple[int, int]]:
    """Cut rows into blocks of at most `most` (but of one row at least).

    Args:
        ends: Running sum of what each row counts, as bytes.
        most: What a block may count.

    >>> list(cut_blocks(np.array([3, 5, 9, 30]), 6))
    [(0, 2), (2, 3), (3, 4)]
    """
    begin, done = 0, 0
    while begin < len(ends):
        end = max(begin + 1, int(np.searchsorted(ends, done + most, "right")))
        yield begin, end
        begin, done = end, int(ends[end - 1])
