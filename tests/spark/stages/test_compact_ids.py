"""Ids of many files as numbers of 32 bits, in the same order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.spark.runtime.schemas import FILE_BITS
from dedup.spark.stages.compact_ids import CompactIds

WITHIN = st.one_of(st.integers(0, 300), st.integers(0, (1 << FILE_BITS) - 1))
IDS = st.lists(
    st.builds(lambda file, number: file << FILE_BITS | number, st.integers(0, 40), WITHIN),
    min_size=1,
    max_size=40,
)


@given(IDS)
def test_numbers_are_short_rise_with_the_ids_and_give_them_again(ids: list[int]) -> None:
    known = np.array(ids, np.int64)

    compact = CompactIds.of(known)
    numbers = compact.encode(known)

    assert int(numbers.max()) < 1 << 32
    assert compact.decode(numbers).tolist() == ids
    assert np.argsort(numbers, kind="stable").tolist() == np.argsort(known, kind="stable").tolist()


def test_neighbours_within_a_file_stay_neighbours() -> None:
    # So a number costs no look at a list of all ids: a million of two files, and one of each.
    ids = np.array([5, 6, 1_000_000, 3 << FILE_BITS, (3 << FILE_BITS) + 1], np.int64)

    compact = CompactIds.of(ids)

    assert compact.encode(ids).tolist() == [5, 6, 1_000_000, 1 << 20, (1 << 20) + 1]
    assert len(compact.heads) == 2
