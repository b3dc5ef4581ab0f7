"""Say how well scores and verdicts agree with labels, and how sure that is.

Labels, scores and the document of each row come in as arrays; frozen figures go out. scikit-learn
gives the values and is imported only here, when one is asked for.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.model import ScoreArray
from dedup.resampling import (
    Draws,
    Estimate,
    Flags,
    Weights,
    adjust_rand,
    correlate_ranks,
    count_pairs,
    estimate,
    rank_weighted,
    sort_rows,
)

_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How verdicts agree with labels.

    Attributes:
        precision: Share of what was found that is labelled positive; 0 where nothing was found.
        recall: Share of what is labelled positive that was found.
        f1: Their harmonic mean.
    """

    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well a score orders rows, whatever the threshold.

    Attributes:
        auc: The chance that a positive row has the higher score than a negative one.
        average_precision: Mean precision over all thresholds, weighted by the recall each adds.
        spearman: Rank correlation with the labels before they became 0 and 1; None where they were.
    """

    auc: Estimate
    average_precision: Estimate
    spearman: Estimate | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that meets a wish, and how it does on the labelled rows themselves.

    Attributes:
        wanted: `precision` or `recall`.
        least: How much of it.
        threshold: The score from which on a row counts; None where no threshold meets the wish.
        best: The most that any threshold gives of what is wanted.
        n_found: Rows from the threshold on.
        verdicts: Precision, recall and F1 there.
    """

    wanted: str
    least: float
    threshold: float | None
    best: float
    n_found: int
    verdicts: Verdicts | None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """What rows of about one score are labelled.

    Attributes:
        low, high: The least and the greatest score among them.
        n_rows: How many they are.
        share: Share of them labelled positive.
        fitted: The same by isotonic regression over all rows, which never falls as scores rise.
    """

    low: float
    high: float
    n_rows: int
    share: float
    fitted: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How predicted clusters agree with labelled ones; precision and recall are of pairs of rows.

    `adjusted_rand` is 1 for the same clusters and 0 on average for chance.
    """

    adjusted_rand: Estimate
    pairs: Verdicts


def judge_verdicts(labels: Flags, found: Flags, draws: Draws) -> Verdicts:
    """Give precision, recall and F1 of verdicts.

    Args:
        labels: Whether each row is labelled positive.
        found: Whether each row was found.
        draws: Of the rows' documents.
    """
    from sklearn.metrics import precision_recall_fscore_support  # noqa: PLC0415 -- 0.7 s

    values = precision_recall_fscore_support(labels, found, average="binary", zero_division=0.0)
    hits, positives, all_found = (
        column.astype(np.float64) for column in (labels & found, labels, found)
    )
    sums = np.array([(w @ hits, w @ all_found, w @ positives) for w in draws])
    return _make_verdicts(values[:3], sums)


def _make_verdicts(values: tuple[float, ...], sums: Weights) -> Verdicts:
    """Put intervals around precision, recall and F1.

    Args:
        values: The three of all rows.
        sums: float64, shape (draws, 3): what was rightly found, found, and labelled positive.
    """
    hits, found, positives = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (hits / found, hits / positives, 2 * hits / (found + positives))
    estimates = (estimate(value, row) for value, row in zip(values, drawn, strict=True))
    return Verdicts(*estimates)


def judge_ranking(
    labels: Flags, scores: ScoreArray, draws: Draws, grades: ScoreArray | None = None
) -> Ranking:
    """Give what a score orders right, over all thresholds.

    Args:
        labels: Whether each row is labelled positive; both kinds must occur.
        scores: The higher, the likelier positive.
        draws: Of the rows' documents.
        grades: The labels as numbers, where they were more than two.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score  # noqa: PLC0415 -- 0.7 s

    rows = sort_rows(labels, scores)
    drawn = np.array([rank_weighted(weights, *rows) for weights in draws])
    auc, precision = roc_auc_score(labels, scores), average_precision_score(labels, scores)
    spearman = None
    if grades is not None:
        ones = np.ones(len(scores))
        correlations = [correlate_ranks(scores, grades, weights) for weights in draws]
        spearman = estimate(correlate_ranks(scores, grades, ones), correlations)
    return Ranking(estimate(auc, drawn[:, 0]), estimate(precision, drawn[:, 1]), spearman)


