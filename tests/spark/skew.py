"""Run on Spark over one bucket of millions, with little memory; too long for every day.

    python -m tests.spark.skew [MEMBERS ...]

Each text is the same notice but for its last word, so that no two are identical, most share a band,
and all are near duplicates of the first: the most uneven corpus there is. It is run over with 512
MB for each of two executors, and the most that their processes held is read from /proc. The
exit status is 1 if more members took a tenth more memory than the fewest, or a run did not end.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.dataset as ds

from dedup.config import DEFAULTS, BandsConfig, Config, RunConfig, SignaturesConfig, VerifyConfig
from dedup.spark import find_duplicates
from dedup.spark.runtime.session import start_session
from tests.spark.processes import (
    is_executor,
    is_worker,
    kill_session,
    list_session,
    make_environment,
    read_most_memory,
)

MASTER: Final = "local-cluster[2,1,1024]"
SETTINGS: Final = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "1g",
    # Of what others have ready an executor fetches 48 MB at once, if there is as much.
    "spark.reducer.maxSizeInFlight": "16m",
}
# Two bands of eight: each holds the texts whose sixteen least hashes are those of the notice.
CONFIG: Final = Config(
    signatures=SignaturesConfig(num_perm=16),
    bands=BandsConfig(recall=0.5),
    verify=VerifyConfig(min_resemblance=0.9),
    paragraphs=replace(DEFAULTS.paragraphs, unit="record"),
    run=RunConfig(rules=("DUP001", "DUP002")),
)
GROWTH: Final = 1.10
_SHARE_IN_BUCKET: Final = 0.75
_SECONDS_BETWEEN: Final = 0.5
_MEGABYTE: Final = 1 << 20
_ROOT: Final = Path(__file__).parents[2]
_NOTICE: Final = (
    "The ferry to the outer islands leaves the old harbour every morning shortly after the bells "
    "of the customs house have rung and nobody who carries a lamp or a lantern of any kind may "
    "come aboard without leave of the warden called "
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run over one bucket took.

    Attributes:
        n_members: How many rows the fullest bucket had.
        java: The most bytes that the Java of an executor held.
        python: The most that a worker held.
        seconds: How long it took.
    """

    n_members: int
    java: int
    python: int
    seconds: float


def spell(number: int) -> str:
    """Give a word for a number, another for each."""
    letters = ""
    while number or not letters:
        number, digit = divmod(number, len(_LETTERS))
        letters += _LETTERS[digit]
    return letters


def write_notices(path: Path, n_rows: int) -> None:
    """Write JSON lines that differ in their last word."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_rows):
            file.write(f'{{"id": {number}, "text": "{_NOTICE}{spell(number)}."}}\n')


def measure(n_members: int, folder: Path) -> Measured:
    """Run over one bucket; watch its processes.

    Raises:
        CalledProcessError: The run did not end well.
    """
    corpus, work = folder / "corpus.jsonl", folder / "work"
    write_notices(corpus, int(n_members / _SHARE_IN_BUCKET))
    begun, words = time.monotonic(), [str(corpus), str(work)]
    process = subprocess.Popen(  # noqa: S603 -- this very module
        [sys.executable, "-m", "tests.spark.skew", "--run", *words],
        cwd=_ROOT,
        env=make_environment(folder),
        start_new_session=True,
    )
    java = python = 0
    try:
        while process.poll() is None:
            java = max(java, _find_largest(process.pid, is_executor))
            python = max(python, _find_largest(process.pid, is_worker))
            time.sleep(_SECONDS_BETWEEN)
    finally:
        kill_session(process.pid)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Measured(count_members(work), java, python, time.monotonic() - begun)


def _find_largest(leader: int, is_wanted: Callable[[int], bool]) -> int:
    """Give the memory of the largest process of a kind."""
    return max(map(read_most_memory, filter(is_wanted, list_session(leader))), default=0)


def count_members(work: Path) -> int:
    """Count the rows of the fullest bucket of the first band, by the keys that were made."""
    counts: dict[bytes, int] = {}
    (signed,) = work.glob("sign-*/rows")
    for batch in ds.dataset(signed).to_batches(columns=["keys"]):
        keys = [key[:4] for key in batch.column("keys").to_pylist() if key is not None]
        for key, n in zip(*np.unique(keys, return_counts=True), strict=True):
            counts[key] = counts.get(key, 0) + int(n)
    return max(counts.values())


def run(corpus: str, work: str) -> None:
    """Run over a corpus, in the process whose memory is watched."""
    spark = start_session(MASTER, SETTINGS, os.environ)
    try:
        result = find_duplicates(spark, corpus, CONFIG, work)
        sys.stdout.write(f"{result}\n")
        for cost in result.costs:
            sys.stdout.write(f"  {cost.name:<12} {cost.seconds:8.1f} s\n")
        sys.stdout.flush()
    finally:
        spark.stop()


def measure_all(sizes: list[int]) -> Iterator[Measured]:
    """Measure each size; say what was measured."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(size, Path(folder))
        sys.stdout.write(
            f"{found.n_members:,} members: Java {found.java / _MEGABYTE:,.0f} MB, "
            f"Python {found.python / _MEGABYTE:,.0f} MB, {found.seconds:,.0f} s\n"
        )
        sys.stdout.flush()
        yield found


def main() -> int:
    """Measure some sizes and compare their memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("members", nargs="*", type=int, default=[1_000_000, 3_000_000])
    parser.add_argument("--run", nargs=2, metavar=("CORPUS", "WORK"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.run:
        run(*told.run)
        return 0
    first, *others = measure_all(sorted(told.members))
    is_flat = all(
        other.java < GROWTH * first.java and other.python < GROWTH * first.python
        for other in others
    )
    sys.stdout.write("memory is flat\n" if is_flat else "memory grows\n")
    return 0 if is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
