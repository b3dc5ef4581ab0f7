"""Put together what is typed, what `DEDUP_` variables say and what a file says.

In: the words of a command. Out: its options, with each that was not typed filled in by the highest
of `--config 'KEY = VALUE'`, a variable and the file; what is set for other commands is kept beside
them for `dedup explain config`.

Decision (2026-11-26): options that exclude each other are one choice: `-f concise` typed is not
sent to the file that a configuration's `output` names, and `--select DUP001` typed reports it
although a file ignores it.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dedup.cli.configuration.environment import read_variables, warn_of_variables
from dedup.cli.configuration.files import FileSettings, read_file, read_words
from dedup.cli.configuration.keys import is_setting, list_parameters
from dedup.cli.configuration.options import Resolved
from dedup.cli.configuration.search import find_file, find_variables
from dedup.cli.configuration.source import Setting
from dedup.errors import SettingError

_RIVALS: Final[Mapping[str, str]] = {
    "output": "output_format",
    "ignore": "select",
    "strict": "sensitive",
    "sensitive": "strict",
    "baseline": "no_baseline",
    "no_baseline": "baseline",
    "exit_code": "exit_zero",
    "exit_zero": "exit_code",
    "quiet": "verbose",
    "verbose": "quiet",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layers:
    """Everything that was set below the typed options, and what to warn of."""

    settings: Mapping[str, Setting]
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read_layers(words: Iterable[str], *, isolated: bool) -> Layers:
    """Read what `--config` says, the variables and the file that holds.

    Args:
        words: What stands behind each `--config`.
        isolated: Neither files nor variables count.

    Raises:
        InputError: A file cannot be read.
        SettingError: Something is set that is not allowed.
    """
    files, texts = _sort_words(words)
    if len(files) > 1:
        remedy = "Let one of them extend the other."
        raise _refuse_config(" and ".join(files), "one file", remedy)
    if files and isolated:
        raise _refuse_config(files[0], "no file beside --isolated", "Leave one of them out.")
    found = Path(files[0]) if files else None
    if found is None and not isolated:
        found = find_file()
    variables = {} if isolated else find_variables()
    read = read_file(found) if found else FileSettings({}, ())
    settings = {**read.settings, **read_variables(variables)}
    for text in texts:
        settings |= read_words(text)
    return Layers(settings, read.names, tuple(warn_of_variables(variables)))


def _sort_words(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Tell files from KEY = VALUE: what exists is a file, whatever its name."""
    files, texts = list[str](), list[str]()
    for word in words:
        is_text = "=" in word and not os.path.lexists(word)
        (texts if is_text else files).append(word)
    return files, texts


def _refuse_config(value: str, allowed: str, remedy: str) -> SettingError:
    return SettingError(f"setting config is {value!r}: allowed is {allowed}. {remedy}")


def fill_options(
    kind: type, words: Mapping[str, Any], typed: frozenset[str], layers: Layers
) -> dict[str, Any]:
    """Give the words of a command with what was not typed filled in.

    Args:
        kind: The command's option class.
        words: A value for each of its fields, as typed or the default.
        typed: Those that were typed.
        layers: What else was set.
    """
    settings = {
        name: setting
        for name, setting in layers.settings.items()
        if not _yields(name, setting, words, typed, layers.settings)
    }
    fields = {name for name, *_, told in list_parameters(kind) if is_setting(name, told)}
    filled = {n: s.value for n, s in settings.items() if n in fields and n not in typed}
    return {**words, **filled, "resolved": Resolved(typed, settings, layers.files)}


def _yields(
    name: str,
    setting: Setting,
    words: Mapping[str, Any],
    typed: frozenset[str],
    settings: Mapping[str, Setting],
) -> bool:
    """Say whether an option gives way to one that excludes it and was set nearer to the user."""
    rival = _RIVALS.get(name)
    if rival is None:
        return False
    if rival in typed:
        return bool(words[rival])
    other = settings.get(rival)
    return other is not None and bool(other.value) and other.rank > setting.rank
