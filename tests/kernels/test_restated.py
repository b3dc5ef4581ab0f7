"""The score of a restating paragraph, against the design's formulas in floats, and its laws."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import log
from typing import Final, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.kernels import Engine
from dedup.kernels.results import DocumentScores
from tests.kernels.packing import Engines, Row, pack_rows

NUMBER: Final = 1  # the bit of a term that begins with a digit
NEAR: Final = 1e-5  # weights are rounded to 2^-20
LEAST_NAMED: Final = 1000  # sentences that a term may name

_WORDS: Final = st.integers(0, 9).map(lambda n: n << 3)
_TERMS: Final = _WORDS | st.integers(0, 3).map(lambda n: n << 3 | NUMBER)
_ROWS: Final = st.lists(st.lists(_TERMS, max_size=9), max_size=4)
UNJUDGED, JUDGED, QUOTED = range(3)  # a source only; scored; with second sources too
DOCUMENT: Final = st.lists(st.tuples(_ROWS, st.integers(UNJUDGED, QUOTED)), max_size=7)


class Expected(NamedTuple):
    """What the design says of a row: its parts, the first as the bounds that ties leave open."""

    containment: tuple[float, float]
    bigrams: float
    dice: float


class ByHand:
    """Design section 6 for one document, with dictionaries of floats."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        n = len(rows)
        df: defaultdict[int, int] = defaultdict(int)
        for row in rows:
            for term in {term for sentence in row for term in sentence}:
                df[term] += 1
        self.weight = {
            term: min(1.0, (log((n + 1) / max(1, df[term] - 1)) + 0.35) / (log(n + 1) + 0.35))
            * (2 if term & NUMBER else 1)
            for term in df
        }
        self.pairs = [self._pair_terms(row) for row in rows]

    @staticmethod
    def _pair_terms(row: Row) -> set[frozenset[int]]:
        return {
            frozenset((sentence[i], sentence[j]))
            for sentence in row
            for i, j in combinations(range(len(sentence)), 2)
            if j - i <= 4 and sentence[i] != sentence[j]
        }

    def sum(self, terms: set[int] | frozenset[int]) -> float:
        return sum(self.weight[term] for term in terms)

    def earlier(self, k: int) -> list[set[int]]:
        """Give the terms of each sentence before a row."""
        return [set(sentence) for row in self.rows[:k] for sentence in row]

    def rate(self, sentence: set[int], source: set[int]) -> float:
        """Give containment and Dice together."""
        both = self.sum(sentence & source)
        return both / self.sum(sentence) + 2 * both / (self.sum(sentence) + self.sum(source))

    def best(self, sentence: set[int], k: int) -> dict[int, float]:
        """Give the sources that may be the best, as near as floats tell, and what each holds."""
        sources = {
            place: source for place, source in enumerate(self.earlier(k)) if source & sentence
        }
        top = max((self.rate(sentence, source) for source in sources.values()), default=0.0)
        return {
            place: self.sum(source & sentence) / self.sum(sentence)
            for place, source in sources.items()
            if self.rate(sentence, source) >= top - NEAR
        }

    def added(self, sentence: set[int], first: int, k: int) -> list[float]:
        """Give what each earlier sentence holds of what a first source leaves."""
        left = sentence - self.earlier(k)[first]
        return [self.sum(left & source) / self.sum(sentence) for source in self.earlier(k)]

    def score(self, k: int, *, is_judged: bool) -> Expected:
        terms = {term for sentence in self.rows[k] for term in sentence}
        before = {term for source in self.earlier(k) for term in source}
        both = self.sum(terms) + self.sum(before)
        dice = 2 * self.sum(terms & before) / both if both else 0.0
        if not k or not is_judged:
            return Expected((0.0, 0.0), 0.0, dice)
        low = high = size = 0.0
        for sentence in self.rows[k]:
            if len(set(sentence)) >= 3:
                held = self.best(set(sentence), k).values()
                size += len(sentence)
                low += len(sentence) * min(held, default=0.0)
                high += len(sentence) * max(held, default=0.0)
        return Expected((low / size, high / size) if size else (0.0, 0.0), self._share(k), dice)

    def _share(self, k: int) -> float:
        known = {pair for pairs in self.pairs[:k] for pair in pairs}
        total = held = 0.0
        for pair in self.pairs[k]:
            others = sum(pair in pairs for j, pairs in enumerate(self.pairs) if j != k)
            weight = self.sum(pair) * min(1.0, 2 / others if others else 1.0)
            total += weight
            held += weight if pair in known else 0.0
        return held / total if total else 0.0


