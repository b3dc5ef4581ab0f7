"""How a check ended, in a summary's lines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression, lay_open
from dedup.report import Report
from dedup.reporters import full
from dedup.reporters.verdicts import describe_verdict, name_verdict, sum_up_judgement
from dedup.runs import FreshRun

PASSED = Judgement(
    fail_on="warning",
    max_new=0,
    n_failing=0,
    suppressed=(),
    stale=(),
    unused=(),
    is_failed=False,
    shows_suppressed=False,
)


@pytest.fixture
def conclude(judged: Outcome) -> Callable[..., str]:
    """Give the verdict of the judged sample, with other values of its judgement."""

    def make(**values: Any) -> str:  # noqa: ANN401 -- of any field
        assert judged.judgement is not None
        return name_verdict(replace(judged, judgement=replace(judged.judgement, **values)))

    return make


def test_the_judged_sample_reads_as_agreed(
    judged: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("judged.full.txt", "".join(full.render(judged, None)))


def test_a_verdict_counts_what_fails_by_rule(conclude: Callable[..., str]) -> None:
    level = "at level warning or above (1 DUP001, 1 DUP002, 2 DUP900)"

    assert conclude() == f"failed: 4 new findings {level}"
    assert conclude(suppressed=(), stale=()) == f"failed: 4 findings {level}"
    assert conclude(max_new=4, is_failed=False) == (
        f"passed: 4 new findings {level}; --max-new allows 4"
    )
    assert conclude(fail_on="error", n_failing=3) == (
        "failed: 3 new findings at level error (1 DUP002, 2 DUP900)"
    )


def test_nothing_that_fails_passes(report_nothing: Report, conclude: Callable[..., str]) -> None:
    passed = Outcome(FreshRun(report_nothing), (), PASSED)

    assert describe_verdict(passed) == "Check passed: no findings at level warning or above"
    assert conclude(n_failing=0, is_failed=False) == "passed: nothing new at level warning or above"


def test_stale_entries_alone_can_fail_a_check(conclude: Callable[..., str]) -> None:
    assert conclude(n_failing=0) == "failed: 1 stale entry of the baseline"
    entries = (Problem("b.json", 2, "x"), Problem("b.json", 3, "y"))
    assert conclude(n_failing=0, stale=entries) == "failed: 2 stale entries of the baseline"


def test_a_scan_has_no_verdict(sample_report: Report) -> None:
    assert describe_verdict(lay_open(sample_report)) == ""
    assert list(sum_up_judgement(lay_open(sample_report))) == []


def test_what_was_let_pass_is_counted_by_who_did(judged: Outcome) -> None:
    finding = judged.findings[0]
    suppressed = tuple(
        (finding, each)
        for each in (
            Suppression("baseline", "old.json:7"),
            Suppression("baseline", "old.json:9"),
            Suppression("unchanged", "origin/main"),
            Suppression("unchanged", "v1:2"),  # a revision may end as a place does
            Suppression("inline", "a.md:1"),
            Suppression("inline", "b.md:1"),
            Suppression("allowed", "legal.txt:1"),
            Suppression("allowed", "terms.txt:4"),
        )
    )
    outcome = replace(judged, judgement=replace(PASSED, suppressed=suppressed))

    assert list(sum_up_judgement(outcome))[1:] == [
        ("Accepted", "2 by old.json"),
        ("Unchanged", "1 since origin/main"),
        ("Unchanged", "1 since v1:2"),
        ("Ignored", "2 by comments"),
        ("Allowed", "1 by legal.txt"),
        ("Allowed", "1 by terms.txt"),
    ]


def test_a_long_list_of_stale_entries_is_cut(judged: Outcome) -> None:
    stale = tuple(Problem("b.json", line, "gone") for line in range(1, 14))
    outcome = replace(judged, judgement=replace(PASSED, stale=stale))

    lines = [sentence for label, sentence in sum_up_judgement(outcome) if label == "Stale"]

    assert lines[0] == "b.json:1: gone"
    assert lines[10:] == ["and 3 more"]


def test_what_is_suppressed_is_not_listed_unasked(judged: Outcome) -> None:
    assert judged.judgement is not None
    hidden = replace(judged, judgement=replace(judged.judgement, shows_suppressed=False))

    report = "".join(full.render(hidden, None))

    assert "a quotation" not in report
    assert "Ignored   1 by comments" in report


def test_a_paragraph_cannot_command_a_runner(report_text: Callable[..., Report]) -> None:
    # Wrapped, each line of the full report would begin with a command of GitHub's.
    text = f"{'::stop-commands::hush ' * 12}{'##[error]x ##vso[task.complete]y ' * 6}"

    report = "".join(full.render(lay_open(report_text(text)), None))

    assert not any(line.lstrip().startswith("::") for line in report.splitlines())
    assert "##[" not in report
    assert "##vso[" not in report
    assert "stop-commands" in report
