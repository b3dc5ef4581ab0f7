"""How a process that is asked to end does so, and what it leaves."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable

import pytest

from dedup.cli.exit_codes import ExitCode
from dedup.cli.signals import Stopped, end_on_signals

Spawn = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
# Cleaning up takes a while, in which an impatient user asks again.
_CLEANS_UP = """
import os, signal, sys, time
from dedup.cli.signals import Stopped, end_on_signals
try:
    with end_on_signals():
        try:
            print("begun", flush=True)
            time.sleep(60)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
            print("cleaned up", flush=True)
except KeyboardInterrupt:
    sys.exit(130)
except Stopped as stopped:
    sys.exit(stopped.status)
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_first_signal_ends_it_and_later_ones_do_not_break_into_the_cleaning_up(
    spawn: Spawn, number: signal.Signals, status: int
) -> None:
    with spawn("-c", _CLEANS_UP) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (status, "cleaned up\n", "")


def test_signals_that_come_at_once_end_it_without_a_word(spawn: Spawn) -> None:
    script = (
        "import os, signal, sys\n"
        "from dedup.cli.signals import end_on_signals\n"
        "both = {signal.SIGINT, signal.SIGTERM}\n"
        "try:\n"
        "    with end_on_signals():\n"
        "        signal.pthread_sigmask(signal.SIG_BLOCK, both)\n"
        "        for each in both:\n"
        "            os.kill(os.getpid(), each)\n"
        "        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)\n"
        "        sum(range(1000))\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)"
    )
    with spawn("-c", script) as process:
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (130, "", "")


def test_a_signal_that_was_ignored_before_stays_so(spawn: Spawn) -> None:
    script = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from dedup.cli.signals import end_on_signals\n"
        "with end_on_signals():\n"
        "    os.kill(os.getpid(), signal.SIGHUP); print('goes on')"
    )
    with spawn("-c", script) as process:  # as under nohup
        out, _ = process.communicate(timeout=30)

    assert (process.returncode, out) == (0, "goes on\n")


def test_what_answered_before_answers_afterwards() -> None:
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in signals]

    with end_on_signals():
        assert [signal.getsignal(number) for number in signals] != before
    with pytest.raises(KeyboardInterrupt), end_on_signals():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(Stopped), end_on_signals():
        signal.raise_signal(signal.SIGTERM)

    assert [signal.getsignal(number) for number in signals] == before


def test_in_another_thread_nothing_is_changed() -> None:
    seen = []

    def run() -> None:
        with end_on_signals():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert seen == [signal.getsignal(signal.SIGTERM)]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_scan_that_is_told_to_end_says_so_by_its_status(spawn: Spawn, name: str) -> None:
    with spawn("-X", "importtime", "-m", "dedup", "scan", "-") as scan:
        assert scan.stderr is not None
        for line in scan.stderr:
            if line.endswith("dedup.cli.scan\n"):  # from here on it reads standard input
                break
        scan.send_signal(getattr(signal, name))
        told = scan.stderr.read()

    assert scan.returncode == 128 + getattr(signal, name)
    assert "Traceback" not in told


def test_the_statuses_are_those_of_shells() -> None:
    assert ExitCode.INTERRUPTED == 128 + signal.SIGINT
    assert ExitCode.TERMINATED == 128 + signal.SIGTERM
    assert ExitCode.HUNG_UP == 128 + signal.SIGHUP
