"""`dedup check` and `dedup baseline` as their users meet them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]

FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."
LENS = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."
QUAY = "Nobody may park on the northern quay while the crane is being painted, the port says."
EDITED = FERRY.replace("leaves at nine", "sails at nine")


def write(name: str, *paragraphs: str) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n\n".join(paragraphs) + "\n")


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with two pages, the second of which repeats the first."""
    monkeypatch.chdir(tmp_path)
    write("docs/a.md", "# One", FERRY, LENS)
    write("docs/b.md", "# Two", QUAY, FERRY)
    return tmp_path


def git(*words: str) -> str:
    who = ("-c", "user.name=Ilka", "-c", "user.email=ilka@example.org")
    command = ["git", *who, "-c", "init.defaultBranch=main", "-c", "core.autocrlf=false", *words]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout.strip()


@pytest.fixture
def repository(docs: Path) -> Path:
    """Stand in a repository with those pages in its first commit."""
    git("init", "-q", ".")
    git("add", "-A")
    git("commit", "-qm", "first")
    return docs


def test_a_repeat_fails_the_check_and_is_named(status: Status, docs: Path) -> None:
    code, out, err = status("check", "docs", "-f", "concise")

    assert docs.is_dir()
    assert code == 1
    assert out == "docs/b.md:5:1: DUP001 identical to docs/a.md:3\n"
    assert err == "Check failed: 1 finding at level warning or above (1 DUP001)\n"


@pytest.mark.usefixtures("docs")
def test_a_clean_tree_passes(status: Status) -> None:
    assert status("check", "docs/a.md", "-f", "concise") == (
        0,
        "",
        "Check passed: no findings at level warning or above\n",
    )


@pytest.mark.usefixtures("docs")
def test_what_is_written_down_is_accepted_and_a_third_copy_is_not(status: Status) -> None:
    assert status("baseline", "write", "docs")[:2] == (
        0,
        ".dedup-baseline.json accepts 1 finding now (2 paragraphs).\n",
    )
    assert status("check", "docs", "-q", "-f", "concise") == (0, "", "")

    write("docs/aa.md", "# Three", FERRY)

    code, out, _ = status("check", "docs", "-f", "concise")
    assert (code, out) == (1, "docs/aa.md:3:1: DUP001 identical to docs/a.md:3\n")


@pytest.mark.usefixtures("docs")
def test_a_baseline_named_by_hand_must_be_there(status: Status) -> None:
    code, out, err = status("check", "docs", "--baseline", "none.json")

    assert (code, out) == (2, "")
    assert "none.json" in err
    assert "dedup baseline write" in err


@pytest.mark.usefixtures("docs")
def test_no_baseline_counts_what_is_accepted(status: Status) -> None:
    status("baseline", "write", "docs")

    assert status("check", "docs", "--no-baseline", "-q")[0] == 1


@pytest.mark.usefixtures("docs")
def test_a_stale_entry_is_named_and_may_fail(status: Status) -> None:
    status("baseline", "write", "docs")
    write("docs/b.md", "# Two", QUAY)

    code, _, err = status("check", "docs", "-f", "concise")
    assert code == 0
    assert err.startswith("Warning: .dedup-baseline.json:5: accepts a text that is no longer")

    assert status("check", "docs", "--fail-on-stale", "-q")[0] == 1

    assert "; 2 paragraphs forgotten" in status("baseline", "prune", "docs")[1]
    assert json.loads(Path(".dedup-baseline.json").read_text())["fingerprints"] == {}
    assert status("check", "docs", "--fail-on-stale")[0] == 0


@pytest.mark.usefixtures("docs")
def test_pruning_accepts_nothing_new(status: Status) -> None:
    status("baseline", "write", "docs")
    write("docs/c.md", QUAY, FERRY)
    before = Path(".dedup-baseline.json").read_bytes()

    status("baseline", "prune", "docs")

    assert Path(".dedup-baseline.json").read_bytes() == before
    assert status("check", "docs", "-q")[0] == 1


@pytest.mark.usefixtures("docs")
def test_showing_says_where_the_accepted_stands(status: Status) -> None:
    status("baseline", "write", "docs")

    assert status("baseline", "show", "docs")[1] == (
        ".dedup-baseline.json accepts 2 paragraphs.\n"
        "docs/b.md:5:1: DUP001 identical to docs/a.md:3\n"
    )


