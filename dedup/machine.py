"""Say what the machine has: memory that this process may use, and room in a folder.

Decision (2026-11-26): the memory is the least of what is built in and of every limit of a control
group over this process, as containers, batch systems and systemd set them: past such a limit the
kernel kills, whatever the machine has. Both versions of control groups are looked at, from the
process' own group upwards, since a limit holds for all below. `memory.high` counts too: past it a
process is slowed down until it hardly moves. Large files go to `/var/tmp` where nobody says where:
on many systems `/tmp` is memory itself, and what is put there to save memory would cost it twice.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

_ROOT: Final = Path("/")
_DISK: Final = "var/tmp"
_CHOSEN: Final = ("TMPDIR", "TEMP", "TMP")  # as Python's tempfile has it
_GROUPS: Final = "sys/fs/cgroup"
# Where nobody tells: half of it is what a small run takes anyway, and any machine of today has it.
_ASSUMED_BYTES: Final = 4 << 30


def measure_memory(root: Path = _ROOT) -> int:
    """Give the bytes of memory that this process may use.

    Args:
        root: What stands for `/`, below which `proc` and `sys` are.
    """
    return min([_read_built_in(root) or _ask_built_in(), *_list_limits(root)])


def default_memory(root: Path = _ROOT) -> int:
    """Give what a run may take where nobody says: half of `measure_memory`.

    The other half is left to the files that the system keeps at hand, and to others.
    """
    return measure_memory(root) // 2


def find_temporary_folder(root: Path = _ROOT) -> str:
    """Give the folder for large files of a run that names none: what a variable says, or a disk."""
    disk = root / _DISK
    is_chosen = any(os.environ.get(name) for name in _CHOSEN)
    if not is_chosen and disk.is_dir() and os.access(disk, os.W_OK | os.X_OK):
        return str(disk)
    from tempfile import gettempdir  # noqa: PLC0415 -- 10 ms that only large runs pay

    return gettempdir()


def _read_built_in(root: Path) -> int | None:
    """Read the memory that is there; containers put their own file in its place."""
    for line in _read(root / "proc/meminfo").splitlines():
        name, _, value = line.partition(":")
        if name == "MemTotal":
            return int(value.split()[0]) << 10  # it says kB and means KiB
    return None


def _ask_built_in() -> int:
    """Ask the C library where the system has no such file."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no such function
        return _ASSUMED_BYTES


def _list_limits(root: Path) -> Iterator[int]:
    """Give every limit of a control group over this process."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        number, controllers, group = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not controllers:
            yield from _read_limits(root / _GROUPS, group, ("memory.max", "memory.high"))
        elif "memory" in controllers.split(","):
            yield from _read_limits(root / _GROUPS / "memory", group, ("memory.limit_in_bytes",))


def _read_limits(mount: Path, group: str, names: Iterable[str]) -> Iterator[int]:
    """Give the limits of a group and of those over it, up to where they are mounted.

    In a container the path may be the host's, and what is mounted the group itself: a folder that
    is not there has no limit, and the mount is always looked at.
    """
    path = PurePosixPath(group.lstrip("/"))
    for folder in (path, *path.parents):
        for name in names:
            text = _read(mount / folder / name).strip()
            if text.isdecimal():  # "max" is none
                yield int(text)


def _read(path: Path) -> str:
    """Read a file of the system; empty where it is not there or not to be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def measure_free_disk(folder: str | os.PathLike[str]) -> int | None:
    """Give the bytes that this user may still write below a folder, which need not exist yet.

    None where the system does not say.
    """
    path = Path(os.path.abspath(folder))  # noqa: PTH100 -- resolve() fails on loops of links
    for existing in (path, *path.parents):
        try:
            return shutil.disk_usage(existing).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
