"""Read configuration: a file with those it extends, or what `--config` says, into settings.

In: TOML. Out: a setting an option that it names, by the option's field, checked for its name and
its type; of tables `levels.CODE` for each rule and `per_path`. What range a value has to be in says
`dedup.config`, whoever set it.

Decision (2026-11-26): a key that is not known is an error, also one of a newer version: a threshold
that is spelt wrong would let through what it was to stop. A value of the wrong type is one too,
but for text where a list of texts may stand.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dedup.cli.configuration.keys import (
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
from dedup.cli.configuration.lines import KeyPath
from dedup.cli.configuration.options import LEVEL_OF, PER_PATH
from dedup.cli.configuration.search import PROJECT_FILE
from dedup.cli.configuration.source import (
    PROJECT_TABLE,
    ConfigSource,
    Rank,
    Setting,
    Table,
    parse_table,
    read_source,
    show,
)
from dedup.config import RULES, UNREADABLE_RULE
from dedup.config.gate import Level, PathRules
from dedup.errors import SettingError
from dedup.readers.ignores import PATTERNS, can_name

_FILES: Final = frozenset({"paths", "baseline", "allow", "output", "removed", "scores", "work_dir"})
_FILES_BEHIND_SIGN: Final = frozenset({"output_format", "keep"})  # FORMAT=FILE, priority=FILE
_TYPES: Final[Mapping[type, tuple[tuple[type, ...], str]]] = {
    str: ((str,), "text in quotes"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    bool: ((bool,), "true or false"),
    list: ((str, list), "text in quotes or a list of such"),
}
_WHOLE: Final = range(-(1 << 63), 1 << 63)  # as TOML promises; of longer ones a float may hold none
_LIST: Final = "dedup explain config --isolated lists every setting."
_ALWAYS_ERROR: Final = f"It is an error anywhere; --ignore {UNREADABLE_RULE} leaves it out."
_MOST_FILES: Final = 30  # of a chain of files that extend each other


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FileSettings:
    """What a file and those it extends set.

    Attributes:
        settings: By the options' fields.
        names: Of the files, from the current folder; the nearest first.
    """

    settings: Mapping[str, Setting]
    names: tuple[str, ...]


def read_file(file: Path) -> FileSettings:
    """Read a file and those it extends; it wins over them, key by key.

    Raises:
        InputError: One of them cannot be read.
        SettingError: One holds what is not allowed, extends itself, or too many follow.
    """
    settings, seen = dict[str, Setting](), dict[str, str]()
    wanted: Path | None = file
    because = ""
    while wanted is not None:
        source, table = read_source(wanted, because)
        _check_chain(os.path.realpath(wanted), source, seen)
        seen[os.path.realpath(wanted)] = source.name
        settings = read_table(table, source) | settings
        wanted = _find_base(table, source)
        because = f", which {source.place((EXTEND,))} extends"
    return FileSettings(settings, tuple(seen.values()))


def _check_chain(real: str, source: ConfigSource, seen: Mapping[str, str]) -> None:
    """Refuse a file that was read before, and more than anybody extends on purpose."""
    names = [*seen.values(), source.name]
    if real in seen:
        problem = f"{' extends '.join(names)}, which never ends"
        raise SettingError(f"cannot use {names[-2]}: {problem}. Take one of the lines out.")
    if len(names) > _MOST_FILES:
        problem = f"over {_MOST_FILES} files extend each other"
        raise SettingError(f"cannot use {names[0]}: {problem}. Put some of them together.")


def _find_base(table: Table, source: ConfigSource) -> Path | None:
    """Give the file that one extends, if any."""
    if EXTEND not in table:
        return None
    name = table[EXTEND]
    if not (isinstance(name, str) and name):
        problem = f"{EXTEND} is {show(name)}: allowed is one file's name in quotes"
        raise source.refuse((EXTEND,), problem, "That file may extend another.")
    return Path(source.real_folder) / name


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
            if word == PROJECT_TABLE[0] and not source.base:
                problem = f"{word} stands in a {PROJECT_FILE} only"
                raise source.refuse((word,), problem, "In this file leave out [tool.dedup].")
            raise _refuse_key((word,), (*keys, *TABLES, EXTEND), source)
    return settings


def _refuse_key(path: KeyPath, known: tuple[str, ...], source: ConfigSource) -> SettingError:
    """Give the error for a key that nobody knows here."""
    word = str(path[-1])
    if len(path) == 1 and word in map(spell, load_typed_only()):
        return source.refuse(path, f"--{word} can only be typed", "Take the key out.")
    advice = _LIST if len(path) == 1 else f"Allowed is {', '.join(known)}."
    near = " or ".join(f"'{each}'" for each in _find_near(word, known))
    problem = f"there is no setting '{_dotted(path)}'"
    return source.refuse(path, problem, f"Did you mean {near}? {advice}" if near else advice)


def _find_near(word: str, known: tuple[str, ...]) -> list[str]:
    """Give what may be meant: what is spelt nearly so, and what a word is a part of."""
    nearest = find_nearest(word, known)
    parts = [each for each in known if word in each.split("-") and each != nearest]
    return [nearest, *parts] if nearest else parts


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
    if isinstance(value, int) and value not in _WHOLE:
        problem = f"{key.word} is {show(value)}: allowed is {allowed} of at most 64 bits"
        raise source.refuse((key.word,), problem, "Change it there.")
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
        if rule == UNREADABLE_RULE:
            problem = f"{_dotted(path)}.{rule} is {show(level)}: allowed are the other rules"
            raise source.refuse((*path, rule), problem, _ALWAYS_ERROR)
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
    patterns = _read_patterns(table.get("paths", []), source, path)
    levels = _read_levels(table.get("levels", {}), source, (*path, "levels"))
    for code in _read_codes(table.get("ignore", []), source, (*path, "ignore")):
        if levels.get(code, "off") != "off":
            problem = f"per-path ignores {code} and gives it a level"
            raise source.refuse((*path, "levels", code), problem, "Leave one of them out.")
        if code == UNREADABLE_RULE:
            problem = f"per-path.ignore is {show(code)}: allowed are the other rules"
            raise source.refuse((*path, "ignore"), problem, _ALWAYS_ERROR)
        levels[code] = "off"
    return PathRules(tuple(patterns), source.real_folder, tuple(sorted(levels.items())))


def _read_patterns(value: object, source: ConfigSource, path: KeyPath) -> list[str]:
    """Give the patterns of one table; each must be able to name something."""
    patterns = _read_texts(value, source, (*path, "paths"))
    if not patterns:
        problem = "per-path names no paths: allowed is a list of patterns"
        raise source.refuse(path, problem, 'As paths = ["docs/legal/**"].')
    for pattern in patterns:
        if not can_name(pattern):
            problem = f"per-path.paths has {show(pattern)}: allowed is {PATTERNS}"
            raise source.refuse((*path, "paths"), problem, "Change it there.")
    return patterns


def _read_codes(value: object, source: ConfigSource, path: KeyPath) -> list[str]:
    """Give rules; commas may stand between them, as behind `--ignore`."""
    texts = _read_texts(value, source, path)
    codes = [code.strip().upper() for text in texts for code in text.split(",")]
    for code in codes:
        if code not in RULES:
            problem = f"{_dotted(path)} is {show(code)}: allowed is {', '.join(RULES)}"
            raise source.refuse(path, problem, "dedup explain says what each means.")
    return codes
