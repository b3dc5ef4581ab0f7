"""Make batches, the columns that every reader gives, from blocks or from spans of a buffer.

In: either `Document` objects, as records in memory are, or one document's buffer with the byte
spans of its blocks. Out: a `DocumentBatch`.

Decision (2026-11-23): readers whose blocks are slices of the source hand over byte spans and keep
the source's buffer as it is; lines, columns and characters are counted for all blocks at once in
NumPy. Objects a block and a second copy of the text would double the time of reading Markdown.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.model import (
    NO_HEAD,
    PADDING,
    Block,
    BlockKind,
    ByteArray,
    Document,
    DocumentBatch,
    IndexArray,
    OffsetArray,
    Problem,
)

_LINE_FEED, _CARRIAGE_RETURN = 10, 13
_CHUNK_BYTES: Final = 1 << 18  # stays in the processor's cache
_DIRECTIVE_WORD: Final = b"dedup"
# A colon may be spelled as a reference or an escape. Compiled on use, since few sources say so.
_DIRECTIVE: Final = rb"(?<=data-)dedup|dedup(?:\s*+[:&\\]|[\s_-]++ignore)"
_SURROGATE: Final = "[\ud800-\udfff]"
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spans:
    """The blocks of one document as byte spans of its buffer, in order, with their kinds."""

    starts: Sequence[int]
    ends: Sequence[int]
    kinds: Sequence[int]


def batch_from_documents(
    path: str | None,
    documents: Iterable[Document],
    *,
    is_source: bool = False,
    has_ends: bool = False,
    remarks: tuple[Problem, ...] = (),
) -> DocumentBatch:
    """Turn documents into one batch.

    A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD, a character for a character.

    Args:
        path: The file they came from; None for records from memory.
        documents: In input order; those without a block are kept as documents.
        is_source: The blocks' own line ends are those of the source.
        has_ends: The blocks' spans say where they end in the source, which their texts do not
            tell: text of a page without its tags, say.
        remarks: What must be said of how the source was read.
    """
    listed = list(documents)
    blocks = [block for document in listed for block in document.blocks]
    texts = [encode_text(block.text) for block in blocks]
    owners = np.repeat(np.arange(len(listed)), [len(document.blocks) for document in listed])
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    is_dated = any(document.date is not None for document in listed)
    has_heads = any(document.head != NO_HEAD for document in listed)
    return DocumentBatch(
        path=path,
        buffer=pad(b"".join(texts)),
        ids=[encode_id(document.identity) for document in listed],
        dates=[document.date or "" for document in listed] if is_dated else None,
        document=owners.astype(np.int32),
        starts=ends[:-1].copy(),
        ends=ends[1:].copy(),
        kinds=np.array([block.kind for block in blocks], np.uint8),
        lines=_column(blocks, "start_line"),
        columns=_column(blocks, "start_column").astype(np.int32),
        chars=_column(blocks, "start_char"),
        end_lines=_column(blocks, "end_line"),
        is_source=is_source,
        heads=tuple(document.head for document in listed) if has_heads else None,
        end_columns=_column(blocks, "end_column").astype(np.int32) if has_ends else None,
        end_chars=_column(blocks, "end_char") if has_ends else None,
        remarks=remarks,
    )


def _column(blocks: list[Block], name: str) -> OffsetArray:
    return np.array([getattr(block.span, name) for block in blocks], np.int64)


def encode_text(text: str) -> bytes:
    r"""Encode a text as UTF-8, with U+FFFD for each lone surrogate.

    >>> encode_text("a\ud83d").decode()
    'a�'
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return re.sub(_SURROGATE, _REPLACEMENT, text).encode()


def encode_id(identity: object) -> bytes:
    """Encode a document's id as JSON in UTF-8.

    >>> encode_id("café.txt").decode()
    '"café.txt"'
    """
    try:
        return encode_text(json.dumps(identity, ensure_ascii=False, allow_nan=False, default=str))
    except (TypeError, ValueError) as error:
        raise ValueError(f"its id {identity!r} is none that JSON can hold") from error


def check_date(value: object) -> str:
    """Give a date as it stands where it is ISO 8601, '' for None.

    Raises:
        ValueError: It is anything else; says what.

    >>> check_date("2026-11-23T10:00:00+01:00")
    '2026-11-23T10:00:00+01:00'
    """
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else value
    if isinstance(text, str):
        with contextlib.suppress(ValueError):
            datetime.fromisoformat(text)
            return text
    raise ValueError(f"its date is {value!r}, expected ISO 8601 as 2026-11-23 or 2026-11-23T10:00")


def pad(data: bytes) -> ByteArray:
    """Copy bytes into a buffer with PADDING zero bytes behind them."""
    buffer = np.zeros(len(data) + PADDING, np.uint8)
    buffer[: len(data)] = np.frombuffer(data, np.uint8)
    return buffer