def score(
    engine: Engine, documents: Sequence[Sequence[Row]], judged: Sequence[int] | None = None
) -> DocumentScores:
    rows = [row for document in documents for row in document]
    lengths = [len(document) for document in documents]
    logs = [0.0, *(log(n) for n in range(1, max(lengths, default=0) + 2))]
    found = engine.score_documents(
        pack_rows(rows),
        np.arange(len(rows), dtype=np.int64),
        np.cumsum(lengths, dtype=np.int64),
        np.array([QUOTED] * len(rows) if judged is None else judged, np.uint8),
        np.array(logs),
    )
    n_sentences = sum(map(len, rows))
    assert (found.parts.shape, found.parts.dtype) == ((len(rows), 3), np.dtype(np.float64))
    assert (found.firsts.shape, found.firsts.dtype) == ((n_sentences,), np.dtype(np.int32))
    assert (found.seconds.shape, found.seconds.dtype) == ((n_sentences,), np.dtype(np.int32))
    assert (found.shares.shape, found.shares.dtype) == ((n_sentences, 2), np.dtype(np.float64))
    return found


def bits_of(scores: DocumentScores) -> tuple[bytes, ...]:
    """Give all that was found, to the last bit."""
    columns = (scores.parts, scores.firsts, scores.seconds, scores.shares)
    return tuple(column.tobytes() for column in columns)


def split(document: list[tuple[Row, int]]) -> tuple[list[Row], list[int]]:
    return [row for row, _ in document], [judged for _, judged in document]


@settings(max_examples=300)
@given(DOCUMENT)
@example([([[8, 16, 24]], 1), ([], 1), ([[]], 1), ([[8, 16, 24], [8], [16, 24, 32]], 1)])
def test_the_parts_of_a_score_are_what_the_design_says(
    engine: Engine, document: list[tuple[Row, int]]
) -> None:
    rows, judged = split(document)
    found = score(engine, [rows], judged)

    for k, (containment, bigrams, dice) in enumerate(found.parts.tolist()):
        expected = ByHand(rows).score(k, is_judged=bool(judged[k]))
        assert expected.containment[0] - NEAR <= containment <= expected.containment[1] + NEAR
        assert bigrams == pytest.approx(expected.bigrams, abs=NEAR)
        assert dice == pytest.approx(expected.dice, abs=NEAR)


@settings(max_examples=300)
@given(DOCUMENT)
def test_the_sources_of_a_sentence_are_the_best_there_are(
    engine: Engine, document: list[tuple[Row, int]]
) -> None:
    rows, judged = split(document)
    found, by_hand = score(engine, [rows], judged), ByHand(rows)
    sentences = [(k, set(sentence)) for k, row in enumerate(rows) for sentence in row]

    for place, (k, sentence) in enumerate(sentences):
        first, second = int(found.firsts[place]), int(found.seconds[place])
        held, added = found.shares[place].tolist()
        best = by_hand.best(sentence, k) if k and judged[k] and len(sentence) >= 3 else {}
        if not best:
            assert (first, second, held, added) == (-1, -1, 0.0, 0.0)
            continue
        assert held == pytest.approx(best[first], abs=NEAR)
        left = by_hand.added(sentence, first, k)
        if judged[k] == JUDGED:
            assert (second, added) == (-1, 0.0)
        elif second < 0:
            assert added == 0.0
            assert max(left) < 0.12 + NEAR
        else:
            assert added == pytest.approx(max(left), abs=NEAR)
            assert left[second] == pytest.approx(max(left), abs=NEAR)
            assert added >= 0.12


