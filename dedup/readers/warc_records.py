"""Walk through the records of a WARC file: all that is asked of FastWARC, its home.

In: a source, or the bytes of one record. Out: where each record begins and whether it is a page,
with its bytes; or that record, open.

Decision (2026-11-25): FastWARC is given the bytes that `SourceStream` has unpacked, not the file,
although it unpacks gzip and zstd itself: so the bounds against bombs, all packings and the errors
of a damaged file are those of every format. FastWARC 0.15 ends without a word where a header is
damaged; 2.0 says so, and reads what zstd and Brotli packed with no package beside it.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import IO, TYPE_CHECKING, Final, Literal, Self, cast

from dedup.config import ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.readers.contents import PACKINGS, tell_compression
from dedup.readers.sources import Source
from dedup.readers.streams import SourceStream

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

Decoding = Literal["all", "content", "transfer", "none"]

_CHUNK_BYTES: Final = 1 << 16
_LOOKED_AT_BYTES: Final = 1024
HTML: Final = frozenset(("text/html", "application/xhtml+xml"))
_TEXT: Final = "text/plain"
_REMEDY: Final = "Check the file and fetch it again, or leave it out with --skip-errors."


def _load() -> ModuleType:
    try:
        from fastwarc import warc  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise MissingExtraError("WARC", "fastwarc", "warc") from error
    return warc


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """A record as it is passed.

    Attributes:
        number: Which one of the file, from 1.
        start: The byte of the unpacked file at which it begins.
        is_page: Its payload may be a page or a text; whether, only its bytes tell.
        content: Its bytes where they were asked for and it is a page.
    """

    number: int
    start: int
    is_page: bool
    content: bytes | None = None


class ArchiveReader:
    """The records of a source, in order; a context manager.

    Attributes:
        n_read: How many bytes were read so far, unpacked: all, when there is no record left.
    """

    def __init__(self, source: Source, config: ReadersConfig) -> None:
        """Open a source.

        Raises:
            InputError: It cannot be read.
            MissingExtraError: FastWARC, or zstandard for what zstd packed, is not installed.
        """
        self._warc, self._name, self._number = _load(), source.name, 0
        self._feed = _Feed(SourceStream(source, config))

    @property
    def n_read(self) -> int:
        """Give how many bytes were read."""
        return self._feed.stream.n_read

    def read_records(self, *, wants_content: bool) -> Iterator[ArchiveRecord]:
        """Pass the records; those before a damage are given before the error.

        Raises:
            InputError: It is no WARC, cut off or damaged.
        """
        records = self._warc.ArchiveIterator(self._feed, parse_http=False, stream_detect=False)
        while True:
            with self._as_input_errors():
                record = next(records, None)
                if record is None:
                    break
                self._number += 1
                found = self._take(record, wants_content=wants_content)
            yield found
        if self._feed.error is not None:
            raise self._feed.error

    @contextmanager
    def _as_input_errors(self) -> Iterator[None]:
        """Turn what FastWARC raises into errors that name the source and the record."""
        try:
            yield
        except (OSError, ValueError, LookupError) as error:
            if self._feed.error is not None:
                raise self._feed.error from error
            if not self._number:
                raise self._describe_foreign() from error
            problem = f"behind its record {self._number} stands none ({error})"
            raise self._refuse(problem) from error

    def _refuse(self, problem: str) -> InputError:
        return InputError(self._name, None, problem, _REMEDY)

    def _describe_foreign(self) -> InputError:
        packing = tell_compression(self._feed.head)
        if packing:
            problem = f"it is packed with {PACKINGS[packing]}, which its name does not say"
            return InputError(self._name, None, problem, f"Let its name end in .{packing}.")
        remedy = "Check its name, or name its format with --input-format."
        problem = "it is no WARC file: it does not begin with WARC/"
        return InputError(self._name, None, problem, remedy)

    def _take(self, record: "WarcRecord", *, wants_content: bool) -> ArchiveRecord:
        """Take what is wanted of a record and pass the rest."""
        headers = record.headers
        if headers.get("Content-Length") is None or headers.get("WARC-Record-ID") is None:
            if self._number == 1:
                raise self._describe_foreign()
            raise self._feed.error or self._refuse(f"it is cut off in its record {self._number}")
        start, size = record.stream_pos, record.content_length
        is_page = self._is_page(record)
        content = None
        if is_page and wants_content:
            written = io.BytesIO()
            record.write(written)
            content = written.getvalue()
            n_read = len(content) - content.index(b"\r\n\r\n") - 8
        else:
            n_read = size - record.content_length + record.consume()
        if n_read < size:
            raise self._feed.error or self._refuse(f"it is cut off in its record {self._number}")
        return ArchiveRecord(self._number, start, is_page, content)

    def _is_page(self, record: "WarcRecord") -> bool:
        kinds = self._warc.WarcRecordType
        if record.record_type not in (kinds.response, kinds.resource, kinds.conversion):
            return False
        if record.record_type == kinds.response and record.is_http:
            record.parse_http(quirks_mode=True)
        media = read_media(record)
        return media in HTML or media == _TEXT or not media

    def __enter__(self) -> Self:
        """Give the reader itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the source."""
        self._feed.stream.close()


class _Feed:
    """The bytes of a source for FastWARC; an error ends them and is kept for later.

    So what was read before is a record as long as it is whole.
    """

    def __init__(self, stream: SourceStream) -> None:
        self.stream, self.head = stream, b""
        self.error: InputError | None = None

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, b"" at the end."""
        if self.error is not None:
            return b""
        buffer, before = bytearray(size if size > 0 else _CHUNK_BYTES), self.stream.n_read
        try:
            self.stream.readinto(buffer)
        except InputError as error:
            self.error = error
        content = bytes(memoryview(buffer)[: self.stream.n_read - before])
        self.head = self.head or content[:_LOOKED_AT_BYTES]
        return content

    def tell(self) -> int:
        """Give how many bytes were read."""
        return self.stream.n_read


def read_type(record: "WarcRecord") -> str:
    """Read what a record says its payload is, with parameters; '' where it does not."""
    if record.is_http and record.http_headers is not None:
        said = record.http_headers.get("Content-Type")
        return said or record.headers.get("WARC-Identified-Payload-Type") or ""
    return "" if record.is_http else record.headers.get("Content-Type") or ""


def read_media(record: "WarcRecord") -> str:
    """Read what a record says its payload is, as `text/html`; '' where it does not."""
    return read_type(record).partition(";")[0].strip().lower()


def open_record(content: bytes, decoding: Decoding) -> "WarcRecord":
    """Open a record in memory; its payload is read with these of its encodings undone."""
    warc = _load()
    stream = cast("IO[bytes]", io.BytesIO(content))
    record = next(iter(warc.ArchiveIterator(stream, parse_http=False, stream_detect=False)))
    if record.is_http:
        record.parse_http(auto_decode=decoding, quirks_mode=True)
    return cast("WarcRecord", record)


def read_id(content: bytes) -> str:
    """Read the id of a record in memory; '' where it is none."""
    with suppress(OSError, ValueError, StopIteration):
        return open_record(content, "none").headers.get("WARC-Record-ID") or ""
    return ""


def find_members(file: IO[bytes]) -> Iterator[int]:
    """Give, for each record of a file packed with gzip or zstd, where its member begins in it.

    Those packed in one member have one place. It ends early where the file is damaged.
    """
    stream = _load().ArchiveIterator(file, parse_http=False)
    with suppress(OSError, ValueError):
        for record in stream:
            yield record.stream_pos
