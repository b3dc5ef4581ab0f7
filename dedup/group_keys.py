"""Give each group a number of 64 bits that depends on its canonical's text alone."""

import numpy as np

from dedup.config import Config
from dedup.kernels.constants import LENGTH_MULTIPLIER
from dedup.model import HashArray, IndexArray


def key_groups(canonicals: IndexArray, prints: HashArray, config: Config) -> HashArray:
    """Give each paragraph's group as its canonical's fingerprint, first word.

    Where identical texts may be canonicals of different groups (compared within documents
    only, say), the second such group in input order has a number added, the third twice.

    Args:
        canonicals: For each paragraph of the run its canonical's number.
        prints: Fingerprints of all paragraphs, two words each.
        config: Every setting.
    """
    keys = prints[2 * canonicals.astype(np.int64)]
    if config.paragraphs.within == "both" and "DUP001" in config.run.rules:
        return keys
    heads = np.flatnonzero(canonicals == np.arange(len(canonicals)))
    order = heads[np.argsort(keys[heads], kind="stable")]
    places = np.arange(len(order))
    is_first = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
    ranks = places - np.maximum.accumulate(np.where(is_first, places, 0))
    keys[order] += ranks.astype(np.uint64) * np.uint64(LENGTH_MULTIPLIER)
    return keys[canonicals]
