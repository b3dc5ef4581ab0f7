"""Narrow a saved run to stricter thresholds and fewer rules.

What scores less is dropped, groups lose members, and shares and counts follow. A new scan may find
more: a pair that is no near-duplicate any more may be contained or rewritten there, and a canonical
that loses its members may join another group.

Restated paragraphs (DUP005) are those of a new scan, for the score depends on no threshold:
R falls with a paragraph's content terms as it does there, and what was saved of a reference
document has reached the threshold of those. Within a run of `--sensitive` what falls by less than
its margin becomes a note, as there.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from dedup.config import DEFAULTS, UNREADABLE_RULE, Config, RestatementConfig, VerifyConfig
from dedup.config.gate import FAIL_LEVELS
from dedup.errors import SettingError
from dedup.findings import REWORDED, Finding, Group
from dedup.model import Relation
from dedup.outcome import Judgement, Suppression
from dedup.report import RULE_OF
from dedup.restatement import SENSITIVE_MARGIN, discount_long
from dedup.rewriting import least_dice
from dedup.runs import DocumentRow
from dedup.saved.loading import Saved
from dedup.saved.runs import SavedRun


@dataclass(frozen=True, slots=True)
class Stricter:
    """What is asked of the findings of a saved run; None asks for what it was made with.

    Attributes:
        threshold: Least resemblance of near-duplicates and variants.
        containment: Least containment of contained paragraphs.
        restate_threshold: Least score of restated and rewritten paragraphs.
        strict: Whether all documents are asked what reference documents are.
        rules: The rules that are reported.
    """

    threshold: float | None = None
    containment: float | None = None
    restate_threshold: float | None = None
    strict: bool = False
    rules: tuple[str, ...] | None = None


def narrow(saved: Saved, asked: Stricter) -> Saved:
    """Give a saved run without what does not reach what is asked.

    Raises:
        SettingError: It asks for more than was saved, or for a value out of range.
    """
    run = saved.run
    config = _make_config(run.config, asked)
    if config == run.config:
        return saved
    sieve = _Sieve(run, config)
    findings = tuple(sieve.sift(run.findings))
    narrowed = replace(
        run,
        config=config,
        findings=findings,
        groups=tuple(_narrow_groups(run.groups, config)),
        documents=tuple(_narrow_documents(run, findings, config)),
    )
    judgement = saved.judgement
    if judgement is not None:
        judgement = _judge_again(judgement, run, narrowed)
        judgement = replace(judgement, suppressed=tuple(_sift_suppressed(judgement, sieve)))
    return Saved(narrowed, judgement)


def _make_config(config: Config, asked: Stricter) -> Config:
    rules = config.run.rules if asked.rules is None else asked.rules
    unknown = [rule for rule in rules if rule not in config.run.rules]
    if unknown or not rules:
        allowed = ", ".join(config.run.rules)
        raise SettingError(
            f"setting select is {','.join(unknown)!r}: allowed is {allowed}, which the run was "
            "made with. Scan again to have others."
        )
    return replace(
        config,
        verify=_raise_verify(config.verify, asked),
        restatement=_raise_restatement(config.restatement, asked),
        run=replace(config.run, rules=tuple(r for r in config.run.rules if r in rules)),
    )


def _raise_verify(config: VerifyConfig, asked: Stricter) -> VerifyConfig:
    return replace(
        config,
        min_resemblance=_raise("threshold", asked.threshold, config.min_resemblance),
        min_containment=_raise("containment", asked.containment, config.min_containment),
    )


def _raise(name: str, asked: float | None, saved: float) -> float:
    """Give a threshold that is at least the saved one.

    Raises:
        SettingError: It is lower, or over 1.
    """
    if asked is None or asked == saved:
        return saved
    if saved < asked <= 1:
        return asked
    raise SettingError(
        f"setting {name} is {asked}: allowed is {saved} to 1.0, since nothing under that was "
        "saved. Scan again with a lower one to see more."
    )


def _raise_restatement(config: RestatementConfig, asked: Stricter) -> RestatementConfig:
    """Raise R, and Dice and the threshold of reference documents as a scan raises them."""
    least = _raise("restate-threshold", asked.restate_threshold, config.min_score)
    if least != config.min_score:
        config = replace(
            config,
            min_score=least,
            min_dice=max(config.min_dice, DEFAULTS.restatement.scale_dice(least)),
            strict_score=max(config.strict_score, least),
        )
    return replace(config, strict=True, sensitive=False) if asked.strict else config


class _Sieve:
    """Tells which findings of a run reach what is asked."""

    def __init__(self, run: SavedRun, config: Config) -> None:
        self._run, self._config = run, config
        self._least: dict[Relation, Callable[[Finding], float]] = {
            Relation.NEAR_DUPLICATE: lambda _: config.verify.min_resemblance,
            Relation.VARIANT: lambda _: config.verify.min_resemblance,
            Relation.CONTAINED: lambda _: config.verify.min_containment,
        }
        if config.restatement != run.config.restatement:
            self._least |= dict.fromkeys(REWORDED, self._least_score)

    def sift(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        """Give those that reach it, or come near where that is wanted."""
        for finding in findings:
            if finding.rule in self._config.run.rules:
                find_least = self._least.get(finding.relation)
                least = find_least(finding) if find_least else 0.0
                if finding.score >= least or self._has_dice(finding):
                    yield finding
                elif self._is_near(finding, least):
                    yield _call_near(finding)

    def _least_score(self, finding: Finding) -> float:
        config = self._config.restatement
        base = max(config.strict_score, config.min_score) if config.strict else config.min_score
        n_terms = np.array([self._run.quote(finding).n_terms])
        return base * float(discount_long(n_terms, config)[0])

    def _has_dice(self, finding: Finding) -> bool:
        """Tell whether Dice alone makes it rewritten, which it may only across documents."""
        number, source = finding.number, finding.source_number
        return (
            finding.relation is Relation.REWRITTEN
            and finding.dice >= least_dice(self._config.restatement)
            and self._run.find_document(number) != self._run.find_document(source)
        )

    def _is_near(self, finding: Finding, least: float) -> bool:
        is_wanted = finding.relation in REWORDED and self._config.restatement.sensitive
        return is_wanted and finding.score >= least - SENSITIVE_MARGIN


def _call_near(finding: Finding) -> Finding:
    """Make a note of what only comes near; a level that somebody chose stays."""
    level = "note" if finding.level == "warning" else finding.level
    return replace(finding, level=level, is_near=True)


def _narrow_groups(groups: Iterable[Group], config: Config) -> Iterable[Group]:
    """Take the members out that are no duplicates any more, and groups that have none left."""
    least = {Relation.IDENTICAL: 0.0, Relation.NEAR_DUPLICATE: config.verify.min_resemblance}
    for group in groups:
        members = tuple(
            member
            for member in group.members
            if RULE_OF[member.relation] in config.run.rules
            and member.resemblance >= least[member.relation]
        )
        if members:
            least_score = min(member.resemblance for member in members)
            yield replace(group, members=members, least_score=least_score)


def _narrow_documents(
    run: SavedRun, findings: Iterable[Finding], config: Config
) -> Iterable[DocumentRow]:
    """Take the words out of padding ratios that restate no more; None where none is sought."""
    if "DUP005" not in config.run.rules:
        return (replace(row, padding_ratio=None) for row in run.documents)
    left = set(_list_padding(findings))
    freed: Counter[int] = Counter()
    for number in _list_padding(run.findings):
        if number not in left:
            freed[run.find_document(number)] += run.n_words(number)
    return (_free(row, freed[place]) for place, row in enumerate(run.documents))


def _list_padding(findings: Iterable[Finding]) -> Iterable[int]:
    return (
        finding.number
        for finding in findings
        if finding.relation is Relation.RESTATED and not finding.is_near
    )


def _free(row: DocumentRow, n_words: int) -> DocumentRow:
    if row.padding_ratio is None or not n_words:
        return row
    n_padding = max(0, round(row.padding_ratio * row.n_words) - n_words)
    return replace(row, padding_ratio=n_padding / max(row.n_words, 1))


def _judge_again(judgement: Judgement, before: SavedRun, after: SavedRun) -> Judgement:
    """Count again what fails; a check that failed by stale entries still fails."""
    levels = FAIL_LEVELS[FAIL_LEVELS.index(judgement.fail_on) :]
    n_before, n_failing = (
        sum(finding.level in levels for finding in run.findings) for run in (before, after)
    )
    if UNREADABLE_RULE in after.config.run.rules:
        n_failing += max(0, judgement.n_failing - n_before)
    is_stale = judgement.is_failed and judgement.n_failing <= judgement.max_new
    is_failed = n_failing > judgement.max_new or is_stale
    return replace(judgement, n_failing=n_failing, is_failed=is_failed)


def _sift_suppressed(judgement: Judgement, sieve: _Sieve) -> Iterable[tuple[Finding, Suppression]]:
    """Give what is suppressed and reaches what is asked; what is only counted stays counted."""
    for finding, suppression in judgement.suppressed:
        left = sieve.sift([finding]) if judgement.shows_suppressed else [finding]
        yield from ((each, suppression) for each in left)
