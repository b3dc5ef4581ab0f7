"""Draws of documents, and figures of weighted rows; scikit-learn's are in `test_evaluation`."""

from math import isnan

import numpy as np
import pytest

from dedup.resampling import Draws, adjust_rand, correlate_ranks, estimate


def test_a_draw_holds_as_many_documents_as_there_are() -> None:
    draws = Draws(["a", "b", "b", "c"], 1)

    weights = list(draws)

    assert len(weights) == 1000
    for row in weights:
        assert row[1] == row[2]
        assert row[0] + row[1] + row[3] == 3


def test_draws_are_the_same_every_time() -> None:
    draws = Draws(np.arange(5), 3)

    assert all((one == two).all() for one, two in zip(draws, draws, strict=True))


def test_an_interval_leaves_out_what_a_draw_does_not_determine() -> None:
    found = estimate(0.5, [np.nan, *np.linspace(0, 1, 41)])

    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.025, 0.975))
    assert isnan(estimate(0.5, [np.nan]).low)


def test_rows_without_spread_have_no_correlation() -> None:
    assert isnan(correlate_ranks(np.ones(3), np.arange(3.0), np.ones(3)))


def test_clusters_of_nothing_have_no_index() -> None:
    assert isnan(adjust_rand(0, 0, 0, 0))
