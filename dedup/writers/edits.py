"""Change the bytes of a source at a few places and leave all others as they are.

In: the pieces of a source as they were read, each with the paragraphs to remove from it or the
marks to add. Out: the same bytes with the edits done, and what was cut, for whoever wants it back.

Decision (2026-11-25): formats that are bytes are edited, not written anew: a writer says which
bytes go, and everything else, down to a blank or an escape, is copied.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Final, TypeAlias

from dedup.config import ReadersConfig
from dedup.model import OffsetArray, ParagraphBatch
from dedup.readers.sources import Piece, Source

MARKS: Final = ("dedup_group", "dedup_canonical", "dedup_relation", "dedup_score")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a document in its own columns, which have the names in `MARKS`.

    Attributes:
        group: 16 hex digits of the group; None where nothing of it was compared.
        is_canonical: It is to be kept.
        relation: How it stands to its canonical, as `near-duplicate`; None for a kept one.
        score: Resemblance to its canonical, in [0, 1]; None for a kept one.
    """

    group: str | None
    is_canonical: bool
    relation: str | None
    score: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a source with what is to be done to it.

    Attributes:
        piece: The piece; parsing may have written into its `data`.
        raw: Its bytes as the source has them.
        paragraphs: All paragraphs of it, in reading order, over the batch that `parse` gave.
        removed: Rows of those to be removed, sorted.
        marks: One for each document of the batch, where documents are marked and nothing is cut.
    """

    piece: Piece
    raw: bytes
    paragraphs: ParagraphBatch
    removed: OffsetArray
    marks: tuple[Mark, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `replacement` in the place of raw[start:end], which removes the paragraphs of `rows`."""

    start: int
    end: int
    replacement: bytes = b""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Something cut out of a source.

    Attributes:
        rows: Its paragraphs, as rows of the part's.
        offset: The byte of the unpacked source at which it stood; a row's number from 0 where the
            format has no bytes of its own.
        content: What stood there, as bytes; None where the format cannot show it.
    """

    rows: tuple[int, ...]
    offset: int
    content: bytes | None


FindEdits: TypeAlias = Callable[[Part, ReadersConfig], Iterable[Edit]]
Rewrite: TypeAlias = Callable[
    [Source, Iterable[Part], IO[bytes], ReadersConfig], Iterator[tuple[Part, list[Cut]]]
]


def make_rewriter(find_edits: FindEdits) -> Rewrite:
    """Give the `rewrite` of a format that is bytes, of which a function gives the edits."""

    def rewrite(
        source: Source,  # noqa: ARG001 -- the pieces say all
        parts: Iterable[Part],
        output: IO[bytes],
        config: ReadersConfig,
    ) -> Iterator[tuple[Part, list[Cut]]]:
        """Write a source again, a part at a time as it is iterated over; gives what was cut."""
        return rewrite_pieces(parts, output, find_edits, config)

    return rewrite


def rewrite_pieces(
    parts: Iterable[Part], output: IO[bytes], find_edits: FindEdits, config: ReadersConfig
) -> Iterator[tuple[Part, list[Cut]]]:
    """Write pieces with their edits done, one after the other, as it is iterated over.

    Args:
        parts: The pieces of one source, in order and without a gap.
        output: Where the bytes go.
        find_edits: Gives the edits of a part, in order and not overlapping.
        config: How the source is read.

    Yields:
        Each part with what was cut from it.
    """
    offset = 0
    for part in parts:
        output.write(part.piece.head)
        offset += len(part.piece.head)
        cuts, done = [], 0
        for edit in find_edits(part, config):
            output.write(part.raw[done : edit.start])
            output.write(edit.replacement)
            done = edit.end
            if edit.rows:
                content = part.raw[edit.start : edit.end]
                cuts.append(Cut(edit.rows, offset + edit.start, content))
        output.write(part.raw[done:])
        offset += len(part.raw)
        yield part, cuts