@pytest.mark.usefixtures("docs")
def test_there_is_nothing_to_show_or_prune_before_it_is_written(status: Status) -> None:
    for action in ("show", "prune"):
        code, out, err = status("baseline", action, "docs")
        assert (code, out) == (2, "")
        assert "dedup baseline write" in err


@pytest.mark.usefixtures("docs")
def test_a_baseline_is_shown_or_written_or_pruned(status: Status) -> None:
    code, _, err = status("baseline", "update", "docs")

    assert code == 2
    assert "write or prune or show" in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], 1),
        (["--exit-zero"], 0),
        (["--exit-code", "9"], 9),
        (["--max-new", "1"], 0),
        (["--fail-on", "error"], 0),
        (["--fail-on", "note"], 1),
        (["--ignore", "DUP001"], 0),
        (["--exit-code", "2"], 2),
        (["--fail-on", "never"], 2),
    ],
)
@pytest.mark.usefixtures("docs")
def test_the_exit_status_is_what_the_options_say(
    status: Status, words: list[str], expected: int
) -> None:
    assert status("check", "docs", "-q", *words)[0] == expected


@pytest.mark.usefixtures("docs")
def test_nothing_named_is_no_clean_check(status: Status) -> None:
    code, _, err = status("check")

    assert code == 2
    assert "nothing to check" in err


@pytest.mark.usefixtures("repository")
def test_what_was_there_before_a_commit_is_not_new(status: Status) -> None:
    write("docs/c.md", "# Three", LENS)

    code, out, _ = status("check", "docs", "--since", "HEAD", "-f", "concise")

    assert (code, out) == (1, "docs/c.md:3:1: DUP001 identical to docs/a.md:5\n")


@pytest.mark.usefixtures("repository")
def test_the_copy_is_named_where_it_was_added_though_it_comes_first(status: Status) -> None:
    write("docs/0.md", "# Zero", FERRY)

    code, out, _ = status("check", "docs", "--since", "HEAD", "-f", "concise")

    assert (code, out) == (1, "docs/0.md:3:1: DUP001 identical to docs/a.md:3\n")


@pytest.mark.usefixtures("repository")
def test_moves_and_a_deleted_original_are_not_new(status: Status) -> None:
    write("docs/c.md", "# Three", EDITED)
    git("add", "-A")
    git("commit", "-qm", "a copy more")
    Path("docs/a.md").rename("docs/moved.md")
    write("docs/b.md", "# Two", QUAY)

    assert status("check", "docs", "--since", "HEAD", "-q")[0] == 0
    assert status("check", "docs", "-q")[0] == 1


