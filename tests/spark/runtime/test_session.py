"""A session is settled for a run and put back; without PySpark the way to get it is told."""

import sys
from typing import TYPE_CHECKING

import pytest

from dedup.errors import MissingExtraError
from dedup.spark.runtime.session import choose_block_bytes, require_pyspark, settled

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_settings_hold_for_the_run_and_are_put_back(spark: "SparkSession") -> None:
    name, unset = "spark.sql.caseSensitive", "spark.sql.shuffle.partitions"
    spark.conf.unset(unset)
    usual = spark.conf.get(unset)
    spark.conf.set(name, "false")

    def fail() -> None:
        with settled(spark, 1 << 20, 3):
            assert (spark.conf.get(name), spark.conf.get(unset)) == ("true", "3")
            raise KeyError("a run that failed")

    with pytest.raises(KeyError):
        fail()
    assert (spark.conf.get(name), spark.conf.get(unset)) == ("false", usual)


def test_a_users_own_limit_for_what_is_sent_whole_stands(spark: "SparkSession") -> None:
    names = [f"spark.sql.{kind}autoBroadcastJoinThreshold" for kind in ("", "adaptive.")]
    usual = [spark.conf.get(name, None) for name in names]

    def read() -> list[str | None]:
        with settled(spark, 1 << 20, 3):
            return [spark.conf.get(name, None) for name in names]

    lowered = read()
    spark.conf.set(names[0], "-1")
    own = read()
    spark.conf.unset(names[0])

    assert usual == [None, None]
    assert (lowered, own) == (["1048576", "1048576"], ["-1", None])
    assert [spark.conf.get(name, None) for name in names] == usual


def test_members_of_one_group_are_not_sent_whole_however_well_they_pack(
    spark: "SparkSession",
) -> None:
    with settled(spark, 1 << 20, 4):
        members = spark.range(700_000).selectExpr("id", "0L as canonical")
        asked = spark.range(0, 700_000, 70_000).withColumnRenamed("id", "asked")
        joined = asked.join(members.repartition(4, "id"), asked.asked == members.id, "left")
        found = joined.collect()
        plan = joined._jdf.queryExecution().executedPlan().toString()  # noqa: SLF001 -- PySpark shows it to nobody

    assert [row.canonical for row in found] == [0] * 10
    assert "SortMergeJoin" in plan
    assert "BroadcastHashJoin" not in plan.partition("Initial Plan")[0]


@pytest.mark.parametrize(
    ("size_bytes", "expected"), [(0, 2 << 20), (160 << 20, 10 << 20), (1 << 50, 64 << 20)]
)
def test_blocks_are_cut_by_the_size_of_the_input_alone(size_bytes: int, expected: int) -> None:
    assert choose_block_bytes(size_bytes) == expected


def test_without_pyspark_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[spark\]'"):
        require_pyspark()
