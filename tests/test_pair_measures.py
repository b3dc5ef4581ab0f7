"""Pairs of texts measured: what a scan of two documents would find, and every measure behind it."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import (
    DEFAULTS,
    Config,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
    ShinglesConfig,
    VerifyConfig,
)
from dedup.errors import InputError
from dedup.model import Relation
from dedup.pair_measures import PairMeasures, measure_pairs
from dedup.pipeline import find_duplicates
from dedup.report import RULE_OF

LONG: Final = "the mill stands by the river and its wheel turns all night while the town sleeps"
ENGINES: Final = (
    Config(run=RunConfig(engine="numpy")),
    Config(run=RunConfig(engine="numba")),
)
SETTINGS: Final = (
    DEFAULTS,
    Config(shingles=ShinglesConfig(kind="char", size=5)),
    Config(paragraphs=ParagraphsConfig(min_words=12)),
    Config(verify=VerifyConfig(slot_guard=False)),
    Config(restatement=RestatementConfig(min_score=0.2, sensitive=True)),
    Config(run=RunConfig(rules=("DUP003", "DUP004"))),
)
WORDS: Final = re.findall(
    r"\S+",
    "harbour board fined owners tanker pumping oily water fairway fisherman photographed slick "
    "dawn coastguard captain valve jammed records repair the of and 14 2025 May 3.5 % 水库裂缝 été",
)


def scan(left: str, right: str, config: Config) -> Relation:
    """Give what a scan of two documents with one paragraph each reports, NONE for nothing."""
    whole = replace(config, paragraphs=replace(config.paragraphs, unit="record"))
    report = find_duplicates([{"text": left}, {"text": right}], whole)
    found = [Relation(int(relation)) for relation in report.grouping.relations if relation]
    found += [Relation(int(relation)) for relation in report.restatements.relations]
    directed = (Relation.CONTAINED, Relation.VARIANT)
    found += [Relation(r) for r in report.pairs.relations.tolist() if r in directed]
    found = [relation for relation in found if RULE_OF[relation] in config.run.rules]
    assert len(found) <= 1
    return found[0] if found else Relation.NONE


def relate(left: str, right: str, config: Config = DEFAULTS) -> Relation:
    return Relation(int(measure_pairs([left], [right], config).relations[0]))


def list_columns(measures: PairMeasures) -> dict[str, list[float]]:
    return {name: getattr(measures, name).tolist() for name in PairMeasures.__slots__}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Give a text, and one that was made from it by moving and changing words."""
    words = draw(st.lists(st.sampled_from(WORDS), max_size=40))
    others = list(words)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(others)))
        others[place : place + draw(st.integers(0, 8))] = draw(
            st.lists(st.sampled_from([*WORDS, "Stop."]), max_size=8)
        )
    if draw(st.booleans()):
        half = draw(st.integers(0, len(others)))
        others = others[half:] + others[:half]
    return " ".join(words), " ".join(others)


@given(pairs(), st.sampled_from(SETTINGS))
def test_the_relation_is_what_a_scan_of_two_documents_finds(
    pair: tuple[str, str], config: Config
) -> None:
    assert relate(*pair, config) == scan(*pair, config)


def test_the_labelled_pairs_stand_as_a_scan_finds_them(data: Path) -> None:
    lines = (data / "quality" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]

    measures = measure_pairs([row["a"] for row in rows], [row["b"] for row in rows])

    found = [scan(row["a"], row["b"], DEFAULTS) for row in rows]
    assert measures.relations.tolist() == found
    assert Relation.REWRITTEN in found


@given(st.lists(pairs(), max_size=4), st.sampled_from(SETTINGS))
def test_both_engines_measure_alike(listed: list[tuple[str, str]], config: Config) -> None:
    lefts, rights = [pair[0] for pair in listed], [pair[1] for pair in listed]
    runs = [replace(config, run=replace(config.run, engine=e.run.engine)) for e in ENGINES]

    one, two = (list_columns(measure_pairs(lefts, rights, run)) for run in runs)

    assert one == two


@given(pairs())
def test_what_has_no_direction_is_symmetric_and_all_shares_are_shares(
    pair: tuple[str, str],
) -> None:
    left, right = pair

    there, back = (list_columns(measure_pairs([a], [b])) for a, b in ((left, right), (right, left)))

    for name in ("resemblance", "containment", "char_resemblance", "dice"):
        assert there[name] == back[name]
        assert 0.0 <= there[name][0] <= 1.0
    assert there["left_in_right"] == back["right_in_left"]
    assert there["n_left"] == back["n_right"]
    assert 0.0 <= there["rewrite_score"][0] <= 1.0


