"""How every kind of error ends."""

import errno
import re
from pathlib import Path

import pytest
import typer

from dedup.cli.configuration.options import Resolved
from dedup.cli.configuration.source import Rank, Setting
from dedup.cli.exit_codes import ExitCode
from dedup.cli.failures import name_setting, report_failure
from dedup.cli.signals import Stopped
from dedup.errors import SettingError, UnreadableFormatError, WorkFolderError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (typer.TyperException("no such thing"), r"Error: no such thing"),
        (typer.BadParameter("it is odd"), r"Error: Invalid value: it is odd"),
        (UnreadableFormatError(Path("a.doc"), ["md"]), r"Error DD101: cannot read 'a.doc'"),
        (SettingError("setting min_words is 0: no"), r"Error DD001: option --min-words is 0: no"),
        (SettingError("setting min_resemblance is 2: no"), r"Error DD001: option --threshold is 2"),
        (WorkFolderError("w", "it is full", "Make room."), r"DD202: cannot use .*'w': it is full"),
        (MemoryError(), r"Error: there is not enough memory"),
        (OSError(errno.EIO, "Input/output error", "x"), r"at 'x': Input/output error\."),
        (OSError("odd"), r"Error: cannot read or write: odd\."),
        (ValueError("two\nlines"), r"internal error: ValueError: two lines; please report it\."),
    ],
)
def test_an_error_is_told_in_a_line_and_ends_with_two(
    capsys: pytest.CaptureFixture[str], error: Exception, told: str
) -> None:
    assert int(report_failure(error)) == 2
    assert re.search(told, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BrokenPipeError(), 0),
        (KeyboardInterrupt(), 130),
        (Stopped(ExitCode.TERMINATED), 143),
        (Stopped(ExitCode.HUNG_UP), 129),
    ],
)
def test_who_stops_a_run_is_told_nothing(
    capsys: pytest.CaptureFixture[str], error: BaseException, status: int
) -> None:
    assert int(report_failure(error)) == status
    assert capsys.readouterr().err == ""


def test_no_exit_status_is_one() -> None:
    assert 1 not in list(ExitCode)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("setting min_resemblance is 7: no", "threshold of dedup.toml:3 is 7: no"),
        ("setting min_words is 0: no", "setting min_words is 0: no"),  # it was typed
        ("setting jobs is 0: no", "setting jobs is 0: no"),  # nobody set it
        ("something else", "something else"),
    ],
)
def test_a_setting_that_was_not_typed_is_refused_where_it_stands(message: str, told: str) -> None:
    settings = {name: Setting(0, Rank.FILE, "dedup.toml:3") for name in ("threshold", "min_words")}

    named = name_setting(SettingError(message), Resolved(frozenset({"min_words"}), settings))

    assert str(named) == told
