"""Which Java a session would start with, and what is said of a missing or an old one."""

import os
import stat
from pathlib import Path

import pytest

from dedup.errors import SettingError
from dedup.spark.runtime.java import check_java, read_version


def make_java(folder: Path, told: str, status: int = 0) -> Path:
    """Write a program that answers as `java -version` does."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit {status}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program.parent


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"\nJava(TM) SE Runtime Environment', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11.0.2" 2019-01-15', 11),
        ("command not found", None),
    ],
)
def test_the_version_is_read_from_what_java_tells(told: str, version: int | None) -> None:
    assert read_version(told) == version


def test_java_17_is_good_enough(tmp_path: Path) -> None:
    folder = make_java(tmp_path, 'openjdk version "17.0.1" 2021-10-19')

    check_java({"PATH": str(folder)})


def test_no_java_is_said_in_a_sentence_that_names_17(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"needs Java 17 or later, and there is none\. Install"):
        check_java({"PATH": str(tmp_path)})


def test_an_old_java_is_named_with_where_it_was_found(tmp_path: Path) -> None:
    folder = make_java(tmp_path, 'openjdk version "1.8.0_402"')

    with pytest.raises(SettingError, match=r"bin/java' is Java 8 \(PATH\). Install Java 17"):
        check_java({"PATH": str(folder)})


def test_java_home_wins_over_the_path_as_it_does_for_spark(tmp_path: Path) -> None:
    old = make_java(tmp_path / "old", 'openjdk version "11.0.2"').parent
    new = make_java(tmp_path / "new", 'openjdk version "21"')

    with pytest.raises(SettingError, match=r"is Java 11 \(JAVA_HOME is '.*old'\)"):
        check_java({"PATH": str(new), "JAVA_HOME": str(old)})


@pytest.mark.parametrize("told", ["", "Segmentation fault"])
def test_a_java_that_does_not_start_is_refused(told: str, tmp_path: Path) -> None:
    folder = make_java(tmp_path, told, status=1)

    with pytest.raises(SettingError, match="does not start"):
        check_java({"PATH": str(folder)})


def test_a_java_home_without_java_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="does not start"):
        check_java({"JAVA_HOME": str(tmp_path), "PATH": os.environ["PATH"]})
