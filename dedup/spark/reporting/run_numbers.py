"""Number paragraphs from 0 across all files, as reports do, from ids that count within a file.

Decision (2026-11-26): the sums over the files before are made on the driver, a number a file; the
numbers themselves in the tasks, where the ids are.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from dedup.spark.runtime.schemas import FILE_BITS
from dedup.spark.runtime.storage import load

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import InputFile, Job


@dataclass(frozen=True, slots=True)
class RunNumbers:
    """How ids of paragraphs become numbers of the run.

    Attributes:
        paths: What the user calls each file, in input order; None for records of a frame.
        firsts: The number of each file's first paragraph, and the number of all at the end.
    """

    paths: tuple[str | None, ...]
    firsts: tuple[int, ...]

    def number(self, paragraph: int) -> int:
        """Give the number of a paragraph in the run.

        >>> RunNumbers(("a", "b"), (0, 5, 8)).number(1 << 40 | 2)
        7
        """
        file = paragraph >> FILE_BITS
        return self.firsts[file] + paragraph - (file << FILE_BITS)

    def path(self, paragraph: int) -> str | None:
        """Give the path of a paragraph's file."""
        return self.paths[paragraph >> FILE_BITS]

    @property
    def n_paragraphs(self) -> int:
        """Give the number of all paragraphs."""
        return self.firsts[-1]


def number_paragraphs(job: "Job", paragraphs: "DataFrame") -> RunNumbers:
    """Count the paragraphs of each file.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
    """
    by_file = paragraphs.selectExpr(f"shiftright(id, {FILE_BITS}) as file").groupBy("file")
    counts = {int(row[0]): int(row[1]) for row in by_file.count().collect()}
    sizes = (counts.get(file.number, 0) for file in job.files)
    return RunNumbers(tuple(file.path for file in job.files), tuple(accumulate(sizes, initial=0)))


def are_several(job: "Job", numbers: RunNumbers) -> bool:
    """Say whether rows must name their file: whether more than one holds anything at all.

    A file without a byte or a row is none for the single machine; one of which no record has a
    text is.
    """
    if len(job.files) < 2:  # noqa: PLR2004 -- one file is not several
        return False
    n_filled = sum(end > first for first, end in pairwise(numbers.firsts))
    for file in job.files:
        if n_filled > 1:
            break
        if numbers.firsts[file.number] == numbers.firsts[file.number + 1]:
            n_filled += _has_rows(job, file)
    return n_filled > 1


def _has_rows(job: "Job", file: "InputFile") -> bool:
    rows = load(job.spark, "parquet" if file.format == "parquet" else "text", file.uri)
    return rows is not None and not rows.isEmpty()
