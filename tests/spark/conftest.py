"""A Spark session for all tests of a module tree, and makers of jobs over small inputs."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from dedup.config import DEFAULTS, Config
from dedup.errors import DedupError
from dedup.spark.reading.listing import find_files
from dedup.spark.runtime.java import check_java
from dedup.spark.runtime.job import Job
from dedup.spark.runtime.session import require_pyspark, settled, start_session
from dedup.spark.starting import start_job
from tests.spark.processes import QUICK_JAVA

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MakeJob: TypeAlias = Callable[..., Job]
_HERE = Path(__file__).parent
# Spark's own compiling of each plan takes a fifth of what Java's leaves.
QUICK = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": QUICK_JAVA,
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let PySpark leave its sockets to the collector of garbage: `collect` closes none."""
    ignored = "ignore:.*socket.*:pytest.PytestUnraisableExceptionWarning"
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.filterwarnings(ignored))


def _require_spark() -> None:
    """Skip where there is no Spark to test with, unless it was asked for."""
    try:
        require_pyspark()
        check_java(os.environ)
    except DedupError as error:
        if os.environ.get("REQUIRE_SPARK"):
            pytest.fail(f"REQUIRE_SPARK is set: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def spark() -> "Iterator[SparkSession]":
    """Give a session of two cores, as a run holds it."""
    _require_spark()
    session = start_session("local[2]", QUICK, os.environ)
    yield session
    session.stop()


@pytest.fixture
def job(spark: "SparkSession", tmp_path: Path) -> Iterator[MakeJob]:
    """Give a maker of jobs: of records, which it writes as JSON Lines, or of files by name."""
    stack = ExitStack()

    def make(
        source: Sequence[Mapping[str, Any]] | Sequence[Path],
        config: Config = DEFAULTS,
        partitions: int = 4,
        work: str = "work",
        block_bytes: int | None = None,
    ) -> Job:
        paths = [each for each in source if isinstance(each, Path)]
        if not paths:
            paths = [tmp_path / "corpus.jsonl"]
            lines = (json.dumps(record, ensure_ascii=False) for record in source)
            paths[0].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        found = find_files(spark, [str(path) for path in paths], config.readers)
        made = start_job(spark, found.files, config, str(tmp_path / work), partitions)
        stack.enter_context(settled(spark, made.size_bytes, made.partitions))
        if block_bytes is not None:
            spark.conf.set("spark.sql.files.maxPartitionBytes", str(block_bytes))
        return made

    with stack:
        yield make
