"""Hold what every stage of a run on Spark gets, and the files that the run reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.config import Config

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.runtime.checkpoints import Checkpoints


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that is read, at its place in the single machine's input order.

    Attributes:
        number: Its place, from 0.
        path: What the user calls it, as reports show it; None for a frame, whose records have no
            file.
        uri: What Spark is asked to load.
        key: What Spark calls it in `_metadata.file_path`.
        format: `jsonl` or `parquet`.
        size_bytes: Its size as it is stored.
        modified: When it was changed last, milliseconds since 1970.
    """

    number: int
    path: str | None
    uri: str
    key: str
    format: str
    size_bytes: int
    modified: int


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What every stage gets.

    Attributes:
        spark: The session; classic or Connect.
        config: Every setting.
        checkpoints: Where stages leave what they made, and find it again.
        files: The input, in order.
        partitions: How many parts a shuffle makes.
        n_paragraphs: How many the input has; None before they are counted.
    """

    spark: "SparkSession"
    config: Config
    checkpoints: "Checkpoints"
    files: tuple[InputFile, ...]
    partitions: int
    n_paragraphs: int | None = None

    @property
    def size_bytes(self) -> int:
        """Give the size of all input, as it is stored."""
        return sum(file.size_bytes for file in self.files)
