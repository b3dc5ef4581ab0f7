"""Judge the findings of a whole run: which of them fail a check.

A report, the gate's settings and what is known go in; an outcome with a judgement comes out. In
order: levels; what comments and allow files suppress; what was there before the change; what the
baseline accepts. What remains is shown, the new paragraph of each finding first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dedup.config import UNREADABLE_RULE
from dedup.config.gate import FAIL_LEVELS, GateConfig
from dedup.findings import Finding, order_of
from dedup.gate.allowed import Allowed
from dedup.gate.baseline import Baseline, name_from
from dedup.gate.levels import set_levels, set_levels_anew
from dedup.gate.newness import (
    Doubt,
    NewParts,
    Part,
    count_texts,
    find_new_parts,
    list_parts,
    name_new_first,
)
from dedup.gate.suppressions import find_suppressed
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression
from dedup.report import Report
from dedup.runs import FreshRun


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Former:
    """The state that a check compares with: how many paragraphs of each text were in findings.

    `is_touched` tells which paragraphs of the present the change touched, `is_added` those whose
    text stands in more places than before; None where no finding touches a change.
    """

    revision: str
    counts: Mapping[str, int]
    is_touched: Callable[[int], bool]
    is_added: Callable[[int], bool] | None

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding has a text that was added."""
        numbers = (finding.number, *finding.source_numbers)
        return self.is_added is not None and any(map(self.is_added, numbers))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Known:
    """What need not be found again: what a baseline accepts, and a former state."""

    baseline: Baseline | None = None
    former: Former | None = None


@dataclass(slots=True, eq=False, repr=False)
class _Sieve:
    """Findings that are left, and those that were taken out, each with why."""

    left: tuple[Finding, ...]
    suppressed: list[tuple[Finding, Suppression]] = field(default_factory=list)

    def take_out(
        self, new_parts: NewParts | Former, explain: Callable[[Finding], Suppression]
    ) -> None:
        """Take out what is not new."""
        left = []
        for finding in self.left:
            if new_parts.has(finding):
                left.append(finding)
            else:
                self.suppressed.append((finding, explain(finding)))
        self.left = tuple(left)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Standing:
    """The findings that count before anything is accepted, and what a source or file took out."""

    findings: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, Suppression], ...]
    unused: tuple[Problem, ...]


def list_standing(report: Report, config: GateConfig, allowed: Allowed | None) -> Standing:
    """Give the findings at their levels, without what comments and allow files suppress."""
    levelled = set_levels(report.findings, config)
    found = find_suppressed(report, levelled, allowed)
    remaining = set_levels(found.remaining, config)
    return Standing(remaining, found.suppressed, found.unused)


def judge_findings(report: Report, standing: Standing, config: GateConfig, known: Known) -> Outcome:
    """Decide which findings fail, and show what is left of them.

    Args:
        report: The run.
        standing: Its findings that count.
        config: What fails.
        known: What need not be found again.
    """
    sieve = _Sieve(standing.findings, list(standing.suppressed))
    former, baseline = known.former, known.baseline
    kinds_of_new = []
    if former is not None:
        sieve.take_out(former, lambda _: Suppression("unchanged", former.revision))
        new_parts = find_new_parts(report, sieve.left, former.counts, _doubt(report, known))
        sieve.take_out(new_parts, lambda _: Suppression("unchanged", former.revision))
        kinds_of_new.append(new_parts)
    if baseline is not None:
        counts = baseline.counts
        new_parts = find_new_parts(report, standing.findings, counts, _doubt(report, known))
        sieve.take_out(new_parts, lambda finding: _accept(report, baseline, finding))
        kinds_of_new.append(new_parts)
    shown = sieve.left
    if kinds_of_new:
        shown = set_levels_anew(name_new_first(shown, kinds_of_new[0]), config)
    stale = () if baseline is None else _find_stale(baseline, report, standing.findings)
    suppressed = tuple(sorted(sieve.suppressed, key=lambda pair: order_of(pair[0])))
    n_failing = _count_failing(report, shown, config)
    judgement = Judgement(
        fail_on=config.fail_on,
        max_new=config.max_new,
        n_failing=n_failing,
        suppressed=suppressed,
        stale=stale,
        unused=standing.unused,
        is_failed=n_failing > config.max_new or (config.fail_on_stale and bool(stale)),
        shows_suppressed=config.show_suppressed,
    )
    return Outcome(FreshRun(report), shown, judgement)


def _doubt(report: Report, known: Known) -> Callable[[Part], Doubt]:
    """Give how likely a paragraph is the new one of several with its text.

    A change that touched it says most; then that the baseline names no such file as one whose text
    it accepted; then a later date, as entries of feeds have.
    """
    former, baseline = known.former, known.baseline

    def list_reasons(part: Part) -> Doubt:
        key, number = part
        is_touched = former is not None and former.is_touched(number)
        path = report.corpus.batch_of(number).path
        is_elsewhere = baseline is not None and not baseline.names(key, path)
        return int(is_touched), int(is_elsewhere), report.corpus.date(number)

    return list_reasons


def _accept(report: Report, baseline: Baseline, finding: Finding) -> Suppression:
    """Say which entry of the baseline accepts a finding: that of its own text."""
    key, _ = next(list_parts(report, finding))
    return Suppression("baseline", f"{baseline.path}:{baseline.lines[key]}")


def _find_stale(
    baseline: Baseline, report: Report, findings: Iterable[Finding]
) -> tuple[Problem, ...]:
    """Give the entries of a baseline that accept more than there is."""
    return baseline.list_stale(count_texts(report, findings), make_decidable(baseline, report))


def make_decidable(baseline: Baseline, report: Report) -> Callable[[str], bool]:
    """Give what tells the entries of a baseline of which a run says whether they are stale.

    All or none: a run that left out a file or a rule of the baseline does not know what stands
    against what it read, nor where a text went that is no longer in its file.
    """
    run = report.config
    is_whole = baseline.was_sought(run.run.rules, run.paragraphs.within)
    is_whole = is_whole and not list_unread(baseline, report)
    return lambda _key: is_whole


def list_unread(baseline: Baseline, report: Report) -> list[str]:
    """Give the files of a baseline that are there and that a run did not read."""
    read = {name_from(baseline.path, b.path) for b in report.corpus.batches if b.path is not None}
    named = {name for names in baseline.files.values() for name in names}
    return [name for name in sorted(named - read) if baseline.holds(name)]


def _count_failing(report: Report, shown: Iterable[Finding], config: GateConfig) -> int:
    """Count what is at the least level that fails or above, unreadable inputs among them."""
    levels = [finding.level for finding in shown]
    if UNREADABLE_RULE in report.config.run.rules:
        levels += ["error"] * len(report.problems)
    least = FAIL_LEVELS.index(config.fail_on)
    return sum(level in FAIL_LEVELS[least:] for level in levels)
