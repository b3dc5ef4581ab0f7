"""Configuration as users have it: whole processes, files on disk, variables in the environment."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
TEXT = "The canal was dug in two years by four thousand men who came from every village around."
OTHER = "A baker on the square sells rolls with seeds before the church bell has rung for six."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project: two copies of a text in `docs`, one more in `drafts`."""
    (tmp_path / ".git").mkdir()
    for name in ("docs/a.md", "docs/b.md", "drafts/c.md", "legal/d.md", "legal/e.md"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{OTHER if name.startswith('legal') else TEXT}\n")
    return tmp_path


def findings(finished: "subprocess.CompletedProcess[str]") -> list[str]:
    """Give the places of the findings of the format concise."""
    assert finished.returncode in (0, 1), finished.stderr
    return [line.split(":", 1)[0] for line in finished.stdout.splitlines()]


def test_a_scan_takes_everything_from_its_file(dedup: Run, folder: Path) -> None:
    (folder / "dedup.toml").write_text(
        'paths = ["."]\nexclude = ["drafts/"]\noutput-format = ["concise", "json=out.json"]\n'
    )

    finished = dedup("scan", cwd=folder)

    assert findings(finished) == ["docs/b.md", "legal/e.md"]
    settings = json.loads((folder / "out.json").read_text())["settings"]
    assert settings["readers"]["exclude"] == ["drafts/"]
    assert str(folder) not in (folder / "out.json").read_text()


def test_from_a_folder_below_the_same_file_holds(dedup: Run, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.dedup]\npaths = ["docs"]\nexclude = "/drafts"\noutput = "out.txt"\n'
        'output-format = "concise"\n'
    )

    finished = dedup("scan", cwd=folder / "docs")
    named = dedup("scan", "../drafts", ".", "-f", "concise", cwd=folder / "docs")

    assert (finished.returncode, finished.stdout) == (0, "")
    assert (folder / "out.txt").read_text() == "b.md:1:1: DUP001 identical to a.md:1\n"
    assert findings(named) == ["a.md", "b.md"]  # named by hand, so not left out


def test_flags_win_over_variables_and_those_over_files(dedup: Run, folder: Path) -> None:
    (folder / "dedup.toml").write_text("min-words = 30\n")
    words = ("scan", "docs", "-f", "concise")
    variable = {"DEDUP_MIN_WORDS": "5"}

    assert findings(dedup(*words, cwd=folder)) == []
    assert findings(dedup(*words, cwd=folder, environment=variable)) == ["docs/b.md"]
    assert findings(dedup(*words, "--min-words", "30", cwd=folder, environment=variable)) == []
    assert findings(dedup(*words, "--isolated", cwd=folder)) == ["docs/b.md"]
    assert findings(dedup(*words, "--config", "min-words = 6", cwd=folder)) == ["docs/b.md"]


def test_a_check_fails_as_its_file_says(dedup: Run, folder: Path) -> None:
    (folder / "dedup.toml").write_text('paths = ["docs"]\noutput-format = "concise"\n')
    assert dedup("check", cwd=folder).returncode == 1

    (folder / "dedup.toml").write_text('paths = ["docs"]\nexit-code = 7\n')
    assert dedup("check", cwd=folder).returncode == 7

    assert dedup("check", cwd=folder, environment={"DEDUP_EXIT_ZERO": "1"}).returncode == 0


def test_levels_of_rules_and_of_paths_decide_what_fails(dedup: Run, folder: Path) -> None:
    (folder / "dedup.toml").write_text(
        'paths = ["docs", "legal"]\noutput-format = "concise"\n'
        '[[per-path]]\npaths = ["legal/**"]\nignore = ["DUP001"]\n'
    )
    assert findings(dedup("check", cwd=folder)) == ["docs/b.md"]

    (folder / "docs" / "dedup.toml").write_text('[levels]\nDUP001 = "off"\n')
    assert dedup("check", ".", cwd=folder / "docs").returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["scan", "docs"],
        ["check", "docs"],
        ["clean", "docs", "--dry-run"],
        ["compare", "docs/a.md", "docs/b.md"],
        ["evaluate", "pairs.jsonl"],
        ["baseline", "write", "docs"],
        ["explain", "config"],
    ],
)
def test_every_command_refuses_a_file_that_is_wrong(
    status: Status, folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(folder)
    (folder / "dedup.toml").write_text("[levels]\nDUP001 = 'off'\n\n[other]\nmin_words = 5\n")

    code, out, err = status(*words)

    assert (code, out) == (2, "")
    told = "Error DD001: cannot use dedup.toml:4: there is no setting 'other'."
    assert err.startswith(told)
    assert told not in status(*words, "--isolated")[2]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("threshold = 7", "Error DD001: threshold of dedup.toml:1 is 7.0: allowed is 0.01 to 1.0"),
        ("a = [", "Error DD001: cannot read dedup.toml"),
        ('extend = "dedup.toml"', "dedup.toml extends dedup.toml, which never ends"),
        ('input-format = "doc"', "input-format of dedup.toml:1 is 'doc'"),
        ('output-format = "jsn"', "output-format of dedup.toml:1 is 'jsn'"),
        ('engine = "gpu"', "engine of dedup.toml:1 is 'gpu': allowed is auto or numpy or numba"),
        ('text-field = "a\\u001b[2J"\nx\u001b = 1', "cannot read dedup.toml:2:2"),
        ('"x\\u001b[2J" = 1', r"there is no setting 'x\x1b[2J'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    status: Status, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.chdir(folder)
    (folder / "dedup.toml").write_text(text + "\n")

    code, out, err = status("scan", "docs")

    assert (code, out) == (2, "")
    assert told in err
    assert "\x1b" not in err


def test_without_configuration_nothing_that_reads_it_is_loaded(python: Run, folder: Path) -> None:
    # What most projects have: their own file, without a word for us.
    (folder / "pyproject.toml").write_text('[project]\ndependencies = ["dedup-paragraphs"]\n')

    finished = python("-X", "importtime", "-m", "dedup", "scan", "docs/a.md", cwd=folder)

    assert finished.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in finished.stderr.splitlines()}
    assert "dedup.cli.configuration.search" in loaded
    assert not loaded & {
        "tomllib",
        "dedup.cli.configuration.resolution",
        "dedup.cli.configuration.keys",
        "dedup.cli.configuration.files",
        "dedup.cli.failures",
        "dedup.cli.further",
    }
