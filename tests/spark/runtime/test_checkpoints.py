"""Stages are kept, found again when whole, and made again when not."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.config import DEFAULTS
from dedup.errors import SparkRunError, WorkFolderError
from dedup.spark.runtime.checkpoints import Checkpoints, open_checkpoints
from dedup.spark.runtime.job import InputFile
from dedup.spark.runtime.manifest import make_manifest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FILE = InputFile(0, "a.jsonl", "file:/a.jsonl", "file:/a.jsonl", "jsonl", 100, 5)
MANIFEST = make_manifest(DEFAULTS, (FILE,))


class Maker:
    """Makes rows, and counts how often."""

    def __init__(self, spark: "SparkSession", n_rows: int) -> None:
        self._spark, self._n_rows, self.n_made = spark, n_rows, 0

    def __call__(self) -> "DataFrame":
        self.n_made += 1
        return self._spark.range(self._n_rows).selectExpr("id", "array(named_struct('a', id)) as s")


def read(checkpoints: Checkpoints, make: Callable[[], "DataFrame"]) -> list[int]:
    """Give the ids of the stage `numbers`."""
    return sorted(row.id for row in checkpoints.stage("numbers", make).collect())


def test_a_whole_stage_is_made_once(spark: "SparkSession", tmp_path: Path) -> None:
    work, make = str(tmp_path / "a [new] work%20"), Maker(spark, 5)

    first = open_checkpoints(spark, work, MANIFEST)
    again = open_checkpoints(spark, work, MANIFEST)

    assert read(first, make) == read(again, make) == [0, 1, 2, 3, 4]
    assert make.n_made == 1
    assert [cost.is_resumed for cost in (*first.costs, *again.costs)] == [False, True]
    columns = again.stage("numbers", make).schema.simpleString()
    assert columns == "struct<id:bigint,s:array<struct<a:bigint>>>"


def test_a_stage_without_rows_is_whole(spark: "SparkSession", tmp_path: Path) -> None:
    make = Maker(spark, 0)

    for _ in range(2):
        assert read(open_checkpoints(spark, str(tmp_path / "work"), MANIFEST), make) == []

    assert make.n_made == 1


@pytest.mark.parametrize("gone", ["*", "*/whole", "*/rows/part-*"])
def test_what_was_deleted_is_made_again(gone: str, spark: "SparkSession", tmp_path: Path) -> None:
    make = Maker(spark, 5)
    read(open_checkpoints(spark, str(tmp_path), MANIFEST), make)

    first = next(iter(sorted(tmp_path.glob(f"numbers-{MANIFEST.key}{gone.removeprefix('*')}"))))
    if first.is_dir():
        shutil.rmtree(first)
    else:
        first.unlink()

    assert read(open_checkpoints(spark, str(tmp_path), MANIFEST), make) == [0, 1, 2, 3, 4]
    assert make.n_made == 2


@pytest.mark.parametrize("folder", ["file/below", "file", "unknown://store/work"])
def test_a_folder_that_cannot_be_used_is_named(
    folder: str, spark: "SparkSession", tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    place = folder if ":" in folder else str(tmp_path / folder)

    with pytest.raises(WorkFolderError, match=rf"'{place}': Spark cannot use it \(.+\). Name a"):
        open_checkpoints(spark, place, MANIFEST)


def test_a_half_written_stage_is_made_again(spark: "SparkSession", tmp_path: Path) -> None:
    def fail() -> "DataFrame":
        return spark.range(9, numPartitions=3).selectExpr(
            "if(id = 8, raise_error('ill'), id) as id"
        )

    with pytest.raises(SparkRunError, match=r"cannot finish the stage 'numbers' on Spark: .*ill"):
        read(open_checkpoints(spark, str(tmp_path), MANIFEST), fail)

    assert read(open_checkpoints(spark, str(tmp_path), MANIFEST), Maker(spark, 3)) == [0, 1, 2]


def test_another_run_is_refused_with_what_differs(spark: "SparkSession", tmp_path: Path) -> None:
    open_checkpoints(spark, str(tmp_path), MANIFEST)
    other = make_manifest(
        replace(DEFAULTS, paragraphs=replace(DEFAULTS.paragraphs, min_words=5)),
        (replace(FILE, modified=6),),
    )

    message = (
        "stages are of another run: paragraphs.min_words was 8, now 5; file:/a.jsonl has changed. "
        "Name another folder with --work"
    )
    with pytest.raises(WorkFolderError, match=message):
        open_checkpoints(spark, str(tmp_path), other)


def test_a_folder_whose_manifest_is_none_is_refused(spark: "SparkSession", tmp_path: Path) -> None:
    (tmp_path / "manifest").mkdir()
    (tmp_path / "manifest" / "part-0.txt").write_text("groceries\n")

    with pytest.raises(WorkFolderError, match="its manifest cannot be read"):
        open_checkpoints(spark, str(tmp_path), MANIFEST)


def test_a_stage_is_made_anew_where_one_that_it_numbers_was(
    spark: "SparkSession", tmp_path: Path
) -> None:
    parts, numbers = Maker(spark, 2), Maker(spark, 5)

    for folder_gone in (False, False, True):
        if folder_gone:
            shutil.rmtree(tmp_path / f"parts-{MANIFEST.key}")
        checkpoints = open_checkpoints(spark, str(tmp_path), MANIFEST)
        checkpoints.stage("parts", parts)
        checkpoints.outdate("numbers", "parts")
        read(checkpoints, numbers)

    assert (parts.n_made, numbers.n_made) == (2, 2)


def test_a_stage_is_made_anew_where_a_run_that_was_ended_made_what_it_numbers(
    spark: "SparkSession", tmp_path: Path
) -> None:
    parts, numbers = Maker(spark, 2), Maker(spark, 5)

    for turn in ("whole", "ended between both", "resumed"):
        if turn == "ended between both":
            shutil.rmtree(tmp_path / f"parts-{MANIFEST.key}")
        checkpoints = open_checkpoints(spark, str(tmp_path), MANIFEST)
        checkpoints.stage("parts", parts)
        checkpoints.outdate("numbers", "parts")
        if turn != "ended between both":
            read(checkpoints, numbers)

    assert (parts.n_made, numbers.n_made) == (2, 2)


def test_bytes_that_a_stage_shuffles_are_counted(spark: "SparkSession", tmp_path: Path) -> None:
    checkpoints = open_checkpoints(spark, str(tmp_path), MANIFEST)

    checkpoints.stage("read", lambda: spark.range(1000))
    checkpoints.stage("dealt", lambda: spark.range(1000).repartition(3, "id"))

    costs = [cost.shuffled for cost in checkpoints.costs]
    sizes = [(cost.size_bytes, cost.n_records) for cost in costs if cost is not None]
    assert sizes[0] == (0, 0)
    assert sizes[1][1] == 1000
    assert 1000 < sizes[1][0] < 32_000
