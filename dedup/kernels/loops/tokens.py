"""Cut normalized UTF-8 into tokens: 32-bit numbers of hash and class, and a fingerprint a text.

The oracle is `dedup.text.tokenize` with `dedup.kernels._numpy.hash_token`. ASCII is read 64 bytes
at a time and lower-cased on the way; anything else has been folded before (`folding`) and is read a
code point at a time with the class that the fold table gives it.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.folding import fold_of
from dedup.kernels.loops.marks import emit, keep_print, print_rest, trimmed
from dedup.kernels.loops.memory import (
    inlined,
    lowest_bit,
    odd_byte_mask,
    part,
    word_byte_mask,
)
from dedup.model import ByteArray, HashArray, OffsetArray, TokenArray

_U0, _U1, _ONES = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
_SEED = np.uint64(constants.LENGTH_MULTIPLIER)  # not 0, which a leading NUL would leave as it is
_FINE, _ODD = np.uint8(constants.FINE), np.uint8(constants.ODD)
_SEPARATOR, _ALONE = np.uint8(0), np.uint8(3)  # classes of code points; the rest is of words
_CLASS_SHIFT, _CLASS_BITS = np.uint32(28), np.uint32(constants.CLASS_BITS)


@part
def is_odd_chunk(text: ByteArray, start: int, base: int, odd: int) -> bool:
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
    written = np.int64(0)
    for i in range(len(starts)):
        start, end = trimmed(text, starts[i], ends[i])
        first, gap, begun, inside = written, start, start, _U0
        pair = (_SEED, _SEED)
        kinds[i] = _FINE
        for base in range(start, end, 64):
            within = _ONES >> np.uint64(64 - min(end - base, 64))
            mask = word_byte_mask(text, base) & within
            odd = odd_byte_mask(text, base) & within
            if odd != _U0 and is_odd_chunk(text, start, base, odd):
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
                    pair = emit(text, bounds, names, tokens, (written, first), pair)
                    written, gap, inside = written + 1, place, _U0
        if kinds[i] == _FINE:
            if inside != _U0:
                pair = emit(text, (gap, begun, end), names, tokens, (written, first), pair)
                written, gap = written + 1, end
            keep_print(prints, i, print_rest(text, gap, end, pair))
        token_ends[i] = written
    return written


@inlined
def code_point(text: ByteArray, place: int) -> tuple[int, int]:
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
    written = np.int64(0)
    for i in range(len(starts)):
        start, end = trimmed(text, starts[i], ends[i])
        first, gap, begun, inside, place = written, start, start, False, start
        pair = (_SEED, _SEED)
        while place < end:
            point, width = code_point(text, place)
            kind = np.uint8(fold_of(folds, point) >> _CLASS_SHIFT)
            if inside and (kind == _SEPARATOR or kind == _ALONE):
                pair = emit(text, (gap, begun, place), names, tokens, (written, first), pair)
                written, gap, inside = written + 1, place, False
            if kind == _ALONE:
                bounds = (gap, place, place + width)
                pair = emit(text, bounds, names, tokens, (written, first), pair)
                written, gap = written + 1, place + width
            elif kind != _SEPARATOR and not inside:
                begun, inside = place, True
            place += width
        if inside:
            pair = emit(text, (gap, begun, end), names, tokens, (written, first), pair)
            written, gap = written + 1, end
        keep_print(prints, i, print_rest(text, gap, end, pair))
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
    """Give the folded code points of words, what parts them as one blank. Gives their number.

    A code point stands where a token has its hash: above the bits of the class.
    """
    written = 0
    for i in range(len(starts)):
        first, is_parted, place = written, False, starts[i]
        while place < ends[i]:
            point, width = code_point(text, place)
            fold = fold_of(folds, point)
            place += width
            if fold >> _CLASS_SHIFT == 0:
                is_parted = True
                continue
            if is_parted and written > first:
                points[written] = np.uint32(32) << _CLASS_BITS
                written += 1
            is_parted = False
            simple = fold & np.uint32(1 << 24) == 0
            folded = fold & np.uint32(0x1FFFFF) if simple else np.uint32(point)
            points[written] = folded << _CLASS_BITS
            written += 1
        point_ends[i] = written
    return written
