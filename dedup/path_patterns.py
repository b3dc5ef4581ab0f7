"""Name paths by patterns as in `.gitignore`: what a walk leaves out, and where other rules hold.

In: the lines of patterns. Out: for each path below their folder whether they name it. The rules are
git's: the last pattern that names a path decides, and one with `!` takes it out again.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PathPatterns:
    """Patterns that hold below one folder."""

    spec: "GitIgnoreSpec"

    def names(self, below: str, *, is_folder: bool) -> bool | None:
        """Say whether a path is named; False where a `!` takes it out, None where nothing names it.

        Args:
            below: The path from the patterns' folder on, with `/` between its parts.
            is_folder: It is a folder, and not a link to one.
        """
        if not is_folder:
            return self.spec.check_file(below).include
        decision = self.spec.check_file(below + "/")
        if decision.include and decision.index is not None:
            pattern: Any = self.spec.patterns[decision.index]
            # `a/**` names what is in `a`, of which a later `!a/b` may bring something back;
            # pathspec matches `a/` itself too.
            if str(pattern.pattern).rstrip().endswith("/**"):
                return self.spec.check_file(below).include
        return decision.include


def compile_patterns(lines: Sequence[str], origin: str) -> PathPatterns:
    """Compile patterns; one that is no pattern is passed over, as git does, and said.

    Args:
        lines: A pattern each; comments and empty lines name nothing.
        origin: Where they stand, for what is said.
    """
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 -- 30 ms that most runs need not pay

    try:
        return PathPatterns(GitIgnoreSpec.from_lines(lines))
    except (ValueError, re.error):
        kept = [line for line in lines if _is_pattern(line, origin)]
        return PathPatterns(GitIgnoreSpec.from_lines(kept))


def _is_pattern(line: str, origin: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 -- likewise

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        _LOG.warning("%s: no pattern: %r", origin, line)
        return False
    return True
