"""Turn a piece's bytes into UTF-8 that is known to be valid.

In: the bytes of a source as they are, and what the source or the user says of their encoding. Out:
the same text in UTF-8 without its byte order mark. What is valid UTF-8 is never copied.

Decision (2026-11-25): asked for is, in this order, the user, a byte order mark, the declaration,
UTF-8, and last a guess, which is said in the report. It replaces the rule of 2026-11-23 that
nothing is guessed. A file that is UTF-8 but for some bytes is broken, not in another encoding, and
stays an error that says where: so is a text whose bytes speak for no encoding, and what is no text.
"""

import codecs
from dataclasses import dataclass
from typing import Final

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, ByteArray, Problem
from dedup.readers.batches import pad
from dedup.readers.sources import Piece
from dedup.readers.turbo import guess_encoding

_CHUNK_BYTES: Final = 1 << 18  # decoded text stays in the processor's cache
UTF8: Final = "utf-8"
# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, UTF8),
)
# What the web means by a name where Python means less; tried in turn.
_MEANT: Final = {
    "ascii": ("cp1252", "latin-1"),
    "iso8859-1": ("cp1252", "latin-1"),
    "iso8859-9": ("cp1254", "iso8859-9"),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "shift_jis": ("cp932", "shift_jis"),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "euc_kr": ("cp949",),
    "big5": ("big5hkscs", "cp950"),
}
# Controls that no text holds, whatever its encoding: all but blanks, escape and DOS's end of file.
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1a\x1b"))
_BYTES_A_CONTROL: Final = 200  # a text holds fewer controls than one in so many; noise one in 10
# Quotes, dashes, the ellipsis and the euro, at one place in all of windows-125x and nowhere else.
_PUNCTUATION: Final = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99"
_ASCII: Final = bytes(range(0x80))
_FEWEST_BYTES: Final = 4  # past ASCII in one place; fewer are an accident, or the end cut off
_REMEDY: Final = (
    "Convert it to UTF-8, e.g. with iconv, name its encoding with --encoding, "
    "or leave it out with --skip-errors."
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Utf8:
    """Valid UTF-8, and how the source spells it.

    Attributes:
        buffer: The text, with exactly PADDING zero bytes behind.
        n_lines: How many lines it has.
        encoding: The Python codec that decodes and encodes the source behind its mark.
        is_guessed: Nothing but the bytes themselves said so.
        mark: The source's byte order mark, b"" where it has none.
    """

    buffer: ByteArray
    n_lines: int
    encoding: str = UTF8
    is_guessed: bool = False
    mark: bytes = b""

    def decode(self) -> str:
        """Give the text."""
        return self.buffer[:-PADDING].tobytes().decode()


def check_utf8(piece: Piece, config: ReadersConfig, declared: str | None = None) -> Utf8:
    """Give a piece's text as valid UTF-8; the buffer is a view of the piece's where it can be.

    Args:
        piece: Its bytes.
        config: `encoding` is what the user says of them.
        declared: What the source says of itself, as `charset=` of a page; passed over where its
            bytes are none of that encoding.

    Raises:
        InputError: The bytes are not what the user or the mark says, or nothing tells what they
            are; names the line and byte.
    """
    if config.encoding is not None:
        return _convert_as_told(piece, config.encoding)
    head = piece.data[: min(4, piece.size)].tobytes()
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _convert(piece, encoding, mark)
    if declared is not None:
        found = _try_declared(piece, declared)
        if found is not None:
            return found
    try:
        return _convert(piece, UTF8)
    except InputError as error:
        return _guess(piece, error)


def describe_guess(path: str, text: Utf8) -> tuple[Problem, ...]:
    """Give the remark that a source's encoding was guessed, if it was; for a batch's `remarks`."""
    if not text.is_guessed:
        return ()
    name = text.encoding.replace("cp125", "windows-125")
    return (Problem(path, None, f"its encoding was guessed as {name}"),)


def _convert_as_told(piece: Piece, encoding: str) -> Utf8:
    """Decode as the user says; a byte order mark in that encoding is no text."""
    name = codecs.lookup(encoding).name.removesuffix("-sig")
    head = piece.data[: min(4, piece.size)].tobytes()
    for mark, marked in _MARKS:
        if head.startswith(mark) and marked.startswith(name.replace("_", "-")):
            return _convert(piece, marked, mark)
    return _convert(piece, f"{name}-le" if name in ("utf-16", "utf-32") else name)


def _try_declared(piece: Piece, declared: str) -> Utf8 | None:
    """Decode as the source says; None where no codec has that name or the bytes are others."""
    try:
        name = codecs.lookup(declared.strip()).name
        "".encode(name)  # not every codec is of text
    except (LookupError, ValueError):
        return None
    if name.startswith("utf-"):
        # Whoever read the declaration byte for byte has seen that the text is not that wide.
        is_wide = bool((piece.data[: min(4, piece.size)] == 0).any())
        name = name.removesuffix("-sig") if name.startswith("utf-8") or is_wide else UTF8
        name = f"{name}-le" if name in ("utf-16", "utf-32") else name
    for codec in _MEANT.get(name, (name,)):
        try:
            return _convert(piece, codec)
        except InputError:
            continue
    return None


def _guess(piece: Piece, error: InputError) -> Utf8:
    """Guess the encoding; raises the error of UTF-8 where there is no ground for a guess."""
    content = piece.data[: piece.size].tobytes()
    strange = content.translate(None, _ASCII)
    is_stray = len(strange) < _FEWEST_BYTES and strange in content  # all in one place
    if is_stray or _is_binary(content) or _is_nearly_utf8(content):
        raise error
    is_punctuation = not strange.translate(None, _PUNCTUATION)
    encoding = "cp1252" if is_punctuation else guess_encoding(content)
    if encoding is None:
        raise error
    text = content.decode(encoding)
    return Utf8(pad(text.encode()), _count_lines(text), encoding, is_guessed=True)


def _is_binary(content: bytes) -> bool:
    n_controls = len(content) - len(content.translate(None, _CONTROLS))
    return b"\0" in content or n_controls * _BYTES_A_CONTROL > len(content)


def _is_nearly_utf8(content: bytes) -> bool:
    """Say whether more characters of several bytes are valid UTF-8 than bytes are not."""
    n_valid = n_invalid = 0
    for place in range(0, len(content), _CHUNK_BYTES):
        text = content[place : place + _CHUNK_BYTES].decode("utf-8", "surrogateescape")
        n_bad = len(text) - len(text.encode("utf-8", "ignore").decode())
        n_valid += len(text) - n_bad - len(text.encode("ascii", "ignore"))
        n_invalid += n_bad
    return n_valid > n_invalid


def _convert(piece: Piece, encoding: str, mark: bytes = b"") -> Utf8:
    """Decode strictly.

    Raises:
        InputError: A byte is not of that encoding.
    """
    if encoding == UTF8:
        buffer = piece.data[len(mark) : piece.size + PADDING]
        return Utf8(buffer, _check(buffer[:-PADDING], piece), mark=mark)
    content = piece.data[len(mark) : piece.size].tobytes()
    try:
        text = content.decode(encoding)
        data = text.encode()
    except UnicodeDecodeError as error:
        line = piece.first_line + _count_ends(content[: error.start].decode(encoding, "ignore"))
        problem = f"byte 0x{content[error.start]:02x} is not {encoding} ({error.reason})"
        if mark:
            problem = f"it begins as {encoding[:6].upper()} and is not ({error.reason})"
        raise InputError(piece.path, line, problem, _REMEDY) from error
    except UnicodeError as error:  # a lone surrogate, which some codecs give
        problem = f"it is not {encoding} ({error})"
        raise InputError(piece.path, None, problem, _REMEDY) from error
    return Utf8(pad(data), _count_lines(text), encoding, mark=mark)


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


def _count_lines(text: str) -> int:
    lines = _LineCount()
    lines.add(text)
    return lines.n_lines


def _count_ends(text: str) -> int:
    lines = _LineCount()
    lines.add(text)
    return lines.n_ends


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
