"""Repositories of git to compare with, made by git itself, apart from the user's settings."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

import pytest


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository without a commit; it is the current folder."""
    if which("git") is None:
        pytest.skip("git is not installed")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.org")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-01T00:00:00Z")
    top = tmp_path / "tree"
    top.mkdir()
    monkeypatch.chdir(top)
    _run_git("init", "-q", "-b", "main")
    return top


@pytest.fixture
def git(tree: Path) -> Callable[..., str]:
    """Give what runs git in the current folder, or with `cwd` in another."""
    assert tree.is_dir()
    return _run_git


def _run_git(*words: str | Path, cwd: Path | None = None, accepts: int = 0) -> str:
    done = subprocess.run(  # noqa: S603 -- a test's own words
        ["git", *map(str, words)],  # noqa: S607 -- whichever git there is
        cwd=cwd,
        capture_output=True,
        check=False,
    )
    assert done.returncode == accepts, done.stderr
    return os.fsdecode(done.stdout).strip()


@pytest.fixture
def commit(tree: Path) -> Callable[..., str]:
    """Give what writes files by name, commits all that is there and gives the commit's hash."""

    def write_and_commit(files: Mapping[str, str | bytes | None] | None = None) -> str:
        for name, content in (files or {}).items():
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        _run_git("add", "-A", ".", cwd=tree)
        _run_git("commit", "-q", "--allow-empty", "-m", "a step", cwd=tree)
        return _run_git("rev-parse", "HEAD", cwd=tree)

    return write_and_commit
