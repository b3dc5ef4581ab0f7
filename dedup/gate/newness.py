"""Say which findings are new: those that a text makes which was not there so often before.

Decision (2026-11-26): what is accepted is texts with their number, not pairs of texts. A pair would
be new again when its canonical is deleted and the next copy takes its place, when a file is renamed
so that the two sides change places, and when a group is parted by a third text. So each text that
takes part in an accepted finding, as its paragraph or its source, is counted; of the paragraphs
that take part now, so many of each text are known, and the others are new. Moves, renames and a
deleted original bring no text and so nothing new; an edit brings one, a third copy one more.
One thing this cannot see: whether a text that takes part for the first time was there already,
without a finding. Of rewritten and contained paragraphs, which are sought among those that are
kept, renaming can bring such. A former state knows all texts, so there a finding must have one
that was added; a baseline does not.

A restated paragraph is judged by its own text alone: which earlier paragraphs are named as its
sources changes with every edit of its document. A boilerplate text is known as such, however many
pages come to hold it; its paragraphs are counted too, for the day when so few hold it that they are
copies again. Texts are named by their fingerprints (`Report.text_key`).

A finding is named by its new paragraph, also where an old one stands inside that or says it in
other words (`Finding.is_turned`). Never so a restated one, which is judged by its own text, nor
boilerplate, which names one place of many.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from dedup.findings import Finding, order_of, turn_round
from dedup.gate.baseline import BOILERPLATE_PREFIX, RESTATED_PREFIX
from dedup.model import Relation
from dedup.report import Report

_NEVER_TURNED: Final = (Relation.RESTATED, Relation.BOILERPLATE)

Part: TypeAlias = tuple[str, int]  # a text's key and the number of a paragraph that has it
Doubt: TypeAlias = tuple[int, int, str]  # touched by the change, accepted elsewhere, date
_NO_DOUBT: Final = (0, 0, "")


def count_texts(report: Report, findings: Iterable[Finding]) -> Counter[str]:
    """Count, for each text that takes part in findings, the paragraphs that have it."""
    return Counter(key for key, _ in _list_all(report, findings))


def _list_all(report: Report, findings: Iterable[Finding]) -> set[Part]:
    """Give what takes part in findings, of boilerplate every paragraph."""
    parts: set[Part] = set()
    for finding in findings:
        parts.update(list_parts(report, finding))
        if finding.relation is Relation.BOILERPLATE:
            texts, key = report.boilerplate.texts, report.text_key(finding.number)
            numbers = np.flatnonzero(texts == texts[finding.number])
            parts.update((key, number) for number in numbers.tolist())
    return parts


def locate_texts(report: Report, findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Give, for each text that takes part in findings, the files that hold such a paragraph."""
    paths: dict[str, set[str]] = {}
    for key, number in _list_all(report, findings):
        path = report.corpus.batch_of(number).path
        if path is not None:
            paths.setdefault(key, set()).add(path)
    return paths


def list_parts(report: Report, finding: Finding) -> Iterator[Part]:
    """Give what takes part in a finding, its own paragraph first."""
    own = report.text_key(finding.number)
    if finding.relation is Relation.RESTATED:
        yield f"{RESTATED_PREFIX}{own}", finding.number
        return
    if finding.relation is Relation.BOILERPLATE:
        yield f"{BOILERPLATE_PREFIX}{own}", finding.number
        return
    yield own, finding.number
    for number in finding.source_numbers:
        yield report.text_key(number), number


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NewParts:
    """Which paragraphs that take part in findings are new, by key and number."""

    parts: frozenset[Part]
    _report: Report
    _doubt: Callable[[Part], Doubt]

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding is new."""
        return not self.parts.isdisjoint(list_parts(self._report, finding))

    def is_of_source(self, finding: Finding) -> bool:
        """Tell whether the finding's best source is new, and its own paragraph less likely so.

        Where a text that stood alone is copied both sides are new to findings; what was touched is
        the copy.
        """
        own, source, *_ = list_parts(self._report, finding)
        is_own_older = own not in self.parts or self._doubt(own) < self._doubt(source)
        return source in self.parts and is_own_older


def find_new_parts(
    report: Report,
    findings: Iterable[Finding],
    known: Mapping[str, int],
    doubt: Callable[[Part], Doubt] = lambda _part: _NO_DOUBT,
) -> NewParts:
    """Find what is new in findings.

    Args:
        report: The run that they are of.
        findings: All that count.
        known: How many paragraphs of each text are known.
        doubt: How likely a paragraph is new: of equal texts those with the greatest doubt are
            taken for the new ones, among equals the last in input order.
    """
    numbers: dict[str, set[int]] = {}
    for finding in findings:
        for key, number in list_parts(report, finding):
            numbers.setdefault(key, set()).add(number)
    new: set[Part] = set()
    for key, found in numbers.items():
        n_known = known.get(key, 0)
        if len(found) > n_known:
            parts = sorted((doubt((key, number)), number) for number in found)
            new.update((key, number) for _, number in parts[n_known:])
    return NewParts(frozenset(new), report, doubt)


def name_new_first(findings: Iterable[Finding], new_parts: NewParts) -> tuple[Finding, ...]:
    """Turn round the findings whose source alone is new, so that it is their paragraph.

    Those of restated paragraphs and of boilerplate stay as they are.

    Where one new paragraph stands against several old ones so, the best of those is kept, the
    first of equals.
    """
    kept: list[Finding] = []
    turned: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        if finding.relation in _NEVER_TURNED or not new_parts.is_of_source(finding):
            kept.append(finding)
            continue
        new = turn_round(finding)
        key = new.rule, new.number
        if key not in turned or turned[key].score < new.score:
            turned[key] = new
    return tuple(sorted([*kept, *turned.values()], key=order_of))
