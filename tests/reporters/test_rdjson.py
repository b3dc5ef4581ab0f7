"""Reviewdog's format: its positions count bytes, its line ranges include their last line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.outcome import Outcome, lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.rdjson import render
from dedup.runs import FreshRun


def load(outcome: Outcome) -> list[dict[str, Any]]:
    content = json.loads("".join(render(outcome, None)))
    assert content["source"] == {"name": "dedup"}
    diagnostics: list[dict[str, Any]] = content["diagnostics"]
    return diagnostics


@pytest.mark.parametrize("name", ["report", "restated"])
def test_the_samples_read_as_agreed(
    name: str, request: pytest.FixtureRequest, check_golden: Callable[[str, str], None]
) -> None:
    fixture = {"report": "sample_report", "restated": "restated_report"}[name]
    report: Report = request.getfixturevalue(fixture)

    check_golden(f"{name}.rdjson.json", "".join(render(lay_open(report), None)))


def test_levels_are_severities(sample_report: Report) -> None:
    found = {row["code"]["value"]: row["severity"] for row in load(lay_open(sample_report))}

    assert (found["DUP001"], found["DUP006"], found["DUP900"]) == ("WARNING", "INFO", "ERROR")


def test_columns_count_bytes_and_cut_the_paragraph_out_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "Die Hafenbehörde behält die alte Linse des Leuchtturms, hieß es am Montag. 🔦"
    Path("a.md").write_text(f"# Kopf\n\n{text}\n\n{text}\n", encoding="utf-8")
    lines = Path("a.md").read_bytes().split(b"\n")

    (row,) = load(lay_open(find_duplicates(["a.md"])))

    (related,) = row["related_locations"]
    for place, line in ((row["location"], 5), (related["location"], 3)):
        start, end = place["range"]["start"], place["range"]["end"]
        assert (start["line"], end["line"]) == (line, line)
        cut = lines[line - 1][start["column"] - 1 : end["column"] - 1]
        assert cut == text.encode()


TEXT = "The harbour board & its men will keep the old lens of the lighthouse at Skerries."


@pytest.mark.parametrize(
    ("name", "block", "n_lines"),
    [
        ("list.md", f"* {TEXT}", 1),  # begins at column 3
        ("two.md", TEXT.replace(" lens ", "\nlens "), 2),
        ("page.html", f"<p>{TEXT.replace('&', '&amp;')}</p>", 1),
    ],
)
def test_where_bytes_are_not_certain_there_are_whole_lines(
    name: str, block: str, n_lines: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(f"{block}\n\n{block}\n", encoding="utf-8")

    (row,) = load(lay_open(find_duplicates([name])))

    first = n_lines + 2
    assert row["location"]["range"] == {
        "start": {"line": first},
        "end": {"line": first + n_lines - 1},
    }


def test_what_could_not_be_read_has_a_line_only_if_one_is_known(sample_report: Report) -> None:
    rows = [r for r in load(lay_open(sample_report)) if r["code"]["value"] == "DUP900"]

    assert [row["location"] for row in rows] == [
        {"path": "docs/broken.md"},
        {"path": "feed.jsonl", "range": {"start": {"line": 5}, "end": {"line": 5}}},
    ]


def test_only_what_is_shown_is_written(sample_report: Report) -> None:
    run = FreshRun(sample_report)

    rows = load(Outcome(run, run.findings[:1]))

    assert [row["code"]["value"] for row in rows] == ["DUP001", "DUP900", "DUP900"]


def test_a_record_from_memory_is_called_by_its_id(report_text: Callable[..., Report]) -> None:
    (row,) = load(lay_open(report_text("Words enough.", None, b"17")))

    assert row["location"]["path"] == "17"


def test_a_terminal_is_safe_and_the_path_whole(report_text: Callable[..., Report]) -> None:
    path = "a\x1b[2J\x9b\u202e.md"

    written = "".join(render(lay_open(report_text("Words \x1b[2J enough.", path)), None))

    assert not set("\x1b\x9b\u202e") & set(written)
    (row,) = json.loads(written)["diagnostics"]
    assert row["location"]["path"] == path


def test_nothing_found_is_an_empty_list(report_nothing: Report) -> None:
    assert load(lay_open(report_nothing)) == []
