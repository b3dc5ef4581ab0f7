"""Measure every candidate pair exactly, by the single machine's functions.

CANDIDATES and PARAGRAPHS come in, VERIFIED goes out. The text of the one paragraph of a pair is
joined to it, then that of the other; a task measures some hundred pairs at a time.

Decision (2026-11-26): text travels, 265 bytes a paragraph as Spark packs it (200 with Zstandard),
neither tokens (350) nor signatures (512). Of all texts only those go that some pair asks for, once
for both sides: the second join reads again what was shuffled for the first.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.kernels import Engine
from dedup.model import OffsetArray, ScoreArray, ShingleSets, VerifiedPairs
from dedup.rewording import within
from dedup.shingles import shingle_paragraphs
from dedup.spark.runtime.blocks import (
    Block,
    as_batch,
    cut_into_blocks,
    load_task_engine,
    tokenize_texts,
)
from dedup.spark.runtime.id_sets import collect_ids, keep_rows
from dedup.spark.runtime.schemas import VERIFIED
from dedup.verify import find_unaligned, verify_candidates

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

# What grouping asks besides: the places of both in canonical order, and whether they are copies.
MEASURED: Final = f"{VERIFIED}, left_rank double, right_rank double, is_identical boolean"
BEYOND: Final = "n_beyond_buckets bigint, n_templates bigint"  # as `findings.Counts` has them
_SIDES: Final = (("a", "left"), ("b", "right"))
_COLUMNS: Final = ("text", "rank", "document")


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What comparing paragraphs gave.

    Attributes:
        verified: VERIFIED, with the columns of MEASURED.
        count: Gives BEYOND, one row; none where there was no paragraph.
    """

    verified: "DataFrame"
    count: "Callable[[], DataFrame]"


def verify(job: "Job", paragraphs: "DataFrame", candidates: "DataFrame") -> "DataFrame":
    """Give VERIFIED of CANDIDATES, with the columns of MEASURED."""
    pairs = candidates.select("a", "b")
    return job.checkpoints.stage("verify", lambda: _measure(job, paragraphs, pairs))


def _measure(job: "Job", paragraphs: "DataFrame", pairs: "DataFrame") -> "DataFrame":
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    ids = pairs.select("a").union(pairs.select("b"))
    known = collect_ids(job, paragraphs, ids)
    wanted = keep_rows(paragraphs.select("id", *_COLUMNS), ids, known)
    joined = pairs
    for side, name in _SIDES:
        named = [functions.col(column).alias(f"{name}_{column}") for column in _COLUMNS]
        joined = joined.join(wanted.select(functions.col("id").alias(side), *named), side)
    return joined.mapInArrow(partial(measure_batches, config=job.config), MEASURED)


def measure_batches(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Measure the pairs of a task, a block at a time."""
    engine = load_task_engine(config)
    for batch in batches:
        for part in cut_into_blocks(batch, "left_text"):
            for block in cut_into_blocks(part, "right_text"):
                yield _measure_block(block, config, engine)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows:
    """The paragraphs of a block, each once, as a table of pairs knows them, and tokenized."""

    ids: OffsetArray
    ranks: ScoreArray
    documents: OffsetArray
    block: Block


def _measure_block(pairs: pa.RecordBatch, config: Config, engine: Engine) -> pa.RecordBatch:
    rows, places = _gather_rows(pairs, config, engine)
    lefts, rights = np.split(places.astype(np.uint64), 2)
    units = rows.block.units

    def make_sets(part: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, part, config.shingles, engine)

    codes = np.sort(lefts << np.uint64(32) | rights)
    verified = verify_candidates(codes, rows.block.tokens, make_sets, config.verify, engine)
    return lay_out(verified, rows, config, engine)


def _gather_rows(pairs: pa.RecordBatch, config: Config, engine: Engine) -> tuple[Rows, OffsetArray]:
    """Give the paragraphs of some pairs, each once, and where those of both sides are."""

    def stack(names: Iterable[str]) -> pa.Array:
        return pa.chunked_array([pairs.column(name) for name in names]).combine_chunks()

    sides = stack(side for side, _ in _SIDES).to_numpy()
    ids, firsts, places = np.unique(sides, return_index=True, return_inverse=True)
    texts, ranks, documents = (
        stack(f"{name}_{column}" for _, name in _SIDES).take(pa.array(firsts))
        for column in _COLUMNS
    )
    block = tokenize_texts(texts, config, engine)
    return Rows(ids, ranks.to_numpy(), documents.to_numpy(), block), places


def lay_out(verified: VerifiedPairs, rows: Rows, config: Config, engine: Engine) -> pa.RecordBatch:
    """Give verified pairs as a table; those alone that `within` leaves.

    Args:
        verified: Pairs of places in `rows`.
        rows: The paragraphs.
        config: Every setting.
        engine: Where the loops run.
    """
    lefts, rights = verified.lefts, verified.rights
    prints = rows.block.tokens.prints.reshape(-1, 2)
    columns = {
        "a": rows.ids[lefts],
        "b": rows.ids[rights],
        "resemblance": verified.resemblance,
        "left_containment": verified.left_containment,
        "right_containment": verified.right_containment,
        "conflicts": verified.conflicts,
        "relation": verified.relations,
        "unaligned": find_unaligned(verified, rows.block.tokens, config.verify, engine),
        "left_rank": rows.ranks[lefts],
        "right_rank": rows.ranks[rights],
        "is_identical": (prints[lefts] == prints[rights]).all(axis=1),
    }
    chosen = within(rows.documents, (lefts, rights), config.paragraphs.within)
    return as_batch({name: column[chosen] for name, column in columns.items()}, MEASURED)
