"""Say what each kernel of terms, anchors and restatement means, in NumPy and plain Python.

Twin of `_numba_terms`: the same methods, arguments and results, to the last bit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from dedup.kernels import constants, hashing
from dedup.kernels.restated import RowScore, list_bigrams, score_document
from dedup.kernels.results import AnchoredBlock, AnchorLimits, DocumentScores, PairCover
from dedup.kernels.shapes import SHAPE_COLUMNS, measure_shape
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    ScoreArray,
    TermLists,
    TokenArray,
    TokenLists,
    are_among,
    distinct,
)
from dedup.stop_words import LANGUAGES
from dedup.terms import find_terms, stop_words


class NumpyTermKernels:
    """The kernels that need no compiled code and work on content terms."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}

    def count_stop_words(self, lists: TokenLists) -> IndexArray:
        """Count the stop words of each language in each row; int32, shape (rows, languages)."""
        counts = np.zeros((len(lists), len(LANGUAGES)), np.int32)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lists.sizes)])
        rows = [lists.tokens[s:e] for s, e in zip(lists.starts, lists.ends, strict=True)]
        tokens = np.concatenate([*rows, np.empty(0, np.uint32)]) & ~np.uint32(constants.CLASS_MASK)
        for language in range(len(LANGUAGES)):
            known = hashing.hash_words(sorted(stop_words(language)))
            met = np.concatenate([np.zeros(1, np.int64), np.cumsum(are_among(tokens, known))])
            counts[:, language] = met[bounds[1:]] - met[bounds[:-1]]
        return counts

    def list_terms(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, languages: ByteArray
    ) -> tuple[TokenArray, OffsetArray]:
        """List the content terms of sentences of valid UTF-8, and where those of each end."""
        rows: list[int] = []
        term_ends = np.empty(len(starts), np.int64)
        spans = zip(starts.tolist(), ends.tolist(), languages.tolist(), strict=True)
        for row, (start, end, language) in enumerate(spans):
            found = find_terms(text[start:end].tobytes().decode(), language)
            rows += [self._terms.get(term) or self._learn_term(term) for term in found]
            term_ends[row] = len(rows)
        return np.array(rows, np.uint32), term_ends

    def _learn_term(self, term: str) -> int:
        self._terms[term] = hashing.make_term(term)
        return self._terms[term]

    def measure_shapes(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, floors: OffsetArray
    ) -> IndexArray:
        """Measure the shape of paragraphs; int32, shape (rows, SHAPE_COLUMNS).

        `floors` is where the blanks before a paragraph's first line may begin.
        """
        counts = np.zeros((len(starts), SHAPE_COLUMNS), np.int32)
        spans = zip(starts.tolist(), ends.tolist(), floors.tolist(), strict=True)
        for row, (start, end, floor) in enumerate(spans):
            before = text[floor:start].tobytes()
            indent = len(before) - len(before.rstrip(b" \t"))
            counts[row] = measure_shape(text[start:end].tobytes(), indent)
        return counts

    def score_documents(
        self,
        lists: TermLists,
        rows: OffsetArray,
        document_ends: OffsetArray,
        judged: ByteArray,
        logs: ScoreArray,
    ) -> DocumentScores:
        """Score the rows of documents against the earlier rows of the same document."""
        known, scored, base = logs.tolist(), list[RowScore](), 0
        sources: list[tuple[int, float, int, float]] = []
        for begin, end in pairwise([0, *document_ends.tolist()]):
            chosen = [_sentences_of(lists, row) for row in rows[begin:end].tolist()]
            found = score_document(chosen, judged[begin:end].tolist(), known)
            scored += found
            for score in found:
                sources += [_move(source, base) for source in score.sources]
            base = len(sources)
        columns = np.array(sources, np.float64).reshape(-1, 4)
        parts = [(score.containment, score.bigrams, score.dice) for score in scored]
        return DocumentScores(
            np.array(parts, np.float64).reshape(-1, 3),
            columns[:, 0].astype(np.int32),
            columns[:, 2].astype(np.int32),
            columns[:, 1::2].copy(),
        )

    def cover_pairs(self, lists: TermLists, lefts: IndexArray, rights: IndexArray) -> PairCover:
        """Weigh the distinct terms that each pair shares, and those of its rows; numbers double."""
        rows = distinct(np.concatenate([lefts, rights])).tolist()
        sets = {row: set(lists.row(row).tolist()) for row in rows}
        found = np.empty((4, len(lefts)), np.int32)
        for place, (left, right) in enumerate(zip(lefts.tolist(), rights.tolist(), strict=True)):
            one, other = sets[left], sets[right]
            exchanged = min(_count_numbers(one - other), _count_numbers(other - one))
            found[:, place] = (_weigh(one & other), exchanged, _weigh(one), _weigh(other))
        return PairCover(*found)

    def share_anchors(
        self,
        lists: TermLists,
        blocks: Iterable[OffsetArray],
        limits: AnchorLimits,
        sizes: IndexArray,
    ) -> Iterator[AnchoredBlock]:
        """Pair the rows that share anchors, skip-bigrams that few rows hold.

        Args:
            lists: The terms of all rows.
            blocks: The rows, a block after another; who gives them may let memory go between.
            limits: What counts.
            sizes: Takes, added, how many anchors each of the rows has, repeats and all.

        Returns:
            For each block the pairs whose later row is in it, as places among all rows given.
        """
        holders, ends = defaultdict[int, list[int]](list), [0]
        for rows in blocks:
            for place, row in enumerate(rows.tolist(), ends[-1]):
                anchors = _list_anchors(_sentences_of(lists, row), limits.part)
                sizes[place] += len(anchors)
                for anchor in dict.fromkeys(anchors):
                    holders[anchor].append(place)
            ends.append(ends[-1] + len(rows))
        shared: Counter[tuple[int, int]] = Counter()
        for places in holders.values():
            if len(places) <= limits.most:
                shared.update((b, a) for i, b in enumerate(places) for a in places[:i])
        least, per_thousand = limits.least
        kept = sorted(
            (later << 32 | earlier, count)
            for (later, earlier), count in shared.items()
            if count >= least and 1000 * count >= per_thousand * min(sizes[later], sizes[earlier])
        )
        pairs = np.array([pair for pair, _ in kept], np.uint64)
        counts = np.array([count for _, count in kept], np.int32)
        bounds = np.searchsorted(pairs, np.array(ends, np.uint64) << np.uint64(32))
        for begin, end in pairwise(bounds.tolist()):
            yield AnchoredBlock(pairs[begin:end], counts[begin:end])


