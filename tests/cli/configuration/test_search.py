"""Which configuration file holds."""

from pathlib import Path

import pytest

from dedup.cli.configuration.search import find_file, find_variables
from dedup.errors import InputError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the lowest of three folders, under a repository of its own."""
    (tmp_path / ".git").mkdir()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return tmp_path


def found(folder: Path) -> str | None:
    file = find_file()
    return None if file is None else file.relative_to(folder).as_posix()


def test_where_there_is_no_file_none_holds(folder: Path) -> None:
    assert found(folder) is None


def test_in_a_folder_the_hidden_file_comes_first_and_the_project_last(folder: Path) -> None:
    here = folder / "a" / "b"
    (here / "pyproject.toml").write_text("[tool.dedup]\nmin-words = 5\n")
    assert found(folder) == "a/b/pyproject.toml"
    (here / "dedup.toml").touch()
    assert found(folder) == "a/b/dedup.toml"
    (here / ".dedup.toml").touch()
    assert found(folder) == "a/b/.dedup.toml"


def test_the_nearest_folder_with_a_file_decides(folder: Path) -> None:
    (folder / ".dedup.toml").touch()
    assert found(folder) == ".dedup.toml"
    (folder / "a" / "dedup.toml").touch()
    assert found(folder) == "a/dedup.toml"


@pytest.mark.parametrize("name", [".dedup.toml", "dedup.toml", "pyproject.toml"])
def test_a_link_that_leads_nowhere_is_refused_and_a_folder_passed_over(
    folder: Path, name: str
) -> None:
    (folder / "a" / name).symlink_to("none.toml")

    told = rf"cannot read \.\./{name}: it is no file, or a link that leads to none.*--isolated"
    with pytest.raises(InputError, match=told):
        find_file()

    (folder / "a" / name).unlink()
    (folder / "a" / name).mkdir()
    assert found(folder) is None


def test_a_project_file_that_cannot_be_read_is_refused_with_a_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pyproject.toml").touch()

    def refuse(file: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # who is root may read everything
    told = r"cannot read \.\./\.\./pyproject.toml: permission denied\. .*--isolated"
    with pytest.raises(InputError, match=told):
        find_file()


def test_the_search_ends_at_the_top_of_a_repository(folder: Path) -> None:
    (folder / "dedup.toml").touch()
    (folder / "a" / ".git").write_text("gitdir: elsewhere\n")  # as in a worktree or a submodule

    assert found(folder) is None


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ("[tool.dedup]\n", True),
        ("  [ tool . 'dedup' ]\n", True),
        ("[tool]\ndedup = {min-words = 5}\n", True),
        ("[tool]\n[tool.dedup.levels]\n", True),
        ("tool.dedup.min-words = 5\n", True),
        ("tool = {dedup = {min-words = 5}}\n", True),
        ("[tool.dedup-other]\n", False),
        ("[tool]\nother = 1\n", False),
        ('[project]\ndependencies = ["dedup-paragraphs"]\n', False),
        ("text = '''\n[tool.dedup]\n'''\n", False),
        ("[project\n", False),
        ("[tool.dedup\n", True),  # no TOML, but meant for us: it will be refused
        ("[tool.dedup]\nmin-words =\n", True),
    ],
)
def test_a_project_file_counts_when_it_has_our_table(
    folder: Path, content: str, *, counts: bool
) -> None:
    (folder / "dedup.toml").touch()
    (folder / "a" / "b" / "pyproject.toml").write_text(content)

    assert found(folder) == ("a/b/pyproject.toml" if counts else "dedup.toml")


def test_a_folder_of_that_name_is_no_file(folder: Path) -> None:
    (folder / "a" / "b" / "dedup.toml").mkdir()

    assert found(folder) is None


def test_where_the_current_folder_is_gone_no_file_holds(folder: Path) -> None:
    (folder / "dedup.toml").touch()
    (folder / "a" / "b").rmdir()

    assert find_file() is None


def test_variables_that_say_something_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEDUP_MIN_WORDS", "5")
    monkeypatch.setenv("DEDUP_SINCE", "")
    monkeypatch.setenv("NOT_DEDUP_JOBS", "5")

    variables = find_variables()

    assert variables["DEDUP_MIN_WORDS"] == "5"
    assert not {"DEDUP_SINCE", "NOT_DEDUP_JOBS"} & variables.keys()
