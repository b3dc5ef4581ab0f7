"""Walk folders: give every file below them, each real folder once.

In: folders by name. Out: files with the name through which they were reached, and the folders that
could not be read. Hidden entries are left out, and what `.gitignore` names or the user excludes.

Decision (2026-11-23): links to folders are followed, since documentation trees are made of them,
but only after everything that is reached without links, so that a file is called by its own name
and a loop ends by itself.

Decision (2026-11-26): virtual environments and `node_modules` below a named folder are left out as
hidden entries are. `dedup check .` beside an environment read the files of other makers, and ended
at a table of NumPy's that has no text.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import Path, PurePath
from typing import Final

from dedup.readers.found import FoundFile
from dedup.readers.ignores import (
    IGNORE_FILE,
    Exclusions,
    IgnoreRules,
    compile_exclusions,
    find_rules_above,
)

_PACKAGES: Final = "node_modules"
_ENVIRONMENT: Final = "pyvenv.cfg"  # stands in every virtual environment of Python


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnreadableFolder:
    """A folder whose entries could not be listed."""

    folder: str
    error: OSError


@dataclass(frozen=True, slots=True, order=True)
class _Folder:
    """A folder still to be listed; `rules` of those around it, `exclude` of the user."""

    n_links: int
    parts: tuple[str, ...]
    path: str
    real: str = field(compare=False)
    exclude: Exclusions = field(compare=False)
    rules: IgnoreRules | None = field(compare=False, default=None)


def walk_folders(
    folders: Iterable[str], exclude: Sequence[str] = (), exclude_folder: str = os.curdir
) -> Iterator[FoundFile | UnreadableFolder]:
    """Give the files below folders; a folder named by hand is walked though it is ignored.

    Args:
        folders: By name.
        exclude: Patterns as in `.gitignore` of what is left out; they win over `.gitignore`, and
            hold for the names through which files are reached.
        exclude_folder: Where those patterns begin.
    """
    exclusions = compile_exclusions(exclude, exclude_folder)
    pending = [_start(path, 0, exclusions.enter(path)) for path in folders]
    heapify(pending)
    named = {folder.real for folder in pending}
    seen: set[str] = set()
    while pending:
        folder = heappop(pending)
        if folder.real in seen:
            continue
        seen.add(folder.real)
        try:
            with os.scandir(folder.path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
            rules = _rules_of(folder, entries)
        except OSError as error:
            yield UnreadableFolder(folder.path, error)
            continue
        if folder.real not in named and _is_installed(folder, entries):
            continue
        for found in _sort_entries(folder, entries, rules):
            if isinstance(found, _Folder):
                heappush(pending, found)
            else:
                yield found


def _is_installed(folder: _Folder, entries: list[os.DirEntry[str]]) -> bool:
    """Tell whether a folder holds packages that somebody installed there."""
    return folder.parts[-1:] == (_PACKAGES,) or any(e.name == _ENVIRONMENT for e in entries)


def would_find(
    path: str, folders: Iterable[str], exclude: Sequence[str] = (), exclude_folder: str = os.curdir
) -> bool:
    """Tell whether a walk would give a file that is no longer there, if it were.

    By its name and the rules there are today; one that was named by hand is always found.

    Args:
        path: Its name, as a walk would give it.
        folders: What is walked, and files named by hand.
        exclude: As `walk_folders` has it.
        exclude_folder: Likewise.
    """
    parts, named = PurePath(path).parts, {PurePath(folder).parts for folder in folders}
    if parts in named:
        return True
    tops = [top for top in named if parts[: len(top)] == top]
    top = max(tops, key=len, default=None)
    if top is None:
        return False
    exclusions = compile_exclusions(exclude, exclude_folder)
    start = os.path.join(*top) if top else os.curdir  # noqa: PTH118 -- '' is the current folder
    folder = _start(start, 0, exclusions.enter(start))
    rules = find_rules_above(folder.real)
    for n_parts in range(len(top), len(parts)):
        below = os.path.join(*parts[: n_parts + 1])  # noqa: PTH118 -- a name, not a place
        if Path(folder.real, IGNORE_FILE).is_file():
            rules = rules.read_folder(folder.real)
        real = os.path.join(folder.real, parts[n_parts])  # noqa: PTH118 -- likewise
        folder = _Folder(0, parts[: n_parts + 1], below, real, folder.exclude, rules)
        if _is_left_out(folder, is_folder=n_parts + 1 < len(parts)):
            return False
    return True


def _is_left_out(entry: _Folder, *, is_folder: bool) -> bool:
    """Tell whether an entry, seen as a folder would be, is one that a walk passes over."""
    name = entry.parts[-1]
    if name.startswith(".") or (is_folder and name == _PACKAGES):
        return True
    is_out = entry.exclude.decide(entry.path, is_folder=is_folder)
    if is_out is None and entry.rules is not None:
        is_out = entry.rules.is_ignored(entry.real, is_folder=is_folder)
    return bool(is_out)


def _start(path: str, n_links: int, exclude: Exclusions) -> _Folder:
    return _Folder(n_links, PurePath(path).parts, path, os.path.realpath(path), exclude)


def _rules_of(folder: _Folder, entries: list[os.DirEntry[str]]) -> IgnoreRules:
    rules = find_rules_above(folder.real) if folder.rules is None else folder.rules
    has_own = any(entry.name == IGNORE_FILE and entry.is_file() for entry in entries)
    return rules.read_folder(folder.real) if has_own else rules


def _sort_entries(
    folder: _Folder, entries: list[os.DirEntry[str]], rules: IgnoreRules
) -> Iterator[FoundFile | _Folder]:
    """Give the entries that are neither hidden nor ignored, as files and folders."""
    for entry in entries:
        real = os.path.join(folder.real, entry.name)  # noqa: PTH118 -- a path object costs 5 times
        is_link, is_folder = entry.is_symlink(), _is_folder(entry)
        if entry.name.startswith("."):
            continue
        path = entry.name if folder.path == os.curdir else entry.path
        is_out = folder.exclude.decide(path, is_folder=is_folder)
        if is_out is None:
            is_out = rules.is_ignored(real, is_folder=is_folder > is_link)
        if is_out:
            continue
        if is_link and is_folder:
            yield _start(path, folder.n_links + 1, folder.exclude)
        elif is_folder:
            parts = (*folder.parts, entry.name)
            yield _Folder(folder.n_links, parts, path, real, folder.exclude, rules)
        elif is_link:
            yield FoundFile(path, os.path.realpath(path), folder.n_links + 1)
        else:
            yield FoundFile(path, real, folder.n_links)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry is a folder or leads to one; a link that leads nowhere does not."""
    try:
        return entry.is_dir()
    except OSError:
        return False
