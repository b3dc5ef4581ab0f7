"""Runs that are killed or stopped, and go on from what they had finished."""

import os
import signal
import time
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.generated_text import write_generated_workload
from tests.hard.killed_runs import DEFAULT_WORDS, Trial, kill_runs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
READING: Final = "read, split, tokenize: "  # the log's line at the end of the first stage


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give 30,000 paragraphs: of near-duplicates, rewritten ones, and others."""
    prefix = tmp_path_factory.mktemp("corpus") / "texts"
    write_generated_workload(30_000, prefix)
    return prefix.with_suffix(".jsonl")


@pytest.fixture(scope="module")
def right(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the digest of what a run writes that works in memory and is left alone."""
    return Trial(corpus, tmp_path_factory.mktemp("right")).run_whole()


@pytest.fixture
def trial(corpus: Path, tmp_path: Path) -> Trial:
    return Trial(corpus, tmp_path)


def test_runs_killed_at_random_moments_and_resumed_give_the_same_bytes(trial: Trial) -> None:
    outcome = kill_runs(trial, n_kills=6, seed=2)

    assert outcome.faults == []
    assert outcome.n_kills == 6
    assert outcome.n_ended >= 1


def test_a_run_killed_after_each_of_its_stages_goes_on_from_it(trial: Trial, right: str) -> None:
    n_stages = kill_after_each_stage(trial)

    assert n_stages >= 3
    assert trial.take_output() == right
    assert not trial.work.exists()


def kill_after_each_stage(trial: Trial) -> int:
    """Kill a run as soon as it has one stage more, and resume it, to its end: how many it had."""
    n_stages = 0
    while True:
        stages = kill_after_next_stage(trial, n_stages, resume=n_stages > 0)
        if len(stages) == n_stages:
            return n_stages  # it came to its end
        assert len(stages) > n_stages
        n_stages = len(stages)


def kill_after_next_stage(trial: Trial, n_stages: int, *, resume: bool) -> list[str]:
    """Run until more stages are whole than were before, and kill it; give those there are."""
    stages = trial.list_stages()
    with trial.start(resume=resume) as process:
        while process.poll() is None:
            if len(trial.list_stages()) > n_stages:
                process.kill()
            time.sleep(0.002)
        assert process.stderr is not None
        told = process.stderr.read()
    assert process.returncode in (0, -signal.SIGKILL), told
    return trial.list_stages() if process.returncode else stages


def test_a_resumed_run_does_not_read_again(corpus: Path, tmp_path: Path, right: str) -> None:
    trial = Trial(corpus, tmp_path, (*DEFAULT_WORDS, "--verbose"))
    kill_after_next_stage(trial, 0, resume=False)
    assert len(trial.list_stages()) >= 1

    with trial.start(resume=True) as process:
        _, log = process.communicate(timeout=120)

    assert process.returncode == 0, log
    assert trial.take_output() == right
    assert READING not in log
    assert "write the report: " in log


@pytest.fixture(params=["SIGINT", "SIGTERM", "SIGHUP"])
def number(request: pytest.FixtureRequest) -> signal.Signals:
    return signal.Signals[request.param]


def stop(trial: Trial, number: signal.Signals, *, in_folder: bool) -> tuple[int, str]:
    """Run until the sources are read, then send a signal: the status, and what was said."""
    told = []
    with trial.start(in_folder=in_folder) as process:
        assert process.stderr is not None
        for line in process.stderr:
            told.append(line)
            if line.startswith(READING):
                process.send_signal(number)
                break
        told.append(process.stderr.read())
    return process.returncode, "".join(told)


def test_a_stopped_run_leaves_nothing_behind(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    trial = Trial(corpus, tmp_path, (*DEFAULT_WORDS, "--verbose", "--memory", "256M"))

    status, told = stop(trial, number, in_folder=False)

    assert status == 128 + number, told
    assert "Traceback" not in told
    assert list(trial.out.iterdir()) == list((tmp_path / "tmp").iterdir()) == []


def test_a_stopped_run_in_a_named_folder_says_how_to_go_on(
    corpus: Path, tmp_path: Path, right: str, number: signal.Signals
) -> None:
    trial = Trial(corpus, tmp_path, (*DEFAULT_WORDS, "--verbose"))

    status, told = stop(trial, number, in_folder=True)

    assert status == 128 + number, told
    assert told.splitlines()[-1] == (
        f"Finished stages stay in '{trial.work}': the same command goes on with --resume."
    )
    assert trial.list_stages()
    with trial.start(resume=True) as process:
        _, log = process.communicate(timeout=120)
    assert process.returncode == 0, log
    assert trial.take_output() == right
    assert not trial.work.exists()


def refuse(trial: Trial, *, resume: bool) -> str:
    """Start a run that is to be refused; gives what it says."""
    with trial.start(resume=resume) as process:
        _, told = process.communicate(timeout=120)
    assert process.returncode == 2, told
    assert trial.take_output() == ""
    return told


def test_stages_are_not_taken_unasked_nor_for_another_run(
    corpus: Path, tmp_path: Path, right: str
) -> None:
    trial = Trial(corpus, tmp_path)
    kill_after_next_stage(trial, 0, resume=False)
    stages = trial.list_stages()
    other = Trial(corpus, tmp_path / "other", (*DEFAULT_WORDS, "--threshold", "0.7"))
    other.work = trial.work

    assert "--resume" in refuse(trial, resume=False)
    assert "min_resemblance" in refuse(other, resume=True)

    assert trial.list_stages() == stages
    with trial.start(resume=True) as process:
        process.communicate(timeout=120)
    assert trial.take_output() == right


def test_a_changed_input_is_refused(corpus: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(corpus.read_bytes())
    trial = Trial(copy, tmp_path / "trial")
    kill_after_next_stage(trial, 0, resume=False)
    with copy.open("a", encoding="utf-8") as file:
        file.write('{"id": -1, "text": "One line more, of eight words or so."}\n')

    assert str(copy) in refuse(trial, resume=True)


def test_two_runs_do_not_share_a_folder(trial: Trial) -> None:
    with trial.start() as first:
        while not trial.work.is_dir() or not any(trial.work.iterdir()):
            time.sleep(0.01)
        told = refuse(trial, resume=True)
        first.kill()

    assert "another run" in told


def test_a_folder_with_something_else_in_it_is_left_alone(trial: Trial) -> None:
    trial.work.mkdir()
    (trial.work / "thesis.txt").write_text("mine")

    told = refuse(trial, resume=False)

    assert "thesis.txt" in told
    assert [path.name for path in trial.work.iterdir()] == ["thesis.txt"]


def test_a_checkpoint_that_is_gone_is_made_again(trial: Trial, right: str) -> None:
    kill_after_next_stage(trial, 0, resume=False)
    gone = next(path for path in sorted(trial.work.iterdir()) if path.suffix == ".column")
    gone.unlink()

    with trial.start(resume=True) as process:
        _, log = process.communicate(timeout=120)

    assert process.returncode == 0, log
    assert trial.take_output() == right


def test_a_cleaning_killed_after_each_of_its_stages_goes_on_from_it(
    corpus: Path, tmp_path: Path
) -> None:
    trial = Trial(corpus, tmp_path, ("--unit", "record"), "clean")
    right = Trial(corpus, tmp_path / "right", ("--unit", "record"), "clean").run_whole()

    n_stages = kill_after_each_stage(trial)

    assert n_stages >= 2
    assert trial.take_output() == right
    assert not trial.work.exists()
