"""Number the terms and skip-bigrams of a document, count who holds each, and weigh them.

Parts of `restatement`; what they note stands in the columns of `Document`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.columns import (
    BEGIN,
    BIGRAM_COLUMNS,
    FILLED,
    FIRST,
    FIRST_ROW,
    HOLDERS,
    IN_SENTENCE,
    IN_SOURCE,
    LAST,
    LAST_ROW,
    N_ROWS,
    ONE,
    TERM_COLUMNS,
    TWO,
    WEIGHT,
)
from dedup.kernels.loops.memory import part
from dedup.kernels.loops.sources import Document
from dedup.model import OffsetArray, ScoreArray, TokenArray

_IS_NUMBER = np.uint32(constants.TERM_NUMBER)
_REACH, _UNIT, _FLOOR = constants.TERM_REACH, constants.WEIGHT_UNIT, constants.WEIGHT_FLOOR
_NUMBER_FACTOR = constants.NUMBER_FACTOR
_SPREAD, _MIX = np.uint32(constants.SPREAD_MULTIPLIER), np.uint64(constants.LENGTH_MULTIPLIER)
_SEVEN, _ONE, _U0, _U32 = np.uint32(7), np.uint32(1), np.uint64(0), np.uint64(32)


@part
def begin_of(ends: OffsetArray, row: int) -> int:
    """Give where a row begins."""
    return ends[row - 1] if row > 0 else np.int64(0)


@part
def power_from(n: int) -> int:
    """Give the power of two from `n` on, 16 at least."""
    size = np.int64(16)
    while size < n:
        size *= 2
    return size


@part
def _number_term(document: Document, term: int, n_slots: int, n_terms: int) -> int:
    """Give a term its number in the document; a new one has the next free, `n_terms`."""
    slot = np.uint32(term * _SPREAD) >> _SEVEN & np.uint32(n_slots - 1)
    while document.table[slot] >= 0 and document.hashes[document.table[slot]] != term:
        slot = (slot + _ONE) & np.uint32(n_slots - 1)
    if document.table[slot] < 0:
        document.table[slot] = n_terms
        document.hashes[n_terms] = term
        base = TERM_COLUMNS * n_terms
        document.facts[base + N_ROWS] = 0
        document.facts[base + BEGIN] = 0
        document.facts[base + FIRST_ROW] = -1
        document.facts[base + LAST_ROW] = -1
        document.facts[base + IN_SENTENCE] = -1
        document.facts[base + IN_SOURCE] = -1
    return np.int64(document.table[slot])


@part
def _meet_term(document: Document, number: int, row: int, sentence: int) -> None:
    """Count a row and a sentence that hold a term."""
    facts, base = document.facts, TERM_COLUMNS * number
    if facts[base + LAST_ROW] != row:
        facts[base + LAST_ROW] = row
        facts[base + N_ROWS] += 1
        if facts[base + FIRST_ROW] < 0:
            facts[base + FIRST_ROW] = row
    if facts[base + IN_SENTENCE] != sentence:
        facts[base + IN_SENTENCE] = sentence
        facts[base + BEGIN] += 1


@part
def _meet_bigram(document: Document, terms: tuple[int, int], row: int, n_slots: int) -> int:
    """Count a row that holds an unordered pair of terms; gives the pair's slot."""
    low, high = min(terms[0], terms[1]), max(terms[0], terms[1])
    key = np.uint64(low + 1) << _U32 | np.uint64(high + 1)
    slot = np.int64(key * _MIX >> _U32) & (n_slots - 1)
    while document.keys[slot] != _U0 and document.keys[slot] != key:
        slot = (slot + 1) & (n_slots - 1)
    bigrams, at = document.bigrams, BIGRAM_COLUMNS * slot
    if document.keys[slot] == _U0:
        document.keys[slot] = key
        bigrams[at + ONE], bigrams[at + TWO] = low, high
        bigrams[at + HOLDERS], bigrams[at + FIRST], bigrams[at + LAST] = 0, row, -1
    if bigrams[at + LAST] != row:
        bigrams[at + LAST] = row
        bigrams[at + HOLDERS] += 1
    return slot


@part
def read(
    document: Document,
    terms: TokenArray,
    sentence_ends: OffsetArray,
    row_ends: OffsetArray,
    rows: OffsetArray,
    n_slots: tuple[int, int],
) -> int:
    """Number the terms and skip-bigrams of a document and count who holds each; gives the terms."""
    n, n_terms, n_bigrams, sentence = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for k in range(len(rows)):
        for s in range(begin_of(row_ends, rows[k]), row_ends[rows[k]]):
            begun = n
            for place in range(begin_of(sentence_ends, s), sentence_ends[s]):
                number = _number_term(document, terms[place], n_slots[0], n_terms)
                n_terms = max(n_terms, number + 1)
                document.ids[n] = number
                _meet_term(document, number, k, sentence)
                for before in range(max(begun, n - _REACH), n):
                    other = np.int64(document.ids[before])
                    if other != number:
                        slot = _meet_bigram(document, (other, number), k, n_slots[1])
                        document.bigram_of[n_bigrams] = slot
                        n_bigrams += 1
                n += 1
            sentence += 1
    return n_terms


@part
def weigh(document: Document, n_terms: int, n_rows: int, logs: ScoreArray) -> None:
    """Weigh each term the less, the more paragraphs hold it, and lay out its postings."""
    facts = document.facts
    whole, begin = logs[n_rows + 1] + _FLOOR, np.int64(0)
    for term in range(n_terms):
        base = TERM_COLUMNS * term
        others = max(np.int64(1), facts[base + N_ROWS] - 1)
        share = (logs[n_rows + 1] - logs[others] + _FLOOR) / whole
        weight = np.int64(min(1.0, share) * _UNIT + 0.5)
        is_number = document.hashes[term] & _IS_NUMBER != 0
        facts[base + WEIGHT] = weight * (_NUMBER_FACTOR if is_number else 1)
        facts[base + FILLED] = begin
        begin += facts[base + BEGIN]
        facts[base + BEGIN] = facts[base + FILLED]
        facts[base + LAST_ROW] = -1
        facts[base + IN_SENTENCE] = -1
