"""Tell how a command failed, and give the exit status for it."""

import re
import sys
from typing import Final

import typer

from dedup.cli.configuration.options import Resolved
from dedup.cli.exit_codes import ExitCode
from dedup.cli.messages import LOGGER, say, silence
from dedup.cli.signals import Stopped
from dedup.errors import DedupError, SettingError

_SETTING: Final = re.compile(r"^setting ([\w-]+) ")
_OPTION_OF: Final = {
    "min_resemblance": "threshold",
    "min_containment": "containment",
    "min_score": "restate-threshold",
    "strict_score": "restate-threshold",
    "boilerplate_documents": "boilerplate",
}


def report_failure(error: BaseException) -> ExitCode:
    """Say on standard error what went wrong; with --verbose also where.

    A reader that stops early, as `head` does, is no failure and nothing is said of it.
    """
    _drop_output()
    if isinstance(error, BrokenPipeError):
        return ExitCode.FINE
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    if isinstance(error, Stopped):
        return error.status
    _describe(error)
    LOGGER.debug("this is where it happened", exc_info=error)
    return ExitCode.FAILED


def _drop_output() -> None:
    """Write what standard output still holds, or drop it where that fails."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        silence(sys.stdout)


def _describe(error: BaseException) -> None:
    if isinstance(error, typer.TyperException):
        show = getattr(error, "show", None)  # typer's own errors show the usage before
        if show is None:
            say(f"Error: {error.message}")
        else:
            show()
    elif isinstance(error, DedupError):
        say(f"Error {error.code}: {_SETTING.sub(_name_option, str(error))}")
    elif isinstance(error, MemoryError):
        say("Error: there is not enough memory. Scan fewer files at a time.")
    elif isinstance(error, OSError):
        place = f" at '{error.filename}'" if error.filename else ""
        say(f"Error: cannot read or write{place}: {error.strerror or error}.")
    else:
        text = " ".join(str(error).split())
        say(f"internal error: {type(error).__name__}: {text}; please report it.")
        say("Run the command again with --verbose to see where it happened.")


def _name_option(match: re.Match[str]) -> str:
    """Call a setting what the user typed."""
    return f"option --{_find_option(match[1])} "


def _find_option(name: str) -> str:
    return _OPTION_OF.get(name, name).replace("_", "-")


def name_setting(error: SettingError, resolved: Resolved) -> SettingError:
    """Give the error of a setting with the place where it was set, if that was not typed."""
    match = _SETTING.match(str(error))
    option = _find_option(match[1]) if match else ""
    setting = resolved.find(option.replace("-", "_"))
    if match is None or setting is None:
        return error
    return SettingError(f"{option} of {setting.place} {str(error)[match.end() :]}")
