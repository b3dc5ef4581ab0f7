"""Show how far a run is: a line on a terminal once it has taken a second, else a log of its stages.

Decision (2026-11-26): the rate is that of the stage since it began, not of the last seconds: blocks
of a stage are alike, and a line that jumps tells nobody when to come back. Time left is shown only
where the stage's total is known and a second of it has gone.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeAlias

from dedup.cli.messages import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Watch: TypeAlias = Callable[[str, int], None]
_SECONDS_UNSEEN: Final = 1.0
_SECONDS_UNSURE: Final = 1.0  # of a stage, in which its rate says little
_MINUTE: Final = 60
_HOUR: Final = 3600


class _Watched(Protocol):
    """The options that say who watches."""

    @property
    def quiet(self) -> bool: ...
    @property
    def verbose(self) -> bool: ...
    @property
    def no_progress(self) -> bool: ...


def is_wanted(*, quiet: bool, no_progress: bool) -> bool:
    """Say whether somebody watches: standard error is a terminal, and no build server's."""
    is_terminal = sys.stderr.isatty() and not os.environ.get("CI")
    return is_terminal and not (quiet or no_progress)


@contextmanager
def show_progress(options: _Watched) -> Iterator[Watch]:
    """Give what a run calls with a stage and the number of paragraphs done in it.

    Who watches sees a line; with `verbose` a log gets one at the end of each stage.
    """
    if is_wanted(quiet=options.quiet, no_progress=options.no_progress):
        with StageProgress() as progress:
            yield progress
    elif options.verbose and not options.quiet:
        with StageLog() as log:
            yield log
    else:
        yield _ignore


def _ignore(_stage: str, _done: int) -> None:
    """Take no notice: nobody watches."""


@dataclass(eq=False, repr=False)
class StageState:
    """How far a stage is.

    Attributes:
        stage: Its name; empty before the first.
        done: How many of `unit` it has done.
        total: How many it will have done at its end, about; None where nobody knows.
        unit: What is counted, in the singular.
        begun: When it began; seconds, on a clock that only goes forward.
    """

    stage: str = ""
    done: int = 0
    total: float | None = None
    unit: str = "paragraph"
    begun: float = 0.0

    def describe(self, now: float) -> str:
        """Give the stage, the share done, the time left and the rate, as far as they are known.

        >>> StageState("sign", 3000, 12000, begun=0.0).describe(2.0)
        'sign: 25 %, 0:06 left, 1,500 paragraphs a second'
        >>> StageState("read", 3000, begun=0.0).describe(2.0)
        'read: 3,000 paragraphs, 1,500 a second'
        """
        if not self.done:
            return self.stage
        seconds = now - self.begun
        rate = self.done / seconds if seconds > 0 else 0.0
        if self.total is None or self.total < self.done:
            told = f", {rate:,.0f} a second" if seconds >= _SECONDS_UNSURE else ""
            return f"{self.stage}: {self.done:,} {self.unit}s{told}"
        share = f"{self.stage}: {int(100 * self.done / self.total)} %"
        if seconds < _SECONDS_UNSURE:
            return share
        left = spell_seconds((self.total - self.done) / rate)
        return f"{share}, {left} left, {rate:,.0f} {self.unit}s a second"

    def sum_up(self, now: float) -> str:
        """Give the stage, how long it took and what it did.

        >>> StageState("read", 3000, begun=0.0).sum_up(2.0)
        'read: 2.0 s, 3,000 paragraphs, 1,500 a second'
        >>> StageState("group", begun=0.0).sum_up(90.0)
        'group: 90.0 s'
        """
        seconds = now - self.begun
        told = f"{self.stage}: {seconds:.1f} s"
        if not self.done:
            return told
        rate = f", {self.done / seconds:,.0f} a second" if seconds > 0 else ""
        return f"{told}, {self.done:,} {self.unit}s{rate}"


def spell_seconds(seconds: float) -> str:
    """Give a length of time as a clock shows it.

    >>> spell_seconds(62.4), spell_seconds(3600 * 30 + 5)
    ('1:02', '30:00:05')
    """
    whole = round(seconds)
    minutes, rest = whole // _MINUTE, whole % _MINUTE
    if whole < _HOUR:
        return f"{minutes}:{rest:02}"
    return f"{whole // _HOUR}:{minutes % _MINUTE:02}:{rest:02}"


class _StageWatch:
    """Keeps the state of the stage that runs."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._state = StageState(begun=clock())

    def __call__(self, stage: str, done: int) -> None:
        """Note how far the run is."""
        with self._lock:
            if stage != self._state.stage or done < self._state.done:  # it may come again
                self._end_stage()
                self._state = StageState(stage, begun=self._clock())
            self._state.done = done
            self._update()

    def expect(self, total: float, unit: str = "paragraph") -> None:
        """Note how much the present stage will have done at its end, about, and of what."""
        with self._lock:
            self._state.total, self._state.unit = total, unit
            self._update()

    def _end_stage(self) -> None:
        """Take leave of a stage."""

    def _update(self) -> None:
        """Show the present state."""


class StageLog(_StageWatch):
    """Writes a line to standard error at the end of each stage."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """Tell of the last stage, where it came to its end."""
        if kind is None:
            self._end_stage()

    def _end_stage(self) -> None:
        if self._state.stage:
            say(self._state.sum_up(self._clock()))


class StageProgress(_StageWatch):
    """One line with the stage, how far it is and the time; it vanishes at the end.

    A timer brings it up, not a call: the longest stages are one call of the run each.
    """

    def __init__(self, seconds_unseen: float = _SECONDS_UNSEEN) -> None:
        super().__init__()
        self._begun = monotonic()
        self._timer = Timer(seconds_unseen, self._appear)
        self._timer.daemon = True
        self._bar: tuple[Progress, TaskID] | None = None
        self._is_over = False

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
            progress.update(task, description=self._state.describe(self._clock()))
