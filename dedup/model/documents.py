"""Hold what readers give and the first stage makes of it: blocks, documents, paragraphs."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, Literal, TypeAlias

import numpy as np

from dedup.model.arrays import BoolArray, ByteArray, IndexArray, OffsetArray
from dedup.values import Value


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


def tell_kinds(*kinds: BlockKind) -> BoolArray:
    """Give a table that tells, of each byte that is a kind, whether it is one of some.

    `np.isin` takes 47 us a call, which a folder of 1,000 files pays three times a file.

    >>> tell_kinds(BlockKind.LIST, BlockKind.CODE)[[2, 3, 6]].tolist()
    [False, True, True]
    """
    table = np.zeros(256, np.bool_)
    table[list(kinds)] = True
    return table


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Span(Value):
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Block(Value):
    """A stretch of a document with a kind; `text` is compared, the span says where it is."""

    kind: BlockKind
    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Head(Value):
    """What a document says of itself; '' where it says nothing.

    Attributes:
        link: Its address: an entry's link, a page's `rel=canonical`, what a crawler asked for.
        title: Its title, as plain text on one line.
        language: The language it declares, as `de` or `pt-BR`.
    """

    link: str = ""
    title: str = ""
    language: str = ""


NO_HEAD: Final = Head()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Document(Value):
    """What one source holds, as blocks in reading order. `date` is ISO 8601 or None."""

    identity: str | int
    path: str | None
    blocks: tuple[Block, ...]
    date: str | None = None
    head: Head = NO_HEAD


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Problem(Value):
    """Something unreadable that was skipped: where (line from 1, or None) and why (DUP900).

    As a batch's remark: something that was read, and what must be said of how.
    """

    path: str
    line: int | None
    message: str


DirectiveKind: TypeAlias = Literal["ignore", "off", "on", "ignore-file", "element", "unknown"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Directive(Value):
    """What a source says of itself to a check: a comment `dedup: ignore`, or an HTML attribute.

    Attributes:
        kind: ignore: the paragraph that it stands in, else the next one of its document;
            off, on: everything from here to the next `on` of the source; ignore-file: the whole
            source; element: what stands between its two places; unknown: begins with `dedup:` but
            says nothing that is known.
        line, column: Where it begins in the source, from 1; of an element its start tag.
        end_line, end_column: The last character of it, of an element of its end tag.
        codes: The rules it names; all of them where it names none.
        reason: What is said behind it, on one line; '' where nothing is.
        document: Row, in its batch, of the document that it stands in; None where it stands in no
            single one of several.
    """

    kind: DirectiveKind
    line: int
    column: int
    end_line: int
    end_column: int
    codes: tuple[str, ...] = ()
    reason: str = ""
    document: int | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DocumentBatch:
    """Neighbouring documents of one file, as columns; what every reader gives.

    Attributes:
        path: The file as the user named it; None for records that came from memory.
        buffer: UTF-8 of all blocks, with PADDING bytes behind: what is compared and shown.
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
        heads: What each document says of itself; None where the format has nothing of the kind.
        end_columns, end_chars: Where each block ends in the source, the column that of its last
            character, `end_chars` exclusive; None where a block is the very slice of the source
            that `columns` and `chars` begin (or where only its beginning is known).
        remarks: What must be said of how the source was read, as a guessed encoding.
        is_whole: False where what should have been read here was given up as a whole.
        directives: What the source says of itself to a check, in order.
        source: The bytes of the source where `buffer` has blanks in their place, which are the
            comments of directives; None where it has none. By them paragraphs are parted and
            places are counted.
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
    heads: tuple[Head, ...] | None = None
    end_columns: IndexArray | None = None
    end_chars: OffsetArray | None = None
    remarks: tuple[Problem, ...] = ()
    is_whole: bool = True
    directives: tuple[Directive, ...] = ()
    source: ByteArray | None = None

    @property
    def written(self) -> ByteArray:
        """Give the blocks as they are written, comments of directives and all."""
        return self.buffer if self.source is None else self.source

    def without_text(self) -> "DocumentBatch":
        """Forget the text."""
        return replace(self, buffer=np.empty(0, np.uint8), source=None)


class LazyBatches(Sequence[DocumentBatch], ABC):
    """Batches that are made when they are asked for; to be gone through in order, not held."""

    @abstractmethod
    def without_texts(self) -> "LazyBatches":
        """Give the same batches without their texts."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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

    def take(self, rows: OffsetArray) -> "ParagraphBatch":
        """Give some of the paragraphs."""
        return ParagraphBatch(
            self.batch,
            self.document[rows],
            self.starts[rows],
            self.ends[rows],
            self.start_lines[rows],
            self.end_lines[rows],
            self.columns[rows],
            self.block[rows],
        )
