"""Hold what a run knows of all its paragraphs: their tokens, content terms and places."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dedup.model.arrays import BoolArray, ByteArray, HashArray, IndexArray, OffsetArray, TokenArray
from dedup.model.documents import (
    NO_HEAD,
    Directive,
    DocumentBatch,
    Head,
    LazyBatches,
    ParagraphBatch,
    Problem,
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TokenLists:
    """The tokens of many paragraphs: row p is tokens[starts[p]:ends[p]]; two print words a row."""

    tokens: TokenArray
    starts: OffsetArray
    ends: OffsetArray
    prints: HashArray

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.starts)

    @property
    def sizes(self) -> OffsetArray:
        """Give the number of tokens of each paragraph."""
        return self.ends - self.starts

    def take(self, rows: OffsetArray) -> "TokenLists":
        """Give the lists of some rows, over the same tokens."""
        prints = self.prints.reshape(-1, 2)[rows].reshape(-1)
        return TokenLists(self.tokens, self.starts[rows], self.ends[rows], prints)


def spread_ranges(starts: OffsetArray, sizes: OffsetArray) -> OffsetArray:
    """Give the numbers of all ranges, one range behind the other.

    >>> spread_ranges(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    spread: OffsetArray = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return spread


def _end_before(ends: OffsetArray, places: OffsetArray) -> OffsetArray:
    """Give where the one before each of some places ends; 0 for the first."""
    if not len(ends):
        return np.zeros(len(places), np.int64)
    before: OffsetArray = ends[places - 1]
    before[places == 0] = 0
    return before


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TermLists:
    """The content terms of many paragraphs, sentence by sentence.

    Row p has the sentences row_ends[p - 1] to row_ends[p], sentence s the terms
    sentence_ends[s - 1] to sentence_ends[s]. Sentences without a term are counted too.
    """

    terms: TokenArray
    sentence_ends: OffsetArray
    row_ends: OffsetArray
    languages: ByteArray

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.row_ends)

    @property
    def sizes(self) -> OffsetArray:
        """Give the number of terms of each paragraph."""
        return self.count_terms(np.arange(len(self)))

    def count_sentences(self, rows: OffsetArray) -> OffsetArray:
        """Give the number of sentences of some rows."""
        return self.row_ends[rows] - _end_before(self.row_ends, rows)

    def count_terms(self, rows: OffsetArray) -> OffsetArray:
        """Give the number of terms of some rows."""
        firsts, ends = _end_before(self.row_ends, rows), self.row_ends[rows]
        return _end_before(self.sentence_ends, ends) - _end_before(self.sentence_ends, firsts)

    def row(self, row: int) -> TokenArray:
        """Give the terms of one paragraph, its sentences behind one another."""
        first, end = (self.row_ends[row - 1] if row else 0), self.row_ends[row]
        if first == end:
            return self.terms[:0]
        begin = self.sentence_ends[first - 1] if first else 0
        return self.terms[begin : self.sentence_ends[end - 1]]

    def take(self, rows: OffsetArray) -> "TermLists":
        """Give the lists of some rows, in the order asked for."""
        counts = self.count_sentences(rows)
        sentences = spread_ranges(self.row_ends[rows] - counts, counts)
        begins = _end_before(self.sentence_ends, sentences)
        sizes = self.sentence_ends[sentences] - begins
        places = spread_ranges(begins, sizes)
        return TermLists(
            self.terms[places], np.cumsum(sizes), np.cumsum(counts), self.languages[rows]
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Wording:
    """What is known of the paragraphs that are scored; of the others nothing.

    Attributes:
        terms: Content terms of every paragraph of the run, sentence by sentence; a paragraph that
            is not scored has no sentence.
        kinds: `BlockKind` of every paragraph, recognized in plain text too; else 0.
        is_reference: Whether each document of the run is of reference style, as far as it is
            scored.
    """

    terms: TermLists
    kinds: ByteArray
    is_reference: BoolArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Corpus:
    """All paragraphs of a run as columns, in input order, with their documents and texts.

    Attributes:
        batches: The batches the paragraphs came from; their buffers are dropped (empty) where no
            text is kept.
        first_paragraphs: First paragraph number of each batch, and the number of all at the end.
        first_documents: Likewise for documents.
        document: Number of each paragraph's document.
        starts, ends: Bytes of each paragraph in its batch's buffer.
        start_lines, end_lines, columns: Where it stands in the source, from 1.
        blocks: Row of each paragraph's block in its batch.
        tokens: The tokens of each paragraph and its fingerprint.
        terms: The content terms of each paragraph as one sentence; None where no rule asks for
            them.
    """

    batches: Sequence[DocumentBatch]
    first_paragraphs: OffsetArray
    first_documents: OffsetArray
    document: IndexArray
    starts: OffsetArray
    ends: OffsetArray
    start_lines: OffsetArray
    end_lines: OffsetArray
    columns: IndexArray
    blocks: IndexArray
    tokens: TokenLists
    terms: TermLists | None = None
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.starts)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """Give what must be said of how the sources were read, as a guessed encoding."""
        return tuple(remark for batch in self.batches for remark in batch.remarks)

    @property
    def directives(self) -> tuple[tuple[str, Directive], ...]:
        """Give what the sources say of themselves to a check, each with its file, in order."""
        return tuple(
            (batch.path or "", directive)
            for batch in self.batches
            for directive in batch.directives
        )

    @property
    def n_documents(self) -> int:
        """Give the number of documents, those without a paragraph too."""
        return int(self.first_documents[-1])

    def take(self, numbers: OffsetArray) -> "Corpus":
        """Give a corpus of some of the paragraphs, of the same batches and documents.

        Args:
            numbers: Those paragraphs, sorted, each once.
        """
        columns = ("document", "starts", "ends", "start_lines", "end_lines", "columns", "blocks")
        return replace(
            self,
            first_paragraphs=np.searchsorted(numbers, self.first_paragraphs),
            tokens=self.tokens.take(numbers),
            terms=None if self.terms is None else self.terms.take(numbers),
            **{name: getattr(self, name)[numbers] for name in columns},
        )

    def paragraphs(self, which: int, rows: OffsetArray) -> ParagraphBatch:
        """Give some paragraphs of one batch, as the stages of one block take them."""
        return ParagraphBatch(
            self.batches[which],
            self.document[rows] - np.int32(self.first_documents[which]),
            self.starts[rows],
            self.ends[rows],
            self.start_lines[rows],
            self.end_lines[rows],
            self.columns[rows],
            self.blocks[rows],
        )

    def without_terms(self) -> "Corpus":
        """Forget the content terms but not the languages: a fifth of a kilobyte a paragraph."""
        if self.terms is None:
            return self
        none = np.zeros(len(self), np.int64)
        terms = TermLists(np.empty(0, np.uint32), none[:0], none, self.terms.languages)
        return replace(self, terms=terms)

    def without_texts(self) -> "Corpus":
        """Forget the texts and the content terms."""
        if isinstance(self.batches, LazyBatches):
            return replace(self, batches=self.batches.without_texts(), terms=None)
        batches = tuple(batch.without_text() for batch in self.batches)
        return replace(self, batches=batches, terms=None)

    def batch_of(self, paragraph: int) -> DocumentBatch:
        """Give the batch that holds a paragraph."""
        return self.batches[int(self.first_paragraphs.searchsorted(paragraph, "right")) - 1]

    def document_batch(self, document: int) -> tuple[DocumentBatch, int]:
        """Give the batch that holds a document and its row there."""
        which = int(self.first_documents.searchsorted(document, "right")) - 1
        return self.batches[which], document - int(self.first_documents[which])

    def identity(self, document: int) -> str | int:
        """Give a document's id as Python's value."""
        batch, row = self.document_batch(document)
        value: str | int = json.loads(batch.ids[row])
        return value

    def first_paragraph(self, document: int) -> int:
        """Give the number of a document's first paragraph.

        The number sought has the column's own type: another makes NumPy convert the whole column.
        """
        return int(self.document.searchsorted(self.document.dtype.type(document), "left"))

    def date(self, paragraph: int) -> str:
        """Give the date of a paragraph's document, ISO 8601; '' where it has none."""
        batch, row = self.document_batch(int(self.document[paragraph]))
        return batch.dates[row] if batch.dates else ""

    def head(self, document: int) -> Head:
        """Give what a document says of itself."""
        batch, row = self.document_batch(document)
        return batch.heads[row] if batch.heads else NO_HEAD

    def text(self, paragraph: int) -> str:
        """Give a paragraph's text as it stands in the document; '' where no text was kept."""
        buffer = self.batch_of(paragraph).buffer
        return buffer[self.starts[paragraph] : self.ends[paragraph]].tobytes().decode()
