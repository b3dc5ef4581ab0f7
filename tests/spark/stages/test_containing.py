"""Contained pairs on Spark, and all pairs that a report holds, against the single machine."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dedup.config import BandsConfig, Config, RestatementConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.schemas import CONTAINED, GROUPING
from dedup.spark.stages.anchoring import find_anchored
from dedup.spark.stages.collapsing import collapse
from dedup.spark.stages.containing import list_pairs
from dedup.spark.stages.keeping import find_kept
from dedup.spark.stages.measuring import measure_anchored
from dedup.spark.stages.pairing import pair
from dedup.spark.stages.signing import sign
from tests.spark.conftest import MakeJob
from tests.spark.single_machine import lay_out
from tests.spark.stages_alone import list_rows, open_stages

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.job import Job

# No number of paragraphs is so small that all pairs are compared.
BY_PROPOSALS = Config(
    bands=BandsConfig(all_pairs_up_to=0), restatement=RestatementConfig(all_pairs_up_to=0)
)


def write_short_in_long() -> list[str]:
    """Give a paragraph of 400 words, 20 neighbouring words of it, and two that share nothing."""
    random = Random(7)  # noqa: S311 -- nothing is secret here
    syllables = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo")
    words = ["".join(random.choices(syllables, k=4)) for _ in range(1000)]
    return [" ".join(words[begin:end]) for begin, end in ((0, 400), (200, 220), (400, 700))] + [
        " ".join(words[700:])
    ]


def share_bands(one: bytes, other: bytes) -> bool:
    """Say whether two paragraphs share a bucket: a key in the same band."""
    keys = [np.frombuffer(packed, np.uint32) for packed in (one, other)]
    return bool((keys[0] == keys[1]).any())


def list_contained_pairs(job: "Job") -> tuple[list[bytes], list[tuple[object, ...]]]:
    """Give the band keys of all paragraphs, and the pairs that a report holds of these.

    Bands must propose none; so none are verified, and every paragraph is kept.
    """
    paragraphs = sign(job, read_inputs(job).documents)
    collapsed = collapse(job, paragraphs)
    assert pair(job, paragraphs, collapsed).isEmpty()
    verified = job.spark.createDataFrame([], CONTAINED)
    kept = find_kept(job, paragraphs, collapsed, job.spark.createDataFrame([], GROUPING))
    anchored = find_anchored(job, paragraphs, kept, verified)
    measured = measure_anchored(job, paragraphs, kept, anchored)
    keys = [bytes(row.keys) for row in paragraphs.select("keys", "id").orderBy("id").collect()]
    return keys, list_rows(list_pairs(verified, kept, measured))


def test_what_no_band_proposes_is_found_by_anchors(job: MakeJob, tmp_path: Path) -> None:
    made = job([{"text": text} for text in write_short_in_long()], BY_PROPOSALS)
    report = find_duplicates([tmp_path / "corpus.jsonl"], BY_PROPOSALS)

    keys, pairs = list_contained_pairs(made)

    assert share_bands(keys[0], keys[0])
    assert not share_bands(keys[0], keys[1])
    assert pairs == [tuple(row.values()) for row in lay_out(report)["pairs"].to_pylist()]
    assert [(*row[:2], row[6]) for row in pairs] == [(0, 1, Relation.CONTAINED)]


@pytest.mark.parametrize("name", ["default", "across"])
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
