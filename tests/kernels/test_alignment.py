"""The plain alignment against the textbook recursion, and what counts as a conflict."""

from functools import cache
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import hashing
from dedup.kernels.alignment import SAME_SLOTS, TOO_FAR, align, count_conflicts
from dedup.kernels.constants import NUMBER, NUMBER_PART

_TOKENS: Final = st.lists(st.integers(1, 4).map(lambda n: n << 3), max_size=9)


def longest_common(left: list[int], right: list[int]) -> int:
    """Give the length of a longest common subsequence by the recursion that defines it."""

    @cache
    def of(i: int, j: int) -> int:
        if i == len(left) or j == len(right):
            return 0
        if left[i] == right[j]:
            return 1 + of(i + 1, j + 1)
        return max(of(i + 1, j), of(i, j + 1))

    return of(0, 0)


@given(_TOKENS, _TOKENS)
@example([], [])
def test_an_alignment_matches_as_many_tokens_as_can_be(left: list[int], right: list[int]) -> None:
    matches = align(left, right, max_edits=18)

    assert matches is not None
    assert sum(partner >= 0 for partner in matches) == longest_common(left, right)


@given(_TOKENS, _TOKENS)
def test_partners_are_equal_and_in_order(left: list[int], right: list[int]) -> None:
    matches = align(left, right, max_edits=18)

    assert matches is not None
    partners = [partner for partner in matches if partner >= 0]
    assert partners == sorted(set(partners))
    assert all(left[i] == right[j] for i, j in enumerate(matches) if j >= 0)


@given(_TOKENS, _TOKENS)
def test_an_alignment_is_given_up_past_the_edits_allowed(left: list[int], right: list[int]) -> None:
    edits = len(left) + len(right) - 2 * longest_common(left, right)

    assert align(left, right, edits) is not None
    assert edits == 0 or align(left, right, edits - 1) is None


def tokens_of(text: str) -> list[int]:
    """Make the tokens of plain words; a number behind `,` or `.` is a part of the one before."""
    tokens: list[int] = []
    for word in text.split():
        for place, part in enumerate(word.replace(".", ",").split(",")):
            token = hashing.make_token(part.encode())
            tokens.append(token + (NUMBER_PART - NUMBER if place else 0))
    return tokens


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # One slot, other facts.
        ("sold 12 boats", "sold 13 boats", 1),
        ("on monday at noon", "on friday at noon", 1),
        ("the first of may", "the second of may", 1),
        ("in q1 sales rose", "in q3 sales rose", 1),
        ("on 3 may and 4 june", "on 5 may and 6 july", 3),
        # A whole number with its parts is one item.
        ("cost 1,234.5 euros", "cost 1,234.6 euros", 1),
        ("cost 1,234.5 euros", "cost 9,876.1 euros", 1),
        # The n-th of a class stands against the n-th of the same class only.
        ("of 3 may 1990 he", "of may 3 1990 he", 0),
        ("sold twelve boats", "sold 13 boats", 0),
        ("on monday he left", "on 12 he left", 0),
        # Not exchanged: added, removed, or moved.
        ("sold 12 boats", "sold boats", 0),
        ("sold boats", "sold 12 boats", 0),
        ("he ran 5 miles", "he swam 5 miles", 0),
        ("", "", 0),
    ],
)
def test_conflicts_are_items_that_stand_against_another_of_their_class(
    left: str, right: str, expected: int
) -> None:
    assert count_conflicts(tokens_of(left), tokens_of(right), 64)[0] == expected
    assert count_conflicts(tokens_of(right), tokens_of(left), 64)[0] == expected


def test_texts_with_the_same_numbers_are_not_aligned() -> None:
    left, right = tokens_of("one in 7 ran"), tokens_of("of those 7 walked far")

    assert count_conflicts(left, right, 64) == (0, SAME_SLOTS)


def test_texts_too_far_apart_pass_without_conflicts() -> None:
    left, right = tokens_of("a b c 1"), tokens_of("d e f 2")

    assert count_conflicts(left, right, 7) == (0, TOO_FAR)
    assert count_conflicts(left, right, 8) == (1, 0)


def test_the_tokens_matched_are_counted() -> None:
    assert count_conflicts(tokens_of("a b 1 c d"), tokens_of("a b 2 c d"), 64) == (1, 4)
