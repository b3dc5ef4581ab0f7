"""Measure how well a score ranks: against labels of two kinds, and against another score."""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


def rank(scores: Scores) -> Scores:
    """Give each score its place from 1, equal ones the mean of theirs."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Scores = (ends - (counts - 1) / 2)[places]
    return ranks


def measure_auc(positives: Scores, negatives: Scores) -> float:
    """Give the chance that a positive scores above a negative; a tie counts half.

    Source:
        Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982,
        doi:10.1148/radiology.143.1.7063747.
    """
    ranks = rank(np.concatenate([positives, negatives]))[: len(positives)]
    least = len(positives) * (len(positives) + 1) / 2
    return float((ranks.sum() - least) / (len(positives) * len(negatives)))


def correlate_ranks(one: Scores, two: Scores) -> float:
    """Give Spearman's correlation; not a number where one of the two is constant.

    Source:
        Spearman, "The proof and measurement of association between two things", 1904,
        doi:10.2307/1412159.
    """
    ranks = rank(one), rank(two)
    if min(np.ptp(ranks[0]), np.ptp(ranks[1])) == 0:
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])
