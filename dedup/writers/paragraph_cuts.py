"""Say which stretches of a text go when some of its paragraphs go, and which rows go whole.

In: a part whose documents are texts of their own, parted at blank lines. Out: the documents that
something is removed from, each either whole or as stretches of its text in UTF-8.

A paragraph goes with its lines and the blank ones behind it, the last one with those before it
instead: what parted the others stays as it was, and so do the blanks around the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.model import ByteArray
from dedup.writers.edits import Part


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a document's text that go, and the rows of the paragraphs in them."""

    start: int
    end: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes of a document.

    Attributes:
        document: Its row in the batch.
        rows: The paragraphs that go.
        stretches: Where they stand in its text, in order; none where all of it goes.
    """

    document: int
    rows: tuple[int, ...]
    stretches: tuple[Stretch, ...]


def find_losses(part: Part) -> Iterator[Loss]:
    """Give what goes of each document that something goes of, in order.

    Each document has one block at most.
    """
    paragraphs = part.paragraphs
    documents, first_rows = np.unique(paragraphs.document, return_index=True)
    bounds = np.append(first_rows, len(paragraphs.document)).tolist()
    removed = np.zeros(len(paragraphs.document), np.bool_)
    removed[part.removed] = True
    touched = np.unique(paragraphs.document[part.removed])
    for at in np.searchsorted(documents, touched).tolist():
        first, end = bounds[at], bounds[at + 1]
        rows = tuple((np.flatnonzero(removed[first:end]) + first).tolist())
        is_whole = len(rows) == end - first
        stretches = () if is_whole else tuple(_find_stretches(part, first, end, removed))
        yield Loss(int(documents[at]), rows, stretches)


def _find_stretches(
    part: Part, first: int, end: int, removed: npt.NDArray[np.bool_]
) -> Iterator[Stretch]:
    """Give a stretch for each run of removed paragraphs among the rows `first` to `end`."""
    lines, row = _Lines(part, first, end), first
    while row < end:
        stop = row
        while stop < end and removed[stop]:
            stop += 1
        if row < stop < end:
            yield Stretch(lines.start(row), lines.start(stop), tuple(range(row, stop)))
        elif row < stop:
            yield Stretch(lines.end(row - 1), lines.end(stop - 1), tuple(range(row, stop)))
        row = stop + 1


class _Lines:
    """Where the lines of a document's paragraphs begin and end in its text."""

    def __init__(self, part: Part, first: int, end: int) -> None:
        paragraphs = part.paragraphs
        batch, block = paragraphs.batch, paragraphs.block[first]
        self._buffer: ByteArray = batch.buffer
        self._begin = int(batch.starts[block])
        self._first = first
        self._starts: list[int] = [*paragraphs.starts[first:end].tolist(), int(batch.ends[block])]
        self._ends: list[int] = [self._begin, *paragraphs.ends[first:end].tolist()]

    def start(self, row: int) -> int:
        """Give where the first line of a paragraph begins."""
        at = row - self._first
        gap = self._buffer[self._ends[at] : self._starts[at]].tobytes()
        return self._ends[at] - self._begin + max(gap.rfind(b"\n"), gap.rfind(b"\r")) + 1

    def end(self, row: int) -> int:
        """Give where the last line of a paragraph ends, its line end not included."""
        at = row - self._first + 1
        gap = self._buffer[self._ends[at] : self._starts[at]].tobytes()
        blanks = len(gap.replace(b"\r", b"\n").partition(b"\n")[0])
        return self._ends[at] - self._begin + blanks
