"""The files that would be read, listed."""

from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name in ("docs/b.md", "docs/a.md", "docs/drafts/c.md", "docs/d.unknown", "e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", [["scan"], ["clean"], ["check"], ["baseline", "write"]])
def test_the_files_are_listed_in_the_order_of_reading(status: Status, command: list[str]) -> None:
    code, out, err = status(*command, "--show-files", "e.txt", "docs", "--exclude", "drafts/")

    assert (code, out, err) == (0, "docs/a.md\ndocs/b.md\ne.txt\n", "")


def test_those_of_the_configuration_are_listed_where_none_is_named(status: Status) -> None:
    Path("dedup.toml").write_text('paths = ["docs"]\nexclude = "b.*"\n')

    assert status("scan", "--show-files")[:2] == (0, "docs/a.md\ndocs/drafts/c.md\n")


def test_standard_input_is_named_and_not_read(status: Status) -> None:
    assert status("scan", "--show-files", "e.txt", "-") == (0, "-\ne.txt\n", "")


def test_a_name_cannot_forge_a_line(status: Status) -> None:
    Path("a\nb\x1b[2J.md").touch()

    assert status("scan", "--show-files", ".")[1].splitlines()[0] == r"a\x0ab\x1b[2J.md"


def test_what_cannot_be_found_is_an_error_or_a_warning(status: Status) -> None:
    code, out, err = status("scan", "--show-files", "none", "e.txt")
    assert (code, out) == (2, "")
    assert "cannot read none: no such file" in err

    code, out, err = status("scan", "--show-files", "none", "e.txt", "--skip-errors")
    assert (code, out) == (0, "e.txt\n")
    assert err == "Warning: none: no such file or directory\n"


def test_nothing_named_is_an_error(status: Status) -> None:
    code, _, err = status("scan", "--show-files")

    assert code == 2
    assert "no files to show" in err
