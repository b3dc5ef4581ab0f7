"""Unpack gzip, bzip2, xz and zstd as a stream, within bounds.

In: packed bytes. Out: the unpacked ones, whose every error is an `InputError` that names the kind.

Decision (2026-11-25): gzip stays with the standard library's reader (see `streams`). For the others
a loop of ours goes over the decompressors, since `lzma.open` takes no bound on memory and it and
`bz2.open` pass over what follows the data, be it half of the file.
"""

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from dedup.errors import InputError
from dedup.readers.contents import PACKINGS
from dedup.readers.sources import cannot_read

_FEED_BYTES: Final = 1 << 16
_MOST_OUTPUT: Final = 1 << 20
_XZ_MEMORY: Final = 1 << 28  # xz -9 needs 65 MB; its header may ask for 4 GB


class ByteStream(Protocol):
    """What bytes are read from, packed or not."""

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401 -- any buffer
        """Fill a buffer, or some of it; gives how many bytes, 0 only at the end."""


class _Decompressor(Protocol):
    """One member of packed data on its way, as `bz2` and `lzma` have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, _max_length: int, /) -> bytes: ...


def open_unpacked(raw: io.RawIOBase | io.BytesIO, compression: str) -> ByteStream:
    """Open a stream of what packed bytes hold, all members behind one another.

    Args:
        raw: The packed bytes.
        compression: A name in `COMPRESSIONS`.

    Raises:
        MissingExtraError: zstandard is not installed.
    """
    if compression == "gz":
        from gzip import GzipFile  # noqa: PLC0415 -- only packed sources pay for it

        return _Eager(GzipFile(fileobj=raw, mode="rb"))
    if compression == "bz2":
        from bz2 import BZ2Decompressor  # noqa: PLC0415 -- likewise

        return _Unpacked(raw, BZ2Decompressor, _FEED_BYTES)
    if compression == "xz":
        return _Unpacked(raw, _begin_xz, _FEED_BYTES)
    from dedup.readers.zstd import FEED_BYTES, ZstdFrames  # noqa: PLC0415 -- likewise

    return _Unpacked(raw, ZstdFrames(), FEED_BYTES)


def _begin_xz() -> _Decompressor:
    from lzma import FORMAT_XZ, LZMADecompressor  # noqa: PLC0415 -- likewise

    return LZMADecompressor(FORMAT_XZ, memlimit=_XZ_MEMORY)


class _Eager(io.RawIOBase):
    """A gzip file that gives what it has, so that what stands before a damage is read."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 -- as the base has it, any buffer
        return self._file.readinto1(buffer)


class _Unpacked(io.RawIOBase):
    """What packed bytes hold, one member after the other."""

    def __init__(
        self, raw: io.RawIOBase | io.BytesIO, begin: Callable[[], _Decompressor], feed_bytes: int
    ) -> None:
        self._raw, self._begin, self._feed_bytes = raw, begin, feed_bytes
        self._member = begin()
        self._packed, self._ready = b"", memoryview(b"")

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 -- as the base has it, any buffer
        if not self._ready:
            self._ready = memoryview(self._unpack())
        n_bytes = min(len(buffer), len(self._ready))
        buffer[:n_bytes] = self._ready[:n_bytes]
        self._ready = self._ready[n_bytes:]
        return n_bytes

    def _unpack(self) -> bytes:
        """Give the next bytes, b"" only at the end.

        Raises:
            EOFError: The data end in the middle.
            OSError: They are damaged; without a number.
        """
        content = b""
        while not content:
            if self._member.eof and not self._begin_member():
                return b""
            if not self._packed and self._member.needs_input:
                self._packed = self._raw.read(self._feed_bytes) or b""
                if not self._packed:
                    raise EOFError
            packed, self._packed = self._packed, b""
            try:
                content = self._member.decompress(packed, _MOST_OUTPUT)
            except (OSError, EOFError):
                raise
            except Exception as error:  # lzma.LZMAError, named here without importing lzma
                raise OSError(str(error)) from error
        return content

    def _begin_member(self) -> bool:
        """Go on with the next member; padding of zeros is passed over, as the commands do."""
        rest = self._member.unused_data.lstrip(b"\0")
        while not rest:
            rest = self._raw.read(self._feed_bytes) or b""
            if not rest:
                return False
            rest = rest.lstrip(b"\0")
        self._packed, self._member = rest, self._begin()
        return True


@contextmanager
def as_input_errors(name: str, compression: str) -> Iterator[None]:
    """Turn what the system and the decompressors raise into errors that name the source."""
    kind = PACKINGS.get(compression, "")
    try:
        yield
    except EOFError as error:
        raise damaged(name, compression, f"its {kind} data are cut short") from error
    except zlib.error as error:
        raise damaged(name, compression, f"its {kind} data are damaged ({error})") from error
    except ValueError as error:
        raise cannot_read(name, error) from error
    except OSError as error:
        if error.errno is None and compression:
            problem = f"it is no whole {kind} file ({error})"
            raise damaged(name, compression, problem) from error
        raise cannot_read(name, error) from error


def damaged(name: str, compression: str, problem: str) -> InputError:
    """Say that packed data are not whole."""
    remedy = (
        f"Check it with {PACKINGS[compression]} -t and fetch it again, "
        "or leave it out with --skip-errors."
    )
    return InputError(name, None, problem, remedy)
