"""Read CSV and TSV: a record is a document, and one of its columns is the text.

In: blocks of about 1 MB, cut behind whole records. Out: a batch a block, each record a document of
one TEXT block (or none where its text is empty). How a table is written is found out once, from its
header (`csv_header`), and goes with every piece; where fields begin and end, `csv_records` says.

A block's line and column are where its text begins in the source, inside the quotes, and its line
ends are the source's own, so the lines of its paragraphs are exact, and the columns in which they
begin. The column in which a paragraph ends counts the characters of its text: on a last line with
doubled quotes it falls short by one for each. Characters are those of the record's text.

Ids are text as it stands: `007` is none of the numbers of JSON. A record without one is named by
its file and line. A record with more or fewer fields than the header is an error.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, BlockKind, ByteArray, DocumentBatch, OffsetArray, Problem
from dedup.readers.batches import (
    Spans,
    batch_from_spans,
    check_date,
    encode_id,
    find_line_starts,
    pad,
)
from dedup.readers.csv_header import (
    MEND,
    UNCLOSED,
    Encoding,
    Layout,
    TablePiece,
    describe_open_quote,
    find_encoding,
    read_layout,
)
from dedup.readers.csv_records import QUOTE, BoolArray, find_record_end, find_records, unquote
from dedup.readers.encodings import UTF8, Utf8, check_utf8
from dedup.readers.sources import Piece, Source
from dedup.readers.streams import SourceStream

if TYPE_CHECKING:
    from dedup.kernels import Engine

_BLOCK_BYTES: Final = 1 << 20
_PLAIN_ID: Final = re.compile(rb"[ !#-\[\]-~]+")  # what JSON writes as it is
_MOST_BYTES: Final = 64 << 20  # of a record: one that is longer has lost a quote


def cut(source: Source, config: ReadersConfig) -> Iterator[Piece]:
    """Cut a table behind whole records; a record longer than a block makes the block longer.

    Raises:
        InputError: The source cannot be read, its header does not name the text, or a record is
            longer than 64 MB.
    """
    with SourceStream(source, config) as stream:
        blocks = _Blocks(stream, source.name)
        while not (blocks.is_last or blocks.has_line_end):
            blocks.grow(1, ",", Encoding(UTF8))
        encoding = find_encoding(source, blocks.data, config, is_last=blocks.is_last)
        blocks.take(len(encoding.mark))
        while True:
            layout = read_layout(source, blocks.data, encoding, config, is_last=blocks.is_last)
            if layout is not None:
                break
            blocks.grow(1, ",", encoding)
        yield from _cut_records(blocks, source, layout)


class _Blocks:
    """What was read of a source and not yet taken.

    Attributes:
        data: The bytes.
        is_last: Nothing comes behind them.
    """

    def __init__(self, stream: SourceStream, path: str) -> None:
        self._stream, self._path = stream, path
        self.data, self.is_last = np.zeros(0, np.uint8), False

    @property
    def has_line_end(self) -> bool:
        """Say whether a line ends in the bytes."""
        return len(find_line_starts(self.data)) > 1

    def grow(self, line: int, delimiter: str, encoding: Encoding) -> None:
        """Read a block more, or as much again as there is: a long record is not read in vain.

        Raises:
            InputError: It is too long; names the line of the quote that opens and does not close.
        """
        begin = len(self.data)
        if begin >= _MOST_BYTES:
            units = encoding.narrow(self.data)
            raise describe_open_quote(self._path, line, units, delimiter)
        block = np.empty(begin + max(_BLOCK_BYTES, begin), np.uint8)
        block[:begin] = self.data
        filled = begin + self._stream.readinto(block[begin:])
        self.data, self.is_last = block[:filled], filled < len(block)

    def take(self, size: int) -> ByteArray:
        """Take the first bytes, with PADDING behind them."""
        taken = np.zeros(size + PADDING, np.uint8)
        taken[:size], self.data = self.data[:size], self.data[size:]
        return taken


def _cut_records(blocks: _Blocks, source: Source, layout: Layout) -> Iterator[Piece]:
    """Give whole records as pieces; at the end of the source, all that is left."""
    encoding, line = layout.encoding, 1
    head, n_head = encoding.mark, layout.n_head
    while True:
        units = encoding.narrow(blocks.data)
        end = len(units) if blocks.is_last else find_record_end(units, layout.delimiter)
        size = len(blocks.data) if blocks.is_last else end * encoding.width
        if size or (head and blocks.is_last):
            place = (blocks.take(size), size, line, head)
            yield TablePiece(source.name, source.format, *place, layout=layout, n_head=n_head)
            head, n_head = b"", 0
            line += len(find_line_starts(units[:end])) - 1
        if blocks.is_last:
            return
        blocks.grow(line, layout.delimiter, encoding)


def read_utf8(piece: TablePiece, config: ReadersConfig) -> Utf8:
    """Give a piece's text as valid UTF-8, decoded as its table is.

    Raises:
        InputError: A byte is not of the table's encoding.
    """
    return check_utf8(piece, replace(config, encoding=piece.layout.encoding.name))


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn records into documents.

    Raises:
        InputError: A byte is not of the table's encoding, or a record does not have the header's
            fields or has a bad date; with `skip_errors` a record is noted and left out.
    """
    table = cast("TablePiece", piece)
    utf8 = read_utf8(table, config)
    rows = _Rows(table, utf8.buffer)
    rows.find_faults(config)
    if rows.faults and not config.skip_errors:
        row = min(rows.faults)
        raise InputError(piece.path, *rows.faults[row], MEND)
    return rows.finish(has_dates=config.date_field is not None)


