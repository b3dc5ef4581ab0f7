"""Boilerplate on Spark, and what it sets apart, against the single machine."""

from typing import TYPE_CHECKING

import pytest

from dedup.config import Config, ParagraphsConfig, RunConfig
from dedup.model import Relation
from dedup.spark.stages.recurring import find_boilerplate, set_apart
from tests.spark.conftest import MakeJob
from tests.spark.stages_alone import SETTINGS, list_rows, open_stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from dedup.spark.runtime.job import Job


@pytest.mark.parametrize("name", SETTINGS)
def test_texts_that_recur_are_those_of_one_machine(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stages = open_stages(spark, tmp_path_factory, name)

    assert stages.boilerplate is not None
    made, expected = stages.compare(stages.boilerplate, stages.expected["boilerplate"])

    assert made == expected
    assert len(expected) > 1


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_set_apart_is_what_one_machine_sets_apart(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stages = open_stages(spark, tmp_path_factory, name)

    joined = [
        table.where("id != canonical") for table in (stages.grouping, stages.expected["grouping"])
    ]
    made, expected = stages.compare(*joined)

    assert made == expected
    assert sum(Relation.BOILERPLATE in row for row in expected) > 1


def test_the_kept_paragraph_of_a_text_has_a_row_too(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")

    rows = {row.id: row for row in stages.grouping.collect()}

    canonicals = {row.canonical for row in rows.values()}
    assert {rows[head].canonical for head in canonicals} == canonicals
    assert {rows[head].relation for head in canonicals} == {Relation.NONE}


@pytest.mark.parametrize(
    "config",
    [
        Config(run=RunConfig(rules=("DUP001", "DUP002"))),
        Config(paragraphs=ParagraphsConfig(within="document")),
        Config(paragraphs=ParagraphsConfig(unit="record")),
    ],
)
def test_where_none_is_asked_for_nothing_is_looked_at(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, job: MakeJob, config: Config
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")
    other = job([{"text": "one"}], config)

    assert find_boilerplate(other, stages.paragraphs) is None
    assert set_apart(other, stages.paragraphs, stages.grouped, None) is stages.grouped
    assert other.checkpoints.costs == []


def test_too_few_pages_have_no_boilerplate(job: MakeJob) -> None:
    made = job([{"text": "one"}])
    columns = "place int, n_places int"
    pages = made.spark.createDataFrame([(0, 2)] * 9 + [(1, 2)] * 9 + [(0, 1)] * 9, columns)

    assert find_boilerplate(made, pages) is None


def make_pages(job: MakeJob, lows: list[int], n_words: int) -> "tuple[Job, DataFrame]":
    """Give pages of a text of their own, and of one that all have, but for half its fingerprint."""
    made = job([{"text": "one"}])
    rows = [
        (2 * page + place, page, place, 2, 0.0, *text)
        for page, low in enumerate(lows)
        for place, text in enumerate([(n_words, 77, low), (40, 1000 + page, 0)])
    ]
    columns = (
        "id bigint, document bigint, place int, n_places int, rank double, n_words int, "
        "print_high bigint, print_low bigint"
    )
    return made, made.spark.createDataFrame(rows, columns)


@pytest.mark.parametrize(
    ("lows", "n_words", "found"),
    [
        ([5] * 12, 3, [(0, 77, 5, 12, 12)]),
        ([5, 6] * 6, 3, []),  # two texts, with six pages each
        ([6, *[5] * 10, 6], 3, [(2, 77, 5, 10, 12)]),
        ([5] * 12, 41, []),  # most words of each page recur: they are copies as a whole
        ([5] * 12, 0, []),
    ],
)
def test_texts_are_told_apart_by_their_whole_fingerprint(
    job: MakeJob, lows: list[int], n_words: int, found: list[tuple[int, ...]]
) -> None:
    boilerplate = find_boilerplate(*make_pages(job, lows, n_words))

    rows = [] if boilerplate is None else list_rows(boilerplate)
    assert [row[:5] for row in rows] == found
