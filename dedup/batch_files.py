"""Keep batches of documents in a column of bytes, and give them back one at a time.

A batch is written as a line of JSON (what is told in words), its ids, and its arrays as they lie in
memory, each at a multiple of 64 bytes, so that a loaded batch reads them where they are. Nothing is
pickled: a working folder that somebody changed gives wrong answers or an error at worst.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final, overload

import numpy as np

from dedup.model import (
    ByteArray,
    Directive,
    DocumentBatch,
    Head,
    LazyBatches,
    OffsetArray,
    Problem,
)

_ALIGNMENT: Final = 64
_HELD: Final = 8  # batches that are kept at hand: findings of neighbours ask for the same ones
_ID_BYTES: Final = 56  # of an id of ten bytes as Python holds it, with its place in a list
_ARRAYS: Final = (
    *("document", "starts", "ends", "kinds", "lines", "columns", "chars", "end_lines"),
    *("end_columns", "end_chars", "buffer", "source"),
)


def measure_batch(batch: DocumentBatch) -> int:
    """Give about how many bytes of memory a batch takes."""
    arrays = (getattr(batch, name) for name in _ARRAYS)
    total = sum(int(array.nbytes) for array in arrays if array is not None)
    return total + _ID_BYTES * len(batch.ids)


def pack_batch(batch: DocumentBatch) -> ByteArray:
    """Give a batch as bytes, a multiple of 64."""
    arrays = {name: getattr(batch, name) for name in _ARRAYS}
    ids = b"\n".join(batch.ids)  # JSON texts hold no line end
    told: dict[str, Any] = {
        "path": batch.path,
        "n_ids": len(batch.ids),
        "id_bytes": len(ids),
        "dates": batch.dates,
        "heads": None if batch.heads is None else [asdict(head) for head in batch.heads],
        "problems": [asdict(problem) for problem in batch.problems],
        "remarks": [asdict(remark) for remark in batch.remarks],
        "directives": [asdict(directive) for directive in batch.directives],
        "is_source": batch.is_source,
        "is_whole": batch.is_whole,
        "arrays": [
            [name, array.dtype.str, len(array)]
            for name, array in arrays.items()
            if array is not None
        ],
    }
    header = json.dumps(told).encode()
    parts = [len(header).to_bytes(8, "little") + header, ids]
    parts += [array.tobytes() for array in arrays.values() if array is not None]
    padded = b"".join(part.ljust(_round_up(len(part)), b"\0") for part in parts)
    return np.frombuffer(padded, np.uint8)


def _round_up(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _unpack_batch(content: ByteArray) -> DocumentBatch:
    """Give the batch that `pack_batch` packed; its arrays are parts of `content`."""
    size = int.from_bytes(content[:8].tobytes(), "little")
    told = json.loads(content[8 : 8 + size].tobytes())
    place = _round_up(8 + size)
    ids = content[place : place + told["id_bytes"]].tobytes()
    place += _round_up(told["id_bytes"])
    arrays: dict[str, Any] = dict.fromkeys(_ARRAYS)
    for name, dtype, count in told["arrays"]:
        end = place + count * np.dtype(dtype).itemsize
        arrays[name] = content[place:end].view(dtype)
        place = _round_up(end)
    heads = told["heads"]
    return DocumentBatch(
        path=told["path"],
        ids=ids.split(b"\n") if told["n_ids"] else [],
        dates=told["dates"],
        heads=None if heads is None else tuple(Head(**head) for head in heads),
        problems=tuple(Problem(**problem) for problem in told["problems"]),
        remarks=tuple(Problem(**remark) for remark in told["remarks"]),
        directives=tuple(map(_read_directive, told["directives"])),
        is_source=told["is_source"],
        is_whole=told["is_whole"],
        **arrays,
    )


def _read_directive(fields: dict[str, Any]) -> Directive:
    return Directive(**{**fields, "codes": tuple(fields["codes"])})


class StoredBatches(LazyBatches):
    """Batches that are read from their bytes when they are asked for."""

    def __init__(self, content: ByteArray, ends: OffsetArray, *, has_text: bool = True) -> None:
        """Read from bytes that `pack_batch` gave, one batch behind the other.

        Args:
            content: The bytes of all batches.
            ends: Where each ends.
            has_text: Whether a batch shall have its texts, where they were packed.
        """
        self._content, self._ends, self._has_text = content, ends, has_text
        self._held: OrderedDict[int, DocumentBatch] = OrderedDict()

    def __len__(self) -> int:
        """Give the number of batches."""
        return len(self._ends)

    @overload
    def __getitem__(self, which: int) -> DocumentBatch: ...

    @overload
    def __getitem__(self, which: slice) -> tuple[DocumentBatch, ...]: ...

    def __getitem__(self, which: int | slice) -> DocumentBatch | tuple[DocumentBatch, ...]:
        """Give a batch, or some."""
        if isinstance(which, slice):
            return tuple(self[place] for place in range(*which.indices(len(self))))
        place = range(len(self))[which]
        if place not in self._held:
            self._held[place] = self._load(place)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
        return self._held[place]

    def __iter__(self) -> Iterator[DocumentBatch]:
        """Give every batch in turn; none is batch."""
        return (self._load(place) for place in range(len(self)))

    def _load(self, place: int) -> DocumentBatch:
        begin = int(self._ends[place - 1]) if place else 0
        batch = _unpack_batch(self._content[begin : int(self._ends[place])])
        return batch if self._has_text else batch.without_text()

    def without_texts(self) -> "StoredBatches":
        """Give the same batches without their texts."""
        return StoredBatches(self._content, self._ends, has_text=False)
