"""Turn a piece's bytes into UTF-8 that is known to be valid.

In: the bytes of a source as they are. Out: the same bytes without their byte order mark, checked;
UTF-16 and UTF-32 with a mark are converted.

Decision (2026-11-23): no encoding is guessed. Latin-1 read as something near it changes letters
without a word, so a byte that is not UTF-8 is an error that says where it is.
"""

import codecs
from dataclasses import dataclass
from typing import Final

from dedup.errors import InputError
from dedup.model import PADDING, ByteArray
from dedup.readers.batches import pad
from dedup.readers.sources import Piece

_CHUNK_BYTES: Final = 1 << 18  # decoded text stays in the processor's cache
# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_WIDE_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REMEDY: Final = "Convert it to UTF-8, e.g. with iconv, or leave it out with --skip-errors."


@dataclass(frozen=True, slots=True, eq=False)
class Utf8:
    """Valid UTF-8: its bytes with exactly PADDING zero bytes behind, and how many lines it has."""

    buffer: ByteArray
    n_lines: int

    def decode(self) -> str:
        """Give the text."""
        return self.buffer[:-PADDING].tobytes().decode()


def check_utf8(piece: Piece) -> Utf8:
    """Give a piece's text as valid UTF-8; the buffer is a view of the piece's where it can be.

    Raises:
        InputError: A byte is not UTF-8, or not what the byte order mark promises.
    """
    head = piece.data[: min(4, piece.size)].tobytes()
    for mark, encoding in _WIDE_MARKS:
        if head.startswith(mark):
            return _convert(piece, encoding)
    first = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    buffer = piece.data[first : piece.size + PADDING]
    return Utf8(buffer, _check(buffer[:-PADDING], piece))


def _check(source: ByteArray, piece: Piece) -> int:
    """Check UTF-8 and count its lines, in one pass and without a copy of it all.

    Raises:
        InputError: A byte is not UTF-8.
    """
    view, place, lines = source.data, 0, _LineCount()
    while place < len(view):
        end = place + _CHUNK_BYTES
        try:
            text, n_bytes = codecs.utf_8_decode(view[place:end], "strict", end >= len(view))
        except UnicodeDecodeError as error:
            bad = place + error.start
            lines.add(codecs.utf_8_decode(view[place:bad], "strict", True)[0])  # noqa: FBT003 -- C
            problem = f"byte 0x{view[bad]:02x} is not UTF-8"
            line = piece.first_line + lines.n_ends
            raise InputError(piece.path, line, problem, _REMEDY) from error
        lines.add(text)
        place += n_bytes
    return lines.n_lines


def _convert(piece: Piece, encoding: str) -> Utf8:
    content = piece.data[: piece.size].tobytes()
    lines = _LineCount()
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        lines.add(content[: error.start].decode(encoding, "ignore"))
        problem = f"it begins as {encoding.upper()} and is not ({error.reason})"
        line = piece.first_line + lines.n_ends
        raise InputError(piece.path, line, problem, _REMEDY) from error
    lines.add(text)
    return Utf8(pad(text.encode()), lines.n_lines)


class _LineCount:
    """A count of the line ends LF, CR LF and CR in a text that comes in parts."""

    def __init__(self) -> None:
        self.n_ends = 0
        self._last = ""

    def add(self, text: str) -> None:
        """Count the line ends of the next part."""
        if not text:
            return
        self.n_ends += text.count("\n")
        if "\r" in text:
            self.n_ends += text.count("\r") - text.count("\r\n")
        if self._last == "\r" and text[0] == "\n":
            self.n_ends -= 1
        self._last = text[-1]

    @property
    def n_lines(self) -> int:
        """Give the number of lines, the last one also where no line end follows it."""
        return self.n_ends + (self._last not in ("", "\n", "\r"))
