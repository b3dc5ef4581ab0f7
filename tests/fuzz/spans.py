"""Check by plain means where the blocks of a batch are said to lie in their source.

In: a source as text and the batch that a reader gave. Out: a sentence for each place that is wrong.
Nothing here is taken from the readers: lines are counted by splitting, columns by subtraction.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from dedup.model import BlockKind, DocumentBatch

_FIRST_SIGNS: Final = "<{.&\\"  # of a comment or a tag, escaped or not
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """One block of a batch; `end_column` and `end_char` are None where the batch has none."""

    document: int
    kind: BlockKind
    text: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int | None
    start_char: int
    end_char: int | None


def list_blocks(batch: DocumentBatch) -> list[ReadBlock]:
    """Give the blocks of a batch as objects; a text that is not UTF-8 raises."""
    n_blocks = len(batch.starts)
    nothing = [None] * n_blocks
    texts = [
        batch.written[start:end].tobytes().decode()
        for start, end in zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    ]
    columns = (
        batch.document.tolist(),
        map(BlockKind, batch.kinds.tolist()),
        texts,
        batch.lines.tolist(),
        batch.columns.tolist(),
        batch.end_lines.tolist(),
        nothing if batch.end_columns is None else batch.end_columns.tolist(),
        batch.chars.tolist(),
        nothing if batch.end_chars is None else batch.end_chars.tolist(),
    )
    return [ReadBlock(*row) for row in zip(*columns, strict=True)]


class Places:
    """Leads between characters of a text and its lines and columns, all as people count."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.line_starts = [0, *(end.end() for end in _LINE_END.finditer(source))]

    def locate(self, char: int) -> tuple[int, int]:
        """Give line and column, from 1, of a character."""
        line = bisect_right(self.line_starts, char)
        return line, char - self.line_starts[line - 1] + 1

    def find(self, line: int, column: int) -> int:
        """Give the character at a line and column, which may not exist."""
        return self.line_starts[line - 1] + column - 1

    def cut(self, block: ReadBlock) -> str:
        """Cut a block out by its lines and columns alone."""
        end_column = 0 if block.end_column is None else block.end_column
        start = self.find(block.start_line, block.start_column)
        return self.source[start : self.find(block.end_line, end_column) + 1]


def find_misplaced(source: str, batch: DocumentBatch) -> Iterator[str]:
    """Say which blocks of a source's only batch lie elsewhere than they say.

    Their texts are compared with the source only where a block is a slice of it.
    """
    places = Places(source)
    before, owner = 0, 0
    for number, block in enumerate(list_blocks(batch)):
        if block.document != owner:
            before, owner = 0, block.document
        for problem in _check_place(places, block, before):
            yield f"block {number} ({block.kind.name} at {block.start_line}): {problem}"
        before = block.start_char + len(block.text) if block.end_char is None else block.end_char


def find_misplaced_directives(source: str, batch: DocumentBatch) -> Iterator[str]:
    """Say which directives of a source's only batch lie elsewhere than they say."""
    places, before = Places(source), (0, 0)
    for each in batch.directives:
        begin, end = (each.line, each.column), (each.end_line, each.end_column)
        start, stop = places.find(*begin), places.find(*end)
        if not before <= begin <= end or not start <= stop < len(source):
            yield f"directive from {begin} to {end}, after {before}"
        elif places.locate(start) != begin or places.locate(stop) != end:
            yield f"directive from {begin} to {end} is not on these lines"
        elif source[start] not in _FIRST_SIGNS:
            yield f"directive at {begin} begins with {source[start]!r}"
        before = begin


def _check_place(places: Places, block: ReadBlock, before: int) -> Iterator[str]:
    start, end, source = block.start_char, block.end_char, places.source
    if end is None:
        end = start + len(block.text)
        if source[start:end] != block.text:
            yield f"its text is not the source's from character {start} to {end}"
    if not before <= start < end <= len(source):
        yield f"characters {start} to {end}, after {before}, of {len(source)}"
        return
    if (block.start_line, block.start_column) != places.locate(start):
        yield f"begins at {block.start_line}:{block.start_column}, not {places.locate(start)}"
    line, column = places.locate(end - 1)
    if block.end_column is None and block.kind is not BlockKind.TEXT:
        column, line = 0, places.locate(start + len(block.text.rstrip("\r\n")) - 1)[0]
    if block.kind is not BlockKind.TEXT and block.end_line != line:
        yield f"ends on line {block.end_line}, not {line}"
    if block.end_column is not None and block.end_column != column:
        yield f"ends at column {block.end_column}, not {column}"


def find_out_of_bounds(batch: DocumentBatch, n_lines: int) -> Iterator[str]:
    """Say what cannot be, whatever the format: blocks outside the buffer or upside down."""
    size = len(batch.buffer)
    checks = {
        "bytes outside the buffer": (batch.starts < 0) | (batch.ends > size),
        "an end before its beginning": batch.starts > batch.ends,
        "a document that is not there": (batch.document < 0) | (batch.document >= len(batch.ids)),
        "a line that is not there": (batch.lines < 1) | (batch.end_lines > n_lines),
        "an end line before its line": batch.end_lines < batch.lines,
        "a column under 1": batch.columns < 1,
        "a negative character": batch.chars < 0,
    }
    for problem, is_wrong in checks.items():
        if is_wrong.any():
            yield f"{problem}: block {int(np.flatnonzero(is_wrong)[0])}"
    if batch.source is not None and len(batch.source) != size:
        yield "the source is longer or shorter than what is compared"
    if np.any(np.diff(batch.document) < 0):
        yield "blocks of one document are not together"
    if batch.heads is not None and len(batch.heads) != len(batch.ids):
        yield "heads are not one a document"
    if batch.dates is not None and len(batch.dates) != len(batch.ids):
        yield "dates are not one a document"
