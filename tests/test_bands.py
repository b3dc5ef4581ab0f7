"""Bands against their formula, buckets against a plain reference, recall against signatures."""

from itertools import combinations
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.bands import (
    Bands,
    choose_bands,
    find_candidates,
    make_band_keys,
    scatter_keys,
)
from dedup.config import BandsConfig, SignaturesConfig
from dedup.errors import SettingError
from dedup.kernels import Engine
from dedup.kernels.hashing import make_band_key
from dedup.model import ShingleSets, Signatures
from dedup.signatures import sign_shingle_sets

# Few different keys, so that buckets fill up.
_KEYS: Final = st.integers(1, 4).flatmap(
    lambda n_bands: st.lists(
        st.lists(st.sampled_from([0, 1, 2, 3, 2**32 - 1]), min_size=n_bands, max_size=n_bands),
        max_size=30,
    )
)


def chance(n_bands: int, rows_per_band: int, resemblance: float) -> float:
    """Give the chance to share a band: not to miss all of them."""
    missed = 1.0
    for _ in range(n_bands):
        missed *= 1.0 - resemblance**rows_per_band
    return 1.0 - missed


@given(
    st.integers(16, 256), st.floats(0.3, 1.0), st.sampled_from([0.5, 0.9, 0.99, 0.999, 0.999999])
)
@example(128, 0.6, 0.999)
@example(256, 1.0, 0.999)
def test_bands_have_the_most_rows_that_give_the_recall(
    num_perm: int, threshold: float, recall: float
) -> None:
    fitting = [
        rows
        for rows in range(1, num_perm + 1)
        if chance(num_perm // rows, rows, threshold) >= recall + 1e-12
    ]
    if not fitting:
        return
    bands = choose_bands(num_perm, threshold, BandsConfig(recall=recall))

    assert bands.rows_per_band == max(fitting)
    assert bands.n_bands == num_perm // max(fitting)


@pytest.mark.parametrize(
    ("threshold", "expected", "recall"),
    [(0.6, Bands(42, 3), 0.99996), (0.7, Bands(32, 4), 0.9998)],
)
def test_bands_at_the_thresholds_of_the_design(
    threshold: float, expected: Bands, recall: float
) -> None:
    bands = choose_bands(128, threshold, BandsConfig())

    assert bands == expected
    assert bands.recall(threshold) == pytest.approx(recall, abs=5e-5)


def test_a_threshold_that_no_bands_reach_is_refused() -> None:
    with pytest.raises(SettingError, match=r"with 16 permutations no bands find 99\.9"):
        choose_bands(16, 0.1, BandsConfig())


def test_every_band_is_hashed_from_its_own_rows(engine: Engine) -> None:
    minima = np.arange(2 * 17, dtype=np.uint32)

    keys = make_band_keys(Signatures(minima, 17, 1), Bands(5, 3), engine)

    assert keys.tolist() == [
        [make_band_key(range(begin, begin + 3)) for begin in (band * 3, 17 + band * 3)]
        for band in range(5)
    ]


def test_pairs_at_the_threshold_are_found_as_often_as_the_bands_promise(engine: Engine) -> None:
    # 400 pairs of sets with J = 60 / 100; 16 x 3 bands promise 0.977: 391 of 400, sd 3.
    random = np.random.default_rng(5)
    rows = []
    for _ in range(400):
        shared, left, right = np.split(random.integers(0, 2**32, 100, np.uint32), [60, 80])
        rows += [np.concatenate([shared, left]), np.concatenate([shared, right])]
    sets = ShingleSets(np.concatenate(rows), np.cumsum([80] * 800, dtype=np.int64))
    signatures = sign_shingle_sets(sets, SignaturesConfig(num_perm=48), engine)

    keys = make_band_keys(signatures, Bands(16, 3), engine)
    found = set(find_candidates(keys, BandsConfig(), engine).pairs.tolist())

    planted = {2 * pair << 32 | 2 * pair + 1 for pair in range(400)}
    assert 400 * Bands(16, 3).recall(0.6) - 12 <= len(found & planted) <= 400
    assert len(found - planted) <= 5


@given(_KEYS)
def test_candidates_of_small_buckets_are_all_pairs_that_share_a_key(
    engine: Engine, rows: list[list[int]]
) -> None:
    keys = np.array(rows, np.uint32).T.copy() if rows else np.empty((1, 0), np.uint32)

    found = find_candidates(keys, BandsConfig(), engine)

    assert found.pairs.tolist() == [
        i << 32 | j
        for i, j in combinations(range(len(rows)), 2)
        if any(one == two for one, two in zip(rows[i], rows[j], strict=True))
    ]
    assert (found.n_beyond, found.n_templates) == (0, 0)


def pair_by_the_rule(keys: list[int], full: int, few: int) -> tuple[set[int], dict[int, int]]:
    """Pair one band's rows as design section 4 says it; give too who begins a row's full bucket."""
    pairs: set[int] = set()
    heads: dict[int, int] = {}
    for key in set(keys):
        bucket = [row for row, other in enumerate(keys) if other == key]
        for place, row in enumerate(bucket):
            earlier = bucket[:place] if place < full else bucket[:few]
            pairs |= {member << 32 | row for member in earlier}
        heads |= dict.fromkeys(bucket[full:], bucket[0])
    return pairs, heads


@settings(max_examples=100)
@given(_KEYS, st.integers(2, 6), st.integers(1, 3))
def test_full_buckets_are_paired_by_the_bucket_rule(
    engine: Engine, rows: list[list[int]], full: int, few: int
) -> None:
    few = min(few, full)
    keys = np.array(rows, np.uint32).T.copy() if rows else np.empty((1, 0), np.uint32)
    expected = [pair_by_the_rule(band.tolist(), full, few) for band in keys]

    found = find_candidates(keys, BandsConfig(full_bucket=full, few_in_bucket=few), engine)

    assert found.pairs.tolist() == sorted(set().union(*(pairs for pairs, _ in expected)))
    heads: dict[int, int] = {}  # a row beyond in several bands counts once, for its first head
    for _, of_band in expected:
        heads |= {row: min(head, heads.get(row, head)) for row, head in of_band.items()}
    assert (found.n_beyond, found.n_templates) == (len(heads), len(set(heads.values())))


def test_a_huge_bucket_costs_a_few_pairs_a_member(engine: Engine) -> None:
    n = 5_000

    found = find_candidates(np.zeros((1, n), np.uint32), BandsConfig(), engine)

    assert len(found.pairs) == 64 * 63 // 2 + 8 * (n - 64)
    assert (found.n_beyond, found.n_templates) == (n - 64, 1)


def test_a_pair_found_by_several_bands_is_one_candidate(engine: Engine) -> None:
    keys = np.array([[7, 7], [7, 7], [1, 2]], np.uint32)

    assert find_candidates(keys, BandsConfig(), engine).pairs.tolist() == [1]


def test_keys_of_different_documents_are_scattered() -> None:
    keys = np.array([[5, 5, 5, 5]] * 2, np.uint32)

    scattered = scatter_keys(keys, np.array([0, 0, 1, 2], np.uint64))

    for band in scattered.tolist():
        assert band[0] == band[1]
        assert len(set(band)) == 3
