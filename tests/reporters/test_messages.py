"""The words that every format shares: what a finding is, and why it does not count."""

from collections.abc import Callable

import pytest

from dedup.model import Problem
from dedup.outcome import Outcome, Suppression, SuppressionKind, lay_open
from dedup.report import Report
from dedup.reporters import concise
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import order_findings
from dedup.runs import FreshRun


def test_a_message_is_the_line_of_the_concise_report_without_its_place(
    sample_report: Report, restated_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    for name, report in (("report", sample_report), ("restated", restated_report)):
        outcome = lay_open(report)
        lines = [
            f"{name_subject(found)} {describe(found, outcome.run)}\n"
            for found in order_findings(outcome)
        ]
        golden = "".join(concise.render(outcome, None))
        check_golden(f"{name}.concise.txt", golden)
        assert [
            line.endswith(message)
            for line, message in zip(golden.splitlines(keepends=True), lines, strict=True)
        ] == [True] * len(lines)


def test_a_message_of_something_unreadable_stays_on_its_line(report_nothing: Report) -> None:
    problem = Problem("a.md", 3, "odd\n::error::x\x1b[2J")

    assert describe(problem, FreshRun(report_nothing)) == r"unreadable: odd\x0a::error::x\x1b[2J"


@pytest.mark.parametrize(
    ("kind", "place", "reason", "said"),
    [
        ("baseline", ".dedup-baseline.json:7", "", "accepted: .dedup-baseline.json:7"),
        ("inline", "docs/a.md:6", "a quotation", "ignored: docs/a.md:6: a quotation"),
        ("allowed", "allowed.txt:3", "", "allowed: allowed.txt:3"),
        ("unchanged", "HEAD~1", "", "unchanged since HEAD~1"),
        ("inline", "a\n.md:1", "b\x1b", r"ignored: a\x0a.md:1: b\x1b"),
    ],
)
def test_what_is_suppressed_says_by_what(
    kind: SuppressionKind, place: str, reason: str, said: str
) -> None:
    assert name_suppression(Suppression(kind, place, reason)) == said


def test_an_entry_of_a_feed_is_named_by_its_title_and_its_link(
    report_entries: Callable[..., Report],
) -> None:
    report = report_entries("Night ferry", "https://gazette.example/ferry")
    found = report.findings[0]

    assert name_subject(found) == ' "Night ferry" <https://gazette.example/ferry>'
    assert describe(found, FreshRun(report)) == 'identical to feed.xml:8 [id "tag:1"]'


def test_a_suppressed_finding_is_marked_and_shown_only_where_asked_for(
    judged: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("judged.concise.txt", "".join(concise.render(judged, None)))


def test_a_turned_finding_says_how_its_new_paragraph_stands_to_the_old_one(
    turned: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("turned.concise.txt", "".join(concise.render(turned, None)))
