"""Tell every task which paragraphs are meant, without a shuffle.

In: a table with ids. Out: the set of them, small enough to go to the tasks with their code; or
None where it is not, and then Spark has to join.

Decision (2026-11-26): a join by id sends every row of the larger side through a shuffle to find
some of them: 170 bytes a paragraph of band keys to leave out the copies, 265 of texts to find those
of the pairs. A bit a paragraph says the same: 125 kB a million, before packing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.model import BoolArray, ByteArray, OffsetArray, distinct
from dedup.spark.runtime.blocks import as_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

_SHIFT: Final = 13  # a block of ids has a kilobyte of bits
_BLOCK_BYTES: Final = 1 << (_SHIFT - 3)
# 64 MB of bits in each worker: 500 million paragraphs, fewer where files are short.
_MOST_BLOCKS: Final = 1 << 16
_FEW_BLOCKS: Final = 1 << 12  # 33 million paragraphs
_IDS_AT_ONCE: Final = 1 << 20  # sorted together
_CODEC: Final = "zstd"
Kernel: TypeAlias = Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]
_FOUND: Final = "block bigint, bits binary"


@dataclass(frozen=True)
class IdSet:
    """A set of ids: of each block that has any, its number and a bit an id, packed.

    Attributes:
        n_blocks: How many blocks.
        content: Their numbers, int64, then their bits, by Zstandard.
    """

    n_blocks: int
    content: bytes

    @classmethod
    def of(cls, blocks: OffsetArray, bits: ByteArray) -> "IdSet":
        """Make a set of blocks.

        Args:
            blocks: Their numbers, rising.
            bits: Shape (blocks, _BLOCK_BYTES).
        """
        content: bytes = pa.compress(blocks.tobytes() + bits.tobytes(), _CODEC, asbytes=True)
        return cls(len(blocks), content)

    @cached_property
    def _opened(self) -> tuple[OffsetArray, ByteArray]:
        """Unpack it, once a task."""
        size = self.n_blocks * (8 + _BLOCK_BYTES)
        content = np.frombuffer(pa.decompress(self.content, size, _CODEC), np.uint8)
        blocks = content[: 8 * self.n_blocks].view(np.int64)
        return blocks, content[8 * self.n_blocks :].reshape(-1, _BLOCK_BYTES)

    def holds(self, ids: OffsetArray) -> BoolArray:
        """Tell which ids are in the set."""
        blocks, bits = self._opened
        if not len(blocks):
            return np.zeros(len(ids), np.bool_)
        wanted = ids >> _SHIFT
        rows = np.minimum(np.searchsorted(blocks, wanted), len(blocks) - 1)
        inner = ids & ((1 << _SHIFT) - 1)
        is_set = bits[rows, inner >> 3] >> (inner & 7).astype(np.uint8) & 1
        held: BoolArray = (is_set > 0) & (blocks[rows] == wanted)
        return held


def collect_ids(job: "Job", paragraphs: "DataFrame", ids: "DataFrame") -> IdSet | None:
    """Give the set of the ids of a table; None where it is too large to be sent to the tasks.

    Args:
        job: The run.
        paragraphs: Counted where the job has not been told how many there are, which says how large
            the set may become.
        ids: A table of one column, ids, each perhaps more than once.
    """
    n_paragraphs = paragraphs.count() if job.n_paragraphs is None else job.n_paragraphs
    n_blocks = (n_paragraphs >> _SHIFT) + len(job.files)
    if n_blocks > _MOST_BLOCKS:
        return None
    return gather_ids(job, ids, n_blocks)


def gather_ids(job: "Job", ids: "DataFrame", n_blocks: int) -> IdSet:
    """Give the set of the ids of a table, however large.

    Args:
        job: The run.
        ids: A table of one column, ids, each perhaps more than once.
        n_blocks: In how many blocks they are, at most.
    """
    found = list_blocks(job, ids, n_blocks).collect()
    return merge_blocks((row.block, bytes(row.bits)) for row in found)


def list_blocks(job: "Job", ids: "DataFrame", n_blocks: int) -> "DataFrame":
    """Give the blocks of the ids of a table; where they are many, each once.

    Each task finds some ids of most blocks. Of few blocks the driver puts that together; of 500
    million paragraphs it would get a gigabyte, which is more than Spark lets it have.
    """
    found = ids.toDF("id").mapInArrow(find_blocks, _FOUND)
    if n_blocks <= _FEW_BLOCKS:
        return found
    dealt = found.repartition(job.partitions, "block")
    return dealt.mapInArrow(unite_blocks, _FOUND)


def find_blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the blocks of the ids of a task, each once, its bits packed."""
    found: dict[int, ByteArray] = {}
    waiting: list[OffsetArray] = []
    n_waiting = 0
    for batch in batches:
        waiting.append(batch.column("id").to_numpy())
        n_waiting += batch.num_rows
        if n_waiting >= _IDS_AT_ONCE:
            _set_bits(found, np.concatenate(waiting))
            waiting, n_waiting = [], 0
    _set_bits(found, np.concatenate([*waiting, np.empty(0, np.int64)]))
    yield _lay_out(found)


