"""Read the escapes of JSON strings (RFC 8259, section 7) and write what they mean.

A lone surrogate, which JSON allows and UTF-8 does not, becomes U+FFFD.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.loops.folding import encode
from dedup.kernels.loops.memory import part
from dedup.model import ByteArray, OffsetArray


@part
def _hex(block: ByteArray, place: int, end: int) -> int:
    """Read four hexadecimal digits; -1 where they are not."""
    if place + 4 > end:
        return -1
    value = 0
    for offset in range(4):
        digit = np.int64(block[place + offset]) - 48
        if digit > 9:
            digit = (digit + 48 | 32) - 87
            if digit < 10:
                return -1
        if digit < 0 or digit > 15:
            return -1
        value = value << 4 | digit
    return value


@part
def _escape(block: ByteArray, place: int, end: int) -> tuple[int, int]:
    """Read the escape behind a backslash: code point (-1: not valid), place behind it."""
    letter = block[place]
    if letter == 117:
        point = _hex(block, place + 1, end)
        place += 5
        if 0xD800 <= point <= 0xDFFF:
            low = -1
            if (
                point < 0xDC00
                and place + 6 <= end
                and block[place] == 92
                and block[place + 1] == 117
            ):
                low = _hex(block, place + 2, end)
            if 0xDC00 <= low <= 0xDFFF:
                return 0x10000 + (point - 0xD800 << 10) + (low - 0xDC00), place + 6
            return 0xFFFD, place
        return point, place
    if letter == 34 or letter == 92 or letter == 47:
        return np.int64(letter), place + 1
    if letter == 110:
        return 10, place + 1
    if letter == 116:
        return 9, place + 1
    if letter == 114:
        return 13, place + 1
    if letter == 98:
        return 8, place + 1
    return (12 if letter == 102 else -1), place + 1


@part
def is_escaped_well(block: ByteArray, place: int, end: int) -> bool:
    """Tell whether every escape of a string is one that JSON knows."""
    while place < end:
        if block[place] == 92:
            point, place = _escape(block, place + 1, end)
            if point < 0:
                return False
        else:
            place += 1
    return True


def unescape_strings(block: ByteArray, starts: OffsetArray, ends: OffsetArray) -> int:
    """Write JSON strings without their escapes, in place; a lone surrogate becomes U+FFFD.

    A string is never longer without its escapes; `ends` takes its new end. Gives their number.
    """
    for i in range(len(starts)):
        place, end, written = starts[i], ends[i], starts[i]
        while place < end:
            if block[place] != 92:
                block[written] = block[place]
                written += 1
                place += 1
                continue
            point, place = _escape(block, place + 1, end)
            written = encode(point, block, written)
        ends[i] = written
    return len(starts)
