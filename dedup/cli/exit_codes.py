"""Hold what the exit status of `dedup` says."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit statuses. 1 is left for findings, so that no failure can look like one."""

    FINE = 0
    FAILED = 2
    INTERRUPTED = 130
