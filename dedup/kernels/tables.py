"""Make the tables that the compiled tokenizer looks things up in."""

import hashlib
import sys
import unicodedata
from pathlib import Path
from typing import Final

import numpy as np

from dedup.kernels import constants, hashing
from dedup.kernels.compiled import keep_bytes
from dedup.model import ByteArray, TokenArray
from dedup.stop_words import LANGUAGES
from dedup.terms import stop_words
from dedup.text import fold_code_point

_N_FOLDS: Final = 0x20000
_HAN: Final = range(0x20000, 0x40000)
_COMPLEX: Final = 1 << 24
_CLASS_SHIFT: Final = 28
_NAME_SLOTS: Final = 4096  # 4 % full: nearly every look-up ends at an empty slot


def make_names() -> TokenArray:
    """Make the hash table of month, weekday, ordinal and quarter names; 0 is an empty slot."""
    names = np.zeros(_NAME_SLOTS, np.uint32)
    for bare, kind in hashing.SLOT_NAMES.items():
        slot = bare >> constants.CLASS_BITS & (_NAME_SLOTS - 1)
        while names[slot]:
            slot = (slot + 1) & (_NAME_SLOTS - 1)
        names[slot] = bare | kind
    return names


def make_stop_words() -> tuple[TokenArray, ByteArray]:
    """Make the hash table of stop words and, beside it, the languages of each, a bit for each."""
    stops, masks = np.zeros(_NAME_SLOTS, np.uint32), np.zeros(_NAME_SLOTS, np.uint8)
    for language in range(len(LANGUAGES)):
        for word in sorted(stop_words(language)):
            bare = hashing.hash_word(word)
            slot = bare >> constants.CLASS_BITS & (_NAME_SLOTS - 1)
            while stops[slot] not in (0, bare):
                slot = (slot + 1) & (_NAME_SLOTS - 1)
            stops[slot] = bare
            masks[slot] |= 1 << language
    return stops, masks


def load_folds() -> TokenArray:
    """Give each code point's fold (21 bits), whether only `normalize` knows it, and its class.

    Made in 0.6 s and kept beside the kernels, for each version of Unicode and of `dedup.text`.
    """
    text_module = Path(sys.modules[fold_code_point.__module__].__file__ or "")
    source = text_module.read_bytes() + Path(__file__).read_bytes()
    version = hashlib.blake2b(source, digest_size=8).hexdigest()
    content = keep_bytes(f"folds-{unicodedata.unidata_version}-{version}.bin", _make_folds)
    return np.frombuffer(content, np.uint32)


def _make_folds() -> bytes:
    """Make the table of every code point's fold and class (0.6 s, kept beside the kernels)."""
    folds = np.full(_HAN.stop, _COMPLEX, np.uint32)
    for point in (*range(_N_FOLDS), *_HAN):
        fold, kind = fold_code_point(point)
        folds[point] = (_COMPLEX if fold is None else fold) | kind << _CLASS_SHIFT
    return folds.tobytes()
