"""The README's console blocks are run as they stand; its set-up commands are run by `.ci/run`."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from dedup.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n\$ (.+)\n((?:.*\n)*?)```$", README, re.MULTILINE)
EXAMPLES = [block for block in BLOCKS if block[0].startswith("dedup ")]
SETUPS = [command for command, _ in BLOCKS if not command.startswith("dedup ")]


@pytest.mark.parametrize(("command", "expected"), EXAMPLES, ids=[block[0] for block in EXAMPLES])
def test_an_example_prints_what_the_readme_shows(command: str, expected: str) -> None:
    words = shlex.split(command)[1:]

    done = subprocess.run(  # noqa: S603 -- the README's own words
        [sys.executable, "-m", "dedup", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )

    finds = words[0] == "check" and "--exit-zero" not in words
    assert done.returncode == int(finds), done.stderr
    assert done.stdout.splitlines() == expected.splitlines()


def test_two_set_up_commands_need_nothing_before_them() -> None:
    assert len(SETUPS) == 2
    assert all(command.startswith("python3 -m venv ") for command in SETUPS)
    assert SETUPS[0].endswith("dedup scan data/articles/padded.txt")
    assert "pytest" in SETUPS[1]


def test_the_command_table_names_the_commands_there_are() -> None:
    command = get_command(app)
    named = set(re.findall(r"^\| `dedup (\w+)[^`]*` \|", README, re.MULTILINE))

    assert named == set(getattr(command, "commands", {}))


def test_the_python_example_runs_and_keeps_one() -> None:
    example = re.search(r"^```python\n((?:.*\n)*?)```$", README, re.MULTILINE)
    assert example

    done = subprocess.run(  # noqa: S603 -- likewise
        [sys.executable, "-c", example.group(1) + "\nprint(len(kept))"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "1"
