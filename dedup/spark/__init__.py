"""Do the run of `dedup.pipeline` over Spark partitions, with the same stage functions.

Nothing of Spark is imported before it is used, so `import dedup.spark` needs no PySpark.
"""

from typing import TYPE_CHECKING

from dedup.config import DEFAULTS, Config

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from pyspark.sql import DataFrame, SparkSession

    from dedup.spark.reporting.results import SparkResult

__all__ = ["find_duplicates"]


def find_duplicates(
    spark: "SparkSession",
    source: "DataFrame | str | PathLike[str] | Sequence[str | PathLike[str]]",
    config: Config = DEFAULTS,
    work: str | None = None,
    partitions: int | None = None,
) -> "SparkResult":
    """Find the repeated paragraphs of a frame, or of files, on Spark.

    Args:
        spark: A session, classic or Connect.
        source: A frame with a text and an id a row (columns by `config.readers`), which is compared
            as one machine compares the same records sorted by id; or files and folders of JSON
            Lines and Parquet, on any file system that Spark knows.
        config: Every setting.
        work: A folder for finished stages, on a file system that all workers reach. A second call
            over the same input with the same settings goes on from them. None: a temporary one,
            where Spark runs on this machine alone; it is removed when Python ends.
        partitions: Into how many parts rows are shuffled; None: by the size of the input.

    Returns:
        Tables of rows and findings, which are read from that folder, and what there is to say.

    Raises:
        MissingExtraError: PySpark is not installed.
        DedupError: An input or a setting is not as it must be, or Spark failed.
    """
    from dedup.spark.notebook import find_in_session  # noqa: PLC0415 -- loads NumPy

    return find_in_session(spark, source, (config, work, partitions))