class _Rows:
    """The records of a piece on their way to a batch.

    Attributes:
        faults: The line and the problem of each row that is no document.
    """

    def __init__(self, piece: TablePiece, buffer: ByteArray) -> None:
        self._piece, self._layout = piece, piece.layout
        self._buffer, source = buffer, buffer[:-PADDING]
        self._content = source.tobytes()
        self._records = find_records(source, piece.layout.delimiter).behind(piece.n_head)
        self._line_starts = find_line_starts(source)
        self._dates: dict[int, str] = {}
        self.faults: dict[int, tuple[int, str]] = {}

    def find_faults(self, config: ReadersConfig) -> None:
        """Find the records that have other fields than the header, and those with a bad date."""
        records, n_columns = self._records, len(self._layout.columns)
        whole = records.find_whole(n_columns)
        broken = np.setdiff1d(np.arange(len(records)), whole, assume_unique=True)
        sizes, lines = records.sizes[broken].tolist(), self._find_lines(broken)
        for row, n_fields, line in zip(broken.tolist(), sizes, lines, strict=True):
            problem = f"it has {_count_fields(n_fields)}, the header has {_count_fields(n_columns)}"
            self.faults[row] = (line, problem)
        if records.open_quote >= 0 and len(records):
            line = int(np.searchsorted(self._line_starts, records.open_quote, "right"))
            self.faults[len(records) - 1] = (line + self._piece.first_line - 1, UNCLOSED)
        if config.date_field is not None and self._layout.date >= 0:
            self._read_dates(whole)

    def _read_dates(self, rows: OffsetArray) -> None:
        values = self._list_values(rows, self._layout.date)
        for row, value, line in zip(rows.tolist(), values, self._find_lines(rows), strict=True):
            try:
                self._dates[row] = check_date(value.decode() or None)
            except ValueError as error:
                self.faults[row] = (line, str(error))

    def _find_lines(self, rows: OffsetArray) -> list[int]:
        """Give the line on which each record begins."""
        begins = self._records.starts[self._records.firsts[rows]]
        found = np.searchsorted(self._line_starts, begins, "right") + self._piece.first_line - 1
        lines: list[int] = found.tolist()
        return lines

    def _list_values(self, rows: OffsetArray, column: int) -> Iterator[bytes]:
        """Give what the fields of a column mean."""
        fields = self._records.firsts[rows] + column
        starts, ends = self._records.starts[fields].tolist(), self._records.ends[fields].tolist()
        for start, end in zip(starts, ends, strict=True):
            yield unquote(self._content[start:end])

    def _list_ids(self, rows: OffsetArray) -> Iterator[bytes]:
        """Give the records' ids as JSON; one without is named by its place."""
        column, lines = self._layout.identity, self._find_lines(rows)
        values = self._list_values(rows, column) if column >= 0 else repeat(b"", len(rows))
        for value, line in zip(values, lines, strict=True):
            if not value:
                yield encode_id(f"{self._piece.path}:{line}")
            else:
                yield b'"%b"' % value if _PLAIN_ID.fullmatch(value) else encode_id(value.decode())

    def finish(self, *, has_dates: bool) -> DocumentBatch:
        """Give the batch: the piece itself, with the texts behind it that hold doubled quotes."""
        piece, records = self._piece, self._records
        rows = np.setdiff1d(np.arange(len(records)), list(self.faults), assume_unique=True)
        fields = records.firsts[rows] + self._layout.text
        starts, ends, is_odd = self._bare_texts(records.starts[fields], records.ends[fields])
        full = np.flatnonzero(starts < ends)
        kinds = [BlockKind.TEXT] * len(full)
        spans = Spans(starts[full].tolist(), ends[full].tolist(), kinds)
        batch = batch_from_spans(piece.path, self._buffer, spans, None)
        batch = self._spell_out(batch, rows[full], is_odd[full])
        before = piece.first_line - 1
        return replace(
            batch,
            ids=list(self._list_ids(rows)),
            dates=[self._dates.get(row, "") for row in rows.tolist()] if has_dates else None,
            document=full.astype(np.int32),
            lines=batch.lines + before,
            end_lines=batch.end_lines + before,
            chars=np.zeros(len(full), np.int64),
            problems=tuple(Problem(piece.path, *fault) for _, fault in sorted(self.faults.items())),
            remarks=self._layout.encoding.remarks if piece.n_head else (),
        )

    def _bare_texts(
        self, starts: OffsetArray, ends: OffsetArray
    ) -> tuple[OffsetArray, OffsetArray, BoolArray]:
        """Give the fields without their quotes, and which of them still are not what they mean."""
        source = self._buffer[:-PADDING]
        is_quoted = (starts < ends) & (self._buffer[starts] == QUOTE)
        is_closed = is_quoted & (source[ends - 1] == QUOTE)
        quotes = np.flatnonzero(source == QUOTE)
        n_quotes = np.searchsorted(quotes, ends) - np.searchsorted(quotes, starts)
        is_odd = is_quoted & ~(is_closed & (n_quotes == 2))  # noqa: PLR2004 -- both of its own
        return starts + is_quoted, ends - is_closed, is_odd

    def _spell_out(
        self, batch: DocumentBatch, rows: OffsetArray, is_odd: BoolArray
    ) -> DocumentBatch:
        """Put the texts that are no slices of the source behind it."""
        blocks = np.flatnonzero(is_odd)
        if not len(blocks):
            return batch
        texts = list(self._list_values(rows[blocks], self._layout.text))
        bounds = len(self._content) + np.cumsum([0, *map(len, texts)], dtype=np.int64)
        starts, ends = batch.starts.copy(), batch.ends.copy()
        starts[blocks], ends[blocks] = bounds[:-1], bounds[1:]
        return replace(
            batch, buffer=pad(b"".join([self._content, *texts])), starts=starts, ends=ends
        )


def _count_fields(n: int) -> str:
    return f"{n:,} field" if n == 1 else f"{n:,} fields"
