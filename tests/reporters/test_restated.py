"""What a restated or rewritten finding is in one line, and its sentences with the shared words."""

from collections.abc import Callable
from dataclasses import replace

from dedup.findings import Finding, Reference
from dedup.model import Relation
from dedup.quotations import Evidence, Quotation
from dedup.report import Report
from dedup.reporters.excerpts import Mark, Segment
from dedup.reporters.restated import (
    describe_finding,
    mark_quotation,
    name_new,
    name_source,
    name_sources,
)
from dedup.sources import SentenceSource

NOTHING_NEW = Evidence((), (), ())


def place(paragraph: int, line: int, document: str = "a.txt") -> Reference:
    return Reference(document, document, paragraph, line, 1, line, 9, 0, 9)


def make_finding(*sources: Reference, relation: Relation = Relation.RESTATED) -> Finding:
    return Finding(
        rule="DUP005",
        relation=relation,
        level="warning",
        number=3,
        reference=place(3, 7),
        source_numbers=tuple(range(len(sources))),
        sources=sources,
        score=0.5,
        conflicts=0,
        fingerprint="",
    )


def quote(span: tuple[int, int], *runs: tuple[int, int]) -> Quotation:
    source = SentenceSource(0, 0, 0, 0.5, is_second=False)
    return Quotation(source, span, span, runs, runs, runs, runs)


def signed(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.signed for segment in segments)


def test_a_restating_paragraph_names_its_sources_in_reading_order() -> None:
    finding = make_finding(place(1, 3), place(0, 1))  # the best source first

    assert describe_finding(finding, NOTHING_NEW) == (
        "paragraph 4 restates paragraphs 1 (line 1) and 2 (line 3); new: nothing"
    )


def test_one_source_of_the_document_is_a_paragraph() -> None:
    assert describe_finding(make_finding(place(2, 5)), NOTHING_NEW) == (
        "paragraph 4 restates paragraph 3 (line 5); new: nothing"
    )


def test_three_sources_are_listed_with_commas() -> None:
    finding = make_finding(place(0, 1), place(1, 3), place(2, 5))

    assert name_sources(finding) == "paragraphs 1 (line 1), 2 (line 3) and 3 (line 5)"


def test_of_a_record_of_one_line_the_numbers_say_it_all() -> None:
    assert name_sources(make_finding(place(0, 7), place(1, 7))) == "paragraphs 1 and 2"


def test_what_is_new_makes_it_restate_and_add() -> None:
    finding = make_finding(place(0, 1))

    for evidence, new in (
        (Evidence((), ("Nadja Oskald", "4.3"), ()), "Nadja Oskald, 4.3"),
        (Evidence((), (), (2,)), "1 sentence"),
        (Evidence((), ("1961",), (1, 2)), "1961; 2 sentences"),
    ):
        assert describe_finding(finding, evidence) == (
            f"paragraph 4 restates and adds to paragraph 1 (line 1); new: {new}"
        )


def test_what_comes_near_only_says_so() -> None:
    finding = replace(make_finding(place(0, 1)), level="note", is_near=True)

    assert describe_finding(finding, NOTHING_NEW).startswith("paragraph 4 nearly restates ")


def test_a_rewritten_paragraph_says_from_where_and_never_adds() -> None:
    finding = make_finding(place(1, 3, "b.txt"), relation=Relation.REWRITTEN)

    assert describe_finding(finding, Evidence((), ("1961",), ())) == (
        "paragraph 4 is rewritten from b.txt:3; new: 1961"
    )


def test_a_source_in_another_document_is_named_by_its_place() -> None:
    other = replace(place(1, 3, "b.jsonl"), document="x")

    assert name_source(place(1, 3), make_finding()) == "paragraph 2"
    assert name_source(other, make_finding()) == 'b.jsonl:3 [id "x"]'


def test_documents_of_one_id_in_two_files_are_two() -> None:
    other = replace(place(1, 3), path="b.txt")

    assert name_source(other, make_finding()) == 'b.txt:3 [id "a.txt"]'


def test_more_than_six_new_words_are_counted() -> None:
    assert name_new(Evidence((), tuple("ABCDEFGHI"), ())) == "A, B, C, D, E, F and 3 more"
    assert name_new(Evidence((), tuple("ABCDEF"), ())) == "A, B, C, D, E, F"


def test_names_hold_no_control_characters() -> None:
    hostile = replace(place(0, 3), document="x\n\x1b[2J", path="b\nc\u202e.txt")

    line = describe_finding(make_finding(hostile), Evidence((), ("Nadja\x9b2J\nDUP001",), ()))

    assert not set("\n\x1b\x9b\u202e") & set(line)
    assert r"Nadja\x9b2J\x0aDUP001" in line


def test_the_shared_words_of_both_sentences_are_marked() -> None:
    text, source = "So. The mill burnt down.", "A fire: the mill burnt."
    quotation = replace(quote((4, 24), (8, 18)), source_span=(0, 23), source_runs=((12, 22),))

    ours, theirs = mark_quotation(quotation, text, source)

    assert signed(ours) == "The [=mill burnt=] down."
    assert signed(theirs) == "A fire: the [=mill burnt=]."


def test_a_sentence_that_shares_nothing_is_shown_plain() -> None:
    ours, _ = mark_quotation(quote((0, 8)), "The mill.", "The mill.")

    assert ours == (Segment(Mark.SAME, "The mill"),)


def test_a_quoted_sentence_is_one_harmless_line() -> None:
    text = "The\n mill\x1b[2J\u202e and\tthe\nriver."
    ours, _ = mark_quotation(quote((0, len(text)), (5, 13)), text, text)

    assert signed(ours) == r"The [=mill\x1b[2J=]\u202e and the river."


def test_a_very_long_sentence_is_cut() -> None:
    text = "letter " * 200  # 400 characters are 57 words and the first letter of another
    ours, _ = mark_quotation(quote((0, 1000), (0, 6), (392, 398), (700, 706)), text, text)

    assert signed(ours) == f"[=letter=]{' letter' * 55} [=letter=] l \u2026"


def test_a_shared_stretch_beyond_the_cut_is_marked_up_to_it() -> None:
    text = "word " * 200
    ours, _ = mark_quotation(quote((5, 1000), (10, 999)), text, text)

    assert signed(ours) == f"word [={('word ' * 79)}=] \u2026"


def test_the_lines_of_a_report_are_those_of_its_findings(
    report_restated: Callable[..., Report],
) -> None:
    report = report_restated(["The mill burnt.", "It fell.", "The mill burnt."], (((0, 0, 1.0),),))
    (finding,) = report.findings

    assert describe_finding(finding, NOTHING_NEW) == (
        "paragraph 3 restates paragraph 1 (line 1); new: nothing"
    )


def test_of_a_turned_finding_the_source_says_it_again() -> None:
    finding = make_finding(place(1, 9, "b.txt"), relation=Relation.REWRITTEN)
    turned = replace(finding, is_turned=True)

    for asked, evidence, said in (
        (turned, NOTHING_NEW, "is said again in other words by b.txt:9; only there: nothing"),
        (
            turned,
            Evidence((), ("1961",), (1, 2)),
            "is said again in other words by b.txt:9; only there: 1961; 2 sentences",
        ),
        (
            replace(turned, is_near=True, sources=(place(5, 11),)),
            NOTHING_NEW,
            "is nearly said again in other words by paragraph 6 (line 11); only there: nothing",
        ),
    ):
        assert describe_finding(asked, evidence) == f"paragraph 4 {said}"
