"""Read configuration: a file with those it extends, or what `--config` says, into settings.

In: TOML. Out: a setting an option that it names, by the option's field, checked for its name and
its type; of tables `levels.CODE` for each rule and `per_path`. What range a value has to be in says
`dedup.config`, whoever set it.

Decision (2026-12-02): a key that is not known is an error, also one of a newer version: a threshold
that is spelt wrong would let through what it was to stop. A value of the wrong type is one too,
but for text where a list of texts may stand.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dedup.cli.config_keys import (
    EXTEND,
    LEVELS,
    PER_PATH_KEYS,
    TABLES,
    Key,
    find_nearest,
    load_keys,
    load_typed_only,
    spell,
)
from dedup.cli.config_lines import KeyPath
from dedup.cli.config_options import LEVEL_OF, PER_PATH
from dedup.cli.config_setting import Rank, Setting
from dedup.cli.config_source import ConfigSource, Table, parse_table, read_source, show
from dedup.config import RULES, Level, PathRules
from dedup.errors import SettingError

_FILES: Final = frozenset({"paths", "baseline", "allow", "output", "removed", "scores"})
_FILES_BEHIND_SIGN: Final = frozenset({"output_format", "keep"})  # FORMAT=FILE, priority=FILE
_TYPES: Final[Mapping[type, tuple[tuple[type, ...], str]]] = {
    str: ((str,), "text in quotes"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    bool: ((bool,), "true or false"),
    list: ((str, list), "text in quotes or a list of such"),
}
_LIST: Final = "dedup explain config lists every setting."


def read_file(file: Path) -> dict[str, Setting]:
    """Read a file and those it extends; it wins over them, key by key.

    Raises:
        InputError: One of them cannot be read.
        SettingError: One holds what is not allowed, or extends itself.
    """
    return _read_chain(file, "", ())


def _read_chain(file: Path, because: str, seen: tuple[tuple[str, str], ...]) -> dict[str, Setting]:
    """Read a file; `seen` are the real path and the name of each that led to it."""
    source, table = read_source(file, because)
    real = os.path.realpath(file)
    if real in (path for path, _ in seen):
        names = " extends ".join([*(name for _, name in seen), source.name])
        remedy = "Take one of the lines out."
        raise SettingError(f"cannot use {seen[-1][1]}: {names}, which never ends. {remedy}")
    settings = read_table(table, source)
    if EXTEND not in table:
        return settings
    name, place = table[EXTEND], source.place((EXTEND,))
    if not (isinstance(name, str) and name):
        problem = f"{EXTEND} is {show(name)}: allowed is one file's name in quotes"
        raise source.refuse((EXTEND,), problem, "That file may extend another.")
    base = Path(source.real_folder) / name
    because = f", which {place} extends"
    return _read_chain(base, because, (*seen, (real, source.name))) | settings


def read_words(text: str) -> dict[str, Setting]:
    """Read what stands behind `--config` as KEY = VALUE.

    Raises:
        SettingError: It is no TOML, or not allowed.
    """
    name = f"--config '{text}'"
    source = ConfigSource("--config", Rank.CONFIG, ".", os.path.realpath(os.curdir), text)
    table = parse_table(text, name)
    if EXTEND in table:
        raise source.refuse((), f"{EXTEND} stands in a file only", "Name that file: --config FILE.")
    return read_table(table, source)


def read_table(table: Table, source: ConfigSource) -> dict[str, Setting]:
    """Check a table of keys and give what it sets.

    Raises:
        SettingError: A key is not known, or its value has the wrong type.
    """
    keys = {key.word: key for key in load_keys().values()}
    settings: dict[str, Setting] = {}
    for word, value in table.items():
        if word == "levels":
            for rule, level in _read_levels(value, source, (word,)).items():
                settings[LEVEL_OF + rule] = source.make_setting((word, rule), level)
        elif word == "per-path":
            settings[PER_PATH] = source.make_setting((word,), _read_per_path(value, source))
        elif word in keys:
            settings[keys[word].name] = source.make_setting(
                (word,), _read_value(keys[word], value, source)
            )
        elif word != EXTEND:
            raise _refuse_key((word,), (*keys, *TABLES, EXTEND), source)
    return settings


def _refuse_key(path: KeyPath, known: tuple[str, ...], source: ConfigSource) -> SettingError:
    """Give the error for a key that nobody knows here."""
    word = str(path[-1])
    if len(path) == 1 and word in map(spell, load_typed_only()):
        return source.refuse(path, f"--{word} can only be typed", "Take the key out.")
    near = find_nearest(word, known)
    advice = _LIST if len(path) == 1 else f"Allowed is {', '.join(known)}."
    problem = f"there is no setting '{'.'.join(map(str, path))}'"
    return source.refuse(path, problem, f"Did you mean '{near}'? {advice}" if near else advice)


def _read_value(key: Key, value: object, source: ConfigSource) -> object:
    """Give a value of the option's type; paths from the current folder."""
    kinds, allowed = _TYPES[key.type]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        problem = f"{key.word} is {show(value)}: allowed is {allowed}"
        raise source.refuse((key.word,), problem, "Change it there.")
    if key.type is list:
        texts = _read_texts(value, source, (key.word,))
        return [_rebase(key.name, text, source) for text in texts]
    if isinstance(value, str):
        return _rebase(key.name, value, source)
    return float(value) if key.type is float and isinstance(value, int) else value


