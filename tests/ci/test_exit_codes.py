"""Every way a check can end, as a whole process: the README's table row by row, and faults put in.

What no program can turn into a status is not here: `os._exit`, a signal that kills, a crash of
machine code. Those end with what they say themselves, or with 128 and the signal's number.
"""

import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.ci.conftest import COPIED, GUIDE, OWN, README, ROOT, Finished, Repository

FULL: Final = Path("/dev/full")
COPY: Final = {"docs/copy.md": f"{COPIED}\n"}
VARIANT: Final = {
    "docs/fair.md": (ROOT / "data" / "relations" / "variant" / "english.txt").read_text()
}
UNREADABLE: Final = {"docs/broken.jsonl": '{"text": "cut off\n'}
BROKEN_BYTE: Final = "docs/broken.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the README's table: what is there, what is typed, and how it ends."""

    status: int
    words: str
    files: dict[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    told: str = ""


NO_SUCH_OPTION: Final = "No such option: --bogus"
TABLE: Final[dict[str, tuple[Case, ...]]] = {
    "nothing is found, or only what is accepted": (
        Case(0, "check docs"),
        Case(0, "check docs --fail-on error", COPY),
        Case(0, "check docs", VARIANT),
        Case(0, "check docs", COPY, ("dedup baseline write docs",)),
        Case(0, "check docs --since HEAD", COPY, ("git add .", "git commit -qm Copy")),
    ),
    "findings of the level of `--fail-on` or above": (
        Case(1, "check docs", COPY),
        Case(1, "check docs --since HEAD", COPY),
        Case(1, "check docs --no-baseline", COPY, ("dedup baseline write docs",)),
        Case(1, "check docs --fail-on note", VARIANT),
    ),
    "what cannot be read was left out with `--skip-errors` (DUP900)": (
        Case(1, "check docs --skip-errors", UNREADABLE, told="docs/broken.jsonl:1"),
    ),
    "findings, with `--exit-zero`": (Case(0, "check docs --exit-zero", COPY),),
    "findings, with `--exit-code N`": (
        Case(7, "check docs --exit-code 7", COPY),
        Case(0, "check docs --exit-code 7"),
    ),
    "at most `--max-new` findings": (Case(0, "check docs --max-new 1", COPY),),
    "more than `--max-new` findings": (
        Case(1, "check docs --max-new 1", {**COPY, "docs/third.md": f"{COPIED}\n"}),
    ),
    "the baseline accepts what is gone, with `--fail-on-stale`": (
        Case(
            1, "check docs --fail-on-stale", COPY, ("dedup baseline write docs", "rm docs/copy.md")
        ),
    ),
    "wrong usage: no such option or command, no paths, a value that is not allowed": (
        Case(2, "check --bogus docs", told=NO_SUCH_OPTION),
        Case(2, "chekc docs", told="Did you mean 'check'?"),
        Case(2, "check", told="name files or folders"),
        Case(2, "check docs --fail-on never", told="--fail-on is 'never'"),
        Case(2, "check docs --max-new many", told="'many' is not a whole number"),
        Case(2, "check docs --exit-code 2", told="--exit-code is 2"),
        Case(2, "check docs --output-format yaml", told="'yaml'"),
    ),
    "a configuration file or a baseline that is not as it must be": (
        Case(2, "check docs", {"dedup.toml": "thresold = 0.7\n"}, told="thresold"),
        Case(2, "check docs", {"dedup.toml": "threshold = \n"}, told="dedup.toml"),
        Case(2, "check docs", {".dedup-baseline.json": "{]\n"}, told=".dedup-baseline.json"),
        Case(2, "check docs --baseline none.json", told="none.json"),
    ),
    "an input that cannot be read": (
        Case(2, "check none.md", told="none.md"),
        Case(2, "check docs", UNREADABLE, told="docs/broken.jsonl"),
        Case(2, "check docs --exit-zero", UNREADABLE, told="docs/broken.jsonl"),
        Case(2, "check docs --allow none.txt", told="none.txt"),
    ),
    "a `--since` that git does not know": (
        Case(2, "check docs --since no-such-branch", told="no-such-branch"),
        Case(2, "check docs --since HEAD", before=("rm -r .git",), told="git"),
    ),
    "a report that cannot be written": (
        Case(2, "check docs --output-format json=none/report.json", COPY, told="none"),
        Case(2, "check docs --output-format json=/dev/full", COPY, told="No space left on device"),
    ),
}
CASES: Final = [(row, case) for row, cases in TABLE.items() for case in cases]
# The other rows of the table, each with a test of its own below.
OTHERS: Final = {
    "an internal error": 2,
    "stopped with Ctrl-C": 130,
    "whoever reads the output stops early": None,
}


def readme_rows() -> dict[str, str]:
    """Read the README's table of exit codes: what happens, and the status."""
    table = re.search(
        r"^\| what happens \| exit status \|\n.*\n((?:\|.*\|\n)+)", README, re.MULTILINE
    )
    assert table, "the README has a table of exit codes"
    rows = [line.strip("| ").rpartition(" | ") for line in table[1].splitlines()]
    return {happens: status for happens, _, status in rows}


def test_every_row_of_the_table_is_tested_here() -> None:
    assert set(readme_rows()) == {*TABLE, *OTHERS}


@pytest.mark.parametrize(("row", "case"), CASES, ids=[case.words for _, case in CASES])
def test_a_check_ends_as_the_table_says(repository: Repository, row: str, case: Case) -> None:
    for name, text in case.files.items():
        repository.write(name, text)
    for command in case.before:
        assert repository.run(*command.split()).returncode == 0

    finished = repository.dedup(*case.words.split())

    assert finished.returncode == case.status, f"{row}\n{finished.stdout}{finished.stderr}"
    assert case.told in finished.stdout + finished.stderr
    assert "Traceback" not in finished.stderr
    assert "internal error" not in finished.stderr
    if case.status == 2:
        assert finished.stdout == ""


def test_the_table_says_what_these_cases_expect() -> None:
    rows = readme_rows()

    for row, cases in TABLE.items():
        statuses = {"N" if case.status == 7 else str(case.status) for case in cases[:1]}
        assert {rows[row]} == statuses, row
    assert rows["an internal error"] == "2"
    assert rows["stopped with Ctrl-C"] == "130"


def test_a_broken_byte_is_an_error_where_utf_8_is_asked_for(repository: Repository) -> None:
    path = repository.write("docs/broken.jsonl", "")
    path.write_bytes(b'{"text": "A byte \xff that is no UTF-8 in a line of nine words."}\n')

    finished = repository.dedup("check", "docs")

    assert finished.returncode == 2
    assert "docs/broken.jsonl" in finished.stderr


# A stage of the run, the judgement, and a reporter in the middle of its output.
STAGES: Final = (
    "dedup.gathering.split_paragraphs",
    "dedup.cli.check.judge_findings",
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
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 -- words of these tests
        words, cwd=repository.folder, env=repository.environment, text=True, **pipes
    )
    return process


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


def test_a_shallow_clone_is_an_error_that_says_how_to_deepen_it(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.commit("docs/more.md", f"{OWN}\n")
    repository.commit("docs/guide.md", f"{GUIDE}\nOne more line.\n")
    clone = Repository(tmp_path / "clone", repository.environment)
    source = f"file://{repository.folder}"
    repository.git("clone", "--quiet", "--depth", "1", source, str(clone.folder))

    finished = clone.dedup("check", "docs", "--since", first)

    assert finished.returncode == 2
    assert "fetch" in finished.stderr
