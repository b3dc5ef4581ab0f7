"""Marks made on Spark are those of `clean --mark`, round after round."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dedup.cleaning import clean_sources
from dedup.config import DEFAULTS, BandsConfig, CleaningConfig, Config, ParagraphsConfig, RunConfig
from dedup.errors import InputError, SettingError
from dedup.execution import Run
from dedup.gathering import gather_sources
from dedup.outlets import Output
from dedup.pipeline import compare_corpus, find_duplicates
from dedup.readers.sources import find_sources
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.reporting.marking import mark_input
from dedup.spark.reporting.marks import Grouper, check_marks, find_marks, name_stage
from dedup.spark.runtime.schemas import GROUPING, MARKS
from tests.spark.single_machine import list_grouping, number_paragraphs, open_verdicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from dedup.spark.runtime.job import Job

MakeJob = Callable[..., "Job"]
RELATIONS = ("identical", "near-duplicate")
# Buckets that are full with two: what is left of one is paired anew in the next round.
CROWDED = Config(
    paragraphs=ParagraphsConfig(unit="record"),
    bands=BandsConfig(all_pairs_up_to=0, full_bucket=2, few_in_bucket=1),
    run=RunConfig(engine="numba"),
)


def write_families(path: Path, seed: int = 0) -> None:
    """Write texts of which many are near-duplicates of one another, short and empty ones too."""
    random, rows = Random(seed), []  # noqa: S311 -- texts, no secrets
    for family in range(6):
        for _ in range(12):
            words = [f"w{family}x{place}" for place in range(40)]
            for _ in range(random.randrange(5)):
                words[random.randrange(40)] = f"e{random.randrange(1000)}"
            rows.append(" ".join(words))
    random.shuffle(rows)
    rows += ["", "read more", "read more", "* * *", rows[0]]
    lines = (json.dumps({"id": at, "text": text}) for at, text in enumerate(rows))
    path.write_text("".join(f"{line}\n" for line in lines) + "\n")


def group_like_one_machine(paths: list[Path], rounds: list[int]) -> Grouper:
    """Give what groups some paragraphs as the single machine does; notes how many they are."""

    def group(job: "Job", paragraphs: "DataFrame") -> "DataFrame":
        run = Run(job.config, 0, lambda _stage, _done: None)
        corpus, units = gather_sources(find_sources(paths, job.config.readers), run)
        ids = number_paragraphs(corpus)
        kept = np.flatnonzero(np.isin(ids, [row.id for row in paragraphs.select("id").collect()]))
        rounds.append(len(kept))
        report = compare_corpus((corpus.take(kept), units and units.take(kept)), run)
        columns = list_grouping(report, ids[kept])
        rows = list(zip(*(np.asarray(column).tolist() for column in columns.values()), strict=True))
        return job.spark.createDataFrame(rows, GROUPING)

    return group


@pytest.mark.parametrize("relations", [RELATIONS, ("near-duplicate",)])
def test_lines_are_those_of_clean(
    relations: tuple[str, ...], spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    path, target = tmp_path / "families.jsonl", tmp_path / "marked.jsonl"
    write_families(path)
    cleaning = CleaningConfig(relations, mark=True)
    clean_sources([path], Output(str(target)), (CROWDED, cleaning))
    made = job([path], CROWDED)
    report = find_duplicates([path], CROWDED)
    verdicts = open_verdicts(spark, report, tmp_path)
    inputs = read_inputs(made)
    rounds: list[int] = []

    group = group_like_one_machine([path], rounds)
    found = (verdicts.paragraphs, verdicts.grouping)
    marks = find_marks(made, *found, relations, group)
    marked = mark_input(made, inputs, marks, name_stage("marked", relations))

    lines = sorted(row.value for row in marked.collect())
    assert lines == sorted(target.read_text().split("\n")[:-1])
    if relations == RELATIONS:
        assert len(rounds) == 2  # besides the run's own, both find something or end it


def test_rows_are_those_of_clean(spark: "SparkSession", job: MakeJob, tmp_path: Path) -> None:
    lines, path, target = (tmp_path / f"a.{end}" for end in ("jsonl", "parquet", "marked.parquet"))
    write_families(lines)
    rows = [json.loads(line) for line in lines.read_text().splitlines() if line]
    table = pa.table({name: [row[name] for row in rows] for name in ("id", "text")})
    pq.write_table(table.append_column("file", pa.array(["mine"] * len(rows))), path)
    clean_sources([path], Output(str(target)), (CROWDED, CleaningConfig(RELATIONS, mark=True)))
    made = job([path], CROWDED)
    verdicts = open_verdicts(spark, find_duplicates([path], CROWDED), tmp_path)

    group = group_like_one_machine([path], [])
    found = (verdicts.paragraphs, verdicts.grouping)
    marks = find_marks(made, *found, RELATIONS, group)
    marked = mark_input(made, read_inputs(made), marks, "marked_12").collect()

    got = sorted((row.asDict() for row in marked), key=lambda row: row["id"])
    assert got == pq.read_table(target).to_pylist()


def test_rows_that_are_marked_are_refused(
    spark: "SparkSession", job: MakeJob, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"], "dedup_group": ["b"]}), path)
    made = job([path], CROWDED)

    with pytest.raises(InputError, match="has a column 'dedup_group' already"):
        mark_input(made, read_inputs(made), spark.createDataFrame([], MARKS), "marked_12")


@pytest.mark.parametrize(
    ("config", "relations", "message"),
    [
        (CROWDED, ("contained",), "setting remove is 'contained'"),
        (DEFAULTS, RELATIONS, "setting unit is 'paragraph'"),
    ],
)
def test_what_cannot_be_marked_is_refused(
    config: Config, relations: tuple[str, ...], message: str, job: MakeJob
) -> None:
    made = job([{"text": "a"}], config)

    with pytest.raises(SettingError, match=message):
        check_marks(made, relations)


def test_lines_and_rows_have_no_form_in_common(job: MakeJob) -> None:
    made = job([{"text": "a"}], CROWDED)
    mixed = replace(made, files=(made.files[0], replace(made.files[0], format="parquet")))

    with pytest.raises(SettingError, match="found jsonl and parquet"):
        check_marks(mixed, RELATIONS)


def test_a_record_that_is_marked_is_named(spark: "SparkSession", job: MakeJob) -> None:
    made = job([{"text": "a"}, {"text": "b", "dedup_group": None}], CROWDED)
    marks = spark.createDataFrame([], MARKS)

    with pytest.raises(InputError, match=r"corpus.jsonl:2.*has a field 'dedup_group' already"):
        mark_input(made, read_inputs(made), marks, "marked_12")
