"""Show on a terminal how far a run is, once it has taken a second."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_SECONDS_UNSEEN: Final = 1.0


def is_wanted(*, quiet: bool, no_progress: bool) -> bool:
    """Say whether somebody watches: standard error is a terminal, and no build server's."""
    is_terminal = sys.stderr.isatty() and not os.environ.get("CI")
    return is_terminal and not (quiet or no_progress)


@contextmanager
def show_progress(*, wanted: bool) -> Iterator[Callable[[str, int], None]]:
    """Give what a run calls with a stage and the number of paragraphs done in it."""
    if not wanted:
        yield lambda _stage, _done: None
        return
    with StageProgress() as progress:
        yield progress


class StageProgress:
    """One line with the stage, the paragraphs done and the time; it vanishes at the end.

    A timer brings it up, not a call: the longest stages are one call of the run each.
    """

    def __init__(self, seconds_unseen: float = _SECONDS_UNSEEN) -> None:
        self._begun = monotonic()
        self._timer = Timer(seconds_unseen, self._appear)
        self._timer.daemon = True
        self._lock = Lock()
        self._bar: tuple[Progress, TaskID] | None = None
        self._stage, self._done, self._is_over = "", 0, False

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the line away."""
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._bar:
                self._bar[0].stop()

    def __call__(self, stage: str, done: int) -> None:
        """Note how far the run is."""
        with self._lock:
            self._stage, self._done = stage, done
            self._update()

    def _appear(self) -> None:
        from rich.console import Console  # noqa: PLC0415 -- 25 ms that a short run does not pay
        from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn  # noqa: PLC0415

        with self._lock:
            if self._is_over:
                return
            columns = (SpinnerColumn(), "{task.description}", TimeElapsedColumn())
            progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar = progress, progress.add_task("", total=None)
            progress.tasks[0].start_time = self._begun
            self._update()
            progress.start()

    def _update(self) -> None:
        if self._bar:
            progress, task = self._bar
            done = f": {self._done:,} paragraphs" if self._done else ""
            progress.update(task, description=f"{self._stage}{done}")
