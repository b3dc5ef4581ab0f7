"""Find out how a table is written: its encoding, its separator and its columns.

In: the first block of a source. Out: a `Layout`, which every piece of the source carries. It is
decided once for a file, on its first block, and held to: a byte that does not fit is an error.

The header is the first line that is not blank. A table of the format `tsv` is parted by tabs, one
of the format `csv` by the first of comma, semicolon, tab and bar that makes a column of the text
field's name; Excel's `sep=;` above the header has the say where it stands.

Decision (2026-11-25): the name of the text's column decides, not a count of the signs in a sample,
as `csv.Sniffer` does: it is known, it is needed anyway, and prose is full of commas. A name that
stands twice is an error, where other tools take the last column or number them.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import ByteArray, Problem
from dedup.readers.batches import find_line_starts, pad
from dedup.readers.csv_records import (
    Records,
    find_open_quote,
    find_record_end,
    find_records,
    unquote,
)
from dedup.readers.encodings import UTF8, check_utf8, describe_guess
from dedup.readers.sources import Piece, Source

_CANDIDATES: Final = {"csv": ",;\t|", "tsv": "\t"}
_SEPARATOR_LINE: Final = re.compile(rb"sep=([,;\t|])")
# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_WIDE: Final = {
    "utf-32-le": (codecs.BOM_UTF32_LE, "<u4"),
    "utf-32-be": (codecs.BOM_UTF32_BE, ">u4"),
    "utf-16-le": (codecs.BOM_UTF16_LE, "<u2"),
    "utf-16-be": (codecs.BOM_UTF16_BE, ">u2"),
}
_STRUCTURE: Final = '",;\t|\r\n'
_STATEFUL: Final = ("iso2022", "hz", "utf-7", "utf_7")  # a byte may be half a character there
_MOST_NAMES, _LONGEST_NAME = 20, 40  # of columns, in a message
UNCLOSED: Final = "the quote that opens a field here is not closed"
_ENDLESS: Final = "the record that begins here is too long to be one"
MEND: Final = "Mend the record, or leave it out with --skip-errors."


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a table's characters are bytes.

    Attributes:
        name: The Python codec that decodes what stands behind the mark.
        mark: The byte order mark, b"" where there is none.
        remarks: That it was guessed, where it was.
    """

    name: str
    mark: bytes = b""
    remarks: tuple[Problem, ...] = ()

    @property
    def width(self) -> int:
        """Give how many bytes a separator, quote or line end is."""
        return np.dtype(_WIDE[self.name][1]).itemsize if self.name in _WIDE else 1

    def narrow(self, data: ByteArray) -> ByteArray:
        """Give a byte for each unit of `width` bytes, the same one for a character of ASCII."""
        if self.name not in _WIDE:
            return data
        units = data[: len(data) - len(data) % self.width].view(_WIDE[self.name][1])
        narrowed: ByteArray = np.minimum(units, 0xFF).astype(np.uint8)
        return narrowed


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written.

    Attributes:
        encoding: As it says.
        delimiter: What parts fields.
        columns: The names in the header; none where the file has no line that is not blank.
        n_head: How many records stand before the first of the table's own: the header's, and that
            which names the separator.
        text, identity, date: The places of the columns that are read; -1 where there is none.
    """

    encoding: Encoding
    delimiter: str
    columns: tuple[str, ...]
    n_head: int
    text: int
    identity: int
    date: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TablePiece(Piece):
    """Whole records of a table.

    Attributes:
        layout: How it is written.
        n_head: How many of its records are the layout's head; 0 in all pieces but the first.
    """

    layout: Layout
    n_head: int = 0


def find_encoding(
    source: Source, data: ByteArray, config: ReadersConfig, *, is_last: bool
) -> Encoding:
    """Find out the encoding of a table from its first block.

    Raises:
        InputError: It is none that can be told, or none in which a table can be cut at line ends.
    """
    head = data[:4].tobytes()
    told = codecs.lookup(config.encoding).name if config.encoding is not None else None
    for name, (mark, _) in _WIDE.items():
        if head.startswith(mark) and name.startswith(told or name):
            return Encoding(name, mark)
    if told in (*_WIDE, "utf-16", "utf-32"):
        return Encoding(told if told in _WIDE else f"{told}-le")
    end = len(data) if is_last else int(find_line_starts(data)[-1])
    piece = Piece(source.name, source.format, pad(data[:end].tobytes()), end)
    utf8 = check_utf8(piece, config)
    if not _is_parted_by_ascii(utf8.encoding):
        problem = f"a table cannot be read in {utf8.encoding}"
        raise InputError(source.name, None, problem, "Convert it to UTF-8, e.g. with iconv.")
    return Encoding(utf8.encoding, utf8.mark, describe_guess(source.name, utf8))


def _is_parted_by_ascii(encoding: str) -> bool:
    """Say whether a separator, quote or line end is a byte of ASCII, and that byte nothing else."""
    if encoding == UTF8:
        return True
    if encoding.startswith(_STATEFUL):
        return False
    try:
        return _STRUCTURE.encode(encoding) == _STRUCTURE.encode()
    except UnicodeEncodeError:
        return False


def read_layout(
    source: Source, data: ByteArray, encoding: Encoding, config: ReadersConfig, *, is_last: bool
) -> Layout | None:
    """Read the header of a table from its first block.

    Args:
        source: The table.
        data: The block behind the byte order mark.
        encoding: The table's.
        config: Names the columns to read.
        is_last: Nothing comes behind the block.

    Returns:
        None where more of the table is needed.

    Raises:
        InputError: No column has the text's name, or two have one that is asked for.
    """
    units = encoding.narrow(data)
    reader = _HeaderReader(data, units, encoding, is_last=is_last)
    headers = [reader.read(delimiter) for delimiter in _CANDIDATES[source.format]]
    whole = [header for header in headers if header is not None]
    for header in whole:
        if config.text_field in header.names:
            return _choose_columns(source, header, encoding, config)
    if len(whole) < len(headers) and not (is_last and whole):
        if is_last:
            raise describe_open_quote(source.name, 1, units, _CANDIDATES[source.format][0])
        return None
    best = max(whole, key=lambda header: len(header.names))
    if not best.names:
        return Layout(encoding, best.delimiter, (), 0, -1, -1, -1)
    problem = f"it has no column '{config.text_field}', only {_list_names(best.names)}"
    remedy = (
        "Name the text's column with --text-field, or leave such files out, as with "
        f"--exclude '*.{source.format}'."
    )
    raise InputError(source.name, best.line, problem, remedy)


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns that one separator makes, none where there is no header."""

    delimiter: str
    names: tuple[str, ...] = ()
    n_head: int = 0
    line: int = 1


