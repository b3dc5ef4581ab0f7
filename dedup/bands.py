"""Propose the pairs of paragraphs whose signatures agree on a band.

Signatures come in, candidate pairs go out: sorted, distinct, lower row first.

Decision (2026-11-22): bands are chosen by recall at the threshold, not by the balance of false
positives and negatives that other tools optimise: at threshold 0.7 and 128 permutations that
balance finds 44 % of the pairs at the threshold. b bands of r rows find a pair of resemblance t
with probability 1 - (1 - t^r)^b (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets",
2020, section 3.4).

Decision (2026-11-22): the bucket rule. Rows stand in canonical order; member i of a bucket is
paired with every earlier member while i < 64, with the first 8 from there on. It is a function of
the bucket alone, linear and the same on every engine; members beyond 64 are counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from dedup.config import BandsConfig
from dedup.errors import SettingError
from dedup.kernels import Engine
from dedup.model import (
    Candidates,
    HashArray,
    IndexArray,
    PairArray,
    SignatureArray,
    Signatures,
    distinct,
)
from dedup.values import Value

_PAIRS_WAITING: Final = 1 << 23  # 64 MB
_Pairing: TypeAlias = tuple[PairArray, IndexArray]
MapInOrder: TypeAlias = Callable[[Callable[[int], _Pairing], Iterable[int]], Iterable[_Pairing]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bands(Value):
    """How a signature is cut: `n_bands` bands of `rows_per_band` neighbouring minima."""

    n_bands: int
    rows_per_band: int

    def recall(self, resemblance: float) -> float:
        """Give the probability that a pair of this resemblance shares a band.

        >>> round(Bands(32, 4).recall(0.7), 4)
        0.9998
        """
        return 1.0 - (1.0 - resemblance**self.rows_per_band) ** self.n_bands


def choose_bands(num_perm: int, threshold: float, config: BandsConfig) -> Bands:
    """Choose the most rows a band, so the fewest candidates, that still give the wanted recall.

    Args:
        num_perm: Permutations to spend, 16 to 256.
        threshold: Resemblance, in (0, 1], at which the recall is asked.
        config: The recall wanted.

    Raises:
        SettingError: Not even bands of one row give it.

    >>> choose_bands(128, 0.6, BandsConfig())
    Bands(n_bands=42, rows_per_band=3)
    """
    fitting = [Bands(num_perm // rows, rows) for rows in range(num_perm, 0, -1)]
    for bands in fitting:
        if bands.recall(threshold) >= config.recall:
            return bands
    raise SettingError(
        f"setting threshold is {threshold}: with {num_perm} permutations no bands find "
        f"{config.recall:.4%} of the pairs there (best: {fitting[-1].recall(threshold):.4%}). "
        "Raise the threshold, or compare fewer than 2,000 paragraphs at a time."
    )


def make_band_keys(signatures: Signatures, bands: Bands, engine: Engine) -> SignatureArray:
    """Hash each band of each signature to 32 bits; uint32, shape (n_bands, n_signatures).

    Two different bands get one key with probability 2^-32, which only costs a false candidate.
    """
    n = len(signatures.minima) // signatures.num_perm
    shape = (bands.n_bands, bands.rows_per_band)
    return engine.make_band_keys(signatures.minima, n, shape, signatures.num_perm)


def find_candidates(
    keys: SignatureArray,
    config: BandsConfig,
    engine: Engine,
    run: MapInOrder = map,
    sift: Callable[[PairArray], PairArray] = lambda pairs: pairs,
) -> Candidates:
    """Find the pairs of rows that share a bucket, by the bucket rule.

    Args:
        keys: Band keys; uint32, shape (n_bands, n_rows), rows in canonical order.
        config: The bucket rule's numbers.
        engine: Where the loops run.
        run: Applies a function to each band, in order; threads may run it.
        sift: Drops pairs of one band that need not be measured.
    """

    def pair(band: int) -> tuple[PairArray, IndexArray]:
        pairs, beyond = engine.pair_buckets(keys[band], config.full_bucket, config.few_in_bucket)
        return sift(pairs).copy(), beyond  # of the room that a band's pairs are given most is free

    found, heads = _Pairs(), np.full(keys.shape[1], keys.shape[1], np.int32)
    for pairs, beyond in run(pair, range(len(keys))):
        found.add(pairs)
        np.minimum(heads, beyond, out=heads, where=beyond >= 0)
    members = heads[heads < len(heads)]
    return Candidates(found.finish(), len(members), len(distinct(members)))


class _Pairs:
    """Distinct pairs of all bands; a pair of high resemblance stands in most of them."""

    def __init__(self) -> None:
        self._known = np.empty(0, np.uint64)
        self._waiting: list[PairArray] = []
        self._n_waiting = 0

    def add(self, pairs: PairArray) -> None:
        """Add the pairs of one band; merged when as many wait as are known, and some millions."""
        self._waiting.append(pairs)
        self._n_waiting += len(pairs)
        if self._n_waiting > max(_PAIRS_WAITING, len(self._known)):
            self._merge()

    def _merge(self) -> None:
        merged = np.concatenate([self._known, *self._waiting])
        self._waiting.clear()
        self._n_waiting = 0
        merged.sort()
        is_first = np.ones(len(merged), np.bool_)
        is_first[1:] = merged[1:] != merged[:-1]
        self._known = merged[is_first]

    def finish(self) -> PairArray:
        """Give the pairs, sorted."""
        self._merge()
        return self._known


def scatter_keys(keys: SignatureArray, salts: HashArray) -> SignatureArray:
    """Make keys of rows with different salts differ: one salt a row, as its document's number."""
    mixed = (salts + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    return keys ^ mixed.astype(np.uint32)
