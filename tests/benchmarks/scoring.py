"""Score clusters against the exact graph, and a report against resemblance measured elsewhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import pair_confusion_matrix

from dedup.model import Relation
from dedup.report import Report
from dedup.text import normalize, tokenize
from tests.benchmarks.resemblance import (
    ExactPairs,
    compare,
    cut_shingles,
    label_components,
    measure_resemblance,
)

_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ClusterScore:
    """Shares of pairs: in one cluster and one exact component; `edge_recall` of the exact pairs.

    Attributes:
        adjusted_rand: Agreement of the two partitions, 0 for chance, 1 for the same.
    """

    precision: float
    recall: float
    f1: float
    edge_recall: float
    adjusted_rand: float


@dataclass(frozen=True, slots=True)
class ReportScore:
    r"""How right a report is.

    Attributes:
        n_members: Redundant paragraphs in groups.
        precision: Share of them that reach the threshold with their canonical, by `\w+` words.
        own_precision: Likewise, by the words of `dedup.text`.
        n_pairs: Exact pairs, by `\w+` words.
        pair_recall: Share of them that were verified, or whose texts are identical.
        n_missed: Those that the bands missed: over the threshold by the words of `dedup.text` too.
        joined_f1: F1 of the components of all verified pairs, as rivals join theirs; groups are
            stars, and leave indirect pairs and variants apart on purpose.
    """

    n_members: int
    precision: float
    own_precision: float
    n_pairs: int
    pair_recall: float
    n_missed: int
    joined_f1: float


def read_clusters(path: Path) -> npt.NDArray[np.int64]:
    """Read `{"id", "cluster"}` or `{"id", "group"}` lines; a paragraph without one is alone."""
    names: dict[int, str] = {}
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            name = row["cluster"] if "cluster" in row else row["group"]
            names[row["id"]] = json.dumps(name if name is not None else [row["id"]])
    numbers: dict[str, int] = {}
    size = max(names, default=-1) + 1
    labels = (names.get(number, f"alone {number}") for number in range(size))
    return np.array([numbers.setdefault(name, len(numbers)) for name in labels], np.int64)


def score_clusters(clusters: npt.NDArray[np.int64], exact: ExactPairs) -> ClusterScore:
    """Score clusters by pairs of paragraphs."""
    (_, wrong), (missed, right) = pair_confusion_matrix(exact.labels, clusters).tolist()
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    both = precision + recall
    together = clusters[exact.pairs[:, 0]] == clusters[exact.pairs[:, 1]]
    return ClusterScore(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / both if both else 0.0,
        edge_recall=float(together.mean()) if len(together) else 1.0,
        adjusted_rand=float(adjusted_rand_score(exact.labels, clusters)),
    )


def score_report(report: Report, texts: Sequence[str], exact: ExactPairs) -> ReportScore:
    """Score a report on records of one paragraph each, whose ids are 0, 1, ... in input order."""
    size, threshold = report.config.shingles.size, report.config.verify.min_resemblance
    members = np.flatnonzero(report.grouping.relations != Relation.NONE)
    couples = [(int(number), int(report.grouping.canonicals[number])) for number in members]
    by_words = [measure_resemblance(texts[a], texts[b], size) for a, b in couples]
    own = [_measure_own(texts[a], texts[b], size) for a, b in couples]
    verified = _list_verified(report)
    unfound = _list_unfound(report, verified, exact)
    missed = [
        pair for pair in unfound if _measure_own(texts[pair[0]], texts[pair[1]], size) >= threshold
    ]
    joined = label_components(len(texts), verified)[_find_representatives(report)]
    return ReportScore(
        n_members=len(members),
        precision=_share_from(by_words, threshold),
        own_precision=_share_from(own, threshold),
        n_pairs=len(exact.pairs),
        pair_recall=1 - len(unfound) / max(1, len(exact.pairs)),
        n_missed=len(missed),
        joined_f1=score_clusters(joined, exact).f1,
    )


def _share_from(values: Sequence[float], threshold: float) -> float:
    return sum(value >= threshold - _TINY for value in values) / len(values) if values else 1.0


def _measure_own(left: str, right: str, size: int) -> float:
    one, two = (cut_shingles(tokenize(normalize(text)), size) for text in (left, right))
    return compare(one, two)


def _list_verified(report: Report) -> list[tuple[int, int]]:
    """List the verified near-duplicates and variants, lower number first."""
    kinds = report.pairs.relations
    near = (kinds == Relation.NEAR_DUPLICATE) | (kinds == Relation.VARIANT)
    sides = np.stack([report.pairs.lefts[near], report.pairs.rights[near]], axis=1)
    return [(left, right) for left, right in np.sort(sides, axis=1).tolist()]


def _find_representatives(report: Report) -> npt.NDArray[np.int64]:
    """Give each paragraph the first with the same text."""
    prints = report.corpus.tokens.prints.reshape(-1, 2)
    _, firsts, which = np.unique(prints, axis=0, return_index=True, return_inverse=True)
    return firsts[which.reshape(-1)].astype(np.int64)


def _list_unfound(
    report: Report, verified: Sequence[tuple[int, int]], exact: ExactPairs
) -> list[tuple[int, int]]:
    """List the exact pairs that are neither verified nor identical, by their representatives."""
    known = set(verified)
    stand_in = np.sort(_find_representatives(report)[exact.pairs], axis=1).tolist()
    return [
        (left, right)
        for (left, right), (one, two) in zip(exact.pairs.tolist(), stand_in, strict=True)
        if one != two and (one, two) not in known
    ]
