"""Kill a scan at random moments, resume it until it ends, and compare with one that nobody killed.

`python -m tests.hard.killed_runs --corpus FILE [--kills 20] [--seed 1] [OPTIONS OF dedup scan]`

One run is left to end: it gives the right bytes and how long a run takes. Then runs in a named
working folder are killed (SIGKILL) until there were as many kills as asked for. Each attempt but
the first of a run is given `--resume`; it is killed at a moment drawn evenly from the time that a
whole run takes, so that some end before. After every kill the output must be absent; what comes to
its end must give the right bytes and take its working folder away.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DEFAULT_WORDS: Final = ("--unit", "record", "--output-format", "groups")
MANIFEST: Final = "dedup-run.json"
_MOST_SECONDS: Final = 3600
_AT_ONCE: Final = 1 << 20


@dataclass(slots=True)
class Outcome:
    """What was found.

    Attributes:
        seconds: What a whole run takes.
        n_kills: How many attempts were killed before they ended.
        n_ended: How many runs came to their end.
        n_resumed: How many attempts went on from a finished stage, or more.
        stages: How many stages were whole at each kill.
        faults: What was not as it must be.
    """

    seconds: float
    n_kills: int = 0
    n_ended: int = 0
    n_resumed: int = 0
    stages: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Trial:
    """Runs one command over one corpus, in a folder of its own."""

    def __init__(
        self,
        corpus: Path,
        folder: Path,
        words: Sequence[str] = DEFAULT_WORDS,
        command: str = "scan",
    ) -> None:
        """Take what is run.

        Args:
            corpus: What is read.
            folder: Where the output and the working folder are to be.
            words: The options.
            command: `scan` or `clean`.
        """
        self.work, self.out = folder / "work", folder / "out"
        self.out.mkdir(parents=True)
        self._output = self.out / "result.jsonl"
        self._command = [sys.executable, "-m", "dedup", command, str(corpus), *words]
        self._command += ["--output", str(self._output)]

    def start(self, *, in_folder: bool = True, resume: bool = False) -> "subprocess.Popen[str]":
        """Start the command, in the working folder or without one."""
        named = ["--work-dir", str(self.work)] if in_folder else []
        return subprocess.Popen(  # noqa: S603 -- this project's own command
            [*self._command, *named, *(["--resume"] if resume else [])],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run_whole(self, *, in_folder: bool = False) -> str:
        """Run to the end and give the output's digest.

        Raises:
            RuntimeError: The run failed.
        """
        with self.start(in_folder=in_folder) as process:
            _, told = process.communicate(timeout=_MOST_SECONDS)
        if process.returncode:
            message = f"dedup ended with {process.returncode}: {told}"
            raise RuntimeError(message)
        return self.take_output()

    def take_output(self) -> str:
        """Give the digest of the output and remove it; '' where there is none."""
        if not self._output.exists():
            return ""
        digest = hashlib.sha256()
        with self._output.open("rb") as file:
            while part := file.read(_AT_ONCE):
                digest.update(part)
        self._output.unlink()
        return digest.hexdigest()

    def list_stages(self) -> list[str]:
        """Give the stages that the working folder says are whole."""
        try:
            held = json.loads((self.work / MANIFEST).read_bytes())
        except FileNotFoundError:
            return []
        return list(held["stages"])


def kill_runs(trial: Trial, n_kills: int, seed: int) -> Outcome:
    """Kill so many attempts, each at a random moment, and let what was killed last come to its end.

    Args:
        trial: What is run.
        n_kills: How many attempts are to be killed.
        seed: Of the moments.
    """
    begun = time.monotonic()
    right = trial.run_whole()
    outcome = Outcome(time.monotonic() - begun)
    random = Random(seed)  # noqa: S311 -- moments, no secret
    is_begun = False
    while outcome.n_kills < n_kills or is_begun:
        is_last = outcome.n_kills == n_kills
        moment = _MOST_SECONDS if is_last else random.uniform(0.0, outcome.seconds)
        outcome.n_resumed += bool(trial.list_stages())
        status, told = _kill_after(trial, moment, resume=is_begun)
        is_begun = status < 0
        found = trial.take_output()
        if is_begun:
            outcome.n_kills += 1
            outcome.stages.append(len(trial.list_stages()))
            _check_killed(found, right, moment, outcome)
        else:
            outcome.n_ended += 1
            _check_ended(trial, (status, told), (found, right), outcome)
    return outcome


def _kill_after(trial: Trial, seconds: float, *, resume: bool) -> tuple[int, str]:
    """Start an attempt and kill it after a time, if it takes so long: its status, what it said."""
    with trial.start(resume=resume) as process:
        try:
            _, told = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            _, told = process.communicate()
    return process.returncode, told


def _check_killed(found: str, right: str, moment: float, outcome: Outcome) -> None:
    """See that no half of an output is there; a whole one may be: the kill came at the very end."""
    if found not in ("", right):
        outcome.faults.append(f"killed after {moment:.3f} s: the output is there and wrong")


def _check_ended(
    trial: Trial, end: tuple[int, str], outputs: tuple[str, str], outcome: Outcome
) -> None:
    """See that a run that ended did so well, with the right output, and took its folder away."""
    (status, told), (found, right) = end, outputs
    if status:
        outcome.faults.append(f"an attempt ended with {status}: {told}")
    elif found != right:
        outcome.faults.append(f"run {outcome.n_ended} ended with other bytes")
    elif trial.work.exists():
        left = sorted(path.name for path in trial.work.iterdir())
        outcome.faults.append(f"run {outcome.n_ended} left its working folder, with {left}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print what was found, and give 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hard.killed_runs", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options, words = parser.parse_known_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="dedup-killed-"))
    try:
        trial = Trial(options.corpus.resolve(), folder, words or DEFAULT_WORDS)
        outcome = kill_runs(trial, options.kills, options.seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(
        f"{outcome.n_kills} kills in runs of {outcome.seconds:.1f} s, with "
        f"{outcome.stages} stages whole; {outcome.n_resumed} attempts went on from a stage; "
        f"{outcome.n_ended} runs ended, {len(outcome.faults)} faults\n"
    )
    sys.stdout.write("".join(f"  {fault}\n" for fault in outcome.faults))
    return min(len(outcome.faults), 1)


if __name__ == "__main__":
    sys.exit(main())
