"""What is said on standard error."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dedup.cli.messages import LOGGER, say, silence, start_logging


@pytest.fixture(autouse=True)
def _logger_as_before() -> Iterator[None]:
    handlers, level = LOGGER.handlers, LOGGER.level
    yield
    LOGGER.handlers, LOGGER.level = handlers, level


@pytest.mark.parametrize(
    ("quiet", "verbose", "told"),
    [
        (False, False, "Warning: compiling\n"),
        (True, False, ""),
        (False, True, "Debug: a\\x1bb\nWarning: compiling\n"),
    ],
)
def test_what_the_stages_log_comes_as_plain_lines(
    capsys: pytest.CaptureFixture[str], *, quiet: bool, verbose: bool, told: str
) -> None:
    start_logging(quiet=quiet, verbose=verbose)
    start_logging(quiet=quiet, verbose=verbose)

    logging.getLogger("dedup.kernels").debug("a\x1bb")
    logging.getLogger("dedup.kernels").warning("compiling")

    assert capsys.readouterr().err == told


def test_a_line_is_written_without_its_controls(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2J\nb")

    assert capsys.readouterr().err == "a\\x1b[2J\\x0ab\n"


def test_a_stream_without_a_file_is_silent_already(capsys: pytest.CaptureFixture[str]) -> None:
    silence(sys.stdout)

    assert capsys.readouterr().out == ""


def test_a_stream_that_fails_is_sent_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "unwritable").touch()
    unwritable = os.open(tmp_path / "unwritable", os.O_RDONLY)
    stream = os.fdopen(unwritable, "w", buffering=1)
    monkeypatch.setattr(sys, "stderr", stream)

    say("lost")
    say("lost too")
    stream.close()

    assert (tmp_path / "unwritable").read_text() == ""
