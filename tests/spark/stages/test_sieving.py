"""Candidates that sketches rule out are dropped, and never one that would be verified."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import DEFAULTS, Config, ParagraphsConfig, ShingleKind, ShinglesConfig
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.stages import sieving
from dedup.spark.stages.sieving import sift, sift_pairs, sketch_texts
from dedup.spark.stages.signing import sign
from tests.spark.stages.test_verifying import TEXTS, join_texts, measure

MakeJob: TypeAlias = Callable[..., Job]
WORDS = st.sampled_from(["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath"])
LONG = st.lists(WORDS, min_size=8, max_size=30).map(" ".join)


def sieve(texts: list[str], config: Config) -> set[tuple[int, int]]:
    """Sift all pairs of texts as tasks do: sketch, join, look."""
    table = pa.table({"id": pa.array(range(len(texts)), pa.int64()), "text": texts})
    batches = sketch_texts(table.to_batches(max_chunksize=3), config)
    rows = [row for batch in batches for row in batch.to_pylist()]
    sketches = {row["id"]: row["sketch"] for row in rows}
    pairs = list(combinations(range(len(texts)), 2))
    joined = pa.table(
        {
            "a": [a for a, _ in pairs],
            "b": [b for _, b in pairs],
            "sketch_a": pa.array([sketches[a] for a, _ in pairs], pa.binary()),
            "sketch_b": pa.array([sketches[b] for _, b in pairs], pa.binary()),
        }
    )
    kept = [
        row
        for part in sift_pairs(joined.to_batches(max_chunksize=4), config)
        for row in part.to_pylist()
    ]
    return {(row["a"], row["b"]) for row in kept}


@given(st.lists(LONG, min_size=2, max_size=5), st.sampled_from(["word", "char"]))
def test_no_pair_that_would_be_verified_is_dropped(texts: list[str], kind: ShingleKind) -> None:
    config = replace(DEFAULTS, shingles=ShinglesConfig(kind=kind))
    numbers = list(range(len(texts)))

    kept = sieve(texts, config)

    measured = measure(join_texts(texts, numbers, list(combinations(numbers, 2))), config)
    assert {(row["a"], row["b"]) for row in measured} <= kept


def test_pairs_that_share_little_are_dropped() -> None:
    kept = sieve(TEXTS, DEFAULTS)

    assert {(number, 5) for number in range(5)}.isdisjoint(kept)
    assert {(0, 1), (0, 4)} <= kept


def test_candidates_are_sifted_where_they_are_many(
    job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(DEFAULTS, paragraphs=ParagraphsConfig(unit="record"))
    made = job([{"id": number, "text": text} for number, text in enumerate(TEXTS)], config)
    paragraphs = sign(made, read_inputs(made).documents)
    pairs = [(a, b, False) for a, b in combinations(range(len(TEXTS)), 2)]
    candidates = made.spark.createDataFrame(pairs, "a bigint, b bigint, is_beyond boolean")

    sifted = sift(made, paragraphs, candidates)
    found = {(row.a, row.b) for row in sifted.collect()}
    monkeypatch.setattr(sieving, "_PAYS_FROM", 100.0)
    untouched = sift(made, paragraphs, candidates)

    assert found == sieve(TEXTS, config)
    assert sifted.columns == untouched.columns == ["a", "b"]
    assert untouched.count() == len(pairs)
    assert [cost.name for cost in made.checkpoints.costs][-1] == "sift"
