"""What is said of a run on Spark is what a report of the single machine says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dedup.errors import OutputError, SettingError
from dedup.pipeline import find_duplicates
from dedup.spark.reporting.output import refuse_existing, write_result
from dedup.spark.reporting.results import SparkResult, make_result
from tests.spark.equality.corpus import write_corpus
from tests.spark.single_machine import count_relations, open_verdicts

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.job import Job

MakeJob = Callable[..., "Job"]
FINDINGS = {
    "identical": 3,
    "contained": 1,
    "restated": 2,
    "rewritten": 0,
    "variant": 0,
    "boilerplate": 0,
    "unreadable": 4,
}
FOUND = {
    "paragraphs": 1200,
    "words": 30000,
    "documents": 1,
    "groups": 2,
    "redundant_paragraphs": 3,
    "redundant_words": 1,
    "min_words": 8,
    "findings": FINDINGS,
    "skipped": {"sources": 4},
}
SKIPPED = ("1 paragraph under 8 words", "2 paragraphs without a word")


def make_summary(
    sentences: tuple[str, ...] = SKIPPED,
    **changed: Any,  # noqa: ANN401 -- of JSON
) -> tuple[tuple[str, str], ...]:
    tables: Any = None  # nothing asks for them
    return SparkResult(tables, tables, {**FOUND, **changed}, (), skipped=sentences).sentences


def test_a_summary_says_what_was_read_found_and_left_out() -> None:
    assert make_summary() == (
        ("Read", "1,200 paragraphs (30,000 words) of 1 document"),
        ("Found", "2 groups with 3 redundant paragraphs (0.2% of all, 1 word)"),
        ("Also", "1 contained paragraph, 2 restating paragraphs (not counted as redundant)"),
        ("Skipped", "1 paragraph under 8 words"),
        ("Skipped", "2 paragraphs without a word"),
        ("Problems", "4 unreadable, among the findings"),
    )
    without_rule = make_summary(findings={**FINDINGS, "unreadable": 0})
    assert without_rule[-1] == ("Problems", "4 unreadable")


def test_a_summary_of_nothing_is_short() -> None:
    nothing = dict.fromkeys(FINDINGS, 0)

    found = make_summary(
        redundant_paragraphs=0, sentences=(), findings=nothing, skipped={"sources": 0}
    )

    assert found == (
        ("Read", "1,200 paragraphs (30,000 words) of 1 document"),
        ("Found", "no redundant paragraphs"),
    )


def test_counts_are_those_of_a_report_and_a_folder_appears_as_a_whole(
    spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    paths = write_corpus(tmp_path / "corpus", 60)
    report, made, output = find_duplicates(paths), job(paths), tmp_path / "out"
    expected = report.to_dict()["summary"]

    result = make_result(made, open_verdicts(spark, report, tmp_path))
    write_result(made, result, str(output))

    names = ("documents", "paragraphs", "words", "groups", "redundant_paragraphs")
    assert {name: result.summary[name] for name in names} == {
        name: expected[name] for name in names
    }
    assert result.summary["redundant_words"] == expected["redundant_words"]
    without = {"too_few_terms", "lists_tables_code"}  # of what is not at hand here
    assert {name: n for name, n in result.summary["skipped"].items() if name not in without} == {
        name: n for name, n in expected["skipped"].items() if name not in without
    }
    assert result.summary["findings"] == count_relations(report)
    first = [each["number"] for each in result.list_findings(most=5)]
    assert first == [finding.number for finding in report.findings[:5]]
    assert {each["rule"] for each in result.list_findings("DUP004")} == {"DUP004"}
    assert repr(result).startswith("Read      ")
    assert "<th>Found</th>" in result._repr_html_()
    assert sorted(each.name for each in output.iterdir()) == ["findings", "groups", "summary"]
    groups = spark.read.parquet(str(output / "groups"))
    assert groups.count() == len(report.corpus)
    assert json.loads(spark.read.text(str(output / "summary")).collect()[0].value) == result.summary
    assert [each.name for each in tmp_path.glob("out.unfinished*")] == []
    with pytest.raises(SettingError, match="it is there already"):
        refuse_existing(spark, str(output))


def test_a_folder_that_appears_meanwhile_is_left_as_it_is(
    spark: "SparkSession", job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, output = spark.createDataFrame([], "id string"), tmp_path / "out"
    monkeypatch.setattr("dedup.spark.reporting.output.write_text", lambda *_words: output.mkdir())

    with pytest.raises(SettingError, match="it is there already"):
        write_result(job([{"text": "a"}]), SparkResult(rows, rows, {}, ()), str(output))

    assert list(tmp_path.glob("out*")) == [output]
    assert list(output.iterdir()) == []


def test_a_folder_without_a_summary_may_be_what_an_ended_run_left(
    spark: "SparkSession", tmp_path: Path
) -> None:
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups" / "part").write_text("half")

    with pytest.raises(SettingError, match=r"remove it, if it is what an ended run left: it has"):
        refuse_existing(spark, str(tmp_path))


def test_a_folder_of_an_unknown_file_system_is_refused(spark: "SparkSession") -> None:
    with pytest.raises(OutputError, match=r'cannot look for it .*No FileSystem for scheme "what"'):
        refuse_existing(spark, "what://store/out")


def test_a_folder_that_cannot_be_written_leaves_nothing(
    spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    made = job([{"text": "a"}])
    (tmp_path / "file").write_text("no folder")
    rows = spark.createDataFrame([], "id string")
    result = SparkResult(rows, rows, {}, ())

    with pytest.raises(OutputError, match="cannot write"):
        write_result(made, result, str(tmp_path / "file" / "out"))

    assert (tmp_path / "file").read_text() == "no folder"