def _list_anchors(sentences: list[list[int]], part: tuple[int, int]) -> list[int]:
    """Give the anchors of a row, repeats and all; of a long one those that end in enough zeros."""
    which, part_bits = part
    spare, n_terms = 0, sum(map(len, sentences))
    while n_terms > constants.ANCHOR_TERMS:
        n_terms = n_terms + 1 >> 1
        spare = spare << 1 | 1
    bigrams = (bigram for sentence in sentences for bigram in list_bigrams(sentence))
    anchors = (hashing.make_anchor(*bigram) for bigram in bigrams)
    kept = (anchor for anchor in anchors if not anchor & spare)
    return [anchor for anchor in kept if anchor >> 32 - part_bits == which]


def _count_numbers(terms: set[int]) -> int:
    return sum(term & constants.TERM_NUMBER for term in terms)


def _weigh(terms: set[int]) -> int:
    factor = constants.NUMBER_FACTOR
    return sum(factor if term & constants.TERM_NUMBER else 1 for term in terms)


def _sentences_of(lists: TermLists, row: int) -> list[list[int]]:
    """Give the terms of each sentence of a row."""
    first, end = (int(lists.row_ends[row - 1]) if row else 0), int(lists.row_ends[row])
    bounds = [int(lists.sentence_ends[first - 1]) if first else 0]
    bounds += lists.sentence_ends[first:end].tolist()
    return [lists.terms[a:b].tolist() for a, b in pairwise(bounds)]


def _move(source: tuple[int, float, int, float], base: int) -> tuple[int, float, int, float]:
    """Count sentences from the first of all documents in place of the first of their own."""
    first, held, second, added = source
    return (first + base if first >= 0 else -1, held, second + base if second >= 0 else -1, added)
