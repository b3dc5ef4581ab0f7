"""Pair the entries of one slice of one band by the bucket rule, however many they are.

In: entries (key, rank, id), in any order, piece by piece. Out: pairs of ids in canonical order, and
whether the second is a member beyond the full bucket that the first begins.

Decision (2026-11-26): entries come in no order, since the first `full_bucket` members of a bucket
are known when all have been seen, not when they come sorted; so nothing has to be sorted by the
JVM. Held are those members alone: whenever many entries have gathered, the others, which no later
entry can make one of the first, go to a file of the task's own, with key and id. In the end they
are read again, a piece at a time, to be paired with the first few. So a bucket of any size takes
the memory of a small one.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from dedup.config import BandsConfig
from dedup.machine import find_temporary_folder
from dedup.model import BoolArray, OffsetArray, ScoreArray, SignatureArray, spread_ranges

_GATHERED: Final = 1 << 20  # entries, besides those held, before the others are put aside
_PAIRS_AT_ONCE: Final = 1 << 19
_IN_MEMORY: Final = 1 << 20  # bytes put aside without a file
_LOCAL_FOLDERS: Final = "SPARK_LOCAL_DIRS"  # set for the Python of a task
_ASIDE: Final = np.dtype([("key", np.uint32), ("id", np.int64)])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pairs:
    """Pairs of ids, `a` before `b` in canonical order; see PROPOSED in `pairing`."""

    a: OffsetArray
    b: OffsetArray
    is_beyond: BoolArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Entries:
    """Entries sorted by key, then canonical order; `places` counts those of each key from 0."""

    keys: SignatureArray
    ids: OffsetArray
    ranks: ScoreArray
    places: OffsetArray

    @classmethod
    def sort(cls, keys: SignatureArray, ids: OffsetArray, ranks: ScoreArray) -> "_Entries":
        """Sort entries: by canonical order first, mostly that of the pieces, then key and place."""
        order = np.lexsort((ids, ranks)) if ranks.any() else np.argsort(ids, kind="stable")
        codes = keys[order].astype(np.uint64) << np.uint64(32) | np.arange(
            len(ids), dtype=np.uint64
        )
        codes.sort()
        order = order[(codes & np.uint64(0xFFFFFFFF)).astype(np.int64)]
        keys = (codes >> np.uint64(32)).astype(np.uint32)
        rows = np.arange(len(keys))
        is_first = np.ones(len(keys), np.bool_)
        is_first[1:] = keys[1:] != keys[:-1]
        places = rows - np.maximum.accumulate(np.where(is_first, rows, 0))
        return cls(keys, ids[order], ranks[order], places)

    def take(self, rows: OffsetArray) -> "_Entries":
        """Give some entries."""
        return _Entries(self.keys[rows], self.ids[rows], self.ranks[rows], self.places[rows])


def _find_folder() -> str:
    """Give the folder for what is put aside: one of those that Spark has for its own files."""
    return os.environ.get(_LOCAL_FOLDERS, "").split(",")[0] or find_temporary_folder()


class Slice:
    """Takes the entries of one slice, piece by piece, and gives their pairs at the end."""

    def __init__(self, config: BandsConfig) -> None:
        """Begin without an entry."""
        self._config = config
        self._pieces: list[tuple[SignatureArray, OffsetArray, ScoreArray]] = []
        self._n_gathered = 0
        # Closed by `pair`, and by its collection where a task ends before.
        self._aside = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=_find_folder())  # noqa: SIM115 -- outlives this

    def add(self, keys: SignatureArray, ids: OffsetArray, ranks: ScoreArray) -> None:
        """Take entries; `ranks` is all 0 where canonical order is that of the ids."""
        self._pieces.append((keys, ids, ranks))
        self._n_gathered += len(keys)
        if self._n_gathered > _GATHERED:
            held = self._put_aside()
            self._pieces, self._n_gathered = [(held.keys, held.ids, held.ranks)], 0

    def _put_aside(self) -> _Entries:
        """Give the entries that may be among the first of a bucket; put the others aside."""
        keys, ids, ranks = (np.concatenate(column) for column in zip(*self._pieces, strict=True))
        entries = _Entries.sort(keys, ids, ranks)
        is_beyond = entries.places >= self._config.full_bucket
        if not is_beyond.any():
            return entries
        others = np.empty(int(np.count_nonzero(is_beyond)), _ASIDE)
        others["key"], others["id"] = entries.keys[is_beyond], entries.ids[is_beyond]
        self._aside.write(others.tobytes())
        return entries.take(np.flatnonzero(~is_beyond))

    def pair(self) -> Iterator[Pairs]:
        """Give all pairs, some hundred thousand at a time, and forget the entries."""
        with self._aside:
            if self._pieces:
                held = self._put_aside()
                yield from _pair_held(held)
                yield from self._pair_others(held)

    def _pair_others(self, held: _Entries) -> Iterator[Pairs]:
        """Pair the members beyond with the first few of their bucket."""
        heads, few = np.flatnonzero(held.places == 0), self._config.few_in_bucket
        n_bytes = max(1, _PAIRS_AT_ONCE // few) * _ASIDE.itemsize
        self._aside.seek(0)
        while content := self._aside.read(n_bytes):
            others = np.frombuffer(content, _ASIDE)
            starts = heads[np.searchsorted(held.keys[heads], others["key"])]
            earlier = (starts[:, None] + np.arange(few)).reshape(-1)
            later = np.repeat(others["id"], few)
            yield Pairs(held.ids[earlier], later, held.places[earlier] == 0)


def _pair_held(entries: _Entries) -> Iterator[Pairs]:
    """Pair each entry with every earlier one of its bucket."""
    rows = np.flatnonzero(entries.places)
    ends = np.cumsum(entries.places[rows])
    begin = 0
    while begin < len(rows):
        done = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, "right")))
        part = rows[begin:end]
        counts = entries.places[part]
        earlier = spread_ranges(part - counts, counts)
        later = np.repeat(entries.ids[part], counts)
        yield Pairs(entries.ids[earlier], later, np.zeros(len(later), np.bool_))
        begin = end
