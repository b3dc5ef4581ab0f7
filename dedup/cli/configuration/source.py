"""Hold one source of configuration, a file or what `--config` says, with the places of its keys."""

import os
import re
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, TypeAlias

from dedup.cli.configuration.lines import KeyPath, find_line
from dedup.cli.configuration.search import PROJECT_FILE
from dedup.errors import InputError, SettingError, give_reason

Table: TypeAlias = dict[str, Any]
PROJECT_TABLE: Final = ("tool", "dedup")
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONGEST: Final = 60  # letters of a value in a message
_STDIO: Final = "-"


class Rank(IntEnum):
    """Where a value is from; the greater wins."""

    FILE = 1
    ENVIRONMENT = 2
    CONFIG = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Setting:
    """A value that is not the default.

    Attributes:
        value: Of the option's type; paths are relative to the current folder.
        rank: Where it is from.
        place: The same as a user reads it: `dedup.toml:3`, `DEDUP_JOBS`, `--config`, `--jobs`.
        folder: What patterns in the value are relative to; relative to the current folder.
        places: Of the parts of a value that stand apart: the tables `[[per-path]]`.
    """

    value: object
    rank: Rank
    place: str
    folder: str = "."
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ConfigSource:
    """Where a table of keys is from.

    Attributes:
        name: What a user calls it: the file from the current folder, or `--config`.
        rank: What it wins over.
        folder: What its paths are relative to; relative to the current folder.
        real_folder: The same as a real path.
        text: All of it.
        base: The table that is ours.
    """

    name: str
    rank: Rank
    folder: str
    real_folder: str
    text: str
    base: KeyPath = ()

    def place(self, path: KeyPath) -> str:
        """Give the place of a key as a user reads it."""
        line = find_line(self.text, (*self.base, *path)) if self.rank is Rank.FILE else None
        return self.name if line is None else f"{self.name}:{line}"

    def refuse(self, path: KeyPath, problem: str, remedy: str) -> SettingError:
        """Give the error for a key: what is wrong and allowed, and what to do."""
        return SettingError(f"cannot use {self.place(path)}: {problem}. {remedy}")

    def make_setting(self, path: KeyPath, value: object) -> Setting:
        """Give a value with its place; of a tuple, which no option is, with that of each part."""
        n_parts = len(value) if isinstance(value, tuple) else 0
        places = tuple(self.place((*path, index)) for index in range(n_parts))
        return Setting(value, self.rank, self.place(path), self.folder, places)

    def rebase(self, name: str) -> str:
        """Give a path as seen from the current folder, by the shortest way; `-` stays."""
        if name in ("", _STDIO) or Path(name).is_absolute():
            return name
        parts, folder = list(Path(name).parts), Path(self.real_folder)
        while parts[:1] == [os.pardir]:  # a real path is in the folder that it seems to be in
            folder, parts = folder.parent, parts[1:]
        if os.pardir in parts:  # behind a link it leads elsewhere than it seems
            return str(Path(os.path.relpath(folder), *parts))
        return os.path.relpath(folder.joinpath(*parts))


def show(value: object) -> str:
    """Give a value for a message, as TOML has it; a long one is cut short."""
    try:
        text = _spell(value)
    except ValueError:  # Python spells no number of over 4,300 digits
        text = "a number of thousands of digits"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _spell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_spell, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_spell(each)}' for key, each in value.items())}}}"
    return repr(value)


def read_source(file: Path, because: str) -> tuple[ConfigSource, Table]:
    """Read a file of settings.

    Args:
        file: Where it is.
        because: Why it is read, behind its name in a message: `, which dedup.toml:1 extends`.

    Raises:
        InputError: It cannot be read.
        SettingError: It is no TOML, or a `pyproject.toml` without a table for us.
    """
    folder = os.path.realpath(file.parent)
    here = os.path.relpath(folder)
    name = str(Path(here) / file.name)
    text = _read_text(file, name + because)
    base = PROJECT_TABLE if file.name == PROJECT_FILE else ()
    source = ConfigSource(name, Rank.FILE, here, folder, text, base)
    table: Any = parse_table(text, name)
    for part in base:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise source.refuse((), "it has no table [tool.dedup]", "Add one, or name another file.")
    return source, table


def _read_text(file: Path, name: str) -> str:
    remedy = "Check its name and permissions; --config takes a FILE or 'KEY = VALUE'."
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem, remedy = "it is not valid UTF-8", "Save it as UTF-8: TOML is nothing else."
        raise InputError(name, None, problem, remedy) from error
    except (OSError, ValueError) as error:
        raise InputError(name, None, give_reason(error), remedy) from error


def parse_table(text: str, name: str) -> Table:
    """Parse TOML.

    Args:
        text: All of it.
        name: What a message calls it; the line and the column are put behind it.

    Raises:
        SettingError: It is no TOML.
    """
    import tomllib  # noqa: PLC0415 -- who has no configuration does not pay for it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        where = f":{at[1]}:{at[2]}" if at and at[1] else ""
        is_end = at is not None and not at[1]
        problem = _AT.sub(" at its end" if is_end else "", str(error)).lower()
        advice = 'Values are as in TOML: 0.7, true, "text in quotes", ["a", "list"].'
        raise SettingError(f"cannot read {name}{where}: {problem}. {advice}") from error
    except (ValueError, RecursionError) as error:
        problem = "a number has thousands of digits, or lists nest as deep: nothing allows that"
        raise SettingError(f"cannot read {name}: {problem}. Change it there.") from error
