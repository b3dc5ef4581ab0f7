"""Numbers of a run follow from ids that count within a file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.spark.reporting.run_numbers import RunNumbers, are_several, number_paragraphs
from dedup.spark.runtime.schemas import FILE_BITS, PARAGRAPHS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.job import Job

MakeJob = Callable[..., "Job"]


def test_a_number_counts_the_paragraphs_of_all_files_before() -> None:
    numbers = RunNumbers(("a", "b", "c"), (0, 3, 3, 7))

    ids = [0, 2, 2 << FILE_BITS, (2 << FILE_BITS) + 3]
    assert [numbers.number(each) for each in ids] == [0, 2, 3, 6]
    assert [numbers.path(each) for each in ids] == ["a", "a", "c", "c"]
    assert numbers.n_paragraphs == 7


@pytest.mark.parametrize(
    ("contents", "several"),
    [
        (('{"text": "a"}\n',), False),
        (('{"text": "a"}\n', '{"text": "b"}\n'), True),
        (('{"text": "a"}\n', ""), False),  # no byte: the single machine reads no batch of it
        (('{"text": "a"}\n', "\n"), True),
        (('{"text": "a"}\n', '{"text": ""}\n'), True),
        (("", ""), False),
    ],
)
def test_rows_name_their_file_where_several_hold_anything(
    contents: tuple[str, ...],
    several: bool,  # noqa: FBT001 -- a test's parameter
    spark: "SparkSession",
    job: MakeJob,
    tmp_path: Path,
) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content)
    ids = [
        number << FILE_BITS for number, each in enumerate(contents) if "a" in each or "b" in each
    ]
    rows = [{"id": each} for each in ids]
    made = job(paths)

    paragraphs = spark.createDataFrame(rows, PARAGRAPHS) if rows else None
    empty = spark.createDataFrame([], PARAGRAPHS)
    numbers = number_paragraphs(made, empty if paragraphs is None else paragraphs)

    assert are_several(made, numbers) == several
