"""Find the configuration file that holds in a folder, and the variables that are set.

Every command looks, and most find nothing: this costs four questions to the file system a folder,
and what reads TOML is not loaded for it.

Decision (2026-11-26): the nearest folder with a file decides, from the current one upwards, and the
search ends at the top of a git repository: what stands outside does not belong to the project, and
the same check must say the same in every clone. Without a repository it ends at the root. Nothing
is merged: what holds can be read in one file and those it extends.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dedup.errors import InputError, give_reason

PROJECT_FILE: Final = "pyproject.toml"
PREFIX: Final = "DEDUP_"
_FILES: Final = (".dedup.toml", "dedup.toml", PROJECT_FILE)
_REMEDY: Final = "Mend it, name another file with --config FILE, or use none with --isolated."
_REPOSITORY: Final = ".git"
# Looks for the table in a file that most of the time has none; TOML decides about the rest. It is
# compiled when there is such a file: that costs more than all the rest here.
_MAY_HOLD_TABLE: Final = (
    rb"""(?m)^\s*(\[*\s*["']?tool["']?\s*\.\s*["']?dedup["']?\s*([].=]|$)"""
    rb"""|\[\s*["']?tool["']?\s*\]|["']?tool["']?\s*=)"""
)


def find_file() -> Path | None:
    """Give the file that holds in the current folder; None where there is none.

    Raises:
        InputError: A `pyproject.toml` cannot be read, or one of the names leads to no file.
    """
    return next((file for file in _list_files() if _counts(file)), None)


def _list_files() -> Iterator[Path]:
    """Give the files of the current folder and those above, nearest first."""
    try:
        folder = os.getcwd()  # noqa: PTH109 -- a path object costs 5 times, and most find nothing
    except FileNotFoundError:  # it was removed
        return
    while True:
        for name in _FILES:
            file = os.path.join(folder, name)  # noqa: PTH118 -- likewise
            if os.path.lexists(file):  # False where none may look
                yield from _check_file(file)
        parent = os.path.dirname(folder)  # noqa: PTH120 -- likewise
        top = os.path.join(folder, _REPOSITORY)  # noqa: PTH118 -- likewise
        if parent == folder or os.path.lexists(top):
            return
        folder = parent


def _check_file(file: str) -> Iterator[Path]:
    """Give what is a file and refuse a link that leads nowhere: it set thresholds once."""
    path = Path(file)
    if path.is_file():
        yield path
    elif not path.is_dir():
        problem = "it is no file, or a link that leads to none"
        raise InputError(os.path.relpath(file), None, problem, _REMEDY)


def _counts(file: Path) -> bool:
    """Say whether a file is ours: a `pyproject.toml` only with a table for us."""
    if file.name != PROJECT_FILE:
        return True
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(os.path.relpath(file), None, give_reason(error), _REMEDY) from error
    if not re.search(_MAY_HOLD_TABLE, content):
        return False
    import tomllib  # noqa: PLC0415 -- only who has such a table pays for it

    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return True  # it will be read again, and refused with its place
    tools = table.get("tool")
    return isinstance(tools, dict) and "dedup" in tools


def find_variables() -> dict[str, str]:
    """Give the variables that begin as ours do and say something, by their names.

    An empty one says nothing, as one of a CI job that had no value for it.
    """
    return {name: text for name, text in os.environ.items() if name.startswith(PREFIX) and text}
