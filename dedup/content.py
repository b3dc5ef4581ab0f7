"""Turn paragraphs into content terms: as a whole where they are read, sentence by sentence later.

What restated, rewritten and contained paragraphs are found by. A batch of paragraphs with their
tokens comes in and its terms go out; of those that are scored in the end, `Wording` too.

Decision (2026-11-24): sentences are cut late. Cutting takes 20 ns a byte (sentencex 17 of them), as
much as all that identical and near-duplicate paragraphs need; what proposes pairs needs no
sentences, and of a corpus of single paragraphs a third is scored in the end. So their text is kept
until then.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.config import RestatementConfig
from dedup.kernels import Engine
from dedup.model import (
    ByteArray,
    Corpus,
    IndexArray,
    OffsetArray,
    ParagraphBatch,
    TermLists,
    TokenLists,
    Wording,
)
from dedup.paragraph_kinds import recognize_kinds
from dedup.restatement import find_references
from dedup.scratch import NO_LIMIT
from dedup.storage import Storage
from dedup.terms import NO_LANGUAGE, split_sentences

_COLUMNS: Final[tuple[tuple[str, npt.DTypeLike], ...]] = (
    ("wording.terms", np.uint32),
    ("wording.sentence_ends", np.int64),
    ("wording.row_ends", np.int64),
)
_KINDS, _REFERENCES = "wording.kinds", "wording.is_reference"
_TERMS_A_SENTENCE: Final = 4  # at least, on the average: only addresses hang on it


def list_terms(paragraphs: ParagraphBatch, tokens: TokenLists, engine: Engine) -> TermLists:
    """List the content terms of the paragraphs of a batch, each as one sentence."""
    languages = guess_languages(paragraphs.document, tokens, engine)
    buffer = paragraphs.batch.buffer
    terms, ends = engine.list_terms(buffer, paragraphs.starts, paragraphs.ends, languages)
    return TermLists(terms, ends, np.arange(1, len(ends) + 1), languages)


def guess_languages(documents: IndexArray, tokens: TokenLists, engine: Engine) -> ByteArray:
    """Guess each paragraph's language, that of its whole document; ties as `guess_language`."""
    if not len(documents):
        return np.empty(0, np.uint8)
    counts = engine.count_stop_words(tokens)
    firsts = np.flatnonzero(np.diff(documents, prepend=-1))
    totals = np.add.reduceat(counts.astype(np.int64), firsts, axis=0)
    guessed = np.where(totals.any(axis=1), totals.argmax(axis=1), NO_LANGUAGE).astype(np.uint8)
    return np.repeat(guessed, np.diff(np.append(firsts, len(documents))))


def word_paragraphs(
    corpus: Corpus,
    numbers: OffsetArray,
    config: RestatementConfig,
    engine: Engine,
    storage: Storage | None = None,
) -> Wording:
    """Give the kinds of some paragraphs, and their content terms sentence by sentence.

    Args:
        corpus: All paragraphs, with their texts and languages.
        numbers: The paragraphs that are scored, sorted; all others have no sentence.
        config: What makes a document one of reference.
        engine: Where the loops run.
        storage: Where the terms are; None: in memory.
    """
    storage = storage or Storage(NO_LIMIT)
    kinds = np.zeros(len(corpus), np.uint8)
    is_reference = np.zeros(corpus.n_documents, np.bool_)
    languages = _languages_of(corpus)
    if not len(numbers):
        none = np.zeros(len(corpus), np.int64)
        terms = TermLists(np.empty(0, np.uint32), none[:0], none, languages)
        return Wording(terms, kinds, is_reference)
    n_expected = len(corpus.tokens.tokens) * len(numbers) // len(corpus)
    table = _GrowingSentences(storage, n_expected, len(corpus))
    bounds = np.searchsorted(numbers, corpus.first_paragraphs)
    for which, (first, end) in enumerate(pairwise(corpus.first_paragraphs.tolist())):
        rows = numbers[bounds[which] : bounds[which + 1]]
        if not len(rows):
            table.skip(end - first)
            continue
        whole = corpus.paragraphs(which, np.arange(first, end))
        paragraphs, batch = whole.take(rows - first), whole.batch
        kinds[rows] = recognize_kinds(paragraphs, engine)
        is_reference[slice(*corpus.first_documents[which : which + 2])] = find_references(
            whole.document, kinds[first:end], (batch.document, batch.kinds), len(batch.ids), config
        )
        lists = list_sentence_terms(paragraphs, languages[rows], engine)
        table.append(lists, rows - first, end - first)
        storage.forget_pages()
    kinds, is_reference = storage.keep(_KINDS, kinds), storage.keep(_REFERENCES, is_reference)
    return Wording(table.finish(languages), kinds, is_reference)


