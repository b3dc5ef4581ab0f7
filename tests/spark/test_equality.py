"""A run on Spark gives the rows and findings of the single machine, byte for byte once sorted.

A run takes some ten seconds however small it is, so that each settles several things at once. All
settings, one by one and on large inputs, are compared by `python -m tests.spark.equality`.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.config import BandsConfig, Config, RunConfig
from tests.spark.equality.comparing import Lines, name_differences, run_single, run_spark
from tests.spark.equality.corpus import write_corpus
from tests.spark.equality.settings import choose_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

N_DOCUMENTS = 100
BROKEN = '{"text": 5}\n{"text": "again", "id": "twice"}\n{"text": "", "id": "twice"}\nnone\n'
BY_BANDS = BandsConfig(all_pairs_up_to=0)
# Names of settings: what is compared, in how many parts, and how candidates are found.
TOGETHER = {
    "priority": ("paragraph", 1, BandsConfig()),
    "longest": ("paragraph", 8, BY_BANDS),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write documents of several paragraphs, and a few records that cannot be read."""
    paths = write_corpus(tmp_path_factory.mktemp("equality"), N_DOCUMENTS)
    with paths[0].open("a") as file:
        file.write(BROKEN)
    return paths


def choose(name: str, unit: str, corpus: list[Path], bands: BandsConfig) -> Config:
    """Give settings by name, with what cannot be read reported."""
    sources = (str(corpus[2]), "17", str(corpus[1]))
    config = choose_settings(name, unit, sources)[name]
    readers = replace(config.readers, skip_errors=True)
    return replace(config, readers=readers, bands=bands)


def compare(
    spark: "SparkSession", corpus: list[Path], config: Config, work: Path, partitions: int
) -> Lines:
    """Give the lines of one machine, which those of Spark must be equal to."""
    single = run_single(corpus, config)

    assert name_differences(single, run_spark(spark, corpus, config, work, partitions)) == []
    assert single.groups
    return single


@pytest.mark.parametrize("name", TOGETHER)
def test_all_relations_are_those_of_one_machine(
    name: str, spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    unit, partitions, bands = TOGETHER[name]
    config = choose(name, unit, corpus, bands)

    single = compare(spark, corpus, config, tmp_path, partitions)

    assert sum('"DUP900"' in line for line in single.findings) == 3


def test_a_relation_alone_is_that_of_one_machine(
    spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    config = choose("newest", "paragraph", corpus, BY_BANDS)
    only = replace(config, run=RunConfig(rules=("DUP004",)))

    single = compare(spark, corpus, only, tmp_path, 3)

    assert all('"DUP004"' in line for line in single.findings)
    assert single.findings


def test_what_differs_is_named() -> None:
    one, other = Lines(["a", "b"], ["x"], [], 0.0), Lines(["a", "c"], ["x"], [], 0.0)

    assert name_differences(one, one) == []
    assert name_differences(one, other) == [
        "groups: 2 lines expected, 2 made",
        "  missing (1): b",
        "  surplus (1): c",
    ]
