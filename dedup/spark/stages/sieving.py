"""Drop candidates that cannot reach a threshold, before a text is sent anywhere: see `sketches`.

CANDIDATES and PARAGRAPHS come in, fewer CANDIDATES go out.

Decision (2026-11-26): the sketches of a pair travel in place of its texts, 47 bytes a paragraph
against 265. They are made here, of the paragraphs that are in some pair, so that the many that are
in none carry none. It pays where false candidates are many, which grow with a corpus.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.shingles import shingle_paragraphs
from dedup.sifting import make_sieve
from dedup.spark.runtime.blocks import as_batch, cut_into_blocks, load_task_engine, tokenize_texts
from dedup.spark.runtime.id_sets import collect_ids, map_chosen
from dedup.spark.runtime.schemas import CANDIDATES
from dedup.spark.stages.sketches import leave_open, sketch_sets

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

SKETCHED: Final = "id bigint, sketch binary"
# Candidates a signed paragraph. Each costs 0.13 kB to sift, and 0.7 kB of texts where it is left
# in vain; of corpora with a fifth of near-duplicates some 0.16 a paragraph are no false ones.
_PAYS_FROM: Final = 0.3


def sift(job: "Job", paragraphs: "DataFrame", candidates: "DataFrame") -> "DataFrame":
    """Give the candidates that may reach a threshold; all of them where they are few.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        candidates: Pairs of them (CANDIDATES).
    """
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
    kernel = partial(sketch_texts, config=job.config)
    sketches = map_chosen(paragraphs.select("id", "text"), among, kernel, SKETCHED)
    joined = pairs
    for side in ("a", "b"):
        named = functions.col("id").alias(side), functions.col("sketch").alias(f"sketch_{side}")
        joined = joined.join(sketches.select(*named), side)
    return joined.mapInArrow(partial(sift_pairs, config=job.config), CANDIDATES)


def sketch_texts(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Sketch paragraphs, a block at a time."""
    engine = load_task_engine(config)
    for batch in batches:
        for block in cut_into_blocks(batch):
            units = tokenize_texts(block.column("text"), config, engine).units
            rows = np.arange(len(units))
            sets = shingle_paragraphs(units, rows, config.shingles, engine)
            yield as_batch({"id": block.column("id"), "sketch": sketch_sets(sets)}, SKETCHED)


def sift_pairs(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Keep the pairs whose sketches leave open that they reach a threshold."""
    sieve = make_sieve(config)
    for batch in batches:
        are_open = leave_open(batch.column("sketch_a"), batch.column("sketch_b"), sieve)
        yield batch.select(["a", "b"]).filter(pa.array(are_open))
