"""Run the compiled loops: allocate what they fill, call them, hand back arrays of `model` types.

Twin of `_numpy`, which says what each method means; both give the same arrays to the last bit.
"""

from functools import cached_property
from typing import Final

import numpy as np

from dedup.kernels import constants
from dedup.kernels._numba_folding import ends_to_starts, table_size
from dedup.kernels._numba_terms import NumbaTermKernels
from dedup.kernels.records import COLUMNS, RecordRows
from dedup.kernels.tables import make_names
from dedup.model import (
    PADDING,
    ByteArray,
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleSets,
    SignatureArray,
    Sketches,
    TokenArray,
    TokenLists,
)

# Rows of which a part's table, links and keys stay in the processor's cache: 10 ns a row, not 55.
_ROWS_A_PART: Final = 1 << 14
_MOST_PART_BITS: Final = 10  # more streams than that are slow to write


class NumbaEngine(NumbaTermKernels):
    """Kernels in machine code; every method is called with arrays of a whole block."""

    name: Final = "numba"

    @cached_property
    def _names(self) -> TokenArray:
        return make_names()

    def find_records(self, block: ByteArray, size: int, fields: tuple[str, str, str]) -> RecordRows:
        """Find text, id and date of the JSON lines in the first `size` bytes of a padded block."""
        most = self._loops["count_line_ends"](block, size) + 1
        rows, kinds = np.empty(most * COLUMNS, np.int64), np.empty(most, np.uint8)
        keys = [np.frombuffer(field.encode(), np.uint8) for field in fields]
        n = self._loops["scan_records"](block, size, *keys, rows, kinds)
        return RecordRows(rows[: n * COLUMNS].reshape(n, COLUMNS), kinds[:n])

    def unescape(self, block: ByteArray, starts: OffsetArray, ends: OffsetArray) -> OffsetArray:
        """Write JSON strings without their escapes in place; gives where each ends."""
        new_ends = ends.copy()
        self._loops["unescape_strings"](block, starts, new_ends)
        return new_ends

    def gather(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> list[bytes]:
        """Give stretches of a buffer as bytes; where both ends are -1, none."""
        sizes = ends - starts
        out = np.empty(int(sizes.sum()), np.uint8)
        self._loops["gather_spans"](text, starts, ends, out)
        content, stops = out.tobytes(), np.cumsum(sizes)
        spans = zip((stops - sizes).tolist(), stops.tolist(), strict=True)
        return [content[start:stop] for start, stop in spans]

    def split_blank_lines(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray
    ) -> tuple[OffsetArray, OffsetArray, OffsetArray]:
        """Part texts at blank lines: whose each paragraph is, its bytes, its lines and column."""
        breaks = self._loops["count_line_ends"](text, len(text) - PADDING)
        most = breaks // 2 + len(starts) + 1
        owners, bounds = np.empty(most, np.int64), np.empty(2 * most, np.int64)
        lines = np.empty(3 * most, np.int64)
        n = self._loops["split_blank_lines"](text, starts, ends, owners, bounds, lines)
        return owners[:n], bounds[: 2 * n].reshape(n, 2), lines[: 3 * n].reshape(n, 3)

    def tokenize(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Tokenize padded texts of valid UTF-8."""
        n = len(starts)
        tokens = np.empty(int((ends - starts).sum()) // 2 + n + 1, np.uint32)
        token_ends, prints = np.empty(n, np.int64), np.zeros(2 * n, np.uint64)
        kinds = np.empty(n, np.uint8)
        count = self._loops["tokenize_ascii"](
            text, starts, ends, self._names, tokens, token_ends, prints, kinds
        )
        lists = TokenLists(tokens[:count], ends_to_starts(token_ends), token_ends, prints)
        odd = np.flatnonzero(kinds)
        if not len(odd):
            return lists
        return self._tokenize_odd(lists, tokens, text, (odd, starts[odd], ends[odd]))

    def _tokenize_odd(
        self,
        lists: TokenLists,
        room: TokenArray,
        text: ByteArray,
        odd: tuple[OffsetArray, OffsetArray, OffsetArray],
    ) -> TokenLists:
        """Fold the texts that are not plain ASCII and put their tokens behind the others'.

        `room` begins with the tokens of the others; it is mostly large enough for these too.
        """
        rows, starts, ends = odd
        folded, fold_starts, fold_ends = self._fold(text, starts, ends)
        before = len(lists.tokens)
        if len(room) - before < len(folded):
            room = np.concatenate([lists.tokens, np.empty(len(folded), np.uint32)])
        token_ends, prints = np.empty(len(rows), np.int64), np.zeros(2 * len(rows), np.uint64)
        count = self._loops["tokenize_utf8"](
            folded,
            fold_starts,
            fold_ends,
            self._names,
            self._folds,
            room[before:],
            token_ends,
            prints,
        )
        lists.starts[rows] = ends_to_starts(token_ends) + before
        lists.ends[rows] = token_ends + before
        lists.prints.reshape(-1, 2)[rows] = prints.reshape(-1, 2)
        return TokenLists(room[: before + count], lists.starts, lists.ends, lists.prints)

    def spell(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Give the code points of each normalized text, what parts its words as one blank."""
        n = len(starts)
        folded, fold_starts, fold_ends = self._fold(text, starts, ends)
        points, point_ends = np.empty(len(folded) + 1, np.uint32), np.empty(n, np.int64)
        count = self._loops["spell_texts"](
            folded, fold_starts, fold_ends, self._folds, points, point_ends
        )
        prints = np.zeros(2 * n, np.uint64)
        return TokenLists(points[:count], ends_to_starts(point_ends), point_ends, prints)

    def find_representatives(self, prints: HashArray) -> OffsetArray:
        """Give each row of fingerprints (two words) the first row with the same."""
        n = len(prints) // 2
        table, firsts = np.full(table_size(n), -1, np.int32), np.empty(n, np.int64)
        self._loops["find_representatives"](prints, table, firsts)
        return firsts

    def shingle(
        self, tokens: TokenArray, starts: OffsetArray, ends: OffsetArray, size: int
    ) -> ShingleSets:
        """Hash every run of `size` tokens; repeats are kept, so these are lists, not yet sets."""
        sizes = ends - starts
        shingles, shingle_ends = np.empty(int(sizes.sum()), np.uint32), np.empty_like(ends)
        sums = np.empty(int(sizes.max(initial=0)), np.uint64)
        weights = np.array(constants.shingle_weights(size), np.uint32)
        n = self._loops["shingle_tokens"](
            tokens, starts, ends, weights, shingles, shingle_ends, sums
        )
        return ShingleSets(shingles[:n], shingle_ends)

    def keep_distinct(self, lists: ShingleSets) -> ShingleSets:
        """Drop the repeats of a shingle within each row."""
        shingles, ends = lists.shingles.copy(), np.empty_like(lists.ends)
        table = np.full(table_size(int(lists.sizes.max(initial=0))), -1, np.int64)
        n = self._loops["keep_distinct"](shingles, lists.ends, ends, table)
        return ShingleSets(shingles[:n], ends)

    def sign(
        self, lists: ShingleSets, factors: SignatureArray, terms: SignatureArray
    ) -> SignatureArray:
        """Sign each row: its least permuted shingle for each of the permutations."""
        minima = np.empty(len(lists) * len(factors), np.uint32)
        self._loops["sign_shingles"](lists.shingles, lists.ends, factors, terms, minima)
        return minima

    def make_band_keys(
        self, minima: SignatureArray, n_rows: int, shape: tuple[int, int], num_perm: int
    ) -> SignatureArray:
        """Hash each band of each signature; shape: bands, rows a band. Gives (bands, n_rows)."""
        keys = np.empty((shape[0], n_rows), np.uint32)
        self._loops["make_band_keys"](minima, num_perm, *shape, keys.reshape(-1), n_rows)
        return keys

    def pair_buckets(
        self, keys: SignatureArray, full: int, few: int
    ) -> tuple[PairArray, IndexArray]:
        """Pair the rows of one band by the bucket rule.

        Gives too, for each row, the first row of its bucket where it is a member beyond `full`,
        else -1.
        """
        n = len(keys)
        bits = min(_MOST_PART_BITS, max(1, (n // _ROWS_A_PART).bit_length()))
        entries, ends = np.empty(n, np.uint64), np.zeros(1 << bits, np.int64)
        most = self._loops["partition_keys"](keys, bits, ends, entries)
        table, links = np.empty(table_size(most), np.int32), np.empty(3 * most, np.int32)
        beyond, room = np.full(n, -1, np.int32), 4 * n + 16
        while True:
            pairs = np.empty(room, np.uint64)
            written = self._loops["pair_buckets"](
                entries, ends, table, links, full, few, pairs, beyond
            )
            if written <= room:
                return pairs[:written], beyond
            room = written

    def sketch(self, lists: ShingleSets, width: int) -> HashArray:
        """Sketch each row: a bit for each shingle, and how many shingles it has."""
        sketches = np.empty(width * len(lists), np.uint64)
        self._loops["sketch_shingles"](lists.shingles, lists.ends, width, sketches)
        return sketches

    def sift(self, pairs: PairArray, sketches: Sketches, least: tuple[int, int]) -> PairArray:
        """Give the pairs whose sketches leave open that they reach a threshold; in place."""
        return pairs[: self._loops["sift_pairs"](pairs, sketches.words, sketches.width, *least)]

    def copy_rows(self, lists: TokenLists, rows: OffsetArray) -> TokenLists:
        """Copy some rows, one right behind the other."""
        starts, ends = lists.starts[rows], lists.ends[rows]
        copied_ends = np.cumsum(ends - starts)
        copied = np.empty(int(copied_ends[-1]) if len(rows) else 0, np.uint32)
        self._loops["copy_rows"](lists.tokens, starts, ends, copied)
        prints = lists.prints.reshape(-1, 2)[rows].reshape(-1)
        return TokenLists(copied, ends_to_starts(copied_ends), copied_ends, prints)

    def count_shared(self, sets: ShingleSets, lefts: IndexArray, rights: IndexArray) -> OffsetArray:
        """Count the shingles each pair has in common; pairs come sorted by their left."""
        table = np.full(table_size(int(sets.sizes.max(initial=0))), -1, np.int64)
        shared = np.empty(len(lefts), np.int64)
        self._loops["count_shared"](sets.shingles, sets.ends, lefts, rights, table, shared)
        return shared

    def count_all_shared(self, sets: ShingleSets) -> IndexArray:
        """Count what every two sets share; shape (n, n), only left < right is filled."""
        n = len(sets)
        rows = np.repeat(np.arange(n, dtype=np.int32), sets.sizes)
        order = np.argsort(sets.shingles, kind="stable")
        totals = np.zeros(n * n, np.int32)
        self._loops["count_all_shared"](sets.shingles, order, rows, n, totals)
        return totals.reshape(n, n)

    def count_conflicts(
        self, lists: TokenLists, lefts: IndexArray, rights: IndexArray, max_edits: int
    ) -> tuple[IndexArray, IndexArray]:
        """Count each pair's exchanged numbers and dates, and its matched tokens.

        Matched is SAME_SLOTS or TOO_FAR where a pair was not aligned.
        """
        longest = int(lists.sizes[lefts].max(initial=0))
        trace = np.empty((max_edits + 1) ** 2, np.int32)
        matches = np.empty(longest + 1, np.int32)
        conflicts, matched = np.empty(len(lefts), np.int32), np.empty(len(lefts), np.int32)
        self._loops["count_conflicts"](
            lists.tokens, lists.starts, lists.ends, lefts, rights, trace, matches,
            conflicts, matched,
        )  # fmt: skip
        return conflicts, matched

    def group(
        self, n: int, pairs: tuple[IndexArray, IndexArray], scores: ScoreArray
    ) -> tuple[IndexArray, ScoreArray]:
        """Group n rows around canonicals; pairs (left < right) come sorted by right, then left."""
        canonicals, best = np.arange(n, dtype=np.int32), np.ones(n, np.float64)
        self._loops["group_in_order"](*pairs, scores, canonicals, best)
        return canonicals, best
