"""Fuzz one reader in this process; see `tests/fuzz/__main__.py`, which starts it.

`python -m tests.fuzz.worker READER SEED SECONDS FOLDER SAVE [INPUT]`
"""

import contextlib
import faulthandler
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from typing import Final

from dedup.kernels import load_engine
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trials import Failure, Trial, make_trial

_INPUT_SECONDS: Final = 120.0  # a hang is told from a slow machine by being far too long
_SLOW_SECONDS: Final = 20.0
_MEMORY_BYTES: Final = 8 << 30  # of addresses, of which libraries map far more than they touch


@dataclass(slots=True)
class Findings:
    """The failures of a run: the first of each name, and how often each came."""

    first: dict[str, tuple[Failure, Trial]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    n_inputs: int = 0

    def add(self, failure: Failure, trial: Trial) -> None:
        """Count a failure, and keep it where it is the first of its name."""
        self.first.setdefault(failure.name, (failure, trial))
        self.counts[failure.name] = self.counts.get(failure.name, 0) + 1


@dataclass(frozen=True, slots=True)
class Limit:
    """When to stop: after so many seconds or inputs, whichever comes first."""

    seconds: float = inf
    n_inputs: float = inf


def fuzz(
    target: Target, seed: int, limit: Limit, folder: Path, *, is_alone: bool = False
) -> Findings:
    """Fuzz one target, with at least one input.

    Args:
        target: What is fuzzed.
        seed: Of every choice.
        limit: After which no input is begun.
        folder: Where the input lies while it is read.
        is_alone: This process does nothing else: an input that never ends may end it.
    """
    random, findings = Random(seed), Findings()  # noqa: S311 -- no secret hangs on it
    engines = load_engine("numpy"), load_engine("numba")
    end = time.monotonic() + limit.seconds
    while findings.n_inputs < limit.n_inputs and (not findings.n_inputs or time.monotonic() < end):
        trial = make_trial(target, random, folder, engines)
        with _deadline() if is_alone else contextlib.nullcontext():
            for failure in watch(trial):
                findings.add(failure, trial)
        findings.n_inputs += 1
    return findings


def watch(trial: Trial) -> Iterator[Failure]:
    """Run a trial; one that is slow fails, too."""
    begun = time.process_time()
    yield from trial.run()
    took = time.process_time() - begun
    if took > _SLOW_SECONDS:
        yield Failure("slow", f"{len(trial.content)} bytes took {took:.0f} s of CPU")


@contextlib.contextmanager
def _deadline() -> Iterator[None]:
    """End this process where an input takes far too long; its traceback goes to stderr."""
    faulthandler.dump_traceback_later(_INPUT_SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def save(findings: Findings, folder: Path, name: str) -> Iterator[str]:
    """Save the input of each failure; gives what is to be said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for failure, trial in findings.first.values():
        digest = hashlib.sha256(trial.content).hexdigest()[:10]
        path = folder / f"{name}-{digest}.{trial.format}"
        path.write_bytes(trial.content)
        path.with_suffix(path.suffix + ".account").write_text(failure.account, encoding="utf-8")
        yield f"  {findings.counts[failure.name]} x {failure.name}: {path}"


def main(words: Sequence[str]) -> int:
    """Fuzz what the words say and tell what failed; 1 where something did."""
    name, seed, seconds, folder, kept, *replayed = words
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 -- Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    target = TARGETS[name]
    if replayed:
        findings = replay(target, Path(replayed[0]))
    else:
        findings = fuzz(target, int(seed), Limit(float(seconds)), Path(folder), is_alone=True)
    sys.stdout.write(f"{name}: {findings.n_inputs} inputs, seed {seed}\n")
    sys.stdout.writelines(f"{line}\n" for line in save(findings, Path(kept), f"{name}-seed{seed}"))
    return 1 if findings.first else 0


def replay(target: Target, path: Path) -> Findings:
    """Read one input again, with both engines."""
    findings = Findings()
    for engine in (load_engine("numpy"), load_engine("numba")):
        trial = Trial(target, path.suffix.removeprefix("."), path, path.read_bytes(), engine)
        for failure in watch(trial):
            findings.add(failure, trial)
            sys.stdout.write(failure.account + "\n")
        findings.n_inputs += 1
    return findings


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
