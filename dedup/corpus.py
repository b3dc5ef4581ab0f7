"""Gather the paragraphs of many batches into the columns of one corpus.

Prepared batches come in, in input order; one `Corpus` goes out. Columns are
written where they stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dedup.model import (
    Corpus,
    DocumentBatch,
    OffsetArray,
    ParagraphBatch,
    Problem,
    TermLists,
    TokenLists,
)

_BYTES_A_TOKEN: Final = 5  # 6.6 in English with its blank and JSON around it
_TOKENS_A_PARAGRAPH: Final = 32
_MOST_EXPECTED: Final = 1 << 29


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PreparedBatch:
    """The paragraphs of a batch with their tokens.

    `units` are what shingles are made of where that is not the tokens, `terms` the content terms
    where a rule asks for them.
    """

    paragraphs: ParagraphBatch
    tokens: TokenLists
    units: TokenLists | None
    terms: TermLists | None

    def without(self, documents: Iterable[int]) -> "PreparedBatch":
        """Leave out the paragraphs of some documents."""
        paragraphs = self.paragraphs
        kept = np.flatnonzero(~np.isin(paragraphs.document, list(documents)))
        return PreparedBatch(
            paragraphs.take(kept),
            self.tokens.take(kept),
            None if self.units is None else self.units.take(kept),
            None if self.terms is None else self.terms.take(kept),
        )


class _GrowingArray:
    """An array that grows at its end, with room for what is expected from the beginning.

    Room that is not used is never touched, so it costs addresses but no memory; joining parts at
    the end instead costs a second touch of every page, 0.8 s for 1,000,000 paragraphs.
    """

    def __init__(self, dtype: npt.DTypeLike, expected: int) -> None:
        self._array = np.empty(min(expected, _MOST_EXPECTED) + 16, dtype)
        self.size = 0

    def append(self, values: "np.ndarray[Any, Any]") -> None:
        """Put values behind those held."""
        end = self.size + len(values)
        if end > len(self._array):
            grown = np.empty(2 * end, self._array.dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self._array[self.size : end] = values
        self.size = end

    def finish(self) -> "np.ndarray[Any, Any]":
        """Give the values."""
        return self._array[: self.size]


class _GrowingLists:
    """Token lists that grow at their end."""

    def __init__(self, expected: int) -> None:
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._tokens = _GrowingArray(np.uint32, expected)
        self._starts, self._ends = _GrowingArray(np.int64, n_rows), _GrowingArray(np.int64, n_rows)
        self._prints = _GrowingArray(np.uint64, 2 * n_rows)

    def append(self, lists: TokenLists) -> None:
        """Put the lists of one batch behind those held."""
        self._starts.append(lists.starts + self._tokens.size)
        self._ends.append(lists.ends + self._tokens.size)
        self._tokens.append(lists.tokens)
        self._prints.append(lists.prints)

    def finish(self) -> TokenLists:
        """Give all lists."""
        tokens = self._tokens.finish()
        return TokenLists(tokens, self._starts.finish(), self._ends.finish(), self._prints.finish())


class _GrowingTerms:
    """Content terms that grow at their end."""

    def __init__(self, expected: int) -> None:
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._terms = _GrowingArray(np.uint32, expected)
        self._languages = _GrowingArray(np.uint8, n_rows)
        self._sentence_ends, self._row_ends = (_GrowingArray(np.int64, n_rows) for _ in range(2))
        self.is_wanted = False

    def append(self, lists: TermLists) -> None:
        """Put the terms of one batch behind those held."""
        self.is_wanted = True
        self._row_ends.append(lists.row_ends + self._sentence_ends.size)
        self._sentence_ends.append(lists.sentence_ends + self._terms.size)
        self._terms.append(lists.terms)
        self._languages.append(lists.languages)

    def finish(self) -> TermLists | None:
        """Give all terms; None where no batch had any."""
        if not self.is_wanted:
            return None
        sentence_ends: OffsetArray = self._sentence_ends.finish()
        return TermLists(
            self._terms.finish(), sentence_ends, self._row_ends.finish(), self._languages.finish()
        )


class CorpusBuilder:
    """Takes batches one after another and gives the corpus at the end."""

    def __init__(self, *, keep_text: bool, size_bytes: int) -> None:
        """Keep the texts of all batches only where a report needs them; expect so many bytes."""
        expected = size_bytes // _BYTES_A_TOKEN
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._keep_text = keep_text
        self._batches: list[DocumentBatch] = []
        self._paragraph_counts, self._document_counts = [0], [0]
        self._columns = {
            "document": _GrowingArray(np.int32, n_rows),
            "starts": _GrowingArray(np.int64, n_rows),
            "ends": _GrowingArray(np.int64, n_rows),
            "start_lines": _GrowingArray(np.int64, n_rows),
            "end_lines": _GrowingArray(np.int64, n_rows),
            "columns": _GrowingArray(np.int32, n_rows),
            "blocks": _GrowingArray(np.int32, n_rows),
        }
        self._tokens, self._units = _GrowingLists(expected), _GrowingLists(0)
        self._terms = _GrowingTerms(expected)
        self._problems: list[Problem] = []

    def add(self, prepared: PreparedBatch, problems: Iterable[Problem] = ()) -> None:
        """Put the paragraphs of one batch behind those taken before."""
        paragraphs = prepared.paragraphs
        batch = paragraphs.batch
        self._problems += [*batch.problems, *problems]
        self._columns["document"].append(paragraphs.document + self._document_counts[-1])
        for name in ("starts", "ends", "start_lines", "end_lines", "columns"):
            self._columns[name].append(getattr(paragraphs, name))
        self._columns["blocks"].append(paragraphs.block)
        self._tokens.append(prepared.tokens)
        if prepared.units is not None:
            self._units.append(prepared.units)
        if prepared.terms is not None:
            self._terms.append(prepared.terms)
        self._batches.append(batch if self._keep_text else batch.without_text())
        self._paragraph_counts.append(self._paragraph_counts[-1] + len(paragraphs.starts))
        self._document_counts.append(self._document_counts[-1] + len(batch.ids))

    @property
    def n_paragraphs(self) -> int:
        """Give the number of paragraphs taken so far."""
        return self._paragraph_counts[-1]

    def finish(self) -> tuple[Corpus, TokenLists | None]:
        """Give the corpus, and the units of its paragraphs where they are not its tokens."""
        corpus = Corpus(
            batches=tuple(self._batches),
            first_paragraphs=np.array(self._paragraph_counts, np.int64),
            first_documents=np.array(self._document_counts, np.int64),
            **{name: column.finish() for name, column in self._columns.items()},
            tokens=self._tokens.finish(),
            terms=self._terms.finish(),
            problems=tuple(self._problems),
        )
        units = self._units.finish()
        return corpus, units if len(units) else None


class IdCheck:
    """Knows the ids met in the file that is being read, batch after batch.

    A set while none repeats; the lines of all ids only from the first that does.
    """

    def __init__(self) -> None:
        self._path: str | None = None
        self._known: set[bytes] = set()
        self._batches: list[DocumentBatch] = []
        self._lines: dict[bytes, int | None] = {}

    def find_repeated(self, batch: DocumentBatch) -> dict[int, Problem]:
        """Give a problem for each document (by its row) whose id its file has had before.

        No output could tell the two apart. Records from memory are told apart by their order.
        """
        if batch.path is None:
            return {}
        if batch.path != self._path:
            self._path, self._known, self._batches, self._lines = batch.path, set(), [], {}
        before = len(self._known)
        self._known.update(batch.ids)
        self._batches.append(batch.without_text())
        if len(self._known) - before == len(batch.ids):
            return {}
        problems: dict[int, Problem] = {}
        for part in self._batches:  # those before the first repeat name none
            problems = dict(self._name_repeated(part))
        self._batches.clear()
        return problems

    def _name_repeated(self, batch: DocumentBatch) -> Iterator[tuple[int, Problem]]:
        lines = _lines_of_documents(batch)
        for row, (identity, line) in enumerate(zip(batch.ids, lines, strict=True)):
            if identity not in self._lines:
                self._lines[identity] = line
                continue
            first = self._lines[identity]
            place = "an empty record" if first is None else f"line {first}"
            message = f"its id {identity.decode()} is that of {place}"
            yield row, Problem(batch.path or "", line, message)


def _lines_of_documents(batch: DocumentBatch) -> list[int | None]:
    """Give the line on which each document begins; None for one without a block."""
    lines: list[int | None] = [None] * len(batch.ids)
    documents, firsts = np.unique(batch.document, return_index=True)
    for document, line in zip(documents.tolist(), batch.lines[firsts].tolist(), strict=True):
        lines[document] = line
    return lines
