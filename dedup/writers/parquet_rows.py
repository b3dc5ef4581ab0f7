"""Read the rows of a Parquet file with all their columns, and write them with their changes.

In: an open source, and what is to be done to some of its rows. Out: another file of such columns.

Decision (2026-11-25): rows that stay are slices of the batches they were read in, put behind one
another and never filtered, which pyarrow cannot do for every type; the text is built anew only in
batches of which one changes. A row group is held until it is whole, up to 128 MB unpacked: a larger
one is parted, since pyarrow writes it at once and all of it would have to be in memory.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

import numpy as np

from dedup.errors import InputError
from dedup.readers.parquet_source import (
    Array,
    ColumnPath,
    ParquetSource,
    RecordBatch,
    Schema,
    Type,
    as_large_string,
    load_arrow,
)
from dedup.readers.sources import was_changed
from dedup.writers.edits import MARKS, Cut, Mark
from dedup.writers.parquet_layout import open_writer

_GROUP_BYTES: Final = 128 << 20


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What is to be done to the rows of a part, numbered from 0 within it.

    Attributes:
        removed: Rows that go.
        texts: Rows that stay with another text, as UTF-8.
        marks: What is said of each row, where rows are marked.
        cuts: What goes, in the order of the rows.
    """

    removed: set[int]
    texts: dict[int, bytes]
    marks: list[Mark] | None
    cuts: list[Cut]


class RowReader:
    """The rows of a file with all their columns, as many at a time as are asked for."""

    def __init__(self, file: ParquetSource, name: str) -> None:
        self._batches, self._name = file.read_batches(), name
        self._group = 0
        self._rest: RecordBatch = None

    def take(self, n_rows: int) -> Iterator[tuple[int, int, RecordBatch]]:
        """Give the next rows: the row group, the first row's number among them, and a batch.

        Raises:
            InputError: There are fewer than when the file was read first.
        """
        first = 0
        while first < n_rows:
            if self._rest is None or not self._rest.num_rows:
                self._group, self._rest = self._next()
            batch = self._rest.slice(0, n_rows - first)
            self._rest = self._rest.slice(batch.num_rows)
            yield self._group, first, batch
            first += batch.num_rows

    def _next(self) -> tuple[int, RecordBatch]:
        found = next(self._batches, None)
        if found is None:
            raise was_changed(self._name, "rows are gone")
        return found


class RowWriter:
    """The file that is written: a row group is collected, then written."""

    def __init__(
        self, file: ParquetSource, output: IO[bytes], name: str, *, is_marked: bool
    ) -> None:
        self._name, self._text = name, file.find_text()
        self._schema = _add_marks(file.schema, name) if is_marked else file.schema
        self._writer = open_writer(file, self._schema, output, self._text)
        self._group, self._n_bytes = 0, 0
        self._waiting: list[RecordBatch] = []

    def add(self, group: int, first: int, batch: RecordBatch, changes: RowChanges) -> None:
        """Add rows of a row group, of which `first` is the number of the first in its part."""
        if group != self._group or self._n_bytes >= _GROUP_BYTES:
            self._flush()
            self._group = group
        rows = range(first, first + batch.num_rows)
        texts = {row - first: changes.texts[row] for row in rows if row in changes.texts}
        if texts:
            batch = self._replace_texts(batch, texts)
        if changes.marks is not None:
            batch = self._mark(batch, changes.marks[first : first + batch.num_rows])
        runs = _find_runs([row not in changes.removed for row in rows])
        self._waiting += _join([batch.slice(start, end - start) for start, end in runs])
        self._n_bytes += batch.nbytes  # all of it is held as long as a slice is

    def _replace_texts(self, batch: RecordBatch, texts: dict[int, bytes]) -> RecordBatch:
        number = batch.schema.names.index(self._text[0])
        try:
            column = _replace(batch.column(number), self._text[1:], texts)
        except ValueError as error:
            problem = f"its text's type has no room for what the texts become ({error})"
            raise InputError(self._name, None, problem, "Clean it with --unit record.") from error
        return batch.set_column(number, batch.schema.field(number), column)

    def _mark(self, batch: RecordBatch, marks: list[Mark]) -> RecordBatch:
        said = (
            [mark.group for mark in marks],
            [mark.is_canonical for mark in marks],
            [mark.relation for mark in marks],
            [mark.score for mark in marks],
        )
        arrow, fields = load_arrow(), list(self._schema)[-len(MARKS) :]
        added = [
            arrow.array(values, field.type) for values, field in zip(said, fields, strict=True)
        ]
        return arrow.RecordBatch.from_arrays([*batch.columns, *added], schema=self._schema)

    def _flush(self) -> None:
        if self._waiting:
            table = load_arrow().Table.from_batches(self._waiting, self._schema)
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._waiting, self._n_bytes = [], 0

    def close(self) -> None:
        """Write what is left and the footer."""
        self._flush()
        self._writer.close()


def _add_marks(schema: Schema, name: str) -> Schema:
    """Give the columns with those of marks behind them.

    Raises:
        InputError: One of them is there already.
    """
    arrow = load_arrow()
    known = [column for column in MARKS if column in schema.names]
    if known:
        problem = f"it has a column '{known[0]}' already"
        raise InputError(name, None, problem, "Leave that column out, or clean without --mark.")
    types = (arrow.string(), arrow.bool_(), arrow.string(), arrow.float64())
    for column, kind in zip(MARKS, types, strict=True):
        schema = schema.append(arrow.field(column, kind))
    return schema


def _join(slices: list[RecordBatch]) -> list[RecordBatch]:
    """Join the slices of a batch to one, where pyarrow can: 100,000 of them take 200 MB."""
    if len(slices) > 1:
        with suppress(NotImplementedError):
            return list(load_arrow().Table.from_batches(slices).combine_chunks().to_batches())
    return slices


def _find_runs(is_kept: list[bool]) -> Iterator[tuple[int, int]]:
    """Find the runs of rows that stay, as start and end."""
    edges = np.flatnonzero(np.diff(np.array([False, *is_kept, False], np.int8))).tolist()
    yield from zip(edges[::2], edges[1::2], strict=True)


def _replace(column: Array, names: ColumnPath, texts: dict[int, bytes]) -> Array:
    """Give a column with some of its texts replaced; of a struct, those of a field."""
    arrow = load_arrow()
    if not names:
        values = as_large_string(column).view(arrow.large_binary()).to_pylist()
        for row, text in texts.items():
            values[row] = text
        return _as_type(arrow.array(values, arrow.large_binary()), column.type)
    fields = [column.type.field(number) for number in range(column.type.num_fields)]
    parts = [column.field(number) for number in range(len(fields))]
    number = [field.name for field in fields].index(names[0])
    parts[number] = _replace(parts[number], names[1:], texts)
    return arrow.StructArray.from_arrays(parts, fields=fields, mask=column.is_null())


def _as_type(binary: Array, kind: Type) -> Array:
    """Give UTF-8 as the type that a column of text has."""
    arrow = load_arrow()
    column = binary.view(arrow.large_string())
    if not arrow.types.is_dictionary(kind):
        return column.cast(kind)
    return column.cast(kind.value_type).dictionary_encode().cast(kind)
