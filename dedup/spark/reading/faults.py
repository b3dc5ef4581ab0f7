"""Find what cannot be read and what repeats an id, and name the first of it in input order.

RECORDS come in; REPEATED and PROBLEMS go out, or the error that the single machine would raise.

Decision (2026-11-26): ids are compared by 128 bits of hash, 16 bytes a record to be shuffled and
not the ids themselves; those few whose hash occurs twice are compared as they are.
"""

from typing import TYPE_CHECKING, Final

from dedup.errors import InputError
from dedup.spark.reading.counting import NAMELESS_FILE
from dedup.spark.reading.frames import FRAME
from dedup.spark.runtime.schemas import REPEATED, arrow_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_REMEDIES: Final = {
    "jsonl": "Mend the line, or leave it out with --skip-errors.",
    "parquet": "Mend the row, or leave it out with --skip-errors.",
}
_OWN_ID_EACH: Final = "Give every row an id of its own, and a date as ISO 8601 or none."
_OWN_IDS: Final = "Give each record its own id, or choose the field with --id-field."


def find_repeated(records: "DataFrame") -> "DataFrame":
    """Give REPEATED: the documents whose id their file has had before.

    Those named by their place are told apart by it.
    """
    from pyspark.sql import Window, functions  # noqa: PLC0415 -- loaded with the session

    named = records.where(functions.col("identity").isNotNull()).drop(
        "problem", "remedy", "n_lines"
    )
    # Two functions: the first column's hash is the second one's seed.
    hashes = {
        "one": functions.xxhash64("file", "identity"),
        "two": functions.xxhash64("identity", "file"),
    }
    hashed = named.withColumns(hashes)
    shared = hashed.groupBy("one", "two").count().where("count > 1").select("one", "two")
    alike = hashed.join(shared, ["one", "two"], "left_semi")
    of_id = Window.partitionBy("file", "identity").orderBy("block", "line")
    firsts = {
        f"first_{name}": functions.first(name).over(of_id) for name in ("block", "line", "has_text")
    }
    numbered = alike.withColumns({**firsts, "number": functions.row_number().over(of_id)})
    return numbered.where("number > 1").select(*arrow_schema(REPEATED).names)


def list_problems(records: "DataFrame", repeated: "DataFrame", blocks: "DataFrame") -> "DataFrame":
    """Give PROBLEMS: what cannot be read, and what is left out for its id."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    col = functions.col
    firsts = blocks.select("file", "block", col("first_line").alias("before"), "is_read")
    wrong = records.where(col("problem").isNotNull()).join(firsts, ["file", "block"])
    line = col("before") + col("line") + 1
    unread = wrong.where(col("is_read") | col("line").isNull()).select(
        "file",
        functions.coalesce(line, functions.lit(0)).alias("place"),
        line.alias("line"),
        col("problem").alias("message"),
        "remedy",
        functions.lit(col=False).alias("is_repeated"),
    )
    of_first = blocks.select(
        "file", col("block").alias("first_block"), col("first_line").alias("before_first")
    )
    again = repeated.join(firsts.where("is_read"), ["file", "block"])
    again = again.join(of_first, ["file", "first_block"])
    first = functions.concat(
        functions.lit("line "), (col("before_first") + col("first_line") + 1).cast("string")
    )
    first = functions.when(col("first_has_text"), first).otherwise(functions.lit("an empty record"))
    parts = (functions.lit("its id "), col("identity"), functions.lit(" is that of "), first)
    return unread.union(
        again.select(
            "file",
            line.alias("place"),
            functions.when(col("has_text"), line).alias("line"),
            functions.concat(*parts).alias("message"),
            functions.lit(None).cast("string").alias("remedy"),
            functions.lit(col=True).alias("is_repeated"),
        )
    )


def refuse_first(job: "Job", problems: "DataFrame") -> None:
    """Refuse the first problem in input order.

    Raises:
        InputError: There is one.
    """
    found = problems.orderBy("file", "place", "is_repeated").limit(1).collect()
    for problem in found:
        file = job.files[problem.file]
        if file.path is None:
            raise InputError(FRAME, None, problem.message, _OWN_ID_EACH)
        remedy = (problem.remedy or _REMEDIES[file.format]).replace(NAMELESS_FILE, file.path)
        remedy = _OWN_IDS if problem.is_repeated else remedy
        raise InputError(file.path, problem.line, problem.message, remedy)
