"""Propose the pairs of paragraphs that share a bucket, by the bucket rule of `dedup.bands`.

PARAGRAPHS and COLLAPSED come in, CANDIDATES go out, each pair once.

The entries (band, key, paragraph) of some ten thousand paragraphs travel packed, by band and slice
of the keys; a task gets whole slices and pairs the entries of each. Pairs travel packed as well, by
the block of their second paragraph, where each is kept once.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from dedup.bands import choose_bands
from dedup.config import Config
from dedup.model import OffsetArray, ScoreArray, SignatureArray
from dedup.spark.runtime.blocks import as_batch, gather_rows, join_binary
from dedup.spark.runtime.id_sets import collect_ids, map_chosen, pick_paragraphs
from dedup.spark.runtime.schemas import CANDIDATES
from dedup.spark.stages.buckets import Pairs, Slice
from dedup.spark.stages.packing import PACKED, pack_parts, read_parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.job import Job

# A pair, and whether its second is a member beyond the full bucket that its first begins.
PROPOSED: Final = f"{CANDIDATES}, is_beyond boolean"
# Of as many rows the entries are packed together: 11 MB of keys, 44 where there are many slices,
# since entries of few rows a slice pack badly.
_ROWS_AT_ONCE: Final = 1 << 16
_MOST_ROWS_AT_ONCE: Final = 1 << 18
_ROWS_A_SLICE: Final = 1 << 8
_SLICE_ENTRIES: Final = 1 << 20  # 40 MB while they are paired
_SLICES_A_TASK: Final = 3  # at least, so that tasks have about as much to do
_PAIRS_AT_ONCE: Final = 1 << 19
_BLOCK_SHIFT: Final = 14
_PAIR: Final = (np.int64, np.int64, np.bool_)


def pair(job: "Job", paragraphs: "DataFrame", collapsed: "DataFrame") -> "DataFrame":
    """Give CANDIDATES, with a column `is_beyond` besides.

    Raises:
        SettingError: No bands find what the threshold asks for.
    """
    config = job.config
    bands = choose_bands(config.signatures.num_perm, config.verify.min_resemblance, config.bands)
    shape = (bands.n_bands, count_slices(job, collapsed, bands.n_bands))
    return job.checkpoints.stage("pairs", lambda: _propose(job, paragraphs, collapsed, shape))


def count_beyond(job: "Job", paragraphs: "DataFrame", candidates: "DataFrame") -> "DataFrame":
    """Count the paragraphs that were paired with the first few of a bucket only, and its heads.

    Of a paragraph that met several such buckets the first head in canonical order counts.

    Args:
        job: The run.
        paragraphs: All of them (PARAGRAPHS).
        candidates: CANDIDATES with `is_beyond`.

    Returns:
        `n_beyond_buckets bigint, n_templates bigint` (`verifying.BEYOND`), one row.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    beyond = candidates.where("is_beyond").select("a", "b")
    head = "min(a)"
    if job.config.canonical.policy != "first":
        ranks = pick_paragraphs(job, paragraphs.select("id", "rank"), beyond.select("a"))
        beyond = beyond.join(ranks.withColumnRenamed("id", "a"), "a")
        head = "min(struct(rank, a)).a"
    heads = beyond.groupBy("b").agg(functions.expr(f"{head} as head"))
    counts = ("count(*) as n_beyond_buckets", "count(distinct head) as n_templates")
    return heads.selectExpr(*counts)


def count_slices(job: "Job", collapsed: "DataFrame", n_bands: int) -> int:
    """Give into how many slices the entries of a band are cut, a power of two."""
    n_rows = collapsed.filter("id = representative").count()
    n_slices = 1
    while (
        n_rows > n_slices * _SLICE_ENTRIES or n_bands * n_slices < _SLICES_A_TASK * job.partitions
    ):
        n_slices *= 2
    return n_slices


def _propose(
    job: "Job", paragraphs: "DataFrame", collapsed: "DataFrame", shape: tuple[int, int]
) -> "DataFrame":
    """Sign, shuffle by slice, pair, shuffle by block, keep each pair once."""
    signed = paragraphs.filter("keys is not null").select("id", "rank", "keys")
    copies = collapsed.filter("id != representative").select("id")
    among = copies, collect_ids(job, paragraphs, copies)
    kernel = partial(pack_entries, config=job.config, shape=shape)
    entries = map_chosen(signed, among, kernel, PACKED, inside=False)
    slices = entries.repartition(job.partitions, "part").sortWithinPartitions("part")
    pairs = slices.mapInArrow(partial(pair_slices, config=job.config), PACKED)
    blocks = pairs.repartition(job.partitions, "part").sortWithinPartitions("part")
    return blocks.mapInArrow(keep_distinct, PROPOSED)