@given(st.lists(pairs(), min_size=1, max_size=4))
def test_a_pair_is_measured_as_if_it_were_alone(listed: list[tuple[str, str]]) -> None:
    lefts, rights = [pair[0] for pair in listed], [pair[1] for pair in listed]

    together = list_columns(measure_pairs(lefts, rights))

    alone = [list_columns(measure_pairs([a], [b])) for a, b in listed]
    assert together == {name: [row[name][0] for row in alone] for name in together}


def test_many_pairs_are_measured_part_by_part() -> None:
    texts = [f"{LONG} number {n}" for n in range(1500)]

    measures = measure_pairs(texts, [*texts[1:], texts[0]], Config(run=RunConfig(jobs=2)))

    assert len(measures) == 1500
    assert set(measures.n_left.tolist()) == {18}
    assert set(measures.relations.tolist()) == {Relation.VARIANT}


def test_the_measures_are_those_of_the_sets() -> None:
    # a b c, b c d against a b c, b c x, c x y: one shingle of four is in both
    measures = measure_pairs(["a b c d"], ["a b c x y"])

    assert measures.relations.tolist() == [Relation.NONE]
    assert measures.resemblance.tolist() == [0.25]
    assert measures.left_in_right.tolist() == measures.containment.tolist() == [0.5]
    assert measures.right_in_left.tolist() == pytest.approx([1 / 3])
    # "a b c", " b c " are shared; "b c d" against "b c x", " c x ", "c x y": two of six
    assert measures.char_resemblance.tolist() == pytest.approx([2 / 6])


def test_a_score_is_directed_and_its_pair_is_rewritten() -> None:
    told = "Engineers must lower the lake before the crack in the dam can be filled with concrete."
    again = "Before the crack in the dam is filled, engineers must lower the lake."
    more = f"{again} Farmers downstream were told that their meadows would be flooded for weeks."

    forth, back = measure_pairs([told], [more]), measure_pairs([more], [told])

    assert back.rewrite_score[0] > forth.rewrite_score[0]
    assert relate(more, told) is Relation.NONE  # nine content terms are too few
    assert relate(more, told, replace(DEFAULTS, restatement=RestatementConfig(min_terms=5))) is (
        Relation.REWRITTEN
    )


def test_a_text_too_short_stands_in_no_relation_but_is_measured() -> None:
    measures = measure_pairs(["One and two."], ["one AND two."])

    assert measures.relations.tolist() == [Relation.NONE]
    assert measures.resemblance.tolist() == [1.0]
    assert relate("One; two", "one; TWO", Config(paragraphs=ParagraphsConfig(min_words=1))) is (
        Relation.IDENTICAL
    )


@pytest.mark.parametrize(("left", "right"), [("", ""), ("", LONG), ("...", LONG), ("\ud800", " ")])
def test_texts_without_a_word_share_nothing(left: str, right: str) -> None:
    measures = measure_pairs([left], [right])

    assert measures.relations.tolist() == [Relation.NONE]
    assert measures.combined.tolist() == [0.0]


def test_combined_is_the_measure_that_is_highest_over_its_threshold() -> None:
    measures = measure_pairs([LONG], [" ".join(LONG.split()[:9])])

    assert measures.relations.tolist() == [Relation.CONTAINED]
    assert measures.combined.tolist() == [1 / 0.8]


def test_lists_are_not_judged_rewritten_where_prose_is() -> None:
    items = [
        "red engines pump cold water",
        "green valves hold high pressure",
        "old captains read small gauges",
    ]
    strict = Config(verify=VerifyConfig(min_resemblance=1.0, min_containment=1.0))

    others = [*items[1:], items[0]]

    found = {
        between: relate(between.join(["", *items]), between.join(["", *others]), strict)
        for between in (". ", "\n- ")
    }

    assert found == {". ": Relation.REWRITTEN, "\n- ": Relation.NONE}


def test_no_pairs_give_empty_columns() -> None:
    measures = measure_pairs([], [])

    assert len(measures) == 0
    assert measures.relations.dtype == np.uint8


def test_sides_of_different_length_are_refused() -> None:
    with pytest.raises(InputError, match="2 left texts stand against 1 right ones"):
        measure_pairs(["a", "b"], ["a"])
