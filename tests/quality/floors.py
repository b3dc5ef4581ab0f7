"""Hold the figures that no change may undercut: `floors.json`, read and written."""

import json
from collections.abc import Iterable, Iterator
from math import ceil, floor, isnan
from pathlib import Path
from typing import Final, TypeAlias

from tests.quality.figures import Row

FLOORS: Final = Path(__file__).with_name("floors.json")
Floors: TypeAlias = dict[str, dict[str, float]]  # row, figure

# Of these less is better: the "floor" is a ceiling.
CEILINGS: Final = frozenset(
    {
        "candidates",
        "clean articles flagged",
        "clean flagged",
        "false share",
        "flagged",
        "flagged of judged",
    }
)
# How large a set is, and what is neither right nor wrong.
_UNBOUND: Final = frozenset(
    {"half flagged", "judged", "kept", "pairs", "paragraphs", "restating", "true"}
)
_MARGIN: Final = 0.003
_MARGINS: Final = {"candidates": 0.25}  # a ratio, not a share
# What was asked for; no floor is looser.
BARS: Final[Floors] = {
    "padding_onestop / light both": {"F1": 0.985, "best source": 0.95},
    "padding_onestop / heavy both": {"F1": 0.95, "best source": 0.95},
    "padding_onestop / clean both": {"clean flagged": 0.001},
    "technical_prose / default": {"flagged": 0.03, "flagged of judged": 0.03},
    "technical_prose / strict": {"flagged": 0.01},
    "onestop_paragraphs / light both": {"recall": 0.98},
    "onestop_paragraphs / heavy both": {"recall": 0.95},
    "onestop_paragraphs / other both": {"false share": 0.05},
    "anchors of 10,000 / all": {"recall": 0.97, "candidates": 10.0},
}


def read_floors() -> Floors:
    """Read `floors.json`."""
    floors: Floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def write_floors(rows: Iterable[Row]) -> None:
    """Write floors a little under the figures; rows that were not measured keep theirs."""
    floors = read_floors() if FLOORS.exists() else {}
    floors |= propose_floors(rows)
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def propose_floors(rows: Iterable[Row]) -> Floors:
    """Give floors a little under the figures, rounded down, but none under its bar."""
    floors: Floors = {}
    for row in rows:
        bars = BARS.get(row.name, {})
        floors[row.name] = {
            name: _propose(name, figure.value, bars.get(name))
            for name, figure in row.figures.items()
            if name not in _UNBOUND and not isnan(figure.value)
        }
    return floors


def _propose(name: str, value: float, bar: float | None) -> float:
    margin = _MARGINS.get(name, _MARGIN)
    if name in CEILINGS:
        above = ceil(round(1000 * (value + margin), 6)) / 1000
        return above if bar is None else min(above, bar)
    below = max(0.0, floor(round(1000 * (value - margin), 6)) / 1000)
    return below if bar is None else max(below, bar)


def find_slips(row: Row, floors: dict[str, float]) -> Iterator[str]:
    """Say which figures of a row are under their floor, or over it where less is better."""
    for name, bound in floors.items():
        figure = row.figures.get(name)
        value = float("nan") if figure is None else figure.value
        is_kept = value <= bound if name in CEILINGS else value >= bound
        if not is_kept:
            side = "ceiling" if name in CEILINGS else "floor"
            yield f"{row.name}: {name} is {value:.4f}, its {side} is {bound}"
