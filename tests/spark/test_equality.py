"""A run on Spark gives the rows and findings of the single machine, byte for byte once sorted.

Large inputs are compared by `python -m tests.spark.equality`; here is what takes some seconds.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.config import DEFAULTS, BandsConfig, Config, ReadersConfig, RunConfig
from tests.conftest import ROOT
from tests.spark.equality.comparing import Lines, name_differences, run_single, run_spark
from tests.spark.equality.corpus import write_corpus
from tests.spark.equality.settings import choose_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

N_DOCUMENTS = 120
# Each relation alone, under one policy of canonical order or another.
TOGETHER = {
    "DUP001": "longest",
    "DUP002": "newest",
    "DUP003": "oldest",
    "DUP004": "priority",
    "DUP005": "first",
    "DUP006": "longest",
    "DUP007": "newest",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_corpus(tmp_path_factory.mktemp("equality"), N_DOCUMENTS)


def compare(
    spark: "SparkSession", corpus: list[Path], config: Config, work: Path, partitions: int = 3
) -> list[str]:
    single = run_single(corpus, config)
    assert single.groups

    return name_differences(single, run_spark(spark, corpus, config, work, partitions))


@pytest.mark.parametrize("partitions", [1, 3, 8])
def test_partitions_change_nothing(
    partitions: int, spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    assert compare(spark, corpus, DEFAULTS, tmp_path, partitions) == []


@pytest.mark.parametrize(("rule", "policy"), TOGETHER.items())
def test_each_relation_alone_under_some_policy(
    rule: str, policy: str, spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    sources = (str(corpus[2]), "17", str(corpus[1]))
    config = choose_settings(policy, "paragraph", sources)[policy]
    config = replace(config, run=RunConfig(rules=(rule,)), bands=BandsConfig(all_pairs_up_to=0))

    assert compare(spark, corpus, config, tmp_path) == []


@pytest.mark.parametrize("name", ["within documents", "across documents", "sensitive"])
@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_what_is_compared_with_what(
    name: str, unit: str, spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    config = choose_settings(name, unit)[name]

    assert compare(spark, corpus, config, tmp_path) == []


def test_what_cannot_be_read_is_a_finding(spark: "SparkSession", tmp_path: Path) -> None:
    paths = write_corpus(tmp_path / "corpus", 12, n_files=2)
    with paths[0].open("a") as file:
        file.write(
            '{"text": 5}\n{"text": "again", "id": "twice"}\n{"text": "", "id": "twice"}\nnone\n'
        )
    config = replace(DEFAULTS, readers=ReadersConfig(skip_errors=True))
    single = run_single(paths, config)

    made = run_spark(spark, paths, config, tmp_path / "work", 2)

    assert name_differences(single, made) == []
    assert sum('"DUP900"' in line for line in made.findings) == 3


def test_a_cluster_of_two_executors_gives_the_same(
    spark: "SparkSession",  # noqa: ARG001 -- skips where there is none
    tmp_path: Path,
) -> None:
    command = (sys.executable, "-m", "tests.spark.equality", "--documents", "60", "--settings")
    options = ("first", "--partitions", "3", "--master", "local-cluster[2,1,1024]")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}

    done = subprocess.run(  # noqa: S603 -- a program of our own
        (*command, *options), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("equal: first"), done.stdout + done.stderr
    assert done.returncode == 0


def test_what_differs_is_named() -> None:
    one, other = Lines(["a", "b"], ["x"], 0.0), Lines(["a", "c"], ["x"], 0.0)

    assert name_differences(one, one) == []
    assert name_differences(one, other) == [
        "groups: 2 lines expected, 2 made",
        "  missing (1): b",
        "  surplus (1): c",
    ]
