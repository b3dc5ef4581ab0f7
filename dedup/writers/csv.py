"""Write CSV and TSV again: records go, or paragraphs of their text, or columns of marks come.

A record goes with its line end when all its paragraphs go; else they are cut out between the quotes
of its field, doubled quotes and all. Marks are four columns behind the last one, in the header and
in every record that has the header's fields; where such a record was skipped they are empty.

Blank lines, and records with other fields than the header, stay as they are. So does a paragraph
with the closing quote in its middle, which the text behind it makes a part of the field.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, cast

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, ByteArray, OffsetArray
from dedup.readers.batches import find_line_starts
from dedup.readers.csv import read_utf8
from dedup.readers.csv_header import TablePiece
from dedup.readers.csv_records import Records, find_closing_quote, find_records
from dedup.readers.offsets import find_spelled
from dedup.writers.edits import MARKS, Edit, Mark, Part, make_rewriter
from dedup.writers.paragraph_cuts import Loss, find_losses
from dedup.writers.source_bytes import SourceBytes

_DOUBLED: Final = re.compile(b'""')
_UNMARKED: Final = ("",) * len(MARKS)


def find_edits(part: Part, config: ReadersConfig) -> Iterator[Edit]:
    """Give what is to be done to a part, in order.

    Raises:
        InputError: As `rewrite` says.
    """
    if part.marks is None and not len(part.removed):
        return
    table = cast("TablePiece", part.piece)
    utf8 = read_utf8(table, config)
    editor = _Editor(part, table, utf8.buffer[:-PADDING])
    edits = list(editor.remove() if part.marks is None else editor.mark(part.marks))
    source = SourceBytes(part.raw, utf8, part.piece.path)
    places = source.find_utf8([place for edit in edits for place in (edit.start, edit.end)])
    for edit, (start, end) in zip(edits, places.reshape(-1, 2).tolist(), strict=True):
        added = source.encode(edit.replacement.decode())
        yield replace(edit, start=start, end=end, replacement=added)


rewrite = make_rewriter(find_edits)


class _Editor:
    """Edits one piece of a table; its places are those of the piece's UTF-8."""

    def __init__(self, part: Part, table: TablePiece, source: ByteArray) -> None:
        self._part, self._table, self._source = part, table, source
        self._all_records = find_records(source, table.layout.delimiter)
        self._records = self._all_records.behind(table.n_head)
        self._rows = self._records.find_whole(len(table.layout.columns))

    def _list_documents(self) -> OffsetArray:
        """Give the record of each document: of the whole ones, those that were not skipped."""
        begins = self._records.starts[self._records.firsts[self._rows]]
        lines = np.searchsorted(find_line_starts(self._source), begins, "right")
        skipped = [problem.line or 0 for problem in self._part.paragraphs.batch.problems]
        return self._rows[~np.isin(lines + self._table.first_line - 1, skipped)]

    def remove(self) -> Iterator[Edit]:
        """Cut what is to go."""
        documents, records = self._list_documents(), self._records
        for loss in find_losses(self._part):
            row = documents[loss.document]
            if loss.stretches:
                yield from self._cut_text(int(row), loss)
            else:
                start, end = records.starts[records.firsts[row]], records.line_ends[row]
                yield Edit(int(start), int(end), rows=loss.rows)

    def _cut_text(self, row: int, loss: Loss) -> Iterator[Edit]:
        """Cut stretches out of the text of a record; its blank lines say that it is quoted."""
        field = self._records.firsts[row] + self._table.layout.text
        first = int(self._records.starts[field])
        raw = self._source[first : self._records.ends[field]].tobytes()
        inner = raw[1 : find_closing_quote(raw)]
        size = len(inner) - inner.count(b'""')
        stretches = [each for each in loss.stretches if each.end <= size]
        places = [place for each in stretches for place in (each.start, each.end)]
        found = iter(find_spelled(inner, _DOUBLED, lambda _: 1, places))
        for each, start, end in zip(stretches, found, found, strict=True):
            yield Edit(first + 1 + start, first + 1 + end, rows=each.rows)

    def mark(self, marks: tuple[Mark, ...]) -> Iterator[Edit]:
        """Add the columns of marks to the header and to every whole record."""
        if self._table.n_head:
            self._refuse_names()
            yield self._add(self._all_records, self._table.n_head - 1, MARKS)
        said = dict(zip(self._list_documents().tolist(), marks, strict=True))
        for row in self._rows.tolist():
            yield self._add(self._records, row, _spell(said[row]) if row in said else _UNMARKED)

    def _refuse_names(self) -> None:
        for name in self._table.layout.columns:
            if name in MARKS:
                problem = f"it has a column '{name}' already"
                remedy = "Mark what is not marked yet, or rename the column."
                raise InputError(self._table.path, None, problem, remedy)

    def _add(self, records: Records, row: int, values: tuple[str, ...]) -> Edit:
        end = int(records.ends[records.lasts[row]])
        delimiter = self._table.layout.delimiter
        return Edit(end, end, "".join(delimiter + value for value in values).encode())


def _spell(mark: Mark) -> tuple[str, ...]:
    """Give the fields of a mark, none of which needs quotes."""
    score = "" if mark.score is None else str(float(mark.score))
    return mark.group or "", str(mark.is_canonical).lower(), mark.relation or "", score