class _HeaderReader:
    """Reads the header of one block with one separator or another."""

    def __init__(
        self, data: ByteArray, units: ByteArray, encoding: Encoding, *, is_last: bool
    ) -> None:
        self._data, self._units, self._encoding, self._is_last = data, units, encoding, is_last

    def read(self, delimiter: str) -> _Header | None:
        """Read the header; None where it is not whole."""
        units = self._units
        units = units if self._is_last else units[: find_record_end(units, delimiter)]
        records = find_records(units, delimiter)
        names_separator = _SEPARATOR_LINE.fullmatch(self._cut(records, units))
        if names_separator and names_separator[1] != delimiter.encode():
            return _Header(delimiter)
        n_head = 2 if names_separator else 1
        if len(records) < n_head:
            return _Header(delimiter) if self._is_last else None
        if records.open_quote >= 0 and len(records) == n_head:
            return None
        row = n_head - 1
        fields = slice(records.firsts[row], records.lasts[row] + 1)
        spans = zip(records.starts[fields].tolist(), records.ends[fields].tolist(), strict=True)
        names = tuple(self._read_name(start, end) for start, end in spans)
        start = int(records.starts[records.firsts[row]])
        return _Header(delimiter, names, n_head, len(find_line_starts(units[:start])))

    @staticmethod
    def _cut(records: Records, units: ByteArray) -> bytes:
        """Give the first record."""
        if not len(records):
            return b""
        start, end = records.starts[records.firsts[0]], records.ends[records.lasts[0]]
        return units[start : min(end, start + _LONGEST_NAME)].tobytes()

    def _read_name(self, start: int, end: int) -> str:
        width = self._encoding.width
        raw = self._data[start * width : end * width].tobytes()
        # What cannot be decoded is worded by `parse`, with its line.
        name = raw.decode(self._encoding.name, "replace").encode("utf-8", "replace")
        return unquote(name).decode()


def _choose_columns(
    source: Source, header: _Header, encoding: Encoding, config: ReadersConfig
) -> Layout:
    wanted = (config.text_field, config.id_field, config.date_field)
    for name in wanted:
        n_columns = header.names.count(name or "") if name else 0
        if n_columns > 1:
            problem = f"it has {n_columns} columns '{name}'"
            remedy = "Give each its own name, or choose another one."
            raise InputError(source.name, header.line, problem, remedy)
    text, identity, date = (
        header.names.index(name) if name and name in header.names else -1 for name in wanted
    )
    return Layout(encoding, header.delimiter, header.names, header.n_head, text, identity, date)


def _list_names(names: tuple[str, ...]) -> str:
    """Name columns for a message, neither many nor long ones."""
    short = [
        name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."
        for name in names[:_MOST_NAMES]
    ]
    more = len(names) - len(short)
    listed = ", ".join(f"'{name}'" for name in short)
    return f"{listed} and {more:,} more" if more else listed


def describe_open_quote(path: str, first_line: int, units: ByteArray, delimiter: str) -> InputError:
    """Word what is wrong with a text whose last record does not end."""
    place = find_open_quote(units, delimiter)
    line = first_line + len(find_line_starts(units[: max(place, 0)])) - 1
    return InputError(path, line, UNCLOSED if place >= 0 else _ENDLESS, MEND)
