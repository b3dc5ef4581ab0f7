"""Decide under which name each source of a run is written again.

In: the paths as the user named them, the sources found under them, and where the output goes. Out:
a file for one source, or for each source a name inside a folder. Refused is everything that would
lose something: writing over a source, into a folder that is read, or into one that holds something.
So it is for the file of what was removed.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from dedup.errors import InputError, SettingError
from dedup.readers.registry import find_compression, find_reader, has_reader
from dedup.readers.sources import STDIN, Source

STDOUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where sources go: `names` inside `folder`, one a source; or one source to `file`."""

    file: str | None
    folder: Path | None
    names: tuple[str, ...]


def plan_destinations(paths: Iterable[str], sources: Sequence[Source], output: str) -> Destinations:
    """Give each source a place in the output.

    One file, or standard input, goes to the file `output`, or into it where it is a folder;
    `-` is standard output. Of folders, what is below them goes below `output` by the same names; of
    several paths each gets its own name there.

    Args:
        paths: As the user named them.
        sources: What was found under them, in order.
        output: A file, a folder or `-`.

    Raises:
        SettingError: Something would be lost, or two sources would be written to one file.
        InputError: The one source that was named could not be read.
    """
    named = sorted(set(paths))
    is_single = len(named) == 1 and (named[0] == STDIN or not Path(named[0]).is_dir())
    into_folder = output.endswith(os.sep) or Path(output).is_dir()
    if is_single and not sources:
        raise InputError(named[0], None, "it was skipped, so nothing is written", "Name another.")
    if output == STDOUT or (is_single and not into_folder):
        if not is_single:
            raise _refuse(output, "a folder where folders or several files are cleaned")
        _refuse_sources(output, sources)
        _refuse_other_format(output, sources)
        return Destinations(output, None, ())
    names = tuple(_name_inside(named, source) for source in sources)
    _refuse_collisions(output, names)
    if is_single:
        file = str(Path(output) / names[0])
        _refuse_sources(file, sources)
        return Destinations(file, None, ())
    _refuse_folder(output, named)
    return Destinations(None, Path(output), names)


def _refuse(output: str, allowed: str, advice: str = "Choose another output.") -> SettingError:
    return SettingError(f"setting output is {output!r}: allowed is {allowed}. {advice}")


def _refuse_sources(output: str, sources: Iterable[Source]) -> None:
    """See that the output is none of the files that are read."""
    final = os.path.realpath(output)
    for source in sources:
        if source.path is not None and os.path.realpath(source.path) == final:
            raise _refuse(output, "a file that this run does not read: nothing is changed in place")


def _refuse_other_format(output: str, sources: Sequence[Source]) -> None:
    """See that a file's name says what will stand in it, and that its folder is there."""
    path = sources[0].path if sources else None
    is_device = Path(output).exists() and not Path(output).is_file()
    if output == STDOUT or path is None or is_device:
        return
    folder = Path(output).parent
    if not folder.is_dir():
        raise _refuse(output, f"a file in a folder that exists, and '{folder}' does not")
    name, source = Path(output).name, sources[0]
    if find_compression(name) != source.compression:
        ending = f".{source.compression}" if source.compression else "no ending of packed files"
        raise _refuse(output, f"a name with {ending}, as '{source.name}' is packed")
    if has_reader(name) and find_reader(Path(name), None).name != source.format:
        raise _refuse(output, f"a name of the format of '{source.name}': none is made another")


def _name_inside(named: Sequence[str], source: Source) -> str:
    """Give the name of a source inside the output folder."""
    if source.path is None:
        return PurePath(source.name).name
    path = PurePath(source.path)
    for name in sorted(named, key=lambda each: len(PurePath(each).parts), reverse=True):
        if name != STDIN and path.is_relative_to(PurePath(name)):
            below = path.relative_to(PurePath(name))
            if not below.parts or ".." in below.parts:
                return path.name
            head = PurePath() if len(named) == 1 else PurePath(_name_folder(name))
            return str(head / below)
    return path.name


def _name_folder(folder: str) -> str:
    """Give a folder's own name; `..` has one too, and it is not what leads out of the output."""
    name = PurePath(folder).name
    return Path(folder).resolve().name if name in {"", ".."} else name


def _refuse_collisions(output: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    folders = {str(folder) for name in names for folder in PurePath(name).parents}
    for name in names:
        if name in seen or name in folders:
            advice = "Name the folder over both."
            raise _refuse(output, f"one source a file, and two would be '{name}'", advice)
        seen.add(name)


def _refuse_folder(output: str, named: Iterable[str]) -> None:
    """See that the output folder is new or empty, and not among what is read."""
    folder = Path(output)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _refuse(output, "a folder that is new or empty")
    final = folder.resolve()
    if final == Path.cwd():  # it is replaced, and whoever stands in it would see nothing
        raise _refuse(output, "a folder other than the current one", "Name one inside it.")
    for name in named:
        if _is_inside(final, name):
            advice = "The next run would read it. Choose a folder elsewhere."
            raise _refuse(output, f"a folder outside '{name}', which is read", advice)
    if not final.parent.is_dir():
        raise _refuse(output, f"a folder in one that exists, and '{final.parent}' does not")


def _is_inside(path: Path, name: str) -> bool:
    """Say whether a resolved path is what a user named, or below it."""
    return name != STDIN and path.is_relative_to(Path(name).resolve())


def refuse_removed(
    removed: str, paths: Iterable[str], sources: Iterable[Source], place: Destinations
) -> None:
    """See that the file of what was removed takes the place of nothing and is not read next time.

    Args:
        removed: The file.
        paths: What is read, as the user named it.
        sources: What was found there.
        place: Where the sources go.

    Raises:
        SettingError: It is a source, below a folder that is read, or in the output.
    """
    final = Path(removed).resolve()
    is_source = any(
        source.path is not None and Path(source.path).resolve() == final for source in sources
    )
    named = [*paths, str(place.folder or place.file)]  # STDOUT and STDIN are one word
    if removed == STDOUT or is_source or any(_is_inside(final, name) for name in named):
        allowed = "a file that this run neither reads nor writes, nor will the next"
        raise SettingError(f"setting removed is {removed!r}: allowed is {allowed}. Choose another.")
