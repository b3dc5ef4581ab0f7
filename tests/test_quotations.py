"""What is quoted: spans of the original texts, and what a paragraph says first."""

from pathlib import Path
from typing import Final

import pytest

from dedup.config import Config, RunConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.quotations import Evidence, Quotation, Quoter
from dedup.report import Report
from dedup.runs import FreshRun

CRACK: Final = (
    "Divers found a crack forty metres long in the upstream face of the Hollin dam, so the water "
    "authority of Castrovia ordered an emergency lowering of the reservoir."
)
CRACK_AGAIN: Final = (
    "A crack forty metres long, which divers found in the Hollin dam's upstream face, made "
    "Castrovia's water authority order an emergency lowering of its reservoir."
)
OTHER: Final = (
    "On the island of Ness three groceries ran out of milk, bread flour and nappies by Wednesday, "
    "and the butcher sold mutton by the half kilo only."
)
SHARED: Final = ["crack", "forty", "metres", "long", "divers", "found", "Hollin", "dam"]
REWRITTEN: Final = Config(run=RunConfig(rules=("DUP004",)))


def run(*paragraphs: str) -> Report:
    return find_duplicates([{"text": "\n\n".join(paragraphs)}])


def quote(report: Report) -> Evidence:
    """Quote the only restated or rewritten finding."""
    (finding,) = [finding for finding in report.findings if finding.said]
    return Quoter(FreshRun(report)).quote(finding)


def cut(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_a_sentence_and_its_source_are_cut_whole_from_the_texts() -> None:
    source = f"So it began.  {CRACK} Nobody slept."
    again = f"They were told.\n{CRACK_AGAIN}"
    (quotation,) = [q for q in quote(run(source, OTHER, again)).quotations if q.source.share > 0.5]

    assert again[slice(*quotation.span)] == CRACK_AGAIN
    assert source[slice(*quotation.source_span)] == CRACK


def test_the_shared_words_are_cut_from_both_texts_in_reading_order() -> None:
    (quotation,) = quote(run(CRACK, OTHER, CRACK_AGAIN)).quotations

    # "made" stands on one side only; "order" is no "ordere", the first six letters of "ordered".
    assert cut(CRACK_AGAIN, quotation.shared) == [
        *("crack", "forty", "metres", "long", "divers", "found", "Hollin", "dam", "upstream"),
        *("face", "Castrovia", "water", "authority", "emergency", "lowering"),
        "reservoir",
    ]
    assert cut(CRACK, quotation.source_shared) == [
        *("Divers", "found", "crack", "forty", "metres", "long", "upstream", "face", "Hollin"),
        *("dam", "water", "authority", "Castrovia", "emergency", "lowering"),
        "reservoir",
    ]


def test_runs_join_shared_words_that_only_stop_words_part() -> None:
    (quotation,) = quote(run(CRACK, OTHER, CRACK_AGAIN)).quotations

    assert cut(CRACK_AGAIN, quotation.runs)[0] == (
        "crack forty metres long, which divers found in the Hollin dam's upstream face"
    )
    assert cut(CRACK, quotation.source_runs)[0].startswith("Divers found a crack forty metres")


def test_a_sentence_of_two_sources_has_two_quotations() -> None:
    first = "Divers found a long crack in the upstream face of the Hollin dam on Tuesday morning."
    second = "The mayor of Marnow closed two schools and the riverside market as a precaution."
    both = (
        "Divers having found a long crack in the upstream face of the Hollin dam, the mayor of "
        "Marnow closed two schools and the riverside market."
    )
    quotations = quote(run(first, second, both)).quotations

    assert [(q.source.sentence, q.source.is_second) for q in quotations] == [(0, False), (0, True)]
    assert {q.source.number for q in quotations} == {0, 1}
    assert {both[slice(*q.span)] for q in quotations} == {both}
    assert {q.source_span for q in quotations} == {(0, len(first)), (0, len(second))}


def test_nothing_is_new_in_what_was_said_before() -> None:
    evidence = quote(run(CRACK, OTHER, CRACK_AGAIN))

    assert (evidence.new, evidence.unsaid, evidence.adds) == ((), (), False)


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        ("near Port Calder", ("Port Calder",)),
        ("by 4,250.5 metres", ("4,250.5",)),
        ("near Ness and Skarrow", ("Skarrow",)),  # Ness stands in an earlier paragraph
        ("with Nadja, Ilka and Nadja", ("Nadja", "Ilka")),
        ("in 1961 by Marit Oskald", ("1961", "Marit Oskald")),
        ("by crews and 8.5bn crowns", ("8.5",)),
        ("slowly and carefully", ()),
    ],
)
def test_new_names_and_numbers_stand_as_in_the_text(
    addition: str, expected: tuple[str, ...]
) -> None:
    evidence = quote(run(CRACK, OTHER, f"{CRACK_AGAIN[:-1]} {addition}."))

    assert evidence.new == expected
    assert evidence.adds == bool(expected)


def test_the_first_word_of_a_sentence_is_no_name_also_behind_a_quotation_mark() -> None:
    evidence = quote(run(CRACK, OTHER, f"\u201cHuge: {CRACK_AGAIN} Frogs are gone. (Toads too.)"))

    assert evidence.new == ()


