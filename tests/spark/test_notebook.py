"""`dedup.spark.find_duplicates`: what it takes, and what it gives on a Connect session."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dedup
from dedup.config import DEFAULTS, CanonicalConfig, ParagraphsConfig, RunConfig
from dedup.errors import SettingError
from dedup.spark import find_duplicates
from tests.spark.single_machine import render

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
PLACES = ("Kent", "Wales", "York")
TEXTS = [
    f"The harbour of {PLACES[number % 3]} sent {number % 4} ships of wool and tin to the south in "
    "that summer, and none of them came home before the autumn storms had begun."
    for number in range(20)
]
TEXTS += ["In that summer ships with tin and wool left for the south; the autumn storms began."]
CONFIG = replace(
    DEFAULTS,
    paragraphs=ParagraphsConfig(unit="record"),
    canonical=CanonicalConfig("longest"),
    run=RunConfig(rules=("DUP001", "DUP002", "DUP003")),  # each more is some seconds more
)
CONNECTED = """
import json, sys
from pyspark.sql import SparkSession
from dedup.spark import find_duplicates
from tests.spark.processes import QUICK_JAVA
from tests.spark.test_notebook import CONFIG, TEXTS

builder = SparkSession.builder.remote("local[2]")
builder = builder.config("spark.driver.extraJavaOptions", QUICK_JAVA)
builder = builder.config("spark.python.daemon.module", "dedup.spark.daemon")
spark = builder.getOrCreate()
assert not hasattr(spark, "_jsparkSession")
frame = spark.createDataFrame(list(enumerate(TEXTS)), "id int, text string").repartition(3)
result = find_duplicates(spark, frame, CONFIG, sys.argv[1], 2)
lines = [row.json for row in result.findings.collect()]
print(json.dumps([sorted(lines), str(result), [cost.shuffled for cost in result.costs]]))
spark.stop()
"""


def list_lines() -> list[str]:
    """Give what one machine finds, as the format `jsonl` has it."""
    report = dedup.find_duplicates([{"id": n, "text": t} for n, t in enumerate(TEXTS)], CONFIG)
    return render(report, "jsonl")


def test_files_can_be_named_too(
    spark: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedup.spark.notebook.run", lambda job: job)
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text('{"text":"a"}\n')

    jobs: list[Any] = [
        find_duplicates(spark, source, CONFIG, partitions=3)
        for source in (str(tmp_path), [str(tmp_path / "b.jsonl")], tmp_path, [tmp_path / "b.jsonl"])
    ]

    names = [[Path(file.path).name for file in job.files] for job in jobs]
    assert names == [["a.jsonl", "b.jsonl"], ["b.jsonl"]] * 2
    assert [job.partitions for job in jobs] == [3] * 4


def test_a_cluster_must_be_told_where_to_work(
    spark: "SparkSession", monkeypatch: pytest.MonkeyPatch
) -> None:
    def say_master(name: str, default: str = "") -> str:
        return "yarn" if name == "spark.master" else default

    monkeypatch.setattr(spark.conf, "get", say_master)

    with pytest.raises(SettingError, match="work is None: allowed is that where Spark runs on"):
        find_duplicates(spark, "corpus.jsonl")


@pytest.mark.usefixtures("spark")  # asks for Java
def test_a_frame_on_a_connect_session_gives_what_one_machine_finds(tmp_path: Path) -> None:
    pytest.importorskip("grpc", reason="Spark Connect needs pyspark[connect]")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(  # noqa: S603 -- this Python and the words above
        [sys.executable, "-c", CONNECTED, str(tmp_path / "work")],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    lines, told, shuffled = json.loads(done.stdout.splitlines()[-1])
    expected = list_lines()
    assert lines == expected
    assert len(expected) > 10
    assert told.startswith("Read      21 paragraphs")
    assert set(shuffled) == {None}
