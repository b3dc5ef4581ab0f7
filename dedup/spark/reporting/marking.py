"""Add marks to the input: columns to rows of Parquet, fields to lines of JSON.

MARKS come in; the input goes out with the columns that `dedup clean --mark` adds, every row of it
and every line, in Spark's order. Lines are the very bytes that `clean` writes, without the byte
order mark that a file may begin with: it would stand somewhere among them.

Decision (2026-11-26): marks find their record by its place, its file and line or row, and lines are
not parsed to find out what their id is.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from dedup.errors import InputError
from dedup.readers.sources import was_changed
from dedup.spark.reading.tables import open_tables
from dedup.spark.runtime.blocks import as_batch
from dedup.spark.runtime.storage import AS_IT_STANDS
from dedup.writers.edits import MARKS, Mark
from dedup.writers.jsonl import is_blank, place_mark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.reading.inputs import Inputs
    from dedup.spark.runtime.job import Job

NUMBERED: Final = "file bigint, line bigint, is_read boolean, value string"
LINES: Final = "file bigint, line bigint, value string, problem string"
_SAID: Final = ("dedup_group", "coalesce(dedup_canonical, true) as dedup_canonical", *MARKS[2:])


def mark_input(job: "Job", inputs: "Inputs", marks: "DataFrame", stage: str) -> "DataFrame":
    """Give the input with marks: its columns and four more, or `value`, a line of JSON a row.

    Args:
        job: The run.
        inputs: What it read.
        marks: What is to be said of each record (MARKS); one that has none is to be kept.
        stage: Under which name they are kept.

    Raises:
        InputError: A record has a field or a column of a mark's name already.
    """
    if any(file.format == "parquet" for file in job.files):
        return job.checkpoints.stage(stage, lambda: _mark_rows(job, marks))
    lines = job.checkpoints.stage(stage, lambda: _mark_lines(job, inputs, marks))
    _refuse_marked(job, lines)
    return lines.select("value")


def _mark_rows(job: "Job", marks: "DataFrame") -> "DataFrame":
    """Add columns to rows of Parquet."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    reader = job.spark.read.options(**AS_IT_STANDS).option("mergeSchema", "true")
    table = reader.parquet(*(file.uri for file in job.files))
    for name in [name for name in MARKS if name in table.columns]:
        remedy = "Mark what is not marked yet, or rename the column."
        raise InputError(str(job.files[0].path), None, f"it has a column '{name}' already", remedy)
    files = job.spark.createDataFrame(
        [(f.key, f.number) for f in job.files], "key string, file bigint"
    )
    place = ("_metadata.file_path as key", "_metadata.row_index as row")
    rows = table.selectExpr("struct(*) as record", *place)
    rows = rows.join(functions.broadcast(files), "key")
    rows = rows.selectExpr("record", "file", "row + 1 as line")
    marked = rows.join(marks, ["file", "line"], "left")
    return marked.selectExpr("record.*", *_SAID)


def _mark_lines(job: "Job", inputs: "Inputs", marks: "DataFrame") -> "DataFrame":
    """Add fields to lines of JSON."""
    numbered = _number_lines(job, inputs)
    wrong = inputs.problems.where("not is_repeated and line is not null")
    wrong = wrong.selectExpr("cast(file as bigint) as file", "line", "true as is_wrong").distinct()
    joined = numbered.join(marks, ["file", "line"], "left").join(wrong, ["file", "line"], "left")
    return joined.mapInArrow(mark_lines, LINES)


def _refuse_marked(job: "Job", lines: "DataFrame") -> None:
    """Refuse the first line that has a mark already.

    Raises:
        InputError: There is one.
    """
    faults = lines.where("problem is not null").orderBy("file", "line").limit(1)
    for fault in faults.collect():
        remedy = "Mark what is not marked yet, or rename the field."
        raise InputError(str(job.files[fault.file].path), fault.line, fault.problem, remedy)


def _number_lines(job: "Job", inputs: "Inputs") -> "DataFrame":
    """Give every line of the input with its file and its number."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    (table,) = open_tables(job.spark, job.files, job.config.readers)
    files = job.spark.createDataFrame(
        [(f.key, f.number) for f in job.files], "key string, file int"
    )
    blocks = inputs.blocks.select("file", "block", "first_line", "is_read")
    rows = table.rows.join(functions.broadcast(files), "key", "left").drop("key")
    rows = rows.join(functions.broadcast(blocks), ["file", "block"], "left")
    return rows.mapInArrow(number_lines, NUMBERED)


def number_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Number the lines of a task; those of a block come in order.

    Args:
        batches: Lines (`value`) with their file, block, how many lines stand before the block, and
            whether the file was read.

    Raises:
        InputError: The first reading did not meet a block.
    """
    key, line = (-1, -1), 0
    for batch in batches:
        files, blocks = batch.column("file").to_numpy(), batch.column("block").to_numpy()
        if batch.column("first_line").null_count:
            raise was_changed("the input", "two readings differ")
        firsts = batch.column("first_line").to_numpy()
        changes = np.flatnonzero((np.diff(files) != 0) | (np.diff(blocks) != 0)) + 1
        numbers = np.empty(batch.num_rows, np.int64)
        for begin, end in zip(
            [0, *changes.tolist()], [*changes.tolist(), batch.num_rows], strict=True
        ):
            if (files[begin], blocks[begin]) != key:
                key, line = (files[begin], blocks[begin]), int(firsts[begin])
            numbers[begin:end] = np.arange(line + 1, line + 1 + end - begin)
            line += end - begin
        columns = {"file": files.astype(np.int64), "line": numbers}
        others = {name: batch.column(name) for name in ("is_read", "value")}
        yield as_batch({**columns, **others}, NUMBERED)


def mark_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Add marks to lines of JSON; blank ones and those that were left out stay as they are."""
    names = ("is_read", "is_wrong", *MARKS)
    for batch in batches:
        lines = batch.column("value").view(pa.binary()).to_pylist()
        told = batch.select(list(names)).to_pylist()
        places = zip(
            batch.column("file").to_pylist(), batch.column("line").to_pylist(), strict=True
        )
        marked = [
            _mark_line(line, said, place)
            for line, said, place in zip(lines, told, places, strict=True)
        ]
        yield as_batch(
            {
                "file": batch.column("file"),
                "line": batch.column("line"),
                "value": pa.array([line for line, _ in marked], pa.binary()).view(pa.string()),
                "problem": pa.array([problem for _, problem in marked], pa.string()),
            },
            LINES,
        )


def _mark_line(
    line: bytes, said: dict[str, Any], place: tuple[int, int]
) -> tuple[bytes, str | None]:
    """Give a line with its mark, and what is wrong with it if anything is."""
    if not said["is_read"] or said["is_wrong"] or is_blank(line, 0, len(line)):
        return line, None
    is_kept = said["dedup_canonical"] is not False
    mark = Mark(said["dedup_group"], is_kept, said["dedup_relation"], said["dedup_score"])
    try:
        edit = place_mark(line, (0, len(line)), mark, (str(place[0]), place[1]))
    except InputError as error:
        return line, error.problem
    return line[: edit.start] + edit.replacement + line[edit.end :], None
