"""Names of places and relations."""

from dataclasses import replace

from dedup.config import Config, RunConfig
from dedup.findings import Reference
from dedup.model import Problem, Relation
from dedup.outcome import lay_open
from dedup.report import Report
from dedup.reporters.phrases import (
    name_conflicts,
    name_identity,
    name_number,
    name_place,
    name_relation,
    order_findings,
)


def reference(path: str | None, document: str | int, line: int = 4) -> Reference:
    return Reference(document, path, 0, line, 1, line, 9, 0, 9)


def test_a_place_is_a_path_and_a_line() -> None:
    assert name_place(reference("docs/a.md", "docs/a.md")) == "docs/a.md:4"


def test_a_record_from_memory_is_placed_by_its_id() -> None:
    assert name_place(reference(None, "lin-001")) == '"lin-001":4'
    assert name_place(reference(None, 17)) == "17:4"
    assert name_identity(reference(None, "lin-001")) == ""


def test_an_id_is_shown_where_it_says_more_than_the_place() -> None:
    assert name_identity(reference("feed.jsonl", "lin-001")) == ' [id "lin-001"]'
    assert name_identity(reference("feed.jsonl", 4)) == " [id 4]"
    assert name_identity(reference("docs/a.md", "docs/a.md")) == ""
    assert name_identity(reference("feed.jsonl", "feed.jsonl:4")) == ""


def test_paragraphs_of_one_line_are_told_apart_by_their_numbers() -> None:
    first = reference("feed.jsonl", "lin-001")
    second = replace(first, paragraph=1)
    elsewhere = reference("feed.jsonl", "lin-002", line=5)

    assert name_number(second, first) == " [paragraph 2]"
    assert name_number(first, second) == " [paragraph 1]"
    assert name_number(first, elsewhere) == ""


def test_a_hostile_path_and_a_hostile_id_stay_on_their_line() -> None:
    hostile = reference("a\nb.md", 'x"\n\x9b2J')

    assert name_place(hostile) == r"a\x0ab.md:4"
    assert name_identity(hostile) == r' [id "x\"\n\x9b2J"]'


def test_a_relation_is_named_with_the_word_before_its_source() -> None:
    # The others have sentences of their own: tests/reporters/test_restated, test_boilerplate.
    others = (Relation.NONE, Relation.REWRITTEN, Relation.RESTATED, Relation.BOILERPLATE)
    named = [name_relation(relation) for relation in Relation if relation not in others]

    assert named == ["identical to", "near-duplicate of", "contained in", "variant of"]


def test_one_number_differs_and_two_differ() -> None:
    assert name_conflicts(1) == "1 number or date differs"
    assert name_conflicts(2) == "2 numbers or dates differ"


def test_findings_and_problems_come_by_path_line_and_rule(sample_report: Report) -> None:
    places = [
        (found.path, found.line or 0, "DUP900")
        if isinstance(found, Problem)
        else (found.reference.path, found.reference.start_line, found.rule)
        for found in order_findings(lay_open(sample_report))
    ]

    assert places == [
        ("docs/b.md", 7, "DUP001"),
        ("docs/b.md", 9, "DUP002"),
        ("docs/broken.md", 0, "DUP900"),
        ("docs/c.md", 1, "DUP006"),
        ("feed.jsonl", 1, "DUP003"),
        ("feed.jsonl", 4, "DUP001"),
        ("feed.jsonl", 5, "DUP900"),
    ]


def test_a_rule_that_is_not_selected_is_not_reported(sample_report: Report) -> None:
    config = Config(run=RunConfig(rules=("DUP001",)))
    report = Report(
        sample_report.corpus,
        sample_report.grouping,
        sample_report.pairs,
        sample_report.restatements,
        sample_report.boilerplate,
        sample_report.counts,
        config,
    )

    assert not any(isinstance(found, Problem) for found in order_findings(lay_open(report)))
