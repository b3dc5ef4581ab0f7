"""Find, for one sentence of a document, the earlier sentences that say most of it.

Parts of `restatement`. Everything known of a document stands in the columns of `Document`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dedup.kernels import constants
from dedup.kernels.columns import (
    BEGIN,
    CLOSES,
    FILLED,
    HEAVY,
    IN_SENTENCE,
    IN_SOURCE,
    OPENS,
    SENTENCE_COLUMNS,
    SHARED,
    TERM_COLUMNS,
    WEIGHT,
)
from dedup.kernels.loops.memory import part
from dedup.model import HashArray, IndexArray, OffsetArray, TokenArray

_LEAST_ADDED, _MOST_NAMED = constants.LEAST_ADDED, constants.MOST_NAMED


class Document(NamedTuple):
    """Scratch for one document, reused by the next; `columns` says what is in it.

    `facts` is of its terms, `bigrams` of its skip-bigrams, `sentences` of its sentences. `ids`
    numbers each term read, `bigram_of` names the slot of each skip-bigram read, `distinct` the
    terms of each sentence without repeats, `postings` the sentences that hold a term.
    """

    table: IndexArray
    hashes: TokenArray
    facts: OffsetArray
    ids: IndexArray
    keys: HashArray
    bigrams: IndexArray
    bigram_of: IndexArray
    distinct: IndexArray
    postings: IndexArray
    sentences: OffsetArray
    touched: IndexArray


@part
def list_distinct(document: Document, bounds: tuple[int, int], sentence: int, opens: int) -> int:
    """List the distinct terms of a sentence from `opens` on, and weigh it; gives where they end."""
    facts = document.facts
    weight, closes = np.int64(0), opens
    for place in range(bounds[0], bounds[1]):
        base = TERM_COLUMNS * np.int64(document.ids[place])
        if facts[base + IN_SENTENCE] != sentence:
            facts[base + IN_SENTENCE] = sentence
            document.distinct[closes] = document.ids[place]
            closes += 1
            weight += facts[base + WEIGHT]
    at = SENTENCE_COLUMNS * sentence
    document.sentences[at + OPENS], document.sentences[at + CLOSES] = opens, closes
    document.sentences[at + HEAVY], document.sentences[at + SHARED] = weight, 0
    return closes


@part
def _share_common(document: Document, sentence: int, without: int, n: int) -> None:
    """Add the terms that name no sentence to what the `n` named ones share."""
    facts, sentences = document.facts, document.sentences
    at = SENTENCE_COLUMNS * sentence
    for place in range(sentences[at + OPENS], sentences[at + CLOSES]):
        base = TERM_COLUMNS * np.int64(document.distinct[place])
        if facts[base + FILLED] - facts[base + BEGIN] <= _MOST_NAMED:
            continue
        if facts[base + IN_SOURCE] == without:
            continue
        for named in range(n):
            other = SENTENCE_COLUMNS * np.int64(document.touched[named])
            for held in range(sentences[other + OPENS], sentences[other + CLOSES]):
                if document.distinct[held] == document.distinct[place]:
                    sentences[other + SHARED] += facts[base + WEIGHT]
                    break


@part
def _share(document: Document, sentence: int, without: int) -> int:
    """Weigh what each earlier sentence shares with one; gives how many are in `touched`.

    Terms whose IN_SOURCE is `without` are passed over. A term that more than MOST_NAMED earlier
    sentences hold names none of them, but counts where another term did.
    """
    facts, sentences = document.facts, document.sentences
    at = SENTENCE_COLUMNS * sentence
    n, n_common = np.int64(0), np.int64(0)
    for place in range(sentences[at + OPENS], sentences[at + CLOSES]):
        base = TERM_COLUMNS * np.int64(document.distinct[place])
        if facts[base + IN_SOURCE] == without:
            continue
        if facts[base + FILLED] - facts[base + BEGIN] > _MOST_NAMED:
            n_common += 1
            continue
        weight = facts[base + WEIGHT]
        for posting in range(facts[base + BEGIN], facts[base + FILLED]):
            other = SENTENCE_COLUMNS * np.int64(document.postings[posting])
            if sentences[other + SHARED] == 0:
                document.touched[n] = document.postings[posting]
                n += 1
            sentences[other + SHARED] += weight
    if n_common > 0:
        _share_common(document, sentence, without, n)
    return n


@part
def find_first(document: Document, sentence: int) -> tuple[int, float]:
    """Find the earlier sentence of most containment and Dice together, the first of equals."""
    sentences, touched = document.sentences, document.touched
    n = _share(document, sentence, np.int64(-2))
    weight = sentences[SENTENCE_COLUMNS * sentence + HEAVY]
    best, top, held = np.int64(-1), -1.0, 0.0
    for place in range(n):
        at = SENTENCE_COLUMNS * np.int64(touched[place])
        shared = sentences[at + SHARED]
        sentences[at + SHARED] = 0
        containment = np.float64(shared) / np.float64(weight)
        score = containment + np.float64(2 * shared) / np.float64(weight + sentences[at + HEAVY])
        if score > top or (score == top and touched[place] < best):
            best, top, held = np.int64(touched[place]), score, containment
    return best, held


@part
def find_second(document: Document, sentence: int, first: int, mark: int) -> tuple[int, float]:
    """Find the sentence that holds most of what `first` leaves; -1 where it is too little."""
    sentences, touched = document.sentences, document.touched
    at = SENTENCE_COLUMNS * first
    for place in range(sentences[at + OPENS], sentences[at + CLOSES]):
        document.facts[TERM_COLUMNS * np.int64(document.distinct[place]) + IN_SOURCE] = mark
    n = _share(document, sentence, mark)
    best, top = np.int64(-1), np.int64(0)
    for place in range(n):
        shared = sentences[SENTENCE_COLUMNS * np.int64(touched[place]) + SHARED]
        sentences[SENTENCE_COLUMNS * np.int64(touched[place]) + SHARED] = 0
        if shared > top or (shared == top and touched[place] < best):
            best, top = np.int64(touched[place]), shared
    added = np.float64(top) / np.float64(sentences[SENTENCE_COLUMNS * sentence + HEAVY])
    return (best, added) if added >= _LEAST_ADDED else (np.int64(-1), 0.0)


@part
def post_sentence(document: Document, sentence: int) -> None:
    """Let later sentences find this one by its terms."""
    at = SENTENCE_COLUMNS * sentence
    for place in range(document.sentences[at + OPENS], document.sentences[at + CLOSES]):
        filled = TERM_COLUMNS * np.int64(document.distinct[place]) + FILLED
        document.postings[document.facts[filled]] = sentence
        document.facts[filled] += 1
