"""Find who joins whom in the verified graph: in one task where its pairs are few, else in rounds.

Edges come in: verified pairs, `a` before `b` in canonical order. Out go the paragraphs that join
one, each with its canonical: of its earlier neighbours that are canonicals the one with the highest
score, ties to the earlier.

A paragraph is a canonical if none of its earlier neighbours is one. So in a round those that are
`b` of no edge are, their neighbours join, and the edges of all these are done with: of a member
none matters any more. What is left is a smaller graph, for the next round; whoever has lost all
its edges is a canonical. Nothing is kept but who joined.

The order is given, not drawn, so the rounds are as many as the longest chain of paragraphs asks
for, each of them alike to the few before it: histories of a thousand revisions take a hundred.

Source:
    Luby, "A simple parallel algorithm for the maximal independent set problem", 1986,
    doi:10.1137/0215074; with the order fixed, as in the NumPy engine.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.model import IndexArray
from dedup.spark.runtime.blocks import as_batch, load_task_engine
from dedup.spark.runtime.id_sets import collect_ids, keep_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

MEMBERS: Final = (
    "id bigint, canonical bigint, resemblance double, containment double, is_identical boolean"
)
_OF_MEMBER: Final = {
    "id": "b",
    "canonical": "a",
    "resemblance": "resemblance",
    "containment": "right_containment",
    "is_identical": "is_identical",
}
# An edge takes 0.2 kB in the task that groups them: 4 million fit in 1 GB; 1 million, with what
# Spark itself needs there, in the executors of 512 MB that the tests run on.
_MOST_AT_ONCE: Final = 1_000_000


def find_members(
    job: "Job", paragraphs: "DataFrame", edges: "DataFrame", prefix: str = ""
) -> "DataFrame":
    """Give the paragraphs that join a canonical, with it: MEMBERS.

    Args:
        job: The run.
        paragraphs: Those that are compared, or all.
        edges: Columns a, b, left_rank, right_rank, resemblance, right_containment, is_identical.
        prefix: Of the stages' names, to tell the groups of a run from its rewritten pairs.
    """
    if edges.count() <= _MOST_AT_ONCE:
        return job.checkpoints.stage(f"{prefix}members", lambda: _group_in_a_task(job, edges))
    joined = _settle_in_rounds(job, paragraphs, edges, prefix)
    choose = partial(_choose_best, job, paragraphs, edges, joined)
    return job.checkpoints.stage(f"{prefix}members", choose)


def _group_in_a_task(job: "Job", edges: "DataFrame") -> "DataFrame":
    kernel = partial(group_edges, config=job.config)
    return edges.repartition(1).mapInArrow(kernel, MEMBERS)


def group_edges(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Group all edges of a run in one task, as the single machine does."""
    parts = [batch for batch in batches if batch.num_rows]
    if not parts:
        return
    edges = pa.Table.from_batches(parts)
    scores = edges.column("resemblance").to_numpy()
    (lefts, rights), n_rows = _number_sides(edges)
    order = np.lexsort((lefts, rights))
    pairs = lefts[order], rights[order]
    canonicals, _ = load_task_engine(config).group(n_rows, pairs, scores[order])
    chosen = order[canonicals[pairs[1]] == pairs[0]]
    columns = {name: edges.column(column).to_numpy()[chosen] for name, column in _OF_MEMBER.items()}
    yield as_batch(columns, MEMBERS)


def _number_sides(edges: pa.Table) -> tuple[tuple[IndexArray, IndexArray], int]:
    """Number the paragraphs of edges from 0 in canonical order: both sides, and how many."""
    ids, ranks = (
        np.concatenate([edges.column(name).to_numpy() for name in names])
        for names in (("a", "b"), ("left_rank", "right_rank"))
    )
    order = np.lexsort((ids, ranks))
    is_first = np.diff(ids[order], prepend=-1) != 0
    rows = np.empty(len(ids), np.int32)
    rows[order] = np.cumsum(is_first) - 1
    lefts, rights = np.split(rows, 2)
    return (lefts, rights), int(np.count_nonzero(is_first))


def _settle_in_rounds(
    job: "Job", paragraphs: "DataFrame", edges: "DataFrame", prefix: str
) -> "DataFrame":
    """Give the ids of those that join: round by round, and the rest, once it is small, at once."""
    joined: DataFrame | None = None
    number, is_large = 0, True
    while is_large:
        number += 1
        find = partial(_find_joining, job, paragraphs, edges)
        joining = job.checkpoints.stage(f"{prefix}joining_{number}", find)
        drop = partial(_drop_settled, job, paragraphs, edges, joining)
        edges = job.checkpoints.stage(f"{prefix}edges_{number}", drop)
        joined = joining if joined is None else joined.unionByName(joining)
        is_large = edges.count() > _MOST_AT_ONCE
    rest = job.checkpoints.stage(f"{prefix}joining_rest", partial(_group_in_a_task, job, edges))
    rest = rest.select("id")
    return rest if joined is None else joined.unionByName(rest)


def _find_joining(job: "Job", paragraphs: "DataFrame", edges: "DataFrame") -> "DataFrame":
    """Give those that join a paragraph which has no earlier neighbour left."""
    later = edges.select("b")
    known = collect_ids(job, paragraphs, later)
    first = keep_rows(edges, later, known, inside=False, column="a")
    return first.selectExpr("b as id").distinct()


def _drop_settled(
    job: "Job", paragraphs: "DataFrame", edges: "DataFrame", joining: "DataFrame"
) -> "DataFrame":
    """Leave the edges between those of whom nothing is known yet."""
    known = collect_ids(job, paragraphs, joining)
    for side in ("a", "b"):
        edges = keep_rows(edges, joining, known, inside=False, column=side)
    return edges


def _choose_best(
    job: "Job", paragraphs: "DataFrame", edges: "DataFrame", joined: "DataFrame"
) -> "DataFrame":
    """Give each of those that join the best of its canonicals."""
    from pyspark.sql import Window, functions  # noqa: PLC0415 -- loaded with the session

    known = collect_ids(job, paragraphs, joined)
    usable = keep_rows(edges, joined, known, inside=False, column="a")
    best = Window.partitionBy("b").orderBy(functions.desc("resemblance"), "left_rank", "a")
    ranked = usable.withColumn("place", functions.row_number().over(best))
    named = [functions.col(column).alias(name) for name, column in _OF_MEMBER.items()]
    return ranked.filter("place = 1").select(*named)
