"""Say of every setting what it is, who set it, and why its default is what it is.

Decision (2026-11-26): values are shown as a file spells them, so that a line can be copied into
one, but for `none`, which no file can say; what no option sets stands at the end, for who asks what
a verdict hangs on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from dedup.cli.clean_options import CleanOptions
from dedup.cli.compare_options import ExplainOptions
from dedup.cli.configuration.keys import Key, load_keys
from dedup.cli.configuration.options import LEVEL_OF, PER_PATH, Resolved
from dedup.cli.configuration.source import Setting
from dedup.cli.options import ScanOptions
from dedup.cli.settings import make_clean_config, make_scan_config, refuse
from dedup.config import CLEANING_DEFAULTS, DEFAULTS
from dedup.config.gate import GATE_DEFAULTS, GateConfig
from dedup.readers.registry import find_named_reader
from dedup.reporters.registry import REPORTERS, load_reporter
from dedup.rules import RULE_TEXTS

_SETTING_OF: Final = {
    "threshold": "verify.min_resemblance",
    "containment": "verify.min_containment",
    "no_slot_guard": "verify.slot_guard",
    "restate_threshold": "restatement.min_score",
    "shingles": "shingles.size",
    "boilerplate": "boilerplate.min_documents",
    "keep": "canonical.policy",
    "select": "run.rules",
    "memory": "run.memory_bytes",
    "remove": "relations",
}
# By the options above, by those that write or restate, and by --resume.
_SET_TOGETHER: Final = frozenset(
    {
        "shingles.kind",
        "canonical.sources",
        "restatement.min_dice",
        "restatement.strict_score",
        "readers.exclude_folder",
        "run.keep_text",
        "run.resume",
    }
)


def describe_settings(options: ExplainOptions) -> Iterator[str]:
    """Give two lines a setting: value, origin and default, and the reason of the default.

    Raises:
        SettingError: A setting of whatever command is not as it must be.
        InputError: The file of `keep = "priority=FILE"` cannot be read.
    """
    resolved, keys = options.resolved, load_keys()
    values = {name: _find_value(key, options) for name, key in keys.items()}
    check_settings(values, resolved)
    reasons = _find_reasons()
    for name, key in keys.items():
        place = f"--{key.word}" if name in resolved.typed else _name_place(resolved.find(name))
        yield _spell(key.word, values[name], place, key.default)
        yield f"    {reasons.get(_SETTING_OF.get(name, name), key.help)}"
    yield from _describe_tables(resolved)
    yield from _describe_fixed()


def _find_value(key: Key, options: ExplainOptions) -> object:
    """Give what holds of a setting, be it of another command."""
    if key.name in options.resolved.typed:
        typed: object = getattr(options, key.name)
        return typed
    setting = options.resolved.find(key.name)
    return setting.value if setting else key.default


def check_settings(values: Mapping[str, Any], resolved: Resolved) -> None:
    """See that every value is one that its command takes, as far as no input tells.

    Args:
        values: By the options' fields.
        resolved: Where they are from.

    Raises:
        SettingError: One is not.
        InputError: The file of `keep = "priority=FILE"` cannot be read.
    """
    scan = ScanOptions(**_choose(ScanOptions, values), resolved=resolved)
    make_scan_config(scan, keep_text=True)
    make_clean_config(CleanOptions(**_choose(CleanOptions, values)))
    gate = _choose(GateConfig, values)
    GateConfig(**gate | {"levels": resolved.levels, "per_path": resolved.per_path})
    if values["input_format"] is not None:
        find_named_reader(values["input_format"])
    for word in values["output_format"] or ():
        format_name, sign, file = word.partition("=")
        if sign and not file:
            raise refuse("output-format", word, "FORMAT=FILE, or FORMAT alone")
        if format_name not in REPORTERS:
            load_reporter(format_name)  # refuses it, and names those there are


def _choose(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of the fields that a class has."""
    return {field.name: values[field.name] for field in fields(kind) if field.name in values}


def _find_reasons() -> dict[str, str]:
    """Give the reason of each default, by the whole name of the setting and by its last part."""
    reasons = {
        field.name: field.metadata["reason"]
        for config in (CLEANING_DEFAULTS, GATE_DEFAULTS)
        for field in fields(config)
    }
    for name, _, _, reason in DEFAULTS.settings():
        reasons[name] = reason
        reasons.setdefault(name.partition(".")[2], reason)
    return reasons


def _name_place(setting: Setting | None) -> str:
    return setting.place if setting else ""


def _spell(word: str, value: object, place: str, default: object) -> str:
    """Give a setting as a file spells it, with its origin."""
    is_default = not place or value == default
    origin = place or "default"
    if place and not is_default:
        origin += f"; default {_show(default)}"
    return f"{word} = {_show(value)}  ({origin})"


def _show(value: object) -> str:
    """Give a value as TOML has it; it has nothing for None."""
    if value is None:
        return "none"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _describe_tables(resolved: Resolved) -> Iterator[str]:
    """Give the levels of rules and what holds at some paths."""
    for name, setting in sorted(resolved.settings.items()):
        if name.startswith(LEVEL_OF):
            rule = name.removeprefix(LEVEL_OF)
            yield _spell(name, setting.value, setting.place, RULE_TEXTS[rule].default_level)
            yield f"    {RULE_TEXTS[rule].meaning}"
    for index, rules in enumerate(resolved.per_path):
        levels = ", ".join(f"{rule} {level}" for rule, level in rules.levels) or "nothing"
        place = resolved.settings[PER_PATH].places[index]
        yield f"per-path {_show(rules.paths)}: {levels}  ({place})"


def _describe_fixed() -> Iterator[str]:
    """Give what no option sets."""
    names = {_SETTING_OF.get(name, name) for name in load_keys()}
    for name, value, _, reason in DEFAULTS.settings():
        is_set = name in names or name.partition(".")[2] in names or name in _SET_TOGETHER
        if not is_set:
            yield f"{name} = {_show(value)}  (fixed)"
            yield f"    {reason}"
