"""Keep what each stage made, so that a run goes on where another ended.

In: a folder (of any file system that Spark knows), what the run is made of, and the stages one
after another. Out: each stage's rows, read back from the folder.

    WORK/manifest             what the run is made of, one JSON text
    WORK/STAGE-HASH/rows      the stage's rows, Parquet
    WORK/STAGE-HASH/whole     one JSON text, written last: a stage without it is not whole

Decision (2026-11-26): everything goes through Spark's own readers and writers, so that it works on
any file system and on a Connect session, where no JVM can be called. A text that Spark writes
appears by one rename, so a marker is there or it is not; it names how many files the rows are in
and their bytes, so that rows that somebody deleted are made again and not read as fewer; and, where
the rows number the parts of another stage, in which making of it those were.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from dedup.errors import SparkRunError, WorkFolderError
from dedup.spark.runtime.failures import worded
from dedup.spark.runtime.manifest import Manifest, load_manifest, tell_differences
from dedup.spark.runtime.shuffled import Shuffled, ShuffleMeter
from dedup.spark.runtime.storage import AS_IT_STANDS, measure, read_text, write_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_LOGGER = logging.getLogger(__name__)
_CHECK: Final = "Name a folder that can be written, of a file system that Spark knows."


@dataclass(frozen=True, slots=True)
class StageCost:
    """What a stage cost.

    Attributes:
        name: Of the stage.
        seconds: By the clock; 0.0 where it was there already.
        shuffled: What it wrote to be shuffled; None where Spark does not tell, or where it was
            there already.
        is_resumed: Whether an earlier run had made it.
    """

    name: str
    seconds: float
    shuffled: Shuffled | None
    is_resumed: bool


class Checkpoints:
    """The stages that are kept in one folder; use `open_checkpoints` to begin.

    Attributes:
        manifest: What the run is made of.
        folder: Where the stages are.
        costs: What each stage cost, in the order in which they were asked for.
    """

    def __init__(self, spark: "SparkSession", folder: str, manifest: Manifest) -> None:
        """Keep stages of a run in a folder."""
        self.folder, self.manifest = folder.rstrip("/") or folder, manifest
        self.costs: list[StageCost] = []
        self._stamps: dict[str, str] = {}  # another one each time that a stage is made
        self._origins: dict[str, dict[str, str]] = {}
        self._spark = spark
        self._meter = ShuffleMeter(spark)

    @property
    def latest(self) -> str:
        """Give the name of the stage that was asked for last; before any, `records`."""
        return self.costs[-1].name if self.costs else "records"

    def stage(self, name: str, make: "Callable[[], DataFrame]") -> "DataFrame":
        """Give a stage's rows, made now unless an earlier run had made them.

        Args:
            name: Letters, digits and `_`; one a stage.
            make: Gives the rows; called only where they are not there.

        Returns:
            The rows as they were read back: asking for them again costs no computing.

        Raises:
            SparkRunError: Spark failed.
        """
        with worded(lambda told: SparkRunError(name, told)):
            return self._take(name, make)

    def outdate(self, name: str, *others: str) -> None:
        """Let a stage be made anew where another was, by this run or by one that was ended.

        Most rows mean the same whatever the parts of what they were made from; those that number
        these parts do not.

        Args:
            name: The stage.
            others: Those whose parts it numbers; they have been asked for.
        """
        stamps = {other: self._stamps[other] for other in others if other in self._stamps}
        self._origins[name] = stamps

    def _take(self, name: str, make: "Callable[[], DataFrame]") -> "DataFrame":
        found = self._open(name)
        if found is not None:
            self.costs.append(StageCost(name, 0.0, None, is_resumed=True))
            _LOGGER.info("stage %s: taken over", name)
            return found
        return self._make(name, make)

    def _make(self, name: str, make: "Callable[[], DataFrame]") -> "DataFrame":
        begun = perf_counter()
        self._meter.read()
        made = make()
        # A session may limit the rows of a file; whoever numbers a part's rows needs all in one.
        writer = made.write.mode("overwrite").option("maxRecordsPerFile", 0)
        writer.parquet(self.place(name))
        shuffled = self._meter.read()
        n_files, size_bytes = measure(self._spark, self.place(name))
        whole = {
            "files": n_files,
            "bytes": size_bytes,
            "columns": made.schema.jsonValue(),
            "stamp": uuid4().hex,
            "origins": self._origins.get(name, {}),
        }
        write_text(self._spark, self.place(name, "whole"), json.dumps(whole))
        seconds = perf_counter() - begun
        self.costs.append(StageCost(name, seconds, shuffled, is_resumed=False))
        _LOGGER.info("stage %s: %.1f s", name, seconds)
        return self._read(name, whole)

    def place(self, name: str, part: str = "rows") -> str:
        """Give where a stage's rows are, or its marker (`whole`)."""
        return f"{self.folder}/{name}-{self.manifest.key}/{part}"

    def _open(self, name: str) -> "DataFrame | None":
        """Give a stage's rows if they are whole."""
        text = read_text(self._spark, self.place(name, "whole"))
        if text is None:
            return None
        whole = json.loads(text)
        if whole.get("origins", {}) != self._origins.get(name, {}):
            return None
        found = measure(self._spark, self.place(name))
        return self._read(name, whole) if found == (whole["files"], whole["bytes"]) else None

    def _read(self, name: str, whole: dict[str, Any]) -> "DataFrame":
        from pyspark.sql.types import StructType  # noqa: PLC0415 -- loaded with the session

        self._stamps[name] = whole.get("stamp", "")
        columns = StructType.fromJson(whole["columns"])
        reader = self._spark.read.schema(columns).options(**AS_IT_STANDS)
        return reader.parquet(self.place(name))


def open_checkpoints(spark: "SparkSession", folder: str, manifest: Manifest) -> Checkpoints:
    """Begin to keep stages in a folder, or go on with what an earlier run left there.

    Args:
        spark: The session.
        folder: New, empty, or one that a run of the same manifest used.
        manifest: What this run is made of.

    Raises:
        WorkFolderError: The folder is of another run (says what differs), or cannot be used.
    """
    place = f"{folder.rstrip('/') or folder}/manifest"
    with worded(lambda told: WorkFolderError(folder, f"Spark cannot use it ({told})", _CHECK)):
        text = read_text(spark, place)
        if text is None:
            write_text(spark, place, manifest.text)
        elif text != manifest.text:
            raise _refuse(folder, text, manifest)
        return Checkpoints(spark, folder, manifest)


def _refuse(folder: str, text: str, manifest: Manifest) -> WorkFolderError:
    """Say why a folder's stages cannot be those of this run."""
    try:
        differences = tell_differences(load_manifest(text), manifest)
    except ValueError as error:
        differences = [f"its manifest cannot be read ({error})"]
    problem = f"its stages are of another run: {'; '.join(differences)}"
    return WorkFolderError(folder, problem, "Name another folder with --work, or run as before.")
