"""Align two token lists and count the numbers and dates that were exchanged; plain Python.

What comes in: tokens as integers, class in the low bits. What goes out: matches, or conflicts.
Source of the alignment: Myers, "An O(ND) difference algorithm and its variations", 1986,
doi:10.1007/BF01840446.

Decision (2026-11-23): a slot is in conflict where a replaced run holds an item (a whole number with
its parts, an ordinal, a month, a weekday, a quarter) on both sides, the n-th of its class on the
one not equal to the n-th on the other.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from dedup.kernels.constants import CLASS_MASK, NUMBER, NUMBER_PART

SAME_SLOTS, TOO_FAR = -1, -2


def align(left: Sequence[int], right: Sequence[int], max_edits: int) -> list[int] | None:
    """Give each left token its right partner in a shortest edit script, or -1.

    None where more than `max_edits` insertions and deletions are needed.
    """
    trace: list[dict[int, int]] = []
    for edits in range(max_edits + 1):
        furthest: dict[int, int] = {}
        trace.append(furthest)
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(trace, edits, diagonal)[1]
            while x < len(left) and x - diagonal < len(right) and left[x] == right[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x == len(left) and x - diagonal == len(right):
                return _walk_back(trace, len(left), len(right))
    return None


def _step(trace: list[dict[int, int]], edits: int, diagonal: int) -> tuple[int, int]:
    """Give the diagonal that step `edits` comes from, and where on this diagonal it arrives."""
    if edits == 0:
        return 0, 0
    before = trace[edits - 1]
    down = diagonal == -edits or (diagonal != edits and before[diagonal - 1] < before[diagonal + 1])
    return (diagonal + 1, before[diagonal + 1]) if down else (
        diagonal - 1, before[diagonal - 1] + 1
    )  # fmt: skip


def _walk_back(trace: list[dict[int, int]], n: int, m: int) -> list[int]:
    """Follow the furthest points back; the diagonal runs on the way are the matches."""
    matches = [-1] * n
    x, diagonal = n, n - m
    for edits in range(len(trace) - 1, -1, -1):
        before, arrived = _step(trace, edits, diagonal)
        while x > arrived:
            x -= 1
            matches[x] = x - diagonal
        if edits:
            x, diagonal = trace[edits - 1][before], before
    return matches


def count_conflicts(left: Sequence[int], right: Sequence[int], max_edits: int) -> tuple[int, int]:
    """Count the slots in conflict, and the tokens matched.

    Matched is SAME_SLOTS or TOO_FAR where the two were not aligned.
    """
    if [t for t in left if t & CLASS_MASK] == [t for t in right if t & CLASS_MASK]:
        return 0, SAME_SLOTS
    matches = align(left, right, max_edits)
    if matches is None:
        return 0, TOO_FAR
    conflicts = 0
    for one, two in _replaced_runs(matches, len(right)):
        others = list(_items(right[two[0] : two[1]]))
        ranks: dict[int, int] = {}
        for kind, item in _items(left[one[0] : one[1]]):
            same_kind = [other for other_kind, other in others if other_kind == kind]
            rank = ranks.get(kind, 0)
            ranks[kind] = rank + 1
            conflicts += rank < len(same_kind) and same_kind[rank] != item
    return conflicts, sum(partner >= 0 for partner in matches)


def _replaced_runs(
    matches: list[int], n_right: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give the runs without a partner on either side that stand against each other."""
    one = two = 0
    for place in (*(i for i, partner in enumerate(matches) if partner >= 0), len(matches)):
        partner = matches[place] if place < len(matches) else n_right
        if place > one and partner > two:
            yield (one, place), (two, partner)
        one, two = place + 1, partner + 1


def _items(tokens: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Give class and tokens of each number (its parts with it) and each date word of a run."""
    place = 0
    while place < len(tokens):
        kind = tokens[place] & CLASS_MASK
        end = place + 1
        if kind in {NUMBER, NUMBER_PART}:
            end = next(
                i for i in count(end) if i == len(tokens) or tokens[i] & CLASS_MASK != NUMBER_PART
            )
        if kind:
            yield kind, tuple(tokens[place:end])
        place = end
