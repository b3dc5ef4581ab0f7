"""Walk folders: give every file below them, each real folder once.

In: folders by name. Out: files with the name through which they were reached, and the folders that
could not be read. Hidden entries and what `.gitignore` names are left out.

Decision (2026-11-23): links to folders are followed, since documentation trees are made of them,
but only after everything that is reached without links, so that a file is called by its own name
and a loop ends by itself.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import PurePath

from dedup.readers.found import FoundFile
from dedup.readers.ignores import IGNORE_FILE, IgnoreRules, find_rules_above


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnreadableFolder:
    """A folder whose entries could not be listed."""

    folder: str
    error: OSError


@dataclass(frozen=True, slots=True, order=True)
class _Folder:
    """A folder still to be listed; `rules` of those around it."""

    n_links: int
    parts: tuple[str, ...]
    path: str
    real: str = field(compare=False)
    rules: IgnoreRules | None = field(compare=False, default=None)


def walk_folders(folders: Iterable[str]) -> Iterator[FoundFile | UnreadableFolder]:
    """Give the files below folders; a folder named by hand is walked though it is ignored."""
    pending = [_start(path, 0) for path in folders]
    heapify(pending)
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
        for found in _sort_entries(folder, entries, rules):
            if isinstance(found, _Folder):
                heappush(pending, found)
            else:
                yield found


def _start(path: str, n_links: int) -> _Folder:
    return _Folder(n_links, PurePath(path).parts, path, os.path.realpath(path))


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
        if entry.name.startswith(".") or rules.is_ignored(real, is_folder=is_folder > is_link):
            continue
        path = entry.name if folder.path == os.curdir else entry.path
        if is_link and is_folder:
            yield _start(path, folder.n_links + 1)
        elif is_folder:
            yield _Folder(folder.n_links, (*folder.parts, entry.name), path, real, rules)
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
