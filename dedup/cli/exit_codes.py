"""Hold what the exit status of `dedup` says."""

from enum import IntEnum
from typing import Final

_SIGNALLED: Final = 128  # what shells add to the number of the signal that ended a command


class ExitCode(IntEnum):
    """The exit statuses. 1 is left for findings, so that no failure can look like one."""

    FINE = 0
    FAILED = 2
    HUNG_UP = _SIGNALLED + 1
    INTERRUPTED = _SIGNALLED + 2
    TERMINATED = _SIGNALLED + 15