def batch_from_spans(
    path: str, buffer: ByteArray, spans: Spans, dates: list[str] | None
) -> DocumentBatch:
    """Make a batch of one document whose blocks are slices of its source.

    Args:
        path: The file as the user named it, which is also the document's id.
        buffer: The source in UTF-8 without byte order mark, PADDING bytes behind it.
        spans: Its blocks, in order and not overlapping.
        dates: The document's date where dates were asked for.
    """
    starts = np.array(spans.starts, np.int64)
    ends = np.array(spans.ends, np.int64)
    source = buffer[:-PADDING]
    line_starts = find_line_starts(source)
    lines = np.searchsorted(line_starts, starts, "right")
    characters = count_characters(source)
    return DocumentBatch(
        path=path,
        buffer=buffer,
        ids=[encode_id(path)],
        dates=dates,
        document=np.zeros(len(starts), np.int32),
        starts=starts,
        ends=ends,
        kinds=np.array(spans.kinds, np.uint8),
        lines=lines.astype(np.int64),
        columns=_count_columns(characters, starts, line_starts[lines - 1]),
        chars=characters[starts] if characters is not None else starts.copy(),
        end_lines=np.searchsorted(line_starts, np.maximum(ends - 1, starts), "right"),
        is_source=True,
    )


def may_direct(source: ByteArray, opening: bytes = b"") -> bool:
    """Say whether a source may say something of itself to a check: whether it says `dedup:`.

    Takes 0.8 ns a byte; with an opening that is not there 0.6.

    Args:
        source: UTF-8, or anything that is ASCII where it matters.
        opening: What a comment begins with, as it is always spelled, five bytes at most.
    """
    if opening and not any(opening in chunk for _, chunk in _cut_into_chunks(source)):
        return False
    for place, chunk in _cut_into_chunks(source):
        folded = chunk.lower()
        at = folded.find(_DIRECTIVE_WORD)
        while at >= 0:
            if re.compile(_DIRECTIVE, re.IGNORECASE).match(source.data, place + at):
                return True
            at = folded.find(_DIRECTIVE_WORD, at + 1)
    return False


def _cut_into_chunks(source: ByteArray) -> Iterator[tuple[int, bytes]]:
    """Give parts of a source, each with its place; what has five bytes is whole in one of them."""
    for place in range(0, len(source), _CHUNK_BYTES):
        end = place + _CHUNK_BYTES + len(_DIRECTIVE_WORD) - 1
        yield place, source[place:end].tobytes()


def find_line_starts(source: ByteArray) -> OffsetArray:
    r"""Find where each line begins; a line ends at LF, CR LF or CR, and the last one need not.

    >>> find_line_starts(np.frombuffer(b"a\r\nb\rc\n", np.uint8)).tolist()
    [0, 3, 5, 7]
    """
    is_end = source == _LINE_FEED
    returns = np.flatnonzero(source == _CARRIAGE_RETURN)
    if len(returns):
        followers = np.minimum(returns + 1, len(source) - 1)
        is_end[returns] = source[followers] != _LINE_FEED
    return np.concatenate([np.zeros(1, np.int64), np.flatnonzero(is_end) + 1])


def count_characters(source: ByteArray) -> OffsetArray | None:
    """Count the characters before each byte and the end; None where each byte is one."""
    if not len(source) or int(source.max()) < 0x80:  # noqa: PLR2004 -- the end of ASCII
        return None
    begins: npt.NDArray[np.bool_] = (source & 0xC0) != 0x80  # noqa: PLR2004 -- UTF-8's 10xxxxxx
    counts = np.zeros(len(source) + 1, np.int64)
    np.cumsum(begins, out=counts[1:])
    return counts


def _count_columns(
    characters: OffsetArray | None, starts: OffsetArray, line_starts: OffsetArray
) -> IndexArray:
    if characters is None:
        return (starts - line_starts + 1).astype(np.int32)
    return (characters[starts] - characters[line_starts] + 1).astype(np.int32)


def batch_from_text(
    path: str, buffer: ByteArray, n_lines: int, dates: list[str] | None
) -> DocumentBatch:
    """Make a batch of one document that is one TEXT block: all of its buffer.

    Args:
        path: The file as the user named it, which is also the document's id.
        buffer: The source in UTF-8 without byte order mark, PADDING bytes behind it.
        n_lines: How many lines it has; with 0 bytes there is no block.
        dates: The document's date where dates were asked for.
    """
    size = len(buffer) - PADDING
    n_blocks = min(size, 1)
    return DocumentBatch(
        path=path,
        buffer=buffer,
        ids=[encode_id(path)],
        dates=dates,
        document=np.zeros(n_blocks, np.int32),
        starts=np.zeros(n_blocks, np.int64),
        ends=np.full(n_blocks, size, np.int64),
        kinds=np.full(n_blocks, BlockKind.TEXT, np.uint8),
        lines=np.ones(n_blocks, np.int64),
        columns=np.ones(n_blocks, np.int32),
        chars=np.zeros(n_blocks, np.int64),
        end_lines=np.full(n_blocks, n_lines, np.int64),
        is_source=True,
    )


def batch_from_problem(problem: Problem) -> DocumentBatch:
    """Make a batch without documents that only carries what had to be skipped."""
    nothing = np.zeros(0, np.int64)
    return DocumentBatch(
        path=problem.path,
        buffer=pad(b""),
        ids=[],
        dates=None,
        document=nothing.astype(np.int32),
        starts=nothing,
        ends=nothing,
        kinds=nothing.astype(np.uint8),
        lines=nothing,
        columns=nothing.astype(np.int32),
        chars=nothing,
        end_lines=nothing,
        is_source=False,
        problems=(problem,),
        is_whole=False,
    )
