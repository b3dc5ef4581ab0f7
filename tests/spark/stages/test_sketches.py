"""Sketches of any width can be compared, and what they rule out is out of reach."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels.constants import SHARE_SCALE
from dedup.model import ShingleSets
from dedup.sifting import Sieve
from dedup.spark.stages.sketches import leave_open, sketch_sets

SHINGLES = st.sets(st.integers(0, 300) | st.integers(0, 2**32 - 1), max_size=60)


def pack(sets: list[set[int]]) -> ShingleSets:
    """Lay sets out one behind the other."""
    ends = np.cumsum([len(each) for each in sets], dtype=np.int64)
    return ShingleSets(np.array([s for each in sets for s in sorted(each)], np.uint32), ends)


def find_open(sets: list[set[int]], sieve: Sieve) -> dict[tuple[int, int], bool]:
    """Tell of all pairs whether they may reach a threshold."""
    pairs = list(combinations(range(len(sets)), 2))
    sketches = sketch_sets(pack(sets))
    lefts, rights = (
        sketches.take(pa.array([pair[side] for pair in pairs], pa.int64())) for side in (0, 1)
    )
    return dict(zip(pairs, leave_open(lefts, rights, sieve).tolist(), strict=True))


@given(st.lists(SHINGLES, min_size=2, max_size=6), st.sampled_from([0.3, 0.6, 1.0]))
def test_no_pair_within_reach_is_ruled_out(sets: list[set[int]], least: float) -> None:
    scaled = int(least * SHARE_SCALE)
    by_resemblance = find_open(sets, Sieve(scaled, 0))
    by_containment = find_open(sets, Sieve(SHARE_SCALE, scaled))

    for (one, other), is_open in by_resemblance.items():
        shared, united = len(sets[one] & sets[other]), len(sets[one] | sets[other])
        assert is_open or shared < least * united
        smaller = min(len(sets[one]), len(sets[other]))
        assert by_containment[one, other] or shared < least * smaller


def draw_sets(sizes: tuple[int, ...]) -> list[set[int]]:
    """Draw sets that share nothing."""
    values = iter(np.random.default_rng(4).choice(2**32, sum(sizes), replace=False).tolist())
    return [{next(values) for _ in range(size)} for size in sizes]


def test_sets_that_share_nothing_are_told_apart_whatever_their_sizes() -> None:
    sizes = (10, 40, 45, 160, 640, 700, 2500)

    assert not any(find_open(draw_sets(sizes), Sieve(int(0.6 * SHARE_SCALE), 0)).values())


def test_a_set_is_told_not_to_be_held_by_one_half_as_large_again() -> None:
    sizes = (20, 30, 45, 67, 100)
    are_open = find_open(draw_sets(sizes), Sieve(SHARE_SCALE, int(0.8 * SHARE_SCALE)))

    assert not any(are_open[number, number + 1] for number in range(len(sizes) - 1))


@pytest.mark.parametrize(
    ("size", "most_bytes"), [(5, 8), (10, 8), (80, 36), (500, 260), (9000, 1028)]
)
def test_a_sketch_is_as_wide_as_its_set_asks_for(size: int, most_bytes: int) -> None:
    (sketch,) = sketch_sets(pack([set(range(size))])).to_pylist()

    assert len(sketch) <= most_bytes
    assert int.from_bytes(sketch[:4], "little") == size


def test_there_may_be_no_pairs() -> None:
    none = pa.array([], pa.binary())

    assert leave_open(none, none, Sieve(1, 1)).tolist() == []
