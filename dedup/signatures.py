"""Shrink each shingle set to a MinHash signature of fixed length.

Shingles come in, `num_perm` minima a paragraph go out, equal bit for bit to what
`datasketch.MinHash(num_perm, seed, scheme="affine32", hashfunc=dedup.hash_shingle)` gives: the
hash mixed by MurmurHash3's finalizer, then (a * h + b) modulo 2^32 with a odd.

Decision (2026-11-23): the permutations are drawn here, as datasketch 2 draws them from NumPy's
legacy generator, because importing datasketch costs 0.5 s of CPU (SciPy comes with it), as much as
a run over 100,000 paragraphs. datasketch is the oracle in the tests and what `to_datasketch` gives.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from dedup.config import SignaturesConfig
from dedup.errors import SignatureMismatchError
from dedup.kernels import Engine
from dedup.model import ShingleSets, SignatureArray, Signatures

if TYPE_CHECKING:
    from datasketch import LeanMinHash


@cache
def draw_permutations(config: SignaturesConfig) -> tuple[SignatureArray, SignatureArray]:
    """Draw the odd factors and the terms of the permutations; uint32, shape (num_perm,) each.

    Source:
        datasketch 2.0.0, `MinHash._init_permutations` for the scheme affine32.
    """
    generator = np.random.RandomState(config.seed)
    halves = generator.randint(0, 1 << 31, config.num_perm, dtype=np.uint32)
    terms = generator.randint(0, 1 << 32, config.num_perm, dtype=np.uint32)
    return halves * np.uint32(2) + np.uint32(1), terms


def sign_shingle_sets(
    shingle_sets: ShingleSets, config: SignaturesConfig, engine: Engine
) -> Signatures:
    """Sign each shingle set (or list: a repeat changes no minimum); an empty one gives 2^32 - 1."""
    minima = engine.sign(shingle_sets, *draw_permutations(config))
    return Signatures(minima, config.num_perm, config.seed)


def estimate_resemblance(left: SignatureArray, right: SignatureArray) -> float:
    """Estimate the resemblance of two shingle sets from their signatures.

    The share of equal positions is an unbiased estimate of the resemblance r, with standard
    error sqrt(r * (1 - r) / num_perm): 0.044 at most for 128 permutations.

    Args:
        left: Minima of one shingle set; uint32, shape (num_perm,).
        right: Minima of the other; same shape, permutations and seed as `left`.

    Returns:
        A fraction in [0, 1]; 1.0 when every position is equal.

    Raises:
        SignatureMismatchError: The signatures differ in length.

    Source:
        Broder et al., "Min-wise independent permutations", 1998, doi:10.1145/276698.276781.

    >>> estimate_resemblance(np.array([1, 2, 3, 4], np.uint32), np.array([1, 2, 9, 4], np.uint32))
    0.75
    """
    if left.shape != right.shape:
        raise SignatureMismatchError(len(left), len(right))
    return float(np.mean(left == right))


def to_datasketch(signatures: Signatures, row: int) -> "LeanMinHash":
    """Give one signature as datasketch's LeanMinHash, for its LSH, forests and stores.

    Args:
        signatures: Made with the seed that the other MinHashes of that store have.
        row: Which paragraph's.
    """
    from datasketch import LeanMinHash  # noqa: PLC0415 -- 0.5 s that only who asks pays

    return LeanMinHash(
        seed=signatures.seed, hashvalues=signatures.row(row).copy(), scheme="affine32"
    )
