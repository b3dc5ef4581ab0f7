"""Run the compiled loops of terms, anchors and restatement; twin of `_numpy_terms`."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import numpy as np

from dedup.kernels import constants
from dedup.kernels._numba_folding import NumbaFolding, table_size
from dedup.kernels.columns import ANCHOR_FACTS, BIGRAM_COLUMNS, SENTENCE_COLUMNS, TERM_COLUMNS
from dedup.kernels.results import AnchoredBlock, AnchorLimits, DocumentScores, PairCover
from dedup.kernels.shapes import SHAPE_COLUMNS, list_classes
from dedup.kernels.tables import make_stop_words
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    ScoreArray,
    TermLists,
    TokenArray,
    TokenLists,
    spread_ranges,
)
from dedup.stop_words import LANGUAGES

_PAIRS_AT_ONCE: Final = 1 << 18


class NumbaTermKernels(NumbaFolding):
    """The kernels in machine code that work on content terms."""

    @cached_property
    def _stops(self) -> tuple[TokenArray, ByteArray]:
        return make_stop_words()

    def count_stop_words(self, lists: TokenLists) -> IndexArray:
        """Count the stop words of each language in each row; int32, shape (rows, languages)."""
        counts = np.zeros((len(lists), len(LANGUAGES)), np.int32)
        self._loops["count_stop_words"](
            lists.tokens, lists.starts, lists.ends, *self._stops, counts.reshape(-1)
        )
        return counts

    def list_terms(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, languages: ByteArray
    ) -> tuple[TokenArray, OffsetArray]:
        """List the content terms of sentences of valid UTF-8, and where those of each end."""
        terms = np.empty(int((ends - starts).sum()) // 2 + len(starts) + 1, np.uint32)
        term_ends, kinds = np.empty(len(starts), np.int64), np.empty(len(starts), np.uint8)
        n = self._loops["list_ascii_terms"](
            text, starts, ends, languages, *self._stops, terms, term_ends, kinds
        )
        odd = np.flatnonzero(kinds)
        if not len(odd):
            return terms[:n].copy(), term_ends
        others = self._list_odd_terms(text, starts[odd], ends[odd], languages[odd])
        return _merge_rows((terms[:n], term_ends), others, odd)

    def _list_odd_terms(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, languages: ByteArray
    ) -> tuple[TokenArray, OffsetArray]:
        """List the content terms of texts that want folding."""
        folded, fold_starts, fold_ends = self._fold(text, starts, ends)
        terms, term_ends = np.empty(len(folded), np.uint32), np.empty(len(starts), np.int64)
        n = self._loops["list_terms"](
            folded, fold_starts, fold_ends, languages, self._folds, *self._stops, terms, term_ends
        )
        return terms[:n], term_ends

    def measure_shapes(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, floors: OffsetArray
    ) -> IndexArray:
        """Measure the shape of paragraphs; int32, shape (rows, SHAPE_COLUMNS)."""
        counts = np.zeros((len(starts), SHAPE_COLUMNS), np.int32)
        classes = np.array(list_classes(), np.uint8)
        self._loops["measure_shapes"](text, starts, ends, floors, classes, counts.reshape(-1))
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
        n_terms, n_sentences, longest = _measure(lists, rows, document_ends)
        total = int(n_sentences.sum())
        parts = np.empty((len(rows), 3), np.float64)
        firsts, seconds = np.full(total, -1, np.int32), np.full(total, -1, np.int32)
        shares = np.zeros((total, 2), np.float64)
        self._loops["score_documents"](
            lists.terms, lists.sentence_ends, lists.row_ends, rows, document_ends, judged, logs,
            *_make_scratch(int(n_terms.max(initial=0)), int(n_sentences.max(initial=0)), longest),
            parts.reshape(-1), firsts, seconds, shares.reshape(-1),
        )  # fmt: skip
        return DocumentScores(parts, firsts, seconds, shares)

    def cover_pairs(self, lists: TermLists, lefts: IndexArray, rights: IndexArray) -> PairCover:
        """Weigh the distinct terms that each pair shares, and those of its rows; numbers double."""
        found = [np.empty(len(lefts), np.int32) for _ in range(4)]
        sizes = [lists.count_terms(side.astype(np.int64)) for side in (lefts, rights)]
        tables = [
            (np.zeros(n_slots, np.uint32), np.full(n_slots, -1, np.int64))
            for n_slots in (table_size(int(each.max(initial=0))) for each in sizes)
        ]
        self._loops["cover_pairs"](
            lists.terms, lists.sentence_ends, lists.row_ends, lefts, rights,
            *tables[0], *tables[1], *found,
        )  # fmt: skip
        return PairCover(*found)

    def share_anchors(
        self,
        lists: TermLists,
        blocks: Iterable[OffsetArray],
        limits: AnchorLimits,
        sizes: IndexArray,
    ) -> Iterator[AnchoredBlock]:
        """Pair the rows that share anchors, skip-bigrams that few rows hold."""
        anchors, held, ends = self._list_anchors(lists, blocks, limits, sizes)
        facts, n = self._count_anchors(anchors, held, limits.most)
        postings, shared = np.empty(n + 1, np.int32), np.zeros(len(sizes), np.int32)
        most_met = min(len(sizes), int(held.max(initial=0)) * max(limits.most - 1, 0)) + 1
        pairs = np.empty(max(_PAIRS_AT_ONCE, most_met), np.uint64)
        scratch = (shared, np.empty(most_met, np.int32), pairs, np.empty(len(pairs), np.int32))
        reached, asked = np.zeros(2, np.int64), (limits.most, *limits.least)
        for end in ends:
            parts = []
            while reached[0] < end:
                n = self._loops["pair_anchors"](
                    anchors, held, sizes, facts, postings, *asked, end, *scratch, reached
                )
                parts.append((pairs[:n].copy(), scratch[3][:n].copy()))
            found = parts or [(pairs[:0], scratch[3][:0])]
            yield AnchoredBlock(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _list_anchors(
        self,
        lists: TermLists,
        blocks: Iterable[OffsetArray],
        limits: AnchorLimits,
        sizes: IndexArray,
    ) -> tuple[TokenArray, IndexArray, list[int]]:
        """List the anchors that may stand in two rows, how many a row has, and where blocks end."""
        which, part_bits = limits.part
        anchors, held = np.empty(limits.expected + 16, np.uint32), np.empty(len(sizes), np.int32)
        shift = 32 - min(29, max(10, (2 * limits.expected).bit_length()))
        seen, n, ends = np.zeros(1 << (30 - shift), np.uint8), 0, [0]
        for rows in blocks:
            place = slice(ends[-1], ends[-1] + len(rows))
            before = sizes[place].copy()
            where = (lists.terms, lists.sentence_ends, lists.row_ends, rows, which, part_bits)
            while True:
                found = (anchors, n, held[place], sizes[place])
                end = self._loops["list_anchors"](*where, seen, shift, *found)
                if end <= len(anchors):
                    break
                anchors = np.concatenate([anchors[:n], np.empty(2 * end - n, np.uint32)])
                sizes[place] = before  # to be met again by `seen` only lets more through
            n, ends = end, [*ends, place.stop]
        n = self._loops["drop_lone_anchors"](seen, shift, anchors[:n], held)
        return anchors[:n], held, ends[1:]

    def _count_anchors(
        self, anchors: TokenArray, held: IndexArray, most: int
    ) -> tuple[IndexArray, int]:
        """Count who holds each anchor, in a table that grows: most anchors stand in many rows.

        In `anchors` the slot of each takes its place.
        """
        size = table_size(len(anchors) // 32)
        while True:
            table, facts = np.empty(size, np.uint32), np.zeros(ANCHOR_FACTS * size, np.int32)
            n = self._loops["count_anchors"](anchors, held, table, facts, most)
            if n >= 0:
                return facts, n
            del table, facts
            size *= 2


def _merge_rows(
    rows: tuple[TokenArray, OffsetArray], others: tuple[TokenArray, OffsetArray], odd: OffsetArray
) -> tuple[TokenArray, OffsetArray]:
    """Put the terms of the odd rows, which are empty among the others, in their places."""
    (terms, ends), (odd_terms, odd_ends) = rows, others
    sizes = np.diff(ends, prepend=0)
    begins = ends - sizes
    sizes[odd] = np.diff(odd_ends, prepend=0)
    begins[odd] = len(terms) + odd_ends - sizes[odd]
    merged = np.concatenate([terms, odd_terms])[spread_ranges(begins, sizes)]
    return merged, np.cumsum(sizes)


def _measure(
    lists: TermLists, rows: OffsetArray, document_ends: OffsetArray
) -> tuple[OffsetArray, OffsetArray, int]:
    """Count the terms and the sentences of each document, and the sentences of the longest row."""
    in_row = lists.count_sentences(rows)
    terms = np.concatenate([np.zeros(1, np.int64), np.cumsum(lists.count_terms(rows))])
    sentences = np.concatenate([np.zeros(1, np.int64), np.cumsum(in_row)])
    n_terms, n_sentences = (np.diff(ends[document_ends], prepend=0) for ends in (terms, sentences))
    return n_terms, n_sentences, int(in_row.max(initial=0))


def _make_scratch(
    n_terms: int, n_sentences: int, longest: int
) -> tuple["np.ndarray[tuple[int], np.dtype[np.generic]]", ...]:
    """Make what the largest document needs; memory is touched only as far as one needs it."""
    n_bigrams = constants.TERM_REACH * n_terms
    n_keys = table_size(n_bigrams + n_terms)
    return (
        np.empty(table_size(n_terms), np.int32),
        np.empty(n_terms + 1, np.uint32),
        np.empty(TERM_COLUMNS * (n_terms + 1), np.int64),
        np.empty(n_terms + 1, np.int32),
        np.empty(n_keys, np.uint64),
        np.empty(BIGRAM_COLUMNS * n_keys, np.int32),
        np.empty(n_bigrams + 1, np.int32),
        np.empty(n_terms + 1, np.int32),
        np.empty(n_terms + 1, np.int32),
        np.empty(SENTENCE_COLUMNS * (n_sentences + 1), np.int64),
        np.empty(n_sentences + 1, np.int32),
        np.empty(longest + 1, np.int64),
    )
