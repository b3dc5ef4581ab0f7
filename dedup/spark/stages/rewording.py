"""Decide which paragraphs are rewritten from another one, and from which.

MEASURED comes in, RESTATEMENTS of relation REWRITTEN go out. What a pair must reach hangs on the
documents of its sides: more is asked where one is of reference style, which is known when all pairs
are, since only paragraphs that are scored tell it.
"""

from collections.abc import Iterator
from functools import partial, reduce
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.model import BlockKind, Relation, TermLists
from dedup.rewriting import judge_pairs
from dedup.spark.runtime.blocks import as_batch
from dedup.spark.stages.rounds import find_members
from dedup.spark.stages.said import SAID

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

# Paragraphs of a kind that makes a document one of reference; as `dedup.restatement` has it.
TABULAR: Final = "id bigint, document bigint, n_places int"
_IS_TABULAR: Final = f"kind in ({BlockKind.TABLE:d}, {BlockKind.CODE:d})"
_REWRITTEN: Final = (
    "a bigint, b bigint, left_rank double, right_rank double, score double, dice double, "
    f"is_near boolean, said {SAID}"
)


def find_rewritten(
    job: "Job", paragraphs: "DataFrame", measured: "DataFrame", tabular: "DataFrame | None"
) -> "DataFrame":
    """Find the paragraphs rewritten from an earlier one.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        measured: The pairs that may be (MEASURED).
        tabular: Tables and code among the paragraphs that are judged restated (TABULAR); None where
            nothing is.
    """
    parts = [list_tabular(measured), *([] if tabular is None else [tabular])]
    references = _find_references(job, parts)

    def judge() -> "DataFrame":
        edges = _mark_references(job, measured.where("said is not null"), references)
        return edges.mapInArrow(partial(judge_edges, config=job.config), _REWRITTEN)

    edges = job.checkpoints.stage("rewritten_pairs", judge)
    members = find_members(job, paragraphs, _score_edges(edges), "rewritten_")
    return job.checkpoints.stage("rewritten", lambda: _list_rewritten(edges, members))


def list_sides(measured: "DataFrame") -> "DataFrame":
    """Give the paragraphs that are scored for rewriting, each as often as it is in a pair."""
    open_pairs = measured.where(f"relation = {Relation.NONE:d}")
    sides = [
        open_pairs.selectExpr(
            f"{side} as id",
            f"{name}_document as document",
            f"{name}_places as n_places",
            f"{name}_kind as kind",
        )
        for side, name in (("a", "left"), ("b", "right"))
    ]
    return sides[0].unionByName(sides[1])


def list_tabular(measured: "DataFrame") -> "DataFrame":
    """Give the tables and code among the paragraphs that are scored for rewriting (TABULAR)."""
    return list_sides(measured).where(_IS_TABULAR).select("id", "document", "n_places")


def _find_references(job: "Job", tabular: "list[DataFrame]") -> "DataFrame":
    """Find the documents of reference style for their tables and code: `document bigint`."""
    rows = reduce(lambda one, other: one.unionByName(other), tabular).distinct()
    counted = rows.groupBy("document", "n_places").count()
    share = job.config.restatement.reference_share
    return counted.where(f"count > double('{share!r}') * n_places").select("document")


def _mark_references(job: "Job", pairs: "DataFrame", references: "DataFrame") -> "DataFrame":
    """Tell of each pair whether one of its documents is of reference style."""
    marks = []
    for name in ("left", "right"):
        listed = references.selectExpr(f"document as {name}_document", f"true as {name}_listed")
        pairs = pairs.join(listed, f"{name}_document", "left")
        most = job.config.restatement.reference_paragraphs
        marks.append(f"{name}_listed is not null or {name}_places > {most}")
    return pairs.selectExpr("*", f"{' or '.join(marks)} as is_reference")


def judge_edges(batches: Iterator[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Keep the scored pairs that count as rewritten, or come near.

    Args:
        batches: Columns of `MEASURED`, and `is_reference`.
        config: Every setting.
    """
    for batch in batches:
        columns = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in _JUDGED}
        sizes = np.concatenate([columns["left_terms"], columns["right_terms"]]).astype(np.int64)
        n, places = batch.num_rows, np.arange(len(sizes))
        terms = TermLists(
            np.empty(0, np.uint32), np.cumsum(sizes), places + 1, np.zeros(2 * n, np.uint8)
        )
        is_same = columns["left_document"] == columns["right_document"]
        measured = columns["score"], np.where(is_same, 0.0, columns["dice"])
        is_strict = columns["is_reference"] | columns["speak_differently"]
        pairs = places[:n], places[n:]
        chosen, is_near = judge_pairs(terms, pairs, measured, config.restatement, is_strict)
        kept = batch.take(pa.array(chosen))
        yield as_batch({**_columns_of(kept), "is_near": is_near}, _REWRITTEN)


_JUDGED: Final = (
    *("left_terms", "right_terms", "left_document", "right_document", "score", "dice"),
    *("is_reference", "speak_differently"),
)


def _columns_of(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    return dict(zip(batch.schema.names, batch.columns, strict=True))


def _score_edges(edges: "DataFrame") -> "DataFrame":
    """Give the edges of which stars are made, with the columns that `find_members` takes."""
    columns = ("a", "b", "left_rank", "right_rank", "score as resemblance")
    return edges.selectExpr(*columns, "0D as right_containment", "false as is_identical")


def _list_rewritten(edges: "DataFrame", members: "DataFrame") -> "DataFrame":
    """Give each rewritten paragraph, with what its pair with its canonical showed."""
    stars = members.selectExpr("canonical as a", "id as b")
    relation = f"{Relation.REWRITTEN:d}Y as relation"
    found = edges.join(stars, ["a", "b"], "left_semi")
    return found.selectExpr("b as id", relation, "score", "dice", "is_near", "said")
