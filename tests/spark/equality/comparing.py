"""Compare a run on Spark with the single machine's, line by line once sorted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from dedup.config import Config
from dedup.pipeline import find_duplicates
from dedup.reporters.skipped import count_skipped
from dedup.spark.plan import run
from dedup.spark.reading.listing import find_files
from dedup.spark.runtime.session import settled
from dedup.spark.starting import start_job
from tests.spark.single_machine import render, spell_row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SHOWN = 3


@dataclass(frozen=True)
class Lines:
    """The lines of a run, sorted, by format; its seconds by the clock, and the bytes shuffled.

    And what it says that it left out.
    """

    groups: list[str]
    findings: list[str]
    skipped: list[str]
    seconds: float
    shuffled: int = 0


def run_single(paths: list[Path], config: Config) -> Lines:
    """Run on this machine alone."""
    begun = perf_counter()
    report = find_duplicates(paths, config)
    seconds = perf_counter() - begun
    sources = {"sources": len(report.problems)}
    skipped = _name_skipped({**count_skipped(report.counts), **sources})
    return Lines(render(report, "groups"), render(report, "jsonl"), skipped, seconds)


def run_spark(
    spark: "SparkSession", paths: list[Path], config: Config, work: Path, partitions: int
) -> Lines:
    """Run on Spark."""
    found = find_files(spark, [str(path) for path in paths], config.readers)
    job = start_job(spark, found.files, config, str(work), partitions)
    begun = perf_counter()
    with settled(spark, job.size_bytes, job.partitions):
        result = run(job)
        seconds = perf_counter() - begun
        groups = sorted(spell_row(row.asDict()) for row in result.groups.toLocalIterator())
        findings = sorted(row.json for row in result.findings.select("json").toLocalIterator())
    told = (cost.shuffled for cost in result.costs)
    shuffled = sum(each.size_bytes for each in told if each)
    return Lines(groups, findings, _name_skipped(result.summary["skipped"]), seconds, shuffled)


def _name_skipped(counts: Mapping[str, int]) -> list[str]:
    return sorted(f"{n} {name}" for name, n in counts.items())


def name_differences(single: Lines, other: Lines) -> list[str]:
    """Give a few lines that only one of two runs has; none where they are equal."""
    found = []
    for name in ("groups", "findings", "skipped"):
        expected, got = getattr(single, name), getattr(other, name)
        if expected == got:
            continue
        known, made = set(expected), set(got)
        missing = [line for line in expected if line not in made]
        surplus = [line for line in got if line not in known]
        found.append(f"{name}: {len(expected):,} lines expected, {len(got):,} made")
        found += [f"  missing ({len(missing):,}): {line}" for line in missing[:SHOWN]]
        found += [f"  surplus ({len(surplus):,}): {line}" for line in surplus[:SHOWN]]
    return found
