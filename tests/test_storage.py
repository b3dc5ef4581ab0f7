"""Columns give what was put into them, wherever they are, and leave nothing behind."""

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import WorkFolderError
from dedup.scratch import Scratch
from dedup.storage import Storage
from dedup.work_folder import WorkFolder

OPEN_FILES = Path("/proc/self/fd")
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


def test_what_went_to_a_file_is_no_longer_in_memory() -> None:
    tracemalloc.start()
    storage = Storage(4 << 20)
    column = storage.make_column("numbers", np.int64)

    column.append(np.zeros(1 << 18, np.int64))
    held, _ = tracemalloc.get_traced_memory()
    column.append(np.zeros(1, np.int64))
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held > 2 << 20
    assert left < 2 << 20
    assert len(column.finish()) == (1 << 18) + 1


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


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="Linux lists the open files there")
def test_a_file_is_open_for_as_long_as_its_array_is_in_use(tmp_path: Path) -> None:
    storage = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), _RUN, resume=False))
    column = storage.make_column("numbers", np.int64)
    column.append(np.arange(10))
    n_open = len(list(OPEN_FILES.iterdir()))

    for _ in range(20):
        assert column.read_back().sum() == 45

    held = column.finish()
    storage.forget_pages()
    assert len(list(OPEN_FILES.iterdir())) <= n_open
    assert held.sum() == 45


def test_a_file_that_a_kill_left_with_a_name_is_a_run_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = WorkFolder(str(tmp_path), _RUN, resume=False)
    scratch = Scratch(Storage(1 << 60, work))
    unlink = os.unlink

    def die(_path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tempfile._O_TMPFILE_WORKS", False)  # as on a network's disk
    monkeypatch.setattr("os.unlink", die)
    with pytest.raises(KeyboardInterrupt):
        scratch.make_table("table", np.int64, (2, 3))
    monkeypatch.setattr("os.unlink", unlink)
    work.release()

    assert len(list(tmp_path.iterdir())) == 3
    WorkFolder(str(tmp_path), _RUN, resume=True).discard()
    assert list(tmp_path.iterdir()) == []
