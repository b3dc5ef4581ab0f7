"""Few paragraphs are compared all with all, in one task, as the single machine does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pyarrow as pa
import pytest

from dedup.config import DEFAULTS, BandsConfig, Config, ParagraphsConfig, Within
from dedup.pipeline import find_duplicates
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.stages.collapsing import collapse
from dedup.spark.stages.signing import sign
from dedup.spark.stages.small import compare_batches, compare_small, is_small
from tests.spark.stages.test_verifying import TEXTS, list_expected

MakeJob: TypeAlias = Callable[..., Job]
BY_BANDS = BandsConfig(all_pairs_meetings=0)


def lay_out(texts: list[str], order: list[int]) -> list[pa.RecordBatch]:
    """Give paragraphs to a task in some order, in several batches."""
    table = pa.table(
        {
            "id": pa.array(order, pa.int64()),
            "rank": pa.array([0.0] * len(order), pa.float64()),
            "document": pa.array(order, pa.int64()),
            "text": [texts[number] for number in order],
        }
    )
    return list(table.to_batches(max_chunksize=2))


@pytest.mark.parametrize("bands", [BandsConfig(), BY_BANDS])
@pytest.mark.parametrize("within", ["both", "corpus"])
def test_a_task_compares_as_one_machine_does(within: Within, bands: BandsConfig) -> None:
    paragraphs = ParagraphsConfig(unit="record", within=within)
    config = replace(DEFAULTS, paragraphs=paragraphs, bands=bands)
    texts = TEXTS if within == "corpus" else [*TEXTS[:4], TEXTS[5]]  # without copies
    report = find_duplicates([{"id": n, "text": text} for n, text in enumerate(texts)], config)
    order = list(range(len(texts)))
    Random(3).shuffle(order)  # noqa: S311 -- no secret

    (batch,) = compare_batches(lay_out(texts, order), config)
    (found,) = batch.to_pylist()

    counts = report.counts
    assert counts.compared_all_pairs is (bands is not BY_BANDS)
    assert (found["n_beyond_buckets"], found["n_templates"]) == (0, 0)
    expected = list_expected(report)
    names = {name for name in expected[0] if name != "unaligned"}
    pairs = {(row["a"], row["b"]): {name: row[name] for name in names} for row in found["pairs"]}
    # A report drops the contained pairs of which one is redundant.
    assert all(pairs[row["a"], row["b"]] == {n: row[n] for n in names} for row in expected)
    assert len(expected) > 0


def test_nothing_to_compare_makes_no_row() -> None:
    assert list(compare_batches(lay_out(TEXTS, []), DEFAULTS)) == []


def compare(job: Job) -> tuple[list[tuple[int, int]], Any]:
    """Take a job to the comparison of all pairs."""
    paragraphs = sign(job, read_inputs(job).documents)
    collapsed = collapse(job, paragraphs)
    assert is_small(job, collapsed)
    compared = compare_small(job, paragraphs, collapsed)
    return sorted((row.a, row.b) for row in compared.verified.collect()), compared


def test_spark_compares_few_paragraphs_all_with_all(job: MakeJob, tmp_path: Path) -> None:
    records = [{"id": number, "text": text} for number, text in enumerate(TEXTS)]
    config: Config = replace(DEFAULTS, paragraphs=ParagraphsConfig(unit="record"))

    pairs, compared = compare(job(records, config, partitions=3))

    report = find_duplicates([tmp_path / "corpus.jsonl"], config)
    assert set(pairs) >= {(row["a"], row["b"]) for row in list_expected(report)} > set()
    assert [tuple(row) for row in compared.count().collect()] == [(0, 0)]
    assert report.counts.compared_all_pairs


def test_a_corpus_is_small_by_what_is_left_to_compare(job: MakeJob) -> None:
    records = [{"id": number, "text": TEXTS[0]} for number in range(4)]
    records.append({"id": 4, "text": TEXTS[5]})
    one = replace(DEFAULTS, bands=BandsConfig(all_pairs_up_to=1))
    made = job(records, one)

    collapsed = collapse(made, sign(made, read_inputs(made).documents))

    assert not is_small(made, collapsed)
    two = replace(DEFAULTS, bands=BandsConfig(all_pairs_up_to=2))
    assert is_small(replace(made, config=two), collapsed)


def test_without_a_paragraph_nothing_was_left_out(job: MakeJob) -> None:
    pairs, compared = compare(job([{"id": 1, "text": "Too short."}]))

    assert pairs == []
    assert compared.count().collect() == []
