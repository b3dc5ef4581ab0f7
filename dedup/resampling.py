"""Draw documents again and again, and give figures of the rows drawn: how sure a figure is.

The document of each row comes in, weights go out, and figures of weighted rows.

Decision (2026-11-24): the 95 % intervals are those of 1,000 bootstrap draws of whole documents,
since rows of one document are alike. A draw is a weight for each row, so that a figure of all draws
is a few sums over rows sorted once; the figures equal scikit-learn's, which needs 2 ms for each
draw and has none for pairs of weighted rows. A value that no draw changes, such as a precision of
1, has an interval of no width: the labels then say nothing of how much lower it may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.model import OffsetArray, ScoreArray

_DRAWS: Final = 1000
_INTERVAL: Final = (0.025, 0.975)
Flags: TypeAlias = npt.NDArray[np.bool_]
Weights: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; NaN where the rows do not determine it."""

    value: float
    low: float
    high: float


class Draws:
    """Bootstrap draws of documents, as how often each row is drawn."""

    def __init__(self, documents: npt.ArrayLike, seed: int) -> None:
        """Draw as many documents as there are, with replacement, a thousand times.

        Source:
            Efron, "Bootstrap methods: another look at the jackknife", 1979,
            doi:10.1214/aos/1176344552.
        """
        _, self._rows = np.unique(np.asarray(documents), return_inverse=True)
        self._n_documents = int(self._rows.max(initial=-1)) + 1
        self._seed = seed

    def __iter__(self) -> Iterator[Weights]:
        """Give the weights of the rows, draw by draw; every time the same."""
        generator = np.random.default_rng(self._seed)
        for _ in range(_DRAWS):
            drawn = generator.integers(0, self._n_documents, self._n_documents)
            counts = np.bincount(drawn, minlength=self._n_documents)
            yield counts[self._rows].astype(np.float64)


def estimate(value: float, drawn: npt.ArrayLike) -> Estimate:
    """Put the interval of the draws, of those that determine the figure, around a value."""
    figures = np.asarray(drawn, np.float64)
    figures = figures[~np.isnan(figures)]
    low, high = np.quantile(figures, _INTERVAL) if len(figures) else (np.nan, np.nan)
    return Estimate(float(value), float(low), float(high))


def sort_rows(labels: Flags, scores: ScoreArray) -> tuple[OffsetArray, OffsetArray, Flags]:
    """Give the rows from the highest score down, where each run of equals begins, their labels."""
    order = np.argsort(-scores, kind="stable")
    firsts = np.flatnonzero(np.diff(scores[order], prepend=np.inf))
    return order, firsts, labels[order]


def rank_weighted(
    weights: Weights, order: OffsetArray, firsts: OffsetArray, labels: Flags
) -> tuple[float, float]:
    """Give AUC and average precision of weighted rows, as scikit-learn defines them."""
    ordered = weights[order]
    positives = np.add.reduceat(ordered * labels, firsts)
    negatives = np.add.reduceat(ordered * ~labels, firsts)
    n_positive, n_negative = positives.sum(), negatives.sum()
    if not (n_positive and n_negative):
        return np.nan, np.nan
    found = np.cumsum(positives)
    auc = ((found - positives / 2) * negatives).sum() / (n_positive * n_negative)
    shown = np.maximum(found + np.cumsum(negatives), 1.0)
    return float(auc), float((positives * found / shown).sum() / n_positive)


def correlate_ranks(left: ScoreArray, right: ScoreArray, weights: Weights) -> float:
    """Give Spearman's rank correlation of weighted rows, equals with their mean rank.

    Source:
        Spearman, "The proof and measurement of association between two things", 1904,
        doi:10.2307/1412159.
    """
    ranks = [_rank(values, weights) for values in (left, right)]
    one, two = (rank - np.average(rank, weights=weights) for rank in ranks)
    spread = np.sqrt((weights * one**2).sum() * (weights * two**2).sum())
    return float((weights * one * two).sum() / spread) if spread else np.nan


def _rank(values: ScoreArray, weights: Weights) -> ScoreArray:
    _, kinds = np.unique(values, return_inverse=True)
    sizes = np.bincount(kinds, weights)
    middles: ScoreArray = (np.cumsum(sizes) - sizes / 2)[kinds]
    return middles


def count_pairs(
    kinds: tuple[OffsetArray, OffsetArray, OffsetArray], weights: Weights
) -> tuple[float, float, float, float]:
    """Count the pairs of rows in one cluster both ways, predicted, labelled, and all pairs."""
    own = (weights**2).sum()
    sums = ((np.bincount(kind, weights) ** 2).sum() for kind in kinds)
    both, predicted, labelled = ((total - own) / 2 for total in sums)
    return both, predicted, labelled, (weights.sum() ** 2 - own) / 2


def adjust_rand(hits: float, found: float, positives: float, total: float) -> float:
    """Give the adjusted Rand index from counts of pairs.

    Source:
        Hubert and Arabie, "Comparing partitions", 1985, doi:10.1007/BF01908075.
    """
    expected = found * positives / total if total else 0.0
    most = (found + positives) / 2
    return (hits - expected) / (most - expected) if most != expected else np.nan
