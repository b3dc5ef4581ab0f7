"""Group anew where a canonical is ignored, so that its members still count against each other.

Groups are stars: findings name the canonical alone. Where that may repeat, its members' findings
vanish with it, although they may be near-duplicates of each other. Here the paragraphs that its
pairs reach, directly or by way of others, are grouped once more without the ignored ones, by
the pairs that the run verified: as if those had not been there.

A paragraph that is ignored as near-duplicate only still stands for its copies, and one that is
ignored as identical only is a text of its own. What was sought among kept paragraphs alone
(contained, rewritten, restated) is not sought again for those that are kept now: it would need
texts compared anew, and whoever ignores a canonical accepts more than that.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dedup.findings import Finding
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.kernels import Engine, load_engine
from dedup.model import (
    Boilerplate,
    BoolArray,
    OffsetArray,
    Relation,
    VerifiedPairs,
)
from dedup.report import Report


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ignored:
    """Which paragraphs of a run are ignored as identical to others, and which as near."""

    as_identical: BoolArray
    as_near: BoolArray

    def has(self, rule: str, number: int) -> bool:
        """Say whether a paragraph is ignored for DUP001 or DUP002."""
        return bool((self.as_identical if rule == "DUP001" else self.as_near)[number])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Regrouped:
    """What was grouped anew.

    Attributes:
        is_regrouped: Of every paragraph of the run, whether it was among those.
        findings: Their identical and near-duplicate findings, as `Report.findings` has them.
    """

    is_regrouped: BoolArray
    findings: tuple[Finding, ...]


def regroup(report: Report, changed: list[int], ignored: Ignored) -> Regrouped:
    """Group anew what is paired with some paragraphs, directly or by way of others.

    Args:
        report: The run.
        changed: Paragraphs that are ignored and that others were grouped by: canonicals, and those
            that stood for their copies. Any others change nothing.
        ignored: Which are.
    """
    engine = load_engine("numpy")  # what is reached is little, and compiled loops must be loaded
    near = report.pairs.take(np.flatnonzero(report.pairs.relations == Relation.NEAR_DUPLICATE))
    is_reached = _reach(near, changed, len(report.corpus))
    chosen, texts = _list_copies(report, is_reached, engine)
    rows, representatives = _choose_rows(texts, chosen, ignored)
    pairs = near.take(np.flatnonzero(is_reached[near.lefts]))
    verified = _pair_rows(report, pairs, (rows, texts), ignored)
    prints, rules = report.corpus.tokens.prints, report.config.run.rules
    grouping = group_around_canonicals(verified, (rows, representatives), prints, rules, engine)
    alone = replace(
        report,
        grouping=grouping,
        pairs=near.take(rows[:0]),
        restatements=report.restatements.take(rows[:0]),
        boilerplate=Boilerplate.none(len(report.corpus)),
    )
    is_regrouped = np.zeros(len(report.corpus), np.bool_)
    is_regrouped[chosen] = True
    return Regrouped(is_regrouped, alone.findings)


def _reach(near: VerifiedPairs, changed: list[int], n_paragraphs: int) -> BoolArray:
    """Tell the paragraphs that pairs lead to, step by step."""
    is_reached = np.zeros(n_paragraphs, np.bool_)
    is_reached[changed] = True
    is_met = is_reached[near.lefts] | is_reached[near.rights]
    n_before = -1
    while n_before < (n_met := int(np.count_nonzero(is_met))):
        n_before = n_met
        is_reached[near.lefts[is_met]] = is_reached[near.rights[is_met]] = True
        is_met = is_reached[near.lefts] | is_reached[near.rights]
    return is_reached


def _list_copies(
    report: Report, is_reached: BoolArray, engine: Engine
) -> tuple[OffsetArray, OffsetArray]:
    """Give all paragraphs with the texts of those reached, and whom the run compared for each.

    Returns:
        Their numbers in canonical order; and for each paragraph of the run one that stood for its
        text, where it is among those, else its own number.
    """
    corpus, paragraphs = report.corpus, report.config.paragraphs
    prints = corpus.tokens.prints.reshape(-1, 2)
    is_alike = np.isin(prints[:, 0], prints[is_reached, 0])
    is_alike &= corpus.tokens.sizes >= paragraphs.min_words
    is_alike &= report.grouping.relations != Relation.BOILERPLATE
    order = order_paragraphs(corpus, report.config.canonical)
    order = order[is_alike[order]]
    texts = np.arange(len(corpus))
    if paragraphs.within != "corpus":
        salts = corpus.document if paragraphs.within == "document" else np.zeros_like(texts)
        salted = (prints + salts[:, None].astype(np.uint64)).reshape(-1)
        texts[order] = order[collapse_identical(salted, order, engine)]
    return order[is_reached[texts[order]]], texts


def _choose_rows(
    texts: OffsetArray, chosen: OffsetArray, ignored: Ignored
) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs to group, in canonical order, and for all the one that stands for it.

    One that is ignored in every way takes no part, one that is ignored as identical stands for
    itself alone.
    """
    representatives = np.arange(len(texts))
    firsts: dict[int, int] = {}
    for number in chosen[~ignored.as_identical[chosen]].tolist():
        representatives[number] = firsts.setdefault(int(texts[number]), number)
    takes_part = ~(ignored.as_identical & ignored.as_near)
    rows = chosen[(representatives[chosen] == chosen) & takes_part[chosen]]
    return rows, representatives


def _pair_rows(
    report: Report,
    pairs: VerifiedPairs,
    found: tuple[OffsetArray, OffsetArray],
    ignored: Ignored,
) -> VerifiedPairs:
    """Give the pairs of rows, from those of the paragraphs that stood for their texts."""
    rows, texts = found
    rows_of: dict[int, list[int]] = {}
    for row, number in enumerate(rows.tolist()):
        rows_of.setdefault(int(texts[number]), []).append(row)
    sides = zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True)
    listed = [
        (left, right, place)
        for place, (one, other) in enumerate(sides)
        for left, right in product(rows_of.get(one, ()), rows_of.get(other, ()))
    ]
    lefts, rights, places = np.array(listed, np.int64).reshape(-1, 3).T
    verified = replace(  # which side holds how much of the other no finding says
        pairs.take(places),
        lefts=np.minimum(lefts, rights).astype(np.int32),
        rights=np.maximum(lefts, rights).astype(np.int32),
    )
    return verified.take(_list_counting(report, verified, rows, ignored))


def _list_counting(
    report: Report, verified: VerifiedPairs, rows: OffsetArray, ignored: Ignored
) -> OffsetArray:
    """Give the places of the pairs neither side of which is ignored in that way."""
    prints = report.corpus.tokens.prints.reshape(-1, 2)
    lefts, rights = rows[verified.lefts], rows[verified.rights]
    is_same = (prints[lefts] == prints[rights]).all(axis=1)
    is_ignored = np.where(
        is_same,
        ignored.as_identical[lefts] | ignored.as_identical[rights],
        ignored.as_near[lefts] | ignored.as_near[rights],
    )
    return np.flatnonzero(~is_ignored)
