"""Read what a commit holds, and which of it differs now, in which lines.

In: a repository and a commit of it. Out: everything by its place: the path from the repository's
top, with `/` between.

Decision (2026-11-26): `git ls-tree` says what a commit holds, instead of `ls-files --others` what
it does not, since that leaves out what some rule of the user's ignores but a walk finds. Links and
submodules are left out. The patches of `diff -U0` are told apart by their order, which is that of
`diff --raw`, not by their headers: names stand there quoted, and with prefixes that users set.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from dedup.gate.git import Repository

_SUBMODULE: Final = "160000"
_REGULAR: Final = "100"  # what the modes of regular files begin with
_MODIFIED: Final = b"M"
_HUNK: Final = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_PATCH: Final = b"diff --git "
_BINARY: Final = b"Binary files "
_DIFF: Final = (
    *("diff", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--ignore-submodules=dirty", "--submodule=short"),
)
_RAW: Final = ("--raw", "-z")
_LINES: Final = (
    *("-U0", "--inter-hunk-context=0", "--diff-algorithm=myers", "--indent-heuristic"),
    "--diff-filter=M",
)


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """Which lines of a file changed.

    Attributes:
        ranges: First and last line of each stretch that is new, from 1, in order.
        cuts: The lines behind which others were taken out, from 0, in order.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    cuts: tuple[int, ...] = ()

    def touch(self, first: int, last: int) -> bool:
        """Say whether lines, the last included, hold a new one or lost some among them."""
        if any(start <= last and first <= end for start, end in self.ranges):
            return True
        return any(first <= cut < last for cut in self.cuts)


ALL_LINES: Final = ChangedLines(((1, sys.maxsize),))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tree:
    """What a commit holds.

    Attributes:
        blobs: The hash of each regular file, by its place.
        submodules: The places of those.
    """

    blobs: dict[str, str]
    submodules: frozenset[str]

    def is_foreign(self, place: str) -> bool:
        """Say whether a place lies in a submodule."""
        if not self.submodules:
            return False
        return not self.submodules.isdisjoint(map(str, PurePosixPath(place).parents))


def read_tree(repository: Repository, commit: str, scopes: Sequence[str]) -> Tree:
    """Read which files a commit holds.

    Args:
        repository: Where.
        commit: Its hash.
        scopes: The places of the files and folders that are asked about; none for all.

    Raises:
        GitError: The commit cannot be read.
    """
    listing = repository.ask("ls-tree", "-r", "-z", commit, "--", *scopes)
    blobs, submodules = {}, set()
    for row in listing.split(b"\0")[:-1]:
        about, _, path = row.partition(b"\t")
        mode, _, name = about.decode().split()
        if mode.startswith(_REGULAR):
            blobs[os.fsdecode(path)] = name
        elif mode == _SUBMODULE:
            submodules.add(os.fsdecode(path))
    return Tree(blobs, frozenset(submodules))


def read_differences(
    repository: Repository, commit: str, scopes: Sequence[str]
) -> dict[str, ChangedLines]:
    """Find what of a commit is not so in the working tree, whether it is staged or not.

    Args:
        repository: Where.
        commit: Its hash.
        scopes: As for `read_tree`.

    Returns:
        By place, the lines that changed; all where git knows no lines: of binary files, and of
        what is gone. What differs in its mode alone is left out.

    Raises:
        GitError: Git fails.
    """
    listing = repository.ask(*_DIFF, *_RAW, commit, "--", *scopes)
    fields = listing.split(b"\0")[:-1]
    pairs = zip(fields[::2], fields[1::2], strict=True)
    rows = [(os.fsdecode(path), about.split()[-1]) for about, path in pairs]
    modified = [place for place, status in rows if status == _MODIFIED]
    lines = dict.fromkeys((place for place, _ in rows), ALL_LINES)
    if modified:
        patches = repository.ask(*_DIFF, *_LINES, commit, "--", *scopes)
        found = list(_read_patches(patches.split(b"\n")))
        if len(found) == len(modified):  # else somebody writes to the files at this moment
            lines |= zip(modified, found, strict=True)
    return {place: changed for place, changed in lines.items() if changed != ChangedLines()}


def _read_patches(rows: Iterable[bytes]) -> Iterator[ChangedLines]:
    """Give the lines of each patch; rows within a hunk begin with `+`, `-` or a backslash."""
    ranges: list[tuple[int, int]] = []
    cuts: list[int] = []
    n_patches = 0
    for row in rows:
        if row.startswith(_PATCH):
            if n_patches:
                yield ChangedLines(tuple(ranges), tuple(cuts))
            n_patches, ranges, cuts = n_patches + 1, [], []
        elif row.startswith(_BINARY):
            ranges.extend(ALL_LINES.ranges)
        elif hunk := _HUNK.match(row):
            start, size = int(hunk[1]), int(hunk[2] or 1)
            if size:
                ranges.append((start, start + size - 1))
            else:
                cuts.append(start)
    if n_patches:
        yield ChangedLines(tuple(ranges), tuple(cuts))
