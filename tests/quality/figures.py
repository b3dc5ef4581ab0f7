"""Hold what a check of quality measured, and write it as aligned text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isnan

import numpy as np
import numpy.typing as npt

from tests.quality.intervals import bootstrap_share


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        value: A share, a correlation, a ratio; not a number where there is nothing to measure.
        low, high: Its 95 % interval; not numbers where none was made.
    """

    value: float
    low: float = float("nan")
    high: float = float("nan")

    def __str__(self) -> str:
        """Write a count whole, the rest with three places."""
        if isnan(self.value):
            return "-"
        if isnan(self.low):
            return f"{self.value:.0f}" if isinstance(self.value, int) else f"{self.value:.3f}"
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured on one split of one set; the section names columns in common."""

    section: str
    set_name: str
    split: str
    figures: Mapping[str, Figure]

    @property
    def name(self) -> str:
        """Name the row as `floors.json` does."""
        return f"{self.set_name} / {self.split}"


def give_share(hits: npt.NDArray[np.bool_], documents: npt.NDArray[np.int64]) -> Figure:
    """Give the share of hits, with its interval over documents."""
    return Figure(*bootstrap_share(hits, documents))


def render_table(rows: Iterable[Row]) -> Iterator[str]:
    """Give the table line by line: its sections below one another, each with its own columns."""
    for section, members in groupby(rows, key=lambda row: row.section):
        listed = list(members)
        names = list(dict.fromkeys(name for row in listed for name in row.figures))
        cells = [[section, "split", *names]]
        for row in listed:
            figures = [str(row.figures.get(name, "-")) for name in names]
            cells.append([row.set_name, row.split, *figures])
        yield from _align(cells)
        yield "\n"


def _align(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip() + "\n"