@settings(max_examples=150)
@given(st.lists(DOCUMENT, max_size=5))
@example([[], [([[]], 1)], []])
def test_both_engines_score_documents_to_the_same_bits(
    engines: Engines, documents: list[list[tuple[Row, int]]]
) -> None:
    rows = [[row for row, _ in document] for document in documents]
    judged = [judged for document in documents for _, judged in document]
    oracle, compiled = (score(engine, rows, judged) for engine in engines)

    assert bits_of(compiled) == bits_of(oracle)


def test_both_engines_score_long_documents_to_the_same_bits(engines: Engines) -> None:
    draw = np.random.default_rng(3)
    documents = [
        [
            [(draw.zipf(1.2, draw.integers(0, 25)) % 3000).tolist() for _ in range(5)]
            for _ in range(n)
        ]
        for n in (60, 1, 7, 0, 120)
    ]
    oracle, compiled = (score(engine, documents) for engine in engines)

    assert bits_of(compiled) == bits_of(oracle)
    assert (oracle.seconds >= 0).any()


@given(st.lists(DOCUMENT, max_size=4))
def test_a_document_scores_alone_as_among_others(
    engine: Engine, documents: list[list[tuple[Row, int]]]
) -> None:
    rows = [[row for row, _ in document] for document in documents]
    judged = [[judged for _, judged in document] for document in documents]
    together = score(engine, rows, [one for each in judged for one in each])

    base = row = 0
    for document, chosen in zip(rows, judged, strict=True):
        alone, end = score(engine, [document], chosen), base + sum(map(len, document))
        assert together.parts[row : row + len(document)].tolist() == alone.parts.tolist()
        assert together.shares[base:end].tolist() == alone.shares.tolist()
        for found, own in ((together.firsts, alone.firsts), (together.seconds, alone.seconds)):
            assert found[base:end].tolist() == [n + base if n >= 0 else -1 for n in own.tolist()]
        base, row = end, row + len(document)


def test_rows_are_read_in_the_order_asked_for(engines: Engines) -> None:
    rows: list[Row] = [
        [[8, 16, 24]],
        [[32, 40, 48], [8, 56, 64]],
        [[8, 16, 24, 32]],
        [[48, 40, 32]],
    ]
    lists, logs = pack_rows(rows), np.array([0.0, 0.0, *(log(n) for n in (2, 3, 4))])
    chosen, ends = np.array([3, 1, 2], np.int64), np.array([2, 3], np.int64)

    for engine in engines:
        found = engine.score_documents(lists, chosen, ends, np.full(3, QUOTED, np.uint8), logs)
        expected = score(engine, [[rows[3], rows[1]], [rows[2]]])
        assert bits_of(found) == bits_of(expected)
        assert found.firsts.tolist() == [-1, 0, -1, -1]


@given(st.lists(st.integers(0, 3), min_size=3, max_size=6), st.data())
def test_the_order_of_the_earlier_rows_does_not_matter_to_the_last(
    engine: Engine, lengths: list[int], data: st.DataObject
) -> None:
    # Words alone, seven at most: no two sources then tie that hold unequal shares.
    sentences = st.lists(_WORDS, max_size=7, unique=True)
    rows = [data.draw(st.lists(sentences, min_size=n, max_size=n)) for n in lengths]
    shuffled = [*data.draw(st.permutations(rows[:-1])), rows[-1]]

    before, after = score(engine, [rows]), score(engine, [shuffled])

    assert after.parts[-1].tolist() == before.parts[-1].tolist()


@given(_ROWS.filter(lambda row: any(len(set(sentence)) >= 3 for sentence in row)))
def test_a_row_said_again_scores_one_in_all_parts(engine: Engine, row: Row) -> None:
    found = score(engine, [[row, row]])

    assert found.parts[1].tolist() == [1.0, 1.0, 1.0]


@given(
    st.lists(_ROWS, max_size=5),
    _ROWS.filter(lambda row: any(len(set(sentence)) >= 3 for sentence in row)),
)
def test_a_row_that_repeats_an_earlier_one_is_held_whole(
    engine: Engine, others: list[Row], row: Row
) -> None:
    found = score(engine, [[row, *others, row]])

    assert found.parts[-1, :2].tolist() == [1.0, 1.0]
    assert (found.seconds[-len(row) :] == -1).all()


