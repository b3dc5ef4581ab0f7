"""Run `dedup check` for the action: settings come from its environment, outputs go to its files.

It is no shell script: options with quotes in them are split here as a shell would, without letting
a shell run what they say. Python is told to stand alone (`-I`), so that no module of the repository
that is checked, which lies in the current folder, is taken for one of ours.
"""
# ruff: noqa: INP001 -- a script of the action, in no package

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FAILED: Final = 2
_SIGNALS: Final = 126  # from here on a status says that something ended the process


def main() -> int:
    """Run the check, write the action's outputs and give the status of its step."""
    settings = os.environ
    sarif = _name_sarif_file(settings)
    Path(sarif).unlink(missing_ok=True)  # of an earlier step: it would be taken for this one's
    try:
        words = [*_list_options(settings), f"--output-format=sarif={sarif}", *_list_paths(settings)]
    except ValueError as error:
        sys.stdout.write(f"::error::dedup: the input args is not as a shell takes it: {error}\n")
        return _write_outputs(settings, _FAILED, "")
    command = [sys.executable, "-I", "-m", "dedup", "check", *words]
    done = subprocess.run(command, check=False)  # noqa: S603 -- the action's own inputs
    status = done.returncode if done.returncode >= 0 else _FAILED
    is_checked = status != _FAILED and status < _SIGNALS and Path(sarif).is_file()
    _write_outputs(settings, status, sarif if is_checked else "")
    return 0 if is_checked and settings["INPUT_FAIL"].strip().lower() == "false" else status


def _name_sarif_file(settings: Mapping[str, str]) -> str:
    """Give the file for SARIF, on one line, as the file of outputs needs it."""
    given = " ".join(settings["INPUT_SARIF_FILE"].split("\n")).strip()
    return given or str(Path(settings["RUNNER_TEMP"], "dedup.sarif"))


def _list_options(settings: Mapping[str, str]) -> list[str]:
    """Give the options; annotations go to standard output, where GitHub reads them."""
    since = settings["INPUT_SINCE"].strip()
    options = ["--no-progress", "--output-format=github", *shlex.split(settings["INPUT_ARGS"])]
    return [*options, f"--since={since}"] if since else options


def _list_paths(settings: Mapping[str, str]) -> list[str]:
    """Give the paths; one that begins with a dash is no option."""
    return ["--", *(line.strip() for line in settings["INPUT_PATHS"].splitlines() if line.strip())]


def _write_outputs(settings: Mapping[str, str], status: int, sarif: str) -> int:
    with Path(settings["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"exit-code={status}\nsarif={sarif}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
