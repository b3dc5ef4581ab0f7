"""`dedup clean` killed at any moment; fifty kills are `python -m tests.fuzz.crash`."""

import os
from pathlib import Path

import pytest

from tests.fuzz.crash import kill_runs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")


@pytest.mark.parametrize(("kind", "n_kills"), [("jsonl", 4), ("html", 3), ("parquet", 3)])
def test_a_killed_run_leaves_no_half_of_an_output(kind: str, n_kills: int, tmp_path: Path) -> None:
    outcome = kill_runs(kind, n_kills, seed=3, folder=tmp_path)

    assert outcome.faults == ()
    assert outcome.n_absent + outcome.n_whole == n_kills
