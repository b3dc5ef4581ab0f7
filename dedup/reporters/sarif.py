"""Write a SARIF 2.1.0 log for GitHub code scanning, a result a line (design, section 10).

The paragraph that a finding is about is the first location, its sources are related locations that
the message links. What a check suppresses is a result with `suppressions` where it is to be shown;
what it found stale or unused, and what must be said of how sources were read, are notifications.

Decision (2026-11-26): GitHub takes 25,000 results a run and refuses a log with more, so the least
grave ones past that are left out, and a notification says how many.
Decision (2026-11-26): the tool's address is its package's, `pkg:pypi/...`: validators ask for one,
and it has no page of its own.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, TextIO, TypeAlias

from dedup.config.gate import FAIL_LEVELS
from dedup.findings import Finding, order_of
from dedup.model import Problem
from dedup.outcome import Outcome, Suppression
from dedup.reporters.escapes import escape_controls
from dedup.reporters.json_pieces import dump, dump_rows, find_version
from dedup.reporters.phrases import count, order_all
from dedup.reporters.sarif_results import escape_links, locate_problem, make_result
from dedup.reporters.sarif_rules import list_rules, make_sentence
from dedup.reporters.verdicts import level_of

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ADDRESS: Final = "pkg:pypi/dedup-paragraphs"
_MOST_RESULTS: Final = 25_000

_Row: TypeAlias = tuple[Finding | Problem, Suppression | None]


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the log in pieces of about a line."""
    del terminal  # JSON looks the same everywhere
    rows = order_all(outcome)
    kept = _keep_gravest(rows)
    yield f'{{"$schema": {dump(_SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n'
    yield '"tool": {"driver": {"name": "dedup", '
    yield f'"version": {dump(find_version())}, "informationUri": {dump(_ADDRESS)},\n'
    yield from dump_rows("rules", list_rules())
    yield '}},\n"automationDetails": {"id": "dedup/"},\n"columnKind": "unicodeCodePoints",\n'
    yield '"invocations": [{"executionSuccessful": true,\n'
    yield from dump_rows("toolExecutionNotifications", _notify(outcome, len(rows) - len(kept)))
    yield "}],\n"
    yield from dump_rows("results", _list_results(outcome, kept))
    yield "}]}\n"


def _keep_gravest(rows: list[_Row]) -> list[_Row]:
    """Leave out what is past GitHub's limit: first what is suppressed, then notes, the last."""
    if len(rows) <= _MOST_RESULTS:
        return rows
    gravest = sorted(range(len(rows)), key=lambda place: _rank(rows[place]))[:_MOST_RESULTS]
    return [rows[place] for place in sorted(gravest)]


def _rank(row: _Row) -> tuple[bool, int]:
    found, suppression = row
    return suppression is not None, -FAIL_LEVELS.index(level_of(found))


def _list_results(outcome: Outcome, rows: list[_Row]) -> Iterator[dict[str, Any]]:
    """Give a result a row; where one has suppressions, SARIF wants them of each."""
    judgement = outcome.judgement
    shows_suppressed = judgement is not None and judgement.shows_suppressed
    occurrences = _number_equals(outcome)
    for found, suppression in rows:
        result = make_result(found, suppression, outcome.run, occurrences.get(id(found), 1))
        if shows_suppressed:
            result.setdefault("suppressions", [])
        yield result


def _number_equals(outcome: Outcome) -> dict[int, int]:
    """Number the findings of equal rule and fingerprint, those too that are not shown.

    Else a finding would be called otherwise as soon as what is accepted is listed.
    """
    judgement = outcome.judgement
    suppressed = [] if judgement is None else [finding for finding, _ in judgement.suppressed]
    seen: Counter[tuple[str, str]] = Counter()
    occurrences: dict[int, int] = {}
    for finding in sorted([*outcome.findings, *suppressed], key=order_of):
        key = (finding.rule, finding.fingerprint)
        seen[key] += 1
        occurrences[id(finding)] = seen[key]
    return occurrences


def _notify(outcome: Outcome, n_left_out: int) -> Iterator[dict[str, Any]]:
    """Give what is to be said of the run itself."""
    if n_left_out:
        text = f"{count(n_left_out, 'finding')} left out: GitHub takes {_MOST_RESULTS:,} results."
        yield {"level": "warning", "message": {"text": text}}
    judgement = outcome.judgement
    if judgement is not None:
        for problem in (*judgement.stale, *judgement.unused):
            yield _notification(problem, "warning")
    for remark in outcome.run.remarks:
        yield _notification(remark, "note")


def _notification(problem: Problem, level: str) -> dict[str, Any]:
    text = escape_links(make_sentence(escape_controls(problem.message)))
    return {"level": level, "message": {"text": text}, "locations": [locate_problem(problem)]}
