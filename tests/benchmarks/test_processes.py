import sys
from pathlib import Path

import pytest

from tests.benchmarks.processes import RunFailedError, run_measured
from tests.benchmarks.rivals import list_rivals, prepare_rival


def test_cpu_and_memory_are_those_of_the_command_and_its_children(tmp_path: Path) -> None:
    spin = "import time; b = b'x' * 80_000_000\nwhile time.process_time() < 0.2: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"

    idle = run_measured([sys.executable, "-c", "pass"], tmp_path / "log")
    busy = run_measured([sys.executable, "-c", parent], tmp_path / "log")

    assert busy.cpu_seconds >= 0.2
    assert busy.peak_megabytes > 80
    assert idle.peak_megabytes < 40  # not that of pytest, which started it


def test_a_failing_command_is_told_with_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('out of luck')"]

    with pytest.raises(RunFailedError, match="ended with 1: out of luck"):
        run_measured(command, tmp_path / "log")


def test_packages_are_read_from_the_readme(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Use `some-tool[fast]==1.2.3` or `other==4`; `x=1` not.")

    rivals = list_rivals(tmp_path)

    assert [(r.name, r.package) for r in rivals] == [
        ("some-tool", "some-tool[fast]==1.2.3"),
        ("other", "other==4"),
    ]
    assert rivals[0].script.name == "peer_sometool.py"


def test_a_rival_runs_with_the_python_given(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("`other==4`")
    rival = list_rivals(tmp_path)[0]

    assert prepare_rival(rival, {"other": Path("/p")}, tmp_path).python == Path("/p")
