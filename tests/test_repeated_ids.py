"""An id that its file has had before is found and named with both lines, however many there are."""

from collections.abc import Iterable
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import DocumentBatch, Problem
from dedup.repeated_ids import IdCheck
from tests.document_batches import Texts, make_batch


def find_repeated(batches: Iterable[DocumentBatch]) -> list[tuple[int, Problem]]:
    check, taken, found = IdCheck(), list[DocumentBatch](), list[tuple[int, Problem]]()
    for batch in batches:
        found += check.find_repeated(batch, lambda first: taken[first:]).items()
        taken.append(batch)
    return found


def test_a_repeated_id_is_named_with_both_lines() -> None:
    batches = [
        make_batch("a.jsonl", [("x", ["one"]), (7, ["two"])]),
        make_batch("a.jsonl", [("y", ["three"]), ("x", ["four"]), (7, ["five"])], first_line=3),
    ]

    assert find_repeated(batches) == [
        (1, Problem("a.jsonl", 4, 'its id "x" is that of line 1')),
        (2, Problem("a.jsonl", 5, "its id 7 is that of line 2")),
    ]


def test_records_from_memory_are_told_apart_by_their_order() -> None:
    assert find_repeated([make_batch(None, [("x", ["one"]), ("x", ["two"])])]) == []


def test_one_id_in_two_files_or_of_two_kinds_is_no_repeat() -> None:
    batches = [make_batch("a", [("7", ["one"]), (7, ["two"])]), make_batch("b", [("7", ["one"])])]

    assert find_repeated(batches) == []


def test_an_id_is_repeated_in_one_batch_as_in_two() -> None:
    documents: Texts = [("x", ["one"]), ("y", ["two"]), ("x", ["three"]), ("x", ["four"])]

    assert [row for row, _ in find_repeated([make_batch("a", documents)])] == [2, 3]


def test_a_repeated_id_of_an_empty_document_is_not_given_another_line() -> None:
    batch = make_batch("a", [("w", ["one"]), ("x", ["two"]), ("x", []), ("y", ["three"])])

    assert {problem.line for _, problem in find_repeated([batch])} <= {3, None}


@given(
    st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=12),
    st.sampled_from([1, 8, 1 << 15]),
)
def test_repeated_ids_are_found_however_many_there_are(batches: list[list[int]], few: int) -> None:
    made = [make_batch("a", [(each, ["text"]) for each in ids]) for ids in batches]
    known, repeated = set[int](), 0
    for identity in (each for ids in batches for each in ids):
        repeated += identity in known
        known.add(identity)

    with patch("dedup.repeated_ids._FEW_IDS", few):
        assert len(find_repeated(made)) == repeated


def test_two_ids_of_one_hash_are_two() -> None:
    made = [
        make_batch("a", [(each, ["text"]) for each in range(20 * i, 20 * i + 20)]) for i in (0, 1)
    ]

    with (
        patch("dedup.repeated_ids._FEW_IDS", 1),
        patch("dedup.repeated_ids._hash_ids", _hash_alike),
    ):
        assert find_repeated(made) == []


def _hash_alike(ids: Iterable[bytes]) -> "npt.NDArray[np.int64]":
    return np.full(len(list(ids)), 7, np.int64)
