"""Say what a token, a shingle, a fingerprint and a band key are: plain Python, one at a time.

The definitions are fixed for ever (see `constants`). The compiled loops compute the same numbers.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from dedup.kernels import constants
from dedup.kernels.constants import MASK64
from dedup.kernels.date_words import DATE_WORDS
from dedup.model import TokenArray
from dedup.terms import is_number_term

_NUMBER: Final = re.compile(rb"[0-9]+")
_ORDINAL: Final = re.compile(rb"[0-9]+(?:st|nd|rd|th)")


def hash_bytes(token: bytes) -> int:
    """Hash the normalized UTF-8 of one token to 64 bits, eight bytes a step."""
    mixed = len(token) * constants.LENGTH_MULTIPLIER & MASK64
    for word in cut_words(token):
        mixed ^= word
        mixed = mixed * constants.WORD_MULTIPLIER & MASK64
        mixed ^= mixed >> 32
    return mixed * constants.FINAL_MULTIPLIER & MASK64


def cut_words(utf8: bytes) -> list[int]:
    """Cut bytes into little-endian words of eight; the last may be shorter."""
    return [int.from_bytes(utf8[place : place + 8], "little") for place in range(0, len(utf8), 8)]


def mark_gap(utf8: bytes) -> list[int]:
    """Make the marks of what stands between two tokens, one for each eight bytes."""
    sizes = (min(8, len(utf8) - place) for place in range(0, len(utf8), 8))
    return [
        (word + size * constants.LENGTH_MULTIPLIER) * constants.GAP_SALT & MASK64
        for word, size in zip(cut_words(utf8), sizes, strict=True)
    ]


def hash_word(word: str) -> int:
    """Give the upper 29 bits of a word's hash, its class left zero."""
    return _bare(word.encode())


def hash_words(words: Sequence[str]) -> TokenArray:
    """Give what `hash_word` gives of many words, all at once: a hundredth of the time.

    >>> words = ["a", "incomprehensible", ""]
    >>> hash_words(words).tolist() == [hash_word(word) for word in words]
    True
    """
    utf8 = [word.encode() for word in words]
    sizes = np.array([len(word) for word in utf8], np.uint64)
    width = -(-max(map(len, utf8), default=0) // 8)
    table = np.array(utf8, f"S{8 * max(width, 1)}").view("<u8").reshape(len(utf8), -1)
    mixed = sizes * np.uint64(constants.LENGTH_MULTIPLIER)
    for column in range(width):
        step = (mixed ^ table[:, column]) * np.uint64(constants.WORD_MULTIPLIER)
        mixed = np.where(sizes > 8 * column, step ^ step >> np.uint64(32), mixed)
    bare = (mixed * np.uint64(constants.FINAL_MULTIPLIER) >> np.uint64(32)).astype(np.uint32)
    return bare & ~np.uint32(constants.CLASS_MASK)


def _bare(utf8: bytes) -> int:
    return bare_of(hash_bytes(utf8))


def bare_of(mixed: int) -> int:
    """Give the upper 29 bits of a hash, the class left zero."""
    return mixed >> 32 & ~constants.CLASS_MASK


def make_token(token: bytes) -> int:
    """Make the 32-bit token of normalized UTF-8: the upper 29 bits of its hash over its class.

    A number that is part of the number before it (`1,234`) is told so by its caller.
    """
    return classify_token(token, _bare(token))


def classify_token(token: bytes, bare: int) -> int:
    """Put the class of a token under the upper bits of its hash."""
    if _NUMBER.fullmatch(token):
        return bare | constants.NUMBER
    if _ORDINAL.fullmatch(token):
        return bare | constants.ORDINAL
    return bare | SLOT_NAMES.get(bare, constants.WORD)


def make_term(term: str) -> int:
    """Make the 32-bit number of a content term, as `dedup.terms` gives it."""
    bare = hash_word(term)
    return bare | constants.TERM_NUMBER if is_number_term(term) else bare


def make_anchor(one: int, two: int) -> int:
    """Make the 32-bit number of the skip-bigram of two terms, whichever comes first."""
    mixed = (min(one, two) << 32 | max(one, two)) * constants.WORD_MULTIPLIER & MASK64
    return (mixed ^ mixed >> 32) * constants.FINAL_MULTIPLIER >> 32 & 0xFFFFFFFF


def _hash_date_words() -> dict[int, int]:
    return {hash_word(word): kind for kind, words in DATE_WORDS.items() for word in words.split()}


SLOT_NAMES: Final = _hash_date_words()


def make_shingle(tokens: Sequence[int], weights: Sequence[int]) -> int:
    """Make the 32-bit shingle of a run of tokens, at most len(weights); classes do not count."""
    bare = (token & ~constants.CLASS_MASK for token in tokens)
    mixed = sum(t * w for t, w in zip(bare, weights, strict=False)) & MASK64
    mixed = (mixed ^ mixed >> 32) * constants.WORD_MULTIPLIER & MASK64
    return mixed >> 32


def make_print(marks: Iterable[int]) -> tuple[int, int]:
    """Make the 128-bit fingerprint of a normalized text from its marks, as two words.

    What stands between tokens gives the marks of `mark_gap`; the last of them (0 where nothing
    is) is folded by exclusive or into the mark of the token behind it, which is its 64-bit hash.
    """
    first = second = constants.LENGTH_MULTIPLIER
    for mark in marks:
        first = (first ^ mark) * constants.FIRST_PRINT_MULTIPLIER & MASK64
        turned = second << 23 & MASK64 | second >> 41
        second = turned + mark * constants.SECOND_PRINT_MULTIPLIER & MASK64
    first = (first ^ first >> 32) * constants.WORD_MULTIPLIER & MASK64
    second = (second ^ second >> 32) * constants.WORD_MULTIPLIER & MASK64
    return first ^ first >> 32, second ^ second >> 32


def make_band_key(minima: Iterable[int]) -> int:
    """Make the 32-bit key of one band of a signature."""
    mixed = constants.LENGTH_MULTIPLIER
    for minimum in minima:
        mixed = (mixed ^ minimum) * constants.WORD_MULTIPLIER & MASK64
        mixed ^= mixed >> 32
    return mixed * constants.FINAL_MULTIPLIER >> 32 & 0xFFFFFFFF
