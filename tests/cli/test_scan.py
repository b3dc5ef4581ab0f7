"""What a scan writes, where, and what it says beside it."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]
HALF_NEW = """\
Divers found a crack forty metres long in the upstream face of the Hollin dam on Monday. The water
authority of Castrovia will lower the reservoir by eleven metres before concrete can be injected.

In the town of Marnow the mayor has closed two schools and the riverside market. Hundreds of
families moved in with relatives on higher ground.

Divers found the crack in the upstream face of the Hollin dam, forty metres long, the water
authority of Castrovia confirmed. A retired surveyor keeps photographs of the quarry in which the
granite was cut.
"""
TEMPLATE = "Please read the safety notes of your {} press before you start it today."


def test_without_a_format_the_report_for_people_comes(status: Status, data: Path) -> None:
    code, out, err = status("scan", data / "docs")

    assert (code, err) == (0, "")
    assert "Summary" in out


def test_without_paths_there_is_nothing_to_scan(status: Status) -> None:
    code, out, err = status("scan")

    assert (code, out) == (2, "")
    assert "name files or folders, as dedup scan docs/" in err


def test_on_a_terminal_no_progress_runs_into_the_report(
    status: Status, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedup.cli.scan.is_terminal", lambda _targets: True)

    assert status("scan", data / "docs", "-f", "concise")[1].count("\n") == 2


def test_several_formats_are_written_in_one_run(status: Status, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "run.json"

    code, out, _ = status("scan", data / "docs", "-f", f"json={file}", "-f", "concise")

    assert code == 0
    assert [line.split(": ")[1][:6] for line in out.splitlines()] == ["DUP001", "DUP002"]
    assert [found["rule"] for found in json.loads(file.read_text())["findings"]] == [
        "DUP001",
        "DUP002",
    ]


def test_groups_need_no_texts(status: Status, data: Path) -> None:
    code, out, _ = status("scan", data / "feeds", "-f", "groups")

    assert code == 0
    assert json.loads(out.splitlines()[0])["id"] == "lin-001"


def test_standard_input_is_read_and_named(
    status: Status, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (data / "hard" / "crlf-bom.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    code, out, _ = status("scan", "-", "--stdin-filename", "draft.txt", "-f", "concise")

    assert code == 0
    assert out == "draft.txt:9:1: DUP001 identical to draft.txt:1\n"


def test_an_unreadable_file_stops_the_scan(status: Status, data: Path) -> None:
    code, out, err = status("scan", data / "hard")

    assert (code, out) == (2, "")
    assert err.startswith("Error DD102: cannot read ")
    assert "broken.jsonl:3" in err


def test_skipped_errors_are_counted_and_named(status: Status, data: Path) -> None:
    code, out, err = status("scan", data / "hard", "--skip-errors", "-f", "concise")

    assert code == 0
    assert "DUP001" in out
    lines = err.splitlines()
    assert lines[0] == "Warning: 4 unreadable inputs left out, so not compared:"
    assert len(lines) == 5
    assert "broken.jsonl:3: it is no JSON" in lines[1]


def test_quiet_leaves_the_warnings_out(status: Status, data: Path) -> None:
    _, out, err = status("scan", data / "hard", "--skip-errors", "-q", "-f", "concise")

    assert out
    assert err == ""


def test_of_very_many_problems_the_first_are_named(status: Status, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text("{\n" * 25)

    _, _, err = status("scan", tmp_path, "--skip-errors", "-f", "concise")

    lines = err.splitlines()
    assert lines[0].startswith("Warning: 25 unreadable inputs")
    assert lines[-1] == "  ... and 5 more."
    assert len(lines) == 22


def test_a_name_cannot_write_to_the_terminal(status: Status, tmp_path: Path) -> None:
    name = "a\x1b[2Jb\n.jsonl"
    (tmp_path / name).write_text("{\n")

    _, _, err = status("scan", tmp_path, "--skip-errors", "-f", "concise")

    assert "\x1b" not in err
    assert r"a\x1b[2Jb\x0a.jsonl:1" in err


def test_the_report_does_not_replace_a_file_of_a_scanned_folder(
    status: Status, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("A text.")

    code, _, err = status("scan", tmp_path, "-o", tmp_path / "a.txt")

    assert code == 2
    assert "it would be lost" in err
    assert (tmp_path / "a.txt").read_text() == "A text."


def test_statistics_say_what_a_run_cost_and_compared(status: Status, data: Path) -> None:
    _, out, err = status("scan", data / "docs", "--statistics", "-f", "concise")

    assert len(out.splitlines()) == 2
    rows = {line[:21].strip(): line[22:].strip() for line in err.splitlines()}
    assert rows["paragraphs"] == "12"
    assert rows["unique"] == "9 compared"
    assert rows["candidates"] == "36 (all pairs compared)"
    assert rows["near-duplicate pairs"] == "1"
    assert rows["groups"] == "1, with 2 redundant paragraphs"
    assert rows["skipped"] == "2 under 8 words, 0 without a word, 0 unreadable"
    assert rows["total"].endswith("100.0%")
    assert rows["peak memory"].endswith(" MB")


def test_statistics_of_a_larger_run_name_the_bands(status: Status, tmp_path: Path) -> None:
    texts = [TEMPLATE.format(f"w{number} x{number} y{number}") for number in range(2100)]
    (tmp_path / "many.txt").write_text("\n\n".join(texts))

    _, _, err = status("scan", tmp_path, "--statistics", "-f", "concise")

    assert "42 of 3 rows, recall 0.99996 at 0.60" in err
    assert "compared in part" in err
    rows = {line[:21].strip(): line[22:].strip() for line in err.splitlines()}
    assert rows["pairs scored"].endswith("for rewriting, proposed by anchors")


def test_a_threshold_that_no_bands_serve_is_refused(status: Status, tmp_path: Path) -> None:
    texts = [f"One {n} two {n} three {n} four {n} five {n} six." for n in range(2100)]
    (tmp_path / "many.txt").write_text("\n\n".join(texts))

    code, _, err = status("scan", tmp_path, "-t", "0.02", "--engine", "numpy")

    assert code == 2
    assert "option --threshold is 0.02" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "paragraph 3 restates and adds to paragraph 1 (line 1)"),
        (("--restate-threshold", "0.5"), None),
        (
            ("--restate-threshold", "0.5", "--sensitive"),
            "paragraph 3 nearly restates and adds to paragraph 1",
        ),
        (("--strict",), None),
        (("--sensitive",), "paragraph 3 restates and adds to paragraph 1 (line 1)"),
        (("--ignore", "DUP004,DUP005"), None),
    ],
)
def test_options_say_how_much_a_restating_paragraph_must_repeat(
    status: Status, tmp_path: Path, options: tuple[str, ...], told: str | None
) -> None:
    (tmp_path / "dam.txt").write_text(HALF_NEW)

    code, out, err = status("scan", tmp_path, "-f", "concise", *options)

    assert (code, err) == (0, "")
    assert (told in out) if told else (out == "")


def test_strict_and_sensitive_together_are_refused(status: Status, data: Path) -> None:
    code, out, err = status("scan", data / "docs", "--strict", "--sensitive")

    assert (code, out) == (2, "")
    assert "one of strict and sensitive" in err


def test_a_restate_threshold_over_one_is_refused(status: Status, data: Path) -> None:
    code, out, err = status("scan", data / "docs", "--restate-threshold", "1.5")

    assert (code, out) == (2, "")
    assert "is 1.5: allowed is 0.01 to 1.0" in err


def test_where_a_run_works_shows_in_no_report(status: Status, data: Path, tmp_path: Path) -> None:
    words = ("scan", data / "docs", "-f", "json")
    _, plain, _ = status(*words)

    folder = tmp_path / "work"
    code, elsewhere, err = status(*words, "--memory", "256M", "--work-dir", folder)

    assert (code, err) == (0, "")
    assert elsewhere == plain
    assert not folder.exists()


def test_a_log_of_the_stages_is_for_who_asks_for_more(status: Status, data: Path) -> None:
    _, out, err = status("scan", data / "docs", "--verbose", "-f", "concise")

    assert len(out.splitlines()) == 2
    stages = [line.split(": ")[0] for line in err.splitlines()]
    assert stages[0] == "read, split, tokenize"
    assert stages[-1] == "write the report"


def test_no_report_is_written_in_the_working_folder(status: Status, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HALF_NEW)
    work = tmp_path / "work"
    work.mkdir()

    for words in (("-o", work / "x.column"), ("-f", f"json={work}/x.column")):
        code, out, err = status("scan", tmp_path / "a.txt", "--work-dir", work, *words)

        assert (code, out) == (2, "")
        assert "x.column': allowed is what is neither in the working folder" in err
        assert list(work.iterdir()) == []
