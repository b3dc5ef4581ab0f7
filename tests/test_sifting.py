"""Sketches rule out no pair that measuring would keep, whatever the sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Config, RunConfig, VerifyConfig
from dedup.kernels import Engine
from dedup.model import ShingleSets, Sketches
from dedup.sifting import choose_width, make_sieve, sift_candidates, sketch_shingle_sets

_SETS = st.lists(st.lists(st.integers(0, 60), max_size=40), min_size=2, max_size=7)
_SPREAD = 0x9E3779B1  # small numbers would all have the bit 0


def pack(lists: list[list[int]]) -> ShingleSets:
    shingles = [number * _SPREAD % 2**32 for numbers in lists for number in numbers]
    ends = np.cumsum([len(numbers) for numbers in lists])
    return ShingleSets(np.array(shingles, np.uint32), ends)


def sift(
    lists: list[list[int]], config: Config, engine: Engine, width: int = 4
) -> list[tuple[int, int]]:
    sketches = Sketches(sketch_shingle_sets(pack(lists), width, engine), width)
    rows = [(left, right) for right in range(len(lists)) for left in range(right)]
    pairs = np.array([left << 32 | right for left, right in rows], np.uint64)
    kept = sift_candidates(pairs, sketches, make_sieve(config), engine)
    return [(pair >> 32, pair & 0xFFFFFFFF) for pair in kept.tolist()]


@given(_SETS, st.sampled_from([4, 8]), st.sampled_from([0.3, 0.6, 1.0]))
def test_no_pair_is_lost_that_reaches_a_threshold(
    engine: Engine, lists: list[list[int]], width: int, threshold: float
) -> None:
    config = Config(verify=VerifyConfig(min_resemblance=threshold))
    kept = sift(lists, config, engine, width)

    for right in range(len(lists)):
        for left in range(right):
            one, other = set(lists[left]), set(lists[right])
            shared, smaller = len(one & other), min(len(one), len(other))
            is_near = shared and shared / len(one | other) >= threshold
            is_held = shared and shared / smaller >= config.verify.min_containment
            assert (left, right) in kept or not (is_near or is_held)


@given(_SETS, st.sampled_from([4, 8, 16]), st.sampled_from([("DUP001", "DUP002"), ("DUP003",)]))
def test_the_engines_keep_the_same_pairs(
    engines: tuple[Engine, Engine], lists: list[list[int]], width: int, rules: tuple[str, ...]
) -> None:
    config = Config(run=RunConfig(rules=rules))
    oracle, compiled = (sketch_shingle_sets(pack(lists), width, each) for each in engines)

    assert compiled.tolist() == oracle.tolist()
    assert sift(lists, config, engines[1], width) == sift(lists, config, engines[0], width)


def test_what_shares_little_is_dropped(engine: Engine) -> None:
    lists = [list(range(60)), list(range(50, 110)), list(range(5, 60))]

    assert sift(lists, Config(), engine, width=8) == [(0, 2)]


@pytest.mark.parametrize(
    ("rules", "is_kept"),
    [(("DUP001", "DUP002"), False), (("DUP003",), True), (("DUP004",), True)],
)
def test_containment_counts_where_a_rule_looks_at_it(
    engine: Engine, rules: tuple[str, ...], *, is_kept: bool
) -> None:
    lists = [list(range(10)), list(range(50))]

    found = sift(lists, Config(run=RunConfig(rules=rules)), engine, width=8)

    assert (found == [(0, 1)]) is is_kept


@pytest.mark.parametrize(("mean", "width"), [(20, 8), (80, 16), (800, 32)])
def test_sketches_are_as_wide_as_paragraphs_are_long(mean: int, width: int) -> None:
    assert choose_width(mean * 1000, 1000) == width


def test_a_run_without_rows_has_a_width() -> None:
    assert choose_width(0, 0) == 8
