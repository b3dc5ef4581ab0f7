"""The estimator as scikit-learn's users use it, and what scikit-learn asks of every estimator."""

import inspect
import pickle
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.validation import check_is_fitted

from dedup.api import deduplicate
from dedup.sklearn import ParagraphDeduplicator

MILL: Final = "the mill stands by the river and its wheel turns all night while the town sleeps"
EDITED: Final = MILL.replace("all night", "all day")
OTHER: Final = "a quite different sentence about something else that nobody has ever said before"
TOLD: Final = (
    "Engineers must lower the lake by three metres before the crack in the dam can be filled with "
    "concrete, the water board of Marnow said on Monday."
)
AGAIN: Final = (
    "Before concrete can fill the crack in the dam, the lake must be lowered three metres by "
    "engineers, said the Marnow water board."
)
TEXTS: Final = [OTHER, MILL, EDITED, MILL.upper(), "Short."]


def test_clusters_are_numbered_by_first_occurrence() -> None:
    fitted = ParagraphDeduplicator().fit(TEXTS)

    assert fitted.labels_.tolist() == [0, 1, 1, 1, 2]
    assert fitted.labels_.dtype == np.int64
    assert fitted.canonical_indices_.tolist() == [0, 1, 4]
    assert fitted.n_clusters_ == 3


def test_the_longest_may_be_kept() -> None:
    texts = [f"{MILL}", f"{MILL} and dreams", OTHER]

    fitted = ParagraphDeduplicator(keep="longest").fit(texts)

    assert fitted.labels_.tolist() == [0, 0, 1]
    assert fitted.canonical_indices_.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("relations", "labels"),
    [
        (("identical", "near-duplicate"), [0, 0, 0, 1, 2]),
        (("identical",), [0, 0, 1, 2, 3]),
        (("identical", "near-duplicate", "rewritten"), [0, 0, 0, 1, 1]),
        (["rewritten"], [0, 1, 2, 3, 3]),
    ],
)
def test_the_relations_that_join_may_be_chosen(relations: Any, labels: list[int]) -> None:  # noqa: ANN401
    texts = [MILL, MILL, EDITED, TOLD, AGAIN]

    assert ParagraphDeduplicator(relations=relations).fit_predict(texts).tolist() == labels


@given(st.lists(st.sampled_from([*TEXTS, "", "Another."]), min_size=1, max_size=12))
def test_what_is_kept_is_what_deduplicate_keeps(texts: list[str]) -> None:
    fitted = ParagraphDeduplicator().fit(texts)

    kept = [texts[row] for row in fitted.canonical_indices_]

    assert kept == deduplicate(texts)
    assert fitted.labels_[fitted.canonical_indices_].tolist() == list(range(fitted.n_clusters_))


def test_arrays_are_taken_as_lists_are() -> None:
    expected = ParagraphDeduplicator().fit_predict(TEXTS).tolist()

    for texts in (np.array(TEXTS), np.array(TEXTS, object), tuple(TEXTS), iter(TEXTS)):
        assert ParagraphDeduplicator().fit_predict(texts).tolist() == expected


def test_it_ends_a_pipeline() -> None:
    strip = FunctionTransformer(lambda texts: [text.split("#")[-1] for text in texts])
    pipeline = make_pipeline(strip, ParagraphDeduplicator())

    labels = pipeline.fit_predict([f"1#{MILL}", f"2#{MILL}", f"3#{OTHER}"])

    assert labels.tolist() == [0, 0, 1]
    pipeline.set_params(paragraphdeduplicator__relations=("near-duplicate",))
    assert pipeline.fit_predict([f"1#{MILL}", f"2#{MILL}"]).tolist() == [0, 1]


def test_thresholds_can_be_searched_by_a_score_of_the_labels() -> None:
    truth = [0, 1, 1, 1, 2]
    grid = ParameterGrid({"threshold": [0.3, 0.99], "shingles": ["word:3", "char:5"]})

    scores = {
        tuple(row.values()): adjusted_rand_score(
            truth, clone(ParagraphDeduplicator()).set_params(**row).fit_predict(TEXTS)
        )
        for row in grid
    }

    assert scores["word:3", 0.3] == 1.0
    assert scores["word:3", 0.99] < 1.0


