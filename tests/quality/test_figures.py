from math import isnan

import numpy as np
import pytest

from tests.quality.figures import Figure, Row, render_table
from tests.quality.floors import BARS, find_slips, propose_floors
from tests.quality.intervals import bootstrap_retrieval
from tests.quality.rankings import correlate_ranks, measure_auc, rank


def _row(**figures: float) -> Row:
    named = {name.replace("_", " "): Figure(value) for name, value in figures.items()}
    return Row("pairs", "own pairs", "all", named)


def test_equal_scores_share_the_mean_of_their_places() -> None:
    assert rank(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_auc_counts_the_pairs_in_order_and_a_tie_half() -> None:
    positives, negatives = np.array([0.9, 0.5]), np.array([0.5, 0.1, 0.7])

    # 0.9 is above all three; 0.5 above 0.1, beside 0.5 and below 0.7
    assert measure_auc(positives, negatives) == pytest.approx((3 + 1.5) / 6)


def test_correlation_of_ranks_sees_the_order_only() -> None:
    scores = np.array([0.1, 0.2, 0.4, 0.3])

    assert correlate_ranks(scores, scores**3) == pytest.approx(1.0)
    assert correlate_ranks(scores, -scores) == pytest.approx(-1.0)
    # differences of ranks 0, 0, 1, 1: 1 - 6 * 2 / (4 * 15)
    assert correlate_ranks(scores, np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.8)


def test_a_constant_has_no_correlation() -> None:
    assert isnan(correlate_ranks(np.zeros(3), np.arange(3.0)))


def test_retrieval_is_counted_over_all_documents() -> None:
    documents = np.array([8, 8, 8, 9, 9, 9])
    flagged, true = np.array([[1, 1, 1, 1, 0, 0], [1, 1, 0, 1, 1, 1]], np.bool_)

    precision, recall, harmonic = bootstrap_retrieval(flagged, true, documents)

    assert precision[0] == pytest.approx(3 / 4)
    assert recall[0] == pytest.approx(3 / 5)
    assert harmonic[0] == pytest.approx(6 / 9)
    # a resample holds the first twice, both, or the second twice
    assert precision[1:] == pytest.approx((2 / 3, 1.0))
    assert recall[1:] == pytest.approx((1 / 3, 1.0))


def test_nothing_flagged_has_no_precision() -> None:
    nothing = np.zeros(3, np.bool_)

    precision, recall, _ = bootstrap_retrieval(nothing, ~nothing, np.arange(3))

    assert isnan(precision[0])
    assert recall == (0.0, 0.0, 0.0)


def test_a_section_has_the_columns_of_all_its_rows() -> None:
    rows = [
        Row("pairs", "one", "all", {"pairs": Figure(7), "recall": Figure(0.5, 0.25, 0.75)}),
        Row("pairs", "two", "en", {"false share": Figure(0.125)}),
    ]

    assert "".join(render_table(rows)).splitlines() == [
        "pairs  split  pairs  recall               false share",
        "one    all    7      0.500 (0.250-0.750)  -",
        "two    en     -      -                    0.125",
        "",
    ]


def test_a_floor_is_a_little_under_the_figure_and_a_ceiling_over_it() -> None:
    floors = propose_floors(
        [_row(recall=0.9876, false_share=0.0, pairs=12, precision=float("nan"))]
    )

    assert floors == {"own pairs / all": {"recall": 0.984, "false share": 0.003}}


def test_no_floor_is_proposed_under_its_bar() -> None:
    name = "padding_onestop / light both"
    set_name, split = name.split(" / ")

    floors = propose_floors([Row("padding", set_name, split, {"F1": Figure(0.5)})])

    assert floors == {name: {"F1": BARS[name]["F1"]}}


def test_a_slip_names_set_figure_and_floor() -> None:
    row = _row(recall=0.9, false_share=0.2)

    assert list(find_slips(row, {"recall": 0.9, "false share": 0.2})) == []
    assert list(find_slips(row, {"recall": 0.91, "false share": 0.1, "AUC": 0.5})) == [
        "own pairs / all: recall is 0.9000, its floor is 0.91",
        "own pairs / all: false share is 0.2000, its ceiling is 0.1",
        "own pairs / all: AUC is nan, its floor is 0.5",
    ]
