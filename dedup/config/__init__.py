"""Hold every setting, its default and the reason; refuse bad values.

One frozen class a stage. The API, the command and `dedup explain config` all read these classes;
nothing else holds a default. Those of a check are in `dedup.config.gate`, which only a check loads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Final, cast

from dedup.config.checks import refuse
from dedup.config.stages import (
    RULE_OF_RELATION,
    RULES,
    UNREADABLE_RULE,
    BandsConfig,
    BoilerplateConfig,
    CanonicalConfig,
    CleaningConfig,
    EngineChoice,
    ParagraphsConfig,
    Policy,
    ReadersConfig,
    RestatementConfig,
    RunConfig,
    ShingleKind,
    ShinglesConfig,
    SignaturesConfig,
    Unit,
    VerifyConfig,
    Within,
)
from dedup.values import Value

__all__ = [
    "CLEANING_DEFAULTS",
    "DEFAULTS",
    "RULES",
    "RULE_OF_RELATION",
    "UNREADABLE_RULE",
    "BandsConfig",
    "BoilerplateConfig",
    "CanonicalConfig",
    "CleaningConfig",
    "Config",
    "EngineChoice",
    "ParagraphsConfig",
    "Policy",
    "ReadersConfig",
    "RestatementConfig",
    "RunConfig",
    "ShingleKind",
    "ShinglesConfig",
    "SignaturesConfig",
    "Unit",
    "VerifyConfig",
    "Within",
    "parse_shingles",
]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Config(Value):
    """Every setting of a run, a class a stage."""

    readers: ReadersConfig = field(default_factory=ReadersConfig)
    paragraphs: ParagraphsConfig = field(default_factory=ParagraphsConfig)
    shingles: ShinglesConfig = field(default_factory=ShinglesConfig)
    signatures: SignaturesConfig = field(default_factory=SignaturesConfig)
    bands: BandsConfig = field(default_factory=BandsConfig)
    verify: VerifyConfig = field(default_factory=VerifyConfig)
    restatement: RestatementConfig = field(default_factory=RestatementConfig)
    boilerplate: BoilerplateConfig = field(default_factory=BoilerplateConfig)
    canonical: CanonicalConfig = field(default_factory=CanonicalConfig)
    run: RunConfig = field(default_factory=RunConfig)

    def settings(self) -> Iterator[tuple[str, object, object, str]]:
        """Give every setting as (name, value, default, reason of the default)."""
        for stage in fields(self):
            config = getattr(self, stage.name)
            for setting in fields(config):
                value = getattr(config, setting.name)
                name = f"{stage.name}.{setting.name}"
                yield name, value, setting.default, setting.metadata["reason"]


DEFAULTS: Final = Config()
CLEANING_DEFAULTS: Final = CleaningConfig()


def parse_shingles(text: str) -> ShinglesConfig:
    """Read how shingles are typed: `word:3`, `char:5`.

    Raises:
        SettingError: It is typed otherwise, or not allowed.

    >>> parse_shingles("char:5")
    ShinglesConfig(kind='char', size=5)
    """
    kind, separator, size = text.partition(":")
    if not (separator and size.isdecimal()):
        raise refuse("shingles", text, "word:N or char:N, as word:3 or char:5")
    return ShinglesConfig(kind=cast("ShingleKind", kind), size=int(size))
