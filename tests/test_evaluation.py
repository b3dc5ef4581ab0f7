"""Figures of scores and verdicts against labels; expected from scikit-learn or by hand."""

from itertools import combinations
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    adjusted_rand_score,
    average_precision_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from dedup.evaluation import (
    calibrate,
    find_threshold,
    judge_clusters,
    judge_ranking,
    judge_verdicts,
    measure_share,
)
from dedup.resampling import Draws

LABELS = np.array([1, 1, 1, 0, 0, 0], np.bool_)
SCORES = np.array([0.9, 0.7, 0.4, 0.7, 0.2, 0.1])


def draw(n_rows: int, seed: int = 1) -> Draws:
    return Draws(np.arange(n_rows), seed)


def make_rows(n_rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.random(n_rows) < 0.4
    return labels, np.round(generator.random(n_rows) + 0.4 * labels, 1)


def test_verdicts_are_counted_as_scikit_learn_counts_them() -> None:
    labels, scores = make_rows(200)
    found = scores > 0.6

    verdicts = judge_verdicts(labels, found, draw(200))

    assert verdicts.precision.value == precision_score(labels, found)
    assert verdicts.recall.value == recall_score(labels, found)
    assert verdicts.f1.value == f1_score(labels, found)


def test_nothing_found_has_no_precision_to_be_sure_of() -> None:
    verdicts = judge_verdicts(LABELS, np.zeros(6, np.bool_), draw(6))

    assert (verdicts.precision.value, verdicts.recall.value, verdicts.f1.value) == (0, 0, 0)
    assert isnan(verdicts.precision.low)
    assert verdicts.recall.high == 0.0


def test_an_interval_is_about_as_wide_as_that_of_a_share() -> None:
    # 100 of 200 found: standard error sqrt(0.5 * 0.5 / 200) = 0.0354, times 1.96
    hits = np.arange(200) % 2 == 0

    share = measure_share(hits, draw(200), np.ones(200, np.bool_))

    assert share.value == 0.5
    assert (share.low, share.high) == pytest.approx((0.431, 0.569), abs=0.012)


def test_rows_of_one_document_are_drawn_together() -> None:
    # four documents of fifty rows, each found as a whole or not at all
    hits = np.repeat([True, True, False, False], 50)

    alone = measure_share(hits, draw(200), np.ones(200, np.bool_))
    together = measure_share(
        hits, Draws(np.repeat(["a", "b", "c", "d"], 50), 1), np.ones(200, np.bool_)
    )

    assert alone.high - alone.low < 0.16
    assert (together.low, together.high) == (0.0, 1.0)


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    labels, scores = make_rows(80)

    first, second, third = (judge_ranking(labels, scores, draw(80, s)).auc for s in (5, 5, 6))

    assert first == second
    assert first.value == third.value
    assert first != third


def test_a_ranking_is_that_of_scikit_learn() -> None:
    ranking = judge_ranking(LABELS, SCORES, draw(6))

    # of nine pairs of a positive and a negative row seven are in order, one is even
    assert ranking.auc.value == roc_auc_score(LABELS, SCORES) == pytest.approx(7.5 / 9)
    assert ranking.average_precision.value == average_precision_score(LABELS, SCORES)
    assert ranking.spearman is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_each_draw_is_ranked_as_scikit_learn_ranks_it(rows: list[tuple[bool, int]]) -> None:
    from dedup.resampling import rank_weighted, sort_rows  # noqa: PLC0415 -- of this test alone

    labels = np.array([label for label, _ in rows])
    scores = np.array([score for _, score in rows], np.float64)
    for _, weights in zip(range(5), draw(len(rows)), strict=False):
        auc, precision = rank_weighted(weights, *sort_rows(labels, scores))
        chosen = weights > 0
        if labels[chosen].all() or not labels[chosen].any():
            assert isnan(auc)
            continue
        assert auc == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights))
        assert precision == pytest.approx(
            average_precision_score(labels, scores, sample_weight=weights)
        )


def test_grades_are_correlated_by_rank() -> None:
    # ranks 1 2 3 4 against 1 2.5 2.5 4: covariance 4.5, spreads 5 and 4.5
    grades = np.array([0.0, 1.5, 1.5, 5.0])
    labels = grades >= 3

    ranking = judge_ranking(labels, np.array([0.1, 0.2, 0.3, 0.9]), draw(4), grades)

    assert ranking.spearman is not None
    assert ranking.spearman.value == pytest.approx(4.5 / np.sqrt(5 * 4.5))
    assert ranking.spearman.high <= 1.0


