"""Processes are killed while they work, and folders spoilt: the answer is that of one machine.

Killed is what a task runs in while it waits, with half of its rows made; see `faults.driver`.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq
import pytest

from dedup.config import DEFAULTS, BandsConfig, RunConfig
from dedup.errors import WorkFolderError
from dedup.pipeline import find_duplicates
from dedup.spark import find_duplicates as find_on_spark
from tests.spark.equality.corpus import write_corpus
from tests.spark.faults.killing import MASTER, Started
from tests.spark.processes import QUICK_JAVA
from tests.spark.single_machine import render, spell_row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.spark.reporting.results import SparkResult

N_DOCUMENTS: Final = 400  # 2,400 different texts: more than are compared all with all
PARTITIONS: Final = 4
RULES: Final = ("DUP001", "DUP002")
CONFIG: Final = replace(DEFAULTS, run=RunConfig(rules=RULES))
# What is killed, and the checkpoint that its tasks were making.
KILLED: Final = {
    "signing": "sign",
    "pairing": "pairs",
    "verifying": "verify",
    "grouping": "joining_1",
}
LAST: Final = ("told", "rows", "found", "findings")  # checkpoints made when all is decided
SETTINGS: Final = (
    f"spark.driver.extraJavaOptions={QUICK_JAVA}",
    f"spark.executor.extraJavaOptions={QUICK_JAVA}",
    "spark.sql.codegen.factoryMode=NO_CODEGEN",
    "spark.sql.codegen.wholeStage=false",
    "spark.sql.autoBroadcastJoinThreshold=-1",  # joins shuffle, as they do of many
)
pytestmark = pytest.mark.usefixtures("spark")  # which skips where there is none
Answer = tuple[list[str], list[str]]
Resume = Callable[[Path], "SparkResult"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A run that was killed as a whole, and then one in which executors were.

    Attributes:
        command: The second command; ended, its marks are still there.
        work: Its checkpoints.
        output: What it wrote.
        status: What it exited with.
        n_map_outputs: By stage, files for others to fetch that were lost with the executor.
    """

    command: Started
    work: Path
    output: Path
    status: int
    n_map_outputs: dict[str, int]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_corpus(tmp_path_factory.mktemp("corpus"), N_DOCUMENTS)


@pytest.fixture(scope="module")
def answer(corpus: list[Path]) -> Answer:
    """Give what one machine says."""
    report = find_duplicates(corpus, CONFIG)
    return render(report, "groups"), render(report, "jsonl")


@pytest.fixture(scope="module")
def broken(corpus: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """Kill a run while it signs; run again on two executors, of which one is killed a stage."""
    folder = tmp_path_factory.mktemp("killed")
    work, output = folder / "work", folder / "output"
    words = spell_command(corpus, work, output, "local[2]")
    with Started(words, ["sign"], folder / "first") as command:
        command.wait_for_task("sign")
    assert not output.exists()
    words = spell_command(corpus, work, output, MASTER)
    with Started(words, list(KILLED.values()), folder / "second") as command:
        n_map_outputs = {stage: command.kill_executor(stage) for stage in KILLED.values()}
        status = command.wait()
    return Broken(command, work, output, status, n_map_outputs)


@pytest.fixture
def resume(spark: "SparkSession", corpus: list[Path]) -> Resume:
    """Give a run that goes on in another session, on a master of another kind."""

    def run(work: Path) -> "SparkResult":
        names = [str(path) for path in corpus]
        return find_on_spark(spark, names, CONFIG, str(work), PARTITIONS)

    return run


def spell_command(corpus: list[Path], work: Path, output: Path, master: str) -> list[str]:
    """Give the words of a command that does what CONFIG says."""
    told = {"master": master, "work": work, "output": output, "select": ",".join(RULES)}
    words = [f"--{name}={value}" for name, value in told.items()]
    words += [f"--conf={setting}" for setting in SETTINGS]
    return ["spark", "scan", *map(str, corpus), f"--partitions={PARTITIONS}", *words]


def read_output(folder: Path) -> Answer:
    """Give the rows and findings in a folder as one machine spells them."""
    rows, findings = (pq.read_table(folder / name).to_pylist() for name in ("groups", "findings"))
    return sorted(map(spell_row, rows)), sorted(finding["json"] for finding in findings)


def collect(result: "SparkResult") -> Answer:
    """Give the same of a result."""
    rows = [row.asDict() for row in result.groups.collect()]
    return sorted(map(spell_row, rows)), sorted(row.json for row in result.findings.collect())


def list_resumed(result: "SparkResult") -> set[str]:
    """Name the checkpoints that a run took over."""
    return {cost.name for cost in result.costs if cost.is_resumed}


@pytest.mark.parametrize("stage", KILLED.values(), ids=KILLED)
def test_what_a_killed_executor_was_making_is_made_again(broken: Broken, stage: str) -> None:
    attempts = broken.command.list_attempts(stage)

    assert any(each["failed"] for each in attempts), broken.command.said


def test_map_output_lost_with_an_executor_is_made_again(broken: Broken) -> None:
    attempts = broken.command.list_attempts("pairs")

    assert broken.n_map_outputs["pairs"] > 0
    assert any(each["attempt"] for each in attempts), attempts


def test_the_job_ends_with_the_answer_of_one_machine(broken: Broken, answer: Answer) -> None:
    assert broken.status == 0, broken.command.said
    assert read_output(broken.output) == answer


def test_a_run_killed_as_a_whole_is_gone_on_with(broken: Broken) -> None:
    taken_over = re.findall(r"^ *(\w+) +taken over", broken.command.said, re.MULTILINE)

    assert taken_over == ["records", "repeated", "blocks"]


def test_checkpoints_that_are_not_whole_are_made_again(
    broken: Broken, answer: Answer, resume: Resume, tmp_path: Path
) -> None:
    work = shutil.copytree(broken.work, tmp_path / "work")
    for name in ("pairs", *LAST):
        (stage,) = work.glob(f"{name}-*")
        shutil.rmtree(stage)
    (file, *_) = work.glob("verify-*/rows/*.parquet")
    file.unlink()
    (marker,) = work.glob("collapse-*/whole")
    shutil.rmtree(marker)

    result = resume(work)

    made = {"collapse", "pairs", "verify", *LAST}
    assert list_resumed(result) == {cost.name for cost in result.costs} - made
    assert collect(result) == answer


def test_checkpoints_of_other_settings_are_refused(
    broken: Broken, spark: "SparkSession", corpus: list[Path]
) -> None:
    config = replace(CONFIG, bands=BandsConfig(full_bucket=32))

    with pytest.raises(WorkFolderError, match=r"bands\.full_bucket was 64, now 32"):
        find_on_spark(spark, [str(path) for path in corpus], config, str(broken.work), PARTITIONS)


def test_checkpoints_of_other_texts_are_refused(
    broken: Broken, spark: "SparkSession", corpus: list[Path], tmp_path: Path
) -> None:
    others = [shutil.copy2(path, tmp_path) for path in corpus]
    (tmp_path / corpus[0].name).write_bytes(b"")

    with pytest.raises(WorkFolderError, match="its stages are of another run") as refused:
        find_on_spark(spark, [str(path) for path in others], CONFIG, str(broken.work), PARTITIONS)

    assert "is gone" in str(refused.value)