def _rebase(name: str, text: str, source: ConfigSource) -> str:
    if name in _FILES:
        return source.rebase(text)
    head, sign, file = text.partition("=")
    return head + sign + source.rebase(file) if sign and name in _FILES_BEHIND_SIGN else text


def _read_texts(value: object, source: ConfigSource, path: KeyPath) -> list[str]:
    """Give a list of texts; one text is a list of it."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        problem = f"{_dotted(path)} is {show(value)}: allowed is {_TYPES[list][1]}"
        raise source.refuse(path, problem, "Change it there.")
    return texts


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str))


def _read_levels(value: object, source: ConfigSource, path: KeyPath) -> dict[str, Level]:
    """Give the level of each rule of a table."""
    if not isinstance(value, dict):
        problem = f"{_dotted(path)} is {show(value)}: allowed is a table of rules and levels"
        raise source.refuse(path, problem, 'As levels = {DUP005 = "note"}.')
    levels: dict[str, Level] = {}
    for rule, level in value.items():
        if rule not in RULES:
            raise _refuse_key((*path, rule), RULES, source)
        found = next((each for each in LEVELS if each == level), None)
        if found is None:
            problem = f"{_dotted(path)}.{rule} is {show(level)}: allowed is {' or '.join(LEVELS)}"
            raise source.refuse((*path, rule), problem, "Change it there.")
        levels[rule] = found
    return levels


def _read_per_path(value: object, source: ConfigSource) -> tuple[PathRules, ...]:
    """Give the rules of each table `[[per-path]]`."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        problem = f"per-path is {show(value)}: allowed are tables [[per-path]]"
        raise source.refuse(("per-path",), problem, "Each has paths, and ignore or levels.")
    return tuple(_read_path_rules(each, source, index) for index, each in enumerate(value))


def _read_path_rules(table: dict[str, Any], source: ConfigSource, index: int) -> PathRules:
    path: KeyPath = ("per-path", index)
    for word in table:
        if word not in PER_PATH_KEYS:
            raise _refuse_key((*path, word), PER_PATH_KEYS, source)
    patterns = _read_texts(table.get("paths", []), source, (*path, "paths"))
    if not patterns:
        problem = "per-path names no paths: allowed is a list of patterns"
        raise source.refuse(path, problem, 'As paths = ["docs/legal/**"].')
    levels = _read_levels(table.get("levels", {}), source, (*path, "levels"))
    for code in _read_codes(table.get("ignore", []), source, (*path, "ignore")):
        if levels.get(code, "off") != "off":
            problem = f"per-path ignores {code} and gives it a level"
            raise source.refuse((*path, "levels", code), problem, "Leave one of them out.")
        levels[code] = "off"
    return PathRules(tuple(patterns), source.real_folder, tuple(sorted(levels.items())))


def _read_codes(value: object, source: ConfigSource, path: KeyPath) -> list[str]:
    """Give rules; commas may stand between them, as behind `--ignore`."""
    texts = _read_texts(value, source, path)
    codes = [code.strip().upper() for text in texts for code in text.split(",")]
    for code in codes:
        if code not in RULES:
            problem = f"{_dotted(path)} is {show(code)}: allowed is {', '.join(RULES)}"
            raise source.refuse(path, problem, "dedup explain says what each means.")
    return codes
