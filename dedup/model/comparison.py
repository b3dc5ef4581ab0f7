"""Hold what comparing paragraphs gives: sets, signatures, candidates, verified pairs, groups."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dedup.model.arrays import (
    ByteArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleArray,
    SignatureArray,
)


class Relation(IntEnum):
    """How a paragraph stands to another; 0: not at all (a canonical, or alone)."""

    NONE = 0
    IDENTICAL = 1
    NEAR_DUPLICATE = 2
    CONTAINED = 3
    VARIANT = 4

    @property
    def label(self) -> str:
        """Give the word that users read, as `near-duplicate`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class ShingleSets:
    """The distinct shingles of many paragraphs, each set in order of first occurrence.

    Row p is shingles[ends[p - 1]:ends[p]]. Not sorted: the sets are met through a hash table, and
    sorting would cost more than all the measuring (8 ns a shingle against 3).
    """

    shingles: ShingleArray
    ends: OffsetArray

    def __len__(self) -> int:
        """Give the number of sets."""
        return len(self.ends)

    @property
    def sizes(self) -> OffsetArray:
        """Give the number of distinct shingles of each set."""
        return np.diff(self.ends, prepend=0)

    def row(self, index: int) -> ShingleArray:
        """Give one set."""
        return self.shingles[self.ends[index - 1] if index else 0 : self.ends[index]]


@dataclass(frozen=True, slots=True)
class Signatures:
    """MinHash signatures, `num_perm` minima a row, made with the permutations of `seed`."""

    minima: SignatureArray
    num_perm: int
    seed: int

    def row(self, index: int) -> SignatureArray:
        """Give one signature."""
        return self.minima[index * self.num_perm : (index + 1) * self.num_perm]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to measure, lower row first, sorted and distinct; rows in canonical order.

    `n_beyond` rows met a bucket, in any band, of which they were paired with the first few only;
    `n_templates` is how many different rows begin such buckets.
    """

    pairs: PairArray
    n_beyond: int = 0
    n_templates: int = 0


@dataclass(frozen=True, slots=True)
class VerifiedPairs:
    """Pairs measured exactly that reach a threshold, as columns, sorted by (right, left).

    Attributes:
        lefts, rights: Rows in canonical order, left before right.
        resemblance: |A and B| / |A or B|.
        left_containment, right_containment: Share of one side's shingles that the other holds.
        conflicts: Numbers and dates that stand against another one; two or more, or one in an
            otherwise alike pair, make a variant.
        relations: `Relation` of each pair; CONTAINED is the shorter in the longer.
        n_unaligned: Pairs too different to align, which the slot guard let pass.
    """

    lefts: IndexArray
    rights: IndexArray
    resemblance: ScoreArray
    left_containment: ScoreArray
    right_containment: ScoreArray
    conflicts: IndexArray
    relations: ByteArray
    n_unaligned: int = 0

    def __len__(self) -> int:
        """Give the number of pairs."""
        return len(self.lefts)

    def take(self, places: OffsetArray) -> "VerifiedPairs":
        """Give some of the pairs."""
        return VerifiedPairs(
            self.lefts[places],
            self.rights[places],
            self.resemblance[places],
            self.left_containment[places],
            self.right_containment[places],
            self.conflicts[places],
            self.relations[places],
            self.n_unaligned,
        )


@dataclass(frozen=True, slots=True)
class Grouping:
    """Who joined whom, over all paragraphs of a run, in input order.

    Attributes:
        canonicals: For each paragraph its canonical's number; its own where it is kept.
        relations: `Relation` to the canonical; NONE for a canonical and for who is alone.
        resemblance, containment: With the canonical; 1.0 for identical ones. Containment is the
            share of the member's shingles that the canonical holds.
    """

    canonicals: IndexArray
    relations: ByteArray
    resemblance: ScoreArray
    containment: ScoreArray
