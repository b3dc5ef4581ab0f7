"""Pair the rows that share anchors: skip-bigrams that few rows hold.

The oracle is `dedup.kernels._numpy_terms.NumpyTermKernels.share_anchors`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.columns import ANCHOR_FACTS
from dedup.kernels.loops.memory import inlined, part
from dedup.kernels.loops.vocabulary import begin_of
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ShingleArray,
    TokenArray,
)

_REACH, _ANCHOR_TERMS = constants.TERM_REACH, constants.ANCHOR_TERMS
_MIX, _LAST = np.uint64(constants.WORD_MULTIPLIER), np.uint64(constants.FINAL_MULTIPLIER)
_U32 = np.uint64(32)
_IS_NUMBER, _NUMBER_FACTOR = np.uint32(constants.TERM_NUMBER), constants.NUMBER_FACTOR
_COUNT, _LAST_ROW, _BEGIN, _END = range(ANCHOR_FACTS)
_FACTS = ANCHOR_FACTS
_SPREAD = np.uint32(constants.SPREAD_MULTIPLIER)


@inlined
def _anchor(one: int, two: int) -> int:
    low, high = np.uint64(min(one, two)), np.uint64(max(one, two))
    mixed = (low << _U32 | high) * _MIX
    return np.uint32((mixed ^ mixed >> _U32) * _LAST >> _U32)


@part
def _bounds(sentence_ends: OffsetArray, row_ends: OffsetArray, row: int) -> tuple[int, int]:
    """Give where the terms of a row begin and end."""
    first, last = begin_of(row_ends, row), row_ends[row]
    if last == first:
        return np.int64(0), np.int64(0)
    return begin_of(sentence_ends, first), sentence_ends[last - 1]


@part
def _spare(sentence_ends: OffsetArray, row_ends: OffsetArray, row: int) -> int:
    """Give the bits that must be 0 in the anchors that a row keeps: more, the longer it is."""
    begin, end = _bounds(sentence_ends, row_ends, row)
    n_terms, spare = end - begin, np.uint32(0)
    while n_terms > _ANCHOR_TERMS:
        n_terms = (n_terms + 1) >> 1
        spare = spare << np.uint32(1) | np.uint32(1)
    return spare


def sift_anchors(
    terms: TokenArray,
    sentence_ends: OffsetArray,
    row_ends: OffsetArray,
    rows: OffsetArray,
    seen: ByteArray,
    shift: int,
    anchors: ShingleArray,
    anchor_ends: OffsetArray,
    sizes: IndexArray,
) -> int:
    """List, row by row, the anchors that may stand in two rows; gives how many there are.

    Two bits a slot in `seen` (zeroed): met once, met again. `anchors` has room for all that rows
    keep: a row of up to ANCHOR_TERMS terms all, of up to twice as many those whose lowest bit is 0,
    and so on, so that two rows have in common what the longer one keeps. Where it has not, nothing
    more is written, but the count goes on, so that the caller can come again. `sizes` takes the
    anchors that a row keeps, repeats and all.
    """
    down, two, three, one = np.uint32(shift), np.uint32(2), np.uint32(3), np.uint32(1)
    n = np.int64(0)
    for k in range(len(rows)):
        begun, spare = n, _spare(sentence_ends, row_ends, rows[k])
        for s in range(begin_of(row_ends, rows[k]), row_ends[rows[k]]):
            low = begin_of(sentence_ends, s)
            for i in range(low, sentence_ends[s]):
                for j in range(max(low, i - _REACH), i):
                    anchor = _anchor(terms[i], terms[j])
                    if terms[i] == terms[j] or anchor & spare != 0:
                        continue
                    slot = np.uint32(anchor * _SPREAD) >> down
                    offset = (slot & three) << one
                    bits = np.uint32(seen[slot >> two])
                    state = bits >> offset & three
                    seen[slot >> two] = np.uint8(bits | (one if state == 0 else two) << offset)
                    if n < len(anchors):
                        anchors[n] = anchor
                    n += 1
        sizes[k], anchor_ends[k] = n - begun, n
    if n > len(anchors):
        return n
    kept, place = np.int64(0), np.int64(0)
    for k in range(len(rows)):
        while place < anchor_ends[k]:
            slot = np.uint32(anchors[place] * _SPREAD) >> down
            offset = (slot & three) << one
            if np.uint32(seen[slot >> two]) >> offset >> one & one:
                anchors[kept] = anchors[place]
                kept += 1
            place += 1
        anchor_ends[k] = kept
    return kept


@part
def _find(anchors: ShingleArray, place: int, table: ShingleArray, facts: IndexArray) -> int:
    """Find the slot of an anchor, or the empty one (count 0) where it belongs."""
    slots = np.int64(len(table) - 1)
    slot = np.int64(np.uint32(anchors[place] * _SPREAD) >> np.uint32(3)) & slots
    while facts[_FACTS * slot + _COUNT] != 0 and table[slot] != anchors[place]:
        slot = (slot + 1) & slots
    return slot


def count_anchors(
    anchors: ShingleArray,
    anchor_ends: OffsetArray,
    table: ShingleArray,
    facts: IndexArray,
    most: int,
) -> int:
    """Count the rows that hold each anchor and lay out their postings; gives how many there are.

    `facts` (zeroed) holds four numbers a slot of `table`, side by side, as one slot is one visit to
    memory: rows, the last of them from 1, and where the postings begin and end. An anchor of more
    than `most` rows, or of one, gets no postings. `anchors` takes the slot of each. Where the table
    gets too full, gives -1 and leaves `anchors` as they were.
    """
    free = 2 * len(table) // 3
    for k in range(len(anchor_ends)):
        for place in range(begin_of(anchor_ends, k), anchor_ends[k]):
            slot = _find(anchors, place, table, facts)
            at = _FACTS * slot
            if facts[at + _COUNT] == 0:
                table[slot] = anchors[place]
                free -= 1
                if free < 0:
                    for done in range(place):
                        anchors[done] = table[anchors[done]]
                    return -1
            anchors[place] = slot
            if facts[at + _LAST_ROW] != k + 1:
                facts[at + _LAST_ROW] = k + 1
                facts[at + _COUNT] += 1
    n = np.int64(0)
    for slot in range(len(table)):
        at = _FACTS * slot
        facts[at + _BEGIN] = n
        if 2 <= facts[at + _COUNT] <= most:
            n += facts[at + _COUNT]
    return n


def pair_anchors(
    slots: ShingleArray,
    anchor_ends: OffsetArray,
    sizes: IndexArray,
    facts: IndexArray,
    postings: IndexArray,
    most: int,
    least: int,
    per_thousand: int,
    shared: IndexArray,
    touched: IndexArray,
    pairs: PairArray,
    pair_counts: IndexArray,
) -> int:
    """Pair each row with the earlier ones that share enough of its anchors; gives the pairs.

    `slots` is what `count_anchors` made of the anchors. Enough are `least`, and `per_thousand`
    thousandths of the anchors of the row that has fewer. `shared` is zeroed. A pair is earlier row
    << 32 | later row. Where `pairs` is too short nothing more is written, but the count goes on, so
    that the caller can come again.
    """
    written = np.int64(0)
    for slot in range(len(facts) // _FACTS):
        facts[_FACTS * slot + _LAST_ROW] = 0
        facts[_FACTS * slot + _END] = facts[_FACTS * slot + _BEGIN]
    for k in range(len(anchor_ends)):
        n = 0
        for place in range(begin_of(anchor_ends, k), anchor_ends[k]):
            at = _FACTS * np.int64(slots[place])
            count = facts[at + _COUNT]
            if count < 2 or count > most or facts[at + _LAST_ROW] == k + 1:
                continue
            facts[at + _LAST_ROW] = k + 1
            end = facts[at + _END]
            for posting in range(facts[at + _BEGIN], end):
                other = np.int64(postings[posting])
                if shared[other] == 0:
                    touched[n] = other
                    n += 1
                shared[other] += 1
            postings[end] = k
            facts[at + _END] += 1
        for place in range(n):
            other = np.int64(touched[place])
            n_shared = np.int64(shared[other])
            shared[other] = 0
            smaller = np.int64(min(sizes[k], sizes[other]))
            if n_shared >= least and 1000 * n_shared >= per_thousand * smaller:
                if written < len(pairs):
                    pairs[written] = np.uint64(other) << _U32 | np.uint64(k)
                    pair_counts[written] = n_shared
                written += 1
    return written


@part
def _insert(table: TokenArray, owners: OffsetArray, term: int, mark: int) -> bool:
    """Put a term into a set of slots that carry `mark`; tells whether it is new there."""
    slots = np.uint32(len(table) - 1)
    slot = np.uint32(term * _SPREAD) >> np.uint32(7) & slots
    while owners[slot] == mark:
        if table[slot] == term:
            return False
        slot = (slot + np.uint32(1)) & slots
    table[slot], owners[slot] = term, mark
    return True


@part
def _contains(table: TokenArray, owners: OffsetArray, term: int, mark: int) -> bool:
    slots = np.uint32(len(table) - 1)
    slot = np.uint32(term * _SPREAD) >> np.uint32(7) & slots
    while owners[slot] == mark:
        if table[slot] == term:
            return True
        slot = (slot + np.uint32(1)) & slots
    return False


def cover_pairs(
    terms: TokenArray,
    sentence_ends: OffsetArray,
    row_ends: OffsetArray,
    lefts: IndexArray,
    rights: IndexArray,
    table: TokenArray,
    owners: OffsetArray,
    other_table: TokenArray,
    other_owners: OffsetArray,
    shared: IndexArray,
    exchanged: IndexArray,
    weights: IndexArray,
) -> int:
    """Weigh the distinct terms that each pair shares, and those of each row of a pair.

    `exchanged` takes how many numbers each side has that the other has not, the lesser of the two.
    Pairs come sorted by their left, whose terms are put into `table` once. Both tables are a power
    of two, at least twice the terms of any row; their owners all -1. Gives the number of pairs.
    """
    last, left_numbers = np.int64(-1), np.int64(0)
    for pair in range(len(lefts)):
        left, right = np.int64(lefts[pair]), np.int64(rights[pair])
        if left != last:
            begin, end = _bounds(sentence_ends, row_ends, left)
            weight, left_numbers = np.int64(0), np.int64(0)
            for place in range(begin, end):
                if _insert(table, owners, terms[place], left):
                    is_number = np.int64(terms[place] & _IS_NUMBER)
                    weight += 1 + is_number * (_NUMBER_FACTOR - 1)
                    left_numbers += is_number
            weights[left], last = weight, left
        begin, end = _bounds(sentence_ends, row_ends, right)
        weight, held, numbers, held_numbers = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        for place in range(begin, end):
            term = terms[place]
            if _insert(other_table, other_owners, term, np.int64(pair)):
                is_number = np.int64(term & _IS_NUMBER)
                factor = 1 + is_number * (_NUMBER_FACTOR - 1)
                is_held = np.int64(_contains(table, owners, term, left))
                weight += factor
                held += factor * is_held
                numbers += is_number
                held_numbers += is_number * is_held
        weights[right], shared[pair] = weight, held
        exchanged[pair] = min(left_numbers, numbers) - held_numbers
    return len(lefts)
