"""Pairs are measured as the single machine measures them, however they come to a task."""

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from dedup.config import (
    DEFAULTS,
    Config,
    ParagraphsConfig,
    ShingleKind,
    ShinglesConfig,
    VerifyConfig,
    Within,
)
from dedup.model import Relation, VerifiedPairs
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.spark.runtime import blocks
from dedup.spark.runtime.schemas import VERIFIED, arrow_schema
from dedup.spark.stages.verifying import MEASURED, measure_batches
from tests.spark.single_machine import list_pairs

WORDS = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "inlet", "jetty"]
# One pair of each kind: edited, with other numbers, one inside the other, copied, and none.
TEXTS = [
    "The council bought 14 boats in 1931 and sold them again to the harbour of the next town.",
    "The council bought 14 boats in 1931 and sold them again to the harbour of the next village.",
    "The council bought 25 boats in 1931 and sold them again to the harbour of the next town.",
    (
        "Bought by the council: 14 boats in 1931 and sold them again to the harbour of the next "
        "town where four families of fishermen mended them through the winter, at no cost."
    ),
    "THE COUNCIL bought 14 boats in 1931 and sold them again to the harbour of the next town.",
    "Nothing of this says anything of what the others say, and it is long enough to be compared.",
]


def run_single(texts: list[str], config: Config) -> Report:
    """Compare all pairs on one machine; each text is a document of one paragraph."""
    records = [{"id": number, "text": text} for number, text in enumerate(texts)]
    unit = replace(config.paragraphs, unit="record")
    return find_duplicates(records, replace(config, paragraphs=unit))


def join_texts(texts: list[str], documents: list[int], pairs: list[tuple[int, int]]) -> pa.Table:
    """Lay pairs out with the texts of both sides, as Spark has joined them."""
    columns: dict[str, list[Any]] = {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
    for name, rows in (("left", columns["a"]), ("right", columns["b"])):
        columns[f"{name}_text"] = [texts[row] for row in rows]
        columns[f"{name}_rank"] = [-float(row) for row in rows]
        columns[f"{name}_document"] = [documents[row] for row in rows]
    return pa.table(columns)


def measure(table: pa.Table, config: Config) -> list[dict[str, Any]]:
    """Measure pairs as a task does."""
    batches = list(measure_batches(table.to_batches(max_chunksize=4), config))
    measured = pa.Table.from_batches(batches, arrow_schema(MEASURED))
    return sorted(measured.to_pylist(), key=lambda row: (row["a"], row["b"]))


def list_expected(report: Report) -> list[dict[str, Any]]:
    """Give the pairs that the single machine verified."""
    table = pa.table(list_pairs(report), schema=arrow_schema(VERIFIED))
    return sorted(table.to_pylist(), key=lambda row: (row["a"], row["b"]))


@pytest.mark.parametrize("kind", ["word", "char"])
@pytest.mark.parametrize("rows_at_once", [2, 100])
def test_pairs_are_measured_as_on_one_machine(
    kind: ShingleKind, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Copies are collapsed before, unless only pairs across documents are wanted.
    config = replace(
        DEFAULTS,
        shingles=ShinglesConfig(kind=kind, size=3),
        paragraphs=ParagraphsConfig(within="corpus"),
    )
    monkeypatch.setattr(blocks, "_BLOCK_ROWS", rows_at_once)
    numbers = list(range(len(TEXTS)))
    pairs = list(combinations(numbers, 2))
    Random(1).shuffle(pairs)  # noqa: S311 -- no secret

    measured = measure(join_texts(TEXTS, numbers, pairs), config)

    expected = list_expected(run_single(TEXTS, config))
    kept = {name for name in expected[0] if name != "unaligned"}
    near = {Relation.NEAR_DUPLICATE, Relation.VARIANT}  # contained ones the report has dropped
    assert [{name: row[name] for name in kept} for row in measured if row["relation"] in near] == [
        {name: row[name] for name in kept} for row in expected if row["relation"] in near
    ]
    assert {row["relation"] for row in measured} == {*near, Relation.CONTAINED}
    assert [(row["left_rank"], row["right_rank"]) for row in measured] == [
        (-float(row["a"]), -float(row["b"])) for row in measured
    ]
    assert [(row["a"], row["b"]) for row in measured if row["is_identical"]] == [(0, 4)]


@pytest.mark.parametrize(
    ("within", "wanted"), [("document", {(0, 1)}), ("corpus", {(0, 4), (1, 4)})]
)
def test_only_the_pairs_that_are_asked_for_are_kept(
    within: Within, wanted: set[tuple[int, int]]
) -> None:
    config = replace(DEFAULTS, paragraphs=ParagraphsConfig(within=within))
    table = join_texts(TEXTS, [5, 5, 6, 6, 7, 7], [(0, 1), (0, 4), (1, 4), (0, 5)])

    assert {(row["a"], row["b"]) for row in measure(table, config)} == wanted


def test_a_pair_that_cannot_be_aligned_is_told() -> None:
    words = Random(2).choices(WORDS, k=300)  # noqa: S311 -- no secret
    edited = [word if number % 15 else str(number) for number, word in enumerate(words)]
    texts = [" ".join(words), " ".join(edited), *TEXTS[:2]]
    config = replace(DEFAULTS, verify=VerifyConfig(max_edits=8))

    measured = measure(join_texts(texts, [0, 1, 2, 3], [(0, 1), (2, 3)]), config)

    assert [row["unaligned"] for row in measured] == [True, False]
    assert run_single(texts, config).counts.n_unaligned == 1


def test_no_pairs_make_no_rows() -> None:
    table = join_texts(TEXTS, [0] * 6, [(0, 1)]).slice(1)

    assert measure(table, DEFAULTS) == []
    assert len(VerifiedPairs.__slots__) == len(arrow_schema(VERIFIED).names)
