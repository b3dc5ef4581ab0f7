"""Take some of the paragraphs of a corpus, into columns of a storage."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from dedup.model import Corpus, OffsetArray, TermLists, TokenLists
from dedup.storage import Storage
from dedup.tables import ColumnTypes, GrowingTable

_AT_ONCE: Final = 1 << 16
_PLACES: Final[ColumnTypes] = {
    "document": np.int32,
    "starts": np.int64,
    "ends": np.int64,
    "start_lines": np.int64,
    "end_lines": np.int64,
    "columns": np.int32,
    "blocks": np.int32,
}
_TOKENS: Final[ColumnTypes] = {"starts": np.int64, "ends": np.int64, "prints": np.uint64}
_TERM_ROWS: Final[ColumnTypes] = {"row_ends": np.int64, "languages": np.uint8}


def take_paragraphs(corpus: Corpus, numbers: OffsetArray, storage: Storage) -> Corpus:
    """Give a corpus of some of the paragraphs, of the same batches, documents and tokens.

    Args:
        corpus: All paragraphs.
        numbers: Those paragraphs, sorted, each once.
        storage: Where their columns are.
    """
    table = GrowingTable(storage, "left", _PLACES, len(numbers))
    for part in _cut(numbers, storage):
        table.append(**{name: getattr(corpus, name)[part] for name in _PLACES})
    columns: dict[str, Any] = table.finish()
    terms = corpus.terms
    return replace(
        corpus,
        first_paragraphs=np.searchsorted(numbers, corpus.first_paragraphs),
        tokens=take_tokens(corpus.tokens, numbers, storage, "left.words"),
        terms=None if terms is None else _take_terms(terms, numbers, storage),
        **columns,
    )


def _cut(numbers: OffsetArray, storage: Storage) -> Iterator[OffsetArray]:
    """Cut numbers into parts, between which mapped pages are let go."""
    for begin in range(0, len(numbers), _AT_ONCE):
        yield numbers[begin : begin + _AT_ONCE]
        storage.forget_pages()


def take_tokens(lists: TokenLists, numbers: OffsetArray, storage: Storage, name: str) -> TokenLists:
    """Give the token lists of some rows, over the same tokens; `name` begins their columns'."""
    table = GrowingTable(storage, name, _TOKENS, 2 * len(numbers))
    for part in _cut(numbers, storage):
        taken = lists.take(part)
        table.append(starts=taken.starts, ends=taken.ends, prints=taken.prints)
    columns: dict[str, Any] = table.finish()
    return TokenLists(lists.tokens, **columns)


def _take_terms(lists: TermLists, numbers: OffsetArray, storage: Storage) -> TermLists:
    """Give the terms of some rows, copied: what is told of a row is where its terms end."""
    rows = GrowingTable(storage, "left.terms", _TERM_ROWS, len(numbers))
    terms = storage.make_column("left.terms", np.uint32, len(lists.terms))
    sentences = storage.make_column("left.sentence_ends", np.int64, len(lists.sentence_ends))
    for part in _cut(numbers, storage):
        taken = lists.take(part)
        rows.append(row_ends=taken.row_ends + sentences.size, languages=taken.languages)
        sentences.append(taken.sentence_ends + terms.size)
        terms.append(taken.terms)
    columns: dict[str, Any] = rows.finish()
    return TermLists(terms.finish(), sentences.finish(), **columns)
