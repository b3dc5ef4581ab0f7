"""Rows of groups made on Spark are the lines of the single machine's format `groups`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.config import (
    DEFAULTS,
    RULES,
    BoilerplateConfig,
    Config,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
)
from dedup.pipeline import find_duplicates
from dedup.spark.reporting.rows import list_rows
from dedup.spark.reporting.run_numbers import number_paragraphs
from tests.spark.equality.corpus import write_corpus
from tests.spark.single_machine import count_relations, open_verdicts, render, spell_row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.job import Job

MakeJob = Callable[..., "Job"]
N_DOCUMENTS = 90
# Settings of which each names groups, or shows short paragraphs, in a way of its own.
CONFIGS = {
    "defaults": DEFAULTS,
    "within documents": replace(DEFAULTS, paragraphs=ParagraphsConfig(within="document")),
    "across documents": replace(DEFAULTS, paragraphs=ParagraphsConfig(within="corpus")),
    "copies not selected": replace(
        DEFAULTS, run=RunConfig(rules=tuple(rule for rule in RULES if rule != "DUP001"))
    ),
    "long paragraphs, near ones": replace(
        DEFAULTS,
        paragraphs=ParagraphsConfig(min_words=60),
        restatement=RestatementConfig(sensitive=True),
        boilerplate=BoilerplateConfig(min_documents=4),
    ),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_rows_are_the_lines_of_the_single_machine(
    config: Config, spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    paths = write_corpus(tmp_path / "corpus", N_DOCUMENTS)
    report = find_duplicates(paths, config)
    made = job(paths, config)
    verdicts = open_verdicts(spark, report, tmp_path)

    rows = list_rows(made, verdicts, number_paragraphs(made, verdicts.paragraphs)).collect()

    assert sorted(spell_row(row.asDict()) for row in rows) == render(report, "groups")


def test_the_corpus_of_these_tests_holds_every_relation(tmp_path: Path) -> None:
    report = find_duplicates(write_corpus(tmp_path, N_DOCUMENTS))

    assert min(count_relations(report).values()) > 0


def test_rows_of_one_file_have_no_path(spark: "SparkSession", job: MakeJob, tmp_path: Path) -> None:
    paths = write_corpus(tmp_path / "corpus", 5, n_files=1)
    report = find_duplicates(paths)
    made = job(paths)
    verdicts = open_verdicts(spark, report, tmp_path)

    rows = list_rows(made, verdicts, number_paragraphs(made, verdicts.paragraphs))

    assert rows.columns == ["id", "paragraph", "group", "canonical", "relation"]


def test_rows_without_rewording_and_boilerplate_need_no_table_of_them(
    spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    config = replace(DEFAULTS, run=RunConfig(rules=("DUP001", "DUP002")))
    paths = write_corpus(tmp_path / "corpus", 20)
    report = find_duplicates(paths, config)
    made = job(paths, config)
    verdicts = replace(open_verdicts(spark, report, tmp_path), restatements=None, boilerplate=None)

    rows = list_rows(made, verdicts, number_paragraphs(made, verdicts.paragraphs)).collect()

    assert sorted(spell_row(row.asDict()) for row in rows) == render(report, "groups")
