"""Columns give what was put into them, wherever they are, and leave nothing behind."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import WorkFolderError
from dedup.storage import Storage, cut_blocks
from dedup.work_folder import WorkFolder

_RUN = {"version": "1", "settings": {}, "inputs": []}


@given(st.lists(st.lists(st.integers(0, 2**32 - 1))), st.integers(0, 400), st.integers(0, 100))
def test_a_column_is_what_was_appended_wherever_the_limit_is(
    parts: list[list[int]], limit: int, expected: int
) -> None:
    column = Storage(limit).make_column("numbers", np.uint32, expected)
    for part in parts:
        column.append(np.array(part, np.uint32))

    assert column.size == sum(map(len, parts))
    assert column.read_back().tolist() == [number for part in parts for number in part]
    assert column.finish().tolist() == [number for part in parts for number in part]


def test_columns_go_to_files_when_a_quarter_of_the_limit_is_held() -> None:
    storage = Storage(4000)
    one, other = (storage.make_column(name, np.int64) for name in ("one", "other"))

    one.append(np.arange(100))
    was_spilled = storage.is_spilled
    other.append(np.arange(100))

    assert (was_spilled, storage.is_spilled) == (False, True)
    assert one.finish().tolist() == other.finish().tolist() == list(range(100))


def test_files_without_a_named_folder_have_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    storage = Storage(0)
    column = storage.make_column("numbers", np.int64)
    column.append(np.arange(1000))
    held = column.finish()
    table = storage.make_table("table", np.int64, (2, 3))
    table[1] = 7

    assert list(tmp_path.iterdir()) == []
    storage.forget_pages()
    assert (held.sum(), table[1].tolist()) == (499_500, [7, 7, 7])


def test_a_mapped_column_cannot_be_written_to() -> None:
    column = Storage(0).make_column("numbers", np.int64)
    column.append(np.arange(3))

    with pytest.raises(ValueError, match="read-only"):
        column.finish()[0] = 1


@pytest.mark.parametrize("shape", [(0, 5), (3, 0)])
def test_a_table_may_have_no_rows(shape: tuple[int, int]) -> None:
    assert Storage(0).make_table("table", np.uint32, shape).shape == shape


def test_finished_stages_are_there_for_the_next_run(tmp_path: Path) -> None:
    first = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), _RUN, resume=False))
    first.keep("numbers", np.arange(5))
    first.commit("count", {"n": 5})
    first.keep("more", np.arange(9))  # of a stage that was killed
    first.close(is_done=False)

    second = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), _RUN, resume=True))

    assert second.is_resumable
    assert second.load("count") == {"n": 5}
    assert second.load("more") is None
    assert second.open_column("numbers", np.int64).tolist() == [0, 1, 2, 3, 4]
    assert second.open_column("strange", np.int64).tolist() == []
    second.close(is_done=True)
    assert not (tmp_path / "work").exists()


def test_nothing_is_kept_where_no_folder_is_named() -> None:
    storage = Storage(1 << 60)
    values = np.arange(3)

    assert storage.keep("numbers", values) is values
    storage.commit("count", {})
    assert storage.load("count") is None
    assert not storage.is_resumable


def test_a_folder_that_takes_no_more_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), _RUN, resume=False))

    def refuse(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("os.posix_fallocate", refuse)
    with pytest.raises(WorkFolderError, match=r"work': no space left on device.*--work-dir"):
        storage.make_table("table", np.uint32, (4, 4))


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    storage = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), _RUN, resume=False))
    storage.close(is_done=True)

    with pytest.raises(WorkFolderError, match="no such file or directory"):
        storage.keep("numbers", np.arange(3))


@given(st.lists(st.integers(0, 50)), st.integers(1, 80))
def test_blocks_hold_every_row_once_and_no_more_than_they_may(sizes: list[int], most: int) -> None:
    blocks = list(cut_blocks(np.cumsum(sizes, dtype=np.int64), most))

    assert [row for begin, end in blocks for row in range(begin, end)] == list(range(len(sizes)))
    assert all(sum(sizes[b:e]) <= most or e == b + 1 for b, e in blocks)
