"""Findings rendered on Spark are the lines of the single machine's format `jsonl`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dedup.config import DEFAULTS, CanonicalConfig, Config, RunConfig
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.spark.reporting.findings import list_findings
from dedup.spark.reporting.run_numbers import number_paragraphs
from tests.spark.equality.corpus import write_corpus
from tests.spark.reporting.test_rows import CONFIGS, N_DOCUMENTS
from tests.spark.single_machine import open_verdicts, render

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.job import Job

MakeJob = Callable[..., "Job"]
Find = Callable[..., tuple[list[Any], Report]]
LONGEST = replace(DEFAULTS, canonical=CanonicalConfig("longest"))


@pytest.fixture
def find(spark: "SparkSession", job: MakeJob, tmp_path: Path) -> Find:
    """Give what renders on Spark what one machine found; it gives both."""

    def run(config: Config, n_documents: int = N_DOCUMENTS) -> tuple[list[Any], Report]:
        paths = write_corpus(tmp_path / "corpus", n_documents)
        report = find_duplicates(paths, config)
        made = job(paths, config)
        verdicts = open_verdicts(spark, report, tmp_path)
        rows = list_findings(made, verdicts, number_paragraphs(made, verdicts.paragraphs))
        return rows.collect(), report

    return run


@pytest.mark.parametrize(
    "config",
    [CONFIGS["within documents"], CONFIGS["copies not selected"], LONGEST],
    ids=["within documents", "copies not selected", "longest"],
)
def test_findings_are_the_lines_of_the_single_machine(config: Config, find: Find) -> None:
    rows, report = find(config)

    assert sorted(row.json for row in rows) == render(report, "jsonl")


@pytest.mark.parametrize("rule", ["DUP005", "DUP006"])
def test_only_findings_of_selected_rules_are_there(rule: str, find: Find) -> None:
    config = replace(DEFAULTS, run=RunConfig(rules=(rule,)))
    rows, report = find(config)

    assert sorted(row.json for row in rows) == render(report, "jsonl")
    assert {row.rule for row in rows} == {rule}


def test_what_findings_are_sorted_by_stands_beside_their_line(find: Find) -> None:
    rows, report = find(DEFAULTS, 30)

    rows.sort(key=lambda row: (row.path, row.line, row.column, row.rule, row.number))
    assert [row.number for row in rows] == [finding.number for finding in report.findings]
    for row in rows:
        line = json.loads(row.json)
        place = line["paragraph"]
        assert (row.path, row.line, row.column) == (
            *(place["path"], place["start_line"], place["start_column"]),
        )
        for name in ("rule", "relation", "level", "number", "score", "fingerprint"):
            assert row[name] == line[name]
