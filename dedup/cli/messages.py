"""Say on standard error what is no result: warnings, errors and what the stages log.

Text from outside is escaped, and a standard error that is closed or full is no reason to fail.
"""

import logging
import os
import sys
from typing import Final, TextIO

from dedup.reporters.escapes import escape_commands, escape_controls

LOGGER: Final = logging.getLogger("dedup")


class _PlainHandler(logging.Handler):
    """Writes records as plain lines to what standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; where it carries an error, the traceback too."""
        say(f"{record.levelname.capitalize()}: {record.getMessage()}")
        if record.exc_info:
            formatted = logging.Formatter().formatException(record.exc_info)
            for line in formatted.splitlines():
                say(line)


def start_logging(*, quiet: bool, verbose: bool) -> None:
    """Let the stages' warnings through; with `verbose` everything, with `quiet` errors only."""
    level = logging.ERROR if quiet else logging.WARNING
    LOGGER.setLevel(logging.DEBUG if verbose else level)
    LOGGER.handlers = [_PlainHandler()]


def say(line: str) -> None:
    """Write one harmless line to standard error."""
    try:
        print(escape_commands(escape_controls(line)), file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Send what a stream still holds nowhere, so that Python's exit does not fail on it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
