"""Offer the run to scikit-learn: a clusterer of texts.

Texts go in, a cluster number for each comes out. A cluster is a group of `dedup`: its canonical and
what stands in one of the wanted relations to it.

Decision (2026-11-24): there is no `transform` and no `predict`. What a transformer gives has a row
for each row of X, so it could not leave a repeat out; and a text met later belongs to no cluster of
an earlier run. The texts that are kept are `X[estimator.canonical_indices_]`.
"""

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import Tags

from dedup.clusters import join_documents
from dedup.config import (
    DEFAULTS,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
    VerifyConfig,
    parse_shingles,
)
from dedup.errors import SettingError
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import RULE_OF

_JOINING = {
    relation.label: RULE_OF[relation]
    for relation in (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.REWRITTEN)
}
_POLICIES = ("first", "longest")  # the others ask for dates or sources, which strings lack


class ParagraphDeduplicator(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # is untyped
    """Cluster texts that repeat each other; each text is compared as a whole.

    Parameters mirror the settings of a scan and are checked by `fit`.

    Args:
        threshold: Least resemblance of near-duplicates, in [0.01, 1].
        restate_threshold: Least score of rewritten texts, in [0.01, 1].
        shingles: What texts are compared by, as `word:3` or `char:5`.
        min_words: Texts with fewer words are alone, each in a cluster of its own.
        keep: Which text of a cluster is its canonical: `first` or `longest`.
        engine: `auto`, `numpy` or `numba`; the clusters are the same.
        n_jobs: Threads; None or -1: one a processor.
        relations: What joins a cluster: `identical`, `near-duplicate`, `rewritten`.

    Attributes:
        labels_: int64, the cluster of each text, numbered from 0 by first occurrence.
        canonical_indices_: int64, for each cluster the row of its canonical.
        n_clusters_: How many clusters there are.

    >>> texts = ["One and the same sentence, said in eight words."] * 2 + ["Another."]
    >>> ParagraphDeduplicator().fit_predict(texts).tolist()
    [0, 0, 1]
    """

    def __init__(  # noqa: PLR0913 -- scikit-learn wants each parameter as an argument
        self,
        *,
        threshold: float = DEFAULTS.verify.min_resemblance,
        restate_threshold: float = DEFAULTS.restatement.min_score,
        shingles: str = f"{DEFAULTS.shingles.kind}:{DEFAULTS.shingles.size}",
        min_words: int = DEFAULTS.paragraphs.min_words,
        keep: str = DEFAULTS.canonical.policy,
        engine: str = DEFAULTS.run.engine,
        n_jobs: int | None = DEFAULTS.run.jobs,
        relations: tuple[str, ...] = ("identical", "near-duplicate"),
    ) -> None:
        self.threshold = threshold
        self.restate_threshold = restate_threshold
        self.shingles = shingles
        self.min_words = min_words
        self.keep = keep
        self.engine = engine
        self.n_jobs = n_jobs
        self.relations = relations

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: N803 -- scikit-learn's name
        """Cluster texts.

        Args:
            X: A list, array or series of strings, of one dimension.
            y: Not used; there because pipelines hand it on.

        Raises:
            TypeError: X holds something else than strings.
            ValueError: X is empty or of two dimensions, or a parameter is not allowed.
        """
        del y
        config = self._make_config()
        report = find_duplicates([{"text": text} for text in _take_texts(X)], config)
        canonicals, _ = join_documents(report)
        heads, firsts, clusters = np.unique(canonicals, return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        ranks = np.empty(len(heads), np.int64)
        ranks[order] = np.arange(len(heads))
        self.labels_ = ranks[clusters]
        self.canonical_indices_ = heads[order].astype(np.int64)
        self.n_clusters_ = len(heads)
        return self

    def _make_config(self) -> Config:
        """Check the parameters.

        Raises:
            ValueError: One is not allowed.
        """
        self._check_kinds()
        try:
            return Config(
                paragraphs=ParagraphsConfig(unit="record", min_words=self.min_words),
                shingles=parse_shingles(self.shingles),
                verify=VerifyConfig(min_resemblance=self.threshold),
                restatement=RestatementConfig(min_score=self.restate_threshold),
                canonical=CanonicalConfig(policy=self.keep),  # type: ignore[arg-type]  # checked
                run=RunConfig(
                    engine=self.engine,  # type: ignore[arg-type]  # the class checks it
                    jobs=None if self.n_jobs == -1 else self.n_jobs,
                    keep_text=False,
                    rules=tuple(sorted(_JOINING[relation] for relation in self.relations)),
                ),
            )
        except SettingError as error:
            raise ValueError(str(error)) from error

    def _check_kinds(self) -> None:
        """Refuse what the settings' own classes do not look at."""
        numbers: dict[str, type] = {"threshold": Real, "restate_threshold": Real}
        numbers |= {"min_words": Integral} | ({} if self.n_jobs is None else {"n_jobs": Integral})
        for name, kind in numbers.items():
            value = getattr(self, name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise _refuse(name, value, "a number" if kind is Real else "a whole number")
        if not isinstance(self.shingles, str):
            raise _refuse("shingles", self.shingles, "word:N or char:N")
        if self.keep not in _POLICIES:
            raise _refuse("keep", self.keep, " or ".join(_POLICIES))
        is_one = isinstance(self.relations, str)
        if is_one or not self.relations or not set(self.relations) <= set(_JOINING):
            raise _refuse("relations", self.relations, f"some of {', '.join(_JOINING)}, as a tuple")

    def __sklearn_tags__(self) -> Tags:
        """Say that X holds strings, in one dimension."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def _refuse(name: str, value: object, allowed: str) -> ValueError:
    return ValueError(f"parameter {name} is {value!r}: allowed is {allowed}. Choose another value.")


def _take_texts(texts: Any) -> list[str]:  # noqa: ANN401 -- users hand in anything
    """Take the strings out of a list, array or series.

    Raises:
        TypeError: There is something else in it.
        ValueError: It is empty, or of another dimension.
    """
    n_dimensions = getattr(texts, "ndim", 1)
    if isinstance(texts, str | bytes) or n_dimensions != 1:
        kind = type(texts).__name__ if n_dimensions == 1 else f"{n_dimensions}-dimensional"
        raise ValueError(f"X is {kind}: expected a list or one-dimensional array of strings.")
    held = list(texts)
    if not held:
        raise ValueError("X holds 0 texts (samples): expected at least one.")
    for row, text in enumerate(held):
        if not isinstance(text, str):
            kind = type(text).__name__
            raise TypeError(f"X[{row}] is {kind}: expected a string. Fill or drop such rows first.")
    return [str(text) for text in held]
