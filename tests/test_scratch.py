"""What a stage needs for itself is beside the columns of its run, and goes with the stage."""

import gc
import re
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from dedup.scratch import Scratch
from dedup.storage import Storage
from dedup.work_folder import WorkFolder

RUN: Final = {"version": "1", "settings": {}, "inputs": []}
SMAPS: Final = Path("/proc/self/smaps")


def fill(storage: Storage) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    column = storage.make_column("numbers", np.int64)
    column.append(np.arange(5000))
    values: np.ndarray[tuple[int], np.dtype[np.int64]] = column.finish()
    return values


def test_it_is_in_memory_where_the_columns_are() -> None:
    scratch = Scratch(Storage(1 << 60))

    assert fill(scratch).tolist() == list(range(5000))
    assert not scratch.is_spilled
    assert scratch.block_bytes == Storage(1 << 60).block_bytes


def test_it_is_in_files_without_a_name_of_the_folder_where_the_columns_are(tmp_path: Path) -> None:
    storage = Storage(1 << 60, WorkFolder(str(tmp_path / "work"), RUN, resume=False))
    scratch = Scratch(storage)

    assert scratch.folder == tmp_path / "work"
    assert fill(scratch).tolist() == fill(storage).tolist()
    assert [path.name for path in scratch.folder.glob("*.column")] == ["numbers.column"]
    assert scratch.load("any") is None
    scratch.commit("any", {})
    assert storage.load("any") is None
    storage.close(is_done=True)


needs_maps = pytest.mark.skipif(not SMAPS.exists(), reason="no system that tells of mapped files")


def list_resident() -> list[int]:
    """Give how many kilobytes of each mapped file without a name are in memory."""
    parts = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", SMAPS.read_text(), flags=re.MULTILINE)
    nameless = [part for part in parts if "(deleted)" in part.partition("\n")[0]]
    return [int(part.partition("Rss:")[2].split()[0]) for part in nameless]


def spill() -> Storage:
    storage = Storage(0)
    storage.is_spilled = True
    return storage


@needs_maps
def test_its_files_go_when_it_goes() -> None:
    before, scratch = len(list_resident()), Scratch(spill())
    values = fill(scratch)
    assert len(list_resident()) == before + 1

    del values, scratch
    gc.collect()

    assert len(list_resident()) == before


@needs_maps
def test_pages_of_both_are_let_go() -> None:
    storage = spill()
    scratch = Scratch(storage)
    both = [fill(storage), fill(scratch)]
    assert [values.tolist() for values in both] == [list(range(5000))] * 2
    before = sum(list_resident())

    scratch.forget_pages()

    assert sum(list_resident()) <= before - 2 * 36  # 40 kB each
    assert [values.tolist() for values in both] == [list(range(5000))] * 2
