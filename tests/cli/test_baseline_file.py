"""Which file holds what is accepted, as users meet it."""

from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]
FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."


def test_a_baseline_above_the_top_of_the_repository_is_not_taken(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "repository/docs"
    below.mkdir(parents=True)
    for name in ("a.md", "b.md"):
        (below / name).write_text(f"{FERRY}\n")
    monkeypatch.chdir(tmp_path)
    assert status("baseline", "write", "repository/docs")[0] == 0
    monkeypatch.chdir(below)

    assert status("check", ".", "-q")[0] == 0
    (tmp_path / "repository/.git").mkdir()
    assert status("check", ".", "-q")[0] == 1
    (tmp_path / ".dedup-baseline.json").rename(tmp_path / "repository/.dedup-baseline.json")
    assert status("check", ".", "-q")[0] == 0
