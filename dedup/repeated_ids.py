"""Find the ids that a file has had before: no output could tell their documents apart.

Batches come in, in input order; problems go out. Only the hashes of ids are held while none
repeats.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.model import DocumentBatch, Problem, distinct

_LEAST_SLOTS: Final = 16
_FEW_IDS: Final = 1 << 15  # so many are quicker in a set of Python's


class IdCheck:
    """Knows the ids met in the file that is being read, batch after batch.

    Only their hashes while none repeats; the lines of all ids from the first that does.
    """

    def __init__(self) -> None:
        self._path: str | None = None
        self._known = _KnownIds()
        self._n_batches = self._first_unnamed = 0
        self._lines: dict[bytes, int | None] = {}

    def find_repeated(
        self, batch: DocumentBatch, list_before: Callable[[int], Iterable[DocumentBatch]]
    ) -> dict[int, Problem]:
        """Give a problem for each document (by its row) whose id its file has had before.

        No output could tell the two apart. Records from memory are told apart by their order.

        Args:
            batch: The next batch.
            list_before: Gives the batches before it, from the one of a number on.
        """
        number = self._n_batches
        self._n_batches += 1
        if batch.path is None:
            return {}
        if batch.path != self._path:
            self._path, self._known, self._lines = batch.path, _KnownIds(), {}
            self._first_unnamed = number
        if self._known.add(batch.ids):
            return {}
        problems: dict[int, Problem] = {}
        for part in (*list_before(self._first_unnamed), batch):
            problems = dict(self._name_repeated(part))  # those before the first repeat name none
        self._first_unnamed = number + 1
        return problems

    def _name_repeated(self, batch: DocumentBatch) -> Iterator[tuple[int, Problem]]:
        lines = _lines_of_documents(batch)
        for row, (identity, line) in enumerate(zip(batch.ids, lines, strict=True)):
            if identity not in self._lines:
                self._lines[identity] = line
                continue
            first = self._lines[identity]
            place = "an empty record" if first is None else f"line {first}"
            message = f"its id {identity.decode()} is that of {place}"
            yield row, Problem(batch.path or "", line, message)


def _lines_of_documents(batch: DocumentBatch) -> list[int | None]:
    """Give the line on which each document begins; None for one without a block."""
    lines: list[int | None] = [None] * len(batch.ids)
    documents, firsts = np.unique(batch.document, return_index=True)
    for document, line in zip(documents.tolist(), batch.lines[firsts].tolist(), strict=True):
        lines[document] = line
    return lines


class _KnownIds:
    """A set of ids that may take two for one: a table of 64-bit hashes, 8 to 27 bytes an id.

    A set of Python's takes 110 bytes an id. Python's hash of bytes is another one in each process,
    but only who is looked at twice hangs on it.
    """

    def __init__(self) -> None:
        self._table = np.zeros(_LEAST_SLOTS, np.int64)
        self._few: set[bytes] | None = set()
        self._size = 0

    def add(self, ids: list[bytes]) -> bool:
        """Add ids; tells whether all of them are surely new, and different."""
        if self._few is not None:
            before = len(self._few)
            self._few.update(ids)
            is_new = len(self._few) - before == len(ids)
            if len(self._few) > _FEW_IDS:
                self._grow(len(self._few))
                self._insert(_hash_ids(self._few))
                self._few = None
            return is_new
        self._grow(self._size + len(ids))
        return self._insert(_hash_ids(ids))

    def _grow(self, n: int) -> None:
        if 4 * n <= 3 * len(self._table):
            return
        known = self._table[self._table != 0]
        self._table = np.zeros(1 << (2 * n).bit_length(), np.int64)
        self._size = 0
        self._insert(known)

    def _insert(self, hashes: "npt.NDArray[np.int64]") -> bool:
        """Put hashes, none of them 0, where they belong, all of them a step at a time."""
        n_before, slots = self._size, np.int64(len(self._table) - 1)
        waiting = distinct(hashes)
        is_new = len(waiting) == len(hashes)
        places = waiting & slots
        while len(waiting):
            held = self._table[places]
            free = np.flatnonzero(held == 0)
            self._table[places[free]] = waiting[free]  # of several that want one place, one gets it
            is_new &= not np.any(held == waiting)
            is_placed = self._table[places] == waiting
            self._size += int(np.count_nonzero(is_placed[free]))
            waiting, places = waiting[~is_placed], (places[~is_placed] + 1) & slots
        return bool(is_new) and self._size - n_before == len(hashes)


def _hash_ids(ids: Iterable[bytes]) -> "npt.NDArray[np.int64]":
    """Give a hash other than 0 for each id."""
    hashes = np.fromiter(map(hash, ids), np.int64)
    hashes[hashes == 0] = 1
    return hashes
