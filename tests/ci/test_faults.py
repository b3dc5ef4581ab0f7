"""Checks that cannot be finished: faults put in, interruptions, outputs that take nothing.

None may look like findings, nor like a tree without any. What no program can turn into a status is
not here: `os._exit`, a signal that kills, a crash of machine code. Those end with what they say
themselves, or with 128 and the signal's number.
"""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.ci.conftest import COPIED, Finished, Repository

FULL: Final = Path("/dev/full")
# A stage of the run, the judgement, and a reporter in the middle of its output.
STAGES: Final = (
    "dedup.gathering.split_paragraphs",
    "dedup.checking.judge_findings",
    "dedup.reporters.concise._head",
)
FAULTS: Final = (
    "RuntimeError('one\\ntwo')",
    "MemoryError()",
    "RecursionError('too deep')",
    "AssertionError()",
    "EOFError()",
    "OSError(5, 'Input/output error')",
    "GeneratorExit()",
    "SystemExit(1)",
    "SystemExit(0)",
    "SystemExit()",
    "SystemExit('a word')",
    "Panic('as a library in Rust ends')",
)
_RUN_WITH_FAULT: Final = """
import importlib
from dedup.cli.app import main

class Panic(BaseException): ...

def fail(*words, **named):
    raise {fault}

module, _, name = "{stage}".rpartition(".")
assert hasattr(importlib.import_module(module), name)
setattr(importlib.import_module(module), name, fail)
main({words!r})
"""


@pytest.mark.parametrize(
    ("stage", "fault"),
    [
        (stage, fault)
        for row, stage in enumerate(STAGES)
        for fault in FAULTS[row :: max(1, 3 * row)]
    ],
)
def test_a_fault_in_the_middle_never_looks_like_findings_nor_like_none(
    repository: Repository, stage: str, fault: str
) -> None:
    repository.write("docs/copy.md", f"{COPIED}\n")

    finished = run_with_fault(repository, stage, fault)

    assert finished.returncode == 2, finished.stderr
    assert finished.stderr.strip()
    assert "Traceback" not in finished.stderr


def run_with_fault(repository: Repository, stage: str, fault: str) -> Finished:
    words = ["check", "docs", "--output-format", "concise"]
    script = _RUN_WITH_FAULT.format(stage=stage, fault=fault, words=words)
    return repository.run(sys.executable, "-P", "-c", script)


@pytest.mark.parametrize("stage", STAGES)
def test_an_interruption_in_the_middle_ends_with_its_own_status(
    repository: Repository, stage: str
) -> None:
    repository.write("docs/copy.md", f"{COPIED}\n")

    finished = run_with_fault(repository, stage, "KeyboardInterrupt()")

    assert finished.returncode == 130
    assert "Traceback" not in finished.stderr


def test_ctrl_c_ends_a_check_that_waits_for_its_input(repository: Repository) -> None:
    words = [sys.executable, "-P", "-X", "importtime", "-m", "dedup", "check", "-"]
    with start(repository, *words) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.endswith("dedup.cli.check\n"):  # from here on it reads standard input
                break
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()

    assert process.returncode == 130
    assert "Traceback" not in told


def start(repository: Repository, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- words of these tests
        words,
        cwd=repository.folder,
        env=repository.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("n_copies", "status"), [(0, 0), (1, 1), (900, 1)])
@pytest.mark.parametrize("output_format", ["concise", "full"])
def test_the_verdict_stands_though_whoever_reads_stops_early(
    repository: Repository, n_copies: int, status: int, output_format: str
) -> None:
    repository.write("docs/many.md", f"{COPIED}\n\n" * n_copies)
    words = ["-P", "-m", "dedup", "check", "docs", "--output-format", output_format]

    with start(repository, sys.executable, *words) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()

    assert process.returncode == status
    assert "Traceback" not in told
    assert "Error" not in told


@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
@pytest.mark.parametrize("output_format", ["full", "concise", "json", "github", "sarif"])
def test_a_full_disk_is_no_finding(repository: Repository, output_format: str) -> None:
    repository.write("docs/copy.md", f"{COPIED}\n")
    words = ["-P", "-m", "dedup", "check", "docs", "--output-format", output_format]

    with FULL.open("w") as full:
        finished = subprocess.run(  # noqa: S603 -- words of these tests
            [sys.executable, *words],
            cwd=repository.folder,
            env=repository.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )

    assert finished.returncode == 2
    assert "No space left on device" in finished.stderr


@pytest.mark.parametrize("missing", ["typer", "numpy", "dedup.cli.app"])
def test_an_installation_that_lacks_a_part_is_no_finding(
    repository: Repository, missing: str
) -> None:
    words = ["dedup", "check", "docs"]
    script = (
        f"import sys, runpy; sys.modules[{missing!r}] = None; sys.argv = {words!r}; "
        "runpy.run_module('dedup', run_name='__main__')"
    )

    finished = repository.run(sys.executable, "-P", "-c", script)

    assert finished.returncode == 2
    assert missing in finished.stderr
