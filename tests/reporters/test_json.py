"""The JSON report: one meaning, one order, one set of bytes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata
from typing import Any

import pytest

from dedup.config import Config, RunConfig
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.json import render


def loaded(report: Report) -> dict[str, Any]:
    value: dict[str, Any] = json.loads("".join(render(lay_open(report), None)))
    return value


def test_the_sample_reads_as_agreed(
    sample_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    version = loaded(sample_report)["tool"]["version"]

    text = "".join(render(lay_open(sample_report), None)).replace(f'"{version}"', '"0.0.0"')

    check_golden("report.json", text)


def test_the_restated_sample_reads_as_agreed(
    restated_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    text = "".join(render(lay_open(restated_report), None))

    check_golden("restated.findings.json", text[text.index('"findings"') :])


def test_evidence_points_into_the_texts_of_both_sides(restated_report: Report) -> None:
    rows = loaded(restated_report)["findings"]
    texts = {
        (place.document, place.paragraph): restated_report.text(number)
        for number in range(7)
        for place in [restated_report.reference(number)]
    }

    for row in rows:
        for quoted in row["evidence"]:
            source = texts[quoted["source"]["document"], quoted["source"]["paragraph"]]
            ours = {row["text"][start:end][:6].lower() for start, end in quoted["shared"]}
            theirs = {source[start:end][:6].lower() for start, end in quoted["source_shared"]}
            assert ours == theirs
            assert row["text"][slice(*quoted["sentence"])] in row["text"]
            assert source[slice(*quoted["source_sentence"])].endswith(".")
    assert [(row["rule"], row["new"], row["new_sentences"], row["adds"]) for row in rows] == [
        ("DUP005", ["Dresk", "14"], [2], True),
        ("DUP004", [], [], False),
        ("DUP005", [], [], False),
    ]


def test_the_evidence_of_a_turned_finding_is_of_its_source(
    turned: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    text = "".join(render(turned, None))
    report = json.loads(text)
    texts = {row["number"]: row["text"] for row in report["paragraphs"]}
    rewritten, contained = report["findings"]

    check_golden("turned.findings.json", text[text.index('"findings"') :])
    assert [(row["is_turned"], row["paragraph"]["path"]) for row in report["findings"]] == [
        (True, "docs/a.md"),
        (True, "docs/new.md"),
    ]
    assert contained["text"] == texts[contained["number"]]
    old, new = texts[rewritten["source_numbers"][0]], rewritten["text"]
    assert [row["source_number"] for row in rewritten["evidence"]] == [rewritten["number"]] * 2
    said = [
        (old[slice(*row["sentence"])], new[slice(*row["source_sentence"])])
        for row in rewritten["evidence"]
    ]
    assert said == [
        (
            "A crack in the Hollin dam, found by divers, is forty metres long.",
            "The Hollin dam has a crack of forty metres, which divers found.",
        ),
        (
            "As a precaution two schools were closed by Marnow\u2019s mayor.",
            "As a precaution the mayor of Marnow closed two schools.",
        ),
    ]
    for row in rewritten["evidence"]:
        ours = {old[start:end][:4].lower() for start, end in row["shared"]}
        assert ours == {new[start:end][:4].lower() for start, end in row["source_shared"]}
    assert (rewritten["new"], rewritten["new_sentences"]) == (["Dresk", "14"], [2])


def test_no_other_finding_says_that_it_is_turned(
    sample_report: Report, restated_report: Report
) -> None:
    for report in (sample_report, restated_report):
        assert not any("is_turned" in row for row in loaded(report)["findings"])


def test_the_keys_are_those_of_the_design(sample_report: Report) -> None:
    report = loaded(sample_report)

    assert list(report) == [
        "format_version",
        "tool",
        "settings",
        "summary",
        "documents",
        "problems",
        "remarks",
        "paragraphs",
        "groups",
        "findings",
    ]
    assert report["format_version"] == 1
    assert report["tool"]["name"] == "dedup"
    assert report["summary"]["redundant_paragraphs"] == 3
    assert report["summary"]["skipped"]["sources"] == 2


def test_the_padding_ratio_of_a_document_is_null_where_none_was_sought(
    sample_report: Report, restated_report: Report
) -> None:
    unsought = Config(run=RunConfig(rules=("DUP001", "DUP004")))

    # Of the 67 words of dam.txt its third paragraph has 32; a rewritten paragraph and one that
    # only comes near do not count.
    ratios = [row["padding_ratio"] for row in loaded(restated_report)["documents"]]
    assert ratios == [32 / 67, 0, 0]
    for report in (sample_report, restated_report):
        documents = loaded(replace(report, config=unsought))["documents"]
        assert {document["padding_ratio"] for document in documents} == {None}


def test_the_words_of_the_documents_add_up(sample_report: Report) -> None:
    report = loaded(sample_report)

    assert sum(row["words"] for row in report["documents"]) == report["summary"]["words"]
    assert [row["paragraphs"] for row in report["documents"]] == [3, 2, 2, 1, 1, 0, 1]
    assert report["documents"][4]["document"] == 17


def test_a_problem_is_a_finding_without_a_paragraph(sample_report: Report) -> None:
    problems = [row for row in loaded(sample_report)["findings"] if row["rule"] == "DUP900"]

    assert [(row["paragraph"], row["path"], row["line"]) for row in problems] == [
        (None, "docs/broken.md", None),
        (None, "feed.jsonl", 5),
    ]


def test_what_changes_no_verdict_changes_no_byte(sample_report: Report) -> None:
    other = Config(run=RunConfig(engine="numpy", jobs=7, keep_text=False))

    assert list(render(lay_open(replace(sample_report, config=other)), None)) == list(
        render(lay_open(sample_report), None)
    )


def test_a_report_of_nothing_is_valid(report_nothing: Report) -> None:
    report = loaded(report_nothing)

    assert report["groups"] == report["findings"] == []


def test_a_terminal_is_safe_and_the_text_whole(report_text: Callable[..., Report]) -> None:
    text = "Words \x1b[2J \x9b2J \u202e and “more”."

    written = "".join(render(lay_open(report_text(text)), None))

    assert not set("\x1b\x9b\u202e") & set(written)
    assert json.loads(written)["findings"][0]["text"] == text


def test_a_folder_of_sources_has_no_version(
    report_nothing: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_distributions(*_: object, **__: object) -> Iterator[metadata.Distribution]:
        return iter(())

    monkeypatch.setattr(metadata.Distribution, "discover", no_distributions)

    assert loaded(report_nothing)["tool"]["version"] == "0+unknown"