def test_what_comes_later_is_new_all_the_same() -> None:
    later = "Skarrow and its ferry to Ness were closed on Monday by the council of the island."

    assert quote(run(CRACK, OTHER, f"{CRACK_AGAIN[:-1]} at Skarrow.", later)).new == ("Skarrow",)


def test_sentences_that_nobody_said_are_counted_from_nought() -> None:
    unsaid = "Farmers offered potatoes from a trailer beside the church."
    said = "The ferry stopped."  # two terms are too few to be missed

    evidence = quote(run(CRACK, OTHER, f"{said} {CRACK_AGAIN} {unsaid}"))

    assert (evidence.unsaid, evidence.adds) == ((2,), True)


def test_german_nouns_are_no_names_but_numbers_are_new() -> None:
    first = (
        "Taucher fanden einen Riss von vierzig Metern in der Mauer des Stausees, deshalb hat die "
        "Beh\u00f6rde das Wasser sofort abgelassen."
    )
    again = (
        "Weil Taucher in der Mauer des Stausees einen Riss von vierzig Metern fanden, hat die "
        "Beh\u00f6rde sofort das Wasser abgelassen, auch wegen der Bauern und der Ernte von 1961."
    )
    other = "Der B\u00e4cker hat am Morgen kein Brot und keine Milch mehr, nur noch Mehl und Salz."

    assert quote(run(first, other, again)).new == ("1961",)


def test_a_rewritten_paragraph_is_compared_with_its_source_alone() -> None:
    # Ness is known to the document, but not to the paragraph it is rewritten from.
    records = [{"text": CRACK}, {"text": f"{OTHER}\n\n{CRACK_AGAIN[:-1]} near Ness."}]
    report = find_duplicates(records, REWRITTEN)

    (finding,) = report.findings
    assert finding.relation is Relation.REWRITTEN
    assert Quoter(FreshRun(report)).quote(finding).new == ("Ness",)


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("the Hollin dam's", "the \u201cHollin\u201d dam\u2019s"),
        ("found", "\ufb01nd, found"),  # a ligature is two letters, once normalized
        ("metres", "me-\ntres"),  # a word divided at a line's end
        ("forty", "\uff26\uff4f\uff52\uff54\uff59"),  # full width
        ("long", "lo\u00adng"),  # a soft hyphen
    ],
)
def test_spans_point_into_the_text_as_it_was_written(plain: str, written: str) -> None:
    again = CRACK_AGAIN.replace(plain, written)
    (quotation,) = quote(run(CRACK, OTHER, again)).quotations

    assert again[slice(*quotation.span)] == again
    shared = cut(again, quotation.shared)
    expected = {"Hollin", "divers", "reservoir", "emergency", "crack"}
    assert expected <= set(shared)
    assert shared[-1] == "reservoir"
    if plain in ("metres", "forty", "long"):
        assert written in shared


def test_beyond_the_basic_plane_a_character_counts_as_one() -> None:
    again = f"\U0001f600 \U0001d400 {CRACK_AGAIN}"
    (quotation,) = quote(run(CRACK, OTHER, again)).quotations

    assert set(SHARED) <= set(cut(again, quotation.shared))


def test_scripts_without_blanks_are_quoted_by_characters() -> None:
    first = "水库的大坝出现了四十米长的裂缝\uff0c当局下令放水。"
    other = "岛上的商店已经没有牛奶和面包\uff0c居民很担心。"
    again = "当局下令放水\uff0c因为水库的大坝上出现了四十米长的裂缝。"
    (quotation,) = quote(run(first, other, again)).quotations

    assert "\u5927\u575d" in cut(again, quotation.shared)
    runs = cut(again, quotation.runs)
    assert "\u5f53\u5c40\u4e0b\u4ee4\u653e\u6c34" in runs[0]


def test_every_quotation_of_the_padded_article_holds_the_same_terms_on_both_sides(
    data: Path,
) -> None:
    report = find_duplicates([data / "articles" / "padded.txt"])
    quoter = Quoter(FreshRun(report))

    quotations: list[tuple[int, Quotation]] = []
    for finding in report.findings:
        evidence = quoter.quote(finding)
        assert not evidence.adds  # data/README.md: no number or name that the sources have not
        quotations += [(finding.number, quotation) for quotation in evidence.quotations]
    assert len(quotations) >= 9
    for number, quotation in quotations:
        ours = cut(report.text(number), quotation.shared)
        theirs = cut(report.text(quotation.source.number), quotation.source_shared)
        assert {word[:6].lower() for word in ours} == {word[:6].lower() for word in theirs}
        bounds = [place for span in quotation.shared for place in span]
        assert bounds == sorted(bounds)
        assert quotation.span[0] <= bounds[0] <= bounds[-1] <= quotation.span[1]


def test_the_documents_of_a_report_are_told_apart() -> None:
    # Oskald is known in the first document, new in the second.
    known = f"{OTHER[:-1]} to Marit Oskald."
    again = f"{CRACK_AGAIN[:-1]} near Oskald."
    config = Config(run=RunConfig(rules=("DUP005",)))
    records = [{"text": f"{CRACK}\n\n{known}\n\n{again}"}, {"text": f"{CRACK}\n\n{again}"}]
    report = find_duplicates(records, config)
    quoter = Quoter(FreshRun(report))

    news = [quoter.quote(finding).new for finding in report.findings]
    back = [quoter.quote(finding).new for finding in reversed(report.findings)]

    assert news == [(), ("Oskald",)]
    assert back == [("Oskald",), ()]
