"""Say what a finding is in one line, without its place: the words that every format shares.

A format puts the place where its readers look for it, before the line or in a field.
"""

from typing import Final

from dedup.findings import REWORDED, Finding
from dedup.model import Problem, Relation
from dedup.outcome import Suppression
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import (
    name_conflicts,
    name_identity,
    name_number,
    name_place,
    name_recurrence,
    name_stand,
)
from dedup.reporters.restated import Linker, describe_finding, leave_unlinked, name_score
from dedup.runs import Run

_SUPPRESSED: Final = {
    "baseline": "accepted:",
    "unchanged": "unchanged since",
    "inline": "ignored:",
    "allowed": "allowed:",
}


def describe(found: Finding | Problem, run: Run, link: Linker = leave_unlinked) -> str:
    """Say what was found: `near-duplicate of docs/a.md:7 (0.75)`, `unreadable: ...`.

    A turned finding is told from the side of its paragraph: `contains docs/a.md:7 (1.00)`.

    Args:
        found: A finding of the run, or something unreadable.
        run: The run, which knows the sentences of a restated or rewritten paragraph.
        link: What to make of the name of each source, in the order in which they are named.

    Returns:
        One harmless line, of which the names, numbers and places alone come from outside.
    """
    if isinstance(found, Problem):
        return f"unreadable: {escape_controls(found.message)}"
    if found.relation in REWORDED:
        return f"{describe_finding(found, run.quote(found), link)} ({name_score(found)})"
    if found.relation is Relation.BOILERPLATE:
        return f"{found.relation.label} {name_recurrence(found)}"
    place, source = found.reference, found.source
    name = f"{name_place(source)}{name_identity(source)}{name_number(source, place)}"
    return f"{name_stand(found)} {link(name, source)}{_measure(found)}"


def _measure(finding: Finding) -> str:
    """Give the score, and of a variant the reason; identical texts need neither."""
    if finding.relation is Relation.IDENTICAL:
        return ""
    if finding.relation is Relation.VARIANT:
        return f" ({finding.score:.2f}, {name_conflicts(finding.conflicts)})"
    return f" ({finding.score:.2f})"


def name_subject(found: Finding | Problem) -> str:
    """Name a finding's paragraph beyond its place: ` "Night ferry" <https://...>`; often ''.

    A number follows where nothing else tells the paragraph from its source: ` [paragraph 2]`.
    """
    if isinstance(found, Problem):
        return ""
    place = found.reference
    if found.relation in (*REWORDED, Relation.BOILERPLATE):
        return name_identity(place)
    return f"{name_identity(place)}{name_number(place, found.source)}"


def name_suppression(suppression: Suppression) -> str:
    """Say why a finding does not count: `ignored: docs/a.md:6: a quotation`."""
    said = f"{_SUPPRESSED[suppression.kind]} {escape_controls(suppression.place)}"
    return f"{said}: {escape_controls(suppression.reason)}" if suppression.reason else said
