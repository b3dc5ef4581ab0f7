"""Write what a run found into a folder that appears whole or not at all.

    OUT/groups      a row a paragraph (GROUPS), Parquet
    OUT/findings    a row a finding (FINDINGS), Parquet
    OUT/marked      the input with marks, where they were asked for: Parquet, or lines of JSON
    OUT/summary     one JSON text

Decision (2026-11-26): everything is written beside OUT, under a name that only the same run uses
again, and renamed at the end, by Hadoop's file systems: at once on HDFS and on a disk, file by file
on most stores of objects. A Connect session can rename nothing: there the parts appear one by one,
`summary` last, and a folder without it is not whole.
"""

import json
from typing import TYPE_CHECKING, Any

from dedup.errors import OutputError, SettingError
from dedup.spark.runtime.failures import worded
from dedup.spark.runtime.storage import load, write_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from dedup.spark.reporting.results import SparkResult
    from dedup.spark.runtime.job import Job


def refuse_existing(spark: "SparkSession", folder: str) -> None:
    """Refuse a folder that is there already, best before anything is computed.

    Raises:
        SettingError: It is.
        OutputError: Spark cannot look for it.
    """
    with worded(lambda told: OutputError(folder, f"Spark cannot look for it ({told})")):
        found = load(spark, "binaryFile", folder)
    if found is not None:
        half = load(spark, "text", f"{folder.rstrip('/')}/summary") is None
        raise SettingError(
            f"setting output is {folder!r}: it is there already. Allowed is a folder that does "
            "not exist yet. Name another, or remove it"
            f"{', if it is what an ended run left: it has no summary.' if half else '.'}"
        )


def write_result(job: "Job", result: "SparkResult", folder: str) -> None:
    """Write what a run found.

    Args:
        job: The run.
        result: What it found.
        folder: Where; of any file system that Spark knows.

    Raises:
        SettingError: The folder is there already.
        OutputError: It could not be written.
    """
    refuse_existing(job.spark, folder)
    folder = folder.rstrip("/")
    system = _find_file_system(job.spark, folder)
    place = folder if system is None else f"{folder}.unfinished-{job.checkpoints.manifest.key}"
    with worded(lambda problem: OutputError(folder, f"Spark failed ({problem})")):
        try:
            _write_parts(job.spark, result, place)
            if system is not None:
                _rename(job.spark, system, place, folder)
        finally:
            if system is not None:
                system.delete(_path(job.spark, place), True)  # noqa: FBT003 -- with all in it


def _rename(spark: "SparkSession", system: Any, place: str, folder: str) -> None:  # noqa: ANN401 -- py4j has no types
    refuse_existing(spark, folder)  # made meanwhile; a rename would move into it
    if not system.rename(_path(spark, place), _path(spark, folder)):
        raise OutputError(folder, f"'{place}' cannot be renamed to it")


def _write_parts(spark: "SparkSession", result: "SparkResult", place: str) -> None:
    for name, rows in (("groups", result.groups), ("findings", result.findings)):
        rows.write.mode("overwrite").parquet(f"{place}/{name}")
    if result.marked is not None:
        _write_marked(result.marked, f"{place}/marked")
    write_text(spark, f"{place}/summary", json.dumps(result.summary))


def _write_marked(marked: "DataFrame", place: str) -> None:
    """Write marked rows; of JSON lines each is one text, and is written as such."""
    writer = marked.write.mode("overwrite")
    if marked.columns == ["value"]:
        writer.text(place)
    else:
        writer.parquet(place)


def _find_file_system(spark: "SparkSession", folder: str) -> Any | None:  # noqa: ANN401 -- py4j has no types
    """Give Hadoop's file system of a folder; None on a Connect session."""
    if not hasattr(spark, "_jsparkSession"):
        return None
    settings = spark._jsparkSession.sessionState().newHadoopConf()  # noqa: SLF001 -- PySpark offers no other way to rename
    return _path(spark, folder).getFileSystem(settings)


def _path(spark: "SparkSession", name: str) -> Any:  # noqa: ANN401 -- py4j has no types
    machine: Any = spark._jvm  # noqa: SLF001 -- likewise
    return machine.org.apache.hadoop.fs.Path(name)
