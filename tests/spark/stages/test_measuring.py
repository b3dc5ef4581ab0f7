"""Pairs of texts, measured in batches, against the single machine that compares all with all."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import pyarrow as pa
import pytest

from dedup.config import (
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    ReadersConfig,
    RestatementConfig,
    RunConfig,
)
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.spark.runtime import blocks
from dedup.spark.stages.measuring import measure_pairs
from dedup.spark.stages.rewording import judge_edges
from dedup.spark.stages.rounds import group_edges
from tests.spark.equality.corpus import write_records
from tests.spark.single_machine import lay_out

Row = dict[str, Any]
Tables = dict[str, list[Row]]
N_DOCUMENTS = 24
COLUMNS = ("id", "document", "rank", "n_places", "language", "kind", "text")
MEASURES = ("a", "b", "resemblance", "left_containment", "right_containment")
ALL_PAIRS = RestatementConfig(all_pairs_up_to=2000)  # no anchors: every pair is a candidate
RULES = RunConfig(jobs=1, rules=("DUP001", "DUP002", "DUP003", "DUP004"))
DATED = ReadersConfig(date_field="date")
CONFIGS = {
    "default": Config(run=RULES, restatement=ALL_PAIRS),
    "newest": Config(
        run=RULES, restatement=ALL_PAIRS, canonical=CanonicalConfig("newest"), readers=DATED
    ),
    "strict": Config(run=RULES, restatement=RestatementConfig(strict=True, all_pairs_up_to=2000)),
    "sensitive": Config(
        run=RULES, restatement=RestatementConfig(sensitive=True, all_pairs_up_to=2000)
    ),
    "across": Config(
        run=RULES, restatement=ALL_PAIRS, paragraphs=ParagraphsConfig(within="corpus")
    ),
    "within": Config(
        run=RULES, restatement=ALL_PAIRS, paragraphs=ParagraphsConfig(within="document")
    ),
    "with restated": Config(
        run=RunConfig(jobs=1, rules=("DUP001", "DUP004", "DUP005")),
        restatement=ALL_PAIRS,
    ),
}


@cache
def compare_alone(name: str) -> Tables:
    """Give the tables of the single machine's run."""
    report = find_duplicates(write_records(N_DOCUMENTS), CONFIGS[name])
    return {name: table.to_pylist() for name, table in lay_out(report).items()}


def make_pairs(tables: Tables, known: set[tuple[int, int]]) -> Iterator[pa.RecordBatch]:
    """Give all pairs of kept paragraphs that are not known, 50 a batch, as a join gives them."""
    dropped = {row["id"] for row in tables["grouping"] if row["id"] != row["canonical"]}
    rows = {row["id"]: row for row in tables["paragraphs"]}
    firsts = [row["id"] for row in tables["collapsed"] if row["id"] == row["representative"]]
    kept = [rows[number] for number in firsts if number not in dropped]
    pairs = [
        {
            f"{side}_{name}": row[name]
            for side, row in zip("ab", both, strict=True)
            for name in COLUMNS
        }
        for both in combinations(kept, 2)
        if (both[0]["id"], both[1]["id"]) not in known
    ]
    numbers = pa.int64()
    kinds = (numbers, numbers, pa.float64(), pa.int32(), pa.int16(), pa.int16(), pa.string())
    schema = pa.schema(
        [
            (f"{side}_{name}", kind)
            for side in "ab"
            for name, kind in zip(COLUMNS, kinds, strict=True)
        ]
    )
    return iter(pa.Table.from_pylist(pairs, schema).to_batches(50))


@cache
def measure(name: str) -> list[Row]:
    """Measure all pairs that no other relation joins, contained ones too where those are sought."""
    tables, is_sought = compare_alone(name), "DUP003" in CONFIGS[name].run.rules
    known = {
        tuple(sorted((row["a"], row["b"])))
        for row in tables["pairs"]
        if row["relation"] != Relation.CONTAINED or not is_sought
    }
    found = measure_pairs(make_pairs(tables, known), CONFIGS[name])
    return [row for batch in found for row in batch.to_pylist()]


@pytest.mark.parametrize("name", ["default", "newest", "strict", "across"])
def test_contained_pairs_are_those_of_one_machine(name: str) -> None:
    found = [row for row in measure(name) if row["relation"] == Relation.CONTAINED]

    expected = [
        row for row in compare_alone(name)["pairs"] if row["relation"] == Relation.CONTAINED
    ]
    assert sorted(tuple(row[each] for each in MEASURES) for row in found) == sorted(
        tuple(row[each] for each in MEASURES) for row in expected
    )
    assert len(expected) > 0
    assert not any(row["unaligned"] for row in found)


@pytest.mark.parametrize("name", CONFIGS)
def test_rewritten_paragraphs_are_those_of_one_machine(name: str) -> None:
    measured = [row for row in measure(name) if row["said"] is not None]
    edges = pa.Table.from_pylist([{**row, "is_reference": False} for row in measured])

    judged = [
        row
        for batch in judge_edges(iter(edges.to_batches(7)), CONFIGS[name])
        for row in batch.to_pylist()
    ]
    scored = [
        {**row, "resemblance": row["score"], "right_containment": 0.0, "is_identical": False}
        for row in judged
    ]
    members = [
        (row["canonical"], row["id"])
        for batch in group_edges(pa.Table.from_pylist(scored).to_batches(), CONFIGS[name])
        for row in batch.to_pylist()
    ]
    found = [
        (row["b"], row["score"], row["dice"], row["is_near"], row["said"])
        for row in judged
        if (row["a"], row["b"]) in members
    ]

    names = ("id", "score", "dice", "is_near", "said")
    expected = [
        tuple(row[each] for each in names)
        for row in compare_alone(name)["restatements"]
        if row["relation"] == Relation.REWRITTEN
    ]
    assert sorted(found, key=lambda row: row[0]) == sorted(expected, key=lambda row: row[0])
    assert len(expected) > 3


def test_only_what_may_count_says_who_said_it() -> None:
    scored = [row for row in measure("strict") if row["score"] is not None]

    assert {row["said"] is None for row in scored} == {True, False}
    assert max(row["score"] for row in scored if row["said"] is None) < 0.55


def test_blocks_of_pairs_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = measure("default")
    monkeypatch.setattr(blocks, "_BLOCK_ROWS", 3)
    measure.cache_clear()

    found = measure("default")

    measure.cache_clear()
    assert sorted(found, key=lambda row: (row["a"], row["b"])) == sorted(
        expected, key=lambda row: (row["a"], row["b"])
    )


@pytest.mark.parametrize("side", ["a", "b"])
def test_long_texts_on_either_side_are_measured_a_few_at_a_time(side: str) -> None:
    (first, *_) = make_pairs(compare_alone("default"), set())
    long = [text * (1 + (2 << 20) // len(text)) for text in first[f"{side}_text"].to_pylist()[:4]]
    place = first.schema.get_field_index(f"{side}_text")
    pairs = first.slice(0, 4).set_column(place, f"{side}_text", pa.array(long))

    found = list(measure_pairs(iter([pairs]), CONFIGS["default"]))

    assert len(found) == 2 * 4  # contained ones and others, of each text of 2 MB alone
