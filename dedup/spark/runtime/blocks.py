"""Turn Arrow's columns of text into the blocks that the single machine's stages take.

In: record batches as Spark hands them to a task. Out: the same rows in blocks of bounded size, and
their texts as `ParagraphBatch` and `TokenLists`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config
from dedup.kernels import Engine, load_engine
from dedup.model import (
    PADDING,
    BlockKind,
    ByteArray,
    DocumentBatch,
    IndexArray,
    OffsetArray,
    ParagraphBatch,
    TokenLists,
)
from dedup.paragraphs import split_paragraphs
from dedup.shingles import spell_paragraphs, tokenize_paragraphs
from dedup.spark.runtime.schemas import arrow_schema

# A batch from Spark has some thousand rows whatever their size; a block of 4 MB needs about 40 MB
# on its way through the stages, and 2,048 signatures (1 MB) stay in the processor's cache.
_BLOCK_ROWS: Final = 2048
_BLOCK_BYTES: Final = 4 << 20


def load_task_engine(config: Config) -> Engine:
    """Load the engine of a task: the compiled one, unless the other is chosen by hand."""
    return load_engine("numpy" if config.run.engine == "numpy" else "numba")


def cut_into_blocks(batch: pa.RecordBatch, column: str = "text") -> Iterator[pa.RecordBatch]:
    """Cut rows into blocks of bounded size; a text that is larger than a block has its own.

    Args:
        batch: Rows.
        column: The column of text that makes most of their bytes.
    """
    _, offsets = _open_texts(batch.column(column))
    begin = 0
    while begin < batch.num_rows:
        end = int(np.searchsorted(offsets, offsets[begin] + _BLOCK_BYTES, "right")) - 1
        end = min(max(end, begin + 1), begin + _BLOCK_ROWS)
        yield batch.slice(begin, end - begin)
        begin = end


def gather_rows(batches: Iterable[pa.RecordBatch], n: int) -> Iterator[pa.Table]:
    """Put batches together until there are `n` rows or more; only the last part has fewer."""
    waiting: list[pa.RecordBatch] = []
    n_waiting = 0
    for batch in batches:
        waiting.append(batch)
        n_waiting += batch.num_rows
        if n_waiting >= n:
            yield pa.Table.from_batches(waiting)
            waiting, n_waiting = [], 0
    if n_waiting:
        yield pa.Table.from_batches(waiting)


def _open_texts(texts: pa.Array) -> tuple[ByteArray, OffsetArray]:
    """Give the bytes that hold a column of text, and where in them each text begins and ends."""
    if texts.null_count:
        texts = texts.fill_null("")
    return open_values(texts.cast(pa.large_string()))


def open_values(values: pa.Array) -> tuple[ByteArray, OffsetArray]:
    """Give the bytes that hold strings of Arrow's large types, and where each begins and ends."""
    _, places, content = values.buffers()
    if not len(values) or content is None:
        return np.empty(0, np.uint8), np.zeros(len(values) + 1, np.int64)
    offsets = np.frombuffer(places, np.int64)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(content, np.uint8), offsets


def join_binary(column: pa.Array) -> ByteArray:
    """Give the values of a column of bytes, none of them null, one right behind the other."""
    content, offsets = open_values(column.cast(pa.large_binary()))
    return content[offsets[0] : offsets[-1]]


def read_texts(
    texts: pa.Array,
    lines: OffsetArray,
    columns: IndexArray,
    end_lines: OffsetArray | None = None,
) -> DocumentBatch:
    """Make a batch of a column of text: a document a row, of one TEXT block or of none.

    Args:
        texts: Strings; a null is a document without a block, as an empty string is.
        lines: The line of its source on which each text begins, from 1.
        columns: The column of that line, from 1.
        end_lines: The line on which it ends, where that may be another.
    """
    content, places = _open_texts(texts)
    offsets = places - places[0]
    buffer = np.zeros(int(offsets[-1]) + PADDING, np.uint8)
    buffer[: offsets[-1]] = content[places[0] : places[-1]]
    full = np.flatnonzero(np.diff(offsets))
    return DocumentBatch(
        path=None,
        buffer=buffer,
        ids=[],  # nothing in a task asks for them
        dates=None,
        document=full.astype(np.int32),
        starts=offsets[full],
        ends=offsets[full + 1],
        kinds=np.full(len(full), BlockKind.TEXT, np.uint8),
        lines=lines[full],
        columns=columns[full],
        chars=np.zeros(len(full), np.int64),
        end_lines=(lines if end_lines is None else end_lines)[full],
        is_source=False,
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Block:
    """The paragraphs of a block, their tokens, and what shingles are made of (mostly these)."""

    paragraphs: ParagraphBatch
    tokens: TokenLists
    units: TokenLists


def tokenize_block(batch: DocumentBatch, config: Config, engine: Engine) -> Block:
    """Split a batch into paragraphs and tokenize them, as the single machine does."""
    paragraphs = split_paragraphs(batch, config.paragraphs, engine)
    tokens = tokenize_paragraphs(paragraphs, engine)
    is_spelled = config.shingles.kind == "char"
    units = spell_paragraphs(paragraphs, engine) if is_spelled else tokens
    return Block(paragraphs, tokens, units)


def tokenize_texts(texts: pa.Array, config: Config, engine: Engine) -> Block:
    """Tokenize texts each of which is a paragraph, so none is empty."""
    nowhere = np.zeros(len(texts), np.int64)
    batch = read_texts(texts, nowhere, nowhere.astype(np.int32))
    whole = replace(config, paragraphs=replace(config.paragraphs, unit="record"))
    return tokenize_block(batch, whole, engine)


def as_batch(columns: Mapping[str, Any], table: str) -> pa.RecordBatch:
    """Put columns, arrays of NumPy or Arrow, into a batch.

    Args:
        columns: By their names; of any integers, which are made those of the table.
        table: Names and types, one of `schemas`.
    """
    schema = arrow_schema(table)
    arrays = [pa.array(columns[field.name]).cast(field.type) for field in schema]
    return pa.record_batch(arrays, schema=schema)
