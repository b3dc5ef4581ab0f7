"""Open what a cleaning writes to, so that all of it appears at once or nothing does."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from dedup.destinations import STDOUT, Destinations
from dedup.errors import OutputError
from dedup.whole_files import make_folder, replace_file

OpenFile: TypeAlias = Callable[[int], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class OpenOutput:
    """What opens the output of each source, by its number, and the file of what was removed."""

    open_file: OpenFile
    removed: IO[bytes] | None


@dataclass(frozen=True, slots=True)
class Output:
    """Where a cleaning's output goes.

    Attributes:
        name: A file, a folder or `-`; None for nowhere.
        removed: A file for what was removed; None for none.
    """

    name: str | None
    removed: str | None = None

    @contextmanager
    def open(self, place: Destinations | None) -> Iterator[OpenOutput]:
        """Open all of it; it appears at the end, what was removed first, or not at all.

        Raises:
            OutputError: It cannot be written; what stood there is untouched.
            BrokenPipeError: Whoever read standard output stopped.
        """
        try:
            with ExitStack() as stack:
                open_file = stack.enter_context(_open_place(place))
                removed = None
                if self.removed is not None and place is not None:
                    removed = stack.enter_context(replace_file(Path(self.removed)))
                yield OpenOutput(open_file, removed)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(self.name or os.devnull, error.strerror or str(error)) from error


@contextmanager
def _open_place(place: Destinations | None) -> Iterator[OpenFile]:
    if place is None:
        yield lambda _number: _open_nowhere()
    elif place.folder is not None:
        with make_folder(place.folder) as folder:
            yield lambda number: _open_inside(folder, place.names[number])
    elif place.file == STDOUT:
        yield lambda _number: _open_stdout()
    else:
        with replace_file(Path(place.file or "")) as file:
            yield lambda _number: _lend(file)


@contextmanager
def _open_nowhere() -> Iterator[IO[bytes]]:
    with Path(os.devnull).open("wb") as file:
        yield file


@contextmanager
def _lend(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a file that somebody else closes."""
    yield file
    file.flush()


def _open_stdout() -> AbstractContextManager[IO[bytes]]:
    sys.stdout.flush()
    return _lend(sys.stdout.buffer)


@contextmanager
def _open_inside(folder: Path, name: str) -> Iterator[IO[bytes]]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        yield file
