"""Restated paragraphs on Spark, against the single machine."""

import shutil
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from dedup.config import DEFAULTS, Config, ParagraphsConfig, RunConfig, Within
from dedup.model import Relation
from dedup.spark.runtime.checkpoints import open_checkpoints
from dedup.spark.runtime.schemas import CANDIDATES
from dedup.spark.stages import restating
from dedup.spark.stages.restating import find_variants, restate
from tests.spark.conftest import MakeJob
from tests.spark.stages_alone import Stages, open_stages

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.id_sets import IdSet


def check(stages: Stages) -> None:
    """Compare what was found within documents with the report of one machine."""
    assert stages.restated is not None
    is_restated = f"relation = {Relation.RESTATED:d}"
    expected = stages.expected["restatements"].where(is_restated)
    made, known = stages.compare(stages.restated.restatements, expected)
    counts = stages.alone.report.counts

    assert made == known
    assert len(known) > 5
    assert stages.restated.n_short == counts.n_too_few_terms > 0
    assert stages.restated.n_listed == counts.n_listed > 0


@pytest.mark.parametrize("name", ["default", "loose"])
def test_restated_paragraphs_are_those_of_one_machine(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    check(open_stages(spark, tmp_path_factory, name))


def test_of_a_document_that_two_tasks_share_only_the_rest_is_shuffled(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")
    assert stages.restated is not None

    costs = {cost.name: cost.shuffled for cost in stages.job.checkpoints.costs}

    n_paragraphs = stages.paragraphs.count()
    assert costs["restated_rest"] is not None
    assert 0 < costs["restated_rest"].n_records < n_paragraphs / 2


def test_documents_that_are_cut_elsewhere_are_judged_anew(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")
    assert stages.restated is not None
    work = tmp_path_factory.mktemp("resumed")
    shutil.copytree(stages.job.checkpoints.folder, work, dirs_exist_ok=True)
    shutil.rmtree(next(work.glob("restated-*")))
    resumed = Stages(spark, tmp_path_factory.mktemp("again"), "default")
    checkpoints = open_checkpoints(spark, str(work), stages.job.checkpoints.manifest)
    resumed.job = replace(stages.job, checkpoints=checkpoints)
    resumed.paragraphs = stages.paragraphs.repartition(5, "id")
    resumed.__dict__["grouping"], resumed.__dict__["measured"] = stages.grouping, stages.measured

    check(resumed)


def test_marks_too_many_for_a_set_are_joined(
    spark: "SparkSession",
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find_too_many(*_arguments: object) -> "IdSet | None":
        return None

    monkeypatch.setattr(restating, "collect_ids", find_too_many)
    stages = Stages(spark, tmp_path_factory.mktemp("joined"), "default")
    stages.__dict__["grouping"] = stages.expected["grouping"]
    stages.__dict__["measured"] = open_stages(spark, tmp_path_factory, "default").measured

    check(stages)


@pytest.mark.parametrize(
    "config",
    [
        Config(run=RunConfig(rules=("DUP001", "DUP004"))),
        Config(paragraphs=ParagraphsConfig(within="corpus")),
        Config(paragraphs=ParagraphsConfig(unit="record")),
    ],
)
def test_where_it_is_not_asked_for_no_document_is_judged(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, job: MakeJob, config: Config
) -> None:
    stages = open_stages(spark, tmp_path_factory, "default")
    other = job([{"text": "one"}], config)

    found = restate(other, stages.paragraphs, stages.grouped, stages.verified, None)

    assert found is None
    assert other.checkpoints.costs == []


@pytest.mark.parametrize("within", ["both", "document"])
def test_a_variant_of_an_earlier_text_of_its_document_is_found(
    job: MakeJob, within: Within
) -> None:
    """Texts are numbers here, one for many copies; pairs are those of the first copies."""
    random = Random(5)  # noqa: S311 -- no secret
    rows = [(number, number // 12, random.randrange(20), 0) for number in range(240)]
    firsts: dict[tuple[int, int], int] = {}  # of a text, within a document where only there
    for number, document, text, _ in rows:
        firsts.setdefault((text, document if within == "document" else 0), number)
    variants = {
        (text, other) for text in range(20) for other in range(text) if random.random() < 0.2
    }
    pairs = [
        tuple(sorted((first, firsts[other, where])))
        for (text, where), first in firsts.items()
        for other in range(20)
        if (text, other) in variants and (other, where) in firsts
    ]
    made = job([{"text": "one"}], replace(DEFAULTS, paragraphs=ParagraphsConfig(within=within)))
    columns = "id bigint, document bigint, print_high bigint, print_low bigint"
    paragraphs = made.spark.createDataFrame(rows, columns)

    found = find_variants(made, paragraphs, made.spark.createDataFrame(pairs, CANDIDATES))

    expected = [
        number
        for number, document, text, _ in rows
        if any(
            (text, other) in variants or (other, text) in variants
            for earlier, where, other, _ in rows[:number]
            if where == document
        )
    ]
    assert sorted(row.id for row in found.collect()) == expected
    assert 20 < len(expected) < 200
