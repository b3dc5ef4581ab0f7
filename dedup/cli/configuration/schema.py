"""Give the JSON Schema of a configuration file, for editors that complete and check it.

In: the keys. Out: a schema of draft 2020-12. Types and texts are those of the options; choices are
those of their help; the ranges stand here, and tests hold them against `dedup.config`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, get_args

from dedup.cli.configuration.keys import LEVELS, Key, load_keys
from dedup.config import RULE_OF_RELATION, RULES, UNREADABLE_RULE, Policy
from dedup.config.stages import LEAST_MEMORY_BYTES
from dedup.readers.ignores import CAN_NAME
from dedup.readers.registry import READERS
from dedup.reporters.registry import REPORTERS

Schema: TypeAlias = dict[str, Any]
_SHARE: Final = {"minimum": 0.01, "maximum": 1.0}
_TYPES: Final[Mapping[type, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
}


def _at_least(least: int) -> str:
    """Give the pattern of whole numbers from one on, without leading zeros."""
    digits = str(least)
    greater = [
        f"{digits[:place]}[{int(digit) + 1}-9][0-9]{{{len(digits) - place - 1}}}"
        for place, digit in enumerate(digits)
        if digit < "9"
    ]
    return "|".join([digits, *greater, f"[1-9][0-9]{{{len(digits)},}}"])


def _memory_pattern() -> str:
    """Give the pattern of sizes that are enough for a run, with each unit."""
    sizes = (
        f"({_at_least(max(1, LEAST_MEMORY_BYTES >> shift))}){letter}"
        for letter, shift in (("", 0), ("[Kk]", 10), ("[Mm]", 20), ("[Gg]", 30), ("[Tt]", 40))
    )
    return f"^\\s*0*({'|'.join(sizes)})[Ii]?[Bb]?\\s*$"


_POLICIES: Final = "|".join(policy for policy in get_args(Policy) if policy != "priority")
_LIMITS: Final[Mapping[str, Schema]] = {
    "threshold": _SHARE,
    "containment": _SHARE,
    "restate_threshold": _SHARE,
    "shingles": {"pattern": "^(word|char):0*([1-9]|[12][0-9]|3[0-2])$"},
    "min_words": {"minimum": 1, "maximum": 10_000},
    "boilerplate": {"minimum": 2, "maximum": 1 << 40},
    "jobs": {"minimum": 1, "maximum": 1024},
    "num_perm": {"minimum": 16, "maximum": 256},
    "seed": {"minimum": 0, "maximum": 2**32 - 1},
    "max_bytes": {"pattern": "^\\s*0*[1-9][0-9]*[KkMmGgTt]?[Ii]?[Bb]?\\s*$"},
    "memory": {"pattern": _memory_pattern()},
    "work_dir": {"minLength": 1},
    "max_expansion": {"minimum": 2, "maximum": 1 << 40},
    "text_field": {"minLength": 1},
    "main_content": {"minLength": 1},
    "input_format": {"enum": sorted(READERS)},
    "keep": {"pattern": f"^({_POLICIES}|priority=.+)$"},
    "max_new": {"minimum": 0, "maximum": 1 << 40},
    "exit_code": {"minimum": 0, "maximum": 125, "not": {"const": 2}},
}
_DESCRIPTION: Final = (
    "The settings of dedup, for .dedup.toml, dedup.toml or [tool.dedup] in pyproject.toml"
)


def _list_pattern(words: Iterable[str]) -> str:
    """Give the pattern of words with commas between them, in letters of either case."""
    either = "|".join("".join(_either_case(letter) for letter in word) for word in words)
    return f"^\\s*({either})\\s*(,\\s*({either})\\s*)*$"


def _either_case(letter: str) -> str:
    return f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else letter


_CODES: Final = {"type": "string", "pattern": _list_pattern(RULES)}
_LEVELLED: Final = tuple(rule for rule in RULES if rule != UNREADABLE_RULE)
_PATTERN: Final = {"type": "string", "pattern": f"^{CAN_NAME}"}
_ITEMS: Final[Mapping[str, Schema]] = {
    "select": _CODES,
    "ignore": _CODES,
    "exclude": _PATTERN,
    "remove": {"type": "string", "pattern": _list_pattern(RULE_OF_RELATION)},
    "output_format": {"type": "string", "pattern": f"^({'|'.join(REPORTERS)})(=.+)?$"},
}


def make_schema() -> Schema:
    """Give the schema of a file; of a `pyproject.toml` that of the table `[tool.dedup]`."""
    properties = {key.word: _describe_key(key) for key in load_keys().values()}
    properties["extend"] = {
        "type": "string",
        "minLength": 1,
        "description": "A file whose settings hold where this one has none; from its folder.",
    }
    properties["levels"] = _describe_levels("The level of each rule; off leaves it out.")
    properties["per-path"] = {
        "type": "array",
        "items": _describe_path_rules(),
        "description": "What holds for findings at some paths; the last that names one decides.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dedup",
        "description": _DESCRIPTION,
        "type": "object",
        "properties": dict(sorted(properties.items())),
        "additionalProperties": False,
    }


def _describe_key(key: Key) -> Schema:
    """Give the schema of one key."""
    if key.type is list:
        schema = _one_or_many(_ITEMS.get(key.name, {"type": "string"}))
    else:
        schema = {**_TYPES[key.type], **_LIMITS.get(key.name, {})}
    choices = key.metavar.split("|")
    if len(choices) > 1 and all(choice.islower() for choice in choices):
        schema["enum"] = choices
    schema["description"] = key.help
    if key.default is not None and not isinstance(key.default, tuple):
        schema["default"] = key.default
    return schema


def _one_or_many(item: Schema, least: int = 0) -> Schema:
    """Give the schema of a list of texts, or one text in its place."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": least}]}


def _describe_levels(description: str) -> Schema:
    levels = {rule: {"enum": list(LEVELS)} for rule in _LEVELLED}
    return {
        "type": "object",
        "properties": levels,
        "additionalProperties": False,
        "description": description,
    }


def _describe_path_rules() -> Schema:
    """Give the schema of one table `[[per-path]]`."""
    paths = _one_or_many(_PATTERN, least=1)
    paths["description"] = "Patterns as in .gitignore, from the file's folder."
    ignored = _one_or_many({"type": "string", "pattern": _list_pattern(_LEVELLED)})
    ignored["description"] = "Rules that are left out there."
    return {
        "type": "object",
        "properties": {
            "paths": paths,
            "ignore": ignored,
            "levels": _describe_levels("The level of each rule there."),
        },
        "required": ["paths"],
        "additionalProperties": False,
    }
