"""Which labels are positive, and how they are shown; the command's test holds the refusals."""

import pytest

from dedup.cli.evaluate_options import LabelOptions
from dedup.cli.labels import LabelRule, order_kinds, spell_label
from dedup.readers.labelled import Label


@pytest.mark.parametrize(
    ("options", "labels", "expected"),
    [
        (LabelOptions(), [1, 0, True, False, 1.0], [True, False, True, False, True]),
        (LabelOptions(positive_from=0.5), [0.5, 0.49, -3, 7], [True, False, False, True]),
        (LabelOptions(positive=["yes, 2"]), ["yes", "no", 2, 2.0], [True, False, True, True]),
        (LabelOptions(negative=["no"]), ["maybe", "no"], [True, False]),
    ],
)
def test_labels_are_decided_by_the_options(
    options: LabelOptions, labels: list[Label], expected: list[bool]
) -> None:
    rule = LabelRule(options, "rows.jsonl")

    assert [rule.decide(label, 1) for label in labels] == expected


def test_kinds_are_ordered_as_they_are_read() -> None:
    kinds = ["10", "9", "-1 to under 0", "word", "2.5", "another", "(none)"]

    expected = ["-1 to under 0", "2.5", "9", "10", "(none)", "another", "word"]
    assert order_kinds([*kinds, "9"]) == expected


def test_a_label_is_shown_as_it_is_typed() -> None:
    assert [spell_label(label) for label in (True, 3.0, 0.25, "x")] == ["1", "3", "0.25", "x"]
