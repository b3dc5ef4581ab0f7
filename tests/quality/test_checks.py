from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup import find_duplicates
from tests.quality.__main__ import main
from tests.quality.candidates import (
    Recorder,
    cut_runs,
    join_natural,
    number_texts,
    record_candidates,
    tally_proposed,
)
from tests.quality.checks import choose_checks
from tests.quality.labelled import Article, choose_half
from tests.quality.padding import WITHIN, Judged, judge_articles, rank_sources, tally
from tests.quality.paired import tally_pairs
from tests.quality.verses import VERSIONS, join_verses

FIRST = (
    "The harbour board of Skarne fined the owners of the tanker Lovisa for pumping oily water into "
    "the fairway. A fisherman photographed the slick at dawn and sent pictures to the coastguard."
)
OTHER = (
    "Melting glaciers above the village left a lake that grows every summer. Engineers dug a "
    "tunnel through the moraine, and shepherds now hear its roar across the whole valley at night."
)
AGAIN = (
    "The owners of the tanker Lovisa were fined by the harbour board of Skarne for pumping oily "
    "water into the fairway. The slick was photographed at dawn by a fisherman, who sent pictures."
)


def _write(*paragraphs: str, sources: dict[int, set[int]]) -> Article:
    return Article("one", "one", ("light", "tune"), "\n\n".join(paragraphs), sources, frozenset())


def test_a_restating_paragraph_is_held_against_its_label() -> None:
    articles = [
        _write(FIRST, OTHER, AGAIN, sources={2: {0}}),
        _write(OTHER, FIRST, AGAIN, sources={2: {0}}),
        _write(FIRST, OTHER, sources={}),
    ]

    judged = judge_articles(articles, WITHIN)

    assert judged.articles.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
    assert np.flatnonzero(judged.is_restating).tolist() == [2, 5]
    assert np.flatnonzero(judged.is_flagged).tolist() == [2, 5]
    assert np.flatnonzero(judged.is_sourced).tolist() == [2]  # the label of the second is wrong
    assert np.flatnonzero(judged.is_clean).tolist() == [6, 7]


def test_the_source_of_a_copy_is_its_canonical() -> None:
    report = find_duplicates([{"text": f"{OTHER}\n\n{FIRST}\n\n{FIRST}"}], WITHIN)

    assert rank_sources(report) == {2: 1}


def test_labels_that_count_other_paragraphs_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of the labels"):
        judge_articles([_write(FIRST, "", OTHER, sources={})], WITHIN)


def test_articles_are_tallied_by_what_restates_in_them() -> None:
    true, flagged = np.array([[1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 1]], np.bool_)
    sourced = np.array([1, 0, 0, 0, 0, 0], np.bool_)
    articles = np.array([0, 0, 0, 1, 1, 2])

    figures = tally(Judged(articles, true, flagged, sourced, articles < 2, articles == 1))

    assert {name: figure.value for name, figure in figures.items()} == {
        "paragraphs": 5,
        "restating": 2,
        "precision": 1 / 3,
        "recall": 1 / 2,
        "F1": 2 / 5,
        "best source": 1.0,
        "padded articles flagged": 1.0,
        "clean flagged": 1 / 2,
        "clean articles flagged": 1.0,
        "half flagged": 1.0,
    }


def test_pairs_are_tallied_by_their_labels() -> None:
    found, true = np.array([[1, 0, 1, 0, 0], [1, 1, 0, 0, 0]], np.bool_)

    figures = tally_pairs(found, true, np.arange(5))

    values = {name: figure.value for name, figure in figures.items()}
    assert values == {"pairs": 5, "true": 2, "precision": 0.5, "recall": 0.5, "false share": 1 / 3}


def test_versions_of_an_article_are_in_one_half() -> None:
    halves = [choose_half(f"article {number}") for number in range(1000)]

    assert halves == [choose_half(f"article {number}") for number in range(1000)]
    assert 450 < halves.count("tune") < 550
    assert set(halves) == {"tune", "report"}


def test_verses_that_all_versions_have_are_joined_by_fours() -> None:
    rows: list[dict[str, Any]] = [
        {"cluster": f"Luke.2.{verse}", "version": version, "text": f"{version}{verse}"}
        for verse in (11, 1, 2, 3, 5, 7)
        for version in VERSIONS
        if (verse, version) != (3, "YLT")
    ]

    books = join_verses(rows)

    assert [passage["KJV"] for passage in books["Luke"]] == ["KJV1 KJV2 KJV5 KJV7"]


def test_neighbouring_texts_are_joined_until_they_are_long_enough() -> None:
    assert join_natural(["a b", "c", "d e f", "g"], 3) == ["a b c", "d e f"]


def test_a_run_is_30_to_60_percent_of_the_words() -> None:
    text = " ".join(map(str, range(100)))

    runs = cut_runs([text] * 50)

    assert all(run in text for run in runs)
    assert 30 <= min(len(run.split()) for run in runs) < 35
    assert 55 < max(len(run.split()) for run in runs) <= 60


def test_a_text_in_two_pairs_is_one_paragraph() -> None:
    texts, numbers = number_texts(["a", "b", "a"])

    assert texts == ["a", "b"]
    assert numbers.tolist() == [0, 1, 0]


def test_what_the_run_looks_up_is_recorded() -> None:
    recorder = Recorder()

    record_candidates([OTHER, FIRST, AGAIN, FIRST], recorder)

    assert recorder.kept.tolist() == [0, 1, 2]
    assert recorder.pairs == [(1, 2)]


def test_planted_pairs_count_where_both_sides_are_kept() -> None:
    recorder = Recorder()
    recorder.kept, recorder.pairs = np.array([0, 1, 2, 3]), [(1, 0), (2, 3), (0, 3)]
    sides = np.array([0, 0, 2, 2]), np.array([1, 2, 4, 2])

    figures = dict(tally_proposed(np.array(["light", "heavy", "light", "light"]), sides, recorder))

    assert figures["light"]["recall"].value == 1.0
    assert figures["heavy"]["recall"].value == 0.0
    assert figures["all"]["pairs"].value == 2  # paragraph 4 is not kept, the last pair is no pair
    assert figures["all"]["candidates"].value == 3 / 4


def test_large_checks_are_run_only_when_asked_for() -> None:
    usual = {check.set_name for check in choose_checks(["candidates"], large=False)}
    large = {check.set_name for check in choose_checks(["candidates"], large=True)}

    assert large - usual == {"anchors of 100,000"}


def test_the_command_leaves_out_what_is_not_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["wikisplit", "own pairs", "--shared", str(tmp_path)])

    output = capsys.readouterr()
    assert output.err == "wikisplit: left out, no data/wikisplit\n"
    assert output.out.startswith("pairs ")


def test_the_command_refuses_a_set_it_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["wikisplits"])

    assert "no section or set wikisplits" in capsys.readouterr().err
