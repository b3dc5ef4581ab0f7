"""Align the tokens of two near-duplicates and count the numbers and dates that were exchanged.

The oracle is `dedup.kernels._numpy.align_tokens`. Source of the alignment: Myers, "An O(ND)
difference algorithm and its variations", 1986, doi:10.1007/BF01840446.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import part
from dedup.model import IndexArray, OffsetArray, TokenArray

_CLASS_MASK = np.uint32(constants.CLASS_MASK)
_LENGTH = np.uint64(constants.LENGTH_MULTIPLIER)
_NUMBER, _PART = np.uint32(constants.NUMBER), np.uint32(constants.NUMBER_PART)


@part
def _comes_down(trace: IndexArray, d: int, k: int) -> bool:
    """Tell whether the furthest point of step d on diagonal k was reached by an insertion."""
    middle = (d - 1) * (d - 1) + d - 1
    return k == -d or (k != d and trace[middle + k - 1] < trace[middle + k + 1])


@part
def _walk_back(trace: IndexArray, steps: int, ends: tuple[int, int], matches: IndexArray) -> None:
    """Follow the stored points back; the diagonal runs on the way are the matches."""
    x, y = ends
    for d in range(steps, 0, -1):
        k = x - y
        down = _comes_down(trace, d, k)
        before = k + 1 if down else k - 1
        previous_x = np.int64(trace[(d - 1) * (d - 1) + d - 1 + before])
        start_x = previous_x if down else previous_x + 1
        while x > start_x:
            x, y = x - 1, y - 1
            matches[x] = y
        x, y = previous_x, previous_x - before
    while x > 0:
        x, y = x - 1, y - 1
        matches[x] = y


@part
def _match(
    tokens: TokenArray,
    left: tuple[int, int],
    right: tuple[int, int],
    trace: IndexArray,
    matches: IndexArray,
) -> int:
    """Find a shortest edit script; matches[i] is the partner of left token i, or -1.

    `trace` holds the square of one more than the edits allowed. Gives the edits, -1 where there
    are more.
    """
    n, m = left[1] - left[0], right[1] - right[0]
    for place in range(n):
        matches[place] = -1
    d = np.int64(0)
    while (d + 1) * (d + 1) <= len(trace):
        for k in range(-d, d + 1, 2):
            x = 0
            if d > 0:
                down = _comes_down(trace, d, k)
                x = np.int64(trace[(d - 1) * (d - 1) + d - 1 + (k + 1 if down else k - 1)])
                x += np.int64(not down)
            y = x - k
            while x < n and y < m and tokens[left[0] + x] == tokens[right[0] + y]:
                x, y = x + 1, y + 1
            trace[d * d + k + d] = x
            if x == n and y == m:
                _walk_back(trace, d, (n, m), matches)
                return d
        d += 1
    return -1


@part
def _next_slot(tokens: TokenArray, place: int, end: int) -> int:
    while place < end and tokens[place] & _CLASS_MASK == 0:
        place += 1
    return place


@part
def _same_slots(tokens: TokenArray, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Tell whether two texts hold the same numbers and dates in the same order."""
    one, two = left[0], right[0]
    while True:
        one, two = _next_slot(tokens, one, left[1]), _next_slot(tokens, two, right[1])
        if one == left[1] or two == right[1]:
            return one == left[1] and two == right[1]
        if tokens[one] != tokens[two]:
            return False
        one, two = one + 1, two + 1


@part
def _item(tokens: TokenArray, place: int, end: int) -> tuple[int, int]:
    """Read a whole number (with its parts) or a date word: a hash, and the place behind it."""
    mixed = np.uint64(tokens[place])
    is_number = tokens[place] & _CLASS_MASK == _NUMBER or tokens[place] & _CLASS_MASK == _PART
    place += 1
    while is_number and place < end and tokens[place] & _CLASS_MASK == _PART:
        mixed = mixed * _LENGTH + np.uint64(tokens[place])
        place += 1
    return mixed, place


@part
def _nth_item(tokens: TokenArray, place: int, end: int, kind: int, rank: int) -> tuple[bool, int]:
    """Find the item of one class that has `rank` items of its class before it."""
    while True:
        place = _next_slot(tokens, place, end)
        if place == end:
            return False, np.uint64(0)
        is_kind = tokens[place] & _CLASS_MASK == kind
        mixed, place = _item(tokens, place, end)
        if is_kind:
            if rank == 0:
                return True, mixed
            rank -= 1


@part
def _run_conflicts(tokens: TokenArray, left: tuple[int, int], right: tuple[int, int]) -> int:
    """Count the items of a replaced run whose counterpart of the same class differs."""
    conflicts, place = 0, left[0]
    low, high = np.uint64(0), np.uint64(0)  # counts of sixteen bits: classes 0-3, classes 4-7
    while True:
        place = _next_slot(tokens, place, left[1])
        if place == left[1]:
            return conflicts
        kind = tokens[place] & _CLASS_MASK
        mixed, place = _item(tokens, place, left[1])
        shift = np.uint64(kind & np.uint32(3)) * np.uint64(16)
        is_low = kind < 4
        rank = np.int64((low if is_low else high) >> shift & np.uint64(0xFFFF))
        low += np.uint64(is_low) << shift
        high += np.uint64(not is_low) << shift
        found, other = _nth_item(tokens, right[0], right[1], kind, rank)
        conflicts += np.int64(found and other != mixed)


def count_conflicts(
    tokens: TokenArray,
    starts: OffsetArray,
    ends: OffsetArray,
    lefts: IndexArray,
    rights: IndexArray,
    trace: IndexArray,
    matches: IndexArray,
    conflicts: IndexArray,
    matched: IndexArray,
) -> int:
    """Count, pair by pair, the numbers and dates that stand against another one of their class.

    `matched` gives the tokens matched; -1 where the pair holds the same numbers and dates, which
    is no conflict and not aligned, -2 where there were too many edits. Gives the pairs aligned.
    """
    n_aligned = 0
    for pair in range(len(lefts)):
        left = (starts[lefts[pair]], ends[lefts[pair]])
        right = (starts[rights[pair]], ends[rights[pair]])
        conflicts[pair], matched[pair] = 0, -1
        if _same_slots(tokens, left, right):
            continue
        n_aligned += 1
        if _match(tokens, left, right, trace, matches) < 0:
            matched[pair] = -2
            continue
        total, one, two = 0, left[0], right[0]
        while one < left[1]:
            run = one
            while one < left[1] and matches[one - left[0]] < 0:
                one += 1
            partner = right[0] + matches[one - left[0]] if one < left[1] else right[1]
            if one > run and partner > two:
                conflicts[pair] += _run_conflicts(tokens, (run, one), (two, partner))
            two = partner + 1
            total += np.int64(one < left[1])
            one += 1
        matched[pair] = total
    return n_aligned
