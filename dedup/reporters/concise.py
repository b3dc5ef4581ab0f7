"""Write one line a finding, for editors, grep and logs: `path:line:column: RULE what it is`."""

from collections.abc import Iterator
from typing import TextIO

from dedup.findings import Finding
from dedup.model import Problem, Relation
from dedup.quotations import Quoter
from dedup.report import Report
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import (
    UNREADABLE_RULE,
    name_conflicts,
    name_identity,
    name_number,
    name_place,
    name_problem_place,
    name_recurrence,
    name_relation,
    order_findings,
)
from dedup.reporters.restated import describe_finding, name_score


def render(report: Report, terminal: TextIO | None) -> Iterator[str]:
    """Give the lines by (path, line, rule); nothing at all where nothing was found."""
    del terminal  # the same line everywhere
    quoter = Quoter(report)
    for found in order_findings(report):
        if isinstance(found, Problem):
            yield f"{_problem(found)}\n"
        elif found.relation is Relation.BOILERPLATE:
            yield f"{_recurring(found)}\n"
        elif found.relation in (Relation.REWRITTEN, Relation.RESTATED):
            yield f"{_reworded(found, quoter)}\n"
        else:
            yield f"{_finding(found)}\n"


def _problem(problem: Problem) -> str:
    message = escape_controls(problem.message)
    return f"{name_problem_place(problem)}: {UNREADABLE_RULE} unreadable: {message}"


def _reworded(finding: Finding, quoter: Quoter) -> str:
    place = finding.reference
    head = f"{name_place(place)}:{place.start_column}: {finding.rule}{name_identity(place)}"
    return f"{head} {describe_finding(finding, quoter.quote(finding))} ({name_score(finding)})"


def _finding(finding: Finding) -> str:
    place, source = finding.reference, finding.source
    return (
        f"{name_place(place)}:{place.start_column}: {finding.rule}"
        f"{name_identity(place)}{name_number(place, source)} "
        f"{name_relation(finding.relation)} "
        f"{name_place(source)}{name_identity(source)}{name_number(source, place)}"
        f"{_measure(finding)}"
    )


def _recurring(finding: Finding) -> str:
    place = finding.reference
    head = f"{name_place(place)}:{place.start_column}: {finding.rule}{name_identity(place)}"
    return f"{head} {finding.relation.label} {name_recurrence(finding)}"


def _measure(finding: Finding) -> str:
    """Give the score, and of a variant the reason; identical texts need neither."""
    if finding.relation is Relation.IDENTICAL:
        return ""
    if finding.relation is Relation.VARIANT:
        return f" ({finding.score:.2f}, {name_conflicts(finding.conflicts)})"
    return f" ({finding.score:.2f})"
