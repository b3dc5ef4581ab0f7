"""The files of data/hard, each with what its README says of it; and what else files can be."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from dedup.config import DEFAULTS, Config, EngineChoice, ReadersConfig, RunConfig
from dedup.errors import InputError
from dedup.kernels import ENGINES
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.groups import render

SKIPPING: Final = ReadersConfig(skip_errors=True)

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def run(path: Path, engine: EngineChoice, readers: ReadersConfig = DEFAULTS.readers) -> Report:
    return find_duplicates([path], Config(readers=readers, run=RunConfig(engine=engine)))


def findings_of(report: Report) -> list[tuple[str, int, int]]:
    """Give rule, paragraph and source of each finding, numbered from 1 as the README does."""
    return [(f.rule, f.number + 1, f.source_number + 1) for f in report.findings]


@pytest.mark.parametrize("name", ["empty.txt", "blanks.txt"])
def test_a_file_without_text_is_a_document_without_paragraphs(
    data: Path, engine: EngineChoice, name: str
) -> None:
    report = run(data / "hard" / name, engine)

    assert (len(report.corpus), report.corpus.n_documents, report.problems) == (0, 1, ())


def test_many_scripts_in_one_file(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard" / "mixed-scripts.txt", engine)

    assert len(report.corpus) == 8
    assert findings_of(report) == [("DUP001", 7, 6)]
    assert report.counts.n_short + report.counts.n_empty == 1  # emoji alone
    assert report.reference(7).start_line == report.reference(7).end_line


def test_crlf_and_a_byte_order_mark_are_no_text(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard" / "crlf-bom.txt", engine)

    assert len(report.corpus) == 3
    assert findings_of(report) == [("DUP001", 3, 1)]
    assert (report.reference(0).start_char, report.reference(0).start_column) == (0, 1)


def test_a_broken_line_is_named_or_skipped(data: Path, engine: EngineChoice) -> None:
    path = data / "hard" / "broken.jsonl"

    with pytest.raises(InputError, match=r"broken\.jsonl:3: it is no JSON"):
        run(path, engine)
    report = run(path, engine, SKIPPING)
    assert [problem.line for problem in report.problems] == [3]
    assert [report.reference(n).start_line for n in range(4)] == [1, 2, 4, 5]
    assert findings_of(report) == [("DUP001", 3, 1)]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing-field.jsonl", "it has no field 'text'"),
        ("number-text.jsonl", "its field 'text' is a number, expected a string"),
    ],
)
def test_a_line_without_text_is_named_or_skipped(
    data: Path, engine: EngineChoice, name: str, problem: str
) -> None:
    path = data / "hard" / name

    with pytest.raises(InputError, match=rf"{name}:2: {problem}"):
        run(path, engine)
    report = run(path, engine, SKIPPING)
    assert [(p.line, p.message.startswith(problem)) for p in report.problems] == [(2, True)]
    assert findings_of(report) == [("DUP001", 2, 1)]


def test_a_repeated_id_is_said_and_its_record_left_out(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard" / "duplicate-ids.jsonl", engine, SKIPPING)

    assert [report.reference(number).start_line for number in range(len(report.corpus))] == [1, 2]
    assert findings_of(report) == []
    assert [problem.line for problem in report.problems] == [3]


def test_only_the_outer_field_is_the_text(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard" / "nested.jsonl", engine)

    assert len(report.corpus) == 4
    assert findings_of(report) == [("DUP001", 4, 1)]


def test_a_lone_surrogate_is_read_with_a_replacement(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard" / "lone-surrogate.jsonl", engine)

    assert "\ufffd" in report.text(1)
    assert (len(report.corpus), report.problems, report.findings) == (3, (), ())


def test_a_file_in_a_legacy_encoding_is_read_by_a_guess_and_said(
    data: Path, engine: EngineChoice
) -> None:
    path = data / "hard" / "latin1.txt"

    report = run(path, engine)

    assert report.text(0).startswith("\u00dcber die D\u00e4cher von Gr\u00fcnau")
    assert (report.findings, report.problems) == ((), ())
    assert [(remark.path, remark.message) for remark in report.remarks] == [
        (str(path), "its encoding was guessed as windows-1252")
    ]


def test_one_bad_file_does_not_stop_the_others(data: Path, engine: EngineChoice) -> None:
    report = run(data / "hard", engine, SKIPPING)

    named = sorted({Path(problem.path).name for problem in report.problems})
    assert named == [
        "broken.jsonl",
        "duplicate-ids.jsonl",
        "missing-field.jsonl",
        "number-text.jsonl",
    ]


@pytest.mark.parametrize(
    ("folder", "rules"),
    [
        ("identical", {"DUP001"}),
        ("near-duplicate", {"DUP002"}),
        ("contained", {"DUP003"}),
        ("variant", {"DUP006"}),
        ("unrelated", set()),
    ],
)
def test_each_example_shows_its_relation(
    data: Path, engine: EngineChoice, folder: str, rules: set[str]
) -> None:
    report = run(data / "relations" / folder, engine)

    assert {finding.rule for finding in report.findings} == rules


def test_the_manual_repeats_one_paragraph_in_three_pages(data: Path, engine: EngineChoice) -> None:
    report = run(data / "docs", engine)

    (group,) = report.groups
    assert sorted(member.relation.label for member in group.members) == [
        "identical",
        "near-duplicate",
    ]


def test_the_records_show_every_relation_once(data: Path, engine: EngineChoice) -> None:
    report = run(data / "feeds" / "records.jsonl", engine)

    found = {(f.rule, str(f.reference.document), str(f.source.document)) for f in report.findings}
    assert found == {
        ("DUP001", "lin-009", "lin-001"),
        ("DUP002", "arl-015", "arl-014"),
        ("DUP003", "sau-022", "sau-021"),
        ("DUP006", "bru-008", "bru-007"),
    }


def test_as_whole_records_the_identical_paragraphs_are_no_longer_alike(
    data: Path, engine: EngineChoice
) -> None:
    path = data / "feeds" / "records.jsonl"
    config = Config(run=RunConfig(engine=engine))
    config = replace(config, paragraphs=replace(config.paragraphs, unit="record"))

    rules = {finding.rule for finding in find_duplicates([path], config).findings}

    assert "DUP001" not in rules
    assert "DUP002" in rules


def test_a_record_left_out_for_its_id_takes_part_in_nothing(
    tmp_path: Path, engine: EngineChoice
) -> None:
    path = tmp_path / "a.jsonl"
    line = "one and the same sentence said in eight words"
    ids = ["a", "b", "a", "c", "b"]
    texts = [line, "short", f"{line}\n\n{line}", line, line]
    records = ({"id": name, "text": text} for name, text in zip(ids, texts, strict=True))
    path.write_text("\n".join(map(json.dumps, records)))

    report = run(path, engine, SKIPPING)
    (group,) = report.groups

    assert (group.canonical.document, group.members[0].reference.document) == ("a", "c")
    assert len(group.members) == 1
    assert [(p.line, p.message) for p in report.problems] == [
        (3, 'its id "a" is that of line 1'),
        (5, 'its id "b" is that of line 2'),
    ]
    rows = [json.loads(row) for row in b"".join(render(lay_open(report), None)).splitlines()]
    assert [(row["id"], row["paragraph"], row["canonical"]) for row in rows] == [
        ("a", 0, True),
        ("b", 0, True),
        ("c", 0, False),
    ]


def test_a_repeated_id_far_behind_the_first_is_found(tmp_path: Path, engine: EngineChoice) -> None:
    # 4 MB in words of 100,000 letters: the two records come in different batches.
    path = tmp_path / "a.jsonl"
    filler = "w" * 100_000
    lines = [json.dumps({"id": n, "text": f"{filler}{n}"}) for n in range(40)]
    path.write_text("\n".join([*lines, lines[7]]))

    with pytest.raises(InputError, match=r"a\.jsonl:41: its id 7 is that of line 8"):
        run(path, engine)
    assert [problem.line for problem in run(path, engine, SKIPPING).problems] == [41]