def test_a_clone_has_the_parameters_and_not_the_clusters() -> None:
    fitted = ParagraphDeduplicator(threshold=0.7, relations=("identical",)).fit(TEXTS)

    copy = clone(fitted)

    assert copy.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        check_is_fitted(copy)


def test_a_fitted_estimator_survives_pickling() -> None:
    fitted = ParagraphDeduplicator(shingles="char:5").fit(TEXTS)

    copy = pickle.loads(pickle.dumps(fitted))  # noqa: S301 -- of our own making

    assert copy.labels_.tolist() == fitted.labels_.tolist()
    assert copy.get_params() == fitted.get_params()


def test_engines_and_threads_change_no_label() -> None:
    expected = ParagraphDeduplicator().fit_predict(TEXTS).tolist()

    for params in ({"engine": "numba"}, {"engine": "numpy"}, {"n_jobs": 1}, {"n_jobs": -1}):
        assert ParagraphDeduplicator(**params).fit_predict(TEXTS).tolist() == expected


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"threshold": 7}, "min_resemblance is 7: allowed is 0.01 to 1.0"),
        ({"threshold": "0.6"}, "threshold is '0.6': allowed is a number"),
        ({"restate_threshold": None}, "restate_threshold is None"),
        ({"restate_threshold": 0}, "min_score is 0"),
        ({"shingles": "words"}, "shingles is 'words': allowed is word:N or char:N"),
        ({"shingles": ("word", 3)}, "shingles is"),
        ({"min_words": 2.5}, "min_words is 2.5: allowed is a whole number"),
        ({"min_words": True}, "min_words is True"),
        ({"keep": "newest"}, "keep is 'newest': allowed is first or longest"),
        ({"engine": "gpu"}, "engine is 'gpu'"),
        ({"n_jobs": 0}, "jobs is 0"),
        ({"relations": "identical"}, "relations is 'identical'"),
        ({"relations": ()}, "relations is"),
        ({"relations": ("contained",)}, "allowed is some of identical, near-duplicate, rewritten"),
    ],
)
def test_parameters_are_checked_when_fitting(params: dict[str, Any], told: str) -> None:
    estimator = ParagraphDeduplicator(**params)

    with pytest.raises(ValueError, match=told):
        estimator.fit(TEXTS)


@pytest.mark.parametrize(
    ("texts", "error", "told"),
    [
        ("one text", ValueError, "X is str: expected a list"),
        (np.array([TEXTS]), ValueError, "X is 2-dimensional"),
        ([], ValueError, "0 texts"),
        ([MILL, None], TypeError, r"X\[1\] is NoneType: expected a string"),
        (np.array([MILL, np.nan], object), TypeError, r"X\[1\] is float"),
        ([1, 2], TypeError, r"X\[0\] is int"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(texts: object, error: type, told: str) -> None:
    with pytest.raises(error, match=told):
        ParagraphDeduplicator().fit(texts)  # type: ignore[arg-type]


def test_its_tags_say_that_it_clusters_strings() -> None:
    tags = get_tags(ParagraphDeduplicator())

    assert tags.estimator_type == "clusterer"
    assert tags.input_tags.string
    assert tags.input_tags.one_d_array
    assert not tags.input_tags.two_d_array


@pytest.mark.parametrize(
    "name",
    [
        "check_do_not_raise_errors_in_init_or_set_params",
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_get_params_invariance",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_set_params",
        "check_valid_tag_types",
    ],
)
def test_scikit_learns_checks_that_need_no_numbers_pass(name: str) -> None:
    getattr(estimator_checks, name)("ParagraphDeduplicator", ParagraphDeduplicator())


def test_scikit_learns_other_checks_know_no_texts() -> None:
    with pytest.warns(SkipTestWarning):
        estimator_checks.check_estimator(ParagraphDeduplicator(), on_skip="warn")


def test_it_offers_nothing_that_would_not_be_honest() -> None:
    methods = {name for name, _ in inspect.getmembers(ParagraphDeduplicator, callable)}

    assert methods.isdisjoint({"transform", "predict", "fit_transform", "score"})
