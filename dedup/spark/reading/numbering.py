"""Number the documents of each part of the input: the second of two readings.

Lines or rows come in, each with what stands before its block (BLOCKS), DOCUMENTS go out. What the
first reading found wrong is not there; a document that repeats an id is, as on one machine, but it
has no text and so no paragraph.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.errors import InputError
from dedup.kernels import Engine
from dedup.model import DocumentBatch, OffsetArray
from dedup.paragraphs import split_paragraphs
from dedup.spark.reading.parts import Parsed, Parser, Part, cut_into_parts
from dedup.spark.runtime.blocks import as_batch, load_task_engine
from dedup.spark.runtime.id_sets import IdSet
from dedup.spark.runtime.schemas import DOCUMENTS, FILE_BITS

_CHANGED: Final = "it was changed while it was read"
_AGAIN: Final = "Run again, with another --work, when nothing writes to it."
_BLOCK_COLUMNS: Final = (
    "first_line",
    "first_document",
    "first_paragraph",
    "is_read",
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the tasks of the second reading need.

    Attributes:
        config: Every setting.
        parser: How a part is parsed.
        names: What each file is called, by its number, as ids of records without one begin.
        left_out: The places (`file << FILE_BITS | line`) of records that repeat an id; None: none.
        is_frame: Whether the records are those of a frame, and stand on no line of a file.
    """

    config: Config
    parser: Parser
    names: tuple[str, ...]
    left_out: IdSet | None
    is_frame: bool


@dataclass(slots=True)
class _Place:
    """How far the documents of a block were numbered.

    Attributes:
        key: The file and the block.
        line: How many lines of the file stand before.
        document, paragraph: Likewise documents and paragraphs.
        is_read: False where the whole file is left out.
    """

    key: tuple[int, int]
    line: int
    document: int
    paragraph: int
    is_read: bool


def make_documents(
    batches: Iterator[pa.RecordBatch], numbering: Numbering
) -> Iterator[pa.RecordBatch]:
    """Give the DOCUMENTS of a task's lines or rows.

    Raises:
        InputError: A file is not as it was at the first reading.
    """
    engine = load_task_engine(numbering.config)
    place = None
    for part in cut_into_parts(batches):
        name = numbering.names[part.file]
        if place is None or (part.file, part.block) != place.key:
            place = _begin_block(part, name)
        if place.is_read:
            parsed = numbering.parser.parse(part, (name, place.line + 1), engine)
            yield _number(parsed, place, numbering, engine)


def _begin_block(part: Part, name: str) -> _Place:
    """Give the beginning of a block, as BLOCKS has it.

    Raises:
        InputError: The first reading did not meet this block.
    """
    row = {column: part.rows.column(column)[0].as_py() for column in _BLOCK_COLUMNS}
    if row["first_line"] is None:
        raise InputError(name, None, _CHANGED, _AGAIN)
    numbers = row["first_line"], row["first_document"], row["first_paragraph"]
    return _Place((part.file, part.block), *numbers, row["is_read"])


def _number(parsed: Parsed, place: _Place, numbering: Numbering, engine: Engine) -> pa.RecordBatch:
    """Give the documents of a part, and go on in its block."""
    batch = parsed.batch
    owners = split_paragraphs(batch, numbering.config.paragraphs, engine).document
    is_repeated = np.zeros(len(parsed.lines), np.bool_)
    if numbering.left_out is not None:
        is_repeated = numbering.left_out.holds((place.key[0] << FILE_BITS) + parsed.lines)
    sizes = np.where(is_repeated, 0, np.bincount(owners, minlength=len(batch.ids)))
    blocks = np.full(len(batch.ids), -1)
    blocks[batch.document] = np.arange(len(batch.document))
    blocks[is_repeated] = -1
    made = {
        "document": (place.key[0] << FILE_BITS) + place.document + np.arange(len(batch.ids)),
        "identity": _as_strings(batch.ids),
        "date": batch.dates or [""] * len(batch.ids),
        "first_paragraph": place.paragraph + np.cumsum(sizes) - sizes,
        **_take_blocks(batch, blocks, engine, is_frame=numbering.is_frame),
    }
    place.line += parsed.n_lines
    place.document += len(batch.ids)
    place.paragraph += int(sizes.sum())
    return as_batch(made, DOCUMENTS)


def _take_blocks(
    batch: DocumentBatch, blocks: OffsetArray, engine: Engine, *, is_frame: bool
) -> dict[str, Any]:
    """Give text and place of each document's one block; -1 stands for one without: all zeros."""
    names = ("starts", "ends", "lines", "columns", "end_lines")
    starts, ends, lines, columns, end_lines = (
        np.append(getattr(batch, name), 0)[blocks].astype(np.int64) for name in names
    )
    texts = engine.gather(batch.buffer, starts, ends)
    if is_frame:  # where a record in memory stands, as `readers.records` has it
        lines = columns = (blocks >= 0).astype(np.int64)
        end_lines = lines + np.array([text.count(b"\n") for text in texts], np.int64)
    return {"text": _as_strings(texts), "line": lines, "column": columns, "end_line": end_lines}


def _as_strings(values: list[bytes]) -> pa.Array:
    """Give bytes that are known to be UTF-8 as strings."""
    return pa.array(values, pa.binary()).view(pa.string())