def test_the_threshold_of_a_precision_is_the_lowest_that_gives_it() -> None:
    # from 0.4 on three of four are right, from 0.9 on one of one
    wish = find_threshold(LABELS, SCORES, draw(6), ("precision", 0.75))
    exact = find_threshold(LABELS, SCORES, draw(6), ("precision", 1.0))

    assert (wish.threshold, wish.n_found) == (0.4, 4)
    assert wish.verdicts is not None
    assert wish.verdicts.recall.value == 1.0
    assert (exact.threshold, exact.n_found) == (0.9, 1)


def test_the_threshold_of_a_recall_is_the_highest_that_gives_it() -> None:
    wish = find_threshold(LABELS, SCORES, draw(6), ("recall", 0.6))

    assert (wish.threshold, wish.n_found) == (0.7, 3)
    assert wish.verdicts is not None
    assert wish.verdicts.precision.value == pytest.approx(2 / 3)


def test_a_precision_that_no_threshold_gives_is_said_to_be_out_of_reach() -> None:
    labels, scores = np.array([0, 1, 1], np.bool_), np.array([0.9, 0.8, 0.7])

    wish = find_threshold(labels, scores, draw(3), ("precision", 0.9))

    assert wish.threshold is None
    assert wish.verdicts is None
    assert wish.best == pytest.approx(2 / 3)


def test_calibration_counts_every_row_once_and_agrees_with_the_labels() -> None:
    labels, scores = make_rows(500)

    bins = calibrate(labels, scores)

    assert len(bins) <= 10
    assert sum(each.n_rows for each in bins) == 500
    assert sum(each.n_rows * each.share for each in bins) == pytest.approx(labels.sum())
    for each in bins:
        own = (scores >= each.low) & (scores <= each.high)
        assert each.n_rows == own.sum()
        assert each.share == pytest.approx(labels[own].mean())
    fitted = [each.fitted for each in bins]
    assert np.diff(fitted).min() > -1e-12
    model = IsotonicRegression().fit(scores, labels)
    last = scores >= bins[-1].low
    assert fitted[-1] == pytest.approx(model.predict(scores[last]).mean())


def test_scores_that_are_all_one_make_one_bin() -> None:
    (only,) = calibrate(LABELS, np.full(6, 0.5))

    assert (only.low, only.high, only.n_rows, only.share) == (0.5, 0.5, 6, 0.5)


def test_clusters_agree_as_their_pairs_do() -> None:
    # labelled aab b c: pairs 01, 23; found aa a b b: pairs 01, 02, 12, 34; one is both
    agreement = judge_clusters(["a", "a", "b", "b", "c"], [1, 1, 1, 2, 2], draw(5))

    assert agreement.pairs.precision.value == 1 / 4
    assert agreement.pairs.recall.value == 1 / 2
    assert agreement.pairs.f1.value == pytest.approx(1 / 3)
    expected = adjusted_rand_score([0, 0, 1, 1, 2], [1, 1, 1, 2, 2])
    assert agreement.adjusted_rand.value == expected


def test_a_row_drawn_twice_makes_no_pair_with_itself() -> None:
    from dedup.resampling import adjust_rand, count_pairs  # noqa: PLC0415 -- of this test alone

    labels, found, weights = [0, 0, 1, 1, 2], [0, 0, 0, 1, 1], [2, 1, 0, 3, 1]
    rows = [row for row, weight in enumerate(weights) for _ in range(weight)]
    pairs = [(a, b) for a, b in combinations(rows, 2) if a != b]
    same = [(labels[a] == labels[b], found[a] == found[b]) for a, b in pairs]
    both = [10 * label + other for label, other in zip(labels, found, strict=True)]
    kinds = (np.unique(both, return_inverse=True)[1], np.array(found), np.array(labels))

    counted = count_pairs(kinds, np.array(weights, np.float64))

    labelled, predicted = (sum(side) for side in zip(*same, strict=True))
    assert list(counted) == [sum(map(all, same)), predicted, labelled, len(pairs)]
    ones = count_pairs(kinds, np.ones(5))
    assert adjust_rand(*ones) == pytest.approx(adjusted_rand_score(labels, found))


def test_clusters_found_exactly_leave_no_doubt() -> None:
    agreement = judge_clusters([5, 5, 6, 6, 7], ["x", "x", "y", "y", "z"], draw(5))

    assert agreement.adjusted_rand.value == 1.0
    assert (agreement.pairs.f1.value, agreement.pairs.f1.low) == (1.0, 1.0)
