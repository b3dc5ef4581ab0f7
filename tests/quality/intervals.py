"""Give shares with their uncertainty, by resampling whole documents."""

import numpy as np
import numpy.typing as npt

_RESAMPLES = 1000


def bootstrap_share(
    hits: npt.NDArray[np.bool_], documents: npt.NDArray[np.int64], seed: int = 1
) -> tuple[float, float, float]:
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
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(hits.mean()), float(low), float(high)
