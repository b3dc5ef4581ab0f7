"""Sources and the state before a change, scanned and judged."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import IO

import pytest

from dedup import storage
from dedup.checking import Checked, check_sources
from dedup.config import Config, RunConfig
from dedup.config.gate import GateConfig
from dedup.execution import hold_storage
from dedup.outcome import Outcome
from dedup.readers.sources import find_sources

FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."
LENS = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what commits all in the current folder, a repository apart from the user's settings."""
    if which("git") is None:
        pytest.skip("git is not installed")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.chdir(tmp_path)

    def git(*words: str) -> None:
        who = ("-c", "user.name=Ilka", "-c", "user.email=ilka@example.org")
        subprocess.run(["git", *who, *words], check=True)  # noqa: S603, S607 -- a test's own words

    git("init", "-q", "-b", "main")

    def commit_all() -> None:
        git("add", "-A")
        git("commit", "-q", "-m", "a step")

    return commit_all


def check(config: Config) -> Outcome:
    checked = Checked(["."], find_sources(["."], config.readers))
    return check_sources(checked, (config, GateConfig(since="HEAD")))


def test_a_former_file_that_could_not_be_read_had_no_text(commit: Callable[[], None]) -> None:
    Path("a.txt").write_text(f"{FERRY}\n\n{LENS}\n")
    Path("b.txt").write_bytes(f"{FERRY} \xff\n".encode("latin-1"))
    commit()
    Path("b.txt").write_text(f"{FERRY}\n")
    config = Config()

    outcome = check(config)

    assert not config.readers.skip_errors
    found = [(each.reference.path, each.source.path) for each in outcome.findings]
    assert found == [("b.txt", "a.txt")]
    assert outcome.run.problems == ()


def test_the_former_state_is_held_where_the_present_one_is(
    commit: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.txt").write_text(f"{FERRY}\n\n{LENS}\n")
    Path("b.txt").write_text(f"{LENS}\n")
    commit()
    Path("b.txt").write_text(f"{FERRY}\n\n{LENS}\n")
    monkeypatch.setattr("dedup.storage.SPILLED_SHARE", 1 << 60)
    folders, open_nameless = list[Path](), vars(storage)["_open_nameless"]

    def note(folder: Path) -> IO[bytes]:
        folders.append(folder)
        file: IO[bytes] = open_nameless(folder)
        return file

    monkeypatch.setattr("dedup.storage._open_nameless", note)
    run = RunConfig(work_dir=str(tmp_path / "work"), memory_bytes=256 << 20)
    config = Config(run=run)
    sources = find_sources(["."], config.readers)

    with hold_storage(sources, config) as held:
        checked = Checked(["."], sources, held)
        outcome = check_sources(checked, (config, GateConfig(since="HEAD")))

    found = [(each.reference.path, each.source.path) for each in outcome.findings]
    assert found == [("b.txt", "a.txt")]
    assert set(folders) == {tmp_path / "work"}
