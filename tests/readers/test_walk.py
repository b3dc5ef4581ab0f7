"""Folders walked, links and all."""

import os
from pathlib import Path

import pytest

from dedup.readers.found import FoundFile
from dedup.readers.walk import UnreadableFolder, walk_folders, would_find


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def walk(*folders: str, exclude: tuple[str, ...] = (), origin: str = ".") -> list[str]:
    found = walk_folders(folders, exclude, origin)
    return sorted(each.path for each in found if isinstance(each, FoundFile))


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


def test_what_is_excluded_is_left_out_from_its_folder_on() -> None:
    write("d/old/a.md", "d/b.md", "d/c.tmp", "e/old/f.md", "old/g.md")

    assert walk(".", exclude=("/d/old", "*.tmp")) == ["d/b.md", "e/old/f.md", "old/g.md"]
    assert walk("d", "e", exclude=("old/",)) == ["d/b.md", "d/c.tmp"]
    assert walk(".", exclude=("/old",), origin="d") == [
        *("d/b.md", "d/c.tmp", "e/old/f.md", "old/g.md")
    ]


def test_what_is_excluded_above_holds_below(monkeypatch: pytest.MonkeyPatch) -> None:
    write("d/old/a.md", "d/b.md", "other/old/c.md")
    monkeypatch.chdir("d")

    assert walk(".", "../other", exclude=("/d/old/",), origin="..") == ["../other/old/c.md", "b.md"]
    assert walk(".", exclude=("b.md",), origin="../other") == ["b.md", "old/a.md"]


def test_a_folder_named_by_hand_is_walked_though_it_is_excluded() -> None:
    write("old/a.md", "old/sub/b.md", "c/old/d.md")

    assert walk("old", exclude=("old/",)) == ["old/a.md", "old/sub/b.md"]
    assert walk("old/sub", "c", exclude=("old/",)) == ["old/sub/b.md"]


def test_what_the_user_says_wins_over_ignore_files() -> None:
    write(".git/HEAD", "a.log", "keep.log", "sub/b.md")
    Path(".gitignore").write_text("*.log\n")
    Path("sub/.gitignore").write_text("!b.md\n")

    assert walk(".", exclude=("!keep.log", "b.md")) == ["keep.log"]


def test_a_linked_folder_is_excluded_by_the_name_that_the_walk_has_for_it() -> None:
    write("d/a.md", "outside/b.md", "outside/c.md")
    Path("d/link").symlink_to("../outside")

    assert walk("d", exclude=("d/link",)) == ["d/a.md"]
    assert walk("d", exclude=("d/link/b.md", "outside")) == ["d/a.md", "d/link/c.md"]


def test_installed_packages_are_left_out_unless_they_are_named() -> None:
    write("a.md", "env/pyvenv.cfg", "env/lib/b.md", "web/node_modules/c/d.md", "web/e.md")

    assert walk(".") == ["a.md", "web/e.md"]
    assert walk("env", "web/node_modules") == [
        "env/lib/b.md",
        "env/pyvenv.cfg",
        "web/node_modules/c/d.md",
    ]


def test_what_would_be_found_is_what_a_walk_finds_from_the_nearest_folder_that_is_named() -> None:
    write("a", ".hidden/b", "docs/drafts/c", "docs/d", "docs/.e/f")
    names = ["a", ".hidden/b", "docs/drafts/c", "docs/d", "docs/.e/f"]

    for tops in ([".", ".hidden"], [".", "docs/.e", "docs"], [".hidden", "docs/drafts"], ["."]):
        for order in (tops, tops[::-1]):
            found = [name for name in names if would_find(name, order, ["drafts/"])]
            assert sorted(found) == walk(*order, exclude=("drafts/",))
    assert would_find(".hidden/b", [".", ".hidden"])
