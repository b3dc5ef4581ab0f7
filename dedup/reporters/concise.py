"""Write one line a finding, for editors, grep and logs: `path:line:column: RULE what it is`.

Where a check lists what it suppresses, such a line ends in why: `[accepted: baseline.json:7]`.
"""

from collections.abc import Iterator
from typing import TextIO

from dedup.config import UNREADABLE_RULE
from dedup.findings import Finding
from dedup.model import Problem
from dedup.outcome import Outcome
from dedup.reporters.escapes import escape_commands
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import name_level, name_place, name_problem_place, order_all


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the lines by (path, line, rule); nothing at all where nothing was found."""
    del terminal  # the same line everywhere
    for found, suppression in order_all(outcome):
        line = f"{_head(found)}{name_subject(found)} {describe(found, outcome.run)}"
        why = "" if suppression is None else f" [{name_suppression(suppression)}]"
        yield f"{escape_commands(f'{line}{name_level(found)}{why}')}\n"


def _head(found: Finding | Problem) -> str:
    if isinstance(found, Problem):
        return f"{name_problem_place(found)}: {UNREADABLE_RULE}"
    place = found.reference
    return f"{name_place(place)}:{place.start_column}: {found.rule}"
