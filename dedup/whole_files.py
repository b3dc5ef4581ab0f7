"""Write files and folders that appear whole or not at all.

Decision (2026-11-23): what is written goes under another name in the same folder and is renamed
when all of it is on the disk, so a full disk, a crash or Ctrl-C never leaves half a file under the
name that a later step reads, nor destroys the one that stood there. Pipes and devices cannot be
renamed over and are written directly.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def replace_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to that takes the path's place when the block ends without an error.

    Links are followed: a link stays one. The mode of a file that stood there is kept.

    Raises:
        OSError: The file cannot be written; what stood under its name is untouched.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    final = path.resolve()
    temporary = _name_temporary(final)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if final.exists():
            temporary.chmod(final.stat().st_mode & 0o7777)
        temporary.replace(final)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


@contextmanager
def make_folder(path: Path) -> Iterator[Path]:
    """Give a folder to write to that gets its name when the block ends without an error.

    The mode of an empty folder that stood there is kept.

    Raises:
        OSError: The folder cannot be made, or there is one that holds something.
    """
    final = path.resolve()
    temporary = _name_temporary(final)
    temporary.mkdir()
    try:
        yield temporary
        _sync_folder(temporary)
        if final.exists():
            temporary.chmod(final.stat().st_mode & 0o7777)
        if os.name == "nt" and final.exists():
            final.rmdir()  # there a folder cannot be renamed over an empty one
        temporary.rename(final)
    except BaseException:
        import shutil  # noqa: PLC0415 -- likewise

        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _name_temporary(final: Path) -> Path:
    from secrets import token_hex  # noqa: PLC0415 -- OpenSSL's 4 ms, not for a terminal

    return final.with_name(f".dedup-{token_hex(8)}.tmp")


def _sync_folder(folder: Path) -> None:
    """Put the files of a folder on the disk before it is given its name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
