"""JSON lines: the objects of the JSON report, one a line."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters import json as whole
from dedup.reporters.jsonl import render


def lines(outcome: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in "".join(render(outcome, None)).splitlines()]


@pytest.mark.parametrize("name", ["report", "restated"])
def test_a_line_is_a_finding_of_the_json_report(
    name: str,
    sample_report: Report,
    restated_report: Report,
    check_golden: Callable[[str, str], None],
) -> None:
    outcome = lay_open(sample_report if name == "report" else restated_report)

    assert lines(outcome) == json.loads("".join(whole.render(outcome, None)))["findings"]
    check_golden(f"{name}.findings.jsonl", "".join(render(outcome, None)))


def test_what_is_suppressed_says_so_and_only_where_asked_for(
    judged: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    assert judged.judgement is not None
    hidden = replace(judged, judgement=replace(judged.judgement, shows_suppressed=False))

    assert [line.get("suppression", {}).get("kind") for line in lines(judged)] == [
        None,
        None,
        None,
        "allowed",
        "inline",
        "baseline",
        None,
    ]
    assert [line for line in lines(judged) if "suppression" not in line] == lines(hidden)
    check_golden("judged.findings.jsonl", "".join(render(judged, None)))


def test_nothing_found_is_nothing_written(report_nothing: Report) -> None:
    assert list(render(lay_open(report_nothing), None)) == []


def test_line_ends_in_a_text_part_no_line(report_text: Callable[..., Report]) -> None:
    text = "One\nline\u2028and\x85more \x1b[2J ##[error]x."

    written = "".join(render(lay_open(report_text(text)), None))

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert "##[" not in written
    assert json.loads(written)["text"] == text