def _lay_out(found: dict[int, ByteArray]) -> pa.RecordBatch:
    packed = [pa.compress(bits.tobytes(), _CODEC, asbytes=True) for bits in found.values()]
    return as_batch({"block": list(found), "bits": packed}, _FOUND)


def _set_bits(found: dict[int, ByteArray], ids: OffsetArray) -> None:
    """Set the bits of some ids in their blocks."""
    ids = distinct(ids)
    blocks, firsts = np.unique(ids >> _SHIFT, return_index=True)
    for block, part in zip(blocks.tolist(), np.split(ids, firsts[1:]), strict=False):
        is_set = np.zeros(1 << _SHIFT, np.uint8)
        is_set[part & ((1 << _SHIFT) - 1)] = 1
        bits = np.packbits(is_set, bitorder="little")
        found[block] = found[block] | bits if block in found else bits


def unite_blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give each of the blocks that several tasks found once."""
    rows = (row for batch in batches for row in batch.to_pylist())
    yield _lay_out(_unite((row["block"], row["bits"]) for row in rows))


def _unite(found: Iterable[tuple[int, bytes]]) -> dict[int, ByteArray]:
    united: dict[int, ByteArray] = {}
    for block, packed in found:
        bits = np.frombuffer(pa.decompress(packed, _BLOCK_BYTES, _CODEC), np.uint8)
        united[block] = united[block] | bits if block in united else bits
    return united


def merge_blocks(found: Iterable[tuple[int, bytes]]) -> IdSet:
    """Make a set of the blocks that several tasks found."""
    merged = _unite(found)
    blocks = sorted(merged)
    empty = np.empty((0, _BLOCK_BYTES), np.uint8)
    bits = np.stack([merged[block] for block in blocks]) if blocks else empty
    return IdSet.of(np.array(blocks, np.int64), bits)


def keep_rows(
    rows: "DataFrame",
    ids: "DataFrame",
    known: IdSet | None,
    *,
    inside: bool = True,
    column: str = "id",
) -> "DataFrame":
    """Keep the rows of which a column names an id in a set, or, not inside, those of the others.

    Args:
        rows: A table.
        ids: The set as a table of one column, ids, each perhaps more than once.
        known: The set itself, where it is small enough.
        inside: Which rows are wanted.
        column: Which column of `rows`.
    """
    if known is None:
        how = "left_semi" if inside else "left_anti"
        return rows.join(ids.toDF(column).distinct(), column, how).select(*rows.columns)
    kernel = partial(filter_batches, known=known, inside=inside, column=column)
    return rows.mapInArrow(kernel, rows.schema)


def pick_paragraphs(job: "Job", rows: "DataFrame", ids: "DataFrame") -> "DataFrame":
    """Give the rows of some paragraphs, picked before anything of them is shuffled.

    Args:
        job: The run.
        rows: Columns of all paragraphs, `id` among them.
        ids: A table of one column: the ids of those that are wanted, each perhaps several times.
    """
    return keep_rows(rows, ids, collect_ids(job, rows, ids))


def filter_batches(
    batches: Iterable[pa.RecordBatch], known: IdSet, *, inside: bool, column: str = "id"
) -> Iterator[pa.RecordBatch]:
    """Keep the rows of which a column names an id in a set, or those of the others."""
    for batch in batches:
        wanted = known.holds(batch.column(column).to_numpy()) == inside
        yield batch.filter(pa.array(wanted))


def map_chosen(
    rows: "DataFrame",
    ids: tuple["DataFrame", IdSet | None],
    kernel: Kernel,
    columns: str,
    *,
    inside: bool = True,
) -> "DataFrame":
    """Let a kernel map the rows whose `id` is in a set, or, not inside, those whose is not.

    Both in one task of Python where the set is small: to hand a task to another one takes 0.15 s
    of CPU, in each of a stage's parts.

    Args:
        rows: A table with ids.
        ids: The set as a table, and itself where it is small enough.
        kernel: Maps batches of `rows`.
        columns: Of what it gives.
        inside: Which rows are wanted.
    """
    frame, known = ids
    if known is None:
        return keep_rows(rows, frame, None, inside=inside).mapInArrow(kernel, columns)
    whole = partial(_filter_and_map, known=known, inside=inside, kernel=kernel)
    return rows.mapInArrow(whole, columns)


def _filter_and_map(
    batches: Iterable[pa.RecordBatch], known: IdSet, *, inside: bool, kernel: Kernel
) -> Iterable[pa.RecordBatch]:
    return kernel(filter_batches(batches, known, inside=inside))
