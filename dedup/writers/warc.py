"""Write WARC again without the records that say nothing of their own.

In: the source, and its pages with what is to go from each. Out: the same file without these
records; all others, packed or not, are the very bytes of the source.

A page of which a paragraph stays, or that has a table or code, stays whole: a record's digests and
lengths are those of what was sent. So do requests and metadata of one that goes.

Decision (2026-11-25): a record goes with its packing where it is packed by itself, which crawlers
do and seeking needs. A file packed as a whole is unpacked and packed anew. In a file of both kinds
a record that shares its packing with a neighbour stays.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BlockKind
from dedup.readers.batches import encode_id
from dedup.readers.contents import HEAD_BYTES, tell_compression
from dedup.readers.sources import Source, cannot_read, was_changed
from dedup.readers.streams import SourceStream
from dedup.readers.warc_records import ArchiveReader, ArchiveRecord, find_members, read_id
from dedup.writers.edits import Cut, Part
from dedup.writers.packing import open_packed

_COPY_BYTES: Final = 1 << 20
_TOLD: Final = ("gz", "zst")  # packings of which FastWARC tells the members


def rewrite(
    source: Source, parts: Iterable[Part], output: IO[bytes], config: ReadersConfig
) -> Iterator[tuple[Part, list[Cut]]]:
    """Write a file again, a record at a time as it is iterated over.

    Args:
        source: The file; it is read once more, as it is packed.
        parts: Its pages, in order and without a gap.
        output: Where the bytes go.
        config: How the source is read.

    Yields:
        Each part with the record that was cut, if it was.

    Raises:
        InputError: It cannot be read.
    """
    with ExitStack() as stack:
        is_by_record = not source.compression or _is_packed_by_record(source)
        if is_by_record:
            copier = _Copier(stack.enter_context(_open_raw(source)).read, output)
        else:
            stream = stack.enter_context(SourceStream(source, config))
            packed = stack.enter_context(open_packed(output, source.compression))
            copier = _Copier(lambda size: _read(stream, size), packed)
        packing = source.compression if is_by_record else ""
        waiting = iter(parts)
        for span in _pass_spans(source, config, packing):
            if span.record.is_page:
                part = next(waiting, None)
                if part is None:
                    raise was_changed(source.name, "it has more records")
                yield part, _cut(part, span, copier, replace(source, compression=packing), config)
        if copier.copy_rest() == 0 and packing:
            stack.enter_context(open_packed(output, packing))  # no bytes would be no packed file


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a record lies.

    Attributes:
        record: The record.
        size: Its bytes, unpacked, with what stands behind it.
        start, end: Its place in the bytes that are copied, packed where it has its own packing;
            the end is None where it is theirs.
        is_apart: Nothing else lies there.
    """

    record: ArchiveRecord
    size: int
    start: int
    end: int | None
    is_apart: bool


def _pass_spans(source: Source, config: ReadersConfig, packing: str) -> Iterator[_Span]:
    """Pass the records of a file, of which `packing` is that of each record."""
    with ArchiveReader(source, config) as archive, _open_raw(source) as raw:
        members = find_members(raw) if packing else None
        waiting: ArchiveRecord | None = None
        before, start = -1, -1
        for record in archive.read_records(wants_content=False):
            place = record.start if members is None else next(members, start)
            if waiting is not None:
                size = record.start - waiting.start
                yield _Span(waiting, size, start, place, before < start < place)
            waiting, before, start = record, start, place
        if waiting is not None:
            yield _Span(waiting, archive.n_read - waiting.start, start, None, before < start)


def _cut(
    part: Part, span: _Span, copier: "_Copier", source: Source, config: ReadersConfig
) -> list[Cut]:
    """Cut a record if all that was compared of it goes and it can go by itself."""
    if not span.is_apart or not _goes(part):
        return []
    raw = copier.take(span)
    content = _unpack(raw, span.size, source, config)
    if content is None or encode_id(read_id(content)) != part.paragraphs.batch.ids[0]:
        copier.write(raw)
        return []
    return [Cut(tuple(part.removed.tolist()), span.record.start, content)]


def _goes(part: Part) -> bool:
    """Tell a page of which nothing of its own is left: no paragraph, no table, no code."""
    kinds = part.paragraphs.batch.kinds
    has_more = bool(np.isin(kinds, (BlockKind.TABLE, BlockKind.CODE)).any())
    n_removed = len(part.removed)
    return not has_more and n_removed > 0 and n_removed == len(part.paragraphs.starts)


def _unpack(raw: bytes, size: int, source: Source, config: ReadersConfig) -> bytes | None:
    """Unpack a record; None where it is not of that size, so that something else was with it."""
    if not source.compression:
        return raw
    try:
        with SourceStream(replace(source, path=None, content=raw), config) as stream:
            content = _read(stream, size + 1)
    except InputError:
        return None
    return content if len(content) == size else None


def _read(stream: SourceStream, size: int) -> bytes:
    buffer = bytearray(size)
    return bytes(memoryview(buffer)[: stream.readinto(buffer)])


def _is_packed_by_record(source: Source) -> bool:
    """Say whether the second record has a packing of its own.

    Inside a member FastWARC gives some place for it, so what stands there is looked at.
    """
    if source.compression not in _TOLD:
        return False
    with _open_raw(source) as raw:
        places = list(islice(find_members(raw), 2))
    if not places[1:]:
        return True
    with _open_raw(source) as raw:
        raw.seek(places[1])
        return places[1] > 0 and tell_compression(raw.read(HEAD_BYTES)) == source.compression


def _open_raw(source: Source) -> IO[bytes]:
    if source.path is None:
        return io.BytesIO(source.content or b"")
    try:
        return Path(source.path).open("rb")
    except OSError as error:
        raise cannot_read(source.name, error) from error


class _Copier:
    """Copies a stream but for what is taken out of it."""

    def __init__(self, read: Callable[[int], bytes], output: IO[bytes]) -> None:
        self._read, self._output = read, output
        self._place, self._n_written = 0, 0

    def take(self, span: _Span) -> bytes:
        """Copy up to a record and give its bytes instead of copying them."""
        self._copy(span.start - self._place)
        if span.end is None:
            return b"".join(iter(lambda: self._read(_COPY_BYTES), b""))
        self._place = span.end
        return self._read(span.end - span.start)

    def write(self, raw: bytes) -> None:
        """Write bytes, as those that were taken in vain."""
        self._output.write(raw)
        self._n_written += len(raw)

    def copy_rest(self) -> int:
        """Copy up to the end; gives how many bytes were written in all."""
        while chunk := self._read(_COPY_BYTES):
            self.write(chunk)
        return self._n_written

    def _copy(self, n_bytes: int) -> None:
        self._place += n_bytes
        while n_bytes > 0 and (chunk := self._read(min(n_bytes, _COPY_BYTES))):
            self.write(chunk)
            n_bytes -= len(chunk)
