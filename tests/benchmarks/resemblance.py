r"""Measure resemblance apart from `dedup`: `re.findall(r"\w+", text.lower())`, sets of tuples."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

_WORDS: Final = re.compile(r"\w+")
_TINY: Final = 1e-9
Shingles: TypeAlias = frozenset[tuple[str, ...]]


def cut_shingles(words: Sequence[str], size: int) -> Shingles:
    """Give the distinct runs of `size` words; all words as one run where there are fewer."""
    last = max(1, len(words) - size + 1)
    return frozenset(tuple(words[place : place + size]) for place in range(last))


def compare(left: Shingles, right: Shingles) -> float:
    """Give |A and B| / |A or B|."""
    return len(left & right) / len(left | right)


def measure_resemblance(left: str, right: str, size: int) -> float:
    """Give the resemblance of two texts by word shingles."""
    one, two = (cut_shingles(_WORDS.findall(text.lower()), size) for text in (left, right))
    return compare(one, two)


@dataclass(frozen=True, slots=True)
class ExactPairs:
    """All pairs at or above a resemblance, lower id first, and the component of each paragraph."""

    pairs: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]


def load_exact_pairs(path: Path) -> ExactPairs:
    """Read what `exact_pairs.py` wrote."""
    with np.load(path) as stored:
        return ExactPairs(stored["pairs"].astype(np.int64), stored["label"].astype(np.int64))


def find_exact_pairs(texts: Sequence[str], size: int, threshold: float) -> ExactPairs:
    """Find all pairs by a prefix filter, then exactly; for some 10,000 paragraphs.

    Source:
        Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins in data cleaning",
        2006, doi:10.1109/ICDE.2006.9.
    """
    sets = [cut_shingles(_WORDS.findall(text.lower()), size) for text in texts]
    candidates = sorted(set(_share_rare_shingles(sets, threshold)))
    found = [
        (left, right)
        for left, right in candidates
        if compare(sets[left], sets[right]) >= threshold - _TINY
    ]
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return ExactPairs(pairs, label_components(len(texts), found))


def _share_rare_shingles(sets: Sequence[Shingles], threshold: float) -> Iterator[tuple[int, int]]:
    """Give the pairs that share one of their rarest shingles, as each pair wanted must."""
    counts = Counter(shingle for shingles in sets for shingle in shingles)
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, shingles in enumerate(sets):
        rarest = sorted(shingles, key=lambda shingle: (counts[shingle], shingle))
        prefix = len(rarest) - ceil(threshold * len(rarest) - _TINY) + 1
        for shingle in rarest[:prefix]:
            yield from ((earlier, number) for earlier in holders[shingle])
            holders[shingle].append(number)


def label_components(count: int, pairs: Sequence[tuple[int, int]]) -> npt.NDArray[np.int64]:
    """Label each paragraph with the smallest number that pairs lead to."""
    labels = np.arange(count)
    while True:
        before = labels.copy()
        for left, right in pairs:
            labels[left] = labels[right] = min(labels[left], labels[right])
        if np.array_equal(before, labels):
            return labels
