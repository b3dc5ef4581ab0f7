"""Open files as tables of lines or rows, each with its file and the block that it stands in.

In: the files of a run. Out: a table a kind of file, and how its parts are parsed. JSON lines are
one kind; Parquet files are of one kind where their columns for text, id and date have one type.

Decision (2026-11-26): of a Parquet file on this machine the footer is read here as the single
machine reads it, which refuses what that refuses and tells the types that pyarrow gives; Spark
hands out some columns as others (see `parts`). Of a file that only Spark can reach, Spark's types
are taken as they are: all differ from the file's own only for ids in unsigned 64 bits, for times in
nanoseconds, and for old times of 96 bits, which then are in UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.readers.parquet_source import ParquetSource
from dedup.readers.sources import Source
from dedup.spark.reading.parts import Parser
from dedup.spark.runtime.job import InputFile
from dedup.spark.runtime.storage import AS_IT_STANDS

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession

_LOCAL: Final = "file:"
_ROLES: Final = ("text", "id", "date")
_PART: Final = r"part-(\d+)"  # as Spark numbers the files that it writes
_PART_SHIFT: Final = 40
_Paths: TypeAlias = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class InputTable:
    """Files that are read alike.

    Attributes:
        rows: `key` (what Spark calls the file), `block` (where in it the part begins), and of JSON
            lines `value`, of Parquet `text`, `row` and perhaps `id` and `date`.
        parser: How parts of them are parsed.
    """

    rows: "DataFrame"
    parser: Parser


def open_tables(
    spark: "SparkSession", files: Iterable[InputFile], config: ReadersConfig
) -> list[InputTable]:
    """Open the files.

    Raises:
        InputError: A Parquet file is none, or has no column of text by the wanted name.
    """
    listed = list(files)
    if any(file.path is None for file in listed):
        return [_open_frame(spark, file, config) for file in listed]
    lines = [file for file in listed if file.format == "jsonl"]
    rows = [file for file in listed if file.format == "parquet"]
    tables = [_open_lines(spark, lines, config)] if lines else []
    return [*tables, *(_open_rows(spark, kind, config) for kind in _sort_by_kind(rows, config))]


def _open_lines(spark: "SparkSession", files: list[InputFile], config: ReadersConfig) -> InputTable:
    """Open JSON lines; they end at LF alone, as on one machine, and CR stays in the line."""
    reader = spark.read.options(**AS_IT_STANDS).option("lineSep", "\n")
    rows = reader.text([file.uri for file in files]).select("value", *_place_columns())
    return InputTable(rows, Parser(config))


def _place_columns() -> "list[Column]":
    """Give the columns that say where a row stands."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    return [
        functions.col("_metadata.file_path").alias("key"),
        functions.col("_metadata.file_block_start").alias("block"),
    ]


def _open_frame(spark: "SparkSession", file: InputFile, config: ReadersConfig) -> InputTable:
    """Open the sorted rows of a frame: all parts are blocks of one file, in their order."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    table = spark.read.options(**AS_IT_STANDS).parquet(file.uri)
    part = functions.regexp_extract("_metadata.file_name", _PART, 1).cast("bigint")
    start = functions.col("_metadata.file_block_start")
    rows = table.select(
        *table.columns,
        functions.col("_metadata.row_index").alias("row"),
        functions.lit(file.key).alias("key"),
        (functions.shiftleft(part, _PART_SHIFT) + start).alias("block"),
    )
    return InputTable(rows, Parser(config))


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """Parquet files of one kind: where their columns are, and the types that pyarrow gives them."""

    files: list[InputFile]
    paths: _Paths | None
    types: "pa.Schema | None"


def _sort_by_kind(files: list[InputFile], config: ReadersConfig) -> Iterator[_Kind]:
    """Put files together whose columns have the same types, as far as this machine can see."""
    kinds: defaultdict[str, list[InputFile]] = defaultdict(list)
    known: dict[str, tuple[_Paths | None, pa.Schema | None]] = {}
    for file in files:
        paths, types = _look_into(file, config)
        key = f"{paths} {types}"
        kinds[key].append(file)
        known[key] = paths, types
    for key, together in kinds.items():
        yield _Kind(together, *known[key])


def _look_into(file: InputFile, config: ReadersConfig) -> "tuple[_Paths | None, pa.Schema | None]":
    """Find the columns of a file on this machine and their types; None for one elsewhere.

    Raises:
        InputError: It is no Parquet file, or has no column of text by the wanted name.
    """
    import pyarrow as pa  # noqa: PLC0415 -- 0.1 s that only Parquet pays

    place = Path(file.uri.removeprefix(_LOCAL))
    if not file.uri.startswith(_LOCAL) or not place.is_file():
        return None, None
    with ParquetSource(Source(file.path or file.uri, "parquet", "", str(place)), config) as source:
        date = source.find(config.date_field) if config.date_field else None
        found = zip(_ROLES, (source.find_text(), source.find(config.id_field), date), strict=True)
        paths = {role: path for role, path in found if path}
        return paths, pa.schema([(role, source.type_of(path)) for role, path in paths.items()])


def _open_rows(spark: "SparkSession", kind: _Kind, config: ReadersConfig) -> InputTable:
    """Open Parquet files of one kind."""
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    reader = spark.read.options(**AS_IT_STANDS)
    table = reader.parquet(*(file.uri for file in kind.files))
    paths = kind.paths or _find_columns(table, kind.files[0], config)
    columns = [
        _pick(functions.col(_quote(path[0])), path[1:]).alias(role) for role, path in paths.items()
    ]
    number = functions.col("_metadata.row_index").alias("row")
    return InputTable(table.select(*columns, number, *_place_columns()), Parser(config, kind.types))


def _quote(name: str) -> str:
    """Write a column's name as Spark takes it whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def _pick(column: "Column", path: tuple[str, ...]) -> "Column":
    """Give a field of a struct by the names that lead to it."""
    for name in path:
        column = column.getField(name)
    return column


def _find_columns(table: "DataFrame", file: InputFile, config: ReadersConfig) -> _Paths:
    """Find the columns of files that only Spark can reach.

    Raises:
        InputError: There is no column of text by the wanted name.
    """
    wanted = (config.text_field, config.id_field, config.date_field or "")
    found = {role: _find(table.schema, name) for role, name in zip(_ROLES, wanted, strict=True)}
    if found["text"] is None:
        texts = [field.name for field in table.schema if field.dataType.typeName() == "string"]
        columns = ", ".join(f"'{name}'" for name in texts) or "none"
        problem = f"it has no column '{config.text_field}'"
        remedy = f"Name the text with --text-field: columns of text are {columns}."
        raise InputError(file.path or file.uri, None, problem, remedy)
    return {role: path for role, path in found.items() if path}


def _find(fields: Any, name: str) -> tuple[str, ...] | None:  # noqa: ANN401 -- a type of Spark's
    """Find a column by its name, or a field of a struct by names with dots between."""
    if name in fields.names:
        return (name,)
    first, _, rest = name.partition(".")
    if not rest or first not in fields.names or not hasattr(fields[first].dataType, "names"):
        return None
    below = _find(fields[first].dataType, rest)
    return (first, *below) if below else None
