"""Pick the paragraphs that a table names, before anything of them is shuffled."""

from typing import TYPE_CHECKING

from dedup.spark.id_sets import collect_ids, keep_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.job import Job


def pick_paragraphs(job: "Job", rows: "DataFrame", ids: "DataFrame") -> "DataFrame":
    """Give the rows of some paragraphs.

    Args:
        job: The run.
        rows: Columns of all paragraphs, `id` among them.
        ids: A table of one column: the ids of those that are wanted, each perhaps several times.
    """
    return keep_rows(rows, ids, collect_ids(job, rows, ids))
