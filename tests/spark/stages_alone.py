"""Run the stages behind `group` on tables of the single machine, once for each of a few settings.

Both sides of a comparison come out: what Spark made, and what the single machine's report holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from dedup import groups, pipeline, rewording
from dedup.config import (
    BandsConfig,
    BoilerplateConfig,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    RestatementConfig,
)
from dedup.execution import Run
from dedup.model import Corpus, Grouping, OffsetArray, VerifiedPairs
from dedup.report import Report
from dedup.rewriting import NumberPairs
from dedup.spark.reading.listing import find_files
from dedup.spark.runtime.job import Job
from dedup.spark.runtime.schemas import PARAGRAPHS
from dedup.spark.runtime.session import settled
from dedup.spark.stages.anchoring import find_anchored
from dedup.spark.stages.containing import list_pairs
from dedup.spark.stages.keeping import Kept, find_kept
from dedup.spark.stages.measuring import measure_anchored
from dedup.spark.stages.recurring import find_boilerplate, set_apart
from dedup.spark.stages.restating import Restated, restate
from dedup.spark.stages.rewording import find_rewritten
from dedup.spark.starting import start_job
from tests.spark.equality.corpus import write_corpus
from tests.spark.single_machine import open_tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Rows = list[tuple[Any, ...]]
N_DOCUMENTS = 90
_BY_BANDS = BandsConfig(all_pairs_up_to=0)  # so that contained pairs are left for anchors to find


@dataclass(frozen=True)
class Settings:
    """Settings of a run, how many parts a shuffle makes, and how long the parts of a file are."""

    config: Config
    partitions: int
    block_bytes: int


SETTINGS = {
    "default": Settings(Config(bands=_BY_BANDS), 3, 8 << 10),
    "loose": Settings(
        Config(
            bands=_BY_BANDS,
            canonical=CanonicalConfig("longest"),
            boilerplate=BoilerplateConfig(min_documents=3, min_share=0.02, max_copied=0.9),
            restatement=RestatementConfig(
                sensitive=True, reference_paragraphs=7, anchor_rows=8, anchor_share=0.2
            ),
        ),
        8,
        1 << 20,
    ),
    "across": Settings(
        Config(
            bands=_BY_BANDS,
            paragraphs=ParagraphsConfig(within="corpus"),
            boilerplate=BoilerplateConfig(min_documents=4),
        ),
        1,
        1 << 20,
    ),
}


@dataclass(frozen=True)
class Alone:
    """What the single machine made.

    Attributes:
        report: Its report.
        before: The same with the pairs and groups as they were before anything was set apart.
        anchored: The pairs of kept paragraphs that share anchors, as their numbers.
    """

    report: Report
    before: Report
    anchored: list[tuple[int, int]]


def run_alone(paths: list[Path], config: Config) -> Alone:
    """Run on this machine alone, and look on."""
    group, find = groups.group_around_canonicals, rewording.find_anchored
    caught: dict[str, Any] = {}
    anchored: list[tuple[int, int]] = []

    def spy_groups(verified: VerifiedPairs, compared: Any, *others: Any) -> Grouping:  # noqa: ANN401 -- handed on
        caught["pairs"] = verified.number(compared[0])
        grouping = group(verified, compared, *others)
        caught["grouping"] = grouping
        return grouping

    def spy_anchors(corpus: Corpus, kept: OffsetArray, run: Run) -> NumberPairs:
        lefts, rights = find(corpus, kept, run)
        anchored.extend(zip(lefts.tolist(), rights.tolist(), strict=True))
        return lefts, rights

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "group_around_canonicals", spy_groups)
        patch.setattr(pipeline, "find_anchored", spy_anchors)
        report = pipeline.find_duplicates(paths, config)
    return Alone(report, replace(report, **caught), anchored)


def cut_paragraphs(spark: "SparkSession", folder: Path) -> "DataFrame":
    """Write a report's paragraphs in pieces that several tasks can read, and open them."""
    table = pq.read_table(folder / "paragraphs.parquet")
    pq.write_table(table, folder / "cut.parquet", row_group_size=70)
    return spark.read.schema(PARAGRAPHS).parquet(str(folder / "cut.parquet"))


class Stages:
    """The stages of one run; each is made when it is first asked for."""

    def __init__(self, spark: "SparkSession", folder: Path, name: str) -> None:
        settings = SETTINGS[name]
        self._spark, self._settings = spark, settings
        paths = write_corpus(folder / "corpus" / "gazettes", N_DOCUMENTS)
        paths[-1] = paths[-1].rename(paths[-1].parent.parent / "part-2.jsonl")
        self.alone = run_alone(paths, settings.config)
        tables = {name: folder / name for name in ("after", "before")}
        for table in tables.values():
            table.mkdir()
        self.expected = open_tables(spark, self.alone.report, tables["after"])
        given = open_tables(spark, self.alone.before, tables["before"])
        self.paragraphs = cut_paragraphs(spark, tables["before"])
        self.collapsed = given["collapsed"]
        self.verified, self.grouped = given["pairs"], given["grouping"]
        files = find_files(spark, [str(path) for path in paths], settings.config.readers).files
        work = str(folder / "work")
        self.job: Job = start_job(spark, files, settings.config, work, settings.partitions)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the session to what the run needs."""
        with settled(self._spark, self.job.size_bytes, self.job.partitions):
            block_bytes = str(self._settings.block_bytes)
            self._spark.conf.set("spark.sql.files.maxPartitionBytes", block_bytes)
            yield

    @cached_property
    def boilerplate(self) -> "DataFrame | None":
        with self.held():
            return find_boilerplate(self.job, self.paragraphs)

    @cached_property
    def grouping(self) -> "DataFrame":
        with self.held():
            return set_apart(self.job, self.paragraphs, self.grouped, self.boilerplate)

    @cached_property
    def kept(self) -> Kept:
        with self.held():
            return find_kept(self.job, self.paragraphs, self.collapsed, self.grouping)

    @cached_property
    def anchored(self) -> "DataFrame":
        with self.held():
            return find_anchored(self.job, self.paragraphs, self.kept, self.verified)

    @cached_property
    def measured(self) -> "DataFrame":
        with self.held():
            return measure_anchored(self.job, self.paragraphs, self.kept, self.anchored)

    @cached_property
    def pairs(self) -> "DataFrame":
        with self.held():
            return list_pairs(self.verified, self.kept, self.measured)

    @cached_property
    def restated(self) -> Restated | None:
        with self.held():
            found = (self.grouping, self.verified, self.measured)
            return restate(self.job, self.paragraphs, *found)

    @cached_property
    def rewritten(self) -> "DataFrame":
        with self.held():
            tabular = None if self.restated is None else self.restated.tabular
            return find_rewritten(self.job, self.paragraphs, self.measured, tabular)

    def compare(self, made: "DataFrame", expected: "DataFrame") -> tuple[Rows, Rows]:
        """Give the rows of both tables, sorted, with the columns of what was made."""
        with self.held():
            return list_rows(made), list_rows(expected.select(*made.columns))


def list_rows(table: "DataFrame") -> Rows:
    """Give the rows of a table, sorted."""
    return sorted((tuple(row) for row in table.collect()), key=repr)


_OPEN: dict[str, Stages] = {}


def open_stages(spark: "SparkSession", folders: pytest.TempPathFactory, name: str) -> Stages:
    """Give the stages of a run with some settings; those that were made are there again."""
    if name not in _OPEN:
        _OPEN[name] = Stages(spark, folders.mktemp(name), name)
    return _OPEN[name]
