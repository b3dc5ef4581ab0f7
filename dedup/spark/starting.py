"""Make a job of a session, the input files and the settings."""

from typing import TYPE_CHECKING, Final

from dedup.config import Config
from dedup.errors import SettingError
from dedup.spark.reading.frames import choose_columns, describe_frame, keep_frame
from dedup.spark.runtime.checkpoints import open_checkpoints
from dedup.spark.runtime.job import InputFile, Job
from dedup.spark.runtime.manifest import make_manifest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PART_BYTES: Final = 32 << 20
_FEWEST: Final = 8
_MOST: Final = 1 << 16


def start_job(
    spark: "SparkSession",
    files: tuple[InputFile, ...],
    config: Config,
    work: str,
    partitions: int | None = None,
) -> Job:
    """Make a job; goes on with what an earlier run of the same left in the folder.

    Args:
        spark: The session.
        files: What is read, in order.
        config: Every setting.
        work: The folder of the checkpoints.
        partitions: How many parts a shuffle makes; None: one for 32 MB of input, at least 8.

    Raises:
        SettingError: There would be no part.
        WorkFolderError: The folder holds stages of another run.
    """
    _check_partitions(partitions)
    checkpoints = open_checkpoints(spark, work, make_manifest(config, files))
    size_bytes = sum(file.size_bytes for file in files)
    return Job(spark, config, checkpoints, files, partitions or choose_partitions(size_bytes))


def _check_partitions(partitions: int | None) -> None:
    """Refuse to make no part.

    Raises:
        SettingError: Fewer than 1 are asked for.
    """
    if partitions is not None and partitions < 1:
        raise SettingError(
            f"setting partitions is {partitions}: allowed is 1 or more. Leave it out to have it "
            "chosen by the size of the input."
        )


def start_frame_job(
    spark: "SparkSession",
    frame: "DataFrame",
    config: Config,
    work: str,
    partitions: int | None = None,
) -> Job:
    """Make a job over the records of a frame; see `dedup.spark.reading.frames`.

    Args:
        spark: The session.
        frame: A row a record, with a text and an id.
        config: Every setting.
        work: The folder of the checkpoints, where the records go first.
        partitions: As for `start_job`.

    Raises:
        InputError: The frame lacks a column, or a row an id.
        SettingError: There would be no part.
        WorkFolderError: The folder holds stages of another run.
    """
    _check_partitions(partitions)
    rows = choose_columns(frame, config.readers)
    told = describe_frame(rows)
    checkpoints = open_checkpoints(spark, work, make_manifest(config, (told,)))
    file = keep_frame(rows, told, checkpoints)
    n_parts = partitions or choose_partitions(file.size_bytes)
    return Job(spark, config, checkpoints, (file,), n_parts)


def choose_partitions(size_bytes: int) -> int:
    """Choose how many parts a shuffle makes, by the bytes to read."""
    return min(_MOST, max(_FEWEST, -(-size_bytes // _PART_BYTES)))
