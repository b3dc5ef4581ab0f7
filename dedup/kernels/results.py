"""Hold what the kernels of restatement and anchors give: columns, one row a row or pair."""

from dataclasses import dataclass

from dedup.model import IndexArray, ScoreArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DocumentScores:
    """What the rows of documents score, and who said each of their sentences before.

    Attributes:
        parts: float64, shape (rows, 3): c1, sk and the Dice coefficient of the term sets, each in
            [0, 1].
        firsts, seconds: For each sentence of the rows, in order, the sentence (counted likewise)
            that says it and one that adds to it, or -1.
        shares: float64, shape (sentences, 2): the part of the sentence's weight that the first
            holds, and that the second adds.
    """

    parts: ScoreArray
    firsts: IndexArray
    seconds: IndexArray
    shares: ScoreArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnchorPairs:
    """Pairs of rows that share anchors, sorted by (left, right), left before right.

    `counts` is how many they share, `sizes` how many skip-bigrams each row has, repeats and all.
    """

    lefts: IndexArray
    rights: IndexArray
    counts: IndexArray
    sizes: IndexArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PairCover:
    """How much of their content terms pairs of rows share.

    Attributes:
        shared: For each pair the weight of the distinct terms of both; a number counts as two.
        exchanged: How many numbers each side has that the other has not, the lesser of the two.
        weights: For each row of a pair the weight of its distinct terms; 0 for all others.
    """

    shared: IndexArray
    exchanged: IndexArray
    weights: IndexArray
