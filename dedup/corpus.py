"""Gather the paragraphs of many batches into the columns of one corpus.

Prepared batches come in, in input order; one `Corpus` goes out. Columns are
written where they stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dedup.model import Corpus, DocumentBatch, ParagraphBatch, Problem, TokenLists

_EMPTY: Final = np.empty(0, np.uint8)
_BYTES_A_TOKEN: Final = 5  # 6.6 in English with its blank and JSON around it
_TOKENS_A_PARAGRAPH: Final = 32
_MOST_EXPECTED: Final = 1 << 29


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """The paragraphs of a batch with their tokens, and their units where those differ."""

    paragraphs: ParagraphBatch
    tokens: TokenLists
    units: TokenLists | None


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
        self._problems: list[Problem] = []

    def add(self, prepared: PreparedBatch) -> None:
        """Put the paragraphs of one batch behind those taken before."""
        paragraphs = prepared.paragraphs
        batch = paragraphs.batch
        self._problems += batch.problems
        self._columns["document"].append(paragraphs.document + self._document_counts[-1])
        for name in ("starts", "ends", "start_lines", "end_lines", "columns"):
            self._columns[name].append(getattr(paragraphs, name))
        self._columns["blocks"].append(paragraphs.block)
        self._tokens.append(prepared.tokens)
        if prepared.units is not None:
            self._units.append(prepared.units)
        self._batches.append(batch if self._keep_text else replace(batch, buffer=_EMPTY))
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
            problems=tuple(self._problems),
        )
        units = self._units.finish()
        return corpus, units if len(units) else None


def find_repeated_ids(batches: Iterable[DocumentBatch]) -> Iterator[Problem]:
    """Give a problem for each document whose id an earlier document of its file has.

    No output could tell the two apart. Records from memory are told apart by their order.
    """
    by_path: dict[str, list[DocumentBatch]] = {}
    for batch in batches:
        if batch.path is not None:
            by_path.setdefault(batch.path, []).append(batch)
    for path, parts in by_path.items():
        known: set[bytes] = set()
        for part in parts:
            known.update(part.ids)
        if len(known) < sum(len(part.ids) for part in parts):
            yield from _name_repeated_ids(path, parts)


def _name_repeated_ids(path: str, parts: list[DocumentBatch]) -> Iterator[Problem]:
    lines: dict[bytes, int] = {}
    for part in parts:
        for document, identity in enumerate(part.ids):
            block = int(np.searchsorted(part.document, document))
            line = int(part.lines[block]) if block < len(part.lines) else 1
            if identity in lines:
                message = f"its id {identity.decode()} is that of line {lines[identity]}"
                yield Problem(path, line, message)
            lines.setdefault(identity, line)
