"""Read a source from memory, remove or mark some of it, and read again what came out."""

import io
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.kernels import Engine, load_engine
from dedup.model import ParagraphBatch
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import Piece, Source
from dedup.writers import find_writer
from dedup.writers.edits import Cut, Mark, Part

DEFAULTS: Final = ReadersConfig()
_OF_BLANK_LINES: Final = ParagraphsConfig()


@dataclass(frozen=True, slots=True)
class Read:
    """A document: its id, its paragraphs, the lines and columns on which they begin."""

    identity: object
    paragraphs: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def make_source(content: bytes, reader: str) -> Source:
    return Source(f"a.{reader}", reader, "", None, content)


def list_parts(source: Source, config: ReadersConfig, engine: Engine) -> Iterator[Part]:
    """Read a source into parts that nothing is removed from."""
    for piece in read_pieces([source], config):
        assert isinstance(piece, Piece)
        raw = piece.data[: piece.size].tobytes()
        batch = parse_piece(piece, config, engine)
        yield Part(piece, raw, split_paragraphs(batch, _OF_BLANK_LINES, engine), np.zeros(0, int))


def read_source(
    content: bytes, reader: str, config: ReadersConfig = DEFAULTS, engine: str = "numpy"
) -> list[Read]:
    """Give every document of a source."""
    parts = list_parts(make_source(content, reader), config, load_engine(engine))
    return [document for part in parts for document in _list_documents(part.paragraphs)]


def _list_documents(paragraphs: ParagraphBatch) -> Iterator[Read]:
    batch = paragraphs.batch
    for row, identity in enumerate(batch.ids):
        members = np.flatnonzero(paragraphs.document == row).tolist()
        texts = [
            batch.buffer[paragraphs.starts[each] : paragraphs.ends[each]].tobytes().decode()
            for each in members
        ]
        places = [
            (int(paragraphs.start_lines[each]), int(paragraphs.columns[each])) for each in members
        ]
        yield Read(json.loads(identity), tuple(texts), tuple(places))


def remove(
    content: bytes,
    reader: str,
    removed: Collection[int] | Callable[[str], bool],
    config: ReadersConfig = DEFAULTS,
    engine: str = "numpy",
) -> tuple[bytes, list[Cut]]:
    """Write a source without the paragraphs of some numbers, or those whose text is chosen."""
    source, output, cuts = make_source(content, reader), io.BytesIO(), list[Cut]()
    parts = _choose(list_parts(source, config, load_engine(engine)), removed)
    for _, done in find_writer(reader).load().rewrite(source, parts, output, config):
        cuts += done
    return output.getvalue(), cuts


def _choose(
    parts: Iterator[Part], removed: Collection[int] | Callable[[str], bool]
) -> Iterator[Part]:
    number = 0
    for part in parts:
        rows = []
        texts = [
            text for document in _list_documents(part.paragraphs) for text in document.paragraphs
        ]
        for row, text in enumerate(texts):
            is_chosen = removed(text) if callable(removed) else number in removed
            rows += [row] if is_chosen else []
            number += 1
        yield Part(part.piece, part.raw, part.paragraphs, np.array(rows, np.int64))


def mark(
    content: bytes,
    reader: str,
    make_mark: Callable[[int], Mark],
    config: ReadersConfig = DEFAULTS,
    engine: str = "numpy",
) -> bytes:
    """Write a source with a mark for each document, made of its number."""
    source, output = make_source(content, reader), io.BytesIO()
    parts = _mark(list_parts(source, config, load_engine(engine)), make_mark)
    for _, cuts in find_writer(reader).load().rewrite(source, parts, output, config):
        assert not cuts
    return output.getvalue()


def _mark(parts: Iterator[Part], make_mark: Callable[[int], Mark]) -> Iterator[Part]:
    number = 0
    for part in parts:
        marks = tuple(make_mark(number + row) for row in range(len(part.paragraphs.batch.ids)))
        yield Part(part.piece, part.raw, part.paragraphs, part.removed, marks)
        number += len(marks)


def put_back(content: bytes, cuts: list[Cut]) -> bytes:
    """Put what was cut where it stood."""
    for cut in cuts:
        assert cut.content is not None
        content = content[: cut.offset] + cut.content + content[cut.offset :]
    return content
