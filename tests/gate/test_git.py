"""Git is asked, and what it cannot tell is said with what to do."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.errors import GitError
from dedup.gate.git import Repository, find_repository

Git = Callable[..., str]
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


def test_paths_below_a_repository_lie_in_it(tree: Path, commit: Git) -> None:
    commit({"docs/a.md": "a\n"})
    (tree / "link").symlink_to("docs")

    for paths in (["."], ["docs", "docs/a.md"], [str(tree / "docs")], ["link"], ["docs/gone.md"]):
        assert find_repository(paths, "HEAD") == Repository(str(tree), "HEAD")


def test_a_repository_whose_name_ends_in_a_line_end_is_found(
    tmp_path: Path, tree: Path, git: Git
) -> None:
    top = tmp_path / "odd \n"
    tree.rename(top)

    assert find_repository([str(top)], "HEAD").top == str(top)
    assert git("status", "--porcelain", cwd=top) == ""


def test_a_folder_that_only_looks_like_a_repository_is_passed_over(tree: Path) -> None:
    (tree / "docs" / ".git").mkdir(parents=True)

    assert find_repository(["docs"], "HEAD").top == str(tree)


def test_a_worktree_of_its_own_is_a_repository(tmp_path: Path, git: Git, commit: Git) -> None:
    first = commit()
    git("worktree", "add", "-q", tmp_path / "other")

    repository = find_repository([str(tmp_path / "other")], "HEAD")

    assert repository.top == str(tmp_path / "other")
    assert repository.find_base() == first


def test_what_a_hook_says_of_its_repository_is_not_believed(
    tmp_path: Path, commit: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = commit()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "none"))

    assert find_repository(["."], "HEAD").find_base() == first


def test_the_base_is_where_two_branches_parted(git: Git, commit: Git) -> None:
    fork = commit()
    git("checkout", "-q", "-b", "topic")
    commit({"a.md": "a\n"})
    git("checkout", "-q", "main")
    commit({"b.md": "b\n"})

    assert find_repository(["."], "topic").find_base() == fork


@pytest.mark.parametrize("ref", ["HEAD", "main", "v1", "@{0}", "HEAD^{/a step}"])
def test_a_commit_is_named_as_git_takes_it(git: Git, commit: Git, ref: str) -> None:
    first = commit()
    git("tag", "-a", "-m", "one", "v1")

    assert find_repository(["."], ref).find_base() == first


@pytest.mark.parametrize(
    ("ref", "advice"),
    [
        ("main", "Fetch it first: git fetch origin main, or leave out --since"),
        ("origin/release/1.x", "Fetch it first: git fetch origin release/1.x, or"),
        ("HEAD~7", "Check its name, or"),
        ("^HEAD", "Check its name, or"),
        ("HEAD..HEAD", "Check its name, or"),
        ("HEAD:docs", "Check its name, or"),
        ("--all", "Check its name, or"),
        ("--output=x", "Check its name, or"),
        ("a\0b", "Check its name, or"),
        ("", "Check its name, or"),
    ],
)
def test_an_unknown_name_says_how_to_fetch_it(
    tree: Path, git: Git, commit: Git, ref: str, advice: str
) -> None:
    commit({"docs/a.md": "a\n"})
    git("checkout", "-q", "-b", "topic")
    git("branch", "-q", "-D", "main")

    with pytest.raises(GitError) as refusal:
        find_repository(["."], ref).find_base()

    assert str(refusal.value).startswith(
        f"cannot compare with '{ref}': no commit has that name here. {advice}"
    )
    assert not (tree / "x").exists()


def test_a_repository_without_a_commit_says_so(tree: Path) -> None:
    assert tree.is_dir()

    for ref in ("HEAD", "main"):
        with pytest.raises(
            GitError, match=r"the repository has no commit yet\. Make one first, or"
        ):
            find_repository(["."], ref).find_base()


def test_a_branch_without_a_commit_says_so(git: Git, commit: Git) -> None:
    commit()
    git("checkout", "-q", "--orphan", "new")

    with pytest.raises(GitError, match="the present branch has no commit yet"):
        find_repository(["."], "main").find_base()


def test_two_histories_without_a_common_commit_are_refused(git: Git, commit: Git) -> None:
    commit({"a.md": "a\n"})
    git("checkout", "-q", "--orphan", "new")
    commit({"b.md": "b\n"})

    with pytest.raises(GitError, match=r"no commit in common\. Name a commit"):
        find_repository(["."], "main").find_base()


def test_a_shallow_clone_says_how_to_deepen_it(tmp_path: Path, git: Git, commit: Git) -> None:
    fork = commit()
    git("checkout", "-q", "-b", "topic")
    commit({"a.md": "a\n"})
    git("checkout", "-q", "main")
    commit({"b.md": "b\n"})
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth=1", Path.cwd().as_uri(), clone)
    repository = find_repository([str(clone)], "HEAD~1")

    with pytest.raises(GitError, match=r"no commit has that name.*fetch-depth: 0.*--unshallow"):
        repository.find_base()
    git("fetch", "-q", "--depth=1", "origin", "topic", cwd=clone)
    with pytest.raises(GitError, match=r"in common in this clone.*fetch-depth: 0.*--unshallow"):
        Repository(repository.top, "FETCH_HEAD").find_base()
    git("fetch", "-q", "--unshallow", "origin", "main", "topic:topic", cwd=clone)
    assert Repository(repository.top, "topic").find_base() == fork


def test_paths_outside_any_repository_are_refused(tmp_path: Path, tree: Path) -> None:
    (tmp_path / "outside").mkdir()

    for path in (str(tmp_path / "outside"), f"{tree}/../outside/a.md"):
        with pytest.raises(GitError, match=r"outside.* lies in no git repository. Name paths"):
            find_repository([".", path], "HEAD")


def test_a_repository_without_a_working_tree_is_none(tmp_path: Path, git: Git) -> None:
    git("init", "-q", "--bare", tmp_path / "bare" / ".git")

    with pytest.raises(GitError, match="lies in no git repository"):
        find_repository([str(tmp_path / "bare")], "HEAD")


def test_paths_in_two_repositories_are_refused(tmp_path: Path, git: Git) -> None:
    git("init", "-q", tmp_path / "other")

    with pytest.raises(GitError, match=r"'\.' and '.*other' lie in different git repositories"):
        find_repository([".", str(tmp_path / "other")], "HEAD")


def test_a_repository_of_somebody_else_says_how_to_trust_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(GitError) as refusal:
        find_repository(["."], "HEAD")

    assert f"git config --global --add safe.directory '{tree}'" in str(refusal.value)


def test_a_missing_git_says_to_install_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))

    with pytest.raises(GitError, match=r"git is not installed, or not on the PATH\. Install"):
        find_repository(["."], "HEAD")


def test_what_git_says_is_handed_on(tree: Path, commit: Git) -> None:
    commit()
    (tree / ".git" / "config").write_text("[core\n")

    with pytest.raises(GitError, match="git failed: bad config line 1"):
        find_repository(["."], "HEAD")


def test_no_setting_of_a_user_starts_a_program(tree: Path, git: Git, commit: Git) -> None:
    first = commit({"a.md": "a\n", ".gitattributes": "*.md diff=odd\n"})
    mark = tree.parent / "started"
    program = f"touch '{mark}'; cat"
    for name in ("core.fsmonitor", "diff.external", "diff.odd.command", "diff.odd.textconv"):
        git("config", name, program)
    git("config", "core.pager", program)
    (tree / "a.md").write_text("b\n")

    repository = find_repository(["."], "HEAD")

    assert repository.find_base() == first
    assert repository.ask("diff", "--no-ext-diff", "--no-textconv", "HEAD").endswith(b"-a\n+b\n")
    assert not mark.exists()


def test_former_contents_come_in_their_order(tree: Path, git: Git, commit: Git) -> None:
    contents = {
        "a.md": b"",
        "b.md": b"no end",
        "c.md": b"x missing\n\0\xff\n",
        "d.md": b"a" * 70_000,
    }
    commit(contents)
    blobs = [(git("rev-parse", f"HEAD:{name}"), name) for name in (*contents, "a.md")]

    assert list(Repository(str(tree), "HEAD").read_blobs(blobs)) == [*contents.values(), b""]
    assert list(Repository(str(tree), "HEAD").read_blobs([])) == []


def test_content_that_is_not_in_the_clone_is_named(tree: Path, git: Git, commit: Git) -> None:
    commit({"a.md": "one\n", "b.md": "two\n"})
    blobs = [(git("rev-parse", f"HEAD:{name}"), name) for name in ("a.md", "b.md")]
    gone = blobs[1][0]
    (tree / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    contents = Repository(str(tree), "v1").read_blobs(blobs)

    assert next(contents) == b"one\n"
    with pytest.raises(GitError, match=r"'v1': what 'b.md' held .* not in this clone. Fetch all"):
        next(contents)


def test_a_partial_clone_whose_origin_is_gone_is_named(
    tmp_path: Path, tree: Path, git: Git, commit: Git
) -> None:
    git("config", "uploadpack.allowFilter", "true")
    commit({"a.md": "one\n"})
    blob = git("rev-parse", "HEAD:a.md")
    commit({"a.md": "two\n"})
    clone = tmp_path / "clone"
    git("clone", "-q", "--filter=blob:none", tree.as_uri(), clone)
    shutil.move(tree, tmp_path / "away")

    with pytest.raises(GitError, match="not in this clone"):
        list(Repository(str(clone), "HEAD~1").read_blobs([(blob, "a.md")]))


def test_what_large_file_storage_keeps_is_read_there(tree: Path, git: Git, commit: Git) -> None:
    content = b"the content itself\n"
    key = hashlib.sha256(content).hexdigest()
    commit({"a.md": LFS.format(key, len(content)), "b.md": "version https://git-lfs\n"})
    blobs = [(git("rev-parse", f"HEAD:{name}"), name) for name in ("a.md", "b.md")]
    repository = Repository(str(tree), "HEAD")

    with pytest.raises(GitError, match=r"'a.md' .* Git LFS .* Run git lfs fetch origin HEAD"):
        list(repository.read_blobs(blobs))
    kept = tree / ".git" / "lfs" / "objects" / key[:2] / key[2:4] / key
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    assert list(repository.read_blobs(blobs)) == [content, b"version https://git-lfs\n"]
