"""Pair the rows that share anchors: skip-bigrams that few rows hold.

The oracle is `dedup.kernels._numpy_terms.NumpyTermKernels`.
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
_U32, _ONE, _TWO, _THREE = np.uint64(32), np.uint32(1), np.uint32(2), np.uint32(3)
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


def list_anchors(
    terms: TokenArray,
    sentence_ends: OffsetArray,
    row_ends: OffsetArray,
    rows: OffsetArray,
    which: int,
    part_bits: int,
    seen: ByteArray,
    shift: int,
    anchors: ShingleArray,
    begun: int,
    held: IndexArray,
    sizes: IndexArray,
) -> int:
    """List the anchors of rows from `begun` on, and note which were met; gives where they end.

    Of all anchors only those whose first `part_bits` bits are `which`. A row of up to ANCHOR_TERMS
    terms keeps all of its anchors, one of up to twice as many those whose lowest bit is 0, and so
    on, so that two rows have in common what the longer one keeps. Two bits a slot in `seen`: met
    once, met again. `held` takes how many anchors a row keeps, repeats and all, and `sizes` has
    them added. Where `anchors` is too short nothing more is written, but the count goes on, so that
    the caller can come again.
    """
    down, wanted, low_bits = np.uint32(shift), np.uint64(which), np.uint64(32 - part_bits)
    n = np.int64(begun)
    for k in range(len(rows)):
        before, spare = n, _spare(sentence_ends, row_ends, rows[k])
        for s in range(begin_of(row_ends, rows[k]), row_ends[rows[k]]):
            low = begin_of(sentence_ends, s)
            for i in range(low, sentence_ends[s]):
                for j in range(max(low, i - _REACH), i):
                    anchor = _anchor(terms[i], terms[j])
                    if terms[i] == terms[j] or anchor & spare != 0:
                        continue
                    if np.uint64(anchor) >> low_bits != wanted:
                        continue
                    slot = np.uint32(anchor * _SPREAD) >> down
                    offset = (slot & _THREE) << _ONE
                    bits = np.uint32(seen[slot >> _TWO])
                    state = bits >> offset & _THREE
                    seen[slot >> _TWO] = np.uint8(bits | (_ONE if state == 0 else _TWO) << offset)
                    if n < len(anchors):
                        anchors[n] = anchor
                    n += 1
        held[k] = n - before
        sizes[k] += n - before
    return n


def drop_lone_anchors(seen: ByteArray, shift: int, anchors: ShingleArray, held: IndexArray) -> int:
    """Drop the anchors that surely stand in one row only; gives how many are left."""
    kept, place = np.int64(0), np.int64(0)
    for k in range(len(held)):
        before, end = kept, place + held[k]
        while place < end:
            slot = np.uint32(anchors[place] * _SPREAD) >> np.uint32(shift)
            offset = (slot & _THREE) << _ONE
            if np.uint32(seen[slot >> _TWO]) >> offset >> _ONE & _ONE:
                anchors[kept] = anchors[place]
                kept += 1
            place += 1
        held[k] = kept - before
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
    anchors: ShingleArray, held: IndexArray, table: ShingleArray, facts: IndexArray, most: int
) -> int:
    """Count the rows that hold each anchor and lay out their postings; gives how many there are.

    `facts` (zeroed) holds four numbers a slot of `table`, side by side, as one slot is one visit to
    memory: rows, the last of them from 1, and where the postings begin and end. An anchor of more
    than `most` rows, or of one, gets no postings. `anchors` takes the slot of each. Where the table
    gets too full, gives -1 and leaves `anchors` as they were.
    """
    free, place = 2 * len(table) // 3, np.int64(0)
    for k in range(len(held)):
        for _ in range(held[k]):
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
            place += 1
    n = np.int64(0)
    for slot in range(len(table)):
        at = _FACTS * slot
        facts[at + _LAST_ROW] = 0
        facts[at + _BEGIN] = facts[at + _END] = n
        if 2 <= facts[at + _COUNT] <= most:
            n += facts[at + _COUNT]
    return n


def pair_anchors(
    slots: ShingleArray,
    held: IndexArray,
    sizes: IndexArray,
    facts: IndexArray,
    postings: IndexArray,
    most: int,
    least: int,
    per_thousand: int,
    end_row: int,
    shared: IndexArray,
    touched: IndexArray,
    pairs: PairArray,
    pair_counts: IndexArray,
    reached: OffsetArray,
) -> int:
    """Pair rows with the earlier ones that share enough of their anchors; gives how many pairs.

    `slots` is what `count_anchors` made of the anchors. Enough are `least`, and `per_thousand`
    thousandths of the anchors of the row that has fewer. `shared` is zeroed. A pair is later row
    << 32 | earlier row, rows rise. `reached` holds the first row that is not done and where its
    slots begin: before `end_row`, or where `pairs` has less room than `touched`.
    """
    written, k, place = np.int64(0), reached[0], reached[1]
    while k < end_row and len(pairs) - written >= len(touched):
        n = np.int64(0)
        for at_slot in range(place, place + held[k]):
            at = _FACTS * np.int64(slots[at_slot])
            if not 2 <= facts[at + _COUNT] <= most or facts[at + _LAST_ROW] == k + 1:
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
        for at_touched in range(n):
            other = np.int64(touched[at_touched])
            n_shared = np.int64(shared[other])
            shared[other] = 0
            smaller = np.int64(min(sizes[k], sizes[other]))
            if n_shared >= least and 1000 * n_shared >= per_thousand * smaller:
                pairs[written] = np.uint64(k) << _U32 | np.uint64(other)
                pair_counts[written] = n_shared
                written += 1
        place += held[k]
        k += 1
    reached[0], reached[1] = k, place
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
    left_weights: IndexArray,
    right_weights: IndexArray,
) -> int:
    """Weigh the distinct terms that each pair shares, and those of its two rows.

    `exchanged` takes how many numbers each side has that the other has not, the lesser of the two.
    The terms of a left are put into `table` once for all pairs of it that follow one another. Both
    tables are a power of two, at least twice the terms of any row; their owners all -1. Gives the
    number of pairs.
    """
    last, mark = np.int64(-1), np.int64(0)
    weight, left_numbers = np.int64(0), np.int64(0)
    for pair in range(len(lefts)):
        left, right = np.int64(lefts[pair]), np.int64(rights[pair])
        if left != last:
            begin, end = _bounds(sentence_ends, row_ends, left)
            weight, left_numbers, last, mark = np.int64(0), np.int64(0), left, np.int64(pair)
            for place in range(begin, end):
                if _insert(table, owners, terms[place], mark):
                    is_number = np.int64(terms[place] & _IS_NUMBER)
                    weight += 1 + is_number * (_NUMBER_FACTOR - 1)
                    left_numbers += is_number
        left_weights[pair] = weight
        begin, end = _bounds(sentence_ends, row_ends, right)
        other_weight, held = np.int64(0), np.int64(0)
        numbers, held_numbers = np.int64(0), np.int64(0)
        for place in range(begin, end):
            term = terms[place]
            if _insert(other_table, other_owners, term, np.int64(pair)):
                is_number = np.int64(term & _IS_NUMBER)
                factor = 1 + is_number * (_NUMBER_FACTOR - 1)
                is_held = np.int64(_contains(table, owners, term, mark))
                other_weight += factor
                held += factor * is_held
                numbers += is_number
                held_numbers += is_number * is_held
        right_weights[pair], shared[pair] = other_weight, held
        exchanged[pair] = min(left_numbers, numbers) - held_numbers
    return len(lefts)
