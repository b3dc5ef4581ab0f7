"""Read Parquet: a row is a document, one column its text, others may be its id and its date.

In: a source. Out: some thousand rows a piece, as a stream of Arrow's own (IPC) that holds these
columns only, and of each a batch whose buffer is the piece itself: texts are not copied. A place is
a row from 1, column 1.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.kernels import Engine
from dedup.model import PADDING, BlockKind, DocumentBatch, OffsetArray, Problem
from dedup.readers.batches import check_date, encode_id, encode_text
from dedup.readers.parquet_source import (
    Array,
    ColumnPath,
    ParquetSource,
    RecordBatch,
    as_large_string,
    load_arrow,
    pick_column,
)
from dedup.readers.sources import Piece, Source, too_large

_PIECE_BYTES: Final = 1 << 20
_PIECE_ROWS: Final = 8192
_MEND: Final = "Mend the row, or leave it out with --skip-errors."


def cut(source: Source, config: ReadersConfig) -> Iterator[Piece]:
    """Cut a source into runs of rows, each about 1 MB of text.

    Raises:
        InputError: It is no whole Parquet file, or has no column of text by the wanted name.
        MissingExtraError: pyarrow is not installed.
    """
    with ParquetSource(source, config) as file:
        date = file.find(config.date_field) if config.date_field else None
        paths = (file.find_text(), file.find(config.id_field), date)
        waiting = _Waiting()
        for _, batch in file.read_batches([path for path in paths if path]):
            waiting.add(_select(batch, paths))
            if waiting.total_bytes > config.max_bytes:
                raise too_large(source.name, config)
            if waiting.n_bytes >= _PIECE_BYTES or waiting.n_rows >= _PIECE_ROWS:
                yield waiting.make_piece(source)
        if waiting.n_rows:
            yield waiting.make_piece(source)


class _Waiting:
    """Rows on their way to a piece."""

    def __init__(self) -> None:
        self._batches: list[RecordBatch] = []
        self._row = 1
        self.n_rows = self.n_bytes = self.total_bytes = 0

    def add(self, batch: RecordBatch) -> None:
        """Add the next rows."""
        self._batches.append(batch)
        self.n_rows += batch.num_rows
        size_bytes = batch.nbytes
        self.n_bytes += size_bytes
        self.total_bytes += size_bytes

    def make_piece(self, source: Source) -> Piece:
        """Give the rows as a piece; the next ones begin another."""
        arrow = load_arrow()
        (batch,) = arrow.Table.from_batches(self._batches).combine_chunks().to_batches()
        sink = arrow.BufferOutputStream()
        with arrow.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        content = np.frombuffer(sink.getvalue(), np.uint8)
        data = np.zeros(len(content) + PADDING, np.uint8)
        data[: len(content)] = content
        row, self._row = self._row, self._row + self.n_rows
        self._batches, self.n_rows, self.n_bytes = [], 0, 0
        return Piece(source.name, source.format, data, len(content), row)


def _select(batch: RecordBatch, paths: tuple[ColumnPath | None, ...]) -> RecordBatch:
    """Take text, id and date out of a batch; what there is none of is not there."""
    arrow = load_arrow()
    names = ("text", "id", "date")
    columns = {
        name: pick_column(batch, path) for name, path in zip(names, paths, strict=True) if path
    }
    columns["text"] = as_large_string(columns["text"])
    return arrow.RecordBatch.from_arrays(list(columns.values()), list(columns))


def load_rows(piece: Piece) -> RecordBatch:
    """Give the rows of a piece, as views of its bytes: its text, and id and date where it has."""
    arrow = load_arrow()
    with arrow.ipc.open_stream(arrow.py_buffer(piece.data[: piece.size])) as stream:
        return stream.read_next_batch()


def parse(piece: Piece, config: ReadersConfig, engine: Engine) -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn rows into documents.

    Raises:
        InputError: A text is not UTF-8 or a date not ISO 8601; with `skip_errors` the row is noted
            and left out.
    """
    rows = _Rows(piece, config)
    rows.check_texts()
    ids = rows.read_ids()
    dates = rows.read_dates() if config.date_field else None
    return rows.finish(ids, dates)


