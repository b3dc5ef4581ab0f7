"""Write GitHub's workflow commands, which a runner turns into annotations beside the lines.

`::warning file=docs/b.md,line=9,endLine=9,title=DUP002 near-duplicate::near-duplicate of ...`; a
note is a `notice`. Nothing is written where nothing was found; how a check ended is for the log.

Decision (2026-11-25): GitHub shows ten annotations of a kind for a step and drops the others
without a word. So at most ten are written, and a notice counts the rest: first what fails the
check, the first of each group before its others, the worst level before the rest; then entries
that are stale or unused; then notes; then what is suppressed. Lines of a paragraph of several are
given without columns, which GitHub takes for one line only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from dedup.config.gate import FAIL_LEVELS
from dedup.findings import Finding, Reference
from dedup.model import Problem
from dedup.outcome import Outcome, Suppression
from dedup.reporters.escapes import escape_commands, escape_controls
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import name_kind, name_place, order_all
from dedup.reporters.uris import slash_path
from dedup.reporters.verdicts import (
    count_rules,
    is_failing,
    level_of,
    list_leftovers,
    rule_of,
)
from dedup.runs import Run

_MOST: Final = 10
_COMMANDS: Final = {"note": "notice", "warning": "warning", "error": "error"}
_IN_MESSAGES: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES: Final = str.maketrans({**_IN_MESSAGES, ":": "%3A", ",": "%2C"})
_MESSAGE_TABLE: Final = str.maketrans(_IN_MESSAGES)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Annotation:
    """What may be shown, and its turn: the less, the sooner."""

    turn: tuple[int, ...]
    found: Finding | Problem
    suppression: Suppression | None = None
    leftover: str = ""


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give at most ten annotations, then a notice of how many more there are."""
    del terminal  # the same line everywhere
    ranked = _rank(outcome)
    for annotation in ranked[:_MOST]:
        yield _annotate(annotation, outcome.run)
    if len(ranked) > _MOST:
        yield _command("notice", {"title": "dedup"}, _count_rest(ranked[_MOST:]))


def _rank(outcome: Outcome) -> list[_Annotation]:
    """Put what is to be shown in the order of its turns."""
    ranked, seen = [], set[int]()
    by_level = sorted(order_all(outcome), key=lambda each: -FAIL_LEVELS.index(level_of(each[0])))
    for place, (found, suppression) in enumerate(by_level):
        is_bad = is_failing(found, outcome.judgement)
        turn = 3 if suppression is not None else 0 if is_bad else 2
        is_again = isinstance(found, Finding) and found.source_number in seen
        if isinstance(found, Finding) and suppression is None:
            seen.add(found.source_number)
        ranked.append(_Annotation((turn, is_again, place), found, suppression))
    for place, (label, problem) in enumerate(list_leftovers(outcome)):
        ranked.append(_Annotation((1, 0, place), problem, leftover=label))
    return sorted(ranked, key=lambda annotation: annotation.turn)


def _annotate(annotation: _Annotation, run: Run) -> str:
    found, suppression = annotation.found, annotation.suppression
    if annotation.leftover:
        properties = {**_place(found), "title": f"dedup {annotation.leftover}"}
        message = found.message if isinstance(found, Problem) else ""
        return _command("warning", properties, escape_controls(message))
    relation = "unreadable" if isinstance(found, Problem) else name_kind(found)
    message = f"{name_subject(found)} {describe(found, run)}".strip()
    if isinstance(found, Finding) and found.reference.path is None:
        message = f"{name_place(found.reference)} {message}"
    if suppression is not None:
        message = f"{message} [{name_suppression(suppression)}]"
    level = level_of(found) if suppression is None else "note"
    properties = {**_place(found), "title": f"{rule_of(found)} {relation}"}
    return _command(_COMMANDS[level], properties, message)


def _place(found: Finding | Problem) -> dict[str, str]:
    """Give the properties that say where; a record from memory has no file."""
    if isinstance(found, Problem):
        line = {} if found.line is None else {"line": str(found.line)}
        return {"file": slash_path(found.path), **line}
    place = found.reference
    if place.path is None:
        return {}
    lines = {"line": str(place.start_line), "endLine": str(place.end_line)}
    return {"file": slash_path(place.path), **lines, **_columns(place)}


def _columns(place: Reference) -> dict[str, str]:
    if place.start_line != place.end_line or place.end_column < place.start_column:
        return {}
    return {"col": str(place.start_column), "endColumn": str(place.end_column)}


def _command(name: str, properties: dict[str, str], message: str) -> str:
    """Write a command: nothing in its values can end it or begin another one."""
    given = ",".join(
        f"{key}={escape_controls(_escape_property(value))}" for key, value in properties.items()
    )
    return f"::{name} {given}::{escape_controls(_escape_message(message))}\n"


def _escape_property(value: str) -> str:
    return escape_commands(value).translate(_IN_PROPERTIES)


def _escape_message(message: str) -> str:
    return escape_commands(message).translate(_MESSAGE_TABLE)


def _count_rest(rest: Sequence[_Annotation]) -> str:
    """Say how many are not annotated, by rule and apart what is suppressed, stale or unused."""
    counted = [each.found for each in rest if each.suppression is None and not each.leftover]
    suppressed = sum(each.suppression is not None for each in rest)
    left = sum(bool(each.leftover) for each in rest)
    parts = [count_rules(counted)] if counted else []
    parts += [f"{suppressed:,} suppressed"] if suppressed else []
    parts += [f"{left:,} stale or unused"] if left else []
    return f"and {len(rest):,} more, since GitHub shows ten at most: {', '.join(parts)}"
