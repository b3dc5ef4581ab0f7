"""A frame is read as the same records sorted by id are on one machine."""

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dedup.config import DEFAULTS, Config
from dedup.errors import InputError
from dedup.execution import Run
from dedup.gathering import gather_records
from dedup.spark.reading.frames import choose_columns, describe_frame
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.runtime.session import settled
from dedup.spark.starting import start_frame_job

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TEXTS = ["one\n\ntwo\nthree", "", "four", "é\n\n\nfive\n\n", "six"]
ROWS = [(f"{number % 7}é{number}", TEXTS[number % 5], "2026-01-02") for number in range(20)]
CONFIG = replace(
    DEFAULTS,
    readers=replace(DEFAULTS.readers, text_field="the body", id_field="key.no", date_field="day"),
)


@pytest.fixture
def frame(spark: "SparkSession") -> "DataFrame":
    return make_frame(spark, ROWS)


def make_frame(spark: "SparkSession", rows: Sequence[tuple[Any, ...]]) -> "DataFrame":
    """Make a frame of rows with an id, a text and a date, in many parts."""
    columns = "`key.no` string, `the body` string, day string"
    return spark.createDataFrame(rows, columns).repartition(5)


def start(
    frame: "DataFrame", work: Path, config: Config = CONFIG
) -> tuple[Job, AbstractContextManager[None]]:
    """Make a job over a frame, and what settles its session."""
    job = start_frame_job(frame.sparkSession, frame, config, str(work), 3)
    return job, settled(frame.sparkSession, job.size_bytes, job.partitions)


def read(frame: "DataFrame", work: Path) -> list[tuple[Any, ...]]:
    """Read the documents of a frame."""
    job, settling = start(frame, work)
    with settling:
        frame.sparkSession.conf.set("spark.sql.files.maxPartitionBytes", "1500")
        return sorted(tuple(row) for row in read_inputs(job).documents.collect())


