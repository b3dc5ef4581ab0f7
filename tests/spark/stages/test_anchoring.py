"""Pairs that share anchors, on Spark, against the single machine."""

from typing import TYPE_CHECKING

import pytest

from dedup.config import Config, RestatementConfig, RunConfig
from dedup.spark.runtime.schemas import COLLAPSED, GROUPING, VERIFIED
from dedup.spark.stages.anchoring import find_anchored
from dedup.spark.stages.keeping import find_kept
from tests.spark.conftest import MakeJob
from tests.spark.single_machine import number_paragraphs
from tests.spark.stages_alone import list_rows, open_stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def test_pairs_are_those_of_one_machine_without_the_verified_ones(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")

    made = [tuple(row) for row in stages.anchored.collect()]

    ids = number_paragraphs(stages.alone.report.corpus).tolist()
    expected = {tuple(sorted((ids[a], ids[b]))) for a, b in stages.alone.anchored}
    known = {tuple(sorted((row.a, row.b))) for row in stages.verified.collect()}
    assert len(made) == len({*made})
    assert {*made} == expected - known
    assert len(expected - known) > 20
    assert len(expected & known) > 10


def test_of_few_paragraphs_all_pairs_are_given(job: MakeJob) -> None:
    config = Config(restatement=RestatementConfig(all_pairs_up_to=3))
    made = job([{"text": "one"}], config)
    tables = make_tables(made.spark, kept=[3, 4 << 40, 9], known=[(9, 3)])

    kept = find_kept(made, *tables[:3])
    found = find_anchored(made, tables[0], kept, tables[3])

    assert list_rows(found) == [(3, 4 << 40), (9, 4 << 40)]


def test_no_rule_asks_and_nothing_is_looked_at(job: MakeJob) -> None:
    made = job([{"text": "one"}], Config(run=RunConfig(rules=("DUP001", "DUP005"))))
    tables = make_tables(made.spark, kept=[3, 9], known=[])

    found = find_anchored(made, tables[0], find_kept(made, *tables[:3]), tables[3])

    assert list_rows(found) == []


def make_tables(
    spark: "SparkSession", kept: list[int], known: list[tuple[int, int]]
) -> "tuple[DataFrame, DataFrame, DataFrame, DataFrame]":
    """Give paragraphs with one copy, one member of a group and one that is too short besides."""
    copy, member, short = 20, 21, 22
    columns = "id bigint, n_words int, language smallint, text string"
    rows = [(number, 9, 0, "words") for number in [*kept, copy, member]]
    paragraphs = spark.createDataFrame([*rows, (short, 2, 0, "two words")], columns)
    long_enough = [(number, number) for number in [*kept, member]]
    collapsed = spark.createDataFrame([*long_enough, (copy, kept[0])], COLLAPSED)
    joined = [
        (copy, kept[0], 1, 1.0, 1.0),
        (member, kept[0], 2, 0.7, 0.7),
        (kept[0], kept[0], 0, 1.0, 1.0),
    ]
    verified = [(a, b, 0.7, 0.7, 0.7, 0, 2, False) for a, b in known]
    return (
        paragraphs,
        collapsed,
        spark.createDataFrame(joined, GROUPING),
        spark.createDataFrame(verified, VERIFIED),
    )
