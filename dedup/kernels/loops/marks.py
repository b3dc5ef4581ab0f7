"""Make one token, and fold it into its text's fingerprint: the parts of `tokens`."""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import (
    inlined,
    load_word,
    part,
)
from dedup.model import ByteArray, HashArray, TokenArray

_LENGTH = np.uint64(constants.LENGTH_MULTIPLIER)
_MIX = np.uint64(constants.WORD_MULTIPLIER)
_LAST = np.uint64(constants.FINAL_MULTIPLIER)
_PRINT_1 = np.uint64(constants.FIRST_PRINT_MULTIPLIER)
_PRINT_2 = np.uint64(constants.SECOND_PRINT_MULTIPLIER)
_GAP = np.uint64(constants.GAP_SALT)
_CLASS_MASK = np.uint32(constants.CLASS_MASK)
_U0, _U1, _U3, _U8, _U23, _U32, _U41, _U64 = (np.uint64(n) for n in (0, 1, 3, 8, 23, 32, 41, 64))
_SPACE = np.uint64(32)
_ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_HIGH = np.uint64(0x8080808080808080)
_FROM_A = np.uint64(0x3F3F3F3F3F3F3F3F)
_BLANKS = np.uint64(0x2020202020202020)
_NOT_CONTROL = np.uint64(0xE0E0E0E0E0E0E0E0)
_PAST_Z = np.uint64(0x2525252525252525)
_U2 = np.uint64(2)
_NUMBER, _PART = np.uint32(constants.NUMBER), np.uint32(constants.NUMBER_PART)
_ORDINAL, _PLAIN = np.uint32(constants.ORDINAL), np.uint32(constants.WORD)


@inlined
def _lower(word: int) -> int:
    """Lower-case the ASCII capitals among 8 bytes, all at once."""
    low = word & _LOW7
    capital = ((low + _FROM_A) ^ (low + _PAST_Z)) & ~word & _HIGH
    return word | (capital >> _U2)


@inlined
def hash_token(text: ByteArray, start: int, end: int) -> int:
    """Hash the bytes of one token, capitals as small letters, to 64 bits."""
    left = end - start
    mixed = np.uint64(left) * _LENGTH
    while left > 8:
        mixed = (mixed ^ _lower(load_word(text, start))) * _MIX
        mixed ^= mixed >> _U32
        start += 8
        left -= 8
    word = load_word(text, start) & (_ONES >> (_U64 - np.uint64(left) * _U8))
    mixed = (mixed ^ _lower(word)) * _MIX
    mixed ^= mixed >> _U32
    return mixed * _LAST


@inlined
def _ordinal_ending(first: int, second: int) -> bool:
    first |= 32
    second |= 32
    return (
        (first == 115 and second == 116)
        or (first == 110 and second == 100)
        or (first == 114 and second == 100)
        or (first == 116 and second == 104)
    )


@inlined
def _digit_class(text: ByteArray, start: int, end: int) -> int:
    """Tell what a token that begins with an ASCII digit is: a number, an ordinal or a word."""
    place = start + 1
    while place < end and text[place] - np.uint8(48) < np.uint8(10):
        place += 1
    if place == end:
        joined = start >= 2 and (text[start - 1] == 46 or text[start - 1] == 44)
        return _PART if joined else _NUMBER
    if place == end - 2 and _ordinal_ending(text[place], text[place + 1]):
        return _ORDINAL
    return _PLAIN


@inlined
def _named_class(bare: int, names: TokenArray) -> int:
    """Look a hash up among the month, weekday, ordinal and quarter names; 0 where it is none."""
    slots = np.uint32(len(names) - 1)
    slot = (bare >> np.uint32(3)) & slots
    while names[slot] != 0:
        if names[slot] & ~_CLASS_MASK == bare:
            return names[slot] & _CLASS_MASK
        slot = (slot + np.uint32(1)) & slots
    return _PLAIN


@inlined
def _token(
    text: ByteArray,
    start: int,
    end: int,
    mixed: int,
    names: TokenArray,
    previous: int,
    gap_end: int,
) -> int:
    """Put the class under the hash; a number joined to the number before it is its part."""
    bare = np.uint32(mixed >> _U32) & ~_CLASS_MASK
    if text[start] - np.uint8(48) < np.uint8(10):
        kind = _digit_class(text, start, end)
        if kind == _PART and not (
            start - gap_end == 1 and (previous == _NUMBER or previous == _PART)
        ):
            kind = _NUMBER
    else:
        kind = _named_class(bare, names)
    return bare | kind


