"""GitLab's Code Quality report: its fields, and fingerprints that outlive a move."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dedup.findings import Finding
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.gitlab import render
from dedup.runs import FreshRun

# What GitLab's documentation asks of each object; its schema comes in no package.
FIELDS = {
    "description": str,
    "check_name": str,
    "fingerprint": str,
    "severity": str,
    "location": dict,
}
MORE_FIELDS = {"categories": list, "engine_name": str}
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def write(outcome: Outcome) -> str:
    return "".join(render(outcome, None))


def load(outcome: Outcome) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(write(outcome))
    return rows


def check(rows: list[dict[str, Any]]) -> None:
    """Refuse what GitLab would not show."""
    for row in rows:
        assert {name: type(row[name]) for name in FIELDS} == FIELDS
        assert all(type(row[name]) is kind for name, kind in MORE_FIELDS.items() if name in row)
        assert set(row) <= {*FIELDS, *MORE_FIELDS}
        assert row["severity"] in SEVERITIES
        assert type(row["location"]["path"]) is str
        assert not row["location"]["path"].startswith("./")
        lines = row["location"]["lines"]
        assert type(lines["begin"]) is int
        assert 1 <= lines["begin"] <= lines.get("end", lines["begin"])
    assert len({row["fingerprint"] for row in rows}) == len(rows)


@pytest.mark.parametrize("name", ["report", "restated"])
def test_the_samples_read_as_agreed(
    name: str,
    sample_report: Report,
    restated_report: Report,
    check_golden: Callable[[str, str], None],
) -> None:
    report = sample_report if name == "report" else restated_report

    check(load(lay_open(report)))
    check_golden(f"{name}.gitlab.json", write(lay_open(report)))


def test_a_check_reads_as_agreed(judged: Outcome, check_golden: Callable[[str, str], None]) -> None:
    check(load(judged))
    check_golden("judged.gitlab.json", write(judged))


def test_nothing_found_is_an_empty_array(report_nothing: Report) -> None:
    assert load(lay_open(report_nothing)) == []


def test_copies_of_one_text_have_fingerprints_of_their_own(
    report_many: Callable[[int, int], Report],
) -> None:
    rows = load(lay_open(report_many(3, 4)))

    assert len(rows) == 12
    check(rows)


def moved(finding: Finding, path: str, lines: int) -> Finding:
    place = finding.reference
    reference = replace(
        place, path=path, start_line=place.start_line + lines, end_line=place.end_line + lines
    )
    return replace(finding, reference=reference)


def test_a_move_changes_no_fingerprint(report_many: Callable[[int, int], Report]) -> None:
    report = report_many(2, 3)
    # The first copy goes to the end, so that all others come one earlier.
    there = tuple(
        moved(finding, "z.md" if place == 0 else str(finding.reference.path), 7)
        for place, finding in enumerate(report.findings)
    )

    after = load(Outcome(FreshRun(report), there))

    before = {row["fingerprint"] for row in load(lay_open(report))}
    assert {row["fingerprint"] for row in after} == before


def test_another_copy_adds_one_fingerprint(report_many: Callable[[int, int], Report]) -> None:
    fewer = {row["fingerprint"] for row in load(lay_open(report_many(2, 3)))}
    more = {row["fingerprint"] for row in load(lay_open(report_many(2, 4)))}

    assert fewer < more
    assert len(more - fewer) == 2


def test_two_rules_on_the_same_texts_have_fingerprints_of_their_own(
    report_many: Callable[[int, int], Report],
) -> None:
    report = report_many(1, 1)
    (finding,) = report.findings

    check(load(Outcome(FreshRun(report), (finding, replace(finding, rule="DUP002")))))


def test_levels_are_severities(judged: Outcome) -> None:
    severities = {row["check_name"]: row["severity"] for row in load(judged)}

    assert severities == {
        "DUP001": "info",  # the last one is suppressed
        "DUP002": "major",
        "DUP003": "info",
        "DUP006": "info",
        "DUP900": "major",
        "stale": "info",
        "unused": "info",
    }


def test_a_path_has_no_dot_before_it_and_a_record_its_id(
    report_text: Callable[..., Report],
) -> None:
    (row,) = load(lay_open(report_text("Words enough.", "./docs/a.md")))
    (record,) = load(lay_open(report_text("Words enough.", None, b"17")))

    assert row["location"]["path"] == "docs/a.md"
    assert record["location"]["path"] == "17"


def test_a_terminal_and_a_runner_are_safe_and_the_path_is_whole(
    report_text: Callable[..., Report],
) -> None:
    path = "a\x1b[2J\u202e##[error].md"

    written = write(lay_open(report_text("Words enough.", path)))

    assert not set("\x1b\u202e") & set(written)
    assert "##[" not in written
    assert json.loads(written)[0]["location"]["path"] == path


def test_a_name_that_is_no_utf_8_is_written(report_text: Callable[..., Report]) -> None:
    (row,) = load(lay_open(report_text("Words enough.", "a\udcff.md", b'"x"')))

    assert row["location"]["path"] == "a\udcff.md"
