"""Prepare texts: part them at blank lines, and fold those that are not plain ASCII.

The oracles are `dedup.text.normalize` and `split_blank_lines` in `dedup.kernels._numpy`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import count_bits, line_end_mask, lowest_bit, part
from dedup.model import ByteArray, OffsetArray, TokenArray

_FINE, _ODD = np.uint8(constants.FINE), np.uint8(constants.ODD)
_INVALID = np.uint8(constants.INVALID)
_U0 = np.uint64(0)
_POINT_MASK = np.uint32(0x1FFFFF)
_COMPLEX = np.uint32(1 << 24)
_SELECTOR = np.uint32(1 << 28 | 1 << 24)


@part
def decode(text: ByteArray, place: int, end: int) -> tuple[int, int]:
    """Decode one UTF-8 sequence strictly (RFC 3629); width 0 where it is not valid."""
    lead = np.int64(text[place])
    if lead < 0x80:
        return lead, 1
    width = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or place + width > end:
        return 0, 0
    point = lead & (0x7F >> width)
    for offset in range(1, width):
        byte = np.int64(text[place + offset])
        if byte & 0xC0 != 0x80:
            return 0, 0
        point = point << 6 | (byte & 63)
    too_low = (width == 3 and point < 0x800) or (width == 4 and point < 0x10000)
    if too_low or point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        return 0, 0
    return point, width


@part
def encode(point: int, out: ByteArray, place: int) -> int:
    """Write one code point as UTF-8; gives the place behind it."""
    if point < 0x80:
        out[place] = point
        return place + 1
    if point < 0x800:
        out[place] = 0xC0 | point >> 6
        out[place + 1] = 0x80 | (point & 63)
        return place + 2
    if point < 0x10000:
        out[place] = 0xE0 | point >> 12
        out[place + 1] = 0x80 | (point >> 6 & 63)
        out[place + 2] = 0x80 | (point & 63)
        return place + 3
    out[place] = 0xF0 | point >> 18
    out[place + 1] = 0x80 | (point >> 12 & 63)
    out[place + 2] = 0x80 | (point >> 6 & 63)
    out[place + 3] = 0x80 | (point & 63)
    return place + 4


@part
def fold_of(folds: TokenArray, point: int) -> int:
    """Look a code point up; behind the table only the variation selectors belong to words."""
    if point < len(folds):
        return folds[point]
    return _SELECTOR if 0xE0100 <= point <= 0xE01EF else _COMPLEX


def fold_texts(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    folds: TokenArray,
    out: ByteArray,
    out_ends: OffsetArray,
    kinds: ByteArray,
) -> int:
    """Fold texts a code point at a time where that is right; mark those that need `normalize`.

    A code point whose fold depends on its neighbours, or is not one code point, is marked in the
    table, and its text is left to the oracle (kind ODD, nothing written). `out` holds at least
    twice the bytes of the texts. Gives the bytes written.
    """
    written = np.int64(0)
    for i in range(len(starts)):
        place, begun, kind = starts[i], written, _FINE
        while place < ends[i]:
            point, width = decode(text, place, ends[i])
            if width == 0:
                kind = _INVALID
                break
            fold = fold_of(folds, point)
            after = place + width
            is_break = after < ends[i] and (text[after] == 10 or text[after] == 13)
            if fold & _COMPLEX != 0 or (fold & _POINT_MASK == 45 and is_break):
                kind = _ODD  # go on: a later byte may still be invalid
            elif kind == _FINE:
                written = encode(np.int64(fold & _POINT_MASK), out, written)
            place += width
        if kind != _FINE:
            written = begun
        kinds[i] = kind
        out_ends[i] = written
    return written


@part
def _is_blank(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31


@part
def _line_end(text: ByteArray, place: int, end: int) -> int:
    """Find the next LF or CR, or the end."""
    while place < end:
        mask = line_end_mask(text, place)
        if mask != _U0:
            return min(place + np.int64(lowest_bit(mask)), end)
        place += 64
    return end


def count_line_ends(text: ByteArray, size: int) -> int:
    """Count the LF and CR among the first `size` bytes of a padded text, or a few more."""
    n = np.uint64(0)
    for place in range(0, size, 64):
        n += count_bits(line_end_mask(text, place))
    return np.int64(n)


def split_blank_lines(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    owners: OffsetArray,
    bounds: OffsetArray,
    lines: OffsetArray,
) -> int:
    """Cut texts at lines that hold only blanks; gives the number of paragraphs.

    `bounds` holds two words a paragraph, which leave out the blanks around it; `lines` three: its
    first and last line and its column, counted from 0 within the text (bytes before the column are
    all ASCII blanks, or the text's own first line). A line ends at LF, CR LF or CR.
    """
    n = 0
    for i in range(len(starts)):
        begun, line, is_open = starts[i], 0, False
        while begun < ends[i]:
            end = _line_end(text, begun, ends[i])
            first, last = begun, end
            while first < end and _is_blank(text[first]):
                first += 1
            while last > first and _is_blank(text[last - 1]):
                last -= 1
            if first < last:
                if not is_open:
                    is_open = True
                    owners[n], bounds[2 * n] = i, first
                    lines[3 * n], lines[3 * n + 2] = line, first - begun
                bounds[2 * n + 1], lines[3 * n + 1] = last, line
            elif is_open:
                n, is_open = n + 1, False
            is_pair = end + 1 < ends[i] and text[end] == 13 and text[end + 1] == 10
            begun, line = end + 1 + np.int64(is_pair), line + 1
        n += np.int64(is_open)
    return n


def gather_spans(text: ByteArray, starts: OffsetArray, ends: OffsetArray, out: ByteArray) -> int:
    """Copy stretches of bytes one behind the other; gives how many bytes."""
    written = 0
    for i in range(len(starts)):
        for place in range(starts[i], ends[i]):
            out[written] = text[place]
            written += 1
    return written
