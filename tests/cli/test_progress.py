"""When a line of progress is shown, and what it shows."""

import io
import sys
import time

import pytest

from dedup.cli.progress import StageProgress, is_wanted, show_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watch(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal; called by a test itself, since pytest sets it before."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_progress_is_for_who_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    watch(monkeypatch)

    assert is_wanted(quiet=False, no_progress=False)
    assert not is_wanted(quiet=True, no_progress=False)
    assert not is_wanted(quiet=False, no_progress=True)
    monkeypatch.setenv("CI", "true")
    assert not is_wanted(quiet=False, no_progress=False)


def test_progress_is_not_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert not is_wanted(quiet=False, no_progress=False)


@pytest.mark.parametrize("wanted", [False, True])
def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch, *, wanted: bool) -> None:
    terminal = watch(monkeypatch)

    with show_progress(wanted=wanted) as progress:
        progress("verify", 3)

    assert terminal.getvalue() == ""


def test_a_long_run_shows_the_stage_and_takes_the_line_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watch(monkeypatch)

    with StageProgress(seconds_unseen=0.0) as progress:
        progress("read", 1200)
        deadline = time.monotonic() + 10
        while "read: 1,200 paragraphs" not in terminal.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        progress("verify", 0)

    assert "read: 1,200 paragraphs" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_a_run_that_ends_before_its_line_appears_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watch(monkeypatch)

    progress = StageProgress()
    with progress:
        pass
    progress._appear()  # noqa: SLF001 -- the timer's call, come too late

    assert terminal.getvalue() == ""
