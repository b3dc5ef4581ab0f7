"""Read feeds: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed; an entry is a document.

In: a whole file. Out: a batch of its entries in order, each with its paragraphs as blocks that know
their lines, columns and characters in the feed, through CDATA, references and escapes. A title is
no block. An entry is named by its guid or id, else by its link, else by where it stands.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import Block, Document, DocumentBatch, Problem, Span
from dedup.readers.batches import batch_from_documents, may_direct, pad
from dedup.readers.directives import direct
from dedup.readers.encodings import Utf8, check_utf8, describe_guess
from dedup.readers.feed_directives import find_in_feed
from dedup.readers.feed_entries import read_xml_feed
from dedup.readers.feed_entry import Entry, Feed, NoFeedError, name_entries
from dedup.readers.feed_json import read_json_feed
from dedup.readers.sources import Piece
from dedup.readers.streams import cut_whole

if TYPE_CHECKING:
    from dedup.kernels import Engine

_DECLARATION: Final = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)", re.ASCII)
_DECLARED_WITHIN: Final = 1024  # bytes
_WITHOUT_MARK: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be", b"{\0": "utf-16-le"}
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_REMEDY: Final = (
    "Expected is RSS, Atom or JSON Feed: name another format with --input-format, "
    "or leave it out with --skip-errors."
)


cut = cut_whole


@dataclass(frozen=True, slots=True, eq=False)
class FeedSource:
    """The text of a feed, and how its bytes spell it; `size` of them do, the rest is cut off."""

    text: str
    utf8: Utf8
    size: int


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a feed into a document for each entry, in order.

    Raises:
        InputError: It is no feed, or not in an encoding that anything tells.
    """
    source = decode_feed(piece, config)
    feed = read_feed(source.text, piece.path)
    lines = LineFinder(source.text)
    places = (f"{piece.path}:{lines.line(entry.start)}" for entry in feed.entries)
    documents = [
        Document(name, piece.path, _place_blocks(entry, lines), entry.date, entry.head)
        for entry, name in zip(feed.entries, name_entries(feed.entries, places), strict=True)
    ]
    remarks = describe_guess(piece.path, source.utf8)
    if feed.cut_off:
        last = lines.line(max(len(source.text) - 1, 0))
        remarks += (Problem(piece.path, last, feed.cut_off),)
    batch = batch_from_documents(piece.path, documents, has_ends=True, remarks=remarks)
    if not may_direct(source.utf8.buffer):
        return batch
    return direct(batch, source.text, find_in_feed(source.text, feed))


def decode_feed(piece: Piece, config: ReadersConfig) -> FeedSource:
    """Decode a feed, by what its first line declares.

    Raises:
        InputError: It is not in an encoding that anything tells.
    """
    size = piece.size - _count_cut_off(piece)
    if size < piece.size:
        piece = replace(piece, data=pad(piece.data[:size].tobytes()), size=size)
    head = piece.data[: min(size, _DECLARED_WITHIN)].tobytes()
    declared = _WITHOUT_MARK.get(head[:2])
    if declared is None and (found := _DECLARATION.match(head)):
        declared = found[1].decode()
    utf8 = check_utf8(piece, config, declared)
    return FeedSource(utf8.decode(), utf8, size)


def _count_cut_off(piece: Piece) -> int:
    """Count the bytes of a last character that the end of the feed cuts off."""
    tail = piece.data[max(0, piece.size - 3) : piece.size].tobytes()
    if piece.data[: min(2, piece.size)].tobytes() in _WIDE_MARKS:
        return piece.size % 2
    for n_bytes in range(1, len(tail) + 1):
        first = tail[-n_bytes]
        if first >= 0xC0:  # noqa: PLR2004 -- UTF-8's 110xxxxx, 1110xxxx and 11110xxx begin a character
            needed = 2 + (first >= 0xE0) + (first >= 0xF0)  # noqa: PLR2004
            return n_bytes if needed > n_bytes else 0
    return 0


def read_feed(text: str, path: str) -> Feed:
    """Read a feed of any format.

    Args:
        text: Its source, decoded.
        path: Its name, for the error.

    Raises:
        InputError: It is no feed; says what it is.
    """
    is_json = text.lstrip()[:1] in ("{", "[")
    try:
        return read_json_feed(text) if is_json else read_xml_feed(text)
    except NoFeedError as error:
        line = LineFinder(text).line(error.char)
        raise InputError(path, line, f"it is no feed: {error}", _REMEDY) from error


def _place_blocks(entry: Entry, lines: "LineFinder") -> tuple[Block, ...]:
    """Give the blocks of an entry with their places in the feed."""
    if entry.body is None:
        return ()
    places = entry.body.places
    return tuple(
        Block(block.kind, block.text, lines.span(places.start(block.start), places.end(block.end)))
        for block in entry.blocks
    )


class LineFinder:
    """Finds lines and columns of a source; a line ends at LF, CR LF or CR."""

    def __init__(self, source: str) -> None:
        """Find where the lines begin."""
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(source))]

    def line(self, char: int) -> int:
        """Give the line of a character, from 1."""
        return bisect_right(self._starts, char)

    def span(self, start: int, end: int) -> Span:
        """Give the place of source[start:end], which is not empty."""
        first, last = self.line(start), self.line(end - 1)
        return Span(
            start_line=first,
            start_column=start - self._starts[first - 1] + 1,
            end_line=last,
            end_column=end - self._starts[last - 1],
            start_char=start,
            end_char=end,
        )
