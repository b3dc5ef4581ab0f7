"""The same input gives the same bytes in every format, whatever else differs between two runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.reporters.registry import REPORTERS

ROOT = Path(__file__).parents[2]
FOLDERS = ("data/articles", "data/docs", "data/feeds", "data/syndication")


def write_all(
    folder: Path, words: tuple[str, ...], environment: dict[str, str]
) -> dict[str, bytes]:
    """Check the folders in a process of its own; gives what each format wrote."""
    folder.mkdir()
    targets = [word for name in REPORTERS for word in ("-f", f"{name}={folder / name}")]
    command = [sys.executable, "-m", "dedup", "check", "--skip-errors", "--quiet", *words, *targets]
    done = subprocess.run(  # noqa: S603 -- words of this test
        command, cwd=ROOT, env={**os.environ, **environment}, check=False, capture_output=True
    )
    assert done.returncode == 1, done.stderr
    return {name: (folder / name).read_bytes() for name in REPORTERS}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("expected") / "out"
    return write_all(folder, FOLDERS, {"PYTHONHASHSEED": "1"})


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (FOLDERS, {"PYTHONHASHSEED": "2", "TZ": "Pacific/Auckland", "LC_ALL": "C"}),
        (("--jobs", "1", *reversed(FOLDERS)), {"PYTHONHASHSEED": "3"}),
        (("--engine", "numba", *FOLDERS), {"COLUMNS": "40", "TERM": "xterm-256color"}),
        (("--engine", "numpy", "--jobs", "2", *FOLDERS), {"PYTHONHASHSEED": "4"}),
    ],
    ids=["seed, zone, locale", "one job, other order", "numba, terminal", "numpy"],
)
def test_what_is_written_hangs_on_the_input_alone(
    expected: dict[str, bytes], tmp_path: Path, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    written = write_all(tmp_path / "out", words, environment)

    assert [name for name in REPORTERS if written[name] != expected[name]] == []
    assert all(written.values())
