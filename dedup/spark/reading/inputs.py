"""Read the input into documents, exactly those of the single machine.

In: files of JSON lines and Parquet. Out: DOCUMENTS, each with its number within its file, its line
and how many paragraphs of the file stand before it; and what could not be read.

A task sees a part of a file (a block) and not what stands before, so the input is read twice. The
first time every record is parsed by the single machine's own reader and only counted: its
paragraphs, its id, what is wrong with it (stage `records`, some bytes each). From that follow the
ids that repeat and the numbers with which each block begins (stage `blocks`). The second time
documents are numbered from there.

Decision (2026-11-26): what is wrong with a record is a row of a table and no exception. So the
fault that is named is the first one in input order, whatever task ran first; no task is tried four
times for a line that stays broken; and a Connect session learns of it like any other.
Where a record is faulty and an id repeats as well, the earlier of the two is named; one machine
names the faulty record first where both stand within about 1 MB.
"""

from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from dedup.spark.reading.counting import Counting, count_records
from dedup.spark.reading.faults import find_repeated, list_problems, refuse_first
from dedup.spark.reading.frames import STAGE as FRAME_STAGE
from dedup.spark.reading.numbering import Numbering, make_documents
from dedup.spark.reading.tables import InputTable, open_tables
from dedup.spark.runtime.id_sets import IdSet, gather_ids
from dedup.spark.runtime.schemas import DOCUMENTS, FILE_BITS, RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What the input holds.

    Attributes:
        documents: DOCUMENTS; the files are read and parsed whenever the rows are asked for.
        problems: PROBLEMS, which were left out; none unless errors are skipped.
        blocks: BLOCKS: how many documents and paragraphs each part of a file has.
    """

    documents: "DataFrame"
    problems: "DataFrame"
    blocks: "DataFrame"


def read_inputs(job: "Job") -> Inputs:
    """Read the input a first time, and give what it holds.

    Raises:
        InputError: A record cannot be read or repeats an id of its file (the first that does, in
            input order), and is not to be left out.
    """
    tables = open_tables(job.spark, job.files, job.config.readers)
    stage, outdate = job.checkpoints.stage, job.checkpoints.outdate
    files = _list_files(job)
    outdate("records", FRAME_STAGE)
    records = stage("records", lambda: _apply(job, tables, (_count, RECORDS), files))
    outdate("repeated", "records")
    repeated = stage("repeated", lambda: find_repeated(records))
    outdate("blocks", "records")
    blocks = stage("blocks", lambda: _number_blocks(records, repeated))
    problems = list_problems(records, repeated, blocks)
    if not job.config.readers.skip_errors and not (_has_none(records) and repeated.isEmpty()):
        refuse_first(job, problems)
    number = partial(_number, left_out=_find_left_out(job, problems))
    placed = files.join(blocks, "file")
    return Inputs(_apply(job, tables, (number, DOCUMENTS), placed), problems, blocks)


def _find_left_out(job: "Job", problems: "DataFrame") -> IdSet | None:
    """Give the places (`file << FILE_BITS | line`) of records that are left out for their id.

    A bit a line, in blocks of 8,192 lines that have any: a kilobyte each in every worker.
    """
    if not job.config.readers.skip_errors:
        return None
    place = f"shiftleft(cast(file as bigint), {FILE_BITS}) + place as id"
    places = problems.where("is_repeated").selectExpr(place)
    n_places = places.count()
    return gather_ids(job, places, n_places) if n_places else None


def _has_none(records: "DataFrame") -> bool:
    """Say whether nothing was found wrong: one glance at one column."""
    return records.where("problem is not null").isEmpty()


def _list_files(job: "Job") -> "DataFrame":
    """Give the number of each file by the name that Spark has for it."""
    rows = [(file.key, file.number) for file in job.files]
    return job.spark.createDataFrame(rows, "key string, file int")


def _apply(
    job: "Job",
    tables: list[InputTable],
    kernel: "tuple[Callable[[Job, InputTable], Callable[..., Any]], str]",
    known: "DataFrame",
) -> "DataFrame":
    """Give the rows that a kernel makes of all tables.

    Args:
        job: The run.
        tables: Lines and rows.
        kernel: What makes the kernel of a table, and the columns that it gives.
        known: What is known of each file, or of each block of it; it goes to every task whole.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    make, columns = kernel
    on: list[str] = [name for name in ("key", "block") if name in known.columns]
    parts = [
        # A block that is not known has nulls, and its task says so.
        table.rows.join(functions.broadcast(known), on, "left")
        .drop("key")
        .mapInArrow(make(job, table), columns)
        for table in tables
    ]
    if not parts:
        return job.spark.createDataFrame([], columns)
    return reduce(lambda left, right: left.union(right), parts)


def _count(job: "Job", table: InputTable) -> "Callable[..., Any]":
    return partial(count_records, counting=Counting(job.config, table.parser))


def _number(job: "Job", table: InputTable, left_out: IdSet | None) -> "Callable[..., Any]":
    names = tuple(file.path or "" for file in job.files)
    is_frame = any(file.path is None for file in job.files)
    numbering = Numbering(job.config, table.parser, names, left_out, is_frame)
    return partial(make_documents, numbering=numbering)


def _number_blocks(records: "DataFrame", repeated: "DataFrame") -> "DataFrame":
    """Give BLOCKS: sums over what stands before each block in its file."""
    from pyspark.sql import Window, functions  # noqa: PLC0415 -- loaded with the session

    col, total = functions.col, functions.sum
    is_foreign = col("problem").isNotNull() & col("line").isNull()
    found = records.groupBy("file", "block").agg(
        functions.coalesce(total("n_lines"), functions.lit(0)).alias("lines"),
        functions.count("n_paragraphs").alias("n_documents"),
        functions.coalesce(total("n_paragraphs"), functions.lit(0)).alias("paragraphs"),
        functions.max(is_foreign).alias("foreign"),
    )
    left_out = repeated.groupBy("file", "block").agg(total("n_paragraphs").alias("out"))
    zero = functions.lit(0)
    joined = found.join(left_out, ["file", "block"], "left")
    n_paragraphs = col("paragraphs") - functions.coalesce("out", zero)
    joined = joined.withColumn("n_paragraphs", n_paragraphs)
    of_file = Window.partitionBy("file")
    before = of_file.orderBy("block").rowsBetween(Window.unboundedPreceding, -1)
    firsts = {
        "first_line": "lines",
        "first_document": "n_documents",
        "first_paragraph": "n_paragraphs",
    }
    return joined.select(
        "file",
        "block",
        *(
            functions.coalesce(total(name).over(before), zero).alias(first)
            for first, name in firsts.items()
        ),
        "n_documents",
        "n_paragraphs",
        (~functions.max("foreign").over(of_file)).alias("is_read"),
    )