def find_threshold(
    labels: Flags, scores: ScoreArray, draws: Draws, wish: tuple[str, float]
) -> Threshold:
    """Find the threshold that meets a wished precision or recall, and gives most of the other.

    Args:
        labels: Whether each row is labelled positive; both kinds must occur.
        scores: The higher, the likelier positive.
        draws: Of the rows' documents.
        wish: `precision` or `recall`, and how much of it.
    """
    from sklearn.metrics import precision_recall_curve  # noqa: PLC0415 -- 0.7 s

    wanted, least = wish
    precisions, recalls, thresholds = precision_recall_curve(labels, scores)
    curve = (precisions if wanted == "precision" else recalls)[:-1]  # the last has no threshold
    meeting = np.flatnonzero(curve >= least)
    if not len(meeting):
        return Threshold(wanted, least, None, float(curve.max()), 0, None)
    place = meeting[-1]
    if wanted == "precision":  # most recall, and of those most precision
        best = meeting[recalls[meeting] == recalls[meeting].max()]
        place = best[np.argmax(precisions[best])]
    threshold = float(thresholds[place])
    found = scores >= threshold
    verdicts = judge_verdicts(labels, found, draws)
    n_found = int(np.count_nonzero(found))
    return Threshold(wanted, least, threshold, float(curve.max()), n_found, verdicts)


def calibrate(labels: Flags, scores: ScoreArray) -> tuple[CalibrationBin, ...]:
    """Say what share of the rows of about each score is labelled positive.

    Returns:
        At most ten bins of about as many rows each, from the lowest scores up; equal scores stay
        together.
    """
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 -- 0.7 s

    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    fitted = model.fit(scores, labels.astype(np.float64)).predict(scores)
    edges = np.unique(np.quantile(scores, np.arange(1, _BINS) / _BINS))
    numbers = np.searchsorted(edges, scores, "right")
    bins = []
    for number in np.unique(numbers).tolist():
        rows = np.flatnonzero(numbers == number)
        own, share, mean = scores[rows], labels[rows].mean(), fitted[rows].mean()
        low, high = float(own.min()), float(own.max())
        bins.append(CalibrationBin(low, high, len(rows), float(share), float(mean)))
    return tuple(bins)


def measure_share(found: Flags, draws: Draws, chosen: Flags) -> Estimate:
    """Give the share of some rows that was found."""
    hits, rows = (found & chosen).astype(np.float64), chosen.astype(np.float64)
    sums = np.array([(weights @ hits, weights @ rows) for weights in draws])
    with np.errstate(invalid="ignore"):
        drawn = sums[:, 0] / sums[:, 1]
    return estimate(hits.sum() / rows.sum() if rows.any() else np.nan, drawn)


def judge_clusters(labels: npt.ArrayLike, predicted: npt.ArrayLike, draws: Draws) -> Agreement:
    """Give how predicted clusters agree with labelled ones.

    A row that a draw holds twice makes no pair with itself.

    Args:
        labels: The labelled cluster of each row.
        predicted: The predicted one.
        draws: Of the rows' documents.
    """
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 -- 0.7 s
    from sklearn.metrics.cluster import pair_confusion_matrix  # noqa: PLC0415 -- likewise

    true, own = (
        np.unique(np.asarray(side), return_inverse=True)[1] for side in (labels, predicted)
    )
    (_, false_pairs), (missed, hits) = pair_confusion_matrix(true, own).tolist()
    values = _combine(hits, hits + false_pairs, hits + missed)
    _, both = np.unique(true.astype(np.int64) << 32 | own, return_inverse=True)
    sums = np.array([count_pairs((both, own, true), weights) for weights in draws])
    chance = [adjust_rand(*row) for row in sums.tolist()]
    adjusted = estimate(adjusted_rand_score(true, own), chance)
    return Agreement(adjusted, _make_verdicts(values, sums[:, :3]))


def _combine(hits: float, found: float, positives: float) -> tuple[float, float, float]:
    """Give precision, recall and F1; 0 where there is nothing to divide by."""
    f1 = 2 * hits / max(found + positives, 1)
    return hits / max(found, 1), hits / max(positives, 1), f1
