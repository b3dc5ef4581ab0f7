"""Texts and sentences as plain lines."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dedup.findings import turn_round
from dedup.model import Relation
from dedup.outcome import Outcome
from dedup.report import Report
from dedup.reporters.quoting import show_lines
from dedup.runs import FreshRun


def lines(report: Report) -> list[str]:
    return list(show_lines(report.findings[0], FreshRun(report)))


def test_identical_text_is_shown_as_it_is(report_text: Callable[..., Report]) -> None:
    assert lines(report_text("One\n  line\x1b[2J only.")) == [r"One line\x1b[2J only."]


def test_differences_are_told_by_signs(report_pair: Callable[[str, str], Report]) -> None:
    report = report_pair("The ferry leaves at nine.", "The ferry sails at nine.")

    assert lines(report) == ["The ferry [-leaves-]{+sails+} at nine."]


def test_a_paragraph_that_differs_in_no_word_is_shown(
    report_pair: Callable[[str, str], Report],
) -> None:
    assert lines(report_pair("The ferry leaves.", "The ferry: leaves!")) == ["The ferry: leaves!"]


def test_a_word_longer_than_a_line_is_cut(report_text: Callable[..., Report]) -> None:
    assert list(map(len, lines(report_text("x" * 200)))) == [88, 88, 24]


def test_each_sentence_comes_before_who_said_it(report_restated: Callable[..., Report]) -> None:
    report = report_restated(
        ["The mill burnt.", "The bakery is shut.", "The mill burnt. The bakery is shut."],
        (((0, 0, 1.0),), ((1, 0, 1.0),)),
    )

    assert lines(report) == [
        "says  The [=mill burnt=].",
        "from  paragraph 1: The [=mill burnt=].",
        "says  The [=bakery is shut=].",
        "from  paragraph 2: The [=bakery is shut=].",
    ]


def test_many_sentences_are_cut_and_counted(report_restated: Callable[..., Report]) -> None:
    sentences = [f"The mill number {place} burnt." for place in range(15)]
    text = " ".join(sentences)

    shown = lines(report_restated([text, text], tuple(((0, n, 1.0),) for n in range(15))))

    assert len(shown) == 2 * 12 + 1
    assert shown[-1] == "… 3 more sentences"


def test_no_more_than_forty_lines_are_shown(report_pair: Callable[[str, str], Report]) -> None:
    left = " ".join(f"word{place}" for place in range(1000))
    right = " ".join(f"word{place + place % 3}" for place in range(1000))

    shown = lines(report_pair(left, right))

    assert len(shown) == 41
    assert shown[-1] == "…"


@pytest.mark.parametrize(
    ("short", "long", "found", "turned"),
    [
        ("One cat sat.", "Oh! One cat sat. So?", "One cat sat.", "One cat sat."),
        ("One cat sat.", "Oh! One cat did sit.", "One cat {+sat+}.", "One cat [-sat-]."),
        (
            "A cat sat on it and no dog saw.",
            "Oh! A cat lay on it, and dog saw. So?",
            "A cat [-lay-]{+sat+} on it and {+no+} dog saw.",
            "A cat [-sat-]{+lay+} on it and [-no-] dog saw.",
        ),
    ],
)
def test_a_paragraph_that_contains_another_shows_that_one_and_what_it_has_instead(
    report_pair: Callable[[str, str], Report], short: str, long: str, found: str, turned: str
) -> None:
    run = FreshRun(report_pair(long, short))
    contained = replace(run.findings[0], relation=Relation.CONTAINED)

    assert list(show_lines(contained, run)) == [found]
    assert list(show_lines(turn_round(contained), run)) == [turned]


def test_the_sentences_of_a_turned_finding_stand_behind_the_places_that_have_them(
    turned: Outcome,
) -> None:
    rewritten, _ = turned.findings

    assert [line[:22] for line in show_lines(rewritten, turned.run) if line[:1] != " "] == [
        "says  docs/old.md:9: A",
        "here  paragraph 2: The",
        "says  docs/old.md:9: A",
        "here  paragraph 2: As ",
    ]
