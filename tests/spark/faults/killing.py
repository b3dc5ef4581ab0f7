"""Start a command with `driver`, and kill processes of it while their tasks wait.

Executors on `local-cluster` are Java processes of this machine.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from tests.spark.processes import (
    find_parent,
    is_executor,
    kill_session,
    list_folders,
    make_environment,
)

MASTER: Final = "local-cluster[2,1,1024]"
_ROOT: Final = Path(__file__).parents[3]
_MAP_OUTPUTS: Final = "**/shuffle_*.data"
_PATIENCE_SECONDS: Final = 600  # a machine on which much else runs


class Started:
    """A command under way, with all its processes; at the end of the context none is left."""

    def __init__(self, words: Sequence[str], stages: Sequence[str], folder: Path) -> None:
        """Start `dedup`.

        Args:
            words: The command, without `dedup`.
            stages: Names of checkpoints whose tasks will wait.
            folder: A new one, for marks, what is said and what is spilt.
        """
        folder.mkdir(parents=True)
        self._folder = folder
        driver = [sys.executable, "-m", "tests.spark.faults.driver", str(folder), ",".join(stages)]
        with (folder / "said").open("w") as said:
            self._process = subprocess.Popen(  # noqa: S603 -- this very project
                [*driver, *words],
                cwd=_ROOT,
                env=make_environment(folder),
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_all()

    @property
    def said(self) -> str:
        """Give what it wrote so far."""
        return (self._folder / "said").read_text(encoding="utf-8", errors="replace")

    def wait_for_task(self, stage: str) -> int:
        """Wait for a task of a stage that waits; gives the process that forked its worker."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            for mark in self._folder.glob(f"{stage}.*[0-9]"):
                return int(mark.read_text(encoding="utf-8"))
            time.sleep(0.05)
        raise AssertionError(f"no task of {stage} waits; {self.said}")

    def kill_executor(self, stage: str) -> int:
        """Kill an executor in which a task of a stage waits, and let all tasks of it go on.

        Returns:
            How many files of map output the executor had written.
        """
        executor = find_parent(self.wait_for_task(stage))
        assert executor is not None
        assert is_executor(executor)
        n_written = sum(len(list(folder.glob(_MAP_OUTPUTS))) for folder in list_folders(executor))
        os.kill(executor, signal.SIGKILL)
        (self._folder / f"{stage}.answered").touch()
        return n_written

    def kill_all(self) -> None:
        """Kill the driver and all that it started."""
        kill_session(self._process.pid)
        self._process.wait(_PATIENCE_SECONDS)

    def wait(self) -> int:
        """Wait for the end; gives the exit status."""
        return self._process.wait(_PATIENCE_SECONDS)

    def list_attempts(self, stage: str) -> list[dict[str, int]]:
        """Give what a checkpoint took that is whole: tries of Spark's stages, and tasks failed."""
        content = (self._folder / f"{stage}.attempts").read_text(encoding="utf-8")
        attempts: list[dict[str, int]] = json.loads(content)
        return attempts