@given(DOCUMENT)
def test_every_part_is_a_share(engine: Engine, document: list[tuple[Row, int]]) -> None:
    found = score(engine, [split(document)[0]])

    assert ((found.parts >= 0) & (found.parts <= 1)).all()
    assert ((found.shares >= 0) & (found.shares <= 1)).all()
    assert (found.shares.sum(axis=1) <= 1 + 1e-12).all()
    assert (found.firsts < np.arange(len(found.firsts))).all()


@given(DOCUMENT)
def test_a_row_that_is_not_judged_is_a_source_like_any_other(
    engine: Engine, document: list[tuple[Row, int]]
) -> None:
    rows, judged = split(document)
    some, every = score(engine, [rows], judged), score(engine, [rows])

    for k, is_judged in enumerate(judged):
        expected = every.parts[k].tolist() if is_judged else [0.0, 0.0, every.parts[k, 2]]
        assert some.parts[k].tolist() == expected


def test_a_score_by_hand(engine: Engine) -> None:
    # Two rows, so that every term weighs 1. Of four terms the first sentence holds 3 and the
    # second the one that is left; of six pairs of terms, 3 stand in the first, none elsewhere.
    a, b, c, d, e = 8, 16, 24, 32, 40
    found = score(engine, [[[[a, b, c], [d, e]], [[a, b, c, d]]]])

    assert found.parts[1].tolist() == [0.75, 0.5, 2 * 4 / (4 + 5)]
    assert found.firsts.tolist() == [-1, -1, 0]
    assert found.seconds.tolist() == [-1, -1, 1]
    assert found.shares[2].tolist() == [0.75, 0.25]


def test_a_number_weighs_double(engine: Engine) -> None:
    a, b, c = 8, 16, 24 | NUMBER
    found = score(engine, [[[[c]], [[a, b, c]]]])

    assert found.parts[1].tolist() == [0.5, 0.0, 2 * 2 / (4 + 2)]


def test_of_equal_sources_the_first_is_named(engine: Engine) -> None:
    a, b, c, d = 8, 16, 24, 32
    found = score(engine, [[[[d]], [[a, b], [a, c]], [[b, c], [b, a]], [[a, b, c]]]])

    assert found.firsts.tolist()[-1] == 1
    assert found.seconds.tolist()[-1] == 2


@pytest.mark.parametrize(("n", "is_named"), [(LEAST_NAMED, True), (LEAST_NAMED + 1, False)])
def test_a_term_in_very_many_sentences_names_none_of_them(
    engine: Engine, n: int, *, is_named: bool
) -> None:
    common, new = 8, [16, 24]
    many = [[common, 800 + 16 * i, 808 + 16 * i] for i in range(n)]
    found = score(engine, [[many, [[common, *new], [common, many[5][1], new[0]]]]])

    assert found.firsts.tolist()[-2:] == [0 if is_named else -1, 5]
    held = found.shares[-2:, 0].tolist()
    assert held == pytest.approx([1 / 3 if is_named else 0.0, 2 / 3])  # it counts where named
    assert found.seconds.tolist()[-2:] == [-1, -1]


def test_both_engines_agree_where_terms_stand_in_very_many_sentences(engines: Engines) -> None:
    draw = np.random.default_rng(11)
    many = [
        [8, 16 | NUMBER, *(24 + 8 * draw.integers(0, 60, 3)).tolist()][i % 2 :] for i in range(2300)
    ]
    rows: list[Row] = [many[:1100], many[1100:2250], *([sentence] for sentence in many[2250:])]
    rows += [[[8, 16 | NUMBER, 9000, 24]], [[16 | NUMBER, 8, 9008]]]

    oracle, compiled = (score(engine, [rows]) for engine in engines)

    assert bits_of(compiled) == bits_of(oracle)
    assert oracle.firsts.tolist()[-1] == -1 < oracle.firsts.tolist()[-2]
