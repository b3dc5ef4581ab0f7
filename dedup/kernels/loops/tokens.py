"""Cut normalized UTF-8 into tokens: 32-bit numbers of hash and class, and a fingerprint a text.

The oracle is `dedup.text.tokenize` with `dedup.kernels._numpy.hash_token`. ASCII is read 64 bytes
at a time and lower-cased on the way; anything else has been folded before (`folding`) and is read a
code point at a time with the class that the fold table gives it.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import (
    inlined,
    load_word,
    lowest_bit,
    odd_byte_mask,
    part,
    word_byte_mask,
)
from dedup.model import ByteArray, HashArray, OffsetArray, TokenArray

_LENGTH = np.uint64(constants.LENGTH_MULTIPLIER)
_MIX = np.uint64(constants.WORD_MULTIPLIER)
_LAST = np.uint64(constants.FINAL_MULTIPLIER)
_PRINT_1 = np.uint64(constants.FIRST_PRINT_MULTIPLIER)
_PRINT_2 = np.uint64(constants.SECOND_PRINT_MULTIPLIER)
_GAP = np.uint64(constants.GAP_SALT)
_CLASS_MASK = np.uint32(constants.CLASS_MASK)
_U0, _U1, _U8, _U23, _U32, _U41, _U64 = (np.uint64(n) for n in (0, 1, 8, 23, 32, 41, 64))
_FINE, _ODD = np.uint8(constants.FINE), np.uint8(constants.ODD)
_SPACE = np.uint64(32)
_ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_HIGH = np.uint64(0x8080808080808080)
_FROM_A = np.uint64(0x3F3F3F3F3F3F3F3F)
_PAST_Z = np.uint64(0x2525252525252525)
_U2 = np.uint64(2)
_NUMBER, _PART = np.uint32(constants.NUMBER), np.uint32(constants.NUMBER_PART)
_ORDINAL, _PLAIN = np.uint32(constants.ORDINAL), np.uint32(constants.WORD)
SEPARATOR, LETTER, DIGIT, ALONE = np.uint8(0), np.uint8(1), np.uint8(2), np.uint8(3)


@inlined
def _lower(word: int) -> int:
    """Lower-case the ASCII capitals among 8 bytes, all at once."""
    low = word & _LOW7
    capital = ((low + _FROM_A) ^ (low + _PAST_Z)) & ~word & _HIGH
    return word | (capital >> _U2)


@inlined
def _hash(text: ByteArray, start: int, end: int) -> int:
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


@part
def _print_gap(text: ByteArray, place: int, end: int, prints: tuple[int, int]) -> tuple[int, int]:
    """Fold what stands between two tokens into the fingerprint, a run of blanks as one blank."""
    while place < end:
        mark = _SPACE
        if _is_space(text[place]):
            while place < end and _is_space(text[place]):
                place += 1
        else:
            mark = np.uint64(text[place])
            place += 1
        prints = _print(prints, mark * _GAP)
    return prints


@inlined
def _keep_print(prints: HashArray, row: int, pair: tuple[int, int]) -> None:
    """Write a finished fingerprint, its upper bits mixed down."""
    first, second = pair
    first = (first ^ first >> _U32) * _MIX
    second = (second ^ second >> _U32) * _MIX
    prints[2 * row], prints[2 * row + 1] = first ^ first >> _U32, second ^ second >> _U32


@part
def _trimmed(text: ByteArray, start: int, end: int) -> tuple[int, int]:
    while start < end and _is_space(text[start]):
        start += 1
    while start < end and _is_space(text[end - 1]):
        end -= 1
    return start, end


@part
def _is_one_blank(text: ByteArray, place: int, end: int) -> bool:
    """Tell whether a gap folds to one blank."""
    if place == end:
        return False
    while place < end and _is_space(text[place]):
        place += 1
    return place == end


@inlined
def _emit(
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
    mixed = _hash(text, start, end)
    previous = tokens[written - 1] & _CLASS_MASK if written > first else _PLAIN
    tokens[written] = _token(text, start, end, mixed, names, previous, gap)
    if (start - gap == 1 and text[gap] == 32) or _is_one_blank(text, gap, start):
        return _print(prints, mixed ^ _SPACE * _GAP)
    return _print(_print_gap(text, gap, start, prints), mixed)


@part
def _is_odd_chunk(text: ByteArray, start: int, base: int, odd: int) -> bool:
    """Tell whether the marked bytes of a chunk want folding: not ASCII, or a hyphen before them."""
    while odd != _U0:
        place = base + np.int64(lowest_bit(odd))
        odd &= odd - _U1
        if text[place] > 127 or (place > start and text[place - 1] == 45):
            return True
    return False


def tokenize_ascii(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    names: TokenArray,
    tokens: TokenArray,
    token_ends: OffsetArray,
    prints: HashArray,
    kinds: ByteArray,
) -> int:
    """Tokenize ASCII texts one after another; `prints` holds two words a text. Gives the count.

    A text that is not ASCII or has a hyphen at a line's end gets kind ODD and no token.
    """
    written = 0
    for i in range(len(starts)):
        start, end = _trimmed(text, starts[i], ends[i])
        first, gap, begun, inside = written, start, start, _U0
        pair = (_U0, _U0)
        kinds[i] = _FINE
        for base in range(start, end, 64):
            mask = word_byte_mask(text, base)
            odd = odd_byte_mask(text, base)
            if end - base < 64:
                within = (_U1 << np.uint64(end - base)) - _U1
                mask &= within
                odd &= within
            if odd != _U0 and _is_odd_chunk(text, start, base, odd):
                kinds[i], written = _ODD, first
                break
            turns = mask ^ ((mask << _U1) | inside)
            while turns != _U0:
                place = base + np.int64(lowest_bit(turns))
                turns &= turns - _U1
                if inside == _U0:
                    begun, inside = place, _U1
                else:
                    bounds = (gap, begun, place)
                    pair = _emit(text, bounds, names, tokens, (written, first), pair)
                    written, gap, inside = written + 1, place, _U0
        if kinds[i] == _FINE:
            if inside != _U0:
                pair = _emit(text, (gap, begun, end), names, tokens, (written, first), pair)
                written, gap = written + 1, end
            _keep_print(prints, i, _print_gap(text, gap, end, pair))
        token_ends[i] = written
    return written


@inlined
def _code_point(text: ByteArray, place: int) -> tuple[int, int]:
    """Decode the valid UTF-8 sequence at `place`: its code point and its length in bytes."""
    lead = np.int64(text[place])
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return (lead & 31) << 6 | (np.int64(text[place + 1]) & 63), 2
    if lead < 0xF0:
        return (
            (lead & 15) << 12
            | (np.int64(text[place + 1]) & 63) << 6
            | (np.int64(text[place + 2]) & 63)
        ), 3
    return (
        (lead & 7) << 18
        | (np.int64(text[place + 1]) & 63) << 12
        | (np.int64(text[place + 2]) & 63) << 6
        | (np.int64(text[place + 3]) & 63)
    ), 4


def tokenize_utf8(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    names: TokenArray,
    folds: TokenArray,
    tokens: TokenArray,
    token_ends: OffsetArray,
    prints: HashArray,
) -> int:
    """Tokenize folded UTF-8 texts one after another, as `tokenize_ascii` does ASCII."""
    written = 0
    for i in range(len(starts)):
        start, end = _trimmed(text, starts[i], ends[i])
        first, gap, begun, inside, place = written, start, start, False, start
        pair = (_U0, _U0)
        while place < end:
            point, width = _code_point(text, place)
            kind = np.uint8(folds[point] >> np.uint32(28)) if point < len(folds) else SEPARATOR
            if inside and (kind == SEPARATOR or kind == ALONE):
                pair = _emit(text, (gap, begun, place), names, tokens, (written, first), pair)
                written, gap, inside = written + 1, place, False
            if kind == ALONE:
                bounds = (gap, place, place + width)
                pair = _emit(text, bounds, names, tokens, (written, first), pair)
                written, gap = written + 1, place + width
            elif kind != SEPARATOR and not inside:
                begun, inside = place, True
            place += width
        if inside:
            pair = _emit(text, (gap, begun, end), names, tokens, (written, first), pair)
            written, gap = written + 1, end
        _keep_print(prints, i, _print_gap(text, gap, end, pair))
        token_ends[i] = written
    return written


def spell_texts(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    folds: TokenArray,
    points: TokenArray,
    point_ends: OffsetArray,
) -> int:
    """Give the folded code points of words, what parts them as one blank. Gives their number."""
    written = 0
    for i in range(len(starts)):
        first, is_parted, place = written, False, starts[i]
        while place < ends[i]:
            point, width = _code_point(text, place)
            fold = folds[point] if point < len(folds) else np.uint32(0)
            place += width
            if fold >> np.uint32(28) == 0:
                is_parted = True
                continue
            if is_parted and written > first:
                points[written] = 32
                written += 1
            is_parted = False
            simple = fold & np.uint32(1 << 24) == 0
            points[written] = fold & np.uint32(0x1FFFFF) if simple else np.uint32(point)
            written += 1
        point_ends[i] = written
    return written
