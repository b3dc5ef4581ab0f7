"""Restated paragraphs on Spark, against the single machine."""

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedup.config import Config, ParagraphsConfig, RunConfig
from dedup.model import Relation
from dedup.spark.runtime.checkpoints import open_checkpoints
from dedup.spark.stages import restating
from dedup.spark.stages.restating import restate
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
