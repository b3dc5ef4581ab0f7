"""Run in a session that somebody else started, as in a notebook."""

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, TypeAlias

from dedup.config import Config
from dedup.errors import SettingError
from dedup.spark.plan import run
from dedup.spark.reading.listing import find_files
from dedup.spark.reporting.results import SparkResult
from dedup.spark.runtime.session import require_pyspark, settled
from dedup.spark.starting import start_frame_job, start_job

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from dedup.spark.runtime.job import Job

Name: TypeAlias = str | PathLike[str]  # of a file or folder


def find_in_session(
    spark: "SparkSession",
    source: "DataFrame | Name | Sequence[Name]",
    told: tuple[Config, str | None, int | None],
) -> SparkResult:
    """Do a run; see `dedup.spark.find_duplicates`.

    Args:
        spark: A session.
        source: A frame, or files and folders.
        told: The settings, the working folder, and how many partitions.

    Raises:
        DedupError: An input or a setting is not as it must be, or Spark failed.
    """
    require_pyspark()
    config, work, partitions = told
    folder = _make_folder(spark) if work is None else work
    job = _start(spark, source, (config, folder, partitions))
    with settled(spark, job.size_bytes, job.partitions):
        return run(job)


def _start(
    spark: "SparkSession",
    source: "DataFrame | Name | Sequence[Name]",
    told: tuple[Config, str, int | None],
) -> "Job":
    config, work, partitions = told
    if isinstance(source, str | PathLike):
        source = [source]
    if isinstance(source, Sequence):
        files = find_files(spark, [fspath(each) for each in source], config.readers).files
        return start_job(spark, files, config, work, partitions)
    return start_frame_job(spark, source, config, work, partitions)


def _make_folder(spark: "SparkSession") -> str:
    """Make a folder that is removed when Python ends: the result's tables are read from it.

    Raises:
        SettingError: Spark runs elsewhere too, where nobody would find it.
    """
    master = spark.conf.get("spark.master", "") or ""
    if not master.startswith("local"):
        raise SettingError(
            f"setting work is None: allowed is that where Spark runs on this machine alone, and "
            f"its master is {master!r}. Name a folder that all workers reach."
        )
    folder = tempfile.mkdtemp(prefix="dedup-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
