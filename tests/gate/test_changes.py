"""Changed files are named as the user's paths name them, whatever these are."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from dedup.config import DEFAULTS
from dedup.errors import GitError
from dedup.gate.changes import Changes, find_changes
from dedup.gate.differences import ALL_LINES, ChangedLines
from dedup.readers.sources import Source, find_sources

Git = Callable[..., str]


def change(*paths: str, ref: str = "HEAD") -> Changes:
    """Compare with a commit what a walk finds below the paths."""
    sources = find_sources(paths, DEFAULTS.readers)
    present = {source.name: source.path for source in sources if isinstance(source, Source)}
    return find_changes(paths, ref, present)


def tell(changes: Changes) -> dict[str, str]:
    return {name: file.status for name, file in changes.files.items()}


@pytest.fixture
def docs(tree: Path, commit: Git) -> Path:
    """Give a tree of which one file of each folder was changed, added and deleted."""
    old = {"same.md": "same\n", "edited.md": "1\n2\n3\n", "gone.md": "gone\n"}
    commit(
        {
            f"{folder}{name}": text
            for folder in ("", "docs/", "docs/api/")
            for name, text in old.items()
        }
    )
    for folder in (tree, tree / "docs", tree / "docs" / "api"):
        (folder / "edited.md").write_text("1\nX\n3\n")
        (folder / "gone.md").unlink()
        (folder / "new.md").write_text("new\n")
    return tree / "docs"


def named(*folders: str) -> dict[str, str]:
    """Give what is expected of some folders of `docs`."""
    return {
        os.path.join(folder, name): status  # noqa: PTH118 -- an empty folder adds nothing
        for folder in folders
        for name, status in (("edited.md", "changed"), ("gone.md", "deleted"), ("new.md", "added"))
    }


@pytest.mark.parametrize(
    ("place", "paths", "expected"),
    [
        (".", ["."], named("", "docs", "docs/api")),
        (".", ["docs"], named("docs", "docs/api")),
        (".", ["./docs/"], named("docs", "docs/api")),
        (".", ["docs/api", "docs"], named("docs", "docs/api")),
        (".", ["docs", "."], named("", "docs", "docs/api")),
        ("docs", ["."], named("", "api")),
        ("docs", ["api", ".."], named("..", "../docs", "../docs/api")),
        ("docs/api", [".."], named("..", "../api")),
        ("..", ["tree/docs"], named("tree/docs", "tree/docs/api")),
        (
            ".",
            ["docs/edited.md", "docs/new.md"],
            {"docs/edited.md": "changed", "docs/new.md": "added"},
        ),
        (".", ["docs/same.md"], {}),
        (
            ".",
            ["docs/api/../same.md", "docs/api/../edited.md"],
            {"docs/api/../edited.md": "changed"},
        ),
    ],
)
def test_files_are_named_as_paths_name_them(
    docs: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    paths: list[str],
    expected: dict[str, str],
) -> None:
    monkeypatch.chdir(docs.parent / place)

    assert tell(change(*paths)) == expected


def test_absolute_paths_give_absolute_names(docs: Path) -> None:
    assert tell(change(str(docs))) == named(str(docs), str(docs / "api"))


def test_a_folder_named_through_a_link_keeps_the_name_of_the_link(
    docs: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(docs)

    assert tell(change(str(tmp_path / "link"))) == named(f"{tmp_path}/link", f"{tmp_path}/link/api")


def test_what_is_reached_through_a_link_counts_under_its_own_path(docs: Path) -> None:
    (docs.parent / "book").mkdir()
    (docs.parent / "book" / "api").symlink_to("../docs/api")
    (docs.parent / "book" / "page.md").symlink_to("../docs/edited.md")
    (docs.parent / "book" / "old.md").symlink_to("../docs/same.md")

    assert tell(change("book")) == {**named("book/api"), "book/page.md": "changed"}


def test_changed_lines_and_former_contents_come_with_a_file(docs: Path, git: Git) -> None:
    changes = change("docs")
    blobs = {name: git("rev-parse", f"HEAD:{name}") for name in ("docs/edited.md", "docs/gone.md")}

    assert changes.revision == git("rev-parse", "HEAD")
    assert {n: file.blob for n, file in changes.files.items() if n.count("/") == 1} == {
        **blobs,
        "docs/new.md": None,
    }
    assert changes.files["docs/edited.md"].lines == ChangedLines(((2, 2),))
    assert changes.files["docs/new.md"].lines == ALL_LINES
    assert [changes.touches("docs/edited.md", line, line) for line in (1, 2, 3)] == [
        False,
        True,
        False,
    ]
    assert changes.touches("docs/new.md", 7, 9)
    assert not changes.touches("docs/same.md", 1, 9)
    assert docs.is_dir()


def test_what_is_staged_tracked_or_ignored_makes_no_difference(docs: Path, git: Git) -> None:
    (docs / ".gitignore").write_text("built/\n")
    (docs / "built").mkdir()
    (docs / "built" / "page.md").write_text("built\n")
    (docs / "api" / "edited.md").write_text("1\n2\n3\n")
    git("add", "docs/new.md", "docs/edited.md")
    git("rm", "-q", "--cached", "docs/api/edited.md", "docs/same.md")
    (docs / "same.md").write_text("other\n")

    assert tell(change("docs", "docs/built")) == {
        **named("docs"),
        "docs/same.md": "changed",
        "docs/api/edited.md": "changed",
        "docs/api/gone.md": "deleted",
        "docs/api/new.md": "added",
        "docs/built/page.md": "added",
    }


def test_a_file_that_only_the_users_own_rules_ignore_is_new(
    tree: Path, tmp_path: Path, git: Git, commit: Git
) -> None:
    commit()
    (tmp_path / "ignored").write_text("*.md\n")
    git("config", "core.excludesFile", tmp_path / "ignored")
    (tree / "a.md").write_text("a\n")

    assert tell(change(".")) == {"a.md": "added"}


def test_nothing_changed_where_nothing_changed(tree: Path, commit: Git) -> None:
    commit({"a.md": "a\n", "code.py": "1\n"})
    (tree / "code.py").write_text("2\n")

    assert tell(change(".")) == {}


def test_changes_are_those_since_the_branches_parted(tree: Path, git: Git, commit: Git) -> None:
    commit({"a.md": "a\n", "b.md": "b\n"})
    git("checkout", "-q", "-b", "topic")
    commit({"a.md": "A\n"})
    git("checkout", "-q", "main")
    commit({"b.md": "B\n"})
    git("checkout", "-q", "topic")

    assert tell(change(".", ref="main")) == {"a.md": "changed"}
    assert tree.is_dir()


def test_a_rename_is_a_deletion_and_an_addition(tree: Path, git: Git, commit: Git) -> None:
    commit({"a.md": "a\n" * 9})
    git("mv", "a.md", "b.md")

    assert tell(change(".")) == {"a.md": "deleted", "b.md": "added"}
    assert tree.is_dir()


def test_hidden_files_and_those_beside_named_ones_were_never_read(tree: Path, commit: Git) -> None:
    files = ["docs/a.md", "docs/b.md", "docs/.c.md", "docs/.hidden/d.md", "docs/.hidden/e.md"]
    commit(dict.fromkeys(files, "text\n"))
    for name in files[1:4]:
        (tree / name).unlink()

    assert tell(change("docs")) == {"docs/b.md": "deleted"}
    assert tell(change("docs/a.md")) == {}
    assert tell(change("docs/a.md", "docs/.hidden")) == {"docs/.hidden/d.md": "deleted"}


def test_a_file_that_is_gone_though_it_is_named_is_deleted(tree: Path, commit: Git) -> None:
    commit({"docs/a.md": "a\n", "docs/b.md": "b\n"})
    (tree / "docs" / "a.md").unlink()

    changes = find_changes(["docs/a.md", "docs/b.md"], "HEAD", {"docs/b.md": "docs/b.md"})

    assert tell(changes) == {"docs/a.md": "deleted"}


def test_a_file_that_a_link_took_the_place_of_held_what_it_held(
    tree: Path, git: Git, commit: Git
) -> None:
    commit({"docs/a.md": "a\n", "docs/b.md": "b\n", "text/c.md": "c\n"})
    blob = git("rev-parse", "HEAD:docs/a.md")
    (tree / "docs" / "a.md").unlink()
    (tree / "docs" / "a.md").symlink_to("../text/c.md")
    (tree / "docs" / "b.md").unlink()
    (tree / "docs" / "b.md").mkdir()

    changes = change("docs")

    assert tell(changes) == {"docs/a.md": "changed", "docs/b.md": "deleted"}
    assert changes.files["docs/a.md"].blob == blob


def test_a_file_in_the_place_of_a_link_is_new(tree: Path, commit: Git) -> None:
    (tree / "a.md").symlink_to("b.md")
    commit({"b.md": "b\n"})
    (tree / "a.md").unlink()
    (tree / "a.md").write_text("a\n")

    assert tell(change(".")) == {"a.md": "added"}


def test_submodules_and_files_outside_never_change(
    tmp_path: Path, tree: Path, git: Git, commit: Git
) -> None:
    other = tmp_path / "other"
    git("init", "-q", other)
    (other / "page.md").write_text("text\n")
    git("add", ".", cwd=other)
    git("commit", "-q", "-m", "a step", cwd=other)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub")
    commit({"a.md": "a\n"})
    (tree / "sub" / "page.md").write_text("other\n")
    (tree / "sub" / "new.md").write_text("new\n")
    (tree / "outside.md").symlink_to(other / "page.md")

    assert tell(change(".")) == {}
    with pytest.raises(GitError, match=r"'a\.md' and 'sub' lie in different git repositories"):
        change("a.md", "sub")


def test_standard_input_takes_the_place_of_a_file(tree: Path, git: Git, commit: Git) -> None:
    commit({"docs/a.md": "a\n", "docs/b.md": "b\n", "gone.md": "gone\n"})
    present = {"docs/a.md": None, "docs/b.md": "docs/b.md"}

    (tree / "gone.md").unlink()

    changes = find_changes(["-", "docs"], "HEAD", present)

    assert tell(changes) == {"docs/a.md": "changed"}
    assert changes.files["docs/a.md"].blob == git("rev-parse", "HEAD:docs/a.md")
    assert tell(find_changes(["-"], "HEAD", {"<stdin>": None})) == {"<stdin>": "added"}


def test_names_of_any_bytes_are_told_as_reports_have_them(tree: Path, commit: Git) -> None:
    names = ["a b.md", 'a "q".md', "line\nend.md", os.fsdecode(b"\xe9.md"), "[a]*.md", "\\x.md"]
    commit({f"{folder}/{name}": "1\n" for folder in ("kept", "gone") for name in names})
    for name in names:
        (tree / "kept" / name).write_text("2\n")
        (tree / "gone" / name).unlink()
    (tree / "gone" / "kept.md").write_text("1\n")

    found = tell(change("."))

    shown = [name.replace("\udce9", "\\xe9") for name in names]
    assert found == {
        **{f"kept/{name}": "changed" for name in shown},
        **{f"gone/{name}": "deleted" for name in names},
        "gone/kept.md": "added",
    }


def test_many_paths_do_not_make_a_long_command_line(tree: Path, commit: Git) -> None:
    names = [f"{number:03}/{'long' * 40}.md" for number in range(300)]
    commit(dict.fromkeys(names, "1\n"))
    (tree / names[7]).write_text("2\n")

    assert tell(change(*names)) == {names[7]: "changed"}


def test_files_are_in_one_order_whatever_the_order_of_paths(docs: Path) -> None:
    def order(paths: Iterable[str]) -> list[str]:
        return list(change(*paths).files)

    assert order(["docs", "edited.md"]) == order(["edited.md", "docs"])
    assert docs.is_dir()
