"""What one round removes: nothing on the word of what goes too, nor on nobody's."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.choosing import Removal, Removals, choose_removals, name_rules
from dedup.config import Config, RestatementConfig, RunConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.sources import list_sources, rank_sources
from tests.edited_documents import BASES, CONFIGS, DOCUMENTS, RELATIONS, Documents

_GROUPED: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.BOILERPLATE)
_REMOVALS: Final = st.lists(
    st.builds(
        Removal,
        st.integers(0, 1000),
        st.sampled_from(list(Relation)[1:]),
        st.floats(0, 1),
        st.lists(st.integers(0, 1000), min_size=1, max_size=4).map(tuple),
    ),
    unique_by=lambda removal: removal.number,
    max_size=12,
)


@given(_REMOVALS)
def test_removals_are_found_by_number(removals: list[Removal]) -> None:
    found = Removals.of_some(removals)

    assert dict(found) == {removal.number: removal for removal in removals}
    assert list(found) == found.numbers.tolist() == sorted(found)
    assert found.first_sources.tolist() == [found[number].sources[0] for number in found]
    for number in set(range(1001)) - {removal.number for removal in removals}:
        assert number not in found


@given(_REMOVALS, st.integers(0, 12))
def test_removals_of_several_rounds_are_put_together(removals: list[Removal], cut: int) -> None:
    parts = [Removals.of_some(removals[:cut]), Removals.of_some(removals[cut:])]

    assert Removals.chain(parts) == Removals.of_some(removals)


@given(_REMOVALS)
def test_removals_are_numbered_anew(removals: list[Removal]) -> None:
    rows = np.arange(1001) * 3 + 1

    found = Removals.of_some(removals).number(rows)

    assert dict(found) == {
        3 * removal.number + 1: replace(
            removal,
            number=3 * removal.number + 1,
            sources=tuple(3 * source + 1 for source in removal.sources),
        )
        for removal in removals
    }


def run(documents: Documents, config: Config) -> Report:
    return find_duplicates([{"text": "\n\n".join(texts)} for texts in documents], config)


def list_candidates(report: Report, wanted: set[Relation]) -> Iterator[Removal]:
    """List all that may go, in the order in which it is asked."""
    grouping, found = report.grouping, report.restatements
    for number, relation in enumerate(grouping.relations.tolist()):
        if relation in wanted & {*_GROUPED}:
            canonical = (int(grouping.canonicals[number]),)
            score = float(grouping.resemblance[number])
            yield Removal(number, Relation(relation), score, canonical)
    if Relation.CONTAINED in wanted:
        for number, source, score, _ in report.best_pairs(Relation.CONTAINED):
            yield Removal(number, Relation.CONTAINED, score, (source,))
    for relation in (Relation.REWRITTEN, Relation.RESTATED):
        for row, number in enumerate(found.numbers.tolist()):
            if found.relations[row] == relation in wanted and not found.are_near[row]:
                sources = rank_sources(list_sources(found, row))
                yield Removal(number, relation, float(found.scores[row]), sources)


def choose_by_hand(report: Report, wanted: set[Relation]) -> dict[int, Removal]:
    removed: dict[int, Removal] = {}
    needed = set[int]()
    for removal in list_candidates(report, wanted):
        is_free = removal.number not in removed and removal.number not in needed
        if is_free and removal.sources and removed.keys().isdisjoint(removal.sources):
            removed[removal.number] = removal
            needed.update(removal.sources)
    return removed


@settings(max_examples=150)
@given(
    DOCUMENTS,
    st.sets(st.sampled_from(RELATIONS)).map(sorted).map(tuple),
    CONFIGS,
    st.builds(
        RestatementConfig,
        sensitive=st.booleans(),
        min_terms=st.integers(2, 8),
        min_score=st.just(0.2),
    ),
)
def test_a_round_removes_what_a_walk_over_all_findings_does(
    documents: Documents, relations: tuple[str, ...], config: Config, rules: RestatementConfig
) -> None:
    report = run(documents, replace(config, restatement=rules))

    found = choose_removals(report, relations)

    assert found == choose_by_hand(report, {each for each in Relation if each.label in relations})


def test_what_nobody_says_is_not_removed() -> None:
    """Three terms make a sentence that can have a source; these have two each."""
    words = "Red mill. Old bridge. Deep river. Lost ferry. New captain. Cold harbour. Late winter."
    again = "Lost ferry! Late winter! Old bridge! Cold harbour! Red mill! Deep river! New captain!"
    config = Config(
        restatement=RestatementConfig(min_terms=4),
        run=RunConfig(rules=("DUP004",)),
    )

    report = run([[words], [again]], config)

    assert report.restatements.numbers.tolist() == [1]
    assert report.restatements.sources.max() == -1
    assert len(choose_removals(report, ("rewritten",))) == 0


@pytest.mark.parametrize("relations", [(), ("contained",), RELATIONS])
def test_of_documents_that_say_nothing_again_none_is_removed(relations: tuple[str, ...]) -> None:
    report = run([[BASES[0]], [BASES[1]], [BASES[4]]], Config())

    assert choose_removals(report, relations) == {}


def test_rules_are_those_of_the_relations_and_of_what_is_set_apart() -> None:
    assert name_rules(("contained",)) == ("DUP003", "DUP006", "DUP007", "DUP900")
    assert name_rules(("boilerplate",)) == ("DUP006", "DUP007", "DUP900")
