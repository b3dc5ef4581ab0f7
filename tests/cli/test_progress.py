"""When a line of progress is shown, and what it shows."""

import io
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import pytest

from dedup.cli.progress import StageLog, StageProgress, StageState, is_wanted, show_progress


@dataclass
class Options:
    quiet: bool = False
    verbose: bool = False
    no_progress: bool = False


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watch(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal; called by a test itself, since pytest sets it before."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return terminal


def wait_for(told: str, terminal: Terminal) -> None:
    deadline = time.monotonic() + 10
    while told not in terminal.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told in terminal.getvalue()


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


@pytest.mark.parametrize("options", [Options(), Options(quiet=True), Options(no_progress=True)])
def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch, options: Options) -> None:
    terminal = watch(monkeypatch)

    with show_progress(options) as progress:
        progress("verify", 3)

    assert terminal.getvalue() == ""


def test_a_long_run_shows_the_stage_and_takes_the_line_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watch(monkeypatch)

    with StageProgress(seconds_unseen=0.0) as progress:
        progress("read", 1200)
        wait_for("read: 1,200 paragraphs", terminal)
        progress("read", 1300)
        progress.expect(5200)
        wait_for("read: 25 %", terminal)
        progress("verify", 0)

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


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (StageState("group", begun=0.0), "group"),
        (StageState("read", 1200, begun=9.5), "read: 1,200 paragraphs"),
        (StageState("read", 1200, 4800, begun=9.5), "read: 25 %"),  # a rate would jump yet
        (StageState("read", 1200, begun=8.0), "read: 1,200 paragraphs, 600 a second"),
        (
            StageState("verify", 30, 39990, "pair", begun=0.0),
            "verify: 0 %, 3:42:00 left, 3 pairs a second",
        ),
        (
            StageState("read", 9999, 10000, begun=0.0),
            "read: 99 %, 0:00 left, 1,000 paragraphs a second",
        ),
        # A total that was too low is none: an estimate from packed bytes may be.
        (StageState("read", 1200, 1000, begun=8.0), "read: 1,200 paragraphs, 600 a second"),
    ],
)
def test_the_line_says_what_is_known_ten_seconds_on(state: StageState, told: str) -> None:
    assert state.describe(10.0) == told


def test_a_log_gets_a_line_at_the_end_of_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with StageLog(lambda: now) as log:
        log("read", 0)
        now = 2.0
        log("read", 400)
        log.expect(500)
        log("sort", 0)
        now = 2.5
        log("sort", 0)
        log("verify", 0)
        log("verify", 30)
        log.expect(30, "pair")
        now = 3.5
        log("verify", 0)  # a later round of the same stage
        now = 4.5

    assert capsys.readouterr().err.splitlines() == [
        "read: 2.0 s, 400 paragraphs, 200 a second",
        "sort: 0.5 s",
        "verify: 1.0 s, 30 pairs, 30 a second",
        "verify: 1.0 s",
    ]


def test_a_log_says_nothing_of_a_stage_that_did_not_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with suppress(KeyboardInterrupt), StageLog() as log:
        log("read", 400)
        raise KeyboardInterrupt

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        (Options(verbose=True), True),
        (Options(), False),
        (Options(quiet=True, verbose=True), False),
    ],
)
def test_a_log_is_for_who_asks_for_more(
    capsys: pytest.CaptureFixture[str], options: Options, *, is_told: bool
) -> None:
    with show_progress(options) as progress:
        progress("read", 400)

    assert capsys.readouterr().err.startswith("read: ") is is_told


def test_on_a_terminal_verbose_shows_the_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)

    with show_progress(Options(verbose=True)) as progress:
        progress("read", 400)

    assert terminal.getvalue() == ""