def read_on_one_machine(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Read the same records, sorted by id; laid out as `schemas.DOCUMENTS` has it."""
    names = ("key.no", "the body", "day")
    records = [dict(zip(names, row, strict=True)) for row in sorted(rows)]
    corpus, _ = gather_records(records, Run(CONFIG, 0, lambda _stage, _done: None))
    (batch,) = corpus.batches
    blocks = dict(zip(batch.document.tolist(), range(len(batch.document)), strict=True))
    made = []
    for number, identity in enumerate(batch.ids):
        text = b""
        place: tuple[int, ...] = (0, 0, 0)
        if number in blocks:
            at = blocks[number]
            text = batch.buffer[batch.starts[at] : batch.ends[at]].tobytes()
            columns = batch.lines, batch.columns, batch.end_lines
            place = tuple(int(column[at]) for column in columns)
        first = corpus.first_paragraph(number)
        dated = batch.dates[number] if batch.dates else ""
        made.append((number, identity.decode(), text.decode(), dated, *place, first))
    return made


def test_a_frame_is_read_as_its_records_are_once_sorted(
    spark: "SparkSession", frame: "DataFrame", tmp_path: Path
) -> None:
    expected = read_on_one_machine(ROWS)

    assert read(frame, tmp_path) == expected

    # It goes on where it ended whatever its order, also where other parts are written.
    other = make_frame(spark, ROWS[::-1]).repartition(2)
    job, settling = start(other, tmp_path)
    with settling:
        read_inputs(job)
    assert [cost.is_resumed for cost in job.checkpoints.costs] == [True] * 4
    shutil.rmtree(next(tmp_path.glob("frame-*")))
    assert read(other.coalesce(1), tmp_path) == expected


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("key.no", r"it has no column 'key.no' \(it has 'the body', 'day'\). Name its columns in"),
        ("the body", "it has no column 'the body'"),
        ("day", "it has no column 'day'"),
    ],
)
def test_a_column_that_is_missing_is_named(column: str, message: str, frame: "DataFrame") -> None:
    rest = frame.select(*(f"`{name}`" for name in frame.columns if name != column))

    with pytest.raises(InputError, match=message):
        choose_columns(rest, CONFIG.readers)


def test_a_column_that_holds_no_text_is_refused(frame: "DataFrame") -> None:
    other = frame.withColumn("the body", frame["`the body`"].cast("binary"))

    with pytest.raises(InputError, match="its column 'the body' is binary, expected a string"):
        choose_columns(other, CONFIG.readers)


def test_a_row_without_an_id_is_refused(spark: "SparkSession") -> None:
    frame = make_frame(spark, [("a", "text", None), (None, "text", None)])

    with pytest.raises(InputError, match="1 of its rows have no id"):
        describe_frame(choose_columns(frame, CONFIG.readers))


def test_an_id_that_repeats_is_refused(spark: "SparkSession", tmp_path: Path) -> None:
    rows = [("a", "x", None), ("b", "y", None), ("a", "z", None)]

    with pytest.raises(InputError, match='frame: its id "a" is that of line'):
        read(make_frame(spark, rows), tmp_path)


def test_of_rows_of_one_id_always_the_same_is_left_out(
    spark: "SparkSession", tmp_path: Path
) -> None:
    rows = [("a", "one", None), ("a", "two", None)]
    config = replace(CONFIG, readers=replace(CONFIG.readers, skip_errors=True))
    made = []

    for turn in (rows, rows[::-1]):
        frame = spark.createDataFrame(turn, "`key.no` string, `the body` string, day string")
        job, settling = start(frame.coalesce(1), tmp_path / turn[0][1], config)
        with settling:
            made.append(sorted(row.text for row in read_inputs(job).documents.collect()))

    assert made == [["", "one"]] * 2


def test_a_session_that_limits_the_rows_of_a_file_changes_nothing(
    spark: "SparkSession", tmp_path: Path
) -> None:
    spark.conf.set("spark.sql.files.maxRecordsPerFile", "3")
    try:
        made = read(make_frame(spark, ROWS), tmp_path)
    finally:
        spark.conf.unset("spark.sql.files.maxRecordsPerFile")

    assert made == read_on_one_machine(ROWS)


def test_a_frame_that_cannot_be_made_is_refused(spark: "SparkSession") -> None:
    failing = spark.sql("select raise_error('ill') as `the body`, 1 as `key.no`, 2 as day")
    failing = failing.withColumn("the body", failing["`the body`"].cast("string"))

    with pytest.raises(InputError, match=r"the frame: Spark cannot make its rows \(.*ill.*\)"):
        describe_frame(choose_columns(failing, CONFIG.readers))


def test_columns_are_told_apart_whatever_is_in_their_names(spark: "SparkSession") -> None:
    config = replace(DEFAULTS.readers, text_field="te`xt")
    twins = spark.sql("select 'a' as text, 'b' as Text, 1 as id")

    assert choose_columns(spark.sql("select 'a' as `te``xt`, 1 as id"), config).columns == [
        "text",
        "id",
    ]
    spark.conf.set("spark.sql.caseSensitive", "false")
    try:
        with pytest.raises(InputError, match=r"Spark cannot make its rows .*ambiguous"):
            choose_columns(twins, DEFAULTS.readers)
    finally:
        spark.conf.unset("spark.sql.caseSensitive")


def test_another_frame_is_told_apart(spark: "SparkSession") -> None:
    first, *rest = ROWS
    frames: list[list[tuple[Any, ...]]] = [
        ROWS,
        rest,
        [*ROWS, first],
        [(first[0], "changed", first[2]), *rest],
        [(first[0], first[2], first[1]), *rest],
        [(first[0], None, "x"), *rest],
        [(first[0], "x", None), *rest],
        ROWS[::-1],
    ]

    told = [
        describe_frame(choose_columns(make_frame(spark, rows), CONFIG.readers)) for rows in frames
    ]

    assert len(set(told)) == len(frames) - 1
    assert told[0] == told[-1]
