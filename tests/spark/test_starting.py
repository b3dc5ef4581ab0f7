"""What a job is made of is looked at before anything is written."""

from pathlib import Path
from typing import Any

import pytest

from dedup.config import DEFAULTS
from dedup.errors import SettingError
from dedup.spark.starting import choose_partitions, start_frame_job, start_job


@pytest.mark.parametrize("partitions", [0, -1])
@pytest.mark.parametrize("start", [start_job, start_frame_job])
def test_no_part_at_all_is_refused(start: Any, partitions: int, tmp_path: Path) -> None:  # noqa: ANN401 -- either of two
    with pytest.raises(SettingError, match=f"setting partitions is {partitions}: allowed is 1 or"):
        start(None, (), DEFAULTS, str(tmp_path / "work"), partitions)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size_bytes", "expected"), [(0, 8), (256 << 20, 8), ((256 << 20) + 1, 9), (1 << 50, 1 << 16)]
)
def test_parts_are_chosen_by_the_size_of_the_input(size_bytes: int, expected: int) -> None:
    assert choose_partitions(size_bytes) == expected
