"""Cut folded sentences into content terms, and count the stop words of each language.

The oracle is `dedup.terms.find_terms` with `dedup.kernels.hashing.make_term`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.folding import fold_of
from dedup.kernels.loops.marks import hash_token
from dedup.kernels.loops.memory import (
    inlined,
    lowest_bit,
    odd_byte_mask,
    part,
    word_byte_mask,
)
from dedup.kernels.loops.tokens import code_point, is_odd_chunk
from dedup.model import ByteArray, IndexArray, OffsetArray, TokenArray

_CLASS_MASK = np.uint32(constants.CLASS_MASK)
_FINE, _ODD = np.uint8(constants.FINE), np.uint8(constants.ODD)
_U0, _U1, _ONES = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
_CLASS_SHIFT, _U32 = np.uint32(28), np.uint64(32)
_SEPARATOR, _ALONE = np.uint8(0), np.uint8(3)
_IS_NUMBER = np.uint32(constants.TERM_NUMBER)
_PREFIX = constants.TERM_PREFIX


@inlined
def _bare(text: ByteArray, start: int, end: int) -> int:
    return np.uint32(hash_token(text, start, end) >> _U32) & ~_CLASS_MASK


@inlined
def _languages_of(bare: int, stops: TokenArray, masks: ByteArray) -> int:
    """Look up in which languages a word is a stop word, a bit for each; 0 for none."""
    slots = np.uint32(len(stops) - 1)
    slot = (bare >> np.uint32(3)) & slots
    while stops[slot] != 0:
        if stops[slot] == bare:
            return np.int64(masks[slot])
        slot = (slot + np.uint32(1)) & slots
    return 0


def count_stop_words(
    tokens: TokenArray,
    starts: OffsetArray,
    ends: OffsetArray,
    stops: TokenArray,
    masks: ByteArray,
    counts: IndexArray,
) -> int:
    """Count, for each row of tokens and each of eight languages, the words that are stop words."""
    n = 0
    for row in range(len(starts)):
        for place in range(starts[row], ends[row]):
            mask = _languages_of(tokens[place] & ~_CLASS_MASK, stops, masks)
            n += np.int64(mask != 0)
            language = 0
            while mask != 0:
                counts[8 * row + language] += mask & 1
                mask >>= 1
                language += 1
    return n


@part
def _word_end(text: ByteArray, place: int, end: int, folds: TokenArray) -> tuple[int, int, int]:
    """Read a word: where it ends, where its prefix does, and its characters."""
    cut, n = place, 0
    while place < end:
        point, width = code_point(text, place)
        kind = np.uint8(fold_of(folds, point) >> _CLASS_SHIFT)
        if kind == _SEPARATOR or kind == _ALONE:
            break
        place += width
        n += 1
        if n <= _PREFIX:
            cut = place
    return place, cut, n


@part
def _is_numeral(point: int) -> bool:
    """Tell whether a character is one of the Chinese numerals."""
    return (
        point == 0x3007 or point == 0x4E00 or point == 0x4E03 or point == 0x4E07
        or point == 0x4E09 or point == 0x4E24 or point == 0x4E5D or point == 0x4E8C
        or point == 0x4E94 or point == 0x4EBF or point == 0x5104 or point == 0x5146
        or point == 0x5169 or point == 0x516B or point == 0x516D or point == 0x5341
        or point == 0x5343 or point == 0x56DB or point == 0x767E or point == 0x96F6
    )  # fmt: skip


@inlined
def _emit_word(
    text: ByteArray,
    bounds: tuple[int, int, int],
    n: int,
    language: int,
    stops: TokenArray,
    masks: ByteArray,
    terms: TokenArray,
    written: int,
) -> int:
    """Write the term of a word that is no number; `bounds`: its begin, its prefix's and its end."""
    begun, cut, end = bounds
    bare = _bare(text, begun, end)
    if n < 2 or _languages_of(bare, stops, masks) >> language & 1 != 0:
        return written
    terms[written] = _bare(text, begun, cut) if cut < end else bare
    return written + 1


