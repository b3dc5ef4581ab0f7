"""Find the text, the id and the date of every line of JSON, without building an object.

A line that is one flat object of strings, whole numbers and literals is read here; any other is
marked ODD and left to a JSON parser, which also words the errors (`dedup.readers.jsonl`).
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.escapes import is_escaped_well
from dedup.kernels.loops.folding import decode
from dedup.kernels.loops.memory import high_byte_mask, lowest_bit, part, special_byte_mask
from dedup.kernels.records import (
    COLUMN,
    COLUMNS,
    DATE,
    ESCAPES,
    ID,
    LINE,
    LINE_END,
    NUMBER,
    TEXT,
    TEXT_END,
)
from dedup.model import ByteArray, OffsetArray

_FINE, _ODD = np.uint8(constants.FINE), np.uint8(constants.ODD)
_U0, _U1 = np.uint64(0), np.uint64(1)


@part
def _string_end(block: ByteArray, place: int, end: int) -> tuple[int, int]:
    """Find the closing quote of the string that begins at `place`; -1 where none is allowed."""
    n_escapes = 0
    while place < end:
        mask = special_byte_mask(block, place)
        if mask == _U0:
            place += 64
            continue
        place += np.int64(lowest_bit(mask))
        if place >= end or block[place] < 32:
            return -1, n_escapes
        if block[place] == 34:
            return place, n_escapes
        if place + 1 < end and block[place + 1] < 32:
            return -1, n_escapes
        n_escapes += 1
        place += 2
    return -1, n_escapes


@part
def _skip_blanks(block: ByteArray, place: int, end: int) -> int:
    while place < end and (block[place] == 32 or block[place] == 9 or block[place] == 13):
        place += 1
    return place


@part
def _scalar_end(block: ByteArray, place: int, end: int) -> int:
    """Find the end of a whole number or a literal; -1 for anything else."""
    begun = place
    if block[place] == 45:
        place += 1
    digits = place
    while place < end and 48 <= block[place] <= 57:
        place += 1
    if place > digits:
        # -0, 007 and numbers past 64 bits are left to the parser: their value has another text.
        is_odd = block[digits] == 48 and (place - begun > 1)
        return -1 if is_odd or place - digits > 18 else place
    while place < end and 97 <= block[place] <= 122:
        place += 1
    size, first = place - begun, block[begun]
    if size == 4 and first == 116 and block[begun + 1] == 114 and block[begun + 3] == 101:
        return place if block[begun + 2] == 117 else -1
    if size == 4 and first == 110 and block[begun + 1] == 117 and block[begun + 3] == 108:
        return place if block[begun + 2] == 108 else -1
    if size == 5 and first == 102 and block[begun + 1] == 97 and block[begun + 2] == 108:
        return place if block[begun + 3] == 115 and block[begun + 4] == 101 else -1
    return -1


@part
def _is_key(block: ByteArray, start: int, end: int, key: ByteArray) -> bool:
    if end - start != len(key) or len(key) == 0:
        return False
    for offset in range(len(key)):  # noqa: SIM110 -- compiled: no generator
        if block[start + offset] != key[offset]:
            return False
    return True


@part
def _is_plain(block: ByteArray, start: int, end: int) -> bool:
    """Tell whether a stretch is all ASCII."""
    for place in range(start, end, 64):
        mask = high_byte_mask(block, place)
        if end - place < 64:
            mask &= (_U1 << np.uint64(end - place)) - _U1
        if mask != _U0:
            return False
    return True


@part
def _is_utf8(block: ByteArray, place: int, end: int) -> bool:
    if _is_plain(block, place, end):
        return True
    while place < end:
        _point, width = decode(block, place, end)
        if width == 0:
            return False
        place += width
    return True


@part
def _note_value(
    block: ByteArray,
    keys: tuple[ByteArray, ByteArray, ByteArray],
    key: tuple[int, int],
    value: tuple[int, int, int, bool],
    row: OffsetArray,
) -> bool:
    """Keep a value that was asked for; False where the parser must decide."""
    start, end, n_escapes, is_string = value
    if _is_key(block, key[0], key[1], keys[0]):
        if not is_string or row[TEXT] >= 0:
            return False
        row[TEXT], row[TEXT_END], row[ESCAPES] = start, end, n_escapes
    if is_string and not _is_utf8(block, start, end):
        return False
    if n_escapes > 0 and not is_escaped_well(block, start, end):
        return False
    for which in range(1, 3):
        name = keys[1] if which == 1 else keys[2]
        column = ID if which == 1 else DATE
        if _is_key(block, key[0], key[1], name):
            if row[column] >= 0 or n_escapes > 0 or not _is_plain(block, start, end):
                return False
            row[column], row[column + 1] = start - is_string, end + is_string
    return True


@part
def _scan_object(
    block: ByteArray,
    place: int,
    end: int,
    keys: tuple[ByteArray, ByteArray, ByteArray],
    row: OffsetArray,
) -> int:
    """Read one object's pairs into `row`; gives the place behind it, -1 where it is odd."""
    place = _skip_blanks(block, place + 1, end)
    while place < end and block[place] == 34:
        key_end, key_escapes = _string_end(block, place + 1, end)
        if key_end < 0 or key_escapes > 0 or not _is_plain(block, place + 1, key_end):
            return -1
        key = (place + 1, key_end)
        place = _skip_blanks(block, key_end + 1, end)
        if place >= end or block[place] != 58:
            return -1
        place = _skip_blanks(block, place + 1, end)
        if place >= end:
            return -1
        is_string, n_escapes = block[place] == 34, 0
        if is_string:
            place += 1
            value_end, n_escapes = _string_end(block, place, end)
        else:
            value_end = _scalar_end(block, place, end)
        if value_end < 0:
            return -1
        if not _note_value(block, keys, key, (place, value_end, n_escapes, is_string), row):
            return -1
        place = _skip_blanks(block, value_end + is_string, end)
        if place < end and block[place] == 125:
            return _skip_blanks(block, place + 1, end)
        if place >= end or block[place] != 44:
            return -1
        place = _skip_blanks(block, place + 1, end)
    return -1


