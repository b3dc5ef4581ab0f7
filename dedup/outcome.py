"""Hold what reporters write: a run, which of its findings are shown, and a check's verdict."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

from dedup.findings import Finding, Group, Member
from dedup.model import Problem, Relation
from dedup.report import Report
from dedup.runs import FreshRun, Run
from dedup.values import Value

SuppressionKind: TypeAlias = Literal["baseline", "unchanged", "inline", "allowed"]
_OLDER: Final = "was there before"
_NEXT: Final = "the first that is not ignored"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Suppression(Value):
    """Why a finding does not count.

    Attributes:
        kind: baseline: accepted there; unchanged: its texts were there before the change;
            inline: a comment in a source says so; allowed: its text may repeat.
        place: Where that is said: `docs/a.md:6`, `.dedup-baseline.json:12`, or the git revision.
        reason: What is given there as the reason, else ''.
    """

    kind: SuppressionKind
    place: str
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Judgement(Value):
    """What a check made of the findings.

    Attributes:
        fail_on: The least level that fails: note, warning or error.
        max_new: How many findings of that level are borne.
        n_failing: How many there are, unreadable inputs among them.
        suppressed: The findings that do not count, each with why.
        stale: Entries of the baseline that nothing matches any more.
        unused: Comments and allowed texts that suppress nothing.
        is_failed: Whether the check fails.
        shows_suppressed: Whether reports list what is suppressed.
    """

    fail_on: str
    max_new: int
    n_failing: int
    suppressed: tuple[tuple[Finding, Suppression], ...]
    stale: tuple[Problem, ...]
    unused: tuple[Problem, ...]
    is_failed: bool
    shows_suppressed: bool


@dataclass(frozen=True, eq=False, repr=False)
class Outcome:
    """A run and what is shown of it: `shown` is None for all findings."""

    run: Run
    shown: tuple[Finding, ...] | None = None
    judgement: Judgement | None = None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Give the findings that are shown, by (path, line, rule)."""
        return self.run.findings if self.shown is None else self.shown

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Give the groups with those members only that a shown finding names."""
        if self.shown is None:
            return self.run.groups
        return _regroup(self.shown, self.run)


def lay_open(report: Report) -> Outcome:
    """Give all of a fresh run's findings to reporters."""
    return Outcome(FreshRun(report))


def _regroup(shown: tuple[Finding, ...], run: Run) -> tuple[Group, ...]:
    """Make groups of the findings of redundant paragraphs, each around the source it names."""
    redundant = [f for f in shown if f.relation in (Relation.IDENTICAL, Relation.NEAR_DUPLICATE)]
    whole = {group.number: group for group in run.groups}
    known = {(m.number, group.number): m for group in run.groups for m in group.members}
    counts = {run.text_key(member.number): member.commonness for member in known.values()}
    members: dict[int, list[Member]] = {}
    for finding in redundant:
        member = known.get((finding.number, finding.source_number))
        member = member or _make_member(finding, counts, run)
        members.setdefault(finding.source_number, []).append(member)
    turned = {finding.source_number for finding in redundant if finding.number in whole}
    return tuple(
        _narrow(
            whole.get(number) or _make_group(number, run, is_older=number in turned),
            sorted(found, key=lambda member: member.number),
        )
        for number, found in sorted(members.items())
    )


def _make_member(finding: Finding, counts: dict[str, int], run: Run) -> Member:
    """Make a member of a finding that a check made: turned round, or with another source.

    `counts` tells, by text, in how many documents members of groups stand.
    """
    is_same = finding.relation is Relation.IDENTICAL
    held = None if is_same else run.containment(finding.number, finding.source_number)
    return Member(
        number=finding.number,
        reference=finding.reference,
        relation=finding.relation,
        resemblance=finding.score,
        containment=finding.score if held is None else held,
        commonness=counts.get(run.text_key(finding.number), 1),
    )


def _make_group(number: int, run: Run, *, is_older: bool) -> Group:
    """Make an empty group around a paragraph that is a canonical only of what is shown."""
    return Group(
        group=run.text_key(number)[:16],
        number=number,
        canonical=run.reference(number),
        reason=_OLDER if is_older else _NEXT,
        least_score=1.0,
        members=(),
    )


def _narrow(group: Group, members: list[Member]) -> Group:
    """Give a group of some members."""
    least = min(member.resemblance for member in members)
    return replace(group, least_score=least, members=tuple(members))
