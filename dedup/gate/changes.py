"""Find what changed in a working tree since a commit: files, their lines, what they held before.

In: the paths that a user names, the files found below them and the name of a commit. Out: the files
that were added, changed or deleted, by the names that reports have for them.

Decision (2026-11-26): compared are the merge base and the files as they lie on the disk, be they
staged, tracked, ignored or none of that: what the commit does not hold is new. A rename is a
deletion and an addition: texts tell what was moved, also where git would see no rename. A file that
is reached through a link counts as what it is under its own path; what lies in a submodule or
outside the repository never counts as changed.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Literal, TypeAlias

from dedup.gate.differences import ALL_LINES, ChangedLines, Tree, read_differences, read_tree
from dedup.gate.git import Repository, find_repository

Status: TypeAlias = Literal["added", "changed", "deleted"]
_STDIN: Final = "-"
_MOST_SCOPES: Final = 100  # a command line of Windows holds 32,767 characters


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that is not as it was.

    Attributes:
        name: As the user's paths name it. Of a deleted file as the system has it: bytes that are
            no UTF-8 are lone surrogates.
        status: What happened to it.
        blob: The hash of what it held; None of an added file.
        lines: What changed in it; all where there are no lines to tell.
    """

    name: str
    status: Status
    blob: str | None
    lines: ChangedLines = ALL_LINES


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Changes:
    """What changed since a commit.

    Attributes:
        repository: Where.
        revision: The full hash of the commit that is compared with.
        files: What changed, by name.
    """

    repository: Repository
    revision: str
    files: Mapping[str, ChangedFile]

    def touches(self, name: str, first: int, last: int) -> bool:
        """Say whether a change touches lines of a file, counted from 1, the last included."""
        file = self.files.get(name)
        return file is not None and file.lines.touch(first, last)


def find_changes(paths: Sequence[str], ref: str, present: Mapping[str, str | None]) -> Changes:
    """Compare the files below paths with the state at the merge base of a commit and the present.

    Args:
        paths: Files and folders that the user names; `-` stands for the current folder.
        ref: The name of a commit: a branch, a tag, a hash, `HEAD~1`.
        present: The files found below the paths: the name of each in reports, and where it is;
            None for standard input in the place of a file of that name.

    Returns:
        The files of `present` that differ, and those that are gone; among these there may be some
        that no reader reads, and of files that are named one by one only the named.

    Raises:
        GitError: Git cannot tell; the message says what to do.
    """
    repository = find_repository([os.curdir if path == _STDIN else path for path in paths], ref)
    revision = repository.find_base()
    places = _Places(repository.top, (path for path in paths if path != _STDIN))
    found = {name: places.find(path or name) for name, path in present.items()}
    scopes = places.choose_scopes(found.values())
    tree = read_tree(repository, revision, scopes)
    lines = read_differences(repository, revision, scopes)
    unsaved = (found[name] for name, path in present.items() if path is None)
    lines |= {place: ALL_LINES for place in unsaved if place is not None}
    files = {file.name: file for file in _compare_present(found, tree, lines)}
    for place in sorted(lines.keys() & tree.blobs.keys() - set(found.values())):
        name = places.name_gone(place)
        if name is not None:
            status: Status = "changed" if name in present else "deleted"
            files[name] = ChangedFile(name, status, tree.blobs[place])
    return Changes(repository, revision, files)


class _Places:
    """Where files lie from the top of a repository, and what they are called.

    Real paths are sought once a folder: of 1,000 files that costs 4 ms instead of 40.
    """

    def __init__(self, top: str, named: Iterable[str]) -> None:
        self._above = os.path.join(top, "")  # noqa: PTH118 -- a path object has no slash behind
        self._real: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._roots: set[PurePath] = set()
        self._named: set[str | None] = set()
        for path in sorted(map(PurePath, named)):
            real = os.path.realpath(path)
            self._named.add(self._place(real))
            if Path(real).is_dir():
                self._roots.add(path)
                self._folders.setdefault(real, "" if path == PurePath() else str(path))
            else:
                self._files.setdefault(real, str(path))

    def find(self, path: str) -> str | None:
        """Give a file's place, with `/` between; None outside the repository."""
        folder, name = os.path.split(path)
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder)
            if not self._roots.isdisjoint((PurePath(folder), *PurePath(folder).parents)):
                self._folders[self._real[folder]] = folder
        real = os.path.join(self._real[folder], name)  # noqa: PTH118 -- 5 times as fast
        if os.path.islink(real):  # noqa: PTH114 -- likewise
            real = os.path.realpath(real)
        return self._place(real)

    def _place(self, real: str) -> str | None:
        """Give the place of a real path, '' of the top; None outside the repository."""
        if not os.path.join(real, "").startswith(self._above):  # noqa: PTH118 -- likewise
            return None
        return real[len(self._above) :].replace(os.sep, "/")

    def choose_scopes(self, found: Iterable[str | None]) -> list[str]:
        """Give the fewest places that hold those found and those named, or none for everything."""
        kept: list[str] = []
        wanted = {*self._named, *map(self._place, self._folders), *found}
        for place in sorted(filter(None, wanted), key=lambda place: place.replace("/", "\0")):
            if not kept or not place.startswith(f"{kept[-1]}/"):
                kept.append(place)
        return [] if "" in wanted or len(kept) > _MOST_SCOPES else kept

    def name_gone(self, place: str) -> str | None:
        """Give the name under which a walk would have found what is no longer a file.

        None where it is one still, is hidden, or lies below no folder that is walked.
        """
        path = Path(self._above, place)
        if path.is_file() and not path.is_symlink():
            return None
        for folder in path.parents:
            named = self._folders.get(str(folder))
            if named is not None:
                below = path.relative_to(folder)
                is_hidden = any(part.startswith(".") for part in below.parts)
                return None if is_hidden else str(PurePath(named, below))
        return self._files.get(str(path))


def _compare_present(
    found: Mapping[str, str | None], tree: Tree, lines: Mapping[str, ChangedLines]
) -> Iterator[ChangedFile]:
    """Give the files of the present that differ from a commit."""
    for name, place in found.items():
        if place is None or tree.is_foreign(place):
            continue
        blob = tree.blobs.get(place)
        if blob is None:
            yield ChangedFile(name, "added", None)
        elif place in lines:
            yield ChangedFile(name, "changed", blob, lines[place])
