"""Measure the shape of paragraphs: what tells prose from lists, tables and code.

The oracle is `dedup.kernels.shapes.measure_shape`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import shapes
from dedup.kernels.loops.memory import inlined, part
from dedup.model import ByteArray, IndexArray, OffsetArray

_COLUMNS = shapes.SHAPE_COLUMNS
_N_LINES, _ITEMS, _PIPED, _CODE_ENDS, _SHORT = (
    shapes.LINES, shapes.ITEM_LINES, shapes.PIPED_LINES, shapes.CODE_LINES, shapes.SHORT_LINES,
)  # fmt: skip
_INDENTED, _IS_ITEM, _INK, _LETTERS, _SYMBOLS, _LINKED = (
    shapes.INDENTED_LINES, shapes.FIRST_IS_ITEM, shapes.INK, shapes.LETTERS, shapes.SYMBOLS,
    shapes.LINKED,
)  # fmt: skip
_FENCED = shapes.IS_FENCED
_INKED, _LETTER, _SYMBOL, _BLANK, _OPENS_LINK = (
    shapes.INKED_BIT, shapes.LETTER_BIT, shapes.SYMBOL_BIT, shapes.BLANK_BIT, shapes.LINK_BIT,
)  # fmt: skip
_DEEP, _FEW_WORDS, _MOST_DIGITS = shapes.DEEP_INDENT, shapes.FEW_WORDS, shapes.MOST_DIGITS


@inlined
def _is_blank(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13


@inlined
def _is_digit(byte: int) -> bool:
    return 48 <= byte <= 57


@inlined
def _is_letter(byte: int) -> bool:
    return 65 <= byte <= 90 or 97 <= byte <= 122 or byte >= 0xC0


@part
def _is_bullet(text: ByteArray, place: int, end: int) -> bool:
    """Tell whether a line begins with a mark of a list and a blank behind it."""
    byte, after = text[place], place + 1
    if byte == 0xE2 and place + 2 < end:  # U+2022, U+2023, U+2043 and U+25AA, U+25E6 by bytes
        two, three = text[place + 1], text[place + 2]
        is_mark = (two == 0x80 and (three == 0xA2 or three == 0xA3)) or (
            two == 0x81 and three == 0x83
        )
        return is_mark or (two == 0x96 and three == 0xAA) or (two == 0x97 and three == 0xA6)
    if byte == 124 or byte == 35:
        return True
    if byte == 42 or byte == 43 or byte == 45:
        return after >= end or _is_blank(text[after])
    if byte == 46 and after < end and text[after] == 46:
        return after + 1 >= end or _is_blank(text[after + 1])
    return False


@part
def _is_numbered(text: ByteArray, place: int, end: int) -> bool:
    """Tell whether a line begins with a number or a letter and `.` or `)`, and a blank."""
    if text[place] == 40:
        place += 1
    begun = place
    while place < end and place - begun < _MOST_DIGITS and _is_digit(text[place]):
        place += 1
    if place == begun and place < end and _is_letter(text[place]) and text[place] < 0x80:
        place += 1
    if place == begun or place + 1 >= end:
        return False
    is_mark = text[place] == 46 or text[place] == 41
    return is_mark and _is_blank(text[place + 1])


@part
def _measure_line(
    text: ByteArray,
    bounds: tuple[int, int],
    indent: int,
    words: int,
    counts: IndexArray,
    base: int,
) -> None:
    """Count what one line of a paragraph is; `bounds` has no blanks at its ends."""
    start, end = bounds
    counts[base + _N_LINES] += 1
    counts[base + _INDENTED] += np.int32(indent >= _DEEP)
    is_item = _is_bullet(text, start, end) or _is_numbered(text, start, end)
    counts[base + _ITEMS] += np.int32(is_item)
    if counts[base + _N_LINES] == 1:
        counts[base + _IS_ITEM] = np.int32(is_item)
    last = text[end - 1]
    ends_code = last == 59 or last == 123 or last == 125 or last == 44 or last == 58 or last == 41
    counts[base + _CODE_ENDS] += np.int32(ends_code)
    counts[base + _SHORT] += np.int32(words <= _FEW_WORDS)


@inlined
def _line_start(text: ByteArray, place: int, end: int) -> int:
    """Pass over the blanks before a line."""
    while place < end and _is_blank(text[place]) and text[place] != 10:
        place += 1
    return place


@part
def _link_end(text: ByteArray, place: int, end: int) -> int:
    """Give where the address that begins here ends, or `place` where none does."""
    first, after = text[place], place + 3
    if (first != 104 and first != 119) or after >= end:
        return place
    if first == 104:
        after += 1 + np.int64(text[place + 4] == 115)
        if text[place + 1] != 116 or text[place + 2] != 116 or text[place + 3] != 112:
            return place
        if after + 1 >= end or text[after] != 58 or text[after + 1] != 47:
            return place
    elif text[place + 1] != 119 or text[place + 2] != 119 or text[place + 3] != 46:
        return place
    while after < end and not _is_blank(text[after]):
        after += 1
    return after


def measure_shapes(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    floors: OffsetArray,
    classes: ByteArray,
    counts: IndexArray,
) -> int:
    """Count lines, letters and signs of each paragraph into a row of `counts` (zeroed).

    `floors` is where the blanks before a paragraph's first line may begin; `classes` what each byte
    is, as `dedup.kernels.shapes` has it. Gives the lines.
    """
    n_lines = np.int64(0)
    for row in range(len(starts)):
        base, start, end = _COLUMNS * row, starts[row], ends[row]
        is_fence = end - start >= 3 and text[start] == text[start + 1] == text[start + 2]
        counts[base + _FENCED] = np.int32(is_fence and (text[start] == 96 or text[start] == 126))
        before = start
        while before > floors[row] and (text[before - 1] == 32 or text[before - 1] == 9):
            before -= 1
        place, line = start, _line_start(text, start, end)
        indent = line - before
        ink, letters, symbols, linked = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        pipes, words, blank = np.int64(0), np.int64(0), np.int64(1)
        while place < end:
            kind = np.int64(classes[text[place]])
            words += blank & ~kind >> _BLANK & 1
            blank = kind >> _BLANK & 1
            after = _link_end(text, place, end) if kind >> _OPENS_LINK & 1 else place
            if after > place:
                linked += after - place
                for inside in range(place, after):
                    ink += np.int64(classes[text[inside]]) >> _INKED & 1
                    pipes += np.int64(text[inside] == 124)
                place = after
            else:
                ink += kind >> _INKED & 1
                letters += kind >> _LETTER & 1
                symbols += kind >> _SYMBOL & 1
                pipes += np.int64(text[place] == 124)
                place += 1
            if text[place - 1] == 10 or place == end:
                stop = place
                while stop > line and _is_blank(text[stop - 1]):
                    stop -= 1
                if stop > line:
                    _measure_line(text, (line, stop), indent, words, counts, base)
                    counts[base + _PIPED] += np.int32(pipes >= 2)
                    n_lines += 1
                line = _line_start(text, place, end)
                indent = line - place
                pipes, words, blank = np.int64(0), np.int64(0), np.int64(1)
        counts[base + _INK], counts[base + _LETTERS] = ink, letters
        counts[base + _SYMBOLS], counts[base + _LINKED] = symbols, linked
        counts[base + shapes.SIZE] = np.int32(end - start)
    return n_lines
