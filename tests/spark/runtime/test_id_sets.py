"""A set of paragraphs that goes to the tasks holds exactly those, and rows are kept by it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.spark.runtime import id_sets
from dedup.spark.runtime.id_sets import (
    collect_ids,
    find_blocks,
    keep_rows,
    list_blocks,
    map_chosen,
    merge_blocks,
)
from dedup.spark.runtime.job import Job

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MakeJob: TypeAlias = Callable[..., Job]
IDS = st.integers(0, 40_000) | st.integers((5 << 40) - 20, (5 << 40) + 20)


def as_batches(ids: list[int]) -> list[pa.RecordBatch]:
    """Give ids as a task gets them."""
    table = pa.table({"id": pa.array(ids, pa.int64())})
    return list(table.to_batches(max_chunksize=3))


def merge(tasks: list[list[int]]) -> id_sets.IdSet:
    """Put what several tasks find together, as the driver does."""
    found = [batch for task in tasks for batch in find_blocks(as_batches(task))]
    rows = [row for batch in found for row in batch.to_pylist()]
    return merge_blocks((row["block"], row["bits"]) for row in rows)


@given(st.lists(st.lists(IDS, max_size=20), max_size=3), st.lists(IDS, max_size=30))
def test_a_set_holds_what_any_task_found(tasks: list[list[int]], asked: list[int]) -> None:
    known = merge(tasks)

    members = {number for task in tasks for number in task}
    assert known.holds(np.array(asked, np.int64)).tolist() == [n in members for n in asked]
    assert known.holds(np.array(sorted(members), np.int64)).all()


def test_many_ids_are_sorted_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = list(range(0, 300_000, 7))
    whole = merge([ids])
    monkeypatch.setattr(id_sets, "_IDS_AT_ONCE", 1000)

    assert merge([ids[::-1]]) == whole


def test_of_many_blocks_each_goes_to_the_driver_once(job: MakeJob) -> None:
    made = job([{"id": 1, "text": "not read"}])
    members = list(range(0, 90_000, 7))
    ids = made.spark.range(0, 90_000, 7).repartition(4)

    few, many = (list_blocks(made, ids, n_blocks).collect() for n_blocks in (1, 1 << 14))

    blocks = [row.block for row in many]
    assert sorted(blocks) == sorted({number >> 13 for number in members})
    assert len(few) > len(blocks)
    sets = [merge_blocks((row.block, bytes(row.bits)) for row in found) for found in (few, many)]
    assert sets[0] == sets[1] == merge([members])


def test_rows_are_kept_the_same_by_a_set_and_by_a_join(
    job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = job([{"id": 1, "text": "not read"}])
    rows = made.spark.range(0, 50_000, 9).selectExpr("id", "id * 2 as twice")
    ids = made.spark.range(0, 50_000, 6).union(made.spark.range(0, 50, 6))
    expected = [(n, 2 * n) for n in range(0, 50_000, 9) if n % 6 == 0]
    others = [(n, 2 * n) for n in range(0, 50_000, 9) if n % 6]

    known = collect_ids(made, rows, ids)
    monkeypatch.setattr(id_sets, "_MOST_BLOCKS", 0)
    unknown = collect_ids(made, rows, ids)

    assert known is not None
    assert unknown is None
    for each in (known, unknown):
        assert collect(keep_rows(rows, ids, each)) == expected
        assert collect(keep_rows(rows, ids, each, inside=False)) == others
        assert collect(keep_rows(rows, ids, each, column="twice")) == [
            (n, 2 * n) for n in range(0, 25_000, 9) if n % 3 == 0
        ]
        mapped = map_chosen(rows, (ids, each), hand_on, "id bigint, twice bigint")
        assert collect(mapped) == expected


def hand_on(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give rows as they come."""
    yield from batches


def collect(rows: "DataFrame") -> list[tuple[int, int]]:
    """Give rows sorted."""
    return sorted((row.id, row.twice) for row in rows.collect())
