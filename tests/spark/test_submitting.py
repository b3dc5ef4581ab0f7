"""The way of the README to hand a scan to `spark-submit`."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.usefixtures("spark")  # which skips where there is no Java
def test_spark_submit_takes_the_file_of_the_readme(tmp_path: Path) -> None:
    (line,) = (each for each in README.read_text().splitlines() if each.startswith("printf "))
    subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True)  # noqa: S603, S607 -- of ours
    submit = Path(sys.executable).with_name("spark-submit")
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}

    ended = subprocess.run(  # noqa: S603 -- likewise
        [submit, "--master", "local[1]", "dedup_on_spark.py", "--version"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (0, f"dedup {version('dedup-paragraphs')}\n")
