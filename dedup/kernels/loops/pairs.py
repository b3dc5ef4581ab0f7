"""Find who shares a bucket, how much two sets share, and which texts are identical.

The oracles are in `dedup.kernels._numpy`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import inlined
from dedup.model import (
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleArray,
    SignatureArray,
)

_SPREAD = np.uint32(constants.SPREAD_MULTIPLIER)


def find_representatives(prints: HashArray, table: IndexArray, firsts: OffsetArray) -> int:
    """Give each row of two-word fingerprints the first row with the same; gives the distinct rows.

    `table` is all -1, a power of two, at least twice the rows.
    """
    slots = np.int64(len(table) - 1)
    n_distinct = 0
    for i in range(len(prints) // 2):
        slot = np.int64(prints[2 * i] >> np.uint64(20)) & slots
        while table[slot] >= 0:
            other = np.int64(table[slot])
            if prints[2 * other] == prints[2 * i] and prints[2 * other + 1] == prints[2 * i + 1]:
                break
            slot = (slot + 1) & slots
        if table[slot] < 0:
            table[slot] = i
            n_distinct += 1
        firsts[i] = table[slot]
    return n_distinct


def partition_keys(keys: SignatureArray, bits: int, ends: OffsetArray, entries: HashArray) -> int:
    """Part the rows by the upper `bits` bits of their keys; gives how many a part has at most.

    `entries` takes key << 32 | row, part after part, rows rising within each; `ends` (zeroed, 2 to
    the power of `bits`, at least 2) where each part ends.
    """
    down = np.uint32(32 - bits)
    for row in range(len(keys)):
        ends[np.int64(keys[row] >> down)] += 1
    most, begun = np.int64(0), np.int64(0)
    for part in range(len(ends)):
        most = max(most, ends[part])
        size = ends[part]
        ends[part] = begun
        begun += size
    for row in range(len(keys)):
        part = np.int64(keys[row] >> down)
        entries[ends[part]] = np.uint64(keys[row]) << np.uint64(32) | np.uint64(row)
        ends[part] += 1
    return most


def pair_buckets(
    entries: HashArray,
    ends: OffsetArray,
    table: IndexArray,
    links: IndexArray,
    full: int,
    few: int,
    pairs: PairArray,
    beyond: IndexArray,
) -> int:
    """Pair the rows that share a key, by the bucket rule; gives the pairs written.

    Member i of a bucket is paired with every earlier member while i < `full`, with the first `few`
    from there on. Entries and their parts are those of `partition_keys`. `table` (a power of two,
    at least twice the largest part) holds each bucket's first member; `links` holds three words a
    row of a part: next member, last member, size of the bucket. `pairs` takes lower row << 32 |
    higher row. Where it is too short nothing more is written, but the count goes on, so that the
    caller can come again. `beyond` takes, for each row, its bucket's first row where it is a member
    beyond `full`, else -1.
    """
    written, room, begin = 0, len(pairs), np.int64(0)
    high, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    for part in range(len(ends)):
        n, size_of_table = ends[part] - begin, np.int64(16)
        while size_of_table < 2 * n:
            size_of_table *= 2
        slots = np.uint32(size_of_table - 1)
        for slot in range(size_of_table):
            table[slot] = -1
        for i in range(n):
            entry = entries[begin + i]
            key = np.uint32(entry >> high)
            place = np.uint32(key * _SPREAD ^ key >> np.uint32(15)) & slots
            while table[place] >= 0 and np.uint32(entries[begin + table[place]] >> high) != key:
                place = (place + np.uint32(1)) & slots
            head = np.int64(table[place])
            links[3 * i] = -1
            if head < 0:
                table[place] = i
                links[3 * i + 1], links[3 * i + 2] = i, 1
                continue
            size, member = links[3 * head + 2], head
            for _earlier in range(size if size < full else few):
                if written < room:
                    pairs[written] = entries[begin + member] << high | (entry & low)
                written += 1
                member = np.int64(links[3 * member])
            if size >= full:
                beyond[np.int64(entry & low)] = np.int32(entries[begin + head] & low)
            links[3 * np.int64(links[3 * head + 1])] = i
            links[3 * head + 1] = i
            links[3 * head + 2] = size + 1
        begin = ends[part]
    return written


@inlined
def _insert(shingles: ShingleArray, start: int, end: int, table: OffsetArray, base: int) -> None:
    slots = np.int64(len(table) - 1)
    for place in range(start, end):
        slot = np.int64(shingles[place]) & slots
        while table[slot] >= base:
            slot = (slot + 1) & slots
        table[slot] = base + (place - start)


def count_shared(
    shingles: ShingleArray,
    ends: OffsetArray,
    lefts: IndexArray,
    rights: IndexArray,
    table: OffsetArray,
    shared: OffsetArray,
) -> int:
    """Count the shingles that the sets of each pair have in common.

    Pairs come sorted by their left, whose set is put into `table` once (all -1 before the call, a
    power of two, at least twice the largest set). A slot holds base + place, and every new left
    raises the base, so the table is never cleared.
    """
    slots = np.int64(len(table) - 1)
    last, start, base, size = -1, np.int64(0), np.int64(0), np.int64(0)
    for pair in range(len(lefts)):
        left, right = np.int64(lefts[pair]), np.int64(rights[pair])
        if left != last:
            base += size
            start = ends[left - 1] if left > 0 else np.int64(0)
            size = ends[left] - start
            _insert(shingles, start, ends[left], table, base)
            last = left
        total = 0
        for place in range(ends[right - 1] if right > 0 else np.int64(0), ends[right]):
            shingle = shingles[place]
            slot = np.int64(shingle) & slots
            while table[slot] >= base:
                if shingles[start + table[slot] - base] == shingle:
                    total += 1
                    break
                slot = (slot + 1) & slots
        shared[pair] = total
    return len(lefts)


def count_all_shared(
    shingles: ShingleArray, order: OffsetArray, rows: IndexArray, n_rows: int, totals: IndexArray
) -> int:
    """Count what every two sets share, from the shingles' places in the order of their values.

    `rows` tells each place's set; `order` is stable, so rows rise within a run of equal shingles.
    totals[left * n_rows + right] takes the count of left < right.
    """
    begun = 0
    for place in range(len(order)):
        shingle, right = shingles[order[place]], rows[order[place]]
        if shingles[order[begun]] != shingle:
            begun = place
        for earlier in range(begun, place):
            totals[rows[order[earlier]] * n_rows + right] += 1
    return n_rows


def group_in_order(
    lefts: IndexArray,
    rights: IndexArray,
    scores: ScoreArray,
    canonicals: IndexArray,
    best: ScoreArray,
) -> int:
    """Join each row to the earlier canonical with the highest score, walking in canonical order.

    Pairs come sorted by their right (the later row), then by their left. `canonicals` holds each
    row's own number before the call, its canonical's after it; `best` the score with it. Gives the
    number of rows that joined one.
    """
    n_joined, place = 0, 0
    while place < len(rights):
        row, top, chosen = rights[place], -1.0, -1
        while place < len(rights) and rights[place] == row:
            left = lefts[place]
            if canonicals[left] == left and scores[place] > top:
                top, chosen = scores[place], left
            place += 1
        if chosen >= 0:
            canonicals[row], best[row] = chosen, top
            n_joined += 1
    return n_joined
