"""Read Parquet or WARC as the driver of the writers does, with a rule for what goes, and write it.

Beside `rewritten`: packed sources, records as units, and the paragraphs of each cut.
"""

import io
from collections.abc import Callable, Iterator

import numpy as np

from dedup.config import DEFAULTS, ParagraphsConfig, ReadersConfig
from dedup.config.stages import Unit
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import Piece, Source
from dedup.writers.edits import Cut, Mark, Part
from dedup.writers.registry import find_writer

Goes = Callable[[str], bool]
MakeMarks = Callable[[int], Mark]


def read_parts(
    source: Source,
    goes: Goes,
    config: ReadersConfig = DEFAULTS.readers,
    unit: Unit = "paragraph",
    make_mark: MakeMarks | None = None,
) -> Iterator[Part]:
    """Give the pieces of a source; of their paragraphs those go of which `goes` is true."""
    engine, n_documents = load_engine("numba"), 0
    for piece in read_pieces([source], config):
        assert isinstance(piece, Piece)
        raw = piece.data[: piece.size].tobytes()
        batch = parse_piece(piece, config, engine)
        paragraphs = split_paragraphs(batch, ParagraphsConfig(unit), engine)
        texts = engine.gather(batch.buffer, paragraphs.starts, paragraphs.ends)
        is_removed = [goes(text.decode()) for text in texts]
        marks = None
        if make_mark is not None:
            rows = range(n_documents, n_documents + len(batch.ids))
            marks, is_removed = tuple(map(make_mark, rows)), [False] * len(is_removed)
        n_documents += len(batch.ids)
        yield Part(piece, raw, paragraphs, np.flatnonzero(is_removed), marks)


def rewrite(
    source: Source,
    goes: Goes,
    config: ReadersConfig = DEFAULTS.readers,
    unit: Unit = "paragraph",
    make_mark: MakeMarks | None = None,
) -> tuple[bytes, list[tuple[list[str], Cut]]]:
    """Write a source again; gives its bytes, and what was cut with the paragraphs of each cut."""
    output = io.BytesIO()
    parts = read_parts(source, goes, config, unit, make_mark)
    cuts = [
        (_texts_of(part, cut), cut)
        for part, done in find_writer(source.format).load().rewrite(source, parts, output, config)
        for cut in done
    ]
    return output.getvalue(), cuts


def _texts_of(part: Part, cut: Cut) -> list[str]:
    assert set(cut.rows) <= set(part.removed.tolist())
    paragraphs = part.paragraphs
    return [
        paragraphs.batch.buffer[paragraphs.starts[row] : paragraphs.ends[row]].tobytes().decode()
        for row in cut.rows
    ]
