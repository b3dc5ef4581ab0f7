"""Decide under which name each source of a run is written again.

In: the paths as the user named them, the sources found under them, and where the output goes. Out:
a file for one source, or for each source a name inside a folder. Refused is everything that would
lose something: writing over a source, into a folder that is read, or into one that holds something.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from dedup.errors import SettingError
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
    """
    named = sorted(set(paths))
    is_single = len(named) == 1 and (named[0] == STDIN or not Path(named[0]).is_dir())
    into_folder = output.endswith(os.sep) or Path(output).is_dir()
    if output == STDOUT or (is_single and not into_folder):
        if not is_single:
            raise _refuse(output, "a folder where folders or several files are cleaned")
        _refuse_sources(output, sources)
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


def _name_inside(named: Sequence[str], source: Source) -> str:
    """Give the name of a source inside the output folder."""
    if source.path is None:
        return PurePath(source.name).name
    path = PurePath(source.path)
    for name in sorted(named, key=len, reverse=True):
        if name != STDIN and path.is_relative_to(PurePath(name)):
            below = path.relative_to(PurePath(name))
            if not below.parts:
                return path.name
            head = PurePath() if len(named) == 1 else PurePath(PurePath(name).name)
            return str(head / below)
    return path.name


def _refuse_collisions(output: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            advice = "Clean them one after the other."
            raise _refuse(output, f"one source a file, and two would be '{name}'", advice)
        seen.add(name)


def _refuse_folder(output: str, named: Iterable[str]) -> None:
    """See that the output folder is new or empty, and not among what is read."""
    folder = Path(output)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _refuse(output, "a folder that is new or empty")
    final = folder.resolve()
    for name in named:
        if name != STDIN and final.is_relative_to(Path(name).resolve()):
            advice = "The next run would read it. Choose a folder elsewhere."
            raise _refuse(output, f"a folder outside '{name}', which is read", advice)
    if not final.parent.is_dir():
        raise _refuse(output, f"a folder in one that exists, and '{final.parent}' does not")
