"""Read plain text: a file is one document, and its text one block that is not parted yet.

In: a whole file. Out: a batch with one TEXT block, which the paragraphs stage parts at blank lines
in a kernel. So a file of 1 GB is checked once (0.4 ns a byte of ASCII, 0.6 to 0.75 of others) and
never copied.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.config import ReadersConfig
from dedup.model import DocumentBatch
from dedup.readers.batches import batch_from_text, may_direct
from dedup.readers.encodings import check_utf8, describe_guess
from dedup.readers.sources import Piece
from dedup.readers.streams import cut_whole

if TYPE_CHECKING:
    from dedup.kernels import Engine


cut = cut_whole


def parse(piece: Piece, config: ReadersConfig, engine: "Engine") -> DocumentBatch:  # noqa: ARG001 -- every reader's parameters
    """Turn a file into one document of one TEXT block; an empty file has no block.

    Raises:
        InputError: Nothing tells the encoding of its bytes, or they are not what is told.
    """
    text = check_utf8(piece, config)
    dates = None if config.date_field is None else [""]
    batch = batch_from_text(piece.path, text.buffer, text.n_lines, dates)
    batch = replace(batch, remarks=describe_guess(piece.path, text))
    if not may_direct(text.buffer, b"<!--"):
        return batch
    from dedup.readers.directives import direct, find_in_text  # noqa: PLC0415 -- few texts have one

    source = text.decode()
    return direct(batch, source, find_in_text(source), has_comments=True)
