"""Why a relation was given or not, in words."""

from dataclasses import replace
from typing import Any

import pytest

from dedup.cli.measure import Measures
from dedup.cli.verdict import describe_measures, explain_relation
from dedup.config import DEFAULTS, Config, ParagraphsConfig, VerifyConfig
from dedup.model import Relation

NEAR = Measures(Relation.NEAR_DUPLICATE, 0.7, 0.8, 0.8, 0.75, 0, 20, 20, 0.7, 0.8)
UNGUARDED = Config(verify=VerifyConfig(slot_guard=False))


def explain(changes: dict[str, Any], config: Config = DEFAULTS) -> str:
    return "; ".join(explain_relation(replace(NEAR, **changes), config))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"relation": Relation.IDENTICAL}, "the texts are one but for case"),
        ({}, "resemblance 0.70 reaches 0.60 (DUP002, --threshold)"),
        (
            {"relation": Relation.NONE, "resemblance": 0.55, "left_in_right": 0.7, "n_left": 15},
            "--threshold); containment of the shorter 0.70 is under 0.80 (DUP003, --containment)",
        ),
        (
            {"relation": Relation.NONE, "resemblance": 0.5, "right_in_left": 0.9, "n_right": 18},
            "reaches 0.80 (DUP003, --containment), but its length 0.90 of the longer's is over",
        ),
        (
            {"relation": Relation.CONTAINED, "resemblance": 0.4, "left_in_right": 1.0, "n_left": 8},
            "reaches 0.80 (DUP003, --containment), and its length 0.40 of the longer's is at most",
        ),
        (
            {"relation": Relation.VARIANT, "conflicts": 2},
            "but 2 numbers or dates differ, so each says something of its own",
        ),
        ({"conflicts": 1}, "1 number or date differs, too few among the other changes"),
        ({"resemblance": 0.5999, "relation": Relation.NONE}, "resemblance 0.5999 is under 0.60"),
    ],
)
def test_every_relation_has_its_reason(changes: dict[str, Any], told: str) -> None:
    assert told in explain(changes)


def test_a_guard_that_is_off_is_said_to_let_the_numbers_pass() -> None:
    assert explain({"conflicts": 3}, UNGUARDED).endswith("which --no-slot-guard lets pass")


def test_a_text_that_a_scan_skips_is_said_to_be_too_short() -> None:
    config = Config(paragraphs=ParagraphsConfig(min_words=30))

    assert explain({}, config).endswith("a scan skips what has under 30 words (--min-words)")


def test_words_that_match_in_order_are_counted() -> None:
    rows = dict(describe_measures(NEAR, ("one two three four", "one 2 three five four"), DEFAULTS))

    assert rows["words"] == "20 in A, 20 in B, 3 matched in order"
    assert rows["numbers and dates"] == "none exchanged"


def test_texts_too_long_to_match_are_said_to_be() -> None:
    text = "word " * 90_000

    rows = dict(describe_measures(NEAR, (text, text), DEFAULTS))

    assert rows["words"].endswith("too many to match in order")