def open_wording(corpus: Corpus, storage: Storage) -> Wording:
    """Give what `word_paragraphs` gave an earlier run, of one paragraph at least."""
    terms, ends, row_ends = (storage.open_column(name, dtype) for name, dtype in _COLUMNS)
    return Wording(
        TermLists(terms, ends, row_ends, _languages_of(corpus)),
        storage.open_column(_KINDS, np.uint8),
        storage.open_column(_REFERENCES, np.bool_),
    )


class _GrowingSentences:
    """Content terms, sentence by sentence, that grow at their end."""

    def __init__(self, storage: Storage, n_terms: int, n_rows: int) -> None:
        expected = (n_terms, n_terms // _TERMS_A_SENTENCE, n_rows)
        self._terms, self._ends, self._row_ends = (
            storage.make_column(*column, n) for column, n in zip(_COLUMNS, expected, strict=True)
        )

    def skip(self, n_rows: int) -> None:
        """Put rows without a sentence behind those held."""
        self._row_ends.append(np.full(n_rows, self._ends.size))

    def append(self, lists: TermLists, places: OffsetArray, n_rows: int) -> None:
        """Put rows behind those held, of which those at `places` have sentences."""
        counts = np.zeros(n_rows, np.int64)
        counts[places] = np.diff(lists.row_ends, prepend=0)
        self._row_ends.append(self._ends.size + np.cumsum(counts))
        self._ends.append(self._terms.size + lists.sentence_ends)
        self._terms.append(lists.terms)

    def finish(self, languages: ByteArray) -> TermLists:
        """Give all rows."""
        terms, ends = self._terms.finish(), self._ends.finish()
        return TermLists(terms, ends, self._row_ends.finish(), languages)


def list_sentence_terms(
    paragraphs: ParagraphBatch, languages: ByteArray, engine: Engine
) -> TermLists:
    """List the content terms of some paragraphs sentence by sentence."""
    starts, ends, counts = _split(paragraphs, languages)
    of_sentence = np.repeat(languages, counts)
    terms, sentence_ends = engine.list_terms(paragraphs.batch.buffer, starts, ends, of_sentence)
    return TermLists(terms, sentence_ends, np.cumsum(counts), languages)


def _languages_of(corpus: Corpus) -> ByteArray:
    """Give the language of each paragraph, as far as it was guessed."""
    if corpus.terms is None:
        return np.full(len(corpus), NO_LANGUAGE, np.uint8)
    return corpus.terms.languages


def _split(
    paragraphs: ParagraphBatch, languages: ByteArray
) -> tuple[OffsetArray, OffsetArray, OffsetArray]:
    """Split paragraphs into sentences: their bytes, and how many each paragraph has."""
    sizes: list[int] = []
    counts = np.empty(len(languages), np.int64)
    content = paragraphs.batch.buffer.data
    spans = zip(
        paragraphs.starts.tolist(), paragraphs.ends.tolist(), languages.tolist(), strict=True
    )
    for row, (start, end, language) in enumerate(spans):
        text = str(content[start:end], "utf-8")
        sentences = split_sentences(text, language)
        if len(text) == end - start:
            sizes += map(len, sentences)
        else:
            sizes += [len(sentence.encode()) for sentence in sentences]
        counts[row] = len(sentences)
    lengths = np.array(sizes, np.int64)
    ends = np.cumsum(lengths)  # as if the paragraphs followed one another
    before = np.cumsum(paragraphs.ends - paragraphs.starts) - (paragraphs.ends - paragraphs.starts)
    ends += np.repeat(paragraphs.starts - before, counts)
    return ends - lengths, ends, counts
