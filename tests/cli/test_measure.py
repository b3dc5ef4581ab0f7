"""Two texts measured, and partners found among many."""

import pytest

from dedup.cli.measure import find_partners, measure_pair
from dedup.config import DEFAULTS, Config, VerifyConfig
from dedup.model import Relation

LONG = "the mill stands by the river and its wheel turns all night while the town sleeps"


def test_the_measures_are_those_of_the_shingle_sets() -> None:
    # a b c, b c d against a b c, b c x: one of three shingles is in both
    measures = measure_pair("a b c d", "a b c x", DEFAULTS)

    assert measures.relation is Relation.NONE
    assert measures.resemblance == pytest.approx(1 / 3)
    assert (measures.left_in_right, measures.right_in_left) == (0.5, 0.5)
    assert (measures.n_left, measures.n_right, measures.length_ratio) == (4, 4, 1.0)


def test_a_text_is_identical_to_itself() -> None:
    measures = measure_pair("One; TWO", "one; two", DEFAULTS)

    assert measures.relation is Relation.IDENTICAL
    assert (measures.resemblance, measures.char_resemblance) == (1.0, 1.0)


def test_texts_that_share_nothing_have_measures_of_zero() -> None:
    measures = measure_pair("a b c", "x y z", DEFAULTS)

    assert measures.relation is Relation.NONE
    assert (measures.resemblance, measures.containment, measures.conflicts) == (0.0, 0.0, 0)


def test_containment_is_that_of_the_shorter_text() -> None:
    short = " ".join(LONG.split()[:9])

    assert measure_pair(short, LONG, DEFAULTS).relation is Relation.CONTAINED
    assert measure_pair(short, LONG, DEFAULTS).containment == 1.0
    assert measure_pair(LONG, short, DEFAULTS).containment == 1.0


def test_other_numbers_are_counted_with_the_guard_and_ignored_without() -> None:
    one, two = f"in 1999 {LONG} for 7 years", f"in 2004 {LONG} for 8 years"

    guarded = measure_pair(one, two, DEFAULTS)
    unguarded = measure_pair(one, two, Config(verify=VerifyConfig(slot_guard=False)))

    assert (guarded.relation, guarded.conflicts) == (Relation.VARIANT, 2)
    assert unguarded.relation is Relation.NEAR_DUPLICATE


def test_each_text_gets_the_partner_that_shares_most() -> None:
    rights = ["nothing of the kind", LONG, "the mill stands by a lake", "another text altogether"]
    lefts = [LONG, "we saw that the mill stands by a lake in the hills", "quite other words"]

    assert find_partners(lefts, rights, DEFAULTS).tolist() == [1, 2, 0]


def test_a_pair_has_the_score_and_the_terms_that_rewriting_is_judged_by() -> None:
    told = "Engineers must lower the lake before the crack in the dam can be filled with concrete."
    again = "Before the crack in the dam is filled with concrete, engineers must lower the lake."

    measures = measure_pair(told, again, DEFAULTS)

    assert measures.rewrite_score > 0.6
    assert measures.dice == 1.0
    assert measure_pair("a b c", "x y z", DEFAULTS).rewrite_score == 0.0
