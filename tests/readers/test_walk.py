"""Folders walked, links and all."""

import os
from pathlib import Path

import pytest

from dedup.readers.found import FoundFile
from dedup.readers.walk import UnreadableFolder, walk_folders


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def walk(*folders: str) -> list[str]:
    return sorted(found.path for found in walk_folders(folders) if isinstance(found, FoundFile))


def test_every_file_below_is_found() -> None:
    write("d/a", "d/b/c", "d/b/e/f", "g")

    assert walk("d") == ["d/a", "d/b/c", "d/b/e/f"]
    assert walk("d/") == walk("d")
    assert walk(".") == ["d/a", "d/b/c", "d/b/e/f", "g"]


def test_a_loop_of_links_ends() -> None:
    write("d/a")
    Path("d/up").symlink_to("..")
    Path("d/self").symlink_to("self")
    Path("d/here").symlink_to(".")

    assert walk("d") == ["d/a", "d/self"]


def test_a_linked_folder_is_walked_under_its_own_name_where_it_has_one() -> None:
    write("d/real/a", "outside/b")
    Path("d/alias").symlink_to("real")
    Path("d/other").symlink_to("../outside")

    assert walk("d") == ["d/other/b", "d/real/a"]
    assert walk("d/alias") == ["d/alias/a"]


def test_a_linked_file_keeps_its_real_path() -> None:
    write("d/a")
    Path("d/link").symlink_to("a")

    found = [file for file in walk_folders(["d"]) if isinstance(file, FoundFile)]

    assert {file.real for file in found} == {os.path.realpath("d/a")}
    assert min(found, key=lambda file: file.rank).path == "d/a"


def test_a_folder_given_twice_or_inside_another_is_walked_once() -> None:
    write("d/a", "d/b/c")

    assert walk("d/b", "d", "d") == ["d/a", "d/b/c"]


def test_a_folder_that_cannot_be_listed_is_told() -> None:
    write("d/a")

    (found,) = walk_folders(["d/a"])

    assert isinstance(found, UnreadableFolder)
    assert found.folder == "d/a"
    assert isinstance(found.error, NotADirectoryError)


def test_ignore_files_are_respected_from_the_top_of_the_repository() -> None:
    write(".git/HEAD", "d/a.md", "d/build/b.md", "d/sub/c.log", "d/sub/keep.log", "d/sub/e.md")
    Path(".gitignore").write_text("build/\n*.log\n")
    Path("d/sub/.gitignore").write_text("!keep.log\n/e.md\n")

    assert walk("d") == ["d/a.md", "d/sub/keep.log"]
    assert walk("d/sub") == ["d/sub/keep.log"]


def test_ignore_files_count_without_a_repository_but_not_those_above() -> None:
    write("d/a.md", "d/b.md")
    Path(".gitignore").write_text("a.md\n")
    Path("d/.gitignore").write_text("b.md\n")

    assert walk("d") == ["d/a.md"]
    assert walk(".") == []


def test_an_ignored_folder_named_by_hand_is_walked() -> None:
    write(".git/HEAD", "build/a.md", "build/b.log")
    Path(".gitignore").write_text("build/\n*.log\n")

    assert walk(".") == []
    assert walk("build") == ["build/a.md", "build/b.log"]
    assert walk(".", "build") == ["build/a.md", "build/b.log"]
