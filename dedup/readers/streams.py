"""Open sources: a stream of bytes that is unpacked, counted and sure to be whole.

In: a `Source`. Out: a `SourceStream`, whose every error is an `InputError`, or all of the source as
one `Piece`.

Decision (2026-11-23): compressed files go through the standard library's gzip, not through zlib
itself, although it costs a fifth more (0.57 against 0.46 s of CPU for 100 MB): members, padding and
checks are done right there. A file is read up to the size it had when it was opened: what is
appended meanwhile belongs to the next run, what was cut off is an error.

Decision (2026-11-25): a bomb is known by what it has unpacked so far against what was read for it,
not against the file's size: a tail of noise would hide it. Text packs 3 to 10-fold, a page repeated
for ever 1,000-fold in gzip and 30,000-fold in zstd; up to 64 MB nothing is asked.
"""

import io
import os
import stat
from collections.abc import Iterator
from typing import Any, Final, Self, cast

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, ByteArray
from dedup.readers.contents import HEAD_BYTES, PACKINGS, refuse_foreign, refuse_wrong_packing
from dedup.readers.sources import Piece, Source, too_large, was_changed
from dedup.readers.unpacking import ByteStream, as_input_errors, damaged, open_unpacked

_CHUNK_BYTES: Final = 1 << 20
_FREE_BYTES: Final = 64 << 20  # unpacked, before anything is asked
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# A pipe without a writer must not hold up the open. POSIX lacks the one flag, Windows the other.
_OPEN_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class SourceStream:
    """The bytes of a source, unpacked; a context manager.

    Attributes:
        size_bytes: How many there are; None where only reading tells.
        n_read: How many were read so far.
    """

    def __init__(self, source: Source, config: ReadersConfig) -> None:
        """Open a source.

        Raises:
            InputError: It is gone, forbidden, no regular file, larger than `max_bytes` or not
                packed as its name says.
            MissingExtraError: It is packed with zstd, and zstandard is not installed.
        """
        self._source, self._config, self.n_read = source, config, 0
        with as_input_errors(source.name, source.compression):
            self._raw, size = _open_raw(source)
        self.size_bytes = None if source.compression else size
        self._bytes: ByteStream = self._raw
        try:
            if source.compression:
                self._bytes = open_unpacked(self._raw, source.compression)
            self._check_size(size)
            if source.compression:
                with as_input_errors(source.name, source.compression):
                    head = _peek(self._raw)
                refuse_wrong_packing(source.name, source.compression, head)
        except BaseException:
            self.close()
            raise

    def _check_size(self, size: int) -> None:
        name, compression = self._source.name, self._source.compression
        if compression and size == 0:
            kind = PACKINGS[compression]
            raise damaged(name, compression, f"its {kind} data are cut short: it is empty")
        if not compression and size > self._config.max_bytes:
            raise too_large(name, self._config)

    def readinto(self, buffer: ByteArray | bytearray) -> int:
        """Fill a buffer; gives how many bytes, fewer than it holds only at the end.

        Raises:
            InputError: The source changed, is damaged, holds more than `max_bytes`, unpacks to more
                than `max_expansion` times its size or is not what its name says.
        """
        view, filled = memoryview(cast("bytearray", buffer)), 0
        while filled < len(view):
            with as_input_errors(self._source.name, self._source.compression):
                n_bytes = self._bytes.readinto(view[filled:]) or 0
            if not n_bytes:
                break
            filled += n_bytes
            self._count(n_bytes)
        if self.n_read == filled:  # the beginning
            head, is_packed = bytes(view[:filled][:128]), bool(self._source.compression)
            refuse_foreign(self._source.name, self._source.format, head, is_packed=is_packed)
        return filled

    def _count(self, n_bytes: int) -> None:
        self.n_read += n_bytes
        if self.n_read > self._config.max_bytes:
            raise too_large(self._source.name, self._config)
        if not self._source.compression or self.n_read <= _FREE_BYTES:
            return
        most = self._config.max_expansion
        if self.n_read > most * self._raw.tell():
            problem = f"it unpacks to more than {most:,} times its size"
            remedy = "Raise --max-expansion if it should, or leave it out with --skip-errors."
            raise InputError(self._source.name, None, problem, remedy)

    def close(self) -> None:
        """Close the source."""
        self._raw.close()

    def __enter__(self) -> Self:
        """Give the stream itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the source."""
        self.close()


