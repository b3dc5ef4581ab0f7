"""Count what each part of the input holds: the first of two readings.

Lines or rows come in, RECORDS go out: of each document how many paragraphs it has and its id, of
each other record what is wrong with it. Nothing here knows what stands before a block in its file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.model import OffsetArray
from dedup.paragraphs import split_paragraphs
from dedup.spark.reading.parts import Parsed, Parser, Part, cut_into_parts, find_foreign
from dedup.spark.runtime.blocks import as_batch, load_task_engine
from dedup.spark.runtime.schemas import RECORDS, arrow_schema

# Stands for the file's name while nobody knows the line's number: no id of a record begins so.
NAMELESS_FILE: Final = "\0"
_NAMELESS_ID: Final = b'"\\u0000:'


@dataclass(frozen=True, slots=True)
class Counting:
    """What the tasks of the first reading need: the settings, and how a part is parsed."""

    config: Config
    parser: Parser


def count_records(
    batches: Iterator[pa.RecordBatch], counting: Counting
) -> Iterator[pa.RecordBatch]:
    """Give the RECORDS of a task's lines or rows."""
    engine = load_task_engine(counting.config)
    key, done = (-1, -1), 0
    for part in cut_into_parts(batches):
        if (part.file, part.block) != key:
            key, done = (part.file, part.block), 0
            yield from _find_foreign(part)
        parsed = counting.parser.parse(part, (NAMELESS_FILE, done + 1), engine)
        paragraphs = split_paragraphs(parsed.batch, counting.config.paragraphs, engine)
        n_paragraphs = np.bincount(paragraphs.document, minlength=len(parsed.batch.ids))
        yield _lay_out_documents(part, parsed, n_paragraphs)
        yield _lay_out_rest(part, parsed)
        done += parsed.n_lines


def _find_foreign(part: Part) -> Iterator[pa.RecordBatch]:
    """Look into the beginning of a file whose ending says JSON Lines."""
    if part.block or "value" not in part.rows.schema.names:
        return
    found = find_foreign(part.rows.column("value"), NAMELESS_FILE)
    if found is not None:
        yield _lay_out(part, 1, {"problem": [found[0]], "remedy": [found[1]]})


def _lay_out_documents(part: Part, parsed: Parsed, n_paragraphs: OffsetArray) -> pa.RecordBatch:
    """Give a row for each document."""
    has_text = np.zeros(len(parsed.lines), np.bool_)
    has_text[parsed.batch.document] = True
    ids = [None if raw.startswith(_NAMELESS_ID) else raw for raw in parsed.batch.ids]
    columns = {
        "line": parsed.lines - 1,
        "n_paragraphs": n_paragraphs,
        "has_text": has_text,
        "identity": pa.array(ids, pa.binary()).view(pa.string()),
    }
    return _lay_out(part, len(ids), columns)


def _lay_out_rest(part: Part, parsed: Parsed) -> pa.RecordBatch:
    """Give a row for each problem, and one that says how many lines there were."""
    problems = parsed.batch.problems
    lines = [None if problem.line is None else problem.line - 1 for problem in problems]
    columns = {
        "line": [*lines, None],
        "problem": [*(problem.message for problem in problems), None],
        "n_lines": [*(None for _ in problems), parsed.n_lines],
    }
    return _lay_out(part, len(problems) + 1, columns)


def _lay_out(part: Part, n_rows: int, columns: dict[str, Any]) -> pa.RecordBatch:
    """Put columns into a batch of RECORDS; what is not among them is null."""
    of_part = {"file": np.full(n_rows, part.file), "block": np.full(n_rows, part.block)}
    absent = {name: [None] * n_rows for name in arrow_schema(RECORDS).names}
    return as_batch(absent | columns | of_part, RECORDS)
