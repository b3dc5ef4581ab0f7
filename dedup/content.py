"""Turn paragraphs into content terms: as a whole where they are read, sentence by sentence later.

What restated, rewritten and contained paragraphs are found by. A batch of paragraphs with their
tokens comes in and its terms go out; of those that are scored in the end, `Wording` too.

Decision (2026-11-24): sentences are cut late. Cutting takes 20 ns a byte (sentencex 17 of them), as
much as all that identical and near-duplicate paragraphs need; what proposes pairs needs no
sentences, and of a corpus of single paragraphs a third is scored in the end. So their text is kept
until then.
"""

import numpy as np

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
from dedup.terms import NO_LANGUAGE, split_sentences


def list_terms(paragraphs: ParagraphBatch, tokens: TokenLists, engine: Engine) -> TermLists:
    """List the content terms of the paragraphs of a batch, each as one sentence."""
    languages = _guess_languages(paragraphs.document, tokens, engine)
    buffer = paragraphs.batch.buffer
    terms, ends = engine.list_terms(buffer, paragraphs.starts, paragraphs.ends, languages)
    return TermLists(terms, ends, np.arange(1, len(ends) + 1), languages)


def _guess_languages(documents: IndexArray, tokens: TokenLists, engine: Engine) -> ByteArray:
    """Guess each paragraph's language, that of its whole document; ties as `guess_language`."""
    if not len(documents):
        return np.empty(0, np.uint8)
    counts = engine.count_stop_words(tokens)
    firsts = np.flatnonzero(np.diff(documents, prepend=-1))
    totals = np.add.reduceat(counts.astype(np.int64), firsts, axis=0)
    guessed = np.where(totals.any(axis=1), totals.argmax(axis=1), NO_LANGUAGE).astype(np.uint8)
    return np.repeat(guessed, np.diff(np.append(firsts, len(documents))))


def word_paragraphs(corpus: Corpus, numbers: OffsetArray, engine: Engine) -> Wording:
    """Give the kinds of some paragraphs, and their content terms sentence by sentence.

    Args:
        corpus: All paragraphs, with their texts and languages.
        numbers: The paragraphs that are scored, sorted; all others have no sentence.
        engine: Where the loops run.
    """
    kinds, counts = np.zeros(len(corpus), np.uint8), np.zeros(len(corpus), np.int64)
    parts, n_terms = [(np.empty(0, np.uint32), np.empty(0, np.int64))], 0
    languages = _languages_of(corpus)
    bounds = np.searchsorted(numbers, corpus.first_paragraphs)
    for which in np.flatnonzero(np.diff(bounds)).tolist():
        rows = numbers[bounds[which] : bounds[which + 1]]
        paragraphs = corpus.paragraphs(which, rows)
        kinds[rows] = recognize_kinds(paragraphs, engine)
        found = list_sentence_terms(paragraphs, languages[rows], engine)
        counts[rows] = np.diff(found.row_ends, prepend=0)
        parts.append((found.terms, found.sentence_ends + n_terms))
        n_terms += len(found.terms)
    terms, sentence_ends = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Wording(TermLists(terms, sentence_ends, np.cumsum(counts), languages), kinds)


def list_sentence_terms(
    paragraphs: ParagraphBatch, languages: ByteArray, engine: Engine
) -> TermLists:
    """List the content terms of some paragraphs sentence by sentence."""
    starts, ends, counts = _split(paragraphs, languages)
    of_sentence = np.repeat(languages, counts)
    terms, sentence_ends = engine.list_terms(paragraphs.batch.buffer, starts, ends, of_sentence)
    return TermLists(terms, sentence_ends, np.cumsum(counts), languages)


def _languages_of(corpus: Corpus) -> ByteArray:
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