@pytest.mark.usefixtures("repository")
def test_an_edited_copy_is_new_from_wherever_one_looks(
    status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docs/b.md", "# Two", QUAY, EDITED)
    monkeypatch.chdir("docs")

    code, out, _ = status("check", ".", "--since", "HEAD", "-f", "concise")

    assert code == 1
    assert out.startswith("b.md:5:1: DUP002 near-duplicate of a.md:3 ")


@pytest.mark.usefixtures("repository")
def test_an_unknown_revision_is_a_clear_error(status: Status) -> None:
    code, out, err = status("check", "docs", "--since", "origin/next")

    assert (code, out) == (2, "")
    assert "origin/next" in err
    assert "fetch" in err


@pytest.mark.usefixtures("docs")
def test_outside_a_repository_there_is_no_since(status: Status) -> None:
    code, _, err = status("check", "docs", "--since", "main")

    assert code == 2
    assert "repository" in err


@pytest.mark.usefixtures("docs")
def test_allowed_paragraphs_may_repeat(status: Status) -> None:
    write("allow.txt", FERRY.upper(), LENS)

    code, out, err = status("check", "docs", "--allow", "allow.txt", "-f", "concise")

    assert (code, out) == (0, "")
    assert "Warning: allow.txt:3: " in err


@pytest.mark.usefixtures("docs")
def test_an_ignored_paragraph_holds_on_either_side(status: Status) -> None:
    write("docs/a.md", "# One", "<!-- dedup: ignore[DUP001] the notice -->", FERRY, LENS)

    code, out, _ = status("check", "docs", "-f", "concise", "--show-suppressed")

    assert code == 0
    assert "docs/b.md:5:1: DUP001 identical to docs/a.md:5" in out
    assert "docs/a.md:3" in out
    assert "the notice" in out


@pytest.mark.usefixtures("docs")
def test_several_formats_are_written_in_one_run(status: Status) -> None:
    formats = {"sarif": "a.sarif", "json": "a.json", "junit": "a.xml", "gitlab": "a.gl.json"}
    words = [word for name, file in formats.items() for word in ("-f", f"{name}={file}")]

    code, out, _ = status("check", "docs", "-f", "concise", *words)

    assert code == 1
    assert out.count("\n") == 1
    assert all(Path(file).stat().st_size > 100 for file in formats.values())


@pytest.mark.usefixtures("docs")
def test_annotations_come_with_a_summary_that_is_appended(
    status: Status, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Before.\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    code, out, _ = status("check", "docs", "-f", "github")

    assert code == 1
    assert out.startswith("::warning file=docs/b.md,line=5")
    assert summary.read_text().startswith("Before.\n")
    assert "docs/b.md:5" in summary.read_text()


@pytest.mark.usefixtures("docs")
def test_an_unreadable_source_that_is_skipped_is_a_finding(status: Status) -> None:
    Path("docs/broken.md").write_bytes(b"One word \xff and no more.")

    assert status("check", "docs/broken.md", "docs/a.md")[0] == 2
    assert status("check", "docs/broken.md", "docs/a.md", "--skip-errors", "-q")[0] == 1
    words = ("--skip-errors", "-q", "--ignore", "DUP900")
    assert status("check", "docs/broken.md", "docs/a.md", *words)[0] == 0


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["-f", "json=.dedup-baseline.json"], ".dedup-baseline.json"),
        (["-f", "concise", "-o", "dedup.toml"], "dedup.toml"),
        (["--allow", "allow.txt", "-f", "json=allow.txt"], "allow.txt"),
        (["--keep", "priority=first.txt", "-f", "json=first.txt"], "first.txt"),
        (["-f", "json=docs/a.md", "docs/a.md"], "docs/a.md"),
    ],
)
@pytest.mark.usefixtures("docs")
def test_a_report_takes_the_place_of_nothing_that_the_check_reads(
    status: Status, words: list[str], file: str
) -> None:
    write("allow.txt", LENS)
    write("first.txt", "docs/b.md")
    Path("dedup.toml").write_text("min-words = 8\n")
    status("baseline", "write", "docs")
    before = Path(file).read_bytes()

    code, out, err = status("check", "docs", *words)

    assert (code, out) == (2, "")
    assert file in err
    assert Path(file).read_bytes() == before


@pytest.mark.parametrize("file", ["docs/a.md", "allow.md", "notes.json"])
@pytest.mark.usefixtures("docs")
def test_a_baseline_takes_the_place_of_nothing_but_a_baseline(status: Status, file: str) -> None:
    write("allow.md", LENS)
    write("notes.json", "{}")
    before = Path(file).read_bytes()

    code, _, err = status("baseline", "write", "docs", "--allow", "allow.md", "--baseline", file)

    assert code == 2
    assert file in err
    assert Path(file).read_bytes() == before


