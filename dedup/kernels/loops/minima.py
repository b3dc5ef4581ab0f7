"""Make shingles from tokens, signatures from shingles and band keys from signatures.

The oracles are in `dedup.kernels._numpy`; the signature's is `datasketch.MinHash` itself.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels import constants
from dedup.kernels.loops.memory import inlined
from dedup.model import HashArray, OffsetArray, ShingleArray, SignatureArray, TokenArray

_MIX = np.uint64(constants.WORD_MULTIPLIER)
_LAST = np.uint64(constants.FINAL_MULTIPLIER)
_LENGTH = np.uint64(constants.LENGTH_MULTIPLIER)
_U32, _U0 = np.uint64(32), np.uint64(0)
_S16, _S13 = np.uint32(16), np.uint32(13)
_FMIX_1, _FMIX_2 = np.uint32(constants.FMIX_FIRST), np.uint32(constants.FMIX_SECOND)
_BARE = np.uint32(0xFFFFFFFF ^ constants.CLASS_MASK)
_EMPTY = np.uint32(constants.EMPTY_MINIMUM)


def shingle_tokens(
    tokens: TokenArray,
    starts: OffsetArray,
    ends: OffsetArray,
    weights: TokenArray,
    shingles: ShingleArray,
    shingle_ends: OffsetArray,
    sums: HashArray,
) -> int:
    """Hash every run of len(weights) tokens to 32 bits, repeats and all; gives their number.

    A shingle is the weighted sum of its tokens (without their classes) modulo 2^64, mixed once,
    upper half. A text of fewer tokens is one shingle, an empty one none. `sums` is scratch for the
    longest text.
    """
    size, written = len(weights), 0
    for i in range(len(starts)):
        start, n_tokens = starts[i], ends[i] - starts[i]
        width = min(size, n_tokens)
        n = n_tokens - width + 1 if n_tokens > 0 else 0
        for place in range(n):
            sums[place] = np.uint64(tokens[start + place] & _BARE) * np.uint64(weights[0])
        for j in range(1, width):
            weight = np.uint64(weights[j])
            for place in range(n):
                sums[place] += np.uint64(tokens[start + place + j] & _BARE) * weight
        for place in range(n):
            mixed = sums[place]
            mixed = (mixed ^ (mixed >> _U32)) * _MIX
            shingles[written + place] = np.uint32(mixed >> _U32)
        written += n
        shingle_ends[i] = written
    return written


def keep_distinct(
    shingles: ShingleArray, ends: OffsetArray, set_ends: OffsetArray, table: OffsetArray
) -> int:
    """Drop every repeat of a shingle within its text, in place; gives the number left.

    `table` is a hash table of at least twice the longest text, a power of two, all -1 before the
    first call; a row's slots are told from an older row's by the row in their upper half.
    """
    slots = np.int64(len(table) - 1)
    written, start = 0, np.int64(0)
    for i in range(len(ends)):
        begun = written
        for place in range(start, ends[i]):
            shingle = shingles[place]
            slot = np.int64(shingle) & slots
            is_new = True
            while table[slot] >= begun:
                if shingles[table[slot]] == shingle:
                    is_new = False
                    break
                slot = (slot + 1) & slots
            if is_new:
                table[slot] = written
                shingles[written] = shingle
                written += 1
        start = ends[i]
        set_ends[i] = written
    return written


@inlined
def _fmix(shingle: int) -> int:
    """Mix as MurmurHash3's finalizer does, before the permutations."""
    mixed = np.uint32((shingle ^ shingle >> _S16) * _FMIX_1)
    mixed = np.uint32((mixed ^ mixed >> _S13) * _FMIX_2)
    return np.uint32(mixed ^ mixed >> _S16)


def sign_shingles(
    shingles: ShingleArray,
    ends: OffsetArray,
    factors: SignatureArray,
    terms: SignatureArray,
    signatures: SignatureArray,
) -> int:
    """Keep the least of factor * fmix(shingle) + term modulo 2^32 for each permutation.

    Four shingles a pass: a minimum is then loaded and stored once for the four.
    """
    n_perm, start = len(factors), np.int64(0)
    for i in range(len(ends)):
        minima = signatures[i * n_perm : (i + 1) * n_perm]
        for j in range(n_perm):
            minima[j] = _EMPTY
        place = start
        while place + 4 <= ends[i]:
            one, two = _fmix(shingles[place]), _fmix(shingles[place + 1])
            three, four = _fmix(shingles[place + 2]), _fmix(shingles[place + 3])
            for j in range(n_perm):
                factor, term = factors[j], terms[j]
                first = min(np.uint32(factor * one + term), np.uint32(factor * two + term))
                second = min(np.uint32(factor * three + term), np.uint32(factor * four + term))
                minima[j] = min(minima[j], first, second)
            place += 4
        while place < ends[i]:
            one = _fmix(shingles[place])
            for j in range(n_perm):
                minima[j] = min(minima[j], np.uint32(factors[j] * one + terms[j]))
            place += 1
        start = ends[i]
    return len(ends)


def make_band_keys(
    signatures: SignatureArray,
    n_perm: int,
    n_bands: int,
    n_rows: int,
    keys: SignatureArray,
    n_signatures: int,
) -> int:
    """Hash every band of every signature to 32 bits; keys holds n_signatures words a band."""
    for i in range(n_signatures):
        place = i * n_perm
        for band in range(n_bands):
            mixed = _LENGTH
            for _row in range(n_rows):
                mixed = (mixed ^ np.uint64(signatures[place])) * _MIX
                mixed ^= mixed >> _U32
                place += 1
            keys[band * n_signatures + i] = np.uint32((mixed * _LAST) >> _U32)
    return n_signatures
