"""Rows that share anchors, against every pair compared with every other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import Engine, hashing
from dedup.kernels.results import AnchorLimits
from tests.kernels.packing import Engines, Row, pack_rows

_TERMS: Final = st.integers(0, 14).map(lambda n: n * 0x9E3779B1 % 2**32)
ROWS: Final = st.lists(st.lists(st.lists(_TERMS, max_size=16), max_size=4), max_size=9)
Pairs = list[tuple[int, int, int]]


@dataclass(frozen=True)
class Shared:
    """What an engine gave for each block, and the anchors of each row."""

    blocks: list[Pairs]
    sizes: list[int]

    @property
    def pairs(self) -> Pairs:
        return sorted(pair for block in self.blocks for pair in block)


def share(
    engine: Engine,
    rows: list[Row],
    limits: AnchorLimits,
    chosen: Sequence[int] | None = None,
    bounds: Sequence[int] = (),
) -> Shared:
    places = np.array(range(len(rows)) if chosen is None else chosen, np.int64)
    sizes = np.zeros(len(places), np.int32)
    blocks = iter(np.split(places, bounds))

    found = list(engine.share_anchors(pack_rows(rows), blocks, limits, sizes))

    types = {(each.pairs.dtype.name, each.counts.dtype.name) for each in found}
    assert types == {("uint64", "int32")}
    listed = [
        [
            (int(pair) & 0xFFFFFFFF, int(pair) >> 32, int(count))
            for pair, count in zip(each.pairs, each.counts, strict=True)
        ]
        for each in found
    ]
    assert all(later == sorted(later) for later in ([b for _, b, _ in each] for each in listed))
    return Shared(listed, sizes.tolist())


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


def share_by_hand(rows: list[Row], limits: AnchorLimits) -> Shared:
    (least, per_thousand), (which, bits) = limits.least, limits.part
    listed = [
        [pair for pair in thin(row) if hashing.make_anchor(*pair) // 2 ** (32 - bits) == which]
        for row in rows
    ]
    holders = {pair: sum(pair in other for other in listed) for pairs in listed for pair in pairs}
    pairs = []
    for left, right in combinations(range(len(rows)), 2):
        both = set(listed[left]) & set(listed[right])
        count = sum(holders[pair] <= limits.most for pair in both)
        needed = per_thousand / 1000 * min(len(listed[left]), len(listed[right]))
        if count and count >= least and count >= needed - 1e-9:
            pairs.append((left, right, count))
    return Shared([pairs], [len(pairs) for pairs in listed])


LIMITS: Final = st.builds(
    AnchorLimits,
    st.integers(0, 6),
    st.tuples(st.integers(1, 4), st.sampled_from([0, 30, 250, 500, 1000])),
    st.sampled_from([(0, 0), (0, 0), (0, 1), (1, 1), (2, 2), (5, 3)]),
    st.sampled_from([0, 1, 1000]),
)


@settings(max_examples=300)
@given(ROWS, LIMITS)
def test_both_engines_pair_the_rows_that_share_enough_rare_anchors(
    engines: Engines, rows: list[Row], limits: AnchorLimits
) -> None:
    expected = share_by_hand(rows, limits)

    for engine in engines:
        found = share(engine, rows, limits)
        assert (found.pairs, found.sizes) == (expected.pairs, expected.sizes)


ALL: Final = AnchorLimits(3, (1, 0))


@given(ROWS, st.data())
def test_both_engines_pair_some_rows_as_if_there_were_no_others(
    engines: Engines, rows: list[Row], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True)) if rows else []
    expected = share_by_hand([rows[row] for row in chosen], ALL)

    for engine in engines:
        found = share(engine, rows, ALL, chosen)
        assert (found.pairs, found.sizes) == (expected.pairs, expected.sizes)


@given(ROWS, st.lists(st.integers(0, 9), max_size=4).map(sorted))
def test_each_pair_is_given_with_the_block_of_its_later_row(
    engines: Engines, rows: list[Row], bounds: list[int]
) -> None:
    expected = share_by_hand(rows, ALL).pairs
    edges = [0, *(min(bound, len(rows)) for bound in bounds), len(rows)]

    for engine in engines:
        found = share(engine, rows, ALL, bounds=bounds)
        assert [sorted(block) for block in found.blocks] == [
            [pair for pair in expected if begin <= pair[1] < end] for begin, end in pairwise(edges)
        ]


@given(ROWS, st.integers(0, 3))
def test_the_parts_of_all_anchors_add_up_to_the_whole(
    engines: Engines, rows: list[Row], bits: int
) -> None:
    for engine in engines:
        whole = share(engine, rows, ALL)
        parts = [share(engine, rows, replace(ALL, part=(n, bits))) for n in range(2**bits)]
        counts = Counter[tuple[int, int]]()
        for part in parts:
            counts.update({(left, right): count for left, right, count in part.pairs})

        assert sorted((*pair, count) for pair, count in counts.items()) == whole.pairs
        assert [sum(sizes) for sizes in zip(*(p.sizes for p in parts), strict=True)] == whole.sizes


@given(ROWS)
def test_the_anchors_of_each_row_are_added_to_what_the_caller_has(
    engines: Engines, rows: list[Row]
) -> None:
    for engine in engines:
        sizes, blocks = np.full(len(rows), 7, np.int32), [np.arange(len(rows))]
        list(engine.share_anchors(pack_rows(rows), blocks, ALL, sizes))
        assert sizes.tolist() == [size + 7 for size in share_by_hand(rows, ALL).sizes]


def test_an_anchor_is_a_pair_of_terms_in_either_order_at_most_four_apart(engine: Engine) -> None:
    rows: list[Row] = [
        [[8, 16]],
        [[16, 24, 32, 40, 8]],  # four apart, the other way round
        [[16, 24, 32, 40, 48, 8]],  # five apart
        [[8], [16]],  # in two sentences
    ]

    assert share(engine, rows, AnchorLimits(9, (1, 0))).pairs == [(0, 1, 1), (1, 2, 9)]


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

    most, *least = limits
    found = share(engine, rows, AnchorLimits(most, (least[0], least[1])))
    assert found.pairs == [(0, 1, 1)] * is_paired


def test_more_pairs_than_there_was_room_for_are_all_found(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = 60  # 1,770 pairs, where there is room for those of one or two rows at a time
    monkeypatch.setattr("dedup.kernels._numba_terms._PAIRS_AT_ONCE", 1)
    rows: list[Row] = [[[8, 16, 24 + 8 * k]] for k in range(n)]

    for engine in engines:
        found = share(engine, rows, AnchorLimits(n, (1, 0), expected=1), bounds=[7, 20])
        assert found.pairs == [(i, j, 1) for i, j in combinations(range(n), 2)]
        assert found.sizes == [3] * n


def test_many_rows_give_the_same_pairs_in_both_engines(engines: Engines) -> None:
    draw = np.random.default_rng(7)
    rows: list[Row] = [
        [(draw.zipf(1.3, 12) % 5000 * 8).tolist() for _ in range(4)] for _ in range(400)
    ]

    oracle, compiled = (share(engine, rows, AnchorLimits(20, (2, 30))) for engine in engines)

    assert compiled.pairs == oracle.pairs
    assert len(oracle.pairs) > 100


def test_no_rows_give_no_pairs(engine: Engine) -> None:
    assert share(engine, [], ALL).pairs == []
    assert share(engine, [[], [[]], [[8]]], ALL).pairs == []


def test_no_blocks_give_nothing(engine: Engine) -> None:
    nothing = engine.share_anchors(pack_rows([]), [], ALL, np.empty(0, np.int32))

    assert list(nothing) == []


@given(ROWS.filter(bool), st.data())
def test_both_engines_weigh_the_terms_that_pairs_share(
    engines: Engines, rows: list[Row], data: st.DataObject
) -> None:
    one = st.integers(0, len(rows) - 1)
    pairs = data.draw(st.lists(st.tuples(one, one), max_size=12))  # a left may come again
    lefts, rights = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    sets = [{term for sentence in row for term in sentence} for row in rows]

    for engine in engines:
        found = engine.cover_pairs(pack_rows(rows), lefts, rights)
        assert found.left_weights.tolist() == [weigh(sets[a]) for a, _ in pairs]
        assert found.right_weights.tolist() == [weigh(sets[b]) for _, b in pairs]
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
