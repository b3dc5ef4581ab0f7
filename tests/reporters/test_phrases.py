"""Names of places and relations."""

from dataclasses import replace

from dedup.config import Config, RunConfig
from dedup.findings import Reference, turn_round
from dedup.model import Problem, Relation
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.phrases import (
    find_web_link,
    name_conflicts,
    name_identity,
    name_kind,
    name_level,
    name_number,
    name_place,
    name_relation,
    name_stand,
    name_title,
    order_all,
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


def test_a_document_of_several_in_a_file_is_named_by_its_title_and_address() -> None:
    link = "https://gazette.example/ferry?no=2"
    entry = replace(reference("feed.xml", "tag:2"), title="Night\nferry", link=link)
    unnamed = replace(entry, document="feed.xml:4", link="")

    assert name_identity(entry) == ' "Night ferry" <https://gazette.example/ferry?no=2>'
    assert name_identity(replace(entry, title="")) == " <https://gazette.example/ferry?no=2>"
    assert name_identity(replace(entry, link="")) == ' "Night ferry" [id "tag:2"]'
    assert name_identity(unnamed) == ' "Night ferry"'
    assert name_identity(replace(entry, path="tag:2")) == ""
    assert name_identity(replace(entry, path=None)) == ""


def test_a_hostile_title_stays_on_its_line_and_between_its_marks() -> None:
    hostile = replace(reference("feed.xml", "tag:2"), title='x"\n<https://evil.example>\x1b[2J')

    assert name_identity(hostile).startswith(r' "x\" <https://evil.example>\\x1b[2J" [id')


def test_a_long_title_is_cut_at_sixty_characters() -> None:
    sixty = replace(reference("feed.xml", 1), title="é" * 60)

    assert name_title(sixty) == "é" * 60
    assert name_title(replace(sixty, title="é" * 61)) == f"{'é' * 59}…"


def test_only_an_address_of_the_web_is_a_link() -> None:
    def find(link: str) -> str:
        return find_web_link(replace(reference("feed.xml", 1), link=link))

    assert find(" HTTPS://example.org/a?b=1&c=%20#d ") == "HTTPS://example.org/a?b=1&c=%20#d"
    assert find("https://example.org/灯台") == "https://example.org/灯台"
    assert find('http://a.b/x> "y"\n|`(z)\ud800') == (
        "http://a.b/x%3E%20%22y%22%0A%7C%60%28z%29%ED%A0%80"
    )
    for link in ("javascript:alert(1)", "data:text/html,x", "//example.org", "example.org", ""):
        assert find(link) == ""


def test_a_level_is_named_where_it_is_not_the_usual_one(
    sample_report: Report, restated_report: Report
) -> None:
    found = [*sample_report.findings, *restated_report.findings]

    assert {name_level(finding) for finding in found} == {""}
    assert {name_level(replace(finding, level="error")) for finding in found} == {" [level error]"}
    notes = {finding.rule for finding in found if name_level(replace(finding, level="note"))}
    assert notes == {"DUP001", "DUP002", "DUP003", "DUP004", "DUP005"}
    assert name_level(Problem("a.md", 1, "x")) == ""


def test_what_is_suppressed_stands_among_the_findings_where_asked_for(judged: Outcome) -> None:
    assert judged.judgement is not None
    hidden = replace(judged, judgement=replace(judged.judgement, shows_suppressed=False))

    kinds = [why.kind if why else None for _, why in order_all(judged)]

    assert kinds == [None, None, None, "allowed", "inline", "baseline", None]
    assert [found for found, _ in order_all(hidden)] == order_findings(judged)


def test_a_relation_is_named_with_the_word_before_its_source() -> None:
    # The others have sentences of their own: tests/reporters/test_restated, test_boilerplate.
    others = (Relation.NONE, Relation.REWRITTEN, Relation.RESTATED, Relation.BOILERPLATE)
    named = [name_relation(relation) for relation in Relation if relation not in others]

    assert named == ["identical to", "near-duplicate of", "contained in", "variant of"]


def test_a_turned_finding_contains_what_it_names(sample_report: Report) -> None:
    contained = next(f for f in sample_report.findings if f.rule == "DUP003")
    turned = turn_round(contained)

    assert (name_kind(contained), name_stand(contained)) == ("contained", "contained in")
    assert (name_kind(turned), name_stand(turned)) == ("contains", "contains")


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
