"""Make the documents' blocks into the paragraphs worth comparing.

A batch of documents comes in, its paragraphs go out as columns. Text that no reader has parted is
parted at blank lines; headings, code, tables, metadata, comments and lists of links repeat by
nature and are left out. Short paragraphs stay: `pipeline` counts and skips them.
"""

from typing import Final

import numpy as np

from dedup.config import ParagraphsConfig
from dedup.kernels import Engine
from dedup.model import BlockKind, DocumentBatch, OffsetArray, ParagraphBatch, tell_kinds

_IS_COMPARED: Final = tell_kinds(
    BlockKind.TEXT, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.QUOTE
)


def split_paragraphs(
    batch: DocumentBatch, config: ParagraphsConfig, engine: Engine
) -> ParagraphBatch:
    """Give the paragraphs of a batch, in reading order.

    With the unit `record` a TEXT block is one paragraph, blank lines or not.
    """
    is_compared = _IS_COMPARED[batch.kinds]
    blocks = np.flatnonzero(is_compared)
    if config.unit == "paragraph":
        return _part_at_blank_lines(batch, blocks, engine)
    return _take_whole(batch, blocks)


def _part_at_blank_lines(
    batch: DocumentBatch, blocks: OffsetArray, engine: Engine
) -> ParagraphBatch:
    """Part the TEXT blocks; a block of another kind has no blank line and stays one."""
    owners, bounds, lines = engine.split_blank_lines(
        batch.written, batch.starts[blocks], batch.ends[blocks]
    )
    block = blocks[owners]
    first_lines, last_lines, columns = lines[:, 0], lines[:, 1], lines[:, 2]
    if not batch.is_source:
        first_lines = last_lines = columns = np.zeros_like(owners)
    end_lines = batch.lines[block] + last_lines
    if batch.end_columns is not None:  # its text does not tell where it ends
        end_lines = batch.end_lines[block]
    is_first_line = first_lines == 0
    return ParagraphBatch(
        batch=batch,
        document=batch.document[block],
        starts=np.ascontiguousarray(bounds[:, 0]),
        ends=np.ascontiguousarray(bounds[:, 1]),
        start_lines=batch.lines[block] + first_lines,
        end_lines=end_lines,
        columns=(columns + np.where(is_first_line, batch.columns[block], 1)).astype(np.int32),
        block=block.astype(np.int32),
    )


def _take_whole(batch: DocumentBatch, blocks: OffsetArray) -> ParagraphBatch:
    return ParagraphBatch(
        batch=batch,
        document=batch.document[blocks],
        starts=batch.starts[blocks],
        ends=batch.ends[blocks],
        start_lines=batch.lines[blocks],
        end_lines=batch.end_lines[blocks],
        columns=batch.columns[blocks],
        block=blocks.astype(np.int32),
    )
