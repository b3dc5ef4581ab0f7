"""Say which paragraphs are kept: those that are compared and stand for themselves.

COLLAPSED and GROUPING come in; the kept ones can be asked for. They are told by those that are
dropped (copies, members of groups and what is set apart), which are fewer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from dedup.spark.runtime.id_sets import IdSet, collect_ids, filter_batches, keep_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

Kernel: TypeAlias = Callable[..., Iterator[pa.RecordBatch]]  # of one argument, batches


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The kept paragraphs of a run.

    Attributes:
        min_words: How many words a paragraph has that is compared.
        dropped: The ids of all others that are long enough, of shorter ones and repeats too.
        known: Those as a set, where it is small enough.
    """

    min_words: int
    dropped: "DataFrame"
    known: IdSet | None

    def select(self, paragraphs: "DataFrame", columns: tuple[str, ...]) -> "DataFrame":
        """Give columns of those paragraphs that are kept, `id` among them."""
        rows = paragraphs.where(f"n_words >= {self.min_words}").select(*columns)
        return keep_rows(rows, self.dropped, self.known, inside=False)

    def filter(self, rows: "DataFrame", column: str) -> "DataFrame":
        """Give those rows of which a column names a kept paragraph; none names a short one."""
        return keep_rows(rows, self.dropped, self.known, inside=False, column=column)

    def map(
        self, paragraphs: "DataFrame", columns: tuple[str, ...], kernel: Kernel, table: str
    ) -> "DataFrame":
        """Apply a function to batches of columns of those paragraphs that are kept.

        Where the others are known, they are left out in the same task: a table that goes to Python
        for that alone costs 3 us a text.

        Args:
            paragraphs: All of them (PARAGRAPHS).
            columns: Names, `id` among them.
            kernel: The function; it gets and gives batches.
            table: The columns of what it gives.
        """
        if self.known is None:
            return self.select(paragraphs, columns).mapInArrow(kernel, table)
        rows = paragraphs.where(f"n_words >= {self.min_words}").select(*columns)
        return rows.mapInArrow(partial(apply_to_kept, kernel=kernel, dropped=self.known), table)


def apply_to_kept(
    batches: Iterator[pa.RecordBatch], kernel: Kernel, dropped: IdSet
) -> Iterator[pa.RecordBatch]:
    """Apply a function to the batches without the paragraphs that are dropped."""
    return kernel(filter_batches(batches, dropped, inside=False))


def find_kept(
    job: "Job", paragraphs: "DataFrame", collapsed: "DataFrame", grouping: "DataFrame"
) -> Kept:
    """Say which paragraphs are kept.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        collapsed: Those that are compared, with the one that stands for each (COLLAPSED).
        grouping: Who joined whom, boilerplate set apart (GROUPING).
    """
    copies = collapsed.where("id != representative").select("id")
    dropped = copies.unionByName(grouping.where("id != canonical").select("id"))
    known = collect_ids(job, paragraphs, dropped)
    return Kept(job.config.paragraphs.min_words, dropped, known)
