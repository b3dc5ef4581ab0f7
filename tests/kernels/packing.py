"""Pack what tests write as lists into the arrays that kernels take."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from dedup.kernels import Engine
from dedup.model import ByteArray, OffsetArray, TermLists
from dedup.readers.batches import pad

Engines: TypeAlias = tuple[Engine, Engine]
Row: TypeAlias = Sequence[Sequence[int]]  # the terms of each sentence


def pack_texts(texts: Sequence[bytes]) -> tuple[ByteArray, OffsetArray, OffsetArray]:
    """Put texts one right behind the other, so that a kernel that reads too far is caught."""
    bounds = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return pad(b"".join(texts)), bounds[:-1].copy(), bounds[1:].copy()


def pack_rows(rows: Sequence[Row]) -> TermLists:
    """Put rows of sentences of terms into columns."""
    sentences = [sentence for row in rows for sentence in row]
    terms = np.array([term for sentence in sentences for term in sentence], np.uint32)
    return TermLists(
        terms,
        np.cumsum([len(sentence) for sentence in sentences], dtype=np.int64),
        np.cumsum([len(row) for row in rows], dtype=np.int64),
        np.zeros(len(rows), np.uint8),
    )
