"""The hooks, run by pre-commit in a scratch repository, in the words of `.pre-commit-hooks.yaml`.

Their own environments, which pip would fill from the network, are left out: `language: system`
stands in the place of `python`. The real installation is run by `.ci/run`.
"""

import re
import tomllib
from io import StringIO
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from dedup.readers.registry import COMPRESSIONS, READERS
from tests.ci.conftest import COPIED, GUIDE, OWN, ROOT, Finished, Repository, Tool

MANIFEST: Final = ROOT / ".pre-commit-hooks.yaml"
HOOKS: Final[dict[str, dict[str, Any]]] = {
    hook["id"]: hook for hook in YAML(typ="safe").load(MANIFEST.read_text(encoding="utf-8"))
}


def install_hook(repository: Repository, name: str, **changed: object) -> None:
    """Configure a hook as its manifest defines it, and let git run it at commits."""
    hook = {**HOOKS[name], "language": "system", **changed}
    del hook["additional_dependencies"]
    text = StringIO()
    YAML(typ="safe").dump({"repos": [{"repo": "local", "hooks": [hook]}]}, text)
    repository.write(".pre-commit-config.yaml", text.getvalue())
    repository.git("add", ".pre-commit-config.yaml")
    repository.git("commit", "--quiet", "--message", "Configure the hook")
    assert repository.run("pre-commit", "install").returncode == 0


def commit(repository: Repository, *words: str) -> Finished:
    """Commit what is staged, through the hooks."""
    return repository.run("git", "commit", "--message", "Write", *words)


def test_pre_commit_takes_the_manifest(tool: Tool) -> None:
    finished = tool("pre_commit", "validate-manifest", str(MANIFEST))

    assert finished.returncode == 0, finished.stdout
    assert list(HOOKS) == ["dedup-check", "dedup-check-all"]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_runs_for_every_file_that_is_read_and_for_no_code(name: str) -> None:
    wanted = re.compile(HOOKS[name]["files"])
    plain = [suffix for reader in READERS.values() for suffix in reader.suffixes]
    packed = [plain[0] + suffix for suffix in COMPRESSIONS]
    settings = [".dedup.toml", "sub/dedup.toml", "pyproject.toml", ".dedup-baseline.json"]

    for suffix in [*plain, *packed, ".xml", ".JSON"]:
        assert wanted.search(f"docs/page{suffix}"), suffix
    assert all(wanted.search(setting) for setting in settings)
    for other in ("setup.py", "main.c", "logo.png", "notmd", "md/x.js", "my-dedup.toml", "a.gz"):
        assert not wanted.search(other), other


def test_the_hooks_bring_what_reads_restructured_text() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    for hook in HOOKS.values():
        wanted = project["project"]["optional-dependencies"]["rst"]
        assert hook["additional_dependencies"] == wanted


def test_a_copy_that_a_commit_adds_stops_it_and_is_named(repository: Repository) -> None:
    install_hook(repository, "dedup-check")
    repository.write("docs/more.md", f"# More\n\n{OWN}\n\n{COPIED}\n")
    repository.git("add", "docs/more.md")

    finished = commit(repository)

    assert finished.returncode == 1
    assert "docs/more.md:5:1: DUP001" in finished.stderr
    assert "docs/guide.md:3" in finished.stderr


def test_text_of_its_own_is_committed(repository: Repository) -> None:
    install_hook(repository, "dedup-check")
    repository.write("docs/more.md", f"# More\n\n{OWN}\n")
    repository.git("add", "docs/more.md")

    finished = commit(repository)

    assert finished.returncode == 0, finished.stderr
    assert re.search(r"repeated paragraphs \(dedup\)\.+Passed", finished.stderr)


def test_a_copy_from_before_stops_no_commit(repository: Repository) -> None:
    repository.commit("docs/old.md", f"{COPIED}\n")
    install_hook(repository, "dedup-check")
    repository.write("docs/more.md", f"{OWN}\n")
    repository.git("add", "docs/more.md")

    assert commit(repository).returncode == 0


def test_a_copy_in_the_work_tree_alone_stops_no_commit(repository: Repository) -> None:
    install_hook(repository, "dedup-check")
    repository.write("docs/more.md", f"{OWN}\n")
    repository.git("add", "docs/more.md")
    repository.write("docs/guide.md", f"{GUIDE}\n{COPIED}\n")

    assert commit(repository).returncode == 0


def test_the_added_copy_is_named_though_its_file_sorts_first(repository: Repository) -> None:
    install_hook(repository, "dedup-check")
    repository.write("docs/a.md", f"{COPIED}\n")
    repository.git("add", "docs/a.md")

    finished = commit(repository)

    assert finished.returncode == 1
    assert "docs/a.md:1:1: DUP001" in finished.stderr
    assert "docs/guide.md:3:1: DUP001" not in finished.stderr


def test_an_untracked_file_counts_as_added_and_an_ignored_one_does_not(
    repository: Repository,
) -> None:
    # pre-commit puts aside what is not staged of tracked files, and leaves the others there.
    install_hook(repository, "dedup-check")
    repository.write("docs/more.md", f"{OWN}\n")
    repository.git("add", "docs/more.md")
    repository.write("docs/new-draft.md", f"{COPIED}\n")
    refused = commit(repository)
    repository.write(".gitignore", "*-draft.md\n")

    assert refused.returncode == 1
    assert "docs/new-draft.md:1:1: DUP001" in refused.stderr
    assert commit(repository).returncode == 0


def test_the_first_commit_is_checked_too(scratch: Repository) -> None:
    scratch.git("commit", "--quiet", "--allow-empty", "--message", "Begin")
    install_hook(scratch, "dedup-check")
    scratch.write("docs/guide.md", f"{GUIDE}\n{COPIED}\n")
    scratch.git("add", "docs/guide.md")

    assert commit(scratch).returncode == 1


def test_a_commit_of_code_alone_runs_no_hook(repository: Repository) -> None:
    install_hook(repository, "dedup-check")
    repository.write("main.py", "print(1)\n")
    repository.git("add", "main.py")

    finished = commit(repository)

    assert finished.returncode == 0
    assert re.search(r"\(no files to check\) ?Skipped", finished.stderr)


def test_an_error_stops_a_commit_and_says_so(repository: Repository) -> None:
    install_hook(repository, "dedup-check", args=["no-such-folder"])
    repository.write("docs/more.md", f"{OWN}\n")
    repository.git("add", "docs/more.md")

    finished = commit(repository)

    assert finished.returncode == 1  # pre-commit's own
    assert "- exit code: 2" in finished.stderr
    assert "no-such-folder" in finished.stderr


def test_what_a_baseline_accepts_passes_and_a_third_copy_does_not(repository: Repository) -> None:
    install_hook(repository, "dedup-check-all")
    repository.write("docs/more.md", f"{COPIED}\n")
    repository.git("add", "docs/more.md")
    refused = commit(repository)

    assert repository.dedup("baseline", "write", ".").returncode == 0
    repository.git("add", ".dedup-baseline.json")
    accepted = commit(repository)

    repository.write("docs/third.md", f"{COPIED}\n")
    repository.git("add", "docs/third.md")
    third = commit(repository)

    assert refused.returncode == 1
    assert "docs/more.md:1:1: DUP001" in refused.stderr
    assert accepted.returncode == 0, accepted.stderr
    assert third.returncode == 1
    assert "docs/third.md:1:1: DUP001" in third.stderr
    assert "docs/more.md:1:1" not in third.stderr
