"""Compare a corpus so small that the single machine compares all its paragraphs with all.

PARAGRAPHS and COLLAPSED come in; VERIFIED goes out, with what there is to count. One task does it
all by the single machine's function, which also decides whether there is too much to be compared,
and then lets bands propose pairs as for a corpus.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from dedup.comparison import verify_rows
from dedup.config import Config
from dedup.execution import Run
from dedup.spark.runtime.blocks import as_batch, load_task_engine, tokenize_texts
from dedup.spark.stages.collapsing import select_rows
from dedup.spark.stages.verifying import BEYOND, MEASURED, Compared, Rows, lay_out

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_STRUCT: Final = MEASURED.replace(", ", ",").replace(" ", ":")
COMPARED: Final = f"{BEYOND}, pairs array<struct<{_STRUCT}>>"


def is_small(job: "Job", collapsed: "DataFrame") -> bool:
    """Say whether so few paragraphs are compared that the single machine may take all pairs."""
    most = job.config.bands.all_pairs_up_to
    return select_rows(collapsed).limit(most + 1).count() <= most


def compare_small(job: "Job", paragraphs: "DataFrame", collapsed: "DataFrame") -> Compared:
    """Compare few paragraphs in one task."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    def compare() -> "DataFrame":
        columns = paragraphs.select("id", "rank", "document", "text")
        # No more than `all_pairs_up_to`; so the texts of the others go nowhere.
        chosen = functions.broadcast(select_rows(collapsed))
        rows = columns.join(chosen, "id").repartition(1)
        return rows.mapInArrow(partial(compare_batches, config=job.config), COMPARED)

    compared = job.checkpoints.stage("small", compare)
    beyond = compared.drop("pairs")
    return Compared(compared.selectExpr("inline(pairs)"), lambda: beyond)


def compare_batches(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Compare all paragraphs that come; gives one row, or none where none come."""
    parts = [batch for batch in batches if batch.num_rows]
    if not parts:
        return
    table = pa.Table.from_batches(parts).sort_by([("rank", "ascending"), ("id", "ascending")])
    engine = load_task_engine(config)
    block = tokenize_texts(table.column("text").combine_chunks(), config, engine)
    ids, ranks, documents = (table.column(name).to_numpy() for name in ("id", "rank", "document"))
    verified, candidates = verify_rows(block.tokens, block.units, documents, _make_run(config))
    pairs = lay_out(verified, Rows(ids, ranks, documents, block), config, engine)
    found = {
        "n_beyond_buckets": [candidates.n_beyond if candidates else 0],
        "n_templates": [candidates.n_templates if candidates else 0],
        "pairs": pa.ListArray.from_arrays([0, pairs.num_rows], pairs.to_struct_array()),
    }
    yield as_batch(found, COMPARED)


def _make_run(config: Config) -> Run:
    """Make a run of one task: one thread, nothing kept, and no word of its progress."""
    alone = replace(config.run, jobs=1, memory_bytes=None, work_dir=None, resume=False)
    run = Run(replace(config, run=alone), 0, lambda _stage, _done: None)
    run.prefer_compiled()
    return run
