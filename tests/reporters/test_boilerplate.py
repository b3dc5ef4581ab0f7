"""What each report says of a text that recurs on many pages."""

import json
from pathlib import Path

import pytest

from dedup.model import Relation
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters import concise, full, groups
from dedup.reporters import json as json_reporter

NOTICE = "all rights kept"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Give a scan of twelve pages that end with one notice."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    for at in range(12):
        text = " ".join(f"w{at}x{place}" for place in range(20))
        (tmp_path / "site" / f"{at:02}.txt").write_text(f"{text}\n\n{NOTICE}\n")
    return find_duplicates(["site"])


def test_one_line_says_in_how_many_pages_it_stands(report: Report) -> None:
    assert "".join(concise.render(lay_open(report), None)) == (
        "site/00.txt:3:1: DUP007 boilerplate in 12 of 12 documents of site\n"
    )


def test_the_full_report_shows_its_text_once_and_counts_it_in_the_summary(report: Report) -> None:
    text = "".join(full.render(lay_open(report), None))

    assert "Boilerplate: texts that recur on many pages, each said once" in text
    assert "DUP007  site/00.txt:3  in 12 of 12 documents of site" in text
    assert text.count(NOTICE) == 1
    assert "1 boilerplate text repeats 11 times (33 words)" in text
    assert "no redundant paragraphs" in text


def test_json_has_the_counts_and_one_finding(report: Report) -> None:
    content = json.loads("".join(json_reporter.render(lay_open(report), None)))

    assert content["summary"]["boilerplate_texts"] == 1
    assert content["summary"]["boilerplate_paragraphs"] == 11
    (finding,) = content["findings"]
    assert finding["rule"] == "DUP007"
    assert finding["text"] == NOTICE
    assert finding["paragraph"]["path"] == "site/00.txt"
    assert {12} == {finding["recurrence"][name] for name in ("n_documents", "population")}
    assert [each["path"] for each in finding["sources"]] == [
        "site/01.txt",
        "site/02.txt",
        "site/03.txt",
    ]


def test_groups_output_keeps_the_first_and_calls_the_others_boilerplate(report: Report) -> None:
    lines = [
        json.loads(line) for line in b"".join(groups.render(lay_open(report), None)).splitlines()
    ]

    notices = lines[1::2]
    assert [line["canonical"] for line in notices] == [True, *[False] * 11]
    assert [line["relation"] for line in notices] == [None, *["boilerplate"] * 11]
    assert len({line["group"] for line in notices}) == 1
    assert all(line["canonical"] and line["relation"] is None for line in lines[::2])


def test_boilerplate_is_no_redundant_paragraph(report: Report) -> None:
    assert report.groups == ()
    assert not report.are_redundant.any()
    assert Relation.BOILERPLATE.label == "boilerplate"
