"""Read the `DEDUP_` variables: one for each option, as DEDUP_MIN_WORDS for --min-words.

In: the variables that begin so. Out: settings, and a warning for each that sets nothing although
its name is nearly that of one that would. Others are left in peace: they may be another program's.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from dedup.cli.configuration.keys import (
    EXTEND,
    TABLES,
    Key,
    find_nearest,
    load_keys,
    load_typed_only,
    spell,
)
from dedup.cli.configuration.search import PREFIX
from dedup.cli.configuration.source import Rank, Setting, show
from dedup.errors import SettingError

_TRUE: Final = ("1", "true")
_FALSE: Final = ("0", "false")
_NEARLY: Final = 0.8  # of the letters: DEDUP_TEST_FIELDS may be anybody's


def read_variables(variables: Mapping[str, str]) -> dict[str, Setting]:
    """Give what the variables set, by the options' fields; paths are from the current folder.

    Raises:
        SettingError: A value is not of its option's type.
    """
    keys = load_keys()
    settings: dict[str, Setting] = {}
    for variable, text in sorted(variables.items()):
        key = keys.get(_name_field(variable))
        if key is not None and variable == _name_variable(key.name):
            settings[key.name] = Setting(_convert(key, variable, text), Rank.ENVIRONMENT, variable)
    return settings


def _name_field(variable: str) -> str:
    return variable.removeprefix(PREFIX).lower()


def _name_variable(field: str) -> str:
    return PREFIX + field.upper()


def _convert(key: Key, variable: str, text: str) -> object:
    """Read a value of an option's type."""
    if key.type is bool:
        if text.lower() not in (*_TRUE, *_FALSE):
            raise _refuse(variable, text, "1, true, 0 or false")
        return text.lower() in _TRUE
    if key.type is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    if key.type is str:
        return text
    try:
        return float(text) if key.type is float else int(text)
    except ValueError:
        allowed = "a number" if key.type is float else "a whole number"
        raise _refuse(variable, text, allowed) from None


def _refuse(variable: str, text: str, allowed: str) -> SettingError:
    return SettingError(
        f"variable {variable} is {show(text)}: allowed is {allowed}. Change it, or leave it empty."
    )


def warn_of_variables(variables: Mapping[str, str]) -> Iterator[str]:
    """Give a warning for each variable that looks like one of ours and sets nothing."""
    keys = load_keys()
    in_files = [word.replace("-", "_") for word in (*TABLES, EXTEND)]
    for variable in sorted(variables):
        field = _name_field(variable)
        if field in keys and variable == _name_variable(field):
            continue
        if field in load_typed_only():
            yield f"{variable} has no effect: --{spell(field)} can only be typed."
        elif field in in_files:
            yield f"{variable} has no effect: {spell(field)} stands in a configuration file."
        else:
            near = find_nearest(field, (key.word for key in keys.values()), _NEARLY)
            if near:
                yield f"{variable} has no effect. Did you mean {_name_variable_of(near)}?"


def _name_variable_of(word: str) -> str:
    return _name_variable(word.replace("-", "_"))
