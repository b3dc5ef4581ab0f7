"""Find which paragraphs are identical, and the first of each text, which stands for all of them.

PARAGRAPHS come in, COLLAPSED goes out: the paragraphs long enough to be compared, each with its
representative. Where only pairs within documents are wanted a text has a first in every document,
and where only pairs across documents are, each paragraph stands for itself.

Decision (2026-11-26): Spark's own window, not a kernel: it streams, it spills, and nothing has to
be handed to Python.
"""

from typing import TYPE_CHECKING

from dedup.config import Config

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job


def collapse(job: "Job", paragraphs: "DataFrame") -> "DataFrame":
    """Give COLLAPSED of PARAGRAPHS."""
    return job.checkpoints.stage("collapse", lambda: _find_firsts(job, paragraphs))


def _find_firsts(job: "Job", paragraphs: "DataFrame") -> "DataFrame":
    from pyspark.sql import Window, functions  # noqa: PLC0415 -- loaded with the session

    within = job.config.paragraphs.within
    compared = paragraphs.filter(functions.col("n_words") >= job.config.paragraphs.min_words)
    if within == "corpus":
        return compared.select("id", functions.col("id").alias("representative"))
    text = ["print_high", "print_low", *(["document"] if within == "document" else [])]
    order = order_columns(job.config)
    parts = compared.select("id", *text, *order[:-1]).repartition(job.partitions, *text)
    window = Window.partitionBy(*text).orderBy(*order).rowsBetween(Window.unboundedPreceding, 0)
    return parts.select("id", functions.first("id").over(window).alias("representative"))


def order_columns(config: Config) -> list[str]:
    """Name the columns of canonical order: without `rank` where it is input order."""
    return ["id"] if config.canonical.policy == "first" else ["rank", "id"]


def select_rows(collapsed: "DataFrame") -> "DataFrame":
    """Give the ids of the paragraphs that are compared: one of each text."""
    return collapsed.filter("id = representative").select("id")
