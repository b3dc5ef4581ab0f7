"""Which paragraphs a restating one says again, counted by hand."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Restatements
from dedup.restatement import nothing_restated
from dedup.sources import SentenceSource, list_sources, rank_sources

Said = tuple[int, int, float]  # paragraph, sentence, share; -1 for nobody
_NOBODY: Said = (-1, -1, 0.0)


def make_columns(rows: list[list[tuple[Said, Said]]]) -> Restatements:
    """Make the columns of paragraphs from the two sources of each of their sentences."""
    sentences = [pair for row in rows for pair in row]
    firsts, seconds = ([pair[side] for pair in sentences] for side in (0, 1))
    return replace(
        nothing_restated(9),
        numbers=np.arange(len(rows), dtype=np.int32),
        ends=np.cumsum([len(row) for row in rows], dtype=np.int64),
        sources=np.array([said[0] for said in firsts], np.int32),
        source_sentences=np.array([said[1] for said in firsts], np.int32),
        seconds=np.array([said[0] for said in seconds], np.int32),
        second_sentences=np.array([said[1] for said in seconds], np.int32),
        shares=np.array([[one[2], two[2]] for one, two in sentences]).reshape(-1, 2),
    )


def say(*shares: tuple[int, float]) -> tuple[SentenceSource, ...]:
    return tuple(
        SentenceSource(place, number, 0, share, is_second=False)
        for place, (number, share) in enumerate(shares)
    )


def test_the_sources_of_each_row_come_in_reading_order() -> None:
    found = make_columns([
        [((4, 1, 0.75), _NOBODY)],
        [((0, 2, 0.5), (1, 0, 0.25)), (_NOBODY, _NOBODY), ((0, 0, 1.0), _NOBODY)],
        [],
    ])  # fmt: skip

    assert list_sources(found, 0) == (SentenceSource(0, 4, 1, 0.75, is_second=False),)
    assert list_sources(found, 1) == (
        SentenceSource(0, 0, 2, 0.5, is_second=False),
        SentenceSource(0, 1, 0, 0.25, is_second=True),
        SentenceSource(2, 0, 0, 1.0, is_second=False),
    )
    assert list_sources(found, 2) == ()


def test_who_holds_most_comes_first() -> None:
    assert rank_sources(say((0, 0.5), (1, 0.5), (0, 0.25), (2, 1.0))) == (2, 0, 1)


def test_where_none_of_many_holds_enough_all_are_named_that_hold_half_of_the_best() -> None:
    many = say(*((number, 0.75) for number in range(8)), (8, 0.25))

    assert rank_sources(many) == tuple(range(8))


def test_of_equals_the_earliest_comes_first() -> None:
    assert rank_sources(say((5, 0.5), (3, 0.5), (4, 0.5))) == (3, 4, 5)


def test_a_stray_sentence_makes_no_source() -> None:
    # 0.15 of all that is held is the least: 15 of 100 is enough, 14 is not.
    assert rank_sources(say((0, 0.85), (1, 0.15))) == (0, 1)
    assert rank_sources(say((0, 0.86), (1, 0.14))) == (0,)


def test_nobody_said_nothing() -> None:
    assert rank_sources(()) == ()


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0.125, 0.25, 0.5, 1.0]))))
def test_sources_are_ranked_by_the_sum_of_their_shares(shares: list[tuple[int, float]]) -> None:
    held = {number: sum(s for n, s in shares if n == number) for number, _ in shares}
    enough = {number for number, share in held.items() if share >= 0.15 * sum(held.values())}

    ranked = rank_sources(say(*shares))

    assert set(ranked) == enough
    assert list(ranked) == sorted(sorted(ranked), key=lambda number: -held[number])
