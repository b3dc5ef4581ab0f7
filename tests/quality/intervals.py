"""Give shares with their uncertainty, by resampling whole documents."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_RESAMPLES = 1000
_BOUNDS = (0.025, 0.975)
Counts: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Bounded: TypeAlias = tuple[float, float, float]


def bootstrap_share(
    hits: npt.NDArray[np.bool_], documents: npt.NDArray[np.int64], seed: int = 1
) -> Bounded:
    """Give the share of hits and its 95 % interval.

    Args:
        hits: One flag an item.
        documents: The document of each item; those of one document are drawn together, since they
            are alike.
        seed: Of the resampling.

    Source:
        Efron, "Bootstrap methods: another look at the jackknife", 1979, doi:10.1214/aos/1176344552.
    """
    if not len(hits):
        return float("nan"), float("nan"), float("nan")
    _, rows = np.unique(documents, return_inverse=True)
    n_documents = int(rows.max()) + 1
    sums = np.bincount(rows, weights=hits, minlength=n_documents)
    sizes = np.bincount(rows, minlength=n_documents)
    drawn = np.random.default_rng(seed).integers(0, n_documents, (_RESAMPLES, n_documents))
    shares = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(shares, _BOUNDS)
    return float(hits.mean()), float(low), float(high)


def bootstrap_retrieval(
    flagged: Flags, true: Flags, documents: npt.NDArray[np.int64], seed: int = 1
) -> tuple[Bounded, Bounded, Bounded]:
    """Give precision, recall and F1, each with its 95 % interval over documents.

    Args:
        flagged: One flag an item: it was found.
        true: It is to be found.
        documents: The document of each item.
        seed: Of the resampling.
    """
    names, rows = np.unique(documents, return_inverse=True)
    found, false, missed = (
        np.bincount(rows, weights=hits, minlength=len(names))
        for hits in (true & flagged, ~true & flagged, true & ~flagged)
    )
    drawn = np.random.default_rng(seed).integers(0, len(names), (_RESAMPLES, len(names)))
    wholes = _retrieve(found.sum(), false.sum(), missed.sum())
    sums = (counts[drawn].sum(axis=1) for counts in (found, false, missed))
    precision, recall, harmonic = map(_bound, wholes, _retrieve(*sums))
    return precision, recall, harmonic


def _bound(whole: float, resampled: npt.NDArray[np.float64]) -> Bounded:
    """Give a figure and the interval of its resamples, of those in which it has a meaning."""
    meant = resampled[~np.isnan(resampled)]
    if not len(meant):
        return float("nan"), float("nan"), float("nan")
    low, high = np.quantile(meant, _BOUNDS)
    return float(whole), float(low), float(high)


def _retrieve(found: Counts, false: Counts, missed: Counts) -> npt.NDArray[np.float64]:
    """Give precision, recall and F1; not a number where nothing is flagged or to be flagged."""
    with np.errstate(invalid="ignore"):
        return np.array(
            [
                np.divide(found, found + false),
                np.divide(found, found + missed),
                np.divide(2 * found, 2 * found + false + missed),
            ]
        )
