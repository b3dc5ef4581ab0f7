"""`dedup clean` as its users meet it: what it writes, prints and refuses."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Finished

Run = Callable[..., Finished]
Status = Callable[..., tuple[int, str, str]]

ONE = "On the day the ferry came back from the islands nobody in the harbour knew its new captain."
TWO = "The council of the old town sold the mill by the river to a family from the northern coast."
UNSOUGHT = "Not asked what is contained, rewritten or restated (--remove)\n"


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with two pages, the second of which repeats the first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(f"# One\n\n{ONE}\n\n{TWO}\n")
    (tmp_path / "docs" / "b.md").write_text(f"# Two\n\n{ONE}\n\n- end\n")
    return tmp_path


def test_a_folder_is_written_to_another_and_summed_up(status: Status, docs: Path) -> None:
    code, out, err = status("clean", "docs", "-o", "out")

    assert (code, err) == (0, "")
    assert out == (
        "Read      4 paragraphs (56 words) of 2 documents in 2 files\n"
        "Removed   1 paragraph (1 identical; 18 words) from 1 file\n"
        f"{UNSOUGHT}Written   out (2 files)\n"
    )
    assert (docs / "out" / "b.md").read_text() == "# Two\n\n- end\n"
    assert (docs / "out" / "a.md").read_bytes() == (docs / "docs" / "a.md").read_bytes()


def test_a_dry_run_lists_what_would_go_and_writes_nothing(status: Status, docs: Path) -> None:
    code, out, err = status("clean", "docs", "--dry-run", "-o", "out")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "docs/b.md:3:1: identical to docs/a.md:3",
        "Read      4 paragraphs (56 words) of 2 documents in 2 files",
        "Would go  1 paragraph (1 identical; 18 words) from 1 file",
        UNSOUGHT.rstrip(),
        "Written   nothing: this was a dry run",
    ]
    assert [path.name for path in docs.iterdir()] == ["docs"]


def test_a_dry_run_names_the_score_of_what_is_only_alike(status: Status, docs: Path) -> None:
    (docs / "docs" / "c.md").write_text(ONE.replace("nobody", "someone") + "\n")

    out = status("clean", "docs", "--dry-run", "--remove", "near-duplicate")[1]

    # One word of eighteen: 3 of the 16 word triples of each differ.
    assert f"docs/c.md:1:1: near-duplicate of docs/a.md:3 ({13 / 19:.2f})" in out


def test_what_goes_is_written_to_a_file_as_json_lines(status: Status, docs: Path) -> None:
    assert status("clean", "docs", "-o", "out", "--removed", "removed.jsonl")[0] == 0

    (line,) = (docs / "removed.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["path"], told["offset"]) == ("docs/b.md", 7)
    written = (docs / "out" / "b.md").read_text()
    assert written[:7] + told["content"] + written[7:] == (docs / "docs" / "b.md").read_text()


def test_standard_input_goes_to_standard_output_and_the_summary_elsewhere(dedup: Run) -> None:
    text = f"{ONE}\n\n{TWO}\n\n{ONE}\n"

    with tempfile.TemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        finished = dedup("clean", "-", "-o", "-", stdin=file)

    assert finished.stdout == f"{ONE}\n\n{TWO}\n"
    assert finished.stderr.endswith("Written   standard output\n")
    assert finished.returncode == 0


def test_quiet_says_nothing(status: Status, docs: Path) -> None:
    assert status("clean", docs / "docs", "-o", docs / "out", "-q") == (0, "", "")


def test_records_that_share_a_line_are_told_apart_by_their_addresses(
    status: Status, docs: Path
) -> None:
    items = "".join(
        f"<item><link>https://a.example/{at}</link><description>{ONE}</description></item>"
        for at in range(2)
    )
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'
    (docs / "feed.rss").write_text(feed)

    out = status("clean", "feed.rss", "--dry-run")[1]

    assert " <https://a.example/1> identical to feed.rss:1 <https://a.example/0>\n" in out


def test_rows_are_marked_and_stay(status: Status, docs: Path) -> None:
    rows = [{"text": ONE}, {"text": TWO}, {"text": ONE}]
    (docs / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    code, out, _ = status("clean", "r.jsonl", "--mark", "-o", "m.jsonl")

    marked = [json.loads(line) for line in (docs / "m.jsonl").read_text().splitlines()]
    assert code == 0
    assert [row["dedup_canonical"] for row in marked] == [True, True, False]
    assert "Marked    1 redundant document; all are still there\n" in out


@pytest.mark.parametrize(
    ("keep", "rows"), [("newest", [1]), ("oldest", [0]), ("first", [0]), ("longest", [1])]
)
def test_the_policy_says_which_one_stays(
    status: Status, docs: Path, keep: str, rows: list[int]
) -> None:
    texts = [{"text": ONE, "date": "2026-01-01"}, {"text": f"{ONE} Nobody.", "date": "2026-01-02"}]
    lines = [json.dumps(row) + "\n" for row in texts]
    (docs / "r.jsonl").write_text("".join(lines))

    code = status("clean", "r.jsonl", "-o", "out.jsonl", "--keep", keep, "--date-field", "date")[0]

    assert code == 0
    assert (docs / "out.jsonl").read_text() == "".join(lines[row] for row in rows)


def test_the_best_source_stays(status: Status, docs: Path) -> None:
    (docs / "best").write_text("docs/b.md\n")

    assert status("clean", "docs", "-o", "out", "--keep", "priority=best")[0] == 0

    assert ONE in (docs / "out" / "b.md").read_text()
    assert ONE not in (docs / "out" / "a.md").read_text()


def test_boilerplate_is_named_and_goes_on_demand(status: Status, docs: Path) -> None:
    (docs / "site").mkdir()
    for at in range(12):
        body = " ".join(f"w{at}x{n}" for n in range(20))
        (docs / "site" / f"{at:02}.txt").write_text(f"{body}\n\nall rights kept\n")

    left = status("clean", "site", "-o", "left")[1]
    gone = status("clean", "site", "-o", "gone", "--remove", "boilerplate")[1]

    assert "Left in   1 boilerplate text in 11 more places (--remove boilerplate)\n" in left
    assert "Removed   nothing\n" in left
    assert "Removed   11 paragraphs (11 boilerplate; 33 words) from 11 files\n" in gone
    texts = [path.read_text() for path in sorted((docs / "gone").iterdir())]
    assert ["all rights kept" in text for text in texts] == [True, *[False] * 11]


def test_unreadable_sources_are_named_and_copied(status: Status, docs: Path) -> None:
    (docs / "docs" / "c.jsonl").write_bytes(b"{broken\n")

    code, _, err = status("clean", "docs", "-o", "out", "--skip-errors")

    assert code == 0
    assert err.startswith(
        "Warning: 1 unreadable input left out, so not compared:\n  docs/c.jsonl:1:"
    )
    assert (docs / "out" / "c.jsonl").read_bytes() == b"{broken\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Error: nothing to clean: name files or folders"),
        (["docs"], "Error: no output named: say where it goes with -o OUT"),
        (["docs", "-o", "docs"], "option --output is 'docs': allowed is a folder that is new"),
        (["docs", "-o", "docs/out"], "allowed is a folder outside 'docs'"),
        (["docs/a.md", "-o", "docs/a.md"], "nothing is changed in place"),
        (["docs", "-o", "-"], "allowed is a folder"),
        (["docs", "-o", "out", "--removed", "docs/a.md"], "option --removed is 'docs/a.md'"),
        (["docs", "-o", "out", "--removed", "docs/r.jsonl"], "option --removed is"),
        (["docs", "-o", "out", "--removed", "none/r.jsonl"], "there is no folder 'none'"),
        (["docs", "--dry-run", "--removed", "r.jsonl"], "allowed is no file in a dry run"),
        (["docs", "-o", "out", "--remove", "variant"], "option --remove is 'variant': allowed is"),
        (["docs", "-o", "out", "--mark"], "option --mark is True: allowed is rows to mark"),
        (["docs", "-o", "out", "--keep", "newest"], "option --keep is 'newest'"),
        (["none", "-o", "out"], "cannot read none: no such file"),
        (["none.md", "-o", "out", "--skip-errors"], "it was skipped, so nothing is written"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_writes_nothing(
    words: list[str], told: str, status: Status, docs: Path
) -> None:
    before = {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()}

    code, out, err = status("clean", *words)

    assert (code, out) == (2, "")
    assert told in err
    assert {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()} == before
    assert [path.name for path in docs.iterdir()] == ["docs"]


def test_control_characters_of_a_name_do_not_reach_the_terminal(status: Status, docs: Path) -> None:
    (docs / "docs" / "z\x1b[31m.md").write_text(f"{ONE}\n")

    out = status("clean", "docs", "--dry-run")[1]

    assert "\x1b" not in out
    assert "z\\x1b[31m.md:1:1: identical to docs/a.md:3" in out


def test_the_example_data_can_be_cleaned_twice(status: Status, data: Path, tmp_path: Path) -> None:
    for name in ("docs", "articles", "pages", "feeds"):
        once, twice = tmp_path / name, tmp_path / f"{name}-twice"
        everything = "identical,near-duplicate,contained,rewritten,restated,boilerplate"

        assert status("clean", data / name, "-o", once, "--remove", everything)[0] == 0
        code, out, _ = status("clean", once, "-o", twice, "--remove", everything)

        assert code == 0
        assert "Removed   nothing\n" in out
        for path in once.rglob("*.*"):
            assert (twice / path.relative_to(once)).read_bytes() == path.read_bytes()
