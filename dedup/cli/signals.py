"""End in good order when a signal asks for it, leaving nothing behind.

A signal becomes an exception in the main thread, so that everything that is open is closed on the
way out: files without their final name are removed, and so is a temporary working folder.

Decision (2026-11-26): Ctrl-C, SIGTERM (of `kill`, `timeout`, batch systems and containers) and
SIGHUP (of a terminal that is closed) are one thing here; Python itself knows the first alone. Only
the first signal counts: a second Ctrl-C of an impatient user would break into the removal, and
leave what it was to remove. What was ignored before this process began stays so, as under `nohup`.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Final, NoReturn

from dedup.cli.exit_codes import ExitCode

_STATUS_OF: Final = {"SIGTERM": ExitCode.TERMINATED, "SIGHUP": ExitCode.HUNG_UP}
_INTERRUPTION: Final = "SIGINT"


class Stopped(BaseException):
    """A signal other than Ctrl-C asked this process to end."""

    def __init__(self, status: ExitCode) -> None:
        """Say with which exit status."""
        super().__init__(status)
        self.status = status


@contextmanager
def end_on_signals() -> Iterator[None]:
    """Turn the first signal that asks for an end into an exception.

    Raises:
        KeyboardInterrupt: It was Ctrl-C.
        Stopped: It was another one.
    """
    if current_thread() is not main_thread():  # Python lets that one alone answer signals
        yield
        return
    answered = [number for number in _list_signals() if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, _Ending(answered)) for number in answered}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _list_signals() -> Iterator[signal.Signals]:
    """Give those signals that this system has; Windows has no SIGHUP."""
    for name in (_INTERRUPTION, *_STATUS_OF):
        if hasattr(signal, name):
            yield getattr(signal, name)


def _take_no_notice(_number: int, _frame: FrameType | None) -> None:
    """Answer a later signal; if it came with the first, Python says on SIG_IGN that it is lost."""


class _Ending:
    """Raises for the first of some signals, and lets the others be ignored from then on."""

    def __init__(self, answered: list[signal.Signals]) -> None:
        self._answered = answered

    def __call__(self, number: int, _frame: FrameType | None) -> NoReturn:
        for each in self._answered:
            signal.signal(each, _take_no_notice)
        name = signal.Signals(number).name
        if name == _INTERRUPTION:
            raise KeyboardInterrupt
        raise Stopped(_STATUS_OF[name])
