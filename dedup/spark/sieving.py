"""Drop candidates that cannot reach a threshold, before a text is sent anywhere: see `sifting`.

CANDIDATES and PARAGRAPHS come in, fewer CANDIDATES go out.

Decision (2026-11-26): the sketches of a pair travel in place of its texts: 32 to 128 bytes a
paragraph against 265. They are made here, of the paragraphs that are in some pair, so that the many
that are in none carry none, and their width can be chosen by how long those are. It pays where
false candidates are many: at SHARE.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.kernels import Engine
from dedup.model import Sketches
from dedup.shingles import list_shingles
from dedup.sifting import choose_width, make_sieve, sift_candidates, sketch_shingle_sets
from dedup.spark.blocks import (
    as_batch,
    cut_into_blocks,
    join_binary,
    load_task_engine,
    tokenize_texts,
)
from dedup.spark.id_sets import collect_ids, map_chosen
from dedup.spark.schemas import CANDIDATES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.job import Job

SKETCHED: Final = "id bigint, sketch binary"
# Candidates a compared paragraph, from which sifting pays.
_PAYS_FROM: Final = 0.3


def sift(job: "Job", paragraphs: "DataFrame", candidates: "DataFrame") -> "DataFrame":
    """Give the candidates that may reach a threshold; all of them where they are few."""
    pairs = candidates.select("a", "b")
    n_signed = paragraphs.filter("keys is not null").count()
    if pairs.count() < _PAYS_FROM * n_signed:
        return pairs
    return job.checkpoints.stage("sift", lambda: _sift(job, paragraphs, pairs))


def _sift(job: "Job", paragraphs: "DataFrame", pairs: "DataFrame") -> "DataFrame":
    """Join the sketches of both sides and look at them."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    ids = pairs.select("a").union(pairs.select("b"))
    among = ids, collect_ids(job, paragraphs, ids)
    kernel = partial(sketch_texts, config=job.config, width=_choose_width(job, paragraphs))
    sketches = map_chosen(paragraphs.select("id", "text"), among, kernel, SKETCHED)
    joined = pairs
    for side in ("a", "b"):
        named = functions.col("id").alias(side), functions.col("sketch").alias(f"sketch_{side}")
        joined = joined.join(sketches.select(*named), side)
    return joined.mapInArrow(partial(sift_pairs, config=job.config), CANDIDATES)


def _choose_width(job: "Job", paragraphs: "DataFrame") -> int:
    """Choose the width of all sketches by the mean length of what is compared."""
    units = "n_words" if job.config.shingles.kind == "word" else "char_length(text)"
    signed = paragraphs.filter("keys is not null")
    (row,) = signed.selectExpr(f"sum({units}) as n_units", "count(*) as n_rows").collect()
    return choose_width(row.n_units or 0, row.n_rows)


def sketch_texts(
    batches: Iterable[pa.RecordBatch], config: Config, width: int
) -> Iterator[pa.RecordBatch]:
    """Sketch paragraphs, a block at a time; the sketches have `width` words of 8 bytes."""
    engine = load_task_engine(config)
    for batch in batches:
        for block in cut_into_blocks(batch):
            yield _sketch_block(block, config, width, engine)


def _sketch_block(
    texts: pa.RecordBatch, config: Config, width: int, engine: Engine
) -> pa.RecordBatch:
    units = tokenize_texts(texts.column("text"), config, engine).units
    shingles = list_shingles(units, np.arange(len(units)), config.shingles, engine)
    sketches = sketch_shingle_sets(shingles, width, engine).astype("<u8", copy=False)
    fixed = pa.binary(8 * width)
    column = pa.Array.from_buffers(fixed, len(units), [None, pa.py_buffer(sketches)])
    return as_batch({"id": texts.column("id"), "sketch": column}, SKETCHED)


def sift_pairs(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Keep the pairs whose sketches leave open that they reach a threshold."""
    engine, sieve = load_task_engine(config), make_sieve(config)
    for batch in batches:
        n = batch.num_rows
        sides = [join_binary(batch.column(f"sketch_{side}")) for side in ("a", "b")]
        words = np.concatenate(sides).view("<u8")
        rows = np.arange(n, dtype=np.uint64)
        codes = rows << np.uint64(32) | (rows + np.uint64(n))
        sketches = Sketches(words, len(words) // max(2 * n, 1))
        kept = sift_candidates(codes, sketches, sieve, engine) >> np.uint64(32)
        yield batch.select(["a", "b"]).take(pa.array(kept.astype(np.int64)))
