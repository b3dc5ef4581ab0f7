"""Patterns of `.gitignore`, compared with what git itself says."""

import logging
import shutil
import subprocess
from pathlib import Path

import pytest

from dedup.readers.ignores import IgnoreRules, compile_exclusions

PATTERNS = [
    "*.log",
    "!important.log",
    "/top.txt",
    "build/",
    "a/b",
    "all/**",
    "!all/kept.txt",
    "some/*",
    "!some/kept.txt",
    "# comment",
    "\\#name.txt",
    "trailing.txt   ",
    "cover\u00e9.txt",
    "**/deep/x.txt",
]
FILES = [
    "q.log",
    "important.log",
    "top.txt",
    "s/top.txt",
    "build/x.txt",
    "s/build/x.txt",
    "a/b/c.txt",
    "s/a/b/c.txt",
    "all/gone.txt",
    "all/kept.txt",
    "all/sub/gone.txt",
    "some/gone.txt",
    "some/kept.txt",
    "#name.txt",
    "trailing.txt",
    "cover\u00e9.txt",
    "s/deep/x.txt",
    "deep/y.txt",
    "none.txt",
]


def is_left_out(rules: IgnoreRules, folder: Path, name: str) -> bool:
    """Ask for each folder on the way to a file, and for the file."""
    parts = [Path(*Path(name).parts[:n]) for n in range(1, len(Path(name).parts) + 1)]
    return any(rules.is_ignored(str(folder / part), is_folder=part != parts[-1]) for part in parts)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_decisions_are_those_of_git(tmp_path: Path, line_end: str) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    patterns = [p for p in PATTERNS if line_end == "\n" or not p.endswith(" ")]
    (tmp_path / ".gitignore").write_bytes(line_end.join(patterns).encode() + line_end.encode())
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run([git, "init", "-q"], cwd=tmp_path, check=True)  # noqa: S603 -- our own words
    listed = subprocess.run(  # noqa: S603 -- likewise
        [git, "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    shown = {name for name in listed.decode().split("\0") if name}

    rules = IgnoreRules().read_folder(str(tmp_path))
    kept = {name for name in FILES if not is_left_out(rules, tmp_path, name)}

    assert kept == shown - {".gitignore"}


def test_the_deepest_file_that_says_anything_decides(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / ".gitignore").write_text("*.md\n*.txt\n")
    (tmp_path / "d" / ".gitignore").write_text("!a.md\n")

    rules = IgnoreRules().read_folder(str(tmp_path)).read_folder(str(tmp_path / "d"))

    assert not rules.is_ignored(str(tmp_path / "d" / "a.md"), is_folder=False)
    assert rules.is_ignored(str(tmp_path / "d" / "a.txt"), is_folder=False)


def test_a_line_that_is_no_pattern_is_passed_over_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.md\n!\n[z-a]\nb.md\n")

    with caplog.at_level(logging.WARNING):
        rules = IgnoreRules().read_folder(str(tmp_path))

    assert rules.is_ignored(str(tmp_path / "a.md"), is_folder=False)
    assert rules.is_ignored(str(tmp_path / "b.md"), is_folder=False)
    assert [record.getMessage().split()[-1] for record in caplog.records] == ["'!'", "'[z-a]'"]


def test_exclusions_are_those_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run([git, "init", "-q"], cwd=tmp_path, check=True)  # noqa: S603 -- our own words
    (tmp_path / ".git" / "patterns").write_text("\n".join(PATTERNS))
    listed = subprocess.run(  # noqa: S603 -- likewise
        [git, "ls-files", "-z", "--others", "--exclude-from=.git/patterns"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    monkeypatch.chdir(tmp_path)

    exclusions = compile_exclusions(PATTERNS, ".")
    kept = set()
    for name in FILES:
        ways = [Path(name), *Path(name).parents][:-1]
        if not any(exclusions.decide(str(w), is_folder=w != Path(name)) for w in ways):
            kept.add(name)

    assert kept == {name for name in listed.decode().split("\0") if name}