def _entry_kinds(config: Config) -> tuple[type[np.generic], ...]:
    """Give the columns of an entry: id, key, and the rank where that is not the same for all."""
    kinds = (np.int64, np.uint32)
    return kinds if config.canonical.policy == "first" else (*kinds, np.float64)


def pack_entries(
    batches: Iterable[pa.RecordBatch], config: Config, shape: tuple[int, int]
) -> Iterator[pa.RecordBatch]:
    """Give the entries of signed paragraphs, packed by band and slice.

    Args:
        batches: Columns id, rank and keys of paragraphs.
        config: Every setting.
        shape: How many bands, and how many slices a band, a power of two.
    """
    n_rows = min(_MOST_ROWS_AT_ONCE, max(_ROWS_AT_ONCE, _ROWS_A_SLICE * shape[1]))
    for rows in gather_rows(batches, n_rows):
        ids = rows.column("id").to_numpy()
        order = np.argsort(ids, kind="stable")
        keys = join_binary(rows.column("keys").combine_chunks()).view("<u4")
        keys = np.ascontiguousarray(keys.reshape(len(ids), shape[0])[order].T)
        columns = (ids[order], rows.column("rank").to_numpy()[order])
        for band in range(shape[0]):
            yield _pack_band(band, keys[band], columns, config, shape[1])


def _pack_band(
    band: int,
    keys: SignatureArray,
    columns: tuple[OffsetArray, ScoreArray],
    config: Config,
    n_slices: int,
) -> pa.RecordBatch:
    slices = keys.astype(np.int64) * n_slices >> 32
    entries = (columns[0], keys, columns[1])[: len(_entry_kinds(config))]
    return pack_parts(band * n_slices + slices, entries)


def pair_slices(batches: Iterable[pa.RecordBatch], config: Config) -> Iterator[pa.RecordBatch]:
    """Pair the entries of each slice; pairs are packed by the block of their second paragraph."""
    gathered = _Gathered()
    for _, pieces in read_parts(batches, _entry_kinds(config)):
        entries = Slice(config.bands)
        for ids, keys, *ranks in pieces:
            entries.add(keys, ids, ranks[0] if ranks else np.zeros(len(ids)))
        for pairs in entries.pair():
            gathered.add(pairs)
            if gathered.are_many:
                yield _pack_pairs(gathered.take())
    yield _pack_pairs(gathered.take())


class _Gathered:
    """Pairs on their way; those found again in the meantime are kept once."""

    def __init__(self) -> None:
        self._waiting: list[Pairs] = []
        self._n_held = self._n_waiting = 0

    def add(self, pairs: Pairs) -> None:
        """Take pairs."""
        self._waiting.append(pairs)
        self._n_waiting += len(pairs.a)
        if self._n_waiting - self._n_held >= _PAIRS_AT_ONCE:
            held = self.take()
            self._waiting, self._n_held = [held], len(held.a)
            self._n_waiting = self._n_held

    @property
    def are_many(self) -> bool:
        """Say whether they should be given away."""
        return self._n_held >= _PAIRS_AT_ONCE

    def take(self) -> Pairs:
        """Give the pairs, each once, by their second, then their first; none is left."""
        pairs = join_pairs(self._waiting)
        self._waiting, self._n_held, self._n_waiting = [], 0, 0
        return pairs


def join_pairs(parts: Sequence[Pairs]) -> Pairs:
    """Give pairs each once, sorted by their second, then their first; beyond where ever beyond."""
    empty = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
    a, b, is_beyond = (
        np.concatenate([getattr(part, name) for part in (empty, *parts)])
        for name in ("a", "b", "is_beyond")
    )
    order = np.lexsort((~is_beyond, a, b))
    a, b, is_beyond = a[order], b[order], is_beyond[order]
    is_first = np.ones(len(a), np.bool_)
    is_first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    return Pairs(a[is_first], b[is_first], is_beyond[is_first])


def _pack_pairs(pairs: Pairs) -> pa.RecordBatch:
    """Pack pairs by the block of their second paragraph."""
    return pack_parts(pairs.b >> _BLOCK_SHIFT, (pairs.b, pairs.b - pairs.a, pairs.is_beyond))


def keep_distinct(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the pairs of each block, each once."""
    for _, pieces in read_parts(batches, _PAIR):
        gathered = _Gathered()
        for b, distance, is_beyond in pieces:
            gathered.add(Pairs(b - distance, b, is_beyond))
        pairs = gathered.take()
        yield as_batch({"a": pairs.a, "b": pairs.b, "is_beyond": pairs.is_beyond}, PROPOSED)
