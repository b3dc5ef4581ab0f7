"""Where there is no Spark to test with its tests say so, or fail where they must not be skipped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark")  # else that is what is missing

ROOT = Path(__file__).parents[2]
# Any test that needs a session, and nothing before it.
TEST = "tests/spark/test_shuffled_bytes.py"


def run_without_java(folder: Path, **environment: str) -> str:
    """Run a test where JAVA_HOME names a folder without Java; gives what pytest says."""
    told = {name: value for name, value in os.environ.items() if name != "REQUIRE_SPARK"}
    command = [sys.executable, "-m", "pytest", "--no-cov", "-q", "-rsE", "-p", "no:cacheprovider"]
    return subprocess.run(  # noqa: S603 -- this very project
        [*command, "-p", "no:xdist", "--override-ini=addopts=--import-mode=importlib", TEST],
        cwd=ROOT,
        env={**told, "JAVA_HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_without_java_a_test_is_skipped_and_says_which_java(tmp_path: Path) -> None:
    said = run_without_java(tmp_path)

    assert "1 skipped" in said
    assert "Java 17" in said


def test_a_required_test_is_not_skipped(tmp_path: Path) -> None:
    said = run_without_java(tmp_path, REQUIRE_SPARK="1")

    assert "1 error" in said
    assert "REQUIRE_SPARK is set: Spark needs Java 17" in said


def test_one_worker_has_all_tests_of_spark(request: pytest.FixtureRequest) -> None:
    # Two sessions on two cores take three times as long; some versions forget groups silently.
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@spark")
