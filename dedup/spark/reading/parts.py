"""Parse a part of a file inside a task, by the single machine's own readers.

In: some neighbouring lines of JSON, or rows of Parquet, as Arrow has them. Out: the documents among
them and what is wrong with the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.kernels import Engine
from dedup.kernels.records import NUMBER
from dedup.model import PADDING, ByteArray, DocumentBatch, OffsetArray, Problem
from dedup.readers import jsonl, parquet
from dedup.readers.contents import refuse_foreign
from dedup.readers.sources import Piece

_HEAD_BYTES: Final = 128
_LINE_END: Final = b"\n"
# The columns of a record: text, id and date, with the types that pyarrow gives them in the file.
# None where only Spark knows the file, and its types are taken for those.
Kinds: TypeAlias = pa.Schema | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Part:
    """Neighbouring lines or rows of one block of a file, as Spark hands them to a task.

    Attributes:
        file: The number of the file.
        block: The byte where the block begins.
        rows: The rows; `value` of JSON lines; `text`, `id`, `date`, `row` of Parquet.
    """

    file: int
    block: int
    rows: pa.RecordBatch


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Parsed:
    """What a part holds.

    Attributes:
        batch: Its documents and problems.
        lines: The line or row of each document, from 1.
        n_lines: By how many the lines that follow are counted on; rows are never counted.
    """

    batch: DocumentBatch
    lines: OffsetArray
    n_lines: int


def cut_into_parts(batches: Iterator[pa.RecordBatch]) -> Iterator[Part]:
    """Cut the rows of a task where a block ends and the next one begins."""
    for batch in batches:
        files, blocks = batch.column("file").to_numpy(), batch.column("block").to_numpy()
        changes = (np.diff(files) != 0) | (np.diff(blocks) != 0)
        if "row" in batch.schema.names:
            changes |= np.diff(batch.column("row").to_numpy()) != 1
        bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), batch.num_rows]
        for begin, end in pairwise(bounds):
            if end > begin:
                rows = batch.slice(begin, end - begin)
                yield Part(int(files[begin]), int(blocks[begin]), rows)


@dataclass(frozen=True, slots=True)
class Parser:
    """Parses the parts of files of one kind; travels to the tasks.

    Attributes:
        config: How records are read; what is wrong with one is always a problem, never an error.
        kinds: The types of Parquet's columns in the files; None for JSON lines.
    """

    config: ReadersConfig
    kinds: Kinds = None

    def parse(self, part: Part, place: tuple[str, int], engine: Engine) -> Parsed:
        """Parse a part.

        Args:
            part: Lines or rows.
            place: What its file is called, and the number of the part's first line, from 1; rows
                of Parquet know theirs.
            engine: Of the task.
        """
        if "value" in part.rows.schema.names:
            return _parse_lines(part.rows.column("value"), place, self.config, engine)
        return _parse_rows(part.rows, place[0], self, engine)


def _parse_lines(
    lines: pa.Array, place: tuple[str, int], config: ReadersConfig, engine: Engine
) -> Parsed:
    """Parse JSON lines: strings whose bytes nobody has checked, without their line ends."""
    path, first_line = place
    content = _LINE_END.join([*lines.view(pa.binary()).to_pylist(), b""])
    piece = Piece(path, "jsonl", _pad(content), len(content), first_line)
    fields = (config.text_field, config.id_field, config.date_field or "")
    found = engine.find_records(piece.data, piece.size, fields).rows[:, NUMBER] + first_line
    batch = jsonl.parse(piece, replace(config, skip_errors=True), engine)
    return Parsed(batch, _without(found, batch.problems), len(lines))


def _pad(content: bytes) -> ByteArray:
    """Give bytes that may be written into, with room behind them."""
    data = np.zeros(len(content) + PADDING, np.uint8)
    data[: len(content)] = np.frombuffer(content, np.uint8)
    return data


def _without(lines: OffsetArray, problems: tuple[Problem, ...]) -> OffsetArray:
    """Give the lines that became documents."""
    wrong = [problem.line for problem in problems if problem.line is not None]
    return lines[~np.isin(lines, wrong)]


def find_foreign(lines: pa.Array, path: str) -> tuple[str, str] | None:
    """Say what a file holds that is no JSON Lines but a picture, an archive and so on.

    Args:
        lines: The first lines of the file.
        path: Its name.

    Returns:
        What is wrong and what to do; None where nothing is.
    """
    head = _LINE_END.join(lines.slice(0, _HEAD_BYTES).view(pa.binary()).to_pylist())
    try:
        refuse_foreign(path, "jsonl", head[:_HEAD_BYTES])
    except InputError as error:
        return error.problem, str(error).partition(f": {error.problem}. ")[2]
    return None


def _parse_rows(rows: pa.RecordBatch, path: str, parser: Parser, engine: Engine) -> Parsed:
    """Parse rows of Parquet: `text`, and `id` and `date` where there are such; `row` from 0."""
    names = [name for name in ("text", "id", "date") if name in rows.schema.names]
    columns = [_restore(rows.column(name), parser.kinds, name) for name in names]
    batch = pa.RecordBatch.from_arrays(columns, names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    content = sink.getvalue().to_pybytes()
    first_row = rows.column("row")[0].as_py() + 1
    piece = Piece(path, "parquet", _pad(content), len(content), first_row)
    parsed = parquet.parse(piece, replace(parser.config, skip_errors=True), engine)
    lines = np.arange(first_row, first_row + rows.num_rows)
    return Parsed(parsed, _without(lines, parsed.problems), n_lines=0)


def _restore(column: pa.Array, kinds: Kinds, name: str) -> pa.Array:
    """Give a column the type that pyarrow gives it, where Spark's is another.

    Spark has no unsigned numbers, hands out every time in one zone, and nanoseconds as a number.
    """
    if name == "text":
        return column.cast(pa.large_string())
    if kinds is None or pa.types.is_dictionary(kinds.field(name).type):
        return column
    kind = kinds.field(name).type
    if pa.types.is_null(kind):
        return pa.nulls(len(column))
    return column if pa.types.is_nested(kind) else column.cast(kind)
