"""Findings are rendered bundle by bundle, however Spark cuts its batches."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dedup.findings import REWORDED, Finding
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.spark.reporting.rendering import FOUND, NAMED, Bundle, render_bundles, render_problems
from dedup.spark.reporting.run_numbers import RunNumbers
from dedup.spark.runtime.schemas import PROBLEMS, arrow_schema
from tests.spark.equality.corpus import write_corpus
from tests.spark.single_machine import lay_out, render

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("bundle", pa.int64()),
        ("is_finding", pa.bool_()),
        ("named", pa.struct(list(arrow_schema(NAMED)))),
        ("found", pa.struct(list(arrow_schema(FOUND)))),
    ]
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return find_duplicates(write_corpus(tmp_path_factory.mktemp("corpus"), 60))


def list_numbers(report: Report) -> RunNumbers:
    paths = tuple(dict.fromkeys(batch.path for batch in report.corpus.batches))
    ends = [
        int(end)
        for path in paths
        for end in [
            max(
                report.corpus.first_paragraphs[row + 1]
                for row, batch in enumerate(report.corpus.batches)
                if batch.path == path
            )
        ]
    ]
    return RunNumbers(paths, (0, *ends))


def bundle_rows(report: Report) -> list[Row]:
    """Give the rows that a run on Spark makes of a report: each bundle, paragraphs first."""
    paragraphs = lay_out(report)["paragraphs"].to_pylist()
    names = arrow_schema(NAMED).names
    by_document = defaultdict(list)
    for number, row in enumerate(paragraphs):
        by_document[row["document"]].append(number)
    bundles: dict[int, list[Row]] = defaultdict(list)
    for finding in report.findings:
        own = paragraphs[finding.number]
        is_restated = finding.relation is Relation.RESTATED
        key = ~own["document"] if is_restated else own["id"]
        named = {finding.number, *finding.source_numbers, *(said.number for said in finding.said)}
        for number in sorted(by_document[own["document"]] if is_restated else named):
            row = {name: paragraphs[number][name] for name in names}
            bundles[key].append({"bundle": key, "is_finding": False, "named": row})
        found = spell_found(finding, [row["id"] for row in paragraphs])
        bundles[key].append({"bundle": key, "is_finding": True, "found": found})
    return [
        row
        for key in sorted(bundles)
        for row in sorted(bundles[key], key=lambda row: bool(row["is_finding"]))
    ]


def spell_found(finding: Finding, ids: list[int]) -> Row:
    recurrence = finding.recurrence
    said = [
        {
            "sentence": each.sentence,
            "source": ids[each.number],
            "source_sentence": each.source_sentence,
            "share": each.share,
            "is_second": each.is_second,
        }
        for each in finding.said
    ]
    is_reworded = finding.relation in REWORDED
    return {
        "id": ids[finding.number],
        "relation": int(finding.relation),
        "score": finding.score,
        "conflicts": finding.conflicts,
        "sources": None if is_reworded else [ids[number] for number in finding.source_numbers],
        "dice": finding.dice,
        "is_near": finding.is_near,
        "said": said if is_reworded else None,
        "recurrence": None
        if recurrence is None
        else {
            "n_documents": recurrence.n_documents,
            "n_paragraphs": recurrence.n_paragraphs,
            "population": recurrence.population,
            "folder": recurrence.folder,
        },
        "group": None if recurrence is None else finding.fingerprint,
    }


def cut(rows: list[Row], size: int) -> Iterator[pa.RecordBatch]:
    for begin in range(0, len(rows), size):
        yield pa.RecordBatch.from_pylist(rows[begin : begin + size], schema=SCHEMA)


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_bundles_may_go_on_from_batch_to_batch(size: int, report: Report) -> None:
    rows = bundle_rows(report)

    batches = list(render_bundles(cut(rows, size), list_numbers(report)))

    lines = [line for batch in batches for line in batch.column("json").to_pylist()]
    assert sorted(lines) == render(report, "jsonl")


def test_no_rows_give_no_batch(report: Report) -> None:
    assert list(render_bundles(iter(()), list_numbers(report))) == []


def test_a_text_is_kept_where_the_place_comes_without_it(report: Report) -> None:
    row = lay_out(report)["paragraphs"].to_pylist()[0]
    bundle = Bundle(list_numbers(report))

    bundle.add(row)
    bundle.add({**row, "text": None})

    assert bundle.text(0) == report.text(0)
    assert bundle.reference(0) == report.reference(0)


def test_what_cannot_be_read_is_a_finding_of_its_own_rule(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": 1}\n')
    rows = [{"file": 0, "place": 1, "line": 1, "message": "its field 'text' is \x9b a number"}]
    batch = pa.RecordBatch.from_pylist(rows, schema=arrow_schema(PROBLEMS))

    (rendered,) = render_problems(iter((batch,)), RunNumbers(("a.jsonl",), (0, 0)))

    (line,) = rendered.to_pylist()
    assert (line["rule"], line["relation"], line["level"]) == ("DUP900", "unreadable", "error")
    assert (line["path"], line["line"], line["number"]) == ("a.jsonl", 1, None)
    assert "is \\u009b a number" in line["json"]
