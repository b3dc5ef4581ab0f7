"""What the machine has, from files as systems write them."""

import os
import tempfile
from pathlib import Path

import pytest

from dedup.machine import (
    default_memory,
    find_temporary_folder,
    measure_free_disk,
    measure_memory,
)

GIB = 1 << 30
MEMINFO = "MemTotal:       16777216 kB\nMemFree:        1024 kB\nHugetlb:               0 kB\n"


def make_root(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder that stands for `/`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "n_bytes"),
    [
        ({}, 16 * GIB),
        # systemd: a slice with a limit over a service without one.
        (
            {
                "proc/self/cgroup": "0::/system.slice/batch.service\n",
                "sys/fs/cgroup/system.slice/memory.max": f"{4 * GIB}\n",
                "sys/fs/cgroup/system.slice/batch.service/memory.max": "max\n",
            },
            4 * GIB,
        ),
        # A container that sees its own group as the root.
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{2 * GIB}\n"}, 2 * GIB),
        # One that is slowed down before it is killed.
        (
            {
                "proc/self/cgroup": "0::/\n",
                "sys/fs/cgroup/memory.max": f"{3 * GIB}\n",
                "sys/fs/cgroup/memory.high": f"{2 * GIB}\n",
            },
            2 * GIB,
        ),
        # Docker with the first version: the path is the host's, the mount the container's.
        (
            {
                "proc/self/cgroup": "5:cpu,cpuacct:/docker/a\n4:memory:/docker/a\n0::/docker/a\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{3 * GIB}\n",
            },
            3 * GIB,
        ),
        # No limit, as the first version writes it: more than any machine has.
        (
            {
                "proc/self/cgroup": "4:hugetlb,memory:/a\n",
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712\n",
            },
            16 * GIB,
        ),
        ({"proc/self/cgroup": "a line\nof something else\n"}, 16 * GIB),
    ],
)
def test_the_least_limit_over_the_process_holds(
    tmp_path: Path, files: dict[str, str], n_bytes: int
) -> None:
    root = make_root(tmp_path, {"proc/meminfo": MEMINFO, **files})

    assert measure_memory(root) == n_bytes
    assert default_memory(root) == n_bytes // 2


def test_where_no_file_says_it_the_c_library_does(tmp_path: Path) -> None:
    assert measure_memory(tmp_path) == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_where_nobody_says_it_something_small_is_assumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sysconf")  # as on Windows

    assert GIB <= measure_memory(tmp_path) <= 8 * GIB


def test_this_machine_has_memory_within_what_is_built_in() -> None:
    assert 1 << 28 < measure_memory() <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_free_disk_is_that_of_the_nearest_folder_there_is(tmp_path: Path) -> None:
    found = os.statvfs(tmp_path)

    free = measure_free_disk(tmp_path / "not" / "made")

    assert free is not None
    assert free == pytest.approx(found.f_bavail * found.f_frsize, rel=0.05)


def test_what_cannot_be_asked_has_no_free_disk(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")

    assert measure_free_disk(tmp_path / "loop") is None


def test_large_files_go_to_a_disk_unless_a_variable_names_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    disk, named = tmp_path / "var" / "tmp", tmp_path / "named"
    named.mkdir()

    assert find_temporary_folder(tmp_path) == tempfile.gettempdir()

    disk.mkdir(parents=True)
    assert find_temporary_folder(tmp_path) == str(disk)

    monkeypatch.setenv("TMPDIR", str(named))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert find_temporary_folder(tmp_path) == str(named)
