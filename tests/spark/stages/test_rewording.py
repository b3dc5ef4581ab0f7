"""Rewritten paragraphs on Spark, against the single machine."""

from typing import TYPE_CHECKING

import pytest

from dedup.config import Config, RestatementConfig
from dedup.model import BlockKind, Relation
from dedup.spark.runtime.schemas import arrow_schema
from dedup.spark.stages.measuring import MEASURED
from dedup.spark.stages.rewording import find_rewritten, list_tabular
from dedup.spark.stages.whole_documents import JUDGED
from tests.spark.conftest import MakeJob
from tests.spark.stages_alone import SETTINGS, list_rows, open_stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@pytest.mark.parametrize("name", SETTINGS)
def test_rewritten_paragraphs_are_those_of_one_machine(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stages = open_stages(spark, tmp_path_factory, name)

    is_rewritten = f"relation = {Relation.REWRITTEN:d}"
    rewritten = stages.expected["restatements"].where(is_rewritten)
    made, expected = stages.compare(stages.rewritten, rewritten)

    assert made == expected
    assert len(expected) > 5


@pytest.mark.parametrize("name", SETTINGS)
def test_as_many_pairs_are_scored_as_on_one_machine(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stages = open_stages(spark, tmp_path_factory, name)

    n_scored = stages.measured.where("score is not null").count()

    assert n_scored == stages.alone.report.counts.n_pairs_scored > 5


def make_measured(spark: "SparkSession", kinds: list[int], score: float) -> "DataFrame":
    """Give pairs of paragraph 1 of document 7 with one of each kind of document 8."""
    said = [(0, 1, 0, 0.5, False)]
    of_pair = {
        "a": 1, "relation": 0, "left_rank": 0.0, "right_rank": 0.0, "left_document": 7,
        "right_document": 8, "left_places": 1, "right_places": 10, "left_kind": 1,
        "left_terms": 12, "right_terms": 12, "speak_differently": False, "dice": 0.3,
    }  # fmt: skip
    rows = []
    for at, kind in enumerate(kinds):
        is_prose = kind == BlockKind.PARAGRAPH
        scored = {"score": score, "said": said} if is_prose else {}
        row = {**of_pair, "b": 100 + at, "right_kind": int(kind), **scored}
        rows.append(tuple(row.get(name) for name in arrow_schema(MEASURED).names))
    return spark.createDataFrame(rows, MEASURED)


@pytest.mark.parametrize(
    ("score", "n_tables", "judged", "found"),
    [
        (0.50, 2, [], [100]),  # 2 of 10 paragraphs are not more than 20 %
        (0.50, 3, [], []),
        (0.56, 3, [], [100]),
        (0.50, 2, [103], []),  # one more, which only its own document's judging scored
        (0.50, 2, [101, 102], [100]),  # those that are known already
    ],
)
def test_more_is_asked_where_many_tables_and_code_were_scored(
    job: MakeJob, score: float, n_tables: int, judged: list[int], found: list[int]
) -> None:
    made = job([{"text": "one"}], Config(restatement=RestatementConfig(long_discount=0.0)))
    kinds = [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.CODE, BlockKind.TABLE]
    measured = make_measured(made.spark, list(kinds[: 1 + n_tables]), score)
    tabular = made.spark.createDataFrame(
        [(number, 8, 10) for number in judged], "id bigint, document bigint, n_places int"
    )

    rewritten = find_rewritten(made, measured.select("a"), measured, tabular)

    assert [row[0] for row in list_rows(rewritten)] == found


def test_long_documents_are_references_without_a_table(job: MakeJob) -> None:
    config = Config(restatement=RestatementConfig(long_discount=0.0, reference_paragraphs=9))
    made = job([{"text": "one"}], config)
    measured = make_measured(made.spark, [BlockKind.PARAGRAPH], 0.50)

    assert list_rows(find_rewritten(made, measured.select("a"), measured, None)) == []


def test_what_is_told_of_tables_has_the_columns_that_judging_tells(job: MakeJob) -> None:
    made = job([{"text": "one"}])
    measured = make_measured(made.spark, [BlockKind.TABLE], 0.5)
    kind = arrow_schema(JUDGED).field("tabular").type.value_type

    names = [kind.field(place).name for place in range(kind.num_fields)]
    assert list_tabular(measured).columns == names
    assert list_rows(list_tabular(measured)) == [(100, 8, 10)]
