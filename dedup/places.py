"""Find where a paragraph stands: lines and columns of its source, characters of its document."""

import re
from typing import Final

import numpy as np

from dedup.findings import Reference
from dedup.model import Corpus, OffsetArray

_LINE_END: Final = re.compile("\r\n|\n|\r")
_LEADING_BITS, _CONTINUES = 0xC0, 0x80  # of the bytes of UTF-8 that begin no character


class PlaceFinder:
    """Finds places in one corpus; what it counts of a batch is kept for the next paragraph."""

    def __init__(self, corpus: Corpus) -> None:
        """Find places of the paragraphs of a corpus."""
        self._corpus = corpus
        self._continuing_bytes: dict[int, OffsetArray] = {}

    def find(self, number: int) -> Reference:
        """Give the place of a paragraph."""
        corpus = self._corpus
        document = int(corpus.document[number])
        batch = corpus.batch_of(number)
        block = int(corpus.blocks[number])
        before = self._count_chars(number, int(batch.starts[block]), int(corpus.starts[number]))
        start_char = int(batch.chars[block]) + before
        first = corpus.first_paragraph(document)
        end_column, end_char = self._find_end(number, start_char)
        head = corpus.head(document)
        return Reference(
            document=corpus.identity(document),
            path=batch.path,
            paragraph=number - first,
            start_line=int(corpus.start_lines[number]),
            start_column=int(corpus.columns[number]),
            end_line=int(corpus.end_lines[number]),
            end_column=end_column,
            start_char=start_char,
            end_char=end_char,
            link=head.link,
            title=head.title,
        )

    def _find_end(self, number: int, start_char: int) -> tuple[int, int]:
        """Give the column of a paragraph's last character, and the character behind it."""
        corpus = self._corpus
        batch, block = corpus.batch_of(number), int(corpus.blocks[number])
        if batch.end_columns is not None and batch.end_chars is not None:
            return int(batch.end_columns[block]), int(batch.end_chars[block])
        text = corpus.text(number)
        last_line = _LINE_END.split(text)[-1] if batch.is_source else text
        is_one_line = len(last_line) == len(text)
        before = int(corpus.columns[number]) - 1 if is_one_line else 0
        return before + len(last_line), start_char + len(text)

    def _count_chars(self, number: int, start: int, end: int) -> int:
        """Count the characters between two bytes of the batch that holds a paragraph.

        The bytes that continue a character are found once a batch: a long text holds many
        paragraphs, and counting from its beginning for each would be quadratic.
        """
        which = int(np.searchsorted(self._corpus.first_paragraphs, number, "right")) - 1
        if which not in self._continuing_bytes:
            buffer = self._corpus.batches[which].buffer
            continues = (buffer & _LEADING_BITS) == _CONTINUES
            self._continuing_bytes[which] = np.flatnonzero(continues)
        inner = np.searchsorted(self._continuing_bytes[which], (start, end))
        return end - start - int(inner[1] - inner[0])
