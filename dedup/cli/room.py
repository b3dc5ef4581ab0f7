"""Say beforehand what a run lacks, and when it ends too soon what was missing and what stays.

Decision (2026-11-26): what is finished in a named working folder is told of after an interruption
and after a failure that a user can mend (a full disk, an output that cannot be written), not after
one that a second run meets again.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dedup.cli.messages import say
from dedup.cli.signals import Stopped
from dedup.config import Config, RunConfig
from dedup.errors import OutputError, WorkFolderError

if TYPE_CHECKING:
    from dedup.advice import Room

_FULL: Final = (ENOSPC, EDQUOT, EFBIG)
_REMEDY: Final = (
    "Make room there, name a folder on a larger disk with --work-dir, or give more with --memory."
)
_REMEDY_OF_NAMED: Final = "Make room there, or name a folder on a larger disk with --work-dir."
_MENDABLE: Final = (KeyboardInterrupt, Stopped, MemoryError, OutputError)
_ADVISED_FROM_BYTES: Final = 1 << 28  # a smaller run fits everywhere


@contextmanager
def watch_room(config: Config, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Give what is told how many bytes a run reads, about; it says what the run lacks.

    Args:
        config: Of the run.
        quiet: Only errors are told.

    Raises:
        WorkFolderError: The folder of the run's files is full: with how much the run needs.
    """
    sizes: list[int] = []

    def note_size(size_bytes: int) -> None:
        sizes.append(size_bytes)
        if size_bytes >= _ADVISED_FROM_BYTES and not quiet:
            _advise(size_bytes, config)

    try:
        yield note_size
    except WorkFolderError as error:
        if not _is_full(error):
            raise
        _tell_what_stays(config.run, quiet=quiet)
        raise _explain_full(error, sizes, config) from error
    except _MENDABLE:
        _tell_what_stays(config.run, quiet=quiet)
        raise


def _advise(size_bytes: int, config: Config) -> None:
    from dedup.advice import advise_scan, estimate_need  # noqa: PLC0415 -- of large runs alone

    advice = advise_scan(estimate_need(size_bytes, config), find_room(config.run))
    if advice is not None:
        say(f"Note: {advice}")


def find_room(config: RunConfig) -> "Room":
    """Find what a run may take of the machine."""
    from dedup.advice import Room  # noqa: PLC0415 -- of large runs alone
    from dedup.machine import (  # noqa: PLC0415 -- likewise
        default_memory,
        find_temporary_folder,
        measure_free_disk,
        measure_memory,
    )
    from dedup.storage import SPILLED_SHARE  # noqa: PLC0415 -- likewise

    limit = default_memory() if config.memory_bytes is None else config.memory_bytes
    folder = config.work_dir or find_temporary_folder()
    return Room(
        memory_bytes=0 if config.work_dir else limit // SPILLED_SHARE,
        machine_bytes=measure_memory(),
        folder=folder,
        free_bytes=measure_free_disk(folder),
    )


def _is_full(error: WorkFolderError) -> bool:
    """Say whether it was for want of room, on the disk, of a quota or of a limit of files."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL


def _explain_full(error: WorkFolderError, sizes: list[int], config: Config) -> WorkFolderError:
    """Give the error with how much is needed, where it is known what was to be read."""
    from dedup.advice import estimate_need, spell_size  # noqa: PLC0415 -- of a failure alone

    problem = error.problem
    if sizes:
        need = estimate_need(sizes[-1], config)
        problem += f", and about {spell_size(need.column_bytes)} are needed there"
    is_named = config.run.work_dir is not None  # all columns are there, whatever the memory
    return WorkFolderError(error.folder, problem, _REMEDY_OF_NAMED if is_named else _REMEDY)


def _tell_what_stays(config: RunConfig, *, quiet: bool) -> None:
    from dedup.work_folder import holds_stages  # noqa: PLC0415 -- of a failure alone

    folder = config.work_dir
    if folder is not None and not quiet and holds_stages(folder):
        say(f"Finished stages stay in '{folder}': the same command goes on with --resume.")


def measure_named(paths: Iterable[str]) -> int:
    """Give about how many bytes the files take that are named, or stand in a named folder itself.

    What lies deeper is not counted: no folder is walked twice for a note.
    """
    return sum(_measure(Path(path)) for path in paths)


def _measure(path: Path) -> int:
    """Give the size of a file, or of the files in a folder; 0 for what is neither."""
    try:
        if not path.is_dir():
            found = path.stat()
            return found.st_size if stat.S_ISREG(found.st_mode) else 0
        with os.scandir(path) as entries:
            return sum(entry.stat().st_size for entry in entries if entry.is_file())
    except OSError:
        return 0
