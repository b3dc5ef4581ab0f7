"""Which paragraphs are kept: told by a set of the others, or by a join where that is too large."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from dedup.spark.stages import keeping
from dedup.spark.stages.keeping import Kept, find_kept
from tests.spark.conftest import MakeJob
from tests.spark.stages.test_anchoring import make_tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.spark.runtime.id_sets import IdSet

KEPT = [3, 9, (2 << 40) + 5]


@pytest.fixture(params=["known", "too many"])
def kept(
    job: MakeJob, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> "tuple[Kept, DataFrame]":
    """Give the kept of a few paragraphs, and all of these, with a set of the others or without."""

    def find_too_many(*_arguments: object) -> "IdSet | None":
        return None

    if request.param == "too many":
        monkeypatch.setattr(keeping, "collect_ids", find_too_many)
    made = job([{"text": "one"}])
    paragraphs, collapsed, grouping, _ = make_tables(made.spark, kept=KEPT, known=[])
    found = find_kept(made, paragraphs, collapsed, grouping)
    assert (found.known is None) == (request.param == "too many")
    return found, paragraphs


def test_copies_members_and_the_short_are_not_kept(kept: "tuple[Kept, DataFrame]") -> None:
    found, paragraphs = kept

    rows = found.select(paragraphs, ("id", "text")).collect()

    assert sorted(tuple(row) for row in rows) == [(number, "words") for number in KEPT]


def test_pairs_are_left_of_which_one_side_is_kept(kept: "tuple[Kept, DataFrame]") -> None:
    found, paragraphs = kept
    pairs = paragraphs.selectExpr("3L as a", "id as b").where("b != 22")

    rows = found.filter(pairs, "b").collect()

    assert sorted(tuple(row) for row in rows) == [(3, number) for number in KEPT]


def test_a_function_gets_the_kept_alone(kept: "tuple[Kept, DataFrame]") -> None:
    found, paragraphs = kept

    rows = found.map(paragraphs, ("id", "n_words"), double, "twice bigint").collect()

    assert sorted(row.twice for row in rows) == [2 * number for number in KEPT]


def double(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give each id twice over."""
    for batch in batches:
        numbers = batch.column("id").to_numpy()
        yield pa.record_batch({"twice": pa.array(2 * numbers)})