@inlined
def _is_space(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31


@inlined
def _print(prints: tuple[int, int], mark: int) -> tuple[int, int]:
    """Fold one mark into both halves of a fingerprint; five and two cycles of latency."""
    first, second = prints
    first = (first ^ mark) * _PRINT_1
    return first, (second << _U23 | second >> _U41) + mark * _PRINT_2


@inlined
def _zero_bytes(word: int) -> int:
    """Set the highest bit of every byte that is zero."""
    return ~(((word & _LOW7) + _LOW7) | word | _LOW7)


@inlined
def _gap_mark(word: int, size: int) -> int:
    """Make the mark of up to eight bytes between tokens; the size tells NULs from nothing."""
    return (word + size * _LENGTH) * _GAP


@part
def _fold_gap(
    text: ByteArray, place: int, end: int, prints: tuple[int, int]
) -> tuple[int, int, int]:
    """Fold a gap eight bytes at a time, a run of blanks as one; the last mark is left over."""
    word, shift = _U0, _U0
    while place < end:
        byte = np.uint64(text[place])
        place += 1
        if _is_space(byte):
            byte = _SPACE
            while place < end and _is_space(text[place]):
                place += 1
        if shift == _U64:
            prints = _print(prints, _gap_mark(word, _U8))
            word, shift = _U0, _U0
        word |= byte << shift
        shift += _U8
    return prints[0], prints[1], _gap_mark(word, shift >> _U3)


@part
def print_rest(text: ByteArray, place: int, end: int, prints: tuple[int, int]) -> tuple[int, int]:
    """Fold what stands behind the last token into the fingerprint."""
    if place == end:
        return prints
    first, second, mark = _fold_gap(text, place, end, prints)
    return _print((first, second), mark)


@inlined
def keep_print(prints: HashArray, row: int, pair: tuple[int, int]) -> None:
    """Write a finished fingerprint, its upper bits mixed down."""
    first, second = pair
    first = (first ^ first >> _U32) * _MIX
    second = (second ^ second >> _U32) * _MIX
    prints[2 * row], prints[2 * row + 1] = first ^ first >> _U32, second ^ second >> _U32


@part
def trimmed(text: ByteArray, start: int, end: int) -> tuple[int, int]:
    """Leave out the blanks around a text."""
    while start < end and _is_space(text[start]):
        start += 1
    while start < end and _is_space(text[end - 1]):
        end -= 1
    return start, end


@inlined
def _print_token(
    text: ByteArray, gap: int, start: int, mixed: int, prints: tuple[int, int]
) -> tuple[int, int]:
    """Fold a token and the gap before it; most gaps are one blank, or one word as it stands."""
    size = start - gap
    if size == 1 and text[gap] == 32:
        return _print(prints, mixed ^ _gap_mark(_SPACE, _U1))
    if size == 0:
        return _print(prints, mixed)
    if size <= 8:
        within = _ONES >> (_U64 - np.uint64(size) * _U8)
        word = load_word(text, gap) & within
        blanks = _zero_bytes(word ^ _BLANKS)
        if (blanks & blanks << _U8) | (_zero_bytes(word & _NOT_CONTROL) & within) == _U0:
            return _print(prints, mixed ^ _gap_mark(word, np.uint64(size)))
    first, second, mark = _fold_gap(text, gap, start, prints)
    return _print((first, second), mixed ^ mark)


@inlined
def emit(
    text: ByteArray,
    bounds: tuple[int, int, int],
    names: TokenArray,
    tokens: TokenArray,
    counts: tuple[int, int],
    prints: tuple[int, int],
) -> tuple[int, int]:
    """Write one token and fold it, with the gap before it, into the fingerprint."""
    gap, start, end = bounds
    written, first = counts
    mixed = hash_token(text, start, end)
    previous = tokens[written - 1] & _CLASS_MASK if written > first else _PLAIN
    tokens[written] = _token(text, start, end, mixed, names, previous, gap)
    return _print_token(text, gap, start, mixed, prints)
