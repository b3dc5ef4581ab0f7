"""What a commit holds and which lines differ now, against files whose lines are known."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.gate.differences import (
    ALL_LINES,
    ChangedLines,
    read_differences,
    read_tree,
)
from dedup.gate.git import Repository

Git = Callable[..., str]
ODD_NAMES = (
    *(" blank at both ends ", 'a "quoted" name', "a\\b", "line\nend", "tab\tin", "é", "*.md"),
    *(
        ":(top)x",
        "--",
        "-rf",
        "-- /dev/null",
        "sub/[a].md",
        b"latin-\xe9".decode("utf-8", "surrogateescape"),
    ),
)


@pytest.fixture
def repository(tree: Path) -> Repository:
    return Repository(str(tree), "HEAD")


def differ(repository: Repository, *scopes: str) -> dict[str, ChangedLines]:
    return read_differences(repository, "HEAD", scopes)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("1\nX\n3\n4\n", ChangedLines(((2, 2),))),
        ("1\n2\n3\n4\n5\n6\n", ChangedLines(((5, 6),))),
        ("0\n1\n2\n3\n4\n", ChangedLines(((1, 1),))),
        ("1\n4\n", ChangedLines((), (1,))),
        ("3\n4\n", ChangedLines((), (0,))),
        ("1\n2\n", ChangedLines((), (2,))),
        ("X\n2\nY\nZ\n4\n", ChangedLines(((1, 1), (3, 4)))),
        ("1\n3\n4\nX\n", ChangedLines(((4, 4),), (1,))),
        ("1\n2\n3\n4", ChangedLines(((4, 4),))),
        ("", ChangedLines((), (0,))),
        ("\0", ALL_LINES),
        ("1\n++ b/x\n-- a/x\n@@ -1 +9 @@\ndiff --git a b\n2\n3\n4\n", ChangedLines(((2, 5),))),
    ],
)
def test_changed_lines_are_those_that_are_written(
    tree: Path, repository: Repository, commit: Git, now: str, expected: ChangedLines
) -> None:
    commit({"a.md": "1\n2\n3\n4\n", "b.md": "b\n"})
    (tree / "a.md").write_text(now)
    (tree / "b.md").write_text("B\n")

    assert differ(repository) == {"a.md": expected, "b.md": ChangedLines(((1, 1),))}


def test_what_did_not_change_is_what_both_versions_have(
    tree: Path, repository: Repository, commit: Git
) -> None:
    chance = random.Random(7)  # noqa: S311 -- the same files each time
    olds = {f"{n}.md": chance.choices("abcd", k=chance.randrange(9)) for n in range(99)}
    commit({name: "".join(f"{row}\n" for row in rows) for name, rows in olds.items()})
    news = {name: [row for row in rows if chance.random() < 0.8] for name, rows in olds.items()}
    for name, rows in news.items():
        place = chance.randrange(len(rows) + 1)
        rows[place:place] = chance.choices("abcd", k=chance.randrange(3))
        (tree / name).write_text("".join(f"{row}\n" for row in rows))

    found = differ(repository)

    assert found.keys() == {name for name, rows in news.items() if rows != olds[name]}
    for name, lines in found.items():
        new = {line for first, last in lines.ranges for line in range(first, last + 1)}
        kept = [row for line, row in enumerate(news[name], 1) if line not in new]
        before = iter(olds[name])
        assert all(row in before for row in kept)  # a subsequence of what was there
        assert (len(kept) < len(olds[name])) >= bool(lines.cuts)


def test_a_stretch_is_touched_by_new_lines_and_by_cuts_within_it() -> None:
    lines = ChangedLines(((3, 4), (9, 9)), (6,))

    touched = {(a, b) for a in range(1, 12) for b in range(a, 12) if lines.touch(a, b)}

    assert touched == {
        (a, b)
        for a in range(1, 12)
        for b in range(a, 12)
        if {3, 4, 9} & set(range(a, b + 1)) or {6, 7} <= set(range(a, b + 1))
    }


def test_files_and_submodules_of_a_commit_are_listed_and_links_are_not(
    tmp_path: Path, tree: Path, repository: Repository, git: Git, commit: Git
) -> None:
    other = tmp_path / "other"
    git("init", "-q", other)
    git("commit", "-q", "--allow-empty", "-m", "a step", cwd=other)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "vendor/sub")
    (tree / "link.md").symlink_to("a.md")
    commit({"a.md": "a\n", "docs/b.md": "b\n", "docs-x.md": "c\n"})

    whole = read_tree(repository, "HEAD", ())
    part = read_tree(repository, "HEAD", ["docs"])

    assert whole.blobs.keys() == {".gitmodules", "a.md", "docs/b.md", "docs-x.md"}
    assert whole.blobs["docs/b.md"] == git("hash-object", tree / "docs/b.md")
    assert whole.submodules == {"vendor/sub"}
    assert [whole.is_foreign(place) for place in ("vendor/sub/a.md", "vendor/a.md")] == [
        True,
        False,
    ]
    assert part.blobs.keys() == {"docs/b.md"}
    assert not part.is_foreign("docs/b.md")


def test_staged_and_unstaged_changes_count_alike(
    tree: Path, repository: Repository, git: Git, commit: Git
) -> None:
    commit(dict.fromkeys(("a.md", "b.md", "c.md", "d.md", "e.md"), "1\n2\n"))
    (tree / "a.md").write_text("1\nX\n")
    git("add", "a.md")
    (tree / "b.md").write_text("X\n2\n")
    (tree / "c.md").unlink()
    git("rm", "-q", "--cached", "d.md")

    changed = {
        "a.md": ((2, 2),),
        "b.md": ((1, 1),),
        "c.md": ALL_LINES.ranges,
        "d.md": ALL_LINES.ranges,
    }
    assert {place: lines.ranges for place, lines in differ(repository).items()} == changed


def test_a_file_that_was_only_touched_did_not_change(
    tree: Path, repository: Repository, commit: Git
) -> None:
    commit({"a.md": "a\n", "b.md": "b\n"})
    (tree / "a.md").write_text("a\n")
    (tree / "b.md").chmod(0o755)

    assert differ(repository) == {}


def test_line_ends_that_git_converts_are_no_change(
    tree: Path, repository: Repository, commit: Git
) -> None:
    commit({"a.md": "1\n2\n3\n", ".gitattributes": "*.md text eol=crlf\n"})
    (tree / "a.md").write_bytes(b"1\r\nX\r\n3\r\n")

    assert differ(repository) == {"a.md": ChangedLines(((2, 2),))}
    (tree / "a.md").write_bytes(b"1\r\n2\r\n3\r\n")
    assert differ(repository) == {}


def test_a_conflict_of_a_merge_is_read_as_it_lies_there(
    tree: Path, repository: Repository, git: Git, commit: Git
) -> None:
    commit({"a.md": "1\n2\n3\n", "b.md": "1\n", "gone.md": "1\n"})
    git("checkout", "-q", "-b", "topic")
    commit({"a.md": "1\nX\n3\n", "b.md": None, "gone.md": "2\n"})
    git("checkout", "-q", "main")
    commit({"a.md": "1\nY\n3\n", "b.md": "2\n", "gone.md": None})
    git("merge", "-q", "topic", accepts=1)

    assert (tree / "a.md").read_text().startswith("1\n<<<<<<< HEAD\nY\n=======\nX\n>>>>>>> topic\n")
    assert differ(repository) == {
        "a.md": ChangedLines(((2, 2), (4, 6))),
        "gone.md": ALL_LINES,  # the commit has none, so it is new
    }


def test_names_of_any_bytes_are_told_apart(tree: Path, repository: Repository, commit: Git) -> None:
    commit(dict.fromkeys(ODD_NAMES, "1\n2\n3\n"))
    for number, name in enumerate(ODD_NAMES):
        (tree / name).write_text("1\n2\n3\n" + "4\n" * (number + 1))

    lines = {name: ChangedLines(((4, number + 4),)) for number, name in enumerate(ODD_NAMES)}
    assert differ(repository) == lines
    assert read_tree(repository, "HEAD", ()).blobs.keys() == set(ODD_NAMES)
    for name in ODD_NAMES:
        assert differ(repository, name) == {name: lines[name]}
        assert read_tree(repository, "HEAD", [name]).blobs.keys() == {name}


def test_no_setting_of_a_user_changes_what_is_found(
    tree: Path, repository: Repository, git: Git, commit: Git
) -> None:
    rows = [f"{number}\n" for number in range(9)]
    commit({"docs/a.md": "".join(rows), "docs/old.md": "text\n" * 9})
    settings = (
        *("color.ui=always", "diff.noprefix=true", "diff.mnemonicPrefix=true"),
        *("diff.renames=copies", "diff.relative=true", "diff.interHunkContext=9"),
        *("diff.context=9", "core.quotePath=true", "diff.wordRegex=.", "diff.submodule=log"),
        *("diff.algorithm=patience", "diff.colorMoved=zebra", "diff.ignoreSubmodules=all"),
    )
    for setting in settings:
        git("config", *setting.split("="))
    (tree / "docs" / "a.md").write_text("".join([*rows[:2], "X\n", *rows[3:5], "Y\n", *rows[6:]]))
    (tree / "docs" / "old.md").rename(tree / "docs" / "new.md")
    git("add", "-A")

    assert differ(repository, "docs") == {
        "docs/a.md": ChangedLines(((3, 3), (6, 6))),
        "docs/old.md": ALL_LINES,
        "docs/new.md": ALL_LINES,
    }


def test_files_that_git_takes_for_binary_changed_in_all_lines(
    tree: Path, repository: Repository, commit: Git
) -> None:
    commit({"a.md": "1\n2\n", "b.md": "1\n2\n", "c.md": "1\n2\n", ".gitattributes": "b.md -diff\n"})
    (tree / "a.md").write_text("1\nX\n")
    (tree / "b.md").write_text("1\nX\n")
    (tree / "c.md").write_bytes("1\nX\n".encode("utf-16"))

    found = differ(repository)

    assert found == {"a.md": ChangedLines(((2, 2),)), "b.md": ALL_LINES, "c.md": ALL_LINES}
