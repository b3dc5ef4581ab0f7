"""Say what `.gitignore`, and patterns that the user gives, leave out of a walk.

In: the folders that a walk comes through. Out: for each entry whether it is ignored. The rules are
git's: a file's patterns hold below its folder, the deepest file that says anything decides, and
the files between a folder and the top of its repository count too. What the user gives wins over
all of them, as in git.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from dedup.path_patterns import PathPatterns, compile_patterns

IGNORE_FILE: Final = ".gitignore"
CAN_NAME: Final = r"(?!#)(?!\s*!?([^/]*/)*\.\.?(/|\s*$)).*[^\s/!]"
PATTERNS: Final = "a pattern as in .gitignore of what is below its folder, without ./ and ../"
REPOSITORY: Final = ".git"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IgnoreRules:
    """The patterns in force in a folder: (folder they stand in, patterns), outermost first."""

    specs: tuple[tuple[str, PathPatterns], ...] = ()

    def read_folder(self, folder: str) -> "IgnoreRules":
        """Add the patterns of a folder's own `.gitignore`, which win over those around it.

        Args:
            folder: Its real path.

        Raises:
            OSError: The file cannot be read.
        """
        path = Path(folder) / IGNORE_FILE
        content = path.read_bytes().decode("utf-8-sig", "surrogateescape")
        lines = content.replace("\r\n", "\n").split("\n")
        return IgnoreRules((*self.specs, (folder, compile_patterns(lines, str(path)))))

    def is_ignored(self, path: str, *, is_folder: bool) -> bool:
        """Say whether an entry is left out.

        Args:
            path: Its real path, below every folder of these rules.
            is_folder: It is a folder, and not a link to one.
        """
        for folder, patterns in reversed(self.specs):
            below = path[len(folder) :].replace(os.sep, "/").lstrip("/")
            decision = patterns.names(below, is_folder=is_folder)
            if decision is not None:
                return decision
        return False


def can_name(pattern: str) -> bool:
    """Say whether a pattern that a user gives can name anything below its folder.

    An empty one and a comment never do, nor does one through `..` or `.`: git follows neither.

    >>> can_name("docs/**"), can_name("../docs/**")
    (True, False)
    """
    return re.match(CAN_NAME, pattern) is not None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exclusions:
    """What the user leaves out of folders, by the names through which a walk comes to it.

    Attributes:
        folder: Where the patterns begin; absolute, with links as they are.
        patterns: None where there are none, or a folder that they leave out was named by hand.
    """

    folder: str
    patterns: PathPatterns | None

    def decide(self, path: str, *, is_folder: bool) -> bool | None:
        """Say whether an entry is left out; None where nothing names it.

        Args:
            path: Its name, from the current folder.
            is_folder: It is a folder, or a link to one.
        """
        if self.patterns is None:
            return None
        absolute = os.path.abspath(path)  # noqa: PTH100 -- without following links
        around = os.path.join(self.folder, "")  # noqa: PTH118 -- with `/` behind it
        if not absolute.startswith(around):
            return None
        below = absolute[len(around) :].replace(os.sep, "/")
        return self.patterns.names(below, is_folder=is_folder)

    def enter(self, folder: str) -> "Exclusions":
        """Give what holds in a folder that was named by hand: nothing where it is left out."""
        return _NO_EXCLUSIONS if self.decide(folder, is_folder=True) else self


_NO_EXCLUSIONS: Final = Exclusions("", None)


def compile_exclusions(patterns: Sequence[str], folder: str) -> Exclusions:
    """Compile the user's patterns; one that is no pattern is passed over and said.

    Args:
        patterns: As in `.gitignore`, a line each.
        folder: Where they begin, from the current folder.
    """
    if not patterns:
        return _NO_EXCLUSIONS
    absolute = os.path.abspath(folder)  # noqa: PTH100 -- without following links
    return Exclusions(absolute, compile_patterns(patterns, "exclude"))


def find_rules_above(folder: str) -> IgnoreRules:
    """Give the rules of the folders around one, up to the top of its repository.

    Where they leave out the folder itself there are none: who names it by hand wants it.

    Args:
        folder: Its real path.

    Raises:
        OSError: One of the files cannot be read.
    """
    path = Path(folder)
    around = [path, *path.parents]
    tops = [place for place, parent in enumerate(around) if (parent / REPOSITORY).exists()]
    if not tops:
        return IgnoreRules()
    rules = IgnoreRules()
    inner = around[: tops[0] + 1][::-1]
    for parent, child in pairwise(inner):
        if (parent / IGNORE_FILE).is_file():
            rules = rules.read_folder(str(parent))
        if rules.is_ignored(str(child), is_folder=True):
            return IgnoreRules()
    return rules
