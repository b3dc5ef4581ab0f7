"""Write JUnit XML: a test case a finding, for Jenkins, GitLab, CircleCI and others that show tests.

What fails a check is a `failure` (after a scan: what would by default), what cannot be read an
`error`, what is suppressed `skipped`; notes pass and say what they are in `system-out`. Nothing
found is one case that passes, since a report without a test looks like a run that broke.

Decision (2026-11-25): only elements and attributes that both of Jenkins's schemas know (junit-4 and
junit-10 of its xunit plugin), so `file` and `line` stand in the name; and no times, which would
make the bytes differ from run to run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO
from xml.sax.saxutils import escape, quoteattr

from dedup.findings import Finding
from dedup.model import Problem
from dedup.outcome import Outcome, Suppression
from dedup.reporters.escapes import escape_commands, escape_controls
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import name_place, name_problem_place, order_all
from dedup.reporters.quoting import show_lines
from dedup.reporters.verdicts import (
    fails_stale,
    is_failing,
    level_of,
    list_leftovers,
    name_verdict,
    rule_of,
)
from dedup.runs import Run

_NOT_IN_XML: Final = {0xFFFE: r"\ufffe", 0xFFFF: r"\uffff"}  # the other ones are controls
_COMMAND_MARKS: Final = ("&#58;", "&#91;")  # a colon, a bracket


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Case:
    """A test case: how it ended, as an element's name, with that element's attributes and text."""

    group: str
    name: str
    ending: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the cases by (path, line, rule), then a check's stale and unused entries."""
    del terminal  # XML looks the same everywhere
    cases = list(_list_cases(outcome)) or [_Case("dedup", "nothing found")]
    tests, failures, errors, skipped = (
        f' {name}="{sum(not ending or case.ending == ending for case in cases)}"'
        for name, ending in (
            ("tests", ""),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        )
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="dedup"{tests}{failures}{errors}>\n'
    yield f'<testsuite name="dedup"{tests}{failures}{errors}{skipped}>\n'
    verdict = name_verdict(outcome)
    if verdict:
        value = _quote(verdict)
        yield f'<properties>\n<property name="check" value={value}/>\n</properties>\n'
    yield from map(_write, cases)
    yield "</testsuite>\n</testsuites>\n"


def _list_cases(outcome: Outcome) -> Iterator[_Case]:
    for found, suppression in order_all(outcome):
        if isinstance(found, Problem):
            yield _problem_case(found, outcome.run)
        else:
            is_bad = is_failing(found, outcome.judgement)
            yield _case(found, suppression, outcome.run, is_bad=is_bad)
    are_bad = outcome.judgement is not None and fails_stale(outcome.judgement)
    for label, problem in list_leftovers(outcome):
        name, message = name_problem_place(problem), escape_controls(problem.message)
        if label == "stale" and are_bad:
            attributes = (("type", label), ("message", message))
            yield _Case(f"dedup.{label}", name, "failure", attributes)
        else:
            yield _Case(f"dedup.{label}", name, "system-out", text=message)


def _problem_case(problem: Problem, run: Run) -> _Case:
    place, message = name_problem_place(problem), describe(problem, run)
    attributes = (("type", level_of(problem)), ("message", f"{place}: {message}"))
    return _Case(f"dedup.{rule_of(problem)}", f"{place} unreadable", "error", attributes)


def _case(finding: Finding, suppression: Suppression | None, run: Run, *, is_bad: bool) -> _Case:
    place = f"{name_place(finding.reference)}:{finding.reference.start_column}"
    what = f"{name_subject(finding)} {describe(finding, run)}"
    group, name = f"dedup.{finding.rule}", f"{place}{what}"
    if suppression is not None:
        return _Case(group, name, "skipped", text=name_suppression(suppression))
    text = "\n".join(show_lines(finding, run))
    if not is_bad:
        return _Case(group, name, "system-out", text=text)
    attributes = (("type", finding.level), ("message", f"{place}: {finding.rule}{what}"))
    return _Case(group, name, "failure", attributes, text)


def _write(case: _Case) -> str:
    head = f"<testcase classname={_quote(case.group)} name={_quote(case.name)}"
    if not case.ending:
        return f"{head}/>\n"
    attributes = "".join(f" {name}={_quote(value)}" for name, value in case.attributes)
    text = escape_commands(escape(case.text.translate(_NOT_IN_XML)), *_COMMAND_MARKS)
    return f"{head}>\n<{case.ending}{attributes}>{text}</{case.ending}>\n</testcase>\n"


def _quote(value: str) -> str:
    return escape_commands(quoteattr(value.translate(_NOT_IN_XML)), *_COMMAND_MARKS)
