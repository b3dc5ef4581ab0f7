"""Workers begin with their modules loaded, and no archive is read again before each task."""

import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from dedup.spark.daemon import leave_archives

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put an archive with a module on the path, as Spark does with its own."""
    path = str(tmp_path / "pyspark.zip")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("only_packed.py", "")
    monkeypatch.setattr(sys, "path", [path, *sys.path])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    monkeypatch.delitem(sys.modules, "only_packed", raising=False)
    return path


def test_archives_are_left(archive: str) -> None:
    pytest.importorskip("pyspark")
    import only_packed  # type: ignore[import-not-found]  # noqa: F401, PLC0415 -- opens the archive

    assert archive in sys.path_importer_cache

    leave_archives()

    assert archive not in sys.path
    assert archive not in sys.path_importer_cache


def test_an_archive_that_is_needed_stays(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.spark.daemon._NEEDED", ("json", "only_packed"))

    leave_archives()

    assert archive in sys.path


def look_around(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Tell what a worker of Spark has loaded, and the kinds of finders that it has."""
    list(batches)
    kinds = {type(finder).__name__ for finder in sys.path_importer_cache.values()}
    yield pa.RecordBatch.from_pydict({"name": sorted({*sys.modules, *kinds})})


def test_a_worker_has_its_modules_and_no_archive(spark: "SparkSession") -> None:
    rows = spark.range(1).mapInArrow(look_around, "name string")

    names = {row.name for row in rows.collect()}

    assert {"dedup.spark.plan", "dedup.kernels.compiled"} <= names
    assert "zipimporter" not in names
