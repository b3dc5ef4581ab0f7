"""List the anchors of paragraphs, by which they are paired.

Texts come in; who holds which anchor goes out, packed (see `packing`) by the part that a range of
anchors goes to.

Decision (2026-11-26): an anchor that more paragraphs of one task hold than may hold it at all is
told once, without its holders. How many anchors a paragraph has is told only where it may decide:
with two anchors shared, 3 % of the shorter's are reached by every paragraph of up to 66.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import pyarrow as pa

from dedup.anchors import LEAST_SHARED
from dedup.config import Config
from dedup.kernels import Engine, constants
from dedup.model import IndexArray, OffsetArray, TermLists, TokenArray, distinct
from dedup.spark.runtime.blocks import cut_into_blocks, load_task_engine, read_texts
from dedup.spark.stages.packing import pack_parts

# An anchor, who holds it, and how many anchors that one has, 0 where it does not matter.
POSTINGS: Final = (np.int64, np.int64, np.uint32)
NOBODY: Final = -1  # in place of a holder: more hold the anchor than may
_ROWS_AT_ONCE: Final = 1 << 15  # about 1.1 million anchors, 60 MB on their way
_U32: Final = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Anchoring:
    """What tasks know besides the paragraphs: every setting, and into how many parts to deal.

    Attributes:
        config: Every setting.
        part_bits: There are 2 ** part_bits parts.
    """

    config: Config
    part_bits: int

    @property
    def least(self) -> tuple[int, int]:
        """Give how many anchors a pair shares at least, and how many thousandths of one side's."""
        return LEAST_SHARED, round(1000 * self.config.restatement.anchor_share)

    @property
    def decisive_from(self) -> int:
        """Give the anchors of a side from which on `LEAST_SHARED` may be too few."""
        least, per_thousand = self.least
        return 1000 * least // per_thousand + 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Anchors:
    """The distinct anchors of some rows, sorted by row, then anchor.

    Attributes:
        rows, anchors: Of each anchor.
        sizes: How many anchors each row has, repeats and all.
    """

    rows: OffsetArray
    anchors: TokenArray
    sizes: IndexArray


def list_anchors(lists: TermLists) -> Anchors:
    """List the anchors of rows of content terms, as `Engine.share_anchors` makes them.

    A row of up to ANCHOR_TERMS terms keeps all, of up to twice as many those whose lowest bit is 0,
    and so on.
    """
    n_rows, spares = len(lists), _list_spares(lists.sizes)
    sentences = np.repeat(
        np.arange(len(lists.sentence_ends)), np.diff(lists.sentence_ends, prepend=0)
    )
    rows = np.repeat(np.arange(n_rows), lists.sizes)
    codes, sizes = [np.empty(0, np.uint64)], np.zeros(n_rows, np.int32)
    for distance in range(1, constants.TERM_REACH + 1):
        lefts, rights = lists.terms[:-distance], lists.terms[distance:]
        is_bigram = (sentences[:-distance] == sentences[distance:]) & (lefts != rights)
        places = np.flatnonzero(is_bigram)
        anchors = _hash_bigrams(lefts[places], rights[places])
        owners = rows[places]
        kept = np.flatnonzero(anchors & spares[owners] == 0)
        owners = owners[kept]
        sizes += np.bincount(owners, minlength=n_rows).astype(np.int32)
        codes.append(owners.astype(np.uint64) << _U32 | anchors[kept])
    found = distinct(np.concatenate(codes))
    return Anchors((found >> _U32).astype(np.int64), found.astype(np.uint32), sizes)


def _list_spares(n_terms: OffsetArray) -> TokenArray:
    """Give the bits that must be 0 in the anchors that each row keeps: more, the longer it is."""
    spares, left = np.zeros(len(n_terms), np.uint32), n_terms.copy()
    while len(left) and left.max() > constants.ANCHOR_TERMS:
        is_long = left > constants.ANCHOR_TERMS
        left = np.where(is_long, (left + 1) >> 1, left)
        spares = np.where(is_long, spares << np.uint32(1) | np.uint32(1), spares)
    return spares


def _hash_bigrams(ones: TokenArray, others: TokenArray) -> TokenArray:
    """Make the anchors of pairs of terms; see `hashing.make_anchor`."""
    low, high = np.minimum(ones, others), np.maximum(ones, others)
    mixed = (low.astype(np.uint64) << _U32 | high) * np.uint64(constants.WORD_MULTIPLIER)
    mixed = (mixed ^ mixed >> _U32) * np.uint64(constants.FINAL_MULTIPLIER)
    return (mixed >> _U32).astype(np.uint32)


def list_postings(
    batches: Iterator[pa.RecordBatch], anchoring: Anchoring
) -> Iterator[pa.RecordBatch]:
    """Tell who holds which anchor.

    Args:
        batches: `id`, `language` and `text` of kept paragraphs.
        anchoring: Every setting.

    Yields:
        PACKED rows of `POSTINGS`, sorted by anchor.
    """
    engine = load_task_engine(anchoring.config)
    ids: list[OffsetArray] = []
    found: list[Anchors] = []
    for block in chain.from_iterable(map(cut_into_blocks, batches)):
        ids.append(block.column("id").to_numpy())
        found.append(_list_of_block(block, engine))
        if sum(map(len, ids)) >= _ROWS_AT_ONCE:
            yield _pack_postings(np.concatenate(ids), _join(found), anchoring)
            ids, found = [], []
    if ids:
        yield _pack_postings(np.concatenate(ids), _join(found), anchoring)


def _list_of_block(block: pa.RecordBatch, engine: Engine) -> Anchors:
    nowhere = np.zeros(block.num_rows, np.int64)
    texts = read_texts(block.column("text"), nowhere, nowhere.astype(np.int32))
    languages = block.column("language").to_numpy().astype(np.uint8)
    terms, ends = engine.list_terms(texts.buffer, texts.starts, texts.ends, languages)
    return list_anchors(TermLists(terms, ends, np.arange(1, len(ends) + 1), languages))


def _join(blocks: list[Anchors]) -> Anchors:
    """Put the rows of blocks behind one another."""
    firsts = np.cumsum([0, *(len(block.sizes) for block in blocks)])
    rows = [block.rows + first for block, first in zip(blocks, firsts.tolist(), strict=False)]
    return Anchors(
        np.concatenate(rows),
        np.concatenate([block.anchors for block in blocks]),
        np.concatenate([block.sizes for block in blocks]),
    )


def _pack_postings(ids: OffsetArray, found: Anchors, anchoring: Anchoring) -> pa.RecordBatch:
    """Sort by anchor and pack part by part; an anchor of too many is told once."""
    codes = np.sort(found.anchors.astype(np.uint64) << _U32 | found.rows.astype(np.uint64))
    anchors, rows = (codes >> _U32).astype(np.int64), codes.astype(np.uint32).astype(np.int64)
    is_first = np.diff(anchors, prepend=-1) != 0
    counts = np.diff(np.append(np.flatnonzero(is_first), len(anchors)))
    is_common = np.repeat(counts > anchoring.config.restatement.anchor_rows, counts)
    kept = np.flatnonzero(~is_common | is_first)
    anchors, rows, is_common = anchors[kept], rows[kept], is_common[kept]
    decisive = np.where(found.sizes >= anchoring.decisive_from, found.sizes, 0)[rows]
    columns = (
        anchors,
        np.where(is_common, NOBODY, ids[rows]),
        np.where(is_common, 0, decisive).astype(np.uint32),
    )
    return pack_parts(anchors >> 32 - anchoring.part_bits, columns)