def read_head(source: Source, config: ReadersConfig) -> bytes:
    """Give the first bytes of a source, unpacked: `HEAD_BYTES`, or all there are.

    Raises:
        InputError: It cannot be read.
        MissingExtraError: It is packed with zstd, and zstandard is not installed.
    """
    buffer = bytearray(HEAD_BYTES)
    with SourceStream(source, config) as stream:
        return bytes(buffer[: stream.readinto(buffer)])


def _open_raw(source: Source) -> "tuple[io.BytesIO | _RegularFile, int]":
    if source.path is None:
        content = source.content or b""
        return io.BytesIO(content), len(content)
    _refuse_irregular(source.name, os.stat(source.path))  # noqa: PTH116 -- paths are str here
    handle = os.open(source.path, _OPEN_FLAGS)
    try:
        status = os.fstat(handle)
        _refuse_irregular(source.name, status)
    except BaseException:
        os.close(handle)
        raise
    return _RegularFile(handle, source.name, status.st_size), status.st_size


def _refuse_irregular(name: str, status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    kind = next((kind for is_kind, kind in _KINDS if is_kind(status.st_mode)), "no file")
    problem = f"it is {kind}, not a regular file"
    raise InputError(name, None, problem, "Name a regular file, or pipe the text in and name '-'.")


def _peek(raw: "io.BytesIO | _RegularFile") -> bytes:
    """Read the first bytes and go back."""
    if isinstance(raw, io.BytesIO):
        return raw.getvalue()[:16]
    return raw.peek(16)


class _RegularFile(io.RawIOBase):
    """A file up to the size it had when it was opened."""

    def __init__(self, handle: int, name: str, size_bytes: int) -> None:
        self._file = io.FileIO(handle, "rb")
        self._name, self._n_left = name, size_bytes

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 -- as the base has it, any buffer
        view = memoryview(buffer)[: self._n_left]
        n_bytes = self._file.readinto(view)
        if n_bytes == 0 and len(view):
            raise was_changed(self._name, f"{self._n_left:,} bytes are gone")
        self._n_left -= n_bytes
        return n_bytes

    def peek(self, n_bytes: int) -> bytes:
        """Give the first bytes of all; the next read gives them again."""
        head = self._file.read(n_bytes)
        self._file.seek(0)
        return head

    def tell(self) -> int:
        """Give how many bytes were read."""
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


def read_whole(source: Source, config: ReadersConfig) -> Piece:
    """Read all of a source as one piece.

    Raises:
        InputError: It cannot be read, or holds more than `max_bytes`.
    """
    with SourceStream(source, config) as stream:
        if stream.size_bytes is not None:
            data = np.empty(stream.size_bytes + PADDING, np.uint8)
            size = stream.readinto(data[:-PADDING])
        else:
            content = _read_growing(stream)
            size = len(content)
            content += bytes(PADDING)
            data = np.frombuffer(content, np.uint8)
    data[size:] = 0
    return Piece(source.name, source.format, data, size)


def cut_whole(source: Source, config: ReadersConfig) -> Iterator[Piece]:
    """Give a source as one piece: the `cut` of formats that only make sense whole.

    Raises:
        InputError: The source cannot be read.
    """
    yield read_whole(source, config)


def _read_growing(stream: SourceStream) -> bytearray:
    """Read what only its end tells the size of; a bytearray grows mostly in place."""
    content, chunk = bytearray(), bytearray(_CHUNK_BYTES)
    while n_bytes := stream.readinto(chunk):
        content += memoryview(chunk)[:n_bytes]
    return content
