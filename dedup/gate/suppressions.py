"""Take out the findings that a comment in a source or an allow file says are meant so.

A report, its findings and the allowed texts come in; what is left of the findings goes out, with
what was taken out and by which comment or text, and which of those took out nothing. A finding is
taken out by either side: its own paragraph, or all its sources. Of a restated paragraph an allow
file speaks as its own text alone: that parts of it may repeat does not excuse saying them again.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from dedup.findings import Finding, order_of
from dedup.gate.allowed import Allowed
from dedup.gate.grounds import Grounds
from dedup.gate.regrouping import regroup
from dedup.gate.scopes import list_scopes
from dedup.model import Problem
from dedup.outcome import Suppression
from dedup.report import Report

_IDENTICAL: Final = "DUP001"
_NEAR: Final = "DUP002"
_GROUPED: Final = (_IDENTICAL, _NEAR)
_Parted: TypeAlias = tuple[tuple[Finding, ...], tuple[tuple[Finding, Suppression], ...]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Suppressed:
    """What is left of findings, what was taken out and why, and what took out nothing.

    Attributes:
        remaining: By (path, line, rule).
        suppressed: Likewise, each with why.
        unused: Comments and allowed texts that take out nothing, and comments that say nothing.
    """

    remaining: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, Suppression], ...]
    unused: tuple[Problem, ...]


def find_suppressed(
    report: Report, findings: tuple[Finding, ...], allowed: Allowed | None = None
) -> Suppressed:
    """Take out what comments and allow files suppress.

    Where a canonical is taken out, its members are grouped anew: `remaining` may hold identical and
    near-duplicate findings that `findings` does not. They have the level of their rule.

    Args:
        report: The run.
        findings: Of its findings those that count, by (path, line, rule).
        allowed: The texts that may repeat; None for none.
    """
    scopes = list_scopes(report)
    if not scopes and allowed is None:
        return Suppressed(findings, (), ())
    grounds = Grounds(report, scopes, allowed)
    parted = _part(findings, grounds)
    changed = _list_changed(parted, grounds, report)
    if changed:
        parted = _group_anew(report, grounds, changed, parted)
    return Suppressed(*parted, grounds.list_unused())


def _part(findings: tuple[Finding, ...], grounds: Grounds) -> _Parted:
    """Part the findings that count from those that do not."""
    explained = [(finding, grounds.explain(finding)) for finding in findings]
    return (
        tuple(finding for finding, why in explained if why is None),
        tuple((finding, why) for finding, why in explained if why is not None),
    )


def _list_changed(parted: _Parted, grounds: Grounds, report: Report) -> list[int]:
    """Give the ignored paragraphs without which the others would be grouped otherwise.

    They are the canonicals of members that are not ignored themselves; and whoever joined a
    canonical before copies of its own text, which stood for those.
    """
    remaining, suppressed = parted
    grouped = [finding for finding, _ in suppressed if finding.rule in _GROUPED]
    if not grouped:
        return []
    ignored = grounds.list_ignored()
    changed = {f.source_number for f in grouped if not ignored.has(f.rule, f.number)}
    joined = [f for f in grouped if f.rule == _NEAR and ignored.has(_IDENTICAL, f.number)]
    if joined:
        stay = {_name_copies(report, f) for f in remaining if f.rule == _NEAR}
        changed.update(f.number for f in joined if _name_copies(report, f) in stay)
    return sorted(changed)


def _name_copies(report: Report, finding: Finding) -> tuple[int, str]:
    """Give what the near-duplicate findings of a text and its copies have in common."""
    return finding.source_number, report.text_key(finding.number)


def _group_anew(report: Report, grounds: Grounds, changed: list[int], parted: _Parted) -> _Parted:
    """Give the findings of new groups for those of the old ones."""
    remaining, suppressed = parted
    regrouped = regroup(report, changed, grounds.list_ignored())
    grounds.use_grouped(regrouped.is_regrouped)
    left, taken_out = _part(regrouped.findings, grounds)
    kept = [
        finding
        for finding in remaining
        if finding.rule not in _GROUPED or not regrouped.is_regrouped[finding.number]
    ]
    listed = {finding.number for finding, _ in suppressed if finding.rule in _GROUPED}
    again = [pair for pair in taken_out if pair[0].number not in listed]
    return (
        tuple(sorted([*kept, *left], key=order_of)),
        tuple(sorted([*suppressed, *again], key=lambda pair: order_of(pair[0]))),
    )
