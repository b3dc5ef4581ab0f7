"""Pack columns of numbers into few bytes, so that little is shuffled.

In: arrays, in groups by a number. Out: rows of (group, count, content), and the arrays again.

Decision (2026-11-26): a row of Spark's own takes 8 bytes a column and 12 besides, and LZ4, which
packs a shuffle, finds nothing in numbers: 14 bytes for a band key of 4 and an id. So some thousand
numbers travel in one row: sorted and as differences where they rise, the first bytes of all, then
the second bytes and so on, packed by Zstandard. That is 4.4 bytes for the same (4 of them the key),
and the JVM sorts a thousandth of the rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.spark.runtime.blocks import as_batch

PACKED: Final = "part bigint, n int, content binary"
# Arrow hands 4,096 rows at a time to Python: so many of them, at most, take some 40 MB.
_MOST_NUMBERS: Final = 2048
_CODEC: Final = "zstd"
Columns: TypeAlias = "tuple[npt.NDArray[Any], ...]"


def pack(columns: Sequence["npt.NDArray[Any]"]) -> bytes:
    """Pack columns of one length; the first one, int64, as its differences, so let it rise."""
    first = np.diff(columns[0], prepend=0)
    planes = [_part_into_planes(column) for column in (first, *columns[1:])]
    content: bytes = pa.compress(b"".join(planes), _CODEC, asbytes=True)
    return content


def _part_into_planes(column: "npt.NDArray[Any]") -> bytes:
    """Give the first bytes of all numbers, then the second bytes, and so on."""
    width = column.dtype.itemsize
    return np.ascontiguousarray(column).view(np.uint8).reshape(-1, width).T.tobytes()


def unpack(content: bytes, n: int, kinds: Sequence["npt.DTypeLike"]) -> Columns:
    """Give the columns again.

    Args:
        content: What `pack` gave.
        n: How long the columns are.
        kinds: Their types, the first one int64.
    """
    widths = [np.dtype(kind).itemsize for kind in kinds]
    planes = np.frombuffer(pa.decompress(content, n * sum(widths), _CODEC), np.uint8)
    columns, begin = [], 0
    for kind, width in zip(kinds, widths, strict=True):
        part = planes[begin : begin + n * width].reshape(width, n)
        columns.append(np.ascontiguousarray(part.T).reshape(-1).view(kind))
        begin += n * width
    return (np.cumsum(columns[0]), *columns[1:])


def pack_parts(parts: "npt.NDArray[np.integer[Any]]", columns: Columns) -> pa.RecordBatch:
    """Pack columns into PACKED rows by the part to which each row of them belongs.

    Args:
        parts: The part of each row.
        columns: In the order wanted within each part.
    """
    order = np.argsort(parts, kind="stable")
    ordered = parts[order]
    columns = tuple(column[order] for column in columns)
    firsts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    bounds = [*firsts.tolist(), len(ordered)]
    rows = [
        (int(ordered[begin]), min(_MOST_NUMBERS, end - begin), begin)
        for first, end in pairwise(bounds)
        for begin in range(first, end, _MOST_NUMBERS)
    ]
    contents = [pack([column[begin : begin + n] for column in columns]) for _, n, begin in rows]
    numbers, sizes, _ = zip(*rows, strict=True) if rows else ((), (), ())
    return as_batch({"part": numbers, "n": sizes, "content": contents}, PACKED)


def read_parts(
    batches: Iterable[pa.RecordBatch], kinds: Sequence["npt.DTypeLike"]
) -> Iterator[tuple[int, Iterator[Columns]]]:
    """Give each part with its columns, piece by piece; PACKED rows come sorted by part."""
    for part, rows in groupby(_list_rows(batches), itemgetter(0)):
        yield part, (unpack(content, n, kinds) for _, n, content in rows)


def _list_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, int, bytes]]:
    for batch in batches:
        parts, sizes = batch.column("part").to_pylist(), batch.column("n").to_pylist()
        contents = batch.column("content")
        for row, (part, n) in enumerate(zip(parts, sizes, strict=True)):
            yield part, n, contents[row].as_py()
