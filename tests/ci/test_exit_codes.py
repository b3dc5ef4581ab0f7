"""The README's table of exit codes, row by row, as whole processes; faults are in `test_faults`."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.ci.conftest import COPIED, GUIDE, OWN, README, ROOT, Repository

COPY: Final = {"docs/copy.md": f"{COPIED}\n"}
VARIANT: Final = {
    "docs/fair.md": (ROOT / "data" / "relations" / "variant" / "english.txt").read_text()
}
UNREADABLE: Final = {"docs/broken.jsonl": '{"text": "cut off\n'}


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
# The other rows of the table are tested in `test_faults` and in `tests/cli/test_signals.py`.
OTHERS: Final = {
    "an internal error": 2,
    "stopped with Ctrl-C": 130,
    "stopped with SIGTERM": 143,
    "stopped with SIGHUP, as of a terminal that is closed": 129,
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
    for row, status in OTHERS.items():
        assert rows[row] == ("as without" if status is None else str(status))


def test_a_byte_that_is_no_utf_8_is_an_error_in_json_lines(repository: Repository) -> None:
    path = repository.write("docs/broken.jsonl", "")
    path.write_bytes(b'{"text": "A byte \xff that is no UTF-8 in a line of nine words."}\n')

    finished = repository.dedup("check", "docs")

    assert finished.returncode == 2
    assert "docs/broken.jsonl" in finished.stderr


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
