"""Hold the engines: modules of kernels that give the same arrays, in NumPy or in machine code."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Final, Protocol

from dedup.kernels.records import RecordRows
from dedup.kernels.results import AnchoredBlock, AnchorLimits, DocumentScores, PairCover
from dedup.model import (
    ByteArray,
    HashArray,
    IndexArray,
    OffsetArray,
    PairArray,
    ScoreArray,
    ShingleSets,
    SignatureArray,
    Sketches,
    TermLists,
    TokenArray,
    TokenLists,
)

ENGINES: Final = {
    "numpy": ("dedup.kernels._numpy", "NumpyEngine"),
    "numba": ("dedup.kernels._numba", "NumbaEngine"),
}


class Engine(Protocol):
    """What every engine can do; `_numpy.NumpyEngine` says what each method means."""

    @property
    def name(self) -> str:
        """Give the engine's name in ENGINES."""

    def find_records(self, block: ByteArray, size: int, fields: tuple[str, str, str]) -> RecordRows:
        """Find text, id and date of JSON lines."""

    def unescape(self, block: ByteArray, starts: OffsetArray, ends: OffsetArray) -> OffsetArray:
        """Write JSON strings without their escapes, in place."""

    def gather(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> list[bytes]:
        """Give stretches of a buffer as bytes."""

    def split_blank_lines(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray
    ) -> tuple[OffsetArray, OffsetArray, OffsetArray]:
        """Part texts at blank lines."""

    def tokenize(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Tokenize texts of valid UTF-8."""

    def spell(self, text: ByteArray, starts: OffsetArray, ends: OffsetArray) -> TokenLists:
        """Give code points in place of tokens."""

    def find_representatives(self, prints: HashArray) -> OffsetArray:
        """Find the first row with each fingerprint."""

    def shingle(
        self, tokens: TokenArray, starts: OffsetArray, ends: OffsetArray, size: int
    ) -> ShingleSets:
        """Hash every run of tokens."""

    def keep_distinct(self, lists: ShingleSets) -> ShingleSets:
        """Drop repeated shingles."""

    def sign(
        self, lists: ShingleSets, factors: SignatureArray, terms: SignatureArray
    ) -> SignatureArray:
        """Sign shingle sets."""

    def make_band_keys(
        self, minima: SignatureArray, n_rows: int, shape: tuple[int, int], num_perm: int
    ) -> SignatureArray:
        """Hash the bands of signatures."""

    def pair_buckets(
        self, keys: SignatureArray, full: int, few: int
    ) -> tuple[PairArray, IndexArray]:
        """Pair the rows of one band."""

    def sketch(self, lists: ShingleSets, width: int) -> HashArray:
        """Sketch shingle sets as bitmaps."""

    def sift(self, pairs: PairArray, sketches: Sketches, least: tuple[int, int]) -> PairArray:
        """Drop the pairs that sketches rule out."""

    def copy_rows(self, lists: TokenLists, rows: OffsetArray) -> TokenLists:
        """Copy rows together."""

    def count_shared(self, sets: ShingleSets, lefts: IndexArray, rights: IndexArray) -> OffsetArray:
        """Count shared shingles of pairs."""

    def count_all_shared(self, sets: ShingleSets) -> IndexArray:
        """Count shared shingles of all pairs."""

    def count_conflicts(
        self, lists: TokenLists, lefts: IndexArray, rights: IndexArray, max_edits: int
    ) -> tuple[IndexArray, IndexArray]:
        """Count exchanged numbers and dates of pairs."""

    def count_stop_words(self, lists: TokenLists) -> IndexArray:
        """Count the stop words of each language in each row."""

    def list_terms(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, languages: ByteArray
    ) -> tuple[TokenArray, OffsetArray]:
        """List the content terms of sentences."""

    def measure_shapes(
        self, text: ByteArray, starts: OffsetArray, ends: OffsetArray, floors: OffsetArray
    ) -> IndexArray:
        """Measure what tells prose from lists, tables and code."""

    def score_documents(
        self,
        lists: TermLists,
        rows: OffsetArray,
        document_ends: OffsetArray,
        judged: ByteArray,
        logs: ScoreArray,
    ) -> DocumentScores:
        """Score the rows of documents against the earlier ones."""

    def cover_pairs(self, lists: TermLists, lefts: IndexArray, rights: IndexArray) -> PairCover:
        """Weigh the terms that pairs of rows share, and those of their rows."""

    def share_anchors(
        self,
        lists: TermLists,
        blocks: Iterable[OffsetArray],
        limits: AnchorLimits,
        sizes: IndexArray,
    ) -> Iterator[AnchoredBlock]:
        """Pair the rows that share rare skip-bigrams, block by block."""

    def group(
        self, n: int, pairs: tuple[IndexArray, IndexArray], scores: ScoreArray
    ) -> tuple[IndexArray, ScoreArray]:
        """Group rows around canonicals."""


@cache
def load_engine(name: str) -> Engine:
    """Load an engine by its name in ENGINES; only then is its module imported."""
    module, kind = ENGINES[name]
    engine: Engine = getattr(import_module(module), kind)()
    return engine
