"""Read, write and measure what lies in folders, on any file system that Spark knows.

Through Spark's own readers and writers alone, which a Connect session has as well.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_MISSING: Final = "PATH_NOT_FOUND"
# Brackets in a name are no pattern, and a folder called `day=1` is no column.
AS_IT_STANDS: Final = {"__globPaths__": "false", "recursiveFileLookup": "true"}


def read_text(spark: "SparkSession", folder: str) -> str | None:
    """Give the text that `write_text` left; None where there is none, or no whole one."""
    rows = load(spark, "text", folder, "value string")
    found = [] if rows is None else rows.collect()
    return str(found[0].value) if len(found) == 1 else None


def write_text(spark: "SparkSession", folder: str, text: str) -> None:
    """Leave a text without line ends in a folder; it appears whole or not at all."""
    # A third of the 0.3 s that rows from Python take.
    spark.sql("select :text as value", {"text": text}).write.mode("overwrite").text(folder)


def load(
    spark: "SparkSession", form: str, folder: str, columns: str | None = None
) -> "DataFrame | None":
    """Open a file, or what lies in a folder and those below; None where there is no such thing.

    Args:
        spark: The session.
        form: `parquet`, `text` or another name of Spark's.
        folder: Where; read as it stands, not as a pattern.
        columns: Names and types, where Spark need not find them out.
    """
    from pyspark.errors import AnalysisException  # noqa: PLC0415 -- loaded with the session

    reader = spark.read.format(form).options(**AS_IT_STANDS)
    try:
        rows = (reader.schema(columns) if columns else reader).load(folder)
        rows.schema  # noqa: B018 -- a Connect session looks at the folder only now
    except AnalysisException as error:
        if _MISSING in str(error):
            return None
        raise
    return rows


def measure(spark: "SparkSession", folder: str) -> tuple[int, int]:
    """Give how many files lie in a folder, and their bytes; names that begin with `_` count not."""
    files = load(spark, "binaryFile", folder)
    sizes = [] if files is None else [int(row.length) for row in files.select("length").collect()]
    return len(sizes), sum(sizes)
