"""Say which paragraphs are kept: those that are compared and stand for themselves.

COLLAPSED and GROUPING come in; the kept ones can be asked for. They are told by those that are
dropped (copies, members of groups and what is set apart), which are fewer.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.spark.id_sets import IdSet, collect_ids, keep_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.job import Job


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
        named = rows.withColumnRenamed(column, "id")
        found = keep_rows(named, self.dropped, self.known, inside=False)
        return found.withColumnRenamed("id", column).select(*rows.columns)


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
