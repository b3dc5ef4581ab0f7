"""A bucket of any size is paired in the memory of a small one.

`python -m tests.spark.skew` shows the same of a whole run, which takes too long for every day.
"""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from dedup.config import DEFAULTS, BandsConfig
from dedup.spark.stages.packing import pack_parts, read_parts
from dedup.spark.stages.pairing import pair_slices

CONFIG = replace(DEFAULTS, bands=BandsConfig(full_bucket=4, few_in_bucket=2))
ENTRIES_AT_ONCE = 1 << 16


def pack_bucket(n_members: int) -> Iterator[pa.RecordBatch]:
    """Give the packed entries of one bucket, as the tasks that sign hand them on."""
    for begin in range(0, n_members, ENTRIES_AT_ONCE):
        ids = np.arange(begin, min(n_members, begin + ENTRIES_AT_ONCE))
        keys = np.full(len(ids), 7, np.uint32)
        yield pack_parts(np.zeros(len(ids), np.int64), (ids, keys))


def pair_bucket(n_members: int) -> tuple[int, int]:
    """Pair a bucket; gives how many pairs came out, and the most bytes that were held meanwhile."""
    kinds = (np.int64, np.int64, np.bool_)
    tracemalloc.start()
    try:
        parts = read_parts(pair_slices(pack_bucket(n_members), CONFIG), kinds)
        n_pairs = sum(len(piece[0]) for _, pieces in parts for piece in pieces)
        return n_pairs, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bucket_of_three_million_is_paired_in_the_memory_of_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is held for speed alone would hide what grows.
    monkeypatch.setattr("dedup.spark.stages.buckets._GATHERED", ENTRIES_AT_ONCE)
    monkeypatch.setattr("dedup.spark.stages.buckets._PAIRS_AT_ONCE", ENTRIES_AT_ONCE)
    monkeypatch.setattr("dedup.spark.stages.pairing._PAIRS_AT_ONCE", ENTRIES_AT_ONCE)

    pair_bucket(ENTRIES_AT_ONCE)  # what is loaded with the first one is not held for its members
    n_pairs, held = pair_bucket(1_000_000)
    n_more, held_of_more = pair_bucket(3_000_000)

    # The second member has one earlier one, the third two, the fourth three, all others two.
    assert (n_pairs, n_more) == (6 + 2 * (1_000_000 - 4), 6 + 2 * (3_000_000 - 4))
    assert held_of_more < 1.1 * held
