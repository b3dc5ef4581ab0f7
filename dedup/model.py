"""Hold the frozen classes and array types that one stage hands the next.

Decision (2026-11-23): paragraphs are columns, not objects: one array a property, one row a
paragraph. A million objects cost 2 s and 300 MB before anything is compared; the columns
cost 60 bytes a paragraph and go to the kernels as they are. `Paragraph`, `Group` and `Finding` are
made from them for what a report shows.
"""

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

# One-dimensional and C-contiguous, all of them.
ByteArray: TypeAlias = npt.NDArray[np.uint8]
TokenArray: TypeAlias = npt.NDArray[np.uint32]  # 29 bits of hash over 3 bits of class
ShingleArray: TypeAlias = npt.NDArray[np.uint32]
SignatureArray: TypeAlias = npt.NDArray[np.uint32]  # minima, num_perm a paragraph
HashArray: TypeAlias = npt.NDArray[np.uint64]
PairArray: TypeAlias = npt.NDArray[np.uint64]  # lower row << 32 | higher row
OffsetArray: TypeAlias = npt.NDArray[np.int64]
IndexArray: TypeAlias = npt.NDArray[np.int32]
ScoreArray: TypeAlias = npt.NDArray[np.float64]

PADDING = 64  # bytes that a kernel may read behind the last byte of a buffer


class BlockKind(IntEnum):
    """What a block is; TEXT is not parted yet: blank lines part it into paragraphs."""

    TEXT = 0
    PARAGRAPH = 1
    HEADING = 2
    LIST = 3
    TABLE = 4
    QUOTE = 5
    CODE = 6
    METADATA = 7
    COMMENT = 8
    LINKS = 9


class Relation(IntEnum):
    """How a paragraph stands to another; 0: not at all (a canonical, or alone)."""

    NONE = 0
    IDENTICAL = 1
    NEAR_DUPLICATE = 2
    CONTAINED = 3
    VARIANT = 4

    @property
    def label(self) -> str:
        """Give the word that users read, as `near-duplicate`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a block lies.

    Lines and columns of the source from 1 (columns in characters; the end column is that of the
    last character), characters of the document's text from 0, end exclusive.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document with a kind; `text` is compared, the span says where it is."""

    kind: BlockKind
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """What one source holds, as blocks in reading order. `date` is ISO 8601 or None."""

    identity: str | int
    path: str | None
    blocks: tuple[Block, ...]
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something unreadable that was skipped: where (line from 1, or None) and why (DUP900)."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class DocumentBatch:
    """Neighbouring documents of one file, as columns; what every reader gives.

    Attributes:
        path: The file as the user named it; None for records that came from memory.
        buffer: UTF-8 of all blocks, with PADDING bytes behind.
        ids: One JSON value a document, as bytes of JSON text (`b'"a.txt"'`, `b"17"`).
        dates: ISO 8601 a document, empty where there is none; None where no date was asked for.
        document: Row of each block's document in `ids`.
        starts, ends: Bytes of each block in `buffer`.
        kinds: `BlockKind` of each block.
        lines, columns: Where each block begins in the source, from 1; columns in characters.
        chars: Characters of the document's text before each block.
        end_lines: The source line on which each block ends.
        is_source: The blocks' own line ends are the source's (false for JSON strings).
        problems: What had to be skipped.
    """

    path: str | None
    buffer: ByteArray
    ids: list[bytes]
    dates: list[str] | None
    document: IndexArray
    starts: OffsetArray
    ends: OffsetArray
    kinds: ByteArray
    lines: OffsetArray
    columns: IndexArray
    chars: OffsetArray
    end_lines: OffsetArray
    is_source: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ParagraphBatch:
    """The paragraphs of one batch: bytes in its buffer, and where they stand in the source."""

    batch: DocumentBatch
    document: IndexArray
    starts: OffsetArray
    ends: OffsetArray
    start_lines: OffsetArray
    end_lines: OffsetArray
    columns: IndexArray
    block: IndexArray


@dataclass(frozen=True, slots=True)
class TokenLists:
    """The tokens of many paragraphs: row p is tokens[starts[p]:ends[p]]; two print words a row."""

    tokens: TokenArray
    starts: OffsetArray
    ends: OffsetArray
    prints: HashArray

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.starts)

    @property
    def sizes(self) -> OffsetArray:
        """Give the number of tokens of each paragraph."""
        return self.ends - self.starts

    def take(self, rows: OffsetArray) -> "TokenLists":
        """Give the lists of some rows, over the same tokens."""
        prints = self.prints.reshape(-1, 2)[rows].reshape(-1)
        return TokenLists(self.tokens, self.starts[rows], self.ends[rows], prints)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Signatures:
    """MinHash signatures, `num_perm` minima a row, made with the permutations of `seed`."""

    minima: SignatureArray
    num_perm: int
    seed: int

    def row(self, index: int) -> SignatureArray:
        """Give one signature."""
        return self.minima[index * self.num_perm : (index + 1) * self.num_perm]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to measure, lower row first, sorted and distinct; rows in canonical order.

    `n_beyond` members of `n_templates` buckets were paired with the bucket's first few only.
    """

    pairs: PairArray
    n_beyond: int = 0
    n_templates: int = 0


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Corpus:
    """All paragraphs of a run as columns, in input order, with their documents and texts.

    Attributes:
        batches: The batches the paragraphs came from; their buffers are dropped (empty) where no
            text is kept.
        first_paragraphs: First paragraph number of each batch, and the number of all at the end.
        first_documents: Likewise for documents.
        document: Number of each paragraph's document.
        starts, ends: Bytes of each paragraph in its batch's buffer.
        start_lines, end_lines, columns: Where it stands in the source, from 1.
        blocks: Row of each paragraph's block in its batch.
        tokens: The tokens of each paragraph and its fingerprint.
    """

    batches: tuple[DocumentBatch, ...]
    first_paragraphs: OffsetArray
    first_documents: OffsetArray
    document: IndexArray
    starts: OffsetArray
    ends: OffsetArray
    start_lines: OffsetArray
    end_lines: OffsetArray
    columns: IndexArray
    blocks: IndexArray
    tokens: TokenLists
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Give the number of paragraphs."""
        return len(self.starts)

    @property
    def n_documents(self) -> int:
        """Give the number of documents, those without a paragraph too."""
        return int(self.first_documents[-1])

    def batch_of(self, paragraph: int) -> DocumentBatch:
        """Give the batch that holds a paragraph."""
        return self.batches[int(np.searchsorted(self.first_paragraphs, paragraph, "right")) - 1]

    def document_batch(self, document: int) -> tuple[DocumentBatch, int]:
        """Give the batch that holds a document and its row there."""
        which = int(np.searchsorted(self.first_documents, document, "right")) - 1
        return self.batches[which], document - int(self.first_documents[which])

    def identity(self, document: int) -> str | int:
        """Give a document's id as Python's value."""
        batch, row = self.document_batch(document)
        value: str | int = json.loads(batch.ids[row])
        return value

    def text(self, paragraph: int) -> str:
        """Give a paragraph's text as it stands in the document; '' where no text was kept."""
        buffer = self.batch_of(paragraph).buffer
        return buffer[self.starts[paragraph] : self.ends[paragraph]].tobytes().decode()
