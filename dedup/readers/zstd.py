"""Hold all that is asked of zstandard, which is imported here and nowhere else.

In: bytes packed with zstd, or to be packed. Out: the other ones.

Decision (2026-11-25): unpacking hands the library 2 KB at a time. It has no bound on what it gives
for what it is handed, and its stream, which has one, does not tell a file that is cut short from a
whole one. 4 bytes may stand for 128 KB, so 2 KB give 64 MB at most; 72 MB of words take 0.10 s
instead of 0.08.
"""

from typing import IO, Any, Final, cast

from dedup.errors import MissingExtraError

FEED_BYTES: Final = 2048
_WINDOW_BYTES: Final = 1 << 27  # what the zstd command allows; `zstd --long=31` needs 2 GB
_FEATURE: Final = "packing with zstd (.zst)"


def _load() -> Any:  # noqa: ANN401 -- a module
    try:
        import zstandard  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise MissingExtraError(_FEATURE, "zstandard", "zst") from error
    return zstandard


class ZstdFrames:
    """Gives a decompressor for each frame, as `bz2` and `lzma` have them for their streams."""

    def __init__(self) -> None:
        """Load the library.

        Raises:
            MissingExtraError: It is not installed.
        """
        library = _load()
        self._error: type[Exception] = library.ZstdError
        self._context = library.ZstdDecompressor(max_window_size=_WINDOW_BYTES)

    def __call__(self) -> "ZstdFrame":
        """Begin a frame."""
        return ZstdFrame(self._context.decompressobj(), self._error)


class ZstdFrame:
    """One frame on its way; the interface is that of `bz2.BZ2Decompressor`."""

    needs_input: Final = True

    def __init__(self, stream: Any, error: type[Exception]) -> None:  # noqa: ANN401 -- untyped here
        self._stream, self._error = stream, error

    def decompress(self, data: bytes, _max_length: int) -> bytes:
        """Unpack all of `data`.

        Raises:
            OSError: The data are damaged, or need more memory than is allowed.
        """
        try:
            return cast("bytes", self._stream.decompress(data))
        except self._error as error:
            raise OSError(str(error).removeprefix("zstd decompressor error: ")) from error

    @property
    def eof(self) -> bool:
        """Say whether the frame is whole."""
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        """Give what stands behind the frame."""
        return cast("bytes", self._stream.unused_data)


def open_zstd(file: IO[bytes]) -> IO[bytes]:
    """Open a stream that packs into a file, which stays open; with a checksum, at level 3.

    Raises:
        MissingExtraError: zstandard is not installed.
    """
    packer = _load().ZstdCompressor(level=3, write_checksum=True)
    return cast("IO[bytes]", packer.stream_writer(file, closefd=False))
