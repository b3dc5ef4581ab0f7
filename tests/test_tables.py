"""Tables give what was put into them, and an earlier run's again."""

from pathlib import Path

import numpy as np
import pytest

from dedup.storage import Storage
from dedup.tables import GrowingTable, open_table
from dedup.work_folder import WorkFolder

TYPES = {"numbers": np.int32, "scores": np.float64}
RUN = {"version": "1", "settings": {}, "inputs": []}


def fill(storage: Storage) -> GrowingTable:
    table = GrowingTable(storage, "found", TYPES)
    table.append(numbers=np.array([3, 1]), scores=np.array([0.5, 0.25]))
    table.append(numbers=np.empty(0), scores=np.empty(0))
    table.append(numbers=np.array([2]), scores=np.array([1.0]))
    return table


@pytest.mark.parametrize("limit", [0, 1 << 60])
def test_a_table_is_what_was_appended_wherever_it_lies(limit: int) -> None:
    columns = fill(Storage(limit)).finish()

    assert {name: column.tolist() for name, column in columns.items()} == {
        "numbers": [3, 1, 2],
        "scores": [0.5, 0.25, 1.0],
    }
    assert [column.dtype for column in columns.values()] == [np.int32, np.float64]


def test_all_columns_are_needed() -> None:
    table = GrowingTable(Storage(1 << 60), "found", TYPES)

    with pytest.raises(KeyError, match="scores"):
        table.append(numbers=np.array([3]))


def test_a_finished_table_is_opened_by_a_later_run(tmp_path: Path) -> None:
    folder = str(tmp_path / "work")
    first = Storage(1 << 60, WorkFolder(folder, RUN, resume=False))
    fill(first).finish()
    first.commit("find", {})
    first.close(is_done=False)

    second = Storage(1 << 60, WorkFolder(folder, RUN, resume=True))

    assert second.load("find") == {}
    columns = open_table(second, "found", TYPES)
    assert columns["numbers"].tolist() == [3, 1, 2]
    assert columns["scores"].tolist() == [0.5, 0.25, 1.0]
    second.close(is_done=True)
