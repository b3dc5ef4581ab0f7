"""Gather the paragraphs of many batches into the columns of one corpus.

Prepared batches come in, in input order; one `Corpus` goes out. Columns are
written where they stay, in memory or in files.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.batch_files import StoredBatches, measure_batch, pack_batch
from dedup.model import (
    Corpus,
    DocumentBatch,
    ParagraphBatch,
    Problem,
    TermLists,
    TokenLists,
)
from dedup.storage import Storage

_COLUMNS: Final[dict[str, npt.DTypeLike]] = {
    "document": np.int32,
    "starts": np.int64,
    "ends": np.int64,
    "start_lines": np.int64,
    "end_lines": np.int64,
    "columns": np.int32,
    "blocks": np.int32,
}
_STAGE: Final = "read"
_BYTES_A_TOKEN: Final = 5  # 6.6 in English with its blank and JSON around it
_TOKENS_A_PARAGRAPH: Final = 32


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PreparedBatch:
    """The paragraphs of a batch with their tokens.

    `units` are what shingles are made of where that is not the tokens, `terms` the content terms
    where a rule asks for them; `size_bytes` is how much of the source was read for it.
    """

    paragraphs: ParagraphBatch
    tokens: TokenLists
    units: TokenLists | None
    terms: TermLists | None
    size_bytes: int = 0

    def without(self, documents: Iterable[int]) -> "PreparedBatch":
        """Leave out the paragraphs of some documents."""
        paragraphs = self.paragraphs
        kept = np.flatnonzero(~np.isin(paragraphs.document, list(documents)))
        return PreparedBatch(
            paragraphs.take(kept),
            self.tokens.take(kept),
            None if self.units is None else self.units.take(kept),
            None if self.terms is None else self.terms.take(kept),
            self.size_bytes,
        )


class _GrowingLists:
    """Token lists that grow at their end."""

    def __init__(self, storage: Storage, name: str, expected: int) -> None:
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._tokens = storage.make_column(f"{name}.tokens", np.uint32, expected)
        self._starts = storage.make_column(f"{name}.starts", np.int64, n_rows)
        self._ends = storage.make_column(f"{name}.ends", np.int64, n_rows)
        self._prints = storage.make_column(f"{name}.prints", np.uint64, 2 * n_rows)

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

    def __init__(self, storage: Storage, expected: int) -> None:
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._terms = storage.make_column("terms", np.uint32, expected)
        self._languages = storage.make_column("terms.languages", np.uint8, n_rows)
        self._sentence_ends = storage.make_column("terms.sentence_ends", np.int64, n_rows)
        self._row_ends = storage.make_column("terms.row_ends", np.int64, n_rows)
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
        columns = (self._terms, self._sentence_ends, self._row_ends, self._languages)
        finished = [column.finish() for column in columns]
        return TermLists(*finished) if self.is_wanted else None


class _GrowingBatches:
    """Batches that are held, and written to a column from where the storage spills."""

    def __init__(self, storage: Storage, *, keep_text: bool) -> None:
        self._storage, self._keep_text = storage, keep_text
        self._held: list[DocumentBatch] = []
        self._content = storage.make_column("batches", np.uint8)
        self._ends = storage.make_column("batches.ends", np.int64)

    def append(self, batch: DocumentBatch) -> None:
        """Take a batch."""
        self._held.append(batch if self._keep_text else batch.without_text())
        if self._storage.is_spilled:
            self._write()
        else:
            self._storage.count(measure_batch(self._held[-1]))

    def _write(self) -> None:
        for batch in self._held:
            self._content.append(pack_batch(batch))
            self._ends.append(np.array([self._content.size], np.int64))
        self._held.clear()

    def list_from(self, first: int) -> Iterator[DocumentBatch]:
        """Give the batches taken so far from the one of a number on."""
        if not self._storage.is_spilled:
            yield from self._held[first:]
            return
        self._write()
        stored = StoredBatches(self._content.read_back(), self._ends.read_back())
        yield from (stored[place] for place in range(first, len(stored)))

    def finish(self) -> Sequence[DocumentBatch]:
        """Give all batches."""
        if self._storage.is_spilled:
            self._write()
        content, ends = self._content.finish(), self._ends.finish()
        return StoredBatches(content, ends) if len(ends) else tuple(self._held)


class CorpusBuilder:
    """Takes batches one after another and gives the corpus at the end."""

    def __init__(self, storage: Storage, *, keep_text: bool, size_bytes: int) -> None:
        """Keep the texts of all batches only where a report needs them; expect so many bytes."""
        expected = size_bytes // _BYTES_A_TOKEN
        n_rows = expected // _TOKENS_A_PARAGRAPH
        self._storage = storage
        self._paragraph_counts, self._document_counts = [0], [0]
        self._columns = {
            name: storage.make_column(name, dtype, n_rows) for name, dtype in _COLUMNS.items()
        }
        self._tokens = _GrowingLists(storage, "words", expected)
        self._units = _GrowingLists(storage, "units", 0)
        self._terms = _GrowingTerms(storage, expected)
        self._batches = _GrowingBatches(storage, keep_text=keep_text)
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
        self._batches.append(batch)
        self._paragraph_counts.append(self._paragraph_counts[-1] + len(paragraphs.starts))
        self._document_counts.append(self._document_counts[-1] + len(batch.ids))

    @property
    def n_paragraphs(self) -> int:
        """Give the number of paragraphs taken so far."""
        return self._paragraph_counts[-1]

    def list_batches(self, first: int) -> Iterator[DocumentBatch]:
        """Give the batches taken so far from the one of a number on."""
        return self._batches.list_from(first)

    def finish(self) -> tuple[Corpus, TokenLists | None]:
        """Give the corpus, and the units of its paragraphs where they are not its tokens.

        Where a working folder keeps finished stages, this one is whole then.
        """
        keep = self._storage.keep
        corpus = Corpus(
            batches=self._batches.finish(),
            first_paragraphs=keep("first_paragraphs", np.array(self._paragraph_counts, np.int64)),
            first_documents=keep("first_documents", np.array(self._document_counts, np.int64)),
            **{name: column.finish() for name, column in self._columns.items()},
            tokens=self._tokens.finish(),
            terms=self._terms.finish(),
            problems=tuple(self._problems),
        )
        units = self._units.finish()
        problems = [asdict(problem) for problem in self._problems]
        facts = {"problems": problems, "has_terms": corpus.terms is not None}
        self._storage.commit(_STAGE, facts)
        return corpus, units if len(units) else None


def restore_corpus(storage: Storage) -> tuple[Corpus, TokenLists | None] | None:
    """Give what `CorpusBuilder.finish` gave an earlier run; None where it did not come so far."""
    facts = storage.load(_STAGE)
    if facts is None:
        return None

    def open_lists(name: str) -> TokenLists:
        return TokenLists(
            storage.open_column(f"{name}.tokens", np.uint32),
            storage.open_column(f"{name}.starts", np.int64),
            storage.open_column(f"{name}.ends", np.int64),
            storage.open_column(f"{name}.prints", np.uint64),
        )

    content = storage.open_column("batches", np.uint8)
    corpus = Corpus(
        batches=StoredBatches(content, storage.open_column("batches.ends", np.int64)),
        first_paragraphs=storage.open_column("first_paragraphs", np.int64),
        first_documents=storage.open_column("first_documents", np.int64),
        **{name: storage.open_column(name, dtype) for name, dtype in _COLUMNS.items()},
        tokens=open_lists("words"),
        terms=_open_terms(storage) if facts["has_terms"] else None,
        problems=tuple(Problem(**problem) for problem in facts["problems"]),
    )
    units = open_lists("units")
    return corpus, units if len(units) else None


def _open_terms(storage: Storage) -> TermLists:
    return TermLists(
        storage.open_column("terms", np.uint32),
        storage.open_column("terms.sentence_ends", np.int64),
        storage.open_column("terms.row_ends", np.int64),
        storage.open_column("terms.languages", np.uint8),
    )
