"""Score how much of each paragraph the earlier paragraphs of its document already said.

The oracle is `dedup.kernels.restated.score_document`. All weights are whole numbers, so that no sum
depends on its order.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.columns import (
    BIGRAM_COLUMNS,
    CLOSES,
    FIRST,
    FIRST_ROW,
    HOLDERS,
    LAST,
    LAST_ROW,
    ONE,
    OPENS,
    SENTENCE_COLUMNS,
    TERM_COLUMNS,
    TWO,
    WEIGHT,
)
from dedup.kernels.loops.memory import part
from dedup.kernels.loops.sources import (
    Document,
    find_first,
    find_second,
    list_distinct,
    post_sentence,
)
from dedup.kernels.loops.vocabulary import begin_of, power_from, read, weigh
from dedup.model import ByteArray, HashArray, IndexArray, OffsetArray, ScoreArray, TokenArray

_REACH, _U0 = constants.TERM_REACH, np.uint64(0)
_LEAST_IN_SENTENCE = constants.LEAST_IN_SENTENCE


@part
def _share_of_bigrams(document: Document, begin: int, end: int, row: int) -> float:
    """Give the weighted share of a row's distinct skip-bigrams that an earlier row holds (sk)."""
    bigrams = document.bigrams
    total, held = np.int64(0), np.int64(0)
    for place in range(begin, end):
        at = BIGRAM_COLUMNS * np.int64(document.bigram_of[place])
        if bigrams[at + LAST] == -2 - row:
            continue
        bigrams[at + LAST] = -2 - row
        weight = document.facts[TERM_COLUMNS * np.int64(bigrams[at + ONE]) + WEIGHT]
        weight += document.facts[TERM_COLUMNS * np.int64(bigrams[at + TWO]) + WEIGHT]
        others = np.int64(bigrams[at + HOLDERS]) - 1
        if others > 2:
            weight = weight * 2 // others
        total += weight
        held += weight if bigrams[at + FIRST] < row else 0
    return np.float64(held) / np.float64(total) if total > 0 else 0.0


@part
def _compare_terms(
    document: Document, begin: int, end: int, row: int, earlier: int
) -> tuple[float, int]:
    """Give the Dice coefficient of a row's terms and all earlier ones, and the weight of both."""
    facts = document.facts
    own, shared, added = np.int64(0), np.int64(0), np.int64(0)
    for place in range(begin, end):
        base = TERM_COLUMNS * np.int64(document.ids[place])
        if facts[base + LAST_ROW] == row:
            continue
        facts[base + LAST_ROW] = row
        own += facts[base + WEIGHT]
        if facts[base + FIRST_ROW] < row:
            shared += facts[base + WEIGHT]
        else:
            added += facts[base + WEIGHT]
    both = own + earlier
    return np.float64(2 * shared) / np.float64(both) if both > 0 else 0.0, earlier + added


@part
def _find_sources(
    document: Document,
    bounds: tuple[int, int, int],
    sizes: OffsetArray,
    firsts: IndexArray,
    seconds: IndexArray,
    shares: ScoreArray,
    quoted: int,
) -> float:
    """Find who said each sentence of a row before; gives c1, the mean containment."""
    low, high, base = bounds
    total, count = 0.0, np.int64(0)
    for s in range(low, high):
        at = SENTENCE_COLUMNS * s
        if document.sentences[at + CLOSES] - document.sentences[at + OPENS] < _LEAST_IN_SENTENCE:
            continue
        size = sizes[s - low]
        count += size
        first, held = find_first(document, s)
        if first < 0:
            continue
        total += np.float64(size) * held
        firsts[base + s], shares[2 * (base + s)] = base + first, held
        if quoted != 0:
            second, added = find_second(document, s, first, s)
            if second >= 0:
                seconds[base + s], shares[2 * (base + s) + 1] = base + second, added
    return total / np.float64(count) if count > 0 else 0.0


def score_documents(
    terms: TokenArray,
    sentence_ends: OffsetArray,
    row_ends: OffsetArray,
    rows: OffsetArray,
    document_ends: OffsetArray,
    judged: ByteArray,
    logs: ScoreArray,
    table: IndexArray,
    hashes: TokenArray,
    facts: OffsetArray,
    ids: IndexArray,
    keys: HashArray,
    bigrams: IndexArray,
    bigram_of: IndexArray,
    distinct: IndexArray,
    postings: IndexArray,
    sentences: OffsetArray,
    touched: IndexArray,
    sizes: OffsetArray,
    scores: ScoreArray,
    firsts: IndexArray,
    seconds: IndexArray,
    shares: ScoreArray,
) -> int:
    """Score the rows of documents against the earlier rows of the same document.

    `scores` takes three numbers a row: c1, sk and the Dice coefficient of the term sets. `firsts`
    and `seconds` (all -1 before) take for each sentence of the rows, in order, the sentence that
    says it, counted likewise; `shares` how much of it the first holds and the second adds. Gives
    the number of sentences.
    """
    document = Document(
        table, hashes, facts, ids, keys, bigrams, bigram_of, distinct, postings, sentences, touched
    )
    begun, base = np.int64(0), np.int64(0)
    for d in range(len(document_ends)):
        chosen = rows[begun : document_ends[d]]
        n = np.int64(0)
        for k in range(len(chosen)):
            for s in range(begin_of(row_ends, chosen[k]), row_ends[chosen[k]]):
                n += sentence_ends[s] - begin_of(sentence_ends, s)
        n_slots = (power_from(2 * n), power_from(_REACH * n + n))
        table[: n_slots[0]] = -1
        keys[: n_slots[1]] = _U0
        n_terms = read(document, terms, sentence_ends, row_ends, chosen, n_slots)
        weigh(document, n_terms, len(chosen), logs)
        sentence, at, bigram, opens = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        earlier = np.int64(0)
        for k in range(len(chosen)):
            before = (sentence, at, bigram)
            for s in range(begin_of(row_ends, chosen[k]), row_ends[chosen[k]]):
                size = sentence_ends[s] - begin_of(sentence_ends, s)
                sizes[sentence - before[0]] = size
                opens = list_distinct(document, (at, at + size), sentence, opens)
                for i in range(at, at + size):
                    for j in range(max(at, i - _REACH), i):
                        bigram += np.int64(ids[i] != ids[j])
                sentence, at = sentence + 1, at + size
            to = 3 * (begun + k)
            scores[to] = scores[to + 1] = 0.0
            if k > 0 and judged[begun + k] != 0:
                quoted = np.int64(judged[begun + k] == constants.QUOTED)
                bounds = (before[0], sentence, base)
                scores[to] = _find_sources(document, bounds, sizes, firsts, seconds, shares, quoted)
                scores[to + 1] = _share_of_bigrams(document, before[2], bigram, k)
            scores[to + 2], earlier = _compare_terms(document, before[1], at, k, earlier)
            for s in range(before[0], sentence):
                post_sentence(document, s)
        begun, base = document_ends[d], base + sentence
    return base
