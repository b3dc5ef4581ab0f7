"""Pack what is written as its source was packed.

In: an open file. Out: a stream into it. Equal bytes give equal files: no name and no time is noted.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO, Final, cast

_GZIP_LEVEL: Final = 6  # the command's; 9 takes four times the time for 1 % less


@contextmanager
def open_packed(file: IO[bytes], compression: str) -> Iterator[IO[bytes]]:
    """Open a stream that packs into a file; the file itself stays open.

    Args:
        file: Where the packed bytes go.
        compression: A name in `COMPRESSIONS`; '' writes the bytes as they come.

    Raises:
        MissingExtraError: zstandard is not installed.
    """
    if not compression:
        yield file
        return
    with closing(_open(file, compression)) as stream:
        yield stream


def _open(file: IO[bytes], compression: str) -> IO[bytes]:
    if compression == "gz":
        from gzip import GzipFile  # noqa: PLC0415 -- only packed sources pay for it

        packer = GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)
        return cast("IO[bytes]", packer)
    if compression == "bz2":
        from bz2 import BZ2File  # noqa: PLC0415 -- likewise

        return cast("IO[bytes]", BZ2File(file, "wb"))
    if compression == "xz":
        from lzma import LZMAFile  # noqa: PLC0415 -- likewise

        return cast("IO[bytes]", LZMAFile(file, "wb"))
    from dedup.readers.zstd import open_zstd  # noqa: PLC0415 -- likewise

    return open_zstd(file)
