"""Evaluate labelled rows at the settings in force: rows come in, figures go out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from dedup.cli.evaluate_options import EvaluateOptions
from dedup.cli.labels import name_kinds, order_kinds, take_grades
from dedup.cli.settings import refuse
from dedup.clusters import join_documents
from dedup.config import Config
from dedup.errors import InputError
from dedup.evaluation import (
    Agreement,
    CalibrationBin,
    Ranking,
    Threshold,
    Verdicts,
    calibrate,
    find_threshold,
    judge_clusters,
    judge_ranking,
    judge_verdicts,
    measure_share,
)
from dedup.model import ByteArray, Relation, ScoreArray
from dedup.pair_measures import PairMeasures, measure_pairs
from dedup.pipeline import find_duplicates
from dedup.readers.labelled import LabelledDocuments, LabelledPairs, LabelledRow
from dedup.reporters.escapes import escape_json
from dedup.reporters.registry import write_pieces
from dedup.resampling import Draws, Estimate, Flags

FOUND: Final = (  # a variant is not: it says something of its own
    Relation.IDENTICAL,
    Relation.NEAR_DUPLICATE,
    Relation.CONTAINED,
    Relation.REWRITTEN,
)
_PAIR_RELATIONS: Final = (*FOUND, Relation.VARIANT, Relation.NONE)
_JOINING: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.REWRITTEN)
_PAIR_OPTIONS: Final = (
    "scores",
    "want_precision",
    "want_recall",
    "positive_from",
    "positive",
    "negative",
)


@dataclass(frozen=True, slots=True)
class RelationCount:
    """How many rows stand in a relation, and how many of them are labelled positive."""

    relation: str
    n_rows: int
    n_positive: int


@dataclass(frozen=True, slots=True)
class KindShare:
    """How many rows of one label, or of one value of another field, were found."""

    kind: str
    n_rows: int
    n_found: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class PairsResult:
    """How the settings do on labelled pairs; `score` is what rankings and thresholds are of."""

    path: str
    n_rows: int
    n_positive: int
    n_documents: int
    score: str
    verdicts: Verdicts
    ranking: Ranking
    relations: tuple[RelationCount, ...]
    by: str
    kinds: tuple[KindShare, ...]
    thresholds: tuple[Threshold, ...]
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class ClustersResult:
    """How the settings do on documents with labelled clusters.

    Of `relations` a row is positive where its canonical is of the same labelled cluster.
    """

    path: str
    n_rows: int
    n_documents: int
    n_labelled: int
    n_predicted: int
    n_short: int
    agreement: Agreement
    relations: tuple[RelationCount, ...]


Result: TypeAlias = PairsResult | ClustersResult


def _draw(rows: Sequence[LabelledRow], seed: int) -> Draws:
    return Draws([row.document for row in rows], seed)


def _count_documents(rows: Sequence[LabelledRow]) -> int:
    return len({row.document for row in rows})


def evaluate_pairs(
    pairs: LabelledPairs, labels: Flags, options: EvaluateOptions, config: Config
) -> PairsResult:
    """Measure labelled pairs and say how well that agrees with their labels.

    Raises:
        OutputError: The file of the scores could not be written.
    """
    measures = measure_pairs(pairs.lefts, pairs.rights, config)
    if options.scores is not None:
        write_pieces(_score_lines(pairs, measures), options.scores)
    draws = _draw(pairs.rows, options.seed)
    found = np.isin(measures.relations, np.array(FOUND, np.uint8))
    scores: ScoreArray = getattr(measures, options.score)
    wishes = (("precision", options.want_precision), ("recall", options.want_recall))
    return PairsResult(
        path=options.labelled,
        n_rows=len(labels),
        n_positive=int(labels.sum()),
        n_documents=_count_documents(pairs.rows),
        score=options.score,
        verdicts=judge_verdicts(labels, found, draws),
        ranking=judge_ranking(labels, scores, draws, take_grades(pairs)),
        relations=_count_relations(measures.relations, labels, _PAIR_RELATIONS),
        by=options.by,
        kinds=tuple(_share_kinds(name_kinds(pairs, options.by), found, draws)),
        thresholds=tuple(
            find_threshold(labels, scores, draws, (wanted, least))
            for wanted, least in wishes
            if least is not None
        ),
        calibration=calibrate(labels, scores),
    )


def _score_lines(pairs: LabelledPairs, measures: PairMeasures) -> Iterator[str]:
    """Give a JSON line a pair, as the design's section 9 has it."""
    names = ("resemblance", "containment", "char_resemblance", "rewrite_score", "dice", "combined")
    columns = [getattr(measures, name).round(6).tolist() for name in names]
    relations = measures.relations.tolist()
    for row, relation, *values in zip(pairs.rows, relations, *columns, strict=True):
        fields = {"id": row.identity, "relation": Relation(relation).label}
        fields.update(zip(names, values, strict=True))
        yield f"{escape_json(json.dumps(fields, ensure_ascii=False))}\n"


def _count_relations(
    relations: ByteArray, positive: Flags, shown: Sequence[Relation]
) -> tuple[RelationCount, ...]:
    counts = []
    for relation in shown:
        rows = relations == relation
        n_positive = int(np.count_nonzero(rows & positive))
        counts.append(RelationCount(relation.label, int(np.count_nonzero(rows)), n_positive))
    return tuple(counts)


def _share_kinds(kinds: Sequence[str], found: Flags, draws: Draws) -> Iterator[KindShare]:
    named = np.array(kinds)
    for kind in order_kinds(kinds):
        chosen = named == kind
        n_rows, n_found = int(chosen.sum()), int(np.count_nonzero(found & chosen))
        yield KindShare(kind, n_rows, n_found, measure_share(found, draws, chosen))


def evaluate_clusters(
    labelled: LabelledDocuments, options: EvaluateOptions, config: Config
) -> ClustersResult:
    """Deduplicate labelled documents and say how well the groups agree with their clusters.

    Raises:
        SettingError: An option is for pairs only.
        InputError: All rows are of one cluster, or none shares its cluster.
    """
    _refuse_pair_options(options)
    clusters, truth = np.unique(np.array(labelled.clusters), return_inverse=True)
    if len(clusters) in (1, len(truth)):
        kind = "of one cluster" if len(clusters) == 1 else "each of a cluster of its own"
        problem = f"its {len(truth):,} rows are {kind}"
        remedy = "Give clusters of several rows, and several clusters."
        raise InputError(options.labelled, None, problem, remedy)
    records = [{config.readers.text_field: text} for text in labelled.texts]
    report = find_duplicates(records, config)
    canonicals, relations = join_documents(report)
    is_long = report.corpus.tokens.sizes >= config.paragraphs.min_words
    draws = _draw(labelled.rows, options.seed)
    return ClustersResult(
        path=options.labelled,
        n_rows=len(truth),
        n_documents=_count_documents(labelled.rows),
        n_labelled=len(clusters),
        n_predicted=len(np.unique(canonicals)),
        n_short=len(truth) - int(np.count_nonzero(is_long)),
        agreement=judge_clusters(truth, canonicals, draws),
        relations=_count_relations(relations, truth[canonicals] == truth, _JOINING),
    )


def _refuse_pair_options(options: EvaluateOptions) -> None:
    for name in _PAIR_OPTIONS:
        value = getattr(options, name)
        if value is not None:
            allowed = "what goes with labelled pairs only; these are documents with clusters"
            raise refuse(name.replace("_", "-"), str(value), allowed, "Leave it out.")
