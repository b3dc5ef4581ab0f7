"""A scratch repository, and ways to run in it what an engineer would paste."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
Finished = subprocess.CompletedProcess[str]

GUIDE: Final = """# Guide

Fill the kettle up to the upper mark, and never while it stands on its base.

Leave the lid closed until the water boils, or the switch will not turn off.
"""
COPIED: Final = "Fill the kettle up to the upper mark, and never while it stands on its base."
OWN: Final = "Spare filters are sold by the dealers whom the last page of this book lists."
_GIT: Final = {
    "GIT_AUTHOR_NAME": "Writer",
    "GIT_AUTHOR_EMAIL": "writer@example.org",
    "GIT_COMMITTER_NAME": "Writer",
    "GIT_COMMITTER_EMAIL": "writer@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
_DROPPED: Final = ("GIT_", "GITHUB_", "DEDUP_", "INPUT_", "PRE_COMMIT_", "CI_")


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder with a git repository in it."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str | Path, **more: str) -> Finished:
        """Run a command in the folder to its end; `more` goes into its environment."""
        return subprocess.run(  # noqa: S603 -- words of these tests
            [str(word) for word in words],
            cwd=self.folder,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )

    def git(self, *words: str) -> str:
        """Run a git command that must not fail, and give what it prints."""
        finished = self.run("git", *words)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def dedup(self, *words: str | Path, **more: str) -> Finished:
        """Run `dedup` with some words."""
        return self.run("dedup", *words, **more)

    def write(self, name: str, text: str) -> Path:
        """Write a file, and the folders around it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self, name: str, text: str) -> str:
        """Write a file, commit all there is, and give the commit's name."""
        self.write(name, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", f"Write {name}")
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with `dedup`, `python` and the tools of this environment as commands."""
    folder = tmp_path_factory.mktemp("commands")
    for name, words in {
        "dedup": "-P -m dedup",
        "python": "",
        "pre-commit": "-m pre_commit",
    }.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    return folder


def make_repository(folder: Path, commands: Path) -> Repository:
    """Make an empty repository in a new folder, whose commands run as outside of any other one."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    given = {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    repository = Repository(folder / "work", {**kept, **_GIT, **given})
    repository.folder.mkdir()
    repository.git("init", "--quiet", "--initial-branch", "main")
    return repository


@pytest.fixture
def scratch(tmp_path: Path, commands: Path) -> Repository:
    """Give an empty repository."""
    return make_repository(tmp_path, commands)


@pytest.fixture
def repository(scratch: Repository) -> Repository:
    """Give a repository with one document, committed."""
    scratch.commit("docs/guide.md", GUIDE)
    return scratch


Tool = Callable[..., Finished]


@pytest.fixture
def tool(scratch: Repository) -> Tool:
    """Give a function that runs a module of this environment as a command."""
    return lambda module, *words: scratch.run(sys.executable, "-P", "-m", module, *words)
