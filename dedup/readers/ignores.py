"""Say what `.gitignore` leaves out of a walk.

In: the folders that a walk comes through. Out: for each entry whether it is ignored. The rules are
git's: a file's patterns hold below its folder, the deepest file that says anything decides, and
the files between a folder and the top of its repository count too.
"""

import logging
import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE: Final = ".gitignore"
_REPOSITORY: Final = ".git"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IgnoreRules:
    """The patterns in force in a folder: (folder they stand in, patterns), outermost first."""

    specs: "tuple[tuple[str, GitIgnoreSpec], ...]" = ()

    def read_folder(self, folder: str) -> "IgnoreRules":
        """Add the patterns of a folder's own `.gitignore`, which win over those around it.

        Args:
            folder: Its real path.

        Raises:
            OSError: The file cannot be read.
        """
        content = (Path(folder) / IGNORE_FILE).read_bytes()
        return IgnoreRules((*self.specs, (folder, _compile_patterns(content, folder))))

    def is_ignored(self, path: str, *, is_folder: bool) -> bool:
        """Say whether an entry is left out.

        Args:
            path: Its real path, below every folder of these rules.
            is_folder: It is a folder, and not a link to one.
        """
        for folder, spec in reversed(self.specs):
            below = path[len(folder) :].replace(os.sep, "/").lstrip("/")
            decision = _decide(spec, below, is_folder=is_folder)
            if decision is not None:
                return decision
        return False


def _decide(spec: "GitIgnoreSpec", below: str, *, is_folder: bool) -> bool | None:
    """Say what one file's patterns say of an entry; None where they do not name it."""
    if not is_folder:
        return spec.check_file(below).include
    decision = spec.check_file(below + "/")
    if decision.include and decision.index is not None:
        pattern: Any = spec.patterns[decision.index]
        # `a/**` names what is in `a`, of which a later `!a/b` may bring something back; pathspec
        # matches `a/` itself too.
        if str(pattern.pattern).rstrip().endswith("/**"):
            return spec.check_file(below).include
    return decision.include


def _compile_patterns(content: bytes, folder: str) -> "GitIgnoreSpec":
    """Compile patterns; one that is no pattern is passed over, as git does, and said."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 -- 30 ms that most runs need not pay

    lines = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").split("\n")
    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line, folder))


def _is_pattern(line: str, folder: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 -- likewise

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        _LOG.warning("%s: no pattern: %r", Path(folder) / IGNORE_FILE, line)
        return False
    return True


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
    tops = [place for place, parent in enumerate(around) if (parent / _REPOSITORY).exists()]
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
