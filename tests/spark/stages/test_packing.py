"""What is packed for a shuffle is given again, in few bytes."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dedup.spark.stages.packing import pack, pack_parts, read_parts, unpack

INT64 = st.integers(-(2**63), 2**63 - 1)
KINDS = (np.int64, np.uint32, np.float64, np.bool_)
Column = npt.NDArray[Any]


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    """Draw columns of one length: an int64, whatever its order, and others."""
    size = draw(st.integers(0, 40))
    first = draw(arrays.arrays(np.int64, size, elements=INT64))
    others = [draw(arrays.arrays(kind, size)) for kind in KINDS[1:]]
    return (first, *others)


@given(columns())
def test_columns_are_given_again(packed: tuple[Column, ...]) -> None:
    given_again = unpack(pack(packed), len(packed[0]), KINDS)

    for before, after in zip(packed, given_again, strict=True):
        assert before.tobytes() == after.tobytes()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1 << 50)), max_size=60))
def test_each_row_arrives_once_in_its_part(rows: list[tuple[int, int]]) -> None:
    parts = np.array([part for part, _ in rows], np.int64)
    numbers = np.array([number for _, number in rows], np.int64)

    packed = pa.Table.from_batches([pack_parts(parts, (numbers,))]).sort_by("part")
    found = {
        part: [number for (piece,) in pieces for number in piece.tolist()]
        for part, pieces in read_parts(packed.to_batches(max_chunksize=2), (np.int64,))
    }

    expected: dict[int, list[int]] = {}
    for part, number in rows:
        expected.setdefault(part, []).append(number)
    assert found == expected


def test_a_row_holds_so_few_numbers_that_4096_of_them_fit_in_memory() -> None:
    n = 10_000
    packed = pack_parts(np.zeros(n, np.int64), (np.arange(n), np.random.default_rng(1).random(n)))

    assert packed.num_rows > 1
    assert sum(packed.column("n").to_pylist()) == n
    assert max(len(content) for content in packed.column("content").to_pylist()) * 4096 < 100 << 20


def test_a_key_with_its_paragraph_takes_less_than_five_bytes() -> None:
    generator = np.random.default_rng(1)
    keys = generator.integers(0, 1 << 32, 1 << 16, np.uint32)
    ids = (3 << 40) + np.sort(generator.choice(1 << 17, 1 << 16, replace=False))

    whole = pack_parts(np.zeros(1 << 16, np.int64), (ids, keys)).column("content").nbytes
    cut = pack_parts(keys.astype(np.int64) >> 28, (ids, keys)).column("content").nbytes

    assert whole / len(keys) < 4.7
    assert cut / len(keys) < 5.0
