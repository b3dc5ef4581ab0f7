"""Name the settings under which Spark and the single machine are compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dedup.config import (
    DEFAULTS,
    RULES,
    UNREADABLE_RULE,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    ReadersConfig,
    RestatementConfig,
    RunConfig,
    ShinglesConfig,
    VerifyConfig,
)

_DATED: Final = ReadersConfig(date_field="date")
_BEST_SOURCES: Final = ("part-2.jsonl", "17", "part-1.jsonl")  # a file's name, an id


def _keep(canonical: CanonicalConfig) -> Config:
    return replace(DEFAULTS, canonical=canonical, readers=_DATED)


def _select(*rules: str) -> Config:
    return replace(DEFAULTS, run=RunConfig(rules=rules))


POLICIES: Final = {
    "first": DEFAULTS,
    "longest": _keep(CanonicalConfig("longest")),
    "newest": _keep(CanonicalConfig("newest")),
    "oldest": _keep(CanonicalConfig("oldest")),
}
RELATIONS: Final = {rule: _select(rule) for rule in RULES if rule != UNREADABLE_RULE}
OTHERS: Final = {
    "identical and near": _select("DUP001", "DUP002"),
    "within documents": replace(DEFAULTS, paragraphs=ParagraphsConfig(within="document")),
    "across documents": replace(DEFAULTS, paragraphs=ParagraphsConfig(within="corpus")),
    "sensitive": replace(DEFAULTS, restatement=RestatementConfig(sensitive=True)),
    "without slot guard": replace(DEFAULTS, verify=VerifyConfig(slot_guard=False)),
    "characters": replace(
        DEFAULTS,
        shingles=ShinglesConfig("char", 5),
        verify=VerifyConfig(min_resemblance=0.5),
    ),
}


def choose_settings(
    wanted: str, unit: str, sources: tuple[str, ...] = _BEST_SOURCES
) -> Mapping[str, Config]:
    """Give settings by name.

    Args:
        wanted: `policies`, `relations`, `others`, `all`, or names with commas between them.
        unit: What is compared, `record` or `paragraph`.
        sources: What is best of all for the policy `priority`, in order.
    """
    policies = {**POLICIES, "priority": _keep(CanonicalConfig("priority", sources))}
    sets = {"policies": policies, "relations": RELATIONS, "others": OTHERS}
    sets["all"] = {**policies, **RELATIONS, **OTHERS}
    chosen = sets.get(wanted) or {name: sets["all"][name] for name in wanted.split(",")}
    return {name: _with_unit(config, unit) for name, config in chosen.items()}


def _with_unit(config: Config, unit: str) -> Config:
    paragraphs = replace(config.paragraphs, unit="record" if unit == "record" else "paragraph")
    return replace(config, paragraphs=paragraphs)
