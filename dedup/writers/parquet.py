"""Write Parquet again: rows go, or paragraphs of their text, or columns of marks come.

In: the source, and its pieces with what is to be done to each. Out: a Parquet file with the same
columns, types, metadata and packing; its row groups end where those of the source do.

A row goes when all its paragraphs go; else its text is written without those that do.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Final

import numpy as np

from dedup.config import ReadersConfig
from dedup.readers.parquet import load_rows
from dedup.readers.parquet_source import ParquetSource
from dedup.readers.sources import Source
from dedup.writers.edits import Cut, Mark, Part
from dedup.writers.packing import open_packed
from dedup.writers.parquet_rows import RowChanges, RowReader, RowWriter

_BLANKS: Final = bytes([*range(9, 14), *range(28, 33)])  # as paragraphs are parted
_LINE_ENDS: Final = b"\r\n"
_NO_MARK: Final = Mark(None, is_canonical=True, relation=None, score=None)


def rewrite(
    source: Source, parts: Iterable[Part], output: IO[bytes], config: ReadersConfig
) -> Iterator[tuple[Part, list[Cut]]]:
    """Write a file again, a part at a time as it is iterated over.

    Args:
        source: The file; it is read a second time, all its columns.
        parts: Its pieces, in order and without a gap.
        output: Where the bytes go.
        config: How the source is read.

    Yields:
        Each part with what was cut: whole rows, and paragraphs of rows that stay.

    Raises:
        InputError: It cannot be read, or has columns of marks already.
    """
    with open_packed(output, source.compression) as packed, ParquetSource(source, config) as file:
        rows, target = RowReader(file, source.name), None
        for part in parts:
            n_rows = load_rows(part.piece).num_rows
            changes = _find_changes(part, n_rows)
            for group, first, batch in rows.take(n_rows):
                if target is None:
                    is_marked = changes.marks is not None
                    target = RowWriter(file, packed, source.name, is_marked=is_marked)
                target.add(group, first, batch, changes)
            yield part, changes.cuts
        if target is None:
            target = RowWriter(file, packed, source.name, is_marked=False)
        target.close()


def _find_changes(part: Part, n_rows: int) -> RowChanges:
    """Find which rows go, since all their paragraphs do, and which texts lose some of theirs."""
    marks = None if part.marks is None else _spread_marks(part, n_rows)
    changes = RowChanges(set(), {}, marks, [])
    paragraphs, batch = part.paragraphs, part.paragraphs.batch
    for block in np.unique(paragraphs.block[part.removed]).tolist():
        members = np.arange(*np.searchsorted(paragraphs.block, [block, block + 1]))
        is_removed = np.isin(members, part.removed)
        first, place = int(batch.starts[block]), int(batch.lines[block]) - 1
        text = batch.buffer[first : batch.ends[block]].tobytes()
        row = place + 1 - part.piece.first_line
        if is_removed.all():
            changes.removed.add(row)
            changes.cuts.append(Cut(tuple(members.tolist()), place, text))
            continue
        starts, ends = paragraphs.starts[members] - first, paragraphs.ends[members] - first
        bounds = list(zip(starts.tolist(), ends.tolist(), is_removed.tolist(), strict=True))
        kept, done = [], 0
        for start, end, which in find_stretches(text, bounds):
            changes.cuts.append(Cut(tuple(members[which].tolist()), place, text[start:end]))
            kept.append(text[done:start])
            done = end
        changes.texts[row] = b"".join([*kept, text[done:]])
    return changes


def find_stretches(
    text: bytes, bounds: list[tuple[int, int, bool]]
) -> Iterator[tuple[int, int, slice]]:
    r"""Find what to cut out of a text of which some paragraphs go and at least one stays.

    Neighbours that go are one stretch: with the blank lines behind it up to the next paragraph, or
    at the end of the text with those before it. So one gap stays of two.

    Args:
        text: The text in UTF-8.
        bounds: Start, end and whether it goes, of each paragraph in order.

    Yields:
        Start and end of each stretch, and which paragraphs it holds.

    >>> list(find_stretches(b"a\n\nb\n\nc\n", [(0, 1, False), (3, 4, True), (6, 7, False)]))
    [(3, 6, slice(1, 2, None))]
    """
    number = 0
    while number < len(bounds):
        begin = number
        while number < len(bounds) and bounds[number][2]:
            number += 1
        if number == begin:
            number += 1
        elif number < len(bounds):
            start, end = bounds[begin][0], bounds[number][0]
            yield _find_indent(text, start), _find_indent(text, end), slice(begin, number)
        else:
            yield bounds[begin - 1][1], bounds[number - 1][1], slice(begin, number)


def _find_indent(text: bytes, start: int) -> int:
    """Give where the blanks begin that stand before a paragraph on its line."""
    while start and text[start - 1] in _BLANKS and text[start - 1] not in _LINE_ENDS:
        start -= 1
    return start


def _spread_marks(part: Part, n_rows: int) -> list[Mark]:
    """Give a mark for each row; rows that could not be read have none."""
    marks = iter(part.marks or ())
    skipped = {problem.line for problem in part.paragraphs.batch.problems}
    lines = range(part.piece.first_line, part.piece.first_line + n_rows)
    return [_NO_MARK if line in skipped else next(marks, _NO_MARK) for line in lines]
