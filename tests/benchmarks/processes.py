"""Run a command and measure all of it: CPU, wall time and peak memory of the process.

Run as a script it is the small parent of the command: the peak memory that Linux reports of a child
is at least that of the process which started it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_OUTPUT_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run took. CPU seconds are user and system of the process and its children."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


class RunFailedError(Exception):
    """A command ended with a status that is not among those expected."""


def run_measured(
    command: Sequence[str | Path],
    log: Path,
    expected: Sequence[int] = (0,),
) -> Usage:
    """Run a command to its end; what it prints goes to `log`.

    Raises:
        RunFailedError: It ended with a status that is not in `expected`.
    """
    words = list(map(str, command))
    launcher = [sys.executable, "-I", "-S", __file__, str(log), *words]
    told = subprocess.run(  # noqa: S603 - the commands are this benchmark's own
        launcher,
        check=True,
        capture_output=True,
        text=True,
    )
    measured = json.loads(told.stdout)
    if measured["status"] not in expected:
        lines = log.read_text(errors="replace").strip().splitlines()
        shown = lines[-1][:_OUTPUT_SHOWN] if lines else "it said nothing"
        message = f"{words[0]} ended with {measured['status']}: {shown}"
        raise RunFailedError(message)
    return Usage(measured["cpu"], measured["wall"], measured["peak"])


def _launch(log: str, command: Sequence[str]) -> None:
    """Start the command, wait for it, and print its use as JSON."""
    with Path(log).open("wb") as output:
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - as above
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    measured = {"cpu": cpu, "wall": wall, "peak": used.ru_maxrss / 1024}
    sys.stdout.write(json.dumps({**measured, "status": child.returncode}))


if __name__ == "__main__":
    _launch(sys.argv[1], sys.argv[2:])
