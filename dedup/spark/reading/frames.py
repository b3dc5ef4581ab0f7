"""Take the records of a Spark frame, as a notebook has one, where files are read else.

In: a frame with a text, an id and perhaps a date a row. Out: the same, sorted by id, in the run's
folder, and read from there like any file.

Decision (2026-11-26): rows of a frame have no order, and a policy that keeps the first needs one;
so they must have ids, and are sorted by them. The run equals that of one machine over the same
records sorted by id. What the frame holds is told by a sum over hashes of its rows, which stands in
the manifest in the place of sizes and times: the same rows go on where they ended, others do not.
All parts count as one file, however Spark cuts them, so no number hangs on where one ends.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.spark.runtime.failures import worded
from dedup.spark.runtime.job import InputFile
from dedup.spark.runtime.storage import measure

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.checkpoints import Checkpoints

FRAME: Final = "the frame"
STAGE: Final = "frame"
_TEXT: Final = "string"
_CHECK: Final = "Look at it with frame.show(), and mend what it is made of."
_NAME_COLUMNS: Final = "Name its columns in ReadersConfig: text_field, id_field and date_field."


def choose_columns(frame: "DataFrame", config: ReadersConfig) -> "DataFrame":
    """Give the columns `text`, `id` and perhaps `date` of a frame.

    Raises:
        InputError: It has no column of text, or none of ids, by the wanted name.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    names = {"text": config.text_field, "id": config.id_field}
    if config.date_field:
        names["date"] = config.date_field
    columns = []
    for role, name in names.items():
        if name not in frame.columns:
            held = ", ".join(f"'{column}'" for column in frame.columns)
            problem = f"it has no column '{name}' (it has {held or 'none'})"
            raise InputError(FRAME, None, problem, _NAME_COLUMNS)
        quoted = name.replace("`", "``")
        columns.append(functions.col(f"`{quoted}`").alias(role))
    with worded(_refuse_failed):
        chosen = frame.select(*columns)
        kind = chosen.schema["text"].dataType.typeName()
    if kind != _TEXT:
        problem = f"its column '{config.text_field}' is {kind}, expected a string"
        raise InputError(FRAME, None, problem, _NAME_COLUMNS)
    return chosen


def _refuse_failed(told: str) -> InputError:
    return InputError(FRAME, None, f"Spark cannot make its rows ({told})", _CHECK)


def describe_frame(rows: "DataFrame") -> InputFile:
    """Tell what a frame holds, by a number that hangs on its rows and not on their order.

    Args:
        rows: As `choose_columns` gives them.

    Raises:
        InputError: A row has no id, or Spark cannot make the rows.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    # A null leaves the hash as it is; a constant behind it tells the column that was null.
    values = [part for name in rows.columns for part in (functions.col(name), functions.lit(1))]
    total = functions.sum(functions.xxhash64(*values).cast("decimal(38,0)"))
    with worded(_refuse_failed):
        told: Any = rows.agg(
            functions.count("*").alias("n_rows"),
            functions.count("id").alias("n_ids"),
            functions.coalesce(total, functions.lit(0)).cast("string").alias("content"),
        ).collect()[0]
    if told.n_ids < told.n_rows:
        problem = f"{told.n_rows - told.n_ids:,} of its rows have no id"
        raise InputError(FRAME, None, problem, "Give every row an id of its own.")
    return InputFile(0, None, told.content, "", "parquet", told.n_rows, 0)


def keep_frame(rows: "DataFrame", told: InputFile, checkpoints: "Checkpoints") -> InputFile:
    """Keep the rows of a frame, sorted by id, as the stage `frame`, and say where they are.

    Rows of one id are sorted by what else they hold, so that always the same is left out.

    Args:
        rows: As `choose_columns` gives them.
        told: What `describe_frame` told of them.
        checkpoints: Where they are kept.
    """
    checkpoints.stage(STAGE, lambda: rows.orderBy("id", *rows.drop("id").columns))
    folder = checkpoints.place(STAGE)
    _, size_bytes = measure(rows.sparkSession, folder)
    return replace(told, uri=folder, size_bytes=size_bytes)