@inlined
def _emit_number(
    text: ByteArray,
    bounds: tuple[int, int, int],
    number: tuple[int, int],
    terms: TokenArray,
    written: int,
) -> tuple[int, int, int]:
    """Write a number without its unit; `bounds`: its begin, its digits' and its token's end.

    Where it goes on behind the number before it, both are one. Gives where it begins, where one
    that goes on must be joined (-1: nowhere, behind a unit), and the terms written.
    """
    begun, digits, end = bounds
    is_joined = text[begun - 1] == 46 or text[begun - 1] == 44
    if number[1] >= 0 and begun == number[1] + 1 and is_joined:
        begun = number[0]
        written -= 1
    terms[written] = _bare(text, begun, digits) | _IS_NUMBER
    return begun, end if digits == end else np.int64(-1), written + 1


@inlined
def _digits_end(text: ByteArray, place: int, end: int) -> int:
    while place < end and text[place] - np.uint8(48) < np.uint8(10):
        place += 1
    return place


def list_ascii_terms(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    languages: ByteArray,
    stops: TokenArray,
    masks: ByteArray,
    terms: TokenArray,
    term_ends: OffsetArray,
    kinds: ByteArray,
) -> int:
    """List the content terms of texts as they stand; gives their number.

    A text that is not ASCII or has a hyphen at a line's end gets kind ODD and no term.
    """
    written = np.int64(0)
    for i in range(len(starts)):
        start, end = starts[i], ends[i]
        language = np.int64(languages[i])
        first, begun, inside = written, start, _U0
        number = (np.int64(-1), np.int64(-1))
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
                    continue
                inside = _U0
                digits = _digits_end(text, begun, place)
                if digits > begun:
                    spans = (begun, digits, place)
                    opened, joins, written = _emit_number(text, spans, number, terms, written)
                    number = (opened, joins)
                else:
                    n = place - begun
                    bounds = (begun, min(begun + _PREFIX, place), place)
                    written = _emit_word(text, bounds, n, language, stops, masks, terms, written)
        if kinds[i] == _FINE and inside != _U0:
            digits = _digits_end(text, begun, end)
            if digits > begun:
                spans = (begun, digits, end)
                _, _, written = _emit_number(text, spans, number, terms, written)
            else:
                bounds = (begun, min(begun + _PREFIX, end), end)
                n = end - begun
                written = _emit_word(text, bounds, n, language, stops, masks, terms, written)
        term_ends[i] = written
    return written


def list_terms(
    text: ByteArray,
    starts: OffsetArray,
    ends: OffsetArray,
    languages: ByteArray,
    folds: TokenArray,
    stops: TokenArray,
    masks: ByteArray,
    terms: TokenArray,
    term_ends: OffsetArray,
) -> int:
    """List the content terms of folded sentences, one behind another; gives their number."""
    written = np.int64(0)
    for i in range(len(starts)):
        place, end = starts[i], ends[i]
        language = np.int64(languages[i])
        alone, alone_end, number = place, np.int64(-1), (np.int64(-1), np.int64(-1))
        after_numeral = False
        while place < end:
            point, width = code_point(text, place)
            kind = np.uint8(fold_of(folds, point) >> _CLASS_SHIFT)
            if kind == _SEPARATOR:
                place += width
            elif kind == _ALONE:
                is_numeral = _is_numeral(point)
                if alone_end == place:
                    bare = _bare(text, alone, place + width)
                    terms[written] = bare | _IS_NUMBER if is_numeral and after_numeral else bare
                    written += 1
                alone, alone_end, after_numeral = place, place + width, is_numeral
                place += width
            else:
                begun = place
                place, cut, n = _word_end(text, place, end, folds)
                digits = _digits_end(text, begun, place)
                if digits > begun:
                    spans = (begun, digits, place)
                    opened, joins, written = _emit_number(text, spans, number, terms, written)
                    number = (opened, joins)
                else:
                    bounds = (begun, cut, place)
                    written = _emit_word(text, bounds, n, language, stops, masks, terms, written)
        term_ends[i] = written
    return written
