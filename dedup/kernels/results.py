"""Hold what the kernels of restatement and anchors give: columns, one row a row or pair."""

from dataclasses import dataclass

from dedup.model import IndexArray, PairArray, ScoreArray


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
class AnchorLimits:
    """Which anchors count, and which pairs of rows that share them.

    Attributes:
        most: Rows that hold an anchor, at most.
        least: Anchors that a pair shares, at least; and how many thousandths of the anchors of the
            row that has fewer (repeats counted).
        part: Which part of all anchors is looked at: the first bits of their hashes, and how many
            bits these are.
        expected: How many anchors there may be, about; more only cost time.
    """

    most: int
    least: tuple[int, int]
    part: tuple[int, int] = (0, 0)
    expected: int = 1 << 10


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnchoredBlock:
    """Pairs of which the later row is in one block; later row << 32 | earlier row.

    Later rows rise; the earlier ones of each come in any order. `counts` is how many anchors a pair
    shares.
    """

    pairs: PairArray
    counts: IndexArray


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PairCover:
    """How much of their content terms pairs of rows share.

    Attributes:
        shared: For each pair the weight of the distinct terms of both; a number counts as two.
        exchanged: How many numbers each side has that the other has not, the lesser of the two.
        left_weights, right_weights: The weight of the distinct terms of each side.
    """

    shared: IndexArray
    exchanged: IndexArray
    left_weights: IndexArray
    right_weights: IndexArray