@pytest.mark.usefixtures("docs")
def test_a_baseline_is_found_from_a_folder_below(
    status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    status("baseline", "write", "docs")
    monkeypatch.chdir("docs")

    assert status("check", ".", "-q")[0] == 0
    write("c.md", QUAY)
    code, out, _ = status("check", ".", "-f", "concise")
    assert (code, out) == (1, "c.md:1:1: DUP001 identical to b.md:3\n")


@pytest.mark.usefixtures("docs")
def test_a_part_of_the_tree_makes_no_entry_stale_and_prunes_none(status: Status) -> None:
    status("baseline", "write", "docs")
    before = Path(".dedup-baseline.json").read_bytes()

    for words in (["docs/a.md"], ["docs", "--select", "DUP002"], ["docs", "--within", "document"]):
        assert status("check", *words, "--fail-on-stale", "-q")[0] == 0
        code, _, err = status("baseline", "prune", *words)
        assert (code, "Name all that is checked" in err) == (2, True)
        assert Path(".dedup-baseline.json").read_bytes() == before

    Path("docs/b.md").rename("docs/c.md")
    assert status("check", "docs", "--fail-on-stale", "-q")[0] == 0
    Path("docs/c.md").unlink()
    assert status("check", "docs/a.md", "--fail-on-stale", "-q")[0] == 1


@pytest.mark.usefixtures("docs")
def test_writing_says_what_it_forgets(status: Status) -> None:
    status("baseline", "write", "docs")

    out = status("baseline", "write", "docs/a.md")[1]

    assert "What it accepted in 1 file not read now, as docs/b.md, is forgotten." in out


@pytest.mark.usefixtures("docs")
def test_a_missing_allow_file_is_an_error_whatever_is_skipped(status: Status) -> None:
    assert status("check", "docs", "--allow", "none.txt", "--skip-errors")[0] == 2


@pytest.mark.parametrize("command", ["check", "scan"])
@pytest.mark.usefixtures("docs")
def test_a_folder_without_anything_to_read_is_named(status: Status, command: str) -> None:
    Path("empty").mkdir()

    code, _, err = status(command, "empty", "-f", "concise")

    assert code == 0
    assert "Warning: there is no file that dedup reads in empty.\n" in err


@pytest.mark.usefixtures("docs")
def test_a_variable_that_is_not_set_is_no_revision_and_an_option_neither(status: Status) -> None:
    for word in ("", "-f"):
        code, _, err = status("check", "docs", "--since", word)

        assert code == 2
        assert "HEAD~1" in err


@pytest.mark.parametrize("place", ["node_modules/x.md", "drafts/x.md", ".hidden/x.md"])
@pytest.mark.usefixtures("docs")
def test_what_no_scan_read_was_not_there_before(status: Status, place: str) -> None:
    git("init", "-q", ".")
    write(place, QUAY)
    Path("dedup.toml").write_text('exclude = ["drafts/"]\n')
    git("add", "-A")
    git("commit", "-qm", "first")
    Path(place).unlink()
    write("docs/c.md", QUAY)

    code, out, _ = status("check", ".", "--since", "HEAD", "-f", "concise")

    assert (code, out) == (1, "docs/c.md:1:1: DUP001 identical to docs/b.md:3\n")


@pytest.mark.usefixtures("repository")
def test_a_finding_to_which_nothing_was_added_is_not_new(status: Status) -> None:
    article = Path(__file__).parents[2] / "data/articles/padded.txt"
    parts = article.read_text(encoding="utf-8").strip().split("\n\n")
    write("docs/m.txt", *parts[:3])
    write("docs/n.txt", *parts[3:])
    git("add", "-A")
    git("commit", "-qm", "an article in two parts")
    found = status("scan", "docs", "-f", "concise")[1]
    Path("docs/n.txt").rename("docs/0.txt")

    assert "DUP004" in found
    assert status("scan", "docs", "-f", "concise")[1] != found
    assert status("check", "docs", "--since", "HEAD", "-q")[0] == 0


@pytest.mark.usefixtures("repository")
def test_taking_out_an_ignore_is_new(status: Status) -> None:
    write("docs/c.md", "<!-- dedup: ignore -->", QUAY)
    git("add", "-A")
    git("commit", "-qm", "ignored")
    assert status("check", "docs", "--since", "HEAD", "-q")[0] == 0

    write("docs/c.md", QUAY)

    assert status("check", "docs", "--since", "HEAD", "-q")[0] == 1


@pytest.mark.usefixtures("repository")
def test_branches_that_were_merged_both_ways_are_compared_with_the_other_branch(
    status: Status,
) -> None:
    for branch, text in (("left", LENS), ("right", QUAY)):
        git("checkout", "-qb", branch, "main")
        write(f"docs/{branch}.md", text)
        git("add", "-A")
        git("commit", "-qm", branch)
        git("branch", f"{branch}-tip")
    git("merge", "-q", "left-tip", "-m", "one way")
    git("checkout", "-q", "left")
    git("merge", "-q", "right-tip", "-m", "the other way")

    assert len(git("merge-base", "--all", "left", "right").split()) == 2
    assert status("check", "docs", "--since", "right", "-q")[0] == 0
    assert status("check", "docs", "--since", "main", "-q")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("check", "docs", "-o", "work/report.txt"),
        ("baseline", "write", "docs", "--baseline", "work/base.json"),
        ("baseline", "prune", "docs", "--baseline", "work/base.json"),
    ],
)
def test_nothing_is_written_in_the_working_folder(
    status: Status, docs: Path, words: tuple[str, ...]
) -> None:
    (docs / "work").mkdir()

    code, out, err = status(*words, "--work-dir", "work")

    assert (code, out) == (2, "")
    assert f"'{words[-1]}': allowed is what is neither in the working folder 'work'" in err
    assert list((docs / "work").iterdir()) == []


def test_a_baseline_that_is_interrupted_says_how_to_go_on(
    status: Status, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dedup.pipeline.compare_corpus", interrupt)

    code, out, err = status("baseline", "write", "docs", "--work-dir", "work")

    assert (code, out) == (130, "")
    assert err == "Finished stages stay in 'work': the same command goes on with --resume.\n"
    assert (docs / "work" / "dedup-run.json").is_file()
