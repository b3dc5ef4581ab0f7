"""Measure single pairs of texts: are rewritten ones found, others not, and how well scores rank.

A pair counts as found where `measure_pairs` gives it any relation.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS
from dedup.model import Relation
from dedup.pair_measures import PairMeasures, measure_pairs
from tests.quality.figures import Figure, Row, give_share
from tests.quality.intervals import bootstrap_retrieval
from tests.quality.labelled import HALVES, read_graded, read_own_pairs
from tests.quality.rankings import correlate_ranks, measure_auc
from tests.quality.shared_texts import read_rows
from tests.quality.verses import pair_versions_of_verses

Flags = npt.NDArray[np.bool_]
_SECTION: Final = "pairs"
_FAR: Final = 7  # rows between the sides of a pair of sentences that have nothing in common


def find_related(measures: PairMeasures) -> Flags:
    """Tell which pairs stand in any relation."""
    related: Flags = measures.relations != Relation.NONE
    return related


def tally_pairs(found: Flags, true: Flags, documents: npt.NDArray[np.int64]) -> dict[str, Figure]:
    """Count over some pairs: how many of the true ones are found, and of the others."""
    figures = {"pairs": Figure(len(true)), "true": Figure(int(true.sum()))}
    if true.any() and not true.all():
        figures["precision"] = Figure(*bootstrap_retrieval(found, true, documents)[0])
    if true.any():
        figures["recall"] = give_share(found[true], documents[true])
    if not true.all():
        figures["false share"] = give_share(found[~true], documents[~true])
    return figures


def check_graded(shared: Path) -> Iterator[Row]:
    """Check onestop_paragraphs: light and heavy rewriting against others of the same article."""
    pairs = read_graded(shared)
    measures = measure_pairs(pairs.lefts, pairs.rights, DEFAULTS)
    found = find_related(measures)
    for label in ("light", "heavy", "other"):
        for half in HALVES:
            is_half = (pairs.halves == half) | (half == HALVES[-1])
            chosen, others = (is_half & (pairs.labels == name) for name in (label, "other"))
            true = np.full(int(chosen.sum()), label != "other")
            figures = tally_pairs(found[chosen], true, pairs.articles[chosen])
            if label != "other":
                scores = {"AUC of R": measures.rewrite_score, "AUC of Dice": measures.dice}
                for name, column in scores.items():
                    figures[name] = Figure(measure_auc(column[chosen], column[others]))
            yield Row(_SECTION, "onestop_paragraphs", f"{label} {half}", figures)


def check_own_pairs(_: Path) -> Iterator[Row]:
    """Check the pairs of `data/quality`, by language and by kind."""
    rows = read_own_pairs()
    measures = measure_pairs([row["a"] for row in rows], [row["b"] for row in rows], DEFAULTS)
    found, numbers = find_related(measures), np.arange(len(rows))
    true = np.array([row["label"] == 1 for row in rows])
    tags = dict.fromkeys(chain.from_iterable((row["language"], row["kind"]) for row in rows))
    for split in ("all", *tags):
        chosen = np.array([split in ("all", row["language"], row["kind"]) for row in rows])
        figures = tally_pairs(found[chosen], true[chosen], numbers[chosen])
        yield Row(_SECTION, "own pairs", split, figures)


def check_verses(shared: Path) -> Iterator[Row]:
    """Check bible_versions: four verses in two versions, and four others of the book."""
    for split, pairs in pair_versions_of_verses(shared):
        found = find_related(measure_pairs(pairs.lefts, pairs.rights, DEFAULTS))
        figures = tally_pairs(found, pairs.labels == "true", pairs.articles)
        yield Row(_SECTION, "bible_versions", split, figures)


def check_split_sentences(shared: Path) -> Iterator[Row]:
    """Check wikisplit: a sentence against the two it was split into, and against two others."""
    rows = list(read_rows(shared / "data" / "wikisplit" / "pairs.jsonl.gz"))
    lefts, rights = [row["a"] for row in rows], [row["b"] for row in rows]
    others = rights[_FAR:] + rights[:_FAR]
    found = find_related(measure_pairs(lefts * 2, rights + others, DEFAULTS))
    true = np.arange(2 * len(rows)) < len(rows)
    figures = tally_pairs(found, true, np.arange(2 * len(rows)) % len(rows))
    yield Row(_SECTION, "wikisplit", "all", figures)


def check_scored(shared: Path, name: str) -> Iterator[Row]:
    """Check pairs that people scored from 0 to 5: Spearman's correlation with every measure."""
    rows = list(read_rows(shared / "data" / name / "pairs.jsonl.gz"))
    measures = measure_pairs([row["a"] for row in rows], [row["b"] for row in rows], DEFAULTS)
    labels = np.array([row["label"] for row in rows], np.float64)
    columns = {
        "R": measures.rewrite_score,
        "Dice": measures.dice,
        "char-5": measures.char_resemblance,
        "word-3": measures.resemblance,
    }
    figures = {"pairs": Figure(len(rows))}
    for measure, column in columns.items():
        figures[f"rho of {measure}"] = Figure(correlate_ranks(column, labels))
    yield Row("scored pairs", name, "all", figures)
