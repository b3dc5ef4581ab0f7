"""Say what each kernel means, in NumPy and plain Python: oracle, and engine of small inputs.

Twin of `_numba`: the same methods, arguments and results, to the last bit.
"""

import re
from typing import Final

import numpy as np

from dedup.kernels import alignment, constants, hashing
from dedup.kernels._numpy_sketches import NumpySketchKernels
from dedup.kernels._numpy_terms import NumpyTermKernels
from dedup.kernels.oracle import (
    first_occurrences,
    join_best,
    join_rows,
    mix_shingles,
    pair_postings,
    shingle_row,
    split_text,
)
from dedup.kernels.records import COLUMNS, LINE, LINE_END, NUMBER, RecordRows
from dedup.model import (
    ByteArray,
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleSets,
    SignatureArray,
    TokenArray,
    TokenLists,
)
from dedup.text import normalize, token_pattern

_LINE: Final = re.compile(rb"[^\n]+")
_NUMBERS: Final = (constants.NUMBER, constants.NUMBER_PART)


def _pack_tokens(rows: list[list[int]], prints: list[tuple[int, int]]) -> TokenLists:
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    tokens = np.array([token for row in rows for token in row], np.uint32)
    starts = ends - np.array([len(row) for row in rows], np.int64)
    return TokenLists(tokens, starts, ends, np.array(prints, np.uint64).reshape(-1))


