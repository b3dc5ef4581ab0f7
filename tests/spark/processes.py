"""Look after the processes of a command on Spark: what /proc says of them, and where they write."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# What a test does is over before compiling has paid: of a session and twelve small stages the
# second compiler of the JVM takes 19 s of 41. With the first alone Java keeps 48 MB for code, which
# fills, and is then cleared and compiled anew: room for all, and one thread to collect garbage,
# take another sixth away. Checking the bytes of Spark's classes takes an eighth of a start.
QUICK_JAVA: Final = (
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
_EXECUTOR: Final = b"org.apache.spark.executor.CoarseGrainedExecutorBackend"
_WORKER: Final = b"pyspark.worker"  # the last word of what forks workers, which keep its name
_KILOBYTE: Final = 1024


def make_environment(folder: Path) -> dict[str, str]:
    """Give an environment in which Spark leaves nothing outside a folder.

    Workers of `local-cluster` write into SPARK_HOME, and no setting says otherwise: so that is a
    folder of links to what is installed.
    """
    import pyspark  # noqa: PLC0415 -- tests are collected without it too

    home = folder / "spark"
    home.mkdir()
    for each in Path(pyspark.__file__).parent.iterdir():
        if each.name != "work":
            (home / each.name).symlink_to(each)
    (folder / "spilt").mkdir()
    return {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_DIRS": str(folder / "spilt"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def list_session(leader: int) -> list[int]:
    """Give the processes of a session: all that a process started, and what those did."""
    numbers = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    found = ((number, _read_status(number)) for number in numbers)
    return [number for number, status in found if status and int(status[3]) == leader]


def kill_session(leader: int) -> None:
    """Kill the processes of a session."""
    for process in list_session(leader):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def find_parent(process: int) -> int | None:
    """Give the parent of a process; None if it has ended."""
    status = _read_status(process)
    return int(status[1]) if status else None


def _read_status(process: int) -> list[str]:
    """Give what the kernel says of a process after its name: state, parent, group, session."""
    with contextlib.suppress(OSError):
        content = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return content.rpartition(")")[2].split()
    return []


def is_executor(process: int) -> bool:
    """Tell whether a process is the Java of an executor."""
    return _EXECUTOR in _read_words(process)


def is_worker(process: int) -> bool:
    """Tell whether a process is the Python of a task, or forks those."""
    return _WORKER in _read_words(process)


def _read_words(process: int) -> list[bytes]:
    """Give the words of a process's command."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    return []


def read_most_memory(process: int) -> int:
    """Give the most bytes of memory that a process has had in use; 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name == "VmHWM":
                return int(value.split()[0]) * _KILOBYTE
    return 0


def list_folders(executor: int) -> Iterator[Path]:
    """Give the folders in which an executor keeps what it shuffles."""
    content = Path(f"/proc/{executor}/environ").read_bytes().decode()
    named = dict(each.split("=", 1) for each in content.split("\0") if "=" in each)
    yield from map(Path, named["SPARK_EXECUTOR_DIRS"].split(":"))
