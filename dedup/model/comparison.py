"""Hold what comparing paragraphs gives: sets, signatures, candidates, verified pairs, groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from dedup.model.arrays import (
    ByteArray,
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleArray,
    SignatureArray,
)
from dedup.model.corpus import spread_ranges


class Relation(IntEnum):
    """How a paragraph stands to another; 0: not at all (a canonical, or alone)."""

    NONE = 0
    IDENTICAL = 1
    NEAR_DUPLICATE = 2
    CONTAINED = 3
    VARIANT = 4
    REWRITTEN = 5
    RESTATED = 6
    BOILERPLATE = 7

    @property
    def label(self) -> str:
        """Give the word that users read, as `near-duplicate`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Signatures:
    """MinHash signatures, `num_perm` minima a row, made with the permutations of `seed`."""

    minima: SignatureArray
    num_perm: int
    seed: int

    def row(self, index: int) -> SignatureArray:
        """Give one signature."""
        return self.minima[index * self.num_perm : (index + 1) * self.num_perm]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sketches:
    """Bitmaps of shingle sets, `width` words a row; the upper half of a row's last is its count.

    See `dedup.sifting`.
    """

    words: HashArray
    width: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Candidates:
    """Pairs to measure, lower row first, sorted and distinct; rows in canonical order.

    `n_beyond` rows met a bucket, in any band, of which they were paired with the first few only;
    `n_templates` is how many different rows begin such buckets.
    """

    pairs: PairArray
    n_beyond: int = 0
    n_templates: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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

    def number(self, rows: OffsetArray) -> "VerifiedPairs":
        """Give the pairs with paragraph numbers for rows."""
        lefts, rights = (rows[side].astype(np.int32) for side in (self.lefts, self.rights))
        return replace(self, lefts=lefts, rights=rights)

    @classmethod
    def none(cls) -> "VerifiedPairs":
        """Give no pairs."""
        numbers, scores = np.empty(0, np.int32), np.empty(0, np.float64)
        return cls(numbers, numbers, scores, scores, scores, numbers, np.empty(0, np.uint8))

    @classmethod
    def chain(cls, parts: Sequence["VerifiedPairs"]) -> "VerifiedPairs":
        """Put the pairs of several parts behind one another."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.lefts for part in parts]),
            np.concatenate([part.rights for part in parts]),
            np.concatenate([part.resemblance for part in parts]),
            np.concatenate([part.left_containment for part in parts]),
            np.concatenate([part.right_containment for part in parts]),
            np.concatenate([part.conflicts for part in parts]),
            np.concatenate([part.relations for part in parts]),
            sum(part.n_unaligned for part in parts),
        )

    def join(self, other: "VerifiedPairs") -> "VerifiedPairs":
        """Give both, sorted by (right, left)."""
        both = self.chain([self, other])
        return both.take(np.lexsort((both.lefts, both.rights)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Boilerplate:
    """Texts that recur in many documents of a source, as columns, in canonical order.

    Attributes:
        numbers: The first paragraph of each text, which is kept.
        n_documents: How many documents hold it.
        populations: How many documents there are in the folder or file that holds all of those.
        folders: That folder or file; '' for the whole run.
        texts: For each paragraph of the run the row of its text above; -1 for all others.
    """

    numbers: OffsetArray
    n_documents: OffsetArray
    populations: OffsetArray
    folders: tuple[str, ...]
    texts: IndexArray

    @classmethod
    def none(cls, n_paragraphs: int) -> "Boilerplate":
        """Give what a run without boilerplate finds."""
        none = np.empty(0, np.int64)
        return cls(none, none, none, (), np.full(n_paragraphs, -1, np.int32))

    def __len__(self) -> int:
        """Give the number of texts."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Restatements:
    """Paragraphs that say others again in other words, as columns, with who said each sentence.

    Attributes:
        numbers: The paragraphs, sorted; each once.
        relations: REWRITTEN (from one paragraph) or RESTATED (from earlier ones of its document).
        scores: The score R, in [0, 1].
        dice: Dice coefficient of the terms of both sides, in [0, 1].
        are_near: Under the threshold, shown on demand only.
        ends: Sentence p of the paragraph in row i is at place ends[i - 1] + p below.
        sources, source_sentences: For each sentence the paragraph that holds most of it and its
            sentence there, from 0; -1 for none.
        seconds, second_sentences: Likewise one that adds to it.
        shares: float64, shape (sentences, 2): how much the first holds and the second adds.
        languages: Of every paragraph of the run, its place in `stop_words.LANGUAGES`.
        n_short: Paragraphs with too few content terms to be judged.
        n_listed: Lists, tables, code and the like, which repeat by nature and are not judged.
        n_candidates: Pairs of paragraphs that were compared for rewriting.
    """

    numbers: IndexArray
    relations: ByteArray
    scores: ScoreArray
    dice: ScoreArray
    are_near: ByteArray
    ends: OffsetArray
    sources: IndexArray
    source_sentences: IndexArray
    seconds: IndexArray
    second_sentences: IndexArray
    shares: ScoreArray
    languages: ByteArray
    n_short: int = 0
    n_listed: int = 0
    n_candidates: int = 0

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.numbers)

    def take(self, places: OffsetArray) -> "Restatements":
        """Give some of the paragraphs, in the order asked for."""
        counts = np.diff(self.ends, prepend=0)[places]
        sentences = spread_ranges(self.ends[places] - counts, counts)
        return Restatements(
            self.numbers[places],
            self.relations[places],
            self.scores[places],
            self.dice[places],
            self.are_near[places],
            np.cumsum(counts),
            self.sources[sentences],
            self.source_sentences[sentences],
            self.seconds[sentences],
            self.second_sentences[sentences],
            self.shares[sentences],
            self.languages,
            self.n_short,
            self.n_listed,
            self.n_candidates,
        )

    def join(self, other: "Restatements") -> "Restatements":
        """Give both, sorted by paragraph, then relation."""
        both = Restatements(
            np.concatenate([self.numbers, other.numbers]),
            np.concatenate([self.relations, other.relations]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.dice, other.dice]),
            np.concatenate([self.are_near, other.are_near]),
            np.concatenate([self.ends, other.ends + len(self.sources)]),
            np.concatenate([self.sources, other.sources]),
            np.concatenate([self.source_sentences, other.source_sentences]),
            np.concatenate([self.seconds, other.seconds]),
            np.concatenate([self.second_sentences, other.second_sentences]),
            np.concatenate([self.shares, other.shares]),
            self.languages,
            self.n_short + other.n_short,
            self.n_listed + other.n_listed,
            self.n_candidates + other.n_candidates,
        )
        return both.take(np.lexsort((both.relations, both.numbers)))
