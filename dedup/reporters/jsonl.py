"""Write one JSON line a finding, for `jq` and `wc -l`: the objects of the JSON report's `findings`.

Nothing else is written, no heading and no summary. What a check suppresses is there if it is to be
shown, with a `suppression`; what could not be read is a finding of rule DUP900.
"""

from collections.abc import Iterator
from typing import TextIO

from dedup.outcome import Outcome
from dedup.reporters.json import dump_finding
from dedup.reporters.phrases import order_all


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the lines by (path, line, rule); nothing at all where nothing was found."""
    del terminal  # the same line everywhere
    for found, suppression in order_all(outcome):
        yield f"{dump_finding(outcome.run, found, suppression)}\n"
