"""Find the Java that a Spark session on this machine would start with, and refuse too old a one.

In: the environment. Out: nothing, or an error of one sentence. PySpark itself ends with a stack
trace of its launcher, or with a class file version, of which nobody reads what is missing.

Decision (2026-11-26): Java 17 is asked for, which every PySpark from 3.5 on runs with. Spark 4
needs it; Spark 3.5 would take 8 and 11 too, which are not tested here.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

from dedup.errors import SettingError

LEAST: Final = 17
_VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')
_PATIENCE_SECONDS: Final = 30  # a cold disk; without an end a broken wrapper would hold up the run
_REMEDY: Final = (
    f"Install Java {LEAST} (as Debian's openjdk-{LEAST}-jre-headless or Temurin {LEAST}), or let "
    "JAVA_HOME name its folder"
)


def check_java(environment: Mapping[str, str]) -> None:
    """Refuse to go on without a Java that Spark can run with.

    Args:
        environment: Of the process; JAVA_HOME wins over PATH, as it does for Spark.

    Raises:
        SettingError: There is no Java, it does not start, or it is too old.
    """
    home = environment.get("JAVA_HOME")
    if home:
        command, where = os.path.join(home, "bin", "java"), f"JAVA_HOME is {home!r}"  # noqa: PTH118 -- as Spark joins it
    else:
        command, where = shutil.which("java", path=environment.get("PATH")) or "", "PATH"
    if not command:
        raise SettingError(f"Spark needs Java {LEAST} or later, and there is none. {_REMEDY}.")
    version = _ask_version(command)
    if version is None:
        raise SettingError(
            f"Spark needs Java {LEAST} or later, and '{command}' does not start ({where}). "
            f"{_REMEDY}."
        )
    if version < LEAST:
        raise SettingError(
            f"Spark needs Java {LEAST} or later, and '{command}' is Java {version} ({where}). "
            f"{_REMEDY}."
        )


def _ask_version(command: str) -> int | None:
    """Ask a Java for its version; None where it gives none."""
    try:
        told = subprocess.run(  # noqa: S603 -- the very program that Spark would start
            [command, "-version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return read_version(told.stderr + told.stdout)


def read_version(told: str) -> int | None:
    """Read the version that `java -version` tells; None where there is none in it.

    >>> read_version('openjdk version "17.0.15" 2025-04-15'), read_version('version "1.8.0_402"')
    (17, 8)
    """
    found = _VERSION.search(told)
    return int(found[1]) if found else None
