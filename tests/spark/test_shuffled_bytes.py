"""No stage shuffles more than it did: bytes decide what a run on a cluster costs."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.spark.shuffled_bytes import load_recorded, measure_shuffled

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

GROWTH = 1.10
SLACK_BYTES = 0.5  # of stages that shuffle next to nothing


def test_no_stage_shuffles_a_tenth_more_than_recorded(
    spark: "SparkSession", tmp_path: Path
) -> None:
    measured, recorded = measure_shuffled(spark, tmp_path), load_recorded()

    grown = {
        name: (recorded[name], size_bytes)
        for name, size_bytes in measured.items()
        if size_bytes > GROWTH * recorded[name] + SLACK_BYTES
    }
    assert measured.keys() == recorded.keys()
    assert not grown
    assert sum(measured.values()) <= GROWTH * sum(recorded.values())
