from pathlib import Path

import pytest

from tests.quality.checks import CHECKS, choose_checks
from tests.quality.figures import Row
from tests.quality.floors import BARS, CEILINGS, find_slips, read_floors
from tests.quality.shared_texts import SHARED

FLOORS = read_floors()


@pytest.fixture(scope="module")
def table() -> dict[str, Row]:
    """Measure once all that can be measured here."""
    checks = [check for check in choose_checks([], large=False) if not check.find_missing(SHARED)]
    return {row.name: row for check in checks for row in check.run(SHARED)}


def _list_missing(set_name: str) -> list[Path]:
    checks = [check for check in CHECKS if check.set_name == set_name]
    return [SHARED / path for check in checks for path in check.find_missing(SHARED)]


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_slips_below_its_floor(name: str, table: dict[str, Row]) -> None:
    missing = _list_missing(name.split(" / ", maxsplit=1)[0])
    if missing:
        pytest.skip(f"{missing[0]} is not here: it cannot be handed on with the repository")

    assert name in table, f"{name} has floors and was not measured"

    slips = list(find_slips(table[name], FLOORS[name]))

    assert not slips, "; ".join(slips)


def test_every_row_that_is_measured_has_floors(table: dict[str, Row]) -> None:
    assert set(table) - set(FLOORS) == set()


@pytest.mark.parametrize("name", BARS)
def test_no_floor_is_looser_than_what_was_asked_for(name: str) -> None:
    for figure, bar in BARS[name].items():
        is_tight = (
            FLOORS[name][figure] <= bar if figure in CEILINGS else FLOORS[name][figure] >= bar
        )

        assert is_tight, f"{name}: the floor of {figure} is looser than {bar}"
