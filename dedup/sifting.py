"""Drop candidates that cannot reach a threshold, without a look at their shingles.

Sketches of shingle sets and candidates come in, fewer candidates go out; every pair that `verify`
would keep is among them. A sketch is a bitmap, a bit a shingle by its hash, and the number of
shingles. A shingle of A whose bit is not set in B's map is not in B, so
|A and B| <= |A| - (bits of A's map that are not in B's).

Decision (2026-11-26): false candidates grow with the square of a corpus. Bands of three rows let
one in 24 pairs of resemblance 0.1 through, and paragraphs that share one sentence with hundreds of
others are such pairs: 0.7 candidates a paragraph at 100,000, 3.0 at a million, some 28 at ten
million, at 1.1 us each when measured. At a million the sketches settle 93 % of them at 30 ns, and
leave 0.2 a paragraph. Permutations for bands of four rows would do as much, but sign twice as long
and find other pairs at the threshold. Maps of half the bits leave a third more, and half as many
again at ten million.
"""

from dataclasses import dataclass
from math import floor
from typing import Final

from dedup.config import Config
from dedup.kernels import Engine, constants
from dedup.model import HashArray, PairArray, ShingleSets, Sketches
from dedup.values import Value

_WIDTHS: Final = ((8, 40), (16, 110))  # words of a sketch, up to so many shingles of a row
_WIDEST: Final = 32


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sieve(Value):
    """The least resemblance and containment that a pair must be able to reach.

    Parts of `constants.SHARE_SCALE`, rounded down; a `held` of 0 leaves containment out.
    """

    near: int
    held: int


def make_sieve(config: Config) -> Sieve:
    """Give what pairs must be able to reach to matter to a run.

    Contained pairs matter where they are reported, and where rewritten ones are sought, since a
    pair is not both.
    """
    verify, rules = config.verify, config.run.rules
    wants_contained = not {"DUP003", "DUP004"}.isdisjoint(rules)
    held = verify.min_containment if wants_contained else 0.0
    scale = constants.SHARE_SCALE
    return Sieve(floor(verify.min_resemblance * scale), floor(held * scale))


def choose_width(n_shingles: int, n_rows: int) -> int:
    """Give the words of a sketch for rows of so many shingles in all: 32, 64 or 128 bytes a row.

    A map more than half full lets false candidates through. Of long paragraphs the shingles
    themselves take a multiple of it.
    """
    mean = n_shingles / max(n_rows, 1)
    return next((width for width, most in _WIDTHS if mean <= most), _WIDEST)


def sketch_shingle_sets(shingle_sets: ShingleSets, width: int, engine: Engine) -> HashArray:
    """Sketch each shingle set (or list: a repeat only loosens the bound); see the module."""
    return engine.sketch(shingle_sets, width)


def sift_candidates(
    pairs: PairArray, sketches: Sketches, sieve: Sieve, engine: Engine
) -> PairArray:
    """Give the pairs that may reach a threshold, in the order in which they came.

    Args:
        pairs: Rows; the array may be written over.
        sketches: Of every row, as `sketch_shingle_sets` makes them.
        sieve: What they must be able to reach.
        engine: Where the loops run.
    """
    return engine.sift(pairs, sketches, (sieve.near, sieve.held))
