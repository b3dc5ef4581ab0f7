"""Pairs are those that the single machine proposes, whatever the slices, parts and tasks."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.bands import find_candidates
from dedup.config import DEFAULTS, BandsConfig, CanonicalConfig, Config
from dedup.kernels import load_engine
from dedup.spark.stages import pairing
from dedup.spark.stages.pairing import keep_distinct, pack_entries, pair_slices

N_BANDS = 3
RANKED = CanonicalConfig("longest")
Signed = tuple[float, int, list[int]]  # rank, id, keys


def make_config(canonical: CanonicalConfig) -> Config:
    """Settings under which few members make a bucket full."""
    bands = BandsConfig(full_bucket=3, few_in_bucket=2)
    return replace(DEFAULTS, bands=bands, canonical=canonical)


@st.composite
def signed(draw: st.DrawFn) -> list[Signed]:
    """Draw paragraphs with band keys of which many are equal."""
    keys = st.sampled_from([0, 1, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)
    numbers = st.integers(0, 100) | st.integers(1 << 40, (1 << 40) + 50_000)
    rows = draw(st.lists(numbers, unique=True, max_size=40))
    ranks = st.sampled_from([0.0, -2.0, -5.0])
    return [
        (draw(ranks), number, draw(st.lists(keys, min_size=N_BANDS, max_size=N_BANDS)))
        for number in rows
    ]


def as_tasks(rows: list[Signed], n_tasks: int) -> list[list[pa.RecordBatch]]:
    """Deal paragraphs to tasks."""
    tasks = []
    for task in range(n_tasks):
        part = rows[task::n_tasks]
        keys = [np.array(keys, "<u4").tobytes() for _, _, keys in part]
        table = pa.table(
            {
                "id": pa.array([number for _, number, _ in part], pa.int64()),
                "rank": pa.array([rank for rank, _, _ in part], pa.float64()),
                "keys": pa.array(keys, pa.binary()),
            }
        )
        tasks.append(table.to_batches(max_chunksize=5))
    return tasks


def shuffle(batches: list[pa.RecordBatch], n_tasks: int) -> list[list[pa.RecordBatch]]:
    """Deal packed rows to tasks by their part, and sort them by it, as Spark does."""
    if not batches:
        return []
    table = pa.Table.from_batches(batches)
    parts = table["part"].to_numpy()
    dealt = (table.filter(pa.array(parts % n_tasks == task)) for task in range(n_tasks))
    return [part.sort_by("part").to_batches(max_chunksize=3) for part in dealt]


def pair_in_tasks(
    rows: list[Signed], config: Config, shape: tuple[int, int]
) -> list[tuple[int, int, bool]]:
    """Take paragraphs through the kernels, in a few tasks each."""
    n_tasks, n_slices = shape
    bands = N_BANDS, n_slices
    packed = [
        each for task in as_tasks(rows, n_tasks) for each in pack_entries(task, config, bands)
    ]
    pairs = [each for task in shuffle(packed, n_tasks) for each in pair_slices(task, config)]
    kept = [each for task in shuffle(pairs, n_tasks) for each in keep_distinct(task)]
    found = [row for batch in kept for row in batch.to_pylist()]
    return sorted((row["a"], row["b"], row["is_beyond"]) for row in found)


@given(
    signed(),
    st.sampled_from([CanonicalConfig(), RANKED]),
    st.sampled_from([(1, 1), (2, 4), (3, 16)]),
)
def test_pairs_are_those_of_the_single_machine(
    rows: list[Signed], canonical: CanonicalConfig, shape: tuple[int, int]
) -> None:
    config = make_config(canonical)
    is_ranked = canonical.policy != "first"
    ordered = sorted(rows, key=lambda row: row[:2] if is_ranked else row[1:2])
    keys = np.array([keys for _, _, keys in ordered], np.uint32).reshape(-1, N_BANDS)

    found = pair_in_tasks(rows, config, shape)

    columns = np.ascontiguousarray(keys.T)
    expected = find_candidates(columns, config.bands, load_engine("numpy"))
    sides = [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in expected.pairs.tolist()]
    assert [pair[:2] for pair in found] == sorted((ordered[a][1], ordered[b][1]) for a, b in sides)
    beyond = [(a, b) for a, b, is_beyond in found if is_beyond]
    places = {number: place for place, (_, number, _) in enumerate(ordered)}
    heads: dict[int, int] = {}
    for a, b in beyond:
        heads[b] = min(heads.get(b, len(places)), places[a])
    assert len(heads) == expected.n_beyond
    assert len(set(heads.values())) == expected.n_templates


@given(signed())
def test_pairs_that_are_given_away_early_are_kept_once_all_the_same(rows: list[Signed]) -> None:
    config = make_config(CanonicalConfig())
    whole = pair_in_tasks(rows, config, (2, 4))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pairing, "_PAIRS_AT_ONCE", 2)
        patched.setattr(pairing, "_ROWS_AT_ONCE", 3)

        assert pair_in_tasks(rows, config, (2, 4)) == whole
