"""Run the compiled loops of terms, anchors and restatement; twin of `_numpy_terms`."""

from functools import cached_property

import numpy as np

from dedup.kernels import constants
from dedup.kernels._numba_folding import NumbaFolding, table_size
from dedup.kernels.columns import ANCHOR_FACTS, BIGRAM_COLUMNS, SENTENCE_COLUMNS, TERM_COLUMNS
from dedup.kernels.results import AnchorPairs, DocumentScores, PairCover
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
        """Weigh the distinct terms that each pair shares, and those of each row; numbers double."""
        weights = np.zeros(len(lists), np.int32)
        shared, exchanged = np.empty(len(lefts), np.int32), np.empty(len(lefts), np.int32)
        n_slots = table_size(int(lists.sizes.max(initial=0)))
        self._loops["cover_pairs"](
            lists.terms, lists.sentence_ends, lists.row_ends, lefts, rights,
            np.zeros(n_slots, np.uint32), np.full(n_slots, -1, np.int64),
            np.zeros(n_slots, np.uint32), np.full(n_slots, -1, np.int64),
            shared, exchanged, weights,
        )  # fmt: skip
        return PairCover(shared, exchanged, weights)

    def share_anchors(
        self, lists: TermLists, rows: OffsetArray, most: int, least: tuple[int, int]
    ) -> AnchorPairs:
        """Pair the rows that share anchors, skip-bigrams that at most `most` rows hold."""
        sizes = np.zeros(len(rows), np.int32)
        anchors, anchor_ends = self._sift_anchors(lists, rows, sizes)
        facts, n = self._count_anchors(anchors, anchor_ends, most)
        postings, touched = np.empty(n + 1, np.int32), np.empty(len(rows) + 1, np.int32)
        room = 4 * len(rows) + 16
        while True:
            pairs, shared = np.empty(room, np.uint64), np.empty(room, np.int32)
            written = self._loops["pair_anchors"](
                anchors, anchor_ends, sizes, facts, postings, most, *least,
                np.zeros(len(rows), np.int32), touched, pairs, shared,
            )  # fmt: skip
            if written <= room:
                return _unpack(pairs[:written], shared[:written], sizes)
            room = written

    def _count_anchors(
        self, anchors: TokenArray, anchor_ends: OffsetArray, most: int
    ) -> tuple[IndexArray, int]:
        """Count who holds each anchor, in a table that grows: most anchors stand in many rows.

        In `anchors` the slot of each takes its place.
        """
        size = table_size(len(anchors) // 32)
        while True:
            table, facts = np.empty(size, np.uint32), np.zeros(ANCHOR_FACTS * size, np.int32)
            n = self._loops["count_anchors"](anchors, anchor_ends, table, facts, most)
            if n >= 0:
                return facts, n
            size *= 2

    def _sift_anchors(
        self, lists: TermLists, rows: OffsetArray, sizes: IndexArray
    ) -> tuple[TokenArray, OffsetArray]:
        """List the anchors that may stand in two rows."""
        kept = constants.ANCHOR_TERMS * constants.TERM_REACH  # of a row, about; of a long one half
        room = int(np.minimum(constants.TERM_REACH * lists.sizes[rows], kept).sum()) + 16
        shift = 32 - min(29, max(10, (2 * room).bit_length()))
        anchor_ends = np.empty(len(rows), np.int64)
        while True:
            anchors, seen = np.empty(room, np.uint32), np.zeros(1 << (30 - shift), np.uint8)
            where = (lists.terms, lists.sentence_ends, lists.row_ends, rows, seen, shift)
            count = self._loops["sift_anchors"](*where, anchors, anchor_ends, sizes)
            if count <= room:
                return anchors[:count], anchor_ends
            room = count


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
    in_row = np.diff(lists.row_ends, prepend=0)[rows]
    terms = np.concatenate([np.zeros(1, np.int64), np.cumsum(lists.sizes[rows])])
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


def _unpack(
    pairs: "np.ndarray[tuple[int], np.dtype[np.uint64]]", counts: IndexArray, sizes: IndexArray
) -> AnchorPairs:
    """Sort pairs by (left, right)."""
    order = np.argsort(pairs, kind="stable")
    lefts = (pairs[order] >> np.uint64(32)).astype(np.int32)
    rights = (pairs[order] & np.uint64(0xFFFFFFFF)).astype(np.int32)
    return AnchorPairs(lefts, rights, counts[order], sizes)
