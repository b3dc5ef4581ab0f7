"""Entries of a slice are paired by the bucket rule, in whatever order and however many come."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import BandsConfig
from dedup.kernels import load_engine
from dedup.spark.stages import buckets
from dedup.spark.stages.buckets import Slice

RULES = [BandsConfig(full_bucket=3, few_in_bucket=2), BandsConfig(full_bucket=5, few_in_bucket=5)]
Entry = tuple[int, float, int]  # key, rank, id
Pair = tuple[int, int, bool]


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Draw entries of few keys and ranks, so that buckets grow and ranks tie."""
    ids = draw(st.lists(st.integers(0, 1 << 50), unique=True, max_size=60))
    keys = st.integers(0, 3) | st.integers(0, 2**32 - 1)
    ranks = st.sampled_from([0.0, -3.0, 2.5, float("inf")])
    return [(draw(keys), draw(ranks), number) for number in ids]


def pair_by_oracle(entries: list[Entry], config: BandsConfig) -> list[Pair]:
    """Pair as the engine that says what pairing means does, over rows in canonical order."""
    ordered = sorted(entries, key=lambda entry: entry[1:])
    keys = np.array([key for key, _, _ in ordered], np.uint32)
    engine = load_engine("numpy")
    pairs, beyond = engine.pair_buckets(keys, config.full_bucket, config.few_in_bucket)
    sides = ((int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs.tolist())
    return sorted((ordered[a][2], ordered[b][2], int(beyond[b]) == a) for a, b in sides)


def pair_in_pieces(entries: list[Entry], cuts: list[int], config: BandsConfig) -> list[Pair]:
    """Hand entries over piece by piece."""
    whole = Slice(config)
    bounds = sorted({0, len(entries), *(cut % (len(entries) + 1) for cut in cuts)})
    for begin, end in pairwise(bounds):
        keys, ranks, ids = zip(*entries[begin:end], strict=True)
        whole.add(np.array(keys, np.uint32), np.array(ids, np.int64), np.array(ranks, np.float64))
    return sorted(
        pair
        for pairs in whole.pair()
        for pair in zip(pairs.a.tolist(), pairs.b.tolist(), pairs.is_beyond.tolist(), strict=True)
    )


@given(entries(), st.lists(st.integers(0, 100), max_size=6), st.sampled_from(RULES))
def test_pairs_are_those_of_the_bucket_rule(
    entries: list[Entry], cuts: list[int], config: BandsConfig
) -> None:
    assert pair_in_pieces(entries, cuts, config) == pair_by_oracle(entries, config)


@given(entries(), st.lists(st.integers(0, 100), max_size=20), st.sampled_from(RULES))
def test_putting_members_aside_changes_no_pair(
    entries: list[Entry], cuts: list[int], config: BandsConfig
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(buckets, "_GATHERED", 4)
        patched.setattr(buckets, "_IN_MEMORY", 20)
        patched.setattr(buckets, "_PAIRS_AT_ONCE", 7)

        assert pair_in_pieces(entries, cuts, config) == pair_by_oracle(entries, config)


def test_a_slice_without_entries_has_no_pair() -> None:
    assert list(Slice(BandsConfig()).pair()) == []


def test_what_is_put_aside_goes_to_sparks_own_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "_IN_MEMORY", 1)
    monkeypatch.setenv("SPARK_LOCAL_DIRS", f"{tmp_path / 'missing'},/tmp")
    ids = np.arange(10)
    entries = Slice(RULES[0])
    entries.add(np.zeros(10, np.uint32), ids, np.zeros(10))

    with pytest.raises(FileNotFoundError, match="missing"):
        list(entries.pair())
