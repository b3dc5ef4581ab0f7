"""Rows that share anchors, against every pair compared with every other."""

from itertools import combinations
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import Engine, hashing
from dedup.kernels.results import AnchorPairs
from tests.kernels.packing import Engines, Row, pack_rows

_TERMS: Final = st.integers(0, 14).map(lambda n: n * 0x9E3779B1 % 2**32)
ROWS: Final = st.lists(st.lists(st.lists(_TERMS, max_size=16), max_size=4), max_size=9)
Pairs = list[tuple[int, int, int]]


def share(
    engine: Engine, rows: list[Row], limits: tuple[int, int, int], chosen: list[int] | None = None
) -> AnchorPairs:
    most, least, per_thousand = limits
    places = list(range(len(rows))) if chosen is None else chosen
    found = engine.share_anchors(
        pack_rows(rows), np.array(places, np.int64), most, (least, per_thousand)
    )
    columns = (found.lefts, found.rights, found.counts, found.sizes)
    assert {column.dtype for column in columns} == {np.dtype(np.int32)}
    return found


def pairs_of(found: AnchorPairs) -> Pairs:
    columns = (found.lefts.tolist(), found.rights.tolist(), found.counts.tolist())
    return list(zip(*columns, strict=True))


def list_pairs_of_terms(row: Row) -> list[frozenset[int]]:
    """Give the unordered pairs of different terms of a sentence, at most four apart."""
    return [
        frozenset((sentence[i], sentence[j]))
        for sentence in row
        for i, j in combinations(range(len(sentence)), 2)
        if j - i <= 4 and sentence[i] != sentence[j]
    ]


def thin(row: Row) -> list[frozenset[int]]:
    """Leave out of the anchors of a row of 17 terms one in two, of one of 33 three in four."""
    size = sum(map(len, row))
    kept_of = 1 if size <= 16 else 2 if size <= 32 else 4
    return [pair for pair in list_pairs_of_terms(row) if hashing.make_anchor(*pair) % kept_of == 0]


def share_by_hand(rows: list[Row], limits: tuple[int, int, int]) -> tuple[Pairs, list[int]]:
    most, least, per_thousand = limits
    listed = [thin(row) for row in rows]
    holders = {pair: sum(pair in other for other in listed) for pairs in listed for pair in pairs}
    pairs = []
    for left, right in combinations(range(len(rows)), 2):
        both = set(listed[left]) & set(listed[right])
        count = sum(holders[pair] <= most for pair in both)
        needed = per_thousand / 1000 * min(len(listed[left]), len(listed[right]))
        if count and count >= least and count >= needed - 1e-9:
            pairs.append((left, right, count))
    return pairs, [len(pairs) for pairs in listed]


@settings(max_examples=300)
@given(
    ROWS,
    st.tuples(st.integers(0, 6), st.integers(1, 4), st.sampled_from([0, 30, 250, 500, 1000])),
)
def test_both_engines_pair_the_rows_that_share_enough_rare_anchors(
    engines: Engines, rows: list[Row], limits: tuple[int, int, int]
) -> None:
    pairs, sizes = share_by_hand(rows, limits)

    for engine in engines:
        found = share(engine, rows, limits)
        assert pairs_of(found) == pairs
        assert found.sizes.tolist() == sizes


@given(ROWS, st.data())
def test_both_engines_pair_some_rows_as_if_there_were_no_others(
    engines: Engines, rows: list[Row], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True)) if rows else []
    pairs, sizes = share_by_hand([rows[row] for row in chosen], (3, 1, 0))

    for engine in engines:
        found = share(engine, rows, (3, 1, 0), chosen)
        assert pairs_of(found) == pairs
        assert found.sizes.tolist() == sizes


def test_an_anchor_is_a_pair_of_terms_in_either_order_at_most_four_apart(engine: Engine) -> None:
    rows: list[Row] = [
        [[8, 16]],
        [[16, 24, 32, 40, 8]],  # four apart, the other way round
        [[16, 24, 32, 40, 48, 8]],  # five apart
        [[8], [16]],  # in two sentences
    ]

    assert pairs_of(share(engine, rows, (9, 1, 0))) == [(0, 1, 1), (1, 2, 9)]


@pytest.mark.parametrize(
    ("limits", "is_paired"),
    [
        ((2, 1, 0), True),
        ((1, 1, 0), False),  # two rows hold it
        ((2, 2, 0), False),  # they share one
        ((2, 1, 166), True),  # of six
        ((2, 1, 167), False),
    ],
)
def test_a_pair_must_pass_all_three_limits(
    engine: Engine, limits: tuple[int, int, int], *, is_paired: bool
) -> None:
    rows: list[Row] = [
        [[8, 16], [24, 32], [40, 48], [56, 64], [72, 80], [88, 96]],
        [[8, 16], [25, 32], [41, 48], [57, 64], [73, 80], [89, 96]],
    ]

    assert pairs_of(share(engine, rows, limits)) == [(0, 1, 1)] * is_paired


def test_more_pairs_than_there_was_room_for_are_all_found(engines: Engines) -> None:
    n = 60  # 1,770 pairs, where room is made for 256 at first
    rows: list[Row] = [[[8, 16, 24 + 8 * k]] for k in range(n)]

    for engine in engines:
        found = share(engine, rows, (n, 1, 0))
        assert pairs_of(found) == [(i, j, 1) for i, j in combinations(range(n), 2)]


def test_many_rows_give_the_same_pairs_in_both_engines(engines: Engines) -> None:
    draw = np.random.default_rng(7)
    rows: list[Row] = [
        [(draw.zipf(1.3, 12) % 5000 * 8).tolist() for _ in range(4)] for _ in range(400)
    ]

    oracle, compiled = (share(engine, rows, (20, 2, 30)) for engine in engines)

    assert pairs_of(compiled) == pairs_of(oracle)
    assert len(oracle.lefts) > 100


def test_no_rows_give_no_pairs(engine: Engine) -> None:
    assert pairs_of(share(engine, [], (20, 1, 0))) == []
    assert pairs_of(share(engine, [[], [[]], [[8]]], (20, 1, 0))) == []


@given(ROWS.filter(bool), st.data())
def test_both_engines_weigh_the_terms_that_pairs_share(
    engines: Engines, rows: list[Row], data: st.DataObject
) -> None:
    one = st.integers(0, len(rows) - 1)
    pairs = sorted(data.draw(st.lists(st.tuples(one, one), max_size=12)))
    lefts, rights = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    sets = [{term for sentence in row for term in sentence} for row in rows]
    paired = {row for pair in pairs for row in pair}

    for engine in engines:
        found = engine.cover_pairs(pack_rows(rows), lefts, rights)
        assert found.weights.tolist() == [
            weigh(terms) if row in paired else 0 for row, terms in enumerate(sets)
        ]
        assert found.shared.tolist() == [weigh(sets[a] & sets[b]) for a, b in pairs]
        assert found.exchanged.tolist() == [
            min(len(numbers_of(sets[a] - sets[b])), len(numbers_of(sets[b] - sets[a])))
            for a, b in pairs
        ]


def numbers_of(terms: set[int]) -> set[int]:
    return {term for term in terms if term % 2}


def weigh(terms: set[int]) -> int:
    """Weigh a word once and a number double."""
    return len(terms) + len(numbers_of(terms))
