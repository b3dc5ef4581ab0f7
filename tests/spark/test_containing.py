"""Contained pairs on Spark, and all pairs that a report holds, against the single machine."""

from typing import TYPE_CHECKING

import pytest

from dedup.model import Relation
from dedup.spark.containing import list_pairs
from dedup.spark.schemas import CONTAINED
from tests.spark.stages_alone import SETTINGS, list_rows, open_stages

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("name", SETTINGS)
def test_pairs_are_those_of_the_report(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stages = open_stages(spark, tmp_path_factory, name)

    made, expected = stages.compare(stages.pairs, stages.expected["pairs"])

    assert made == expected
    assert sum(Relation.CONTAINED in row for row in expected) > 3


def test_what_is_contained_in_a_dropped_paragraph_is_left_out(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")
    kept = {row.id for row in stages.kept.select(stages.paragraphs, ("id",)).collect()}
    one, other = sorted(kept)[:2]
    dropped = next(row.id for row in stages.collapsed.collect() if row.id not in kept)
    pairs = [(one, other), (one, dropped), (dropped, other)]
    rows = [(a, b, 0.4, 0.9, 0.4, 0, int(Relation.CONTAINED), False) for a, b in pairs]
    near = [(dropped, other, 0.7, 0.7, 0.7, 0, int(Relation.NEAR_DUPLICATE), False)]
    verified = spark.createDataFrame(rows + near, CONTAINED)

    found = list_pairs(verified, stages.kept, None)

    assert sorted(list_rows(found)) == sorted([rows[0], *near])
