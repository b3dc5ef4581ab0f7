"""Read JSON Lines: one object a line, of which one field is the text and one may be the id.

In: blocks of about 1 MB, cut at line ends. Out: a batch a block, each record a document of one TEXT
block (or none where its text is empty). A line that is a flat object is found by the scanner of the
engine; every other goes through orjson, and what that refuses through `json`, which has the last
word on what is valid (lone surrogates are: they become U+FFFD).
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.kernels import Engine, constants
from dedup.kernels.records import (
    COLUMN,
    DATE,
    DATE_END,
    ESCAPES,
    ID,
    ID_END,
    LINE,
    LINE_END,
    NUMBER,
    TEXT,
    TEXT_END,
)
from dedup.model import PADDING, BlockKind, ByteArray, DocumentBatch, OffsetArray, Problem
from dedup.readers.batches import check_date, encode_id, encode_text
from dedup.readers.sources import Piece, Source
from dedup.readers.streams import SourceStream

_BLOCK_BYTES: Final = 1 << 20
_NAMELESS: Final = (b"", b"null")
_BOM: Final = b"\xef\xbb\xbf"


def cut(source: Source, config: ReadersConfig) -> Iterator[Piece]:
    """Cut a source at line ends; a line longer than a block makes the block longer."""
    rest, line, head, is_first = b"", 1, b"", True
    with SourceStream(source, config) as stream:
        while True:
            # A line without an end is read as much again: one of 200 MB took 34 s block by block.
            n_more = max(_BLOCK_BYTES, len(rest))
            block = np.empty(len(rest) + n_more + PADDING, np.uint8)
            block[: len(rest)] = np.frombuffer(rest, np.uint8)
            filled = len(rest) + stream.readinto(block[len(rest) : -PADDING])
            is_last = filled < len(block) - PADDING
            if is_first and block[: min(len(_BOM), filled)].tobytes() == _BOM:
                block, filled, head = block[len(_BOM) :], filled - len(_BOM), _BOM
            is_first = False
            size = filled if is_last else _last_line_end(block, filled)
            rest = block[size:filled].tobytes()
            block[size : size + PADDING] = 0
            n_lines = int(np.count_nonzero(block[:size] == ord("\n")))
            if size or (head and is_last):
                yield Piece(source.name, source.format, block, size, line, head)
                head = b""
            line += n_lines  # counted before: parsing writes into the block
            if is_last:
                return


def _last_line_end(block: ByteArray, filled: int) -> int:
    """Give the place behind the last line end; 0 where there is none yet."""
    tail = 1 << 16
    while True:
        begin = max(0, filled - tail)
        found = block[begin:filled].tobytes().rfind(b"\n")
        if found >= 0 or begin == 0:
            return begin + found + 1
        tail *= 8


def parse(piece: Piece, config: ReadersConfig, engine: Engine) -> DocumentBatch:
    """Turn the lines of a block into documents.

    Raises:
        InputError: A line is no JSON object, or its text is missing or no string; with
            `skip_errors` it is noted and left out.
    """
    fields = (config.text_field, config.id_field, config.date_field or "")
    found = engine.find_records(piece.data, piece.size, fields)
    batch = _Lines(piece, config, found.rows)
    batch.unescape(engine, found.kinds)
    is_odd = found.kinds == constants.ODD
    rows = np.arange(len(is_odd)) if config.date_field else np.flatnonzero(is_odd)
    for row in rows.tolist():  # in order, so that the first faulty line is the one that is named
        (batch.read_odd if is_odd[row] else batch.read_date)(row)
    return batch.finish(engine)


class _Lines:
    """The lines of one block on their way to a batch; texts that had to be decoded go behind it."""

    def __init__(self, piece: Piece, config: ReadersConfig, rows: OffsetArray) -> None:
        self._piece, self._config, self._rows = piece, config, rows
        self._starts, self._ends = rows[:, TEXT].copy(), rows[:, TEXT_END].copy()
        self._columns = np.maximum(rows[:, COLUMN], 1).astype(np.int32)
        self._extra: list[bytes | ByteArray] = []
        self._extra_size = 0
        self._odd: dict[int, tuple[bytes, str]] = {}
        self._dates: dict[int, str] = {}
        self._skipped: set[int] = set()
        self._problems: list[Problem] = []

    def _append(self, content: bytes | ByteArray) -> int:
        """Put bytes behind the block; gives where they begin."""
        begin = self._piece.size + self._extra_size
        self._extra.append(content)
        self._extra_size += len(content)
        return begin

    def unescape(self, engine: Engine, kinds: ByteArray) -> None:
        """Replace the texts that hold escapes by what they mean."""
        rows = np.flatnonzero((self._rows[:, ESCAPES] > 0) & (kinds == constants.FINE))
        if not len(rows):
            return
        starts, ends = self._starts[rows], self._ends[rows]
        self._ends[rows] = engine.unescape(self._piece.data, starts, ends)

    def read_odd(self, row: int) -> None:
        """Let a JSON parser read one line, and word what is wrong with it."""
        begin, end = self._rows[row, LINE], self._rows[row, LINE_END]
        line = self._piece.first_line + int(self._rows[row, NUMBER])
        try:
            content = self._piece.data[begin:end].tobytes()
            text, identity, date = _pick(load_record(content, self._config.id_field), self._config)
            name = self._name(line) if identity is None else encode_id(identity)
        except ValueError as error:
            self._refuse(row, line, str(error))
            return
        utf8 = encode_text(text)
        self._starts[row] = self._append(utf8)
        self._ends[row] = self._starts[row] + len(utf8)
        with contextlib.suppress(RecursionError):  # nested deeper than `json` goes
            self._columns[row] = _find_column(content.decode(), self._config.text_field)
        self._rows[row, ID] = self._rows[row, ID_END] = -1
        self._odd[row] = (name, date)

    def _refuse(self, row: int, line: int, problem: str) -> None:
        error = InputError(
            self._piece.path, line, problem, "Mend the line, or leave it out with --skip-errors."
        )
        if not self._config.skip_errors:
            raise error
        self._problems.append(Problem(error.path, line, problem))
        self._skipped.add(row)

    def _name(self, line: int) -> bytes:
        """Name a record without an id by its place."""
        return encode_id(f"{self._piece.path}:{line}")

    def finish(self, engine: Engine) -> DocumentBatch:
        """Give the batch: the block itself with the decoded texts behind it."""
        kept = np.arange(len(self._rows))
        kept = kept[~np.isin(kept, list(self._skipped))] if self._skipped else kept
        starts, ends = self._starts[kept], self._ends[kept]
        full = np.flatnonzero(ends > starts)
        lines = self._piece.first_line + self._rows[kept, NUMBER]
        return DocumentBatch(
            path=self._piece.path,
            buffer=self._join(),
            ids=self._take_ids(kept, engine),
            dates=self._take_dates(kept) if self._config.date_field else None,
            document=full.astype(np.int32),
            starts=starts[full],
            ends=ends[full],
            kinds=np.full(len(full), BlockKind.TEXT, np.uint8),
            lines=lines[full],
            columns=self._columns[kept][full],
            chars=np.zeros(len(full), np.int64),
            end_lines=lines[full],
            is_source=False,
            problems=tuple(self._problems),
        )

    def _join(self) -> ByteArray:
        if not self._extra:
            return self._piece.data
        parts = [np.frombuffer(part, np.uint8) for part in self._extra]
        padding = np.zeros(PADDING, np.uint8)
        return np.concatenate([self._piece.data[: self._piece.size], *parts, padding])

    def _take_ids(self, kept: OffsetArray, engine: Engine) -> list[bytes]:
        starts, ends = self._rows[kept, ID], self._rows[kept, ID_END]
        ids = engine.gather(self._piece.data, starts, ends)
        nameless = [place for place, raw in enumerate(ids) if raw in _NAMELESS]
        for place in nameless:
            row = int(kept[place])
            line = self._piece.first_line + int(self._rows[row, NUMBER])
            ids[place] = self._odd[row][0] if row in self._odd else self._name(line)
        return ids

    def _take_dates(self, kept: OffsetArray) -> list[str]:
        return [
            self._odd[row][1] if row in self._odd else self._dates.get(row, "")
            for row in kept.tolist()
        ]

    def read_date(self, row: int) -> None:
        """Read the date of a line that the scanner read."""
        begin, end = self._rows[row, DATE], self._rows[row, DATE_END]
        if begin < 0:
            return
        try:
            self._dates[row] = check_date(json.loads(self._piece.data[begin:end].tobytes()))
        except ValueError as error:
            line = self._piece.first_line + int(self._rows[row, NUMBER])
            self._refuse(row, line, str(error))


def load_record(line: bytes, id_field: str) -> dict[str, Any]:
    """Parse one line, so that an id that is a whole number stays one.

    Raises:
        ValueError: It is no JSON object; says what it is.
    """
    import orjson  # noqa: PLC0415 -- only odd lines need it

    try:
        record = orjson.loads(line)
        if isinstance(record, dict) and isinstance(record.get(id_field), float):
            record = _load_strictly(line)  # orjson makes floats of whole numbers past 64 bits
    except ValueError:
        record = _load_strictly(line)
    if not isinstance(record, dict):
        raise ValueError(f"expected a JSON object, found {_kind(record)}")  # noqa: TRY004
    return record


def _load_strictly(line: bytes) -> object:
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} of the line is not UTF-8") from error
    except RecursionError as error:
        raise ValueError("its brackets are nested too deep") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg} (column {error.colno})") from error


def _pick(record: dict[str, Any], config: ReadersConfig) -> tuple[str, str | int | None, str]:
    """Take text, id and date out of a record."""
    if config.text_field not in record:
        raise ValueError(
            f"it has no field '{config.text_field}'; name the text with --text-field, or leave "
            "such files out with --exclude"
        )
    text = record[config.text_field]
    if not isinstance(text, str):
        raise ValueError(  # noqa: TRY004
            f"its field '{config.text_field}' is {_kind(text)}, expected a string"
        )
    identity = record.get(config.id_field)
    date = record.get(config.date_field) if config.date_field else None
    return text, identity, check_date(date)


def _find_column(line: str, field: str) -> int:
    """Find the column of the text in a valid line: of the last value that the field is given."""
    decoder, column = json.JSONDecoder(strict=False), 1
    place = line.index("{") + 1
    while (place := _skip_blanks(line, place)) < len(line) and line[place] == '"':
        key, place = decoder.raw_decode(line, place)
        place = _skip_blanks(line, _skip_blanks(line, place) + 1)
        if key == field:
            column = place + 2
        _, place = decoder.raw_decode(line, place)
        place = _skip_blanks(line, place) + 1
    return column


def _skip_blanks(line: str, place: int) -> int:
    while place < len(line) and line[place] in " \t\r\n":
        place += 1
    return place


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "true or false"}
    return "null" if value is None else kinds.get(type(value), "a number")
