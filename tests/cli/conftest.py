"""A way to run `dedup` as its users do, and the example data."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from dedup.cli.app import main

ROOT = Path(__file__).parents[2]
Finished: TypeAlias = "subprocess.CompletedProcess[str]"
Stream: TypeAlias = object


@pytest.fixture
def data() -> Path:
    return ROOT / "data"


@pytest.fixture
def spawn() -> Callable[..., "subprocess.Popen[str]"]:
    """Give a function that starts a Python with some words, and pipes for what is not given."""

    def start(*words: str | Path, **settings: Stream) -> "subprocess.Popen[str]":
        given = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        more = settings.pop("environment", {})
        assert isinstance(more, dict)
        process: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 -- words of these tests
            [sys.executable, *map(str, words)],
            env={**os.environ, **given, **more},
            text=True,
            **{**pipes, **settings},  # type: ignore[call-overload]
        )
        return process

    return start


@pytest.fixture
def python(spawn: Callable[..., "subprocess.Popen[str]"]) -> Callable[..., Finished]:
    """Give a function that runs a Python with some words to its end."""

    def run(*words: str | Path, **settings: Stream) -> Finished:
        with spawn(*words, **settings) as process:
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    return run


@pytest.fixture
def dedup(python: Callable[..., Finished]) -> Callable[..., Finished]:
    """Give a function that runs a command in a process of its own."""
    return lambda *words, **settings: python("-m", "dedup", *words, **settings)


@pytest.fixture
def status(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Give a function that runs a command in this process: exit status, stdout, stderr."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        code = stop.value.code
        return int(code or 0), *capfd.readouterr()

    return run