class NumpyEngine(NumpySketchKernels, NumpyTermKernels):
    """Kernels that need no compiled code; every method is called with arrays of a whole block."""

    name: Final = "numpy"

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, tuple[int, int]] = {}

    def find_records(
        self, block: ByteArray, size: int, _fields: tuple[str, str, str]
    ) -> RecordRows:
        """Find the lines that are not blank and leave every one to a JSON parser."""
        content = block[:size].tobytes()
        spans = [m.span() for m in _LINE.finditer(content) if m.group().strip(b" \t\r")]
        rows = np.full((len(spans), COLUMNS), -1, np.int64)
        rows[:, [LINE, LINE_END]] = np.array(spans, np.int64).reshape(-1, 2)
        breaks = np.flatnonzero(block[:size] == ord("\n"))
        rows[:, NUMBER] = np.searchsorted(breaks, rows[:, LINE])
        return RecordRows(rows, np.full(len(spans), constants.ODD, np.uint8))

    def unescape(self, _block: ByteArray, _starts: OffsetArray, ends: OffsetArray) -> OffsetArray:
        """Do nothing: `find_records` leaves every line with an escape to a JSON parser."""
        return ends

    def gather(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> list[bytes]:
        """Give stretches of a buffer as bytes; where both ends are -1, none."""
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end].tobytes() if start >= 0 else b"" for start, end in spans]

    def split_blank_lines(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray
    ) -> tuple[OffsetArray, OffsetArray, OffsetArray]:
        """Part texts at blank lines: whose each paragraph is, its bytes, its lines and column."""
        owners, bounds, lines = [], [], []
        for owner, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            for found in split_text(text[start:end].tobytes()):
                owners.append(owner)
                bounds.append((start + found[0], start + found[1]))
                lines.append(found[2:])
        shaped = np.array(bounds, np.int64).reshape(-1, 2)
        return np.array(owners, np.int64), shaped, np.array(lines, np.int64).reshape(-1, 3)

    def tokenize(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Tokenize texts of valid UTF-8."""
        rows, prints = [], []
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            tokens, marks = self._tokenize_one(normalize(text[start:end].tobytes().decode()))
            rows.append(tokens)
            prints.append(hashing.make_print(marks))
        return _pack_tokens(rows, prints)

    def _tokenize_one(self, normalized: str) -> tuple[list[int], list[int]]:
        """Give the tokens of a normalized text and the marks of its fingerprint."""
        tokens: list[int] = []
        marks: list[int] = []
        done = 0
        for match in token_pattern(normalized).finditer(normalized):
            gap, word = normalized[done : match.start()], match.group()
            token, mixed = self._known.get(word) or self._learn(word)
            kind = token & constants.CLASS_MASK
            after_number = tokens and tokens[-1] & constants.CLASS_MASK in _NUMBERS
            if kind == constants.NUMBER and gap in {".", ","} and after_number:
                token += constants.NUMBER_PART - constants.NUMBER
            tokens.append(token)
            marks += hashing.mark_gap(gap.encode()) or [0]
            marks[-1] ^= mixed
            done = match.end()
        return tokens, marks + hashing.mark_gap(normalized[done:].encode())

    def _learn(self, word: str) -> tuple[int, int]:
        utf8 = word.encode()
        mixed = hashing.hash_bytes(utf8)
        self._known[word] = hashing.classify_token(utf8, hashing.bare_of(mixed)), mixed
        return self._known[word]

    def spell(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Give the code points of each normalized text, what parts its words as one blank."""
        spelled = []
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            raw = text[start:end].tobytes()
            normalized = normalize(raw.decode())
            points: list[int] = []
            done = 0
            for match in token_pattern(normalized).finditer(normalized):
                blank = " " * (match.start() > done and bool(points))
                points += [ord(c) << constants.CLASS_BITS for c in blank + match.group()]
                done = match.end()
            spelled.append(points)
        return _pack_tokens(spelled, [(0, 0)] * len(spelled))

    def find_representatives(self, prints: HashArray) -> OffsetArray:
        """Give each row of fingerprints (two words) the first row with the same."""
        pairs = prints.reshape(-1, 2)
        _, firsts, inverse = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
        return firsts[inverse.reshape(-1)].astype(np.int64)

    def shingle(
        self, tokens: TokenArray, starts: OffsetArray, ends: OffsetArray, size: int
    ) -> ShingleSets:
        """Hash every run of `size` tokens; repeats are kept, so these are lists, not yet sets."""
        weights = np.array(constants.shingle_weights(size), np.uint64)
        lists = [shingle_row(tokens[s:e], weights) for s, e in zip(starts, ends, strict=True)]
        sizes = np.array([len(row) for row in lists], np.int64)
        return ShingleSets(join_rows(lists), np.cumsum(sizes, dtype=np.int64))

    def keep_distinct(self, lists: ShingleSets) -> ShingleSets:
        """Drop the repeats of a shingle within each row."""
        rows = [first_occurrences(lists.row(i)) for i in range(len(lists))]
        sizes = np.array([len(row) for row in rows], np.int64)
        return ShingleSets(join_rows(rows), np.cumsum(sizes, dtype=np.int64))

    def sign(
        self, lists: ShingleSets, factors: SignatureArray, terms: SignatureArray
    ) -> SignatureArray:
        """Sign each row: its least permuted shingle for each of the permutations."""
        minima = np.full((len(lists), len(factors)), constants.EMPTY_MINIMUM, np.uint32)
        for i in range(len(lists)):
            mixed = mix_shingles(lists.row(i))
            if len(mixed):
                minima[i] = (mixed[:, None] * factors + terms).min(axis=0)
        return minima.reshape(-1)

    def make_band_keys(
        self, minima: SignatureArray, n_rows: int, shape: tuple[int, int], num_perm: int
    ) -> SignatureArray:
        """Hash each band of each signature; shape: bands, rows a band. Gives (bands, n_rows)."""
        n_bands, rows_per_band = shape
        bands = minima.reshape(n_rows, num_perm)[:, : n_bands * rows_per_band]
        mixed = np.full((n_rows, n_bands), constants.LENGTH_MULTIPLIER, np.uint64)
        for row in range(rows_per_band):
            mixed = (mixed ^ bands[:, row::rows_per_band]) * np.uint64(constants.WORD_MULTIPLIER)
            mixed ^= mixed >> np.uint64(32)
        keys = mixed * np.uint64(constants.FINAL_MULTIPLIER) >> np.uint64(32)
        return np.ascontiguousarray(keys.T.astype(np.uint32))

    def pair_buckets(
        self, keys: SignatureArray, full: int, few: int
    ) -> tuple[PairArray, IndexArray]:
        """Pair the rows of one band by the bucket rule.

        Gives too, for each row, the first row of its bucket where it is a member beyond `full`,
        else -1.
        """
        buckets: dict[int, list[int]] = {}
        pairs, beyond = [], np.full(len(keys), -1, np.int32)
        for row, key in enumerate(keys.tolist()):
            members = buckets.setdefault(key, [])
            earlier = members if len(members) < full else members[:few]
            pairs += [member << 32 | row for member in earlier]
            if len(members) >= full:
                beyond[row] = members[0]
            members.append(row)
        return np.array(pairs, np.uint64), beyond

    def count_shared(self, sets: ShingleSets, lefts: IndexArray, rights: IndexArray) -> OffsetArray:
        """Count the shingles each pair has in common; pairs come sorted by their left."""
        shared = (
            np.intersect1d(sets.row(left), sets.row(right), assume_unique=True).size
            for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
        )
        return np.fromiter(shared, np.int64, count=len(lefts))

    def count_all_shared(self, sets: ShingleSets) -> IndexArray:
        """Count what every two sets share; shape (n, n), only left < right is filled."""
        n = len(sets)
        rows = np.repeat(np.arange(n), sets.sizes)
        order = np.argsort(sets.shingles, kind="stable")
        totals = np.zeros(n * n, np.int32)
        for codes in pair_postings(sets.shingles[order], rows[order], n):
            totals += np.bincount(codes, minlength=n * n).astype(np.int32)
        return totals.reshape(n, n)

    def count_conflicts(
        self, lists: TokenLists, lefts: IndexArray, rights: IndexArray, max_edits: int
    ) -> tuple[IndexArray, IndexArray]:
        """Count each pair's exchanged numbers and dates, and its matched tokens.

        Matched is SAME_SLOTS or TOO_FAR where a pair was not aligned.
        """
        results = [
            alignment.count_conflicts(
                lists.tokens[lists.starts[left] : lists.ends[left]].tolist(),
                lists.tokens[lists.starts[right] : lists.ends[right]].tolist(),
                max_edits,
            )
            for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
        ]
        columns = np.array(results, np.int32).reshape(-1, 2)
        return columns[:, 0].copy(), columns[:, 1].copy()

    def group(
        self, n: int, pairs: tuple[IndexArray, IndexArray], scores: ScoreArray
    ) -> tuple[IndexArray, ScoreArray]:
        """Group n rows around canonicals in rounds; pairs come sorted by right, then left.

        A row is decided as soon as all its earlier neighbours are: a canonical where none of them
        is one, else it joins the best. Luby, "A simple parallel algorithm for the maximal
        independent set problem", 1986, doi:10.1137/0215074, with the order fixed.
        """
        lefts, rights = pairs
        is_open, is_canonical = np.ones(n, np.bool_), np.zeros(n, np.bool_)
        while is_open.any():
            waits = np.zeros(n, np.bool_)
            waits[rights[is_open[lefts]]] = True
            beaten = np.zeros(n, np.bool_)
            beaten[rights[is_canonical[lefts]]] = True
            is_canonical |= is_open & ~waits & ~beaten
            is_open &= waits & ~beaten
        return join_best(n, (lefts, rights), scores, is_canonical)
