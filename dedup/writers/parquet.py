"""Write Parquet again: rows go, or paragraphs of their text, or columns of marks come.

In: the source, and its pieces with what is to be done to each. Out: a Parquet file with the same
columns, types, metadata and packing; its row groups end where those of the source do.

A row goes when all its paragraphs go; else its text is written without those that do.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Final

from dedup.config import ReadersConfig
from dedup.readers.parquet import load_rows
from dedup.readers.parquet_source import ParquetSource
from dedup.readers.sources import Source
from dedup.writers.edits import Cut, Mark, Part
from dedup.writers.packing import open_packed
from dedup.writers.paragraph_cuts import find_losses
from dedup.writers.parquet_rows import RowChanges, RowReader, RowWriter

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
    batch = part.paragraphs.batch
    for loss in find_losses(part):
        block = int(part.paragraphs.block[loss.rows[0]])
        text = batch.buffer[batch.starts[block] : batch.ends[block]].tobytes()
        line = int(batch.lines[block])
        row = line - part.piece.first_line
        if not loss.stretches:
            changes.removed.add(row)
            changes.cuts.append(Cut(loss.rows, line - 1, text))
            continue
        kept, done = [], 0
        for each in loss.stretches:
            changes.cuts.append(Cut(each.rows, line - 1, text[each.start : each.end]))
            kept.append(text[done : each.start])
            done = each.end
        changes.texts[row] = b"".join([*kept, text[done:]])
    return changes


def _spread_marks(part: Part, n_rows: int) -> list[Mark]:
    """Give a mark for each row; rows that could not be read have none."""
    marks = iter(part.marks or ())
    skipped = {problem.line for problem in part.paragraphs.batch.problems}
    lines = range(part.piece.first_line, part.piece.first_line + n_rows)
    return [_NO_MARK if line in skipped else next(marks, _NO_MARK) for line in lines]