class _Rows:
    """The rows of a piece on their way to a batch."""

    def __init__(self, piece: Piece, config: ReadersConfig) -> None:
        self._piece, self._config = piece, config
        self._batch = load_rows(piece)
        self._text = self._batch.column("text")
        self._problems: dict[int, str] = {}

    def _refuse(self, row: int, problem: str) -> None:
        if not self._config.skip_errors:
            raise InputError(self._piece.path, self._piece.first_line + row, problem, _MEND)
        self._problems.setdefault(row, problem)

    def check_texts(self) -> None:
        """Find texts that are not UTF-8, which Parquet promises and nobody checks."""
        try:
            self._text.validate(full=True)
        except ValueError:
            binary = self._text.view(load_arrow().large_binary())
            for row, value in enumerate(binary.to_pylist()):
                try:
                    (value or b"").decode()
                except UnicodeDecodeError as error:
                    place = f"byte 0x{value[error.start]:02x} at {error.start + 1} of its text"
                    self._refuse(row, f"{place} is not UTF-8")

    def read_ids(self) -> list[bytes]:
        """Read the ids; a row without one is named by its place."""
        values = self._read("id")
        return [self._encode_id(row, value) for row, value in enumerate(values)]

    def _encode_id(self, row: int, value: object) -> bytes:
        """Encode an id; whole numbers and strings, which most are, without a JSON encoder each."""
        if value is None:
            value = f"{self._piece.path}:{self._piece.first_line + row}"
        if isinstance(value, str):
            return encode_text(json.encoder.encode_basestring(value))
        if type(value) is int:
            return b"%d" % value
        try:
            return encode_id(value)
        except ValueError as error:
            self._refuse(row, str(error))
            return b"null"

    def _read(self, name: str) -> list[Any]:
        """Give a column's values; where one cannot be said in Python, its row is refused."""
        if name not in self._batch.schema.names:
            return [None] * self._batch.num_rows
        column = self._batch.column(name)
        try:
            column = _in_microseconds(column)
            return list(column.to_pylist())
        except (ValueError, OverflowError):
            return [self._read_value(row, column[row]) for row in range(len(column))]

    def _read_value(self, row: int, value: Any) -> object:  # noqa: ANN401 -- a scalar of pyarrow
        try:
            return value.as_py()
        except (ValueError, OverflowError) as error:
            self._refuse(row, f"a value of it cannot be read ({error})")
            return None

    def read_dates(self) -> list[str]:
        """Read the dates as ISO 8601."""
        dates = []
        for row, value in enumerate(self._read("date")):
            try:
                dates.append(check_date(value))
            except ValueError as error:
                self._refuse(row, str(error))
                dates.append("")
        return dates

    def finish(self, ids: list[bytes], dates: list[str] | None) -> DocumentBatch:
        """Give the batch, whose buffer is the piece."""
        starts, ends = self._find_texts()
        kept = np.array([row for row in range(len(ids)) if row not in self._problems], np.int64)
        full = np.flatnonzero(ends[kept] > starts[kept])
        lines = self._piece.first_line + kept[full]
        path = self._piece.path
        return DocumentBatch(
            path=path,
            buffer=self._piece.data,
            ids=[ids[row] for row in kept.tolist()],
            dates=None if dates is None else [dates[row] for row in kept.tolist()],
            document=full.astype(np.int32),
            starts=starts[kept][full],
            ends=ends[kept][full],
            kinds=np.full(len(full), BlockKind.TEXT, np.uint8),
            lines=lines,
            columns=np.ones(len(full), np.int32),
            chars=np.zeros(len(full), np.int64),
            end_lines=lines,
            is_source=False,
            problems=tuple(
                Problem(path, self._piece.first_line + row, problem)
                for row, problem in sorted(self._problems.items())
            ),
        )

    def _find_texts(self) -> tuple[OffsetArray, OffsetArray]:
        """Find the bytes of each row's text in the piece; a null has none."""
        _, places, content = self._text.buffers()
        n = len(self._text)
        if content is None or places is None or not content.size:
            return np.zeros(n, np.int64), np.zeros(n, np.int64)
        first = content.address - self._piece.data.ctypes.data
        offsets = np.frombuffer(places, np.int64, n + 1) + first
        is_null = np.array(self._text.is_null(), bool)
        return offsets[:-1], np.where(is_null, offsets[:-1], offsets[1:])


def _in_microseconds(column: Array) -> Array:
    """Give times as Python can hold them: to the microsecond, of a zone in UTC."""
    arrow = load_arrow()
    if not arrow.types.is_timestamp(column.type):
        return column
    zone = None if column.type.tz is None else "UTC"
    return column.cast(arrow.timestamp("us", zone), safe=False)