@part
def _count_characters(block: ByteArray, place: int, end: int) -> int:
    n_characters = 0
    for here in range(place, end):
        n_characters += np.int64(block[here] & np.uint8(0xC0) != 0x80)
    return n_characters


def scan_records(
    block: ByteArray,
    size: int,
    text_key: ByteArray,
    id_key: ByteArray,
    date_key: ByteArray,
    rows: OffsetArray,
    kinds: ByteArray,
) -> int:
    """Scan the whole lines in the first `size` bytes; blank lines give no row. Gives the rows.

    `rows` holds COLUMNS words a record (-1 where a value is missing); `kinds` holds FINE or ODD.
    """
    n, line, place = 0, 0, np.int64(0)
    while place < size:
        first = _skip_blanks(block, place, size)
        end = -1
        row = rows[n * COLUMNS : (n + 1) * COLUMNS]
        for column in range(COLUMNS):
            row[column] = -1
        if first < size and block[first] == 123:
            end = _scan_object(block, first, size, (text_key, id_key, date_key), row)
        elif first == size or block[first] == 10:
            end = first
        is_fine = end >= 0 and row[TEXT] >= 0 and (end == size or block[end] == 10)
        if end < 0 or (end < size and block[end] != 10):
            end = first
            while end < size and block[end] != 10:
                end += 1
        if end > first:
            row[LINE], row[LINE_END], row[NUMBER] = place, end, line
            row[COLUMN] = _count_characters(block, place, row[TEXT]) + 1
            kinds[n] = _FINE if is_fine else _ODD
            n += 1
        line += 1
        place = end + 1
    return n
