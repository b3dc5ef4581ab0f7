"""Hold the options that say which configuration holds, and what was found in it.

What a file, the environment and `--config` say is filled in before a command runs (`resolution`),
so that a command sees plain values and need not know where they are from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

if TYPE_CHECKING:
    from dedup.cli.configuration.source import Setting
    from dedup.config.gate import Level, PathRules

TYPED_ONLY: Final = "typed only"  # marks an option that no file and no variable sets
LEVEL_OF: Final = "levels."
PER_PATH: Final = "per_path"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Resolved:
    """Everything that was set, for whichever command.

    Attributes:
        typed: The fields of the command's options that were typed.
        settings: What files, variables and `--config` set, by the option's field: also those of
            other commands, and those that a typed option wins over. Of the tables `levels.CODE`
            for each rule, and `per_path`.
        files: The configuration files that were read, each file of an `extend` chain, the nearest
            first; from the current folder, so that no report is written over one.
    """

    typed: frozenset[str] = frozenset()
    settings: "Mapping[str, Setting]" = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def levels(self) -> "tuple[tuple[str, Level], ...]":
        """Give the table `[levels]`: each a rule and its level, by their codes."""
        named = sorted(name for name in self.settings if name.startswith(LEVEL_OF))
        return tuple(
            (name.removeprefix(LEVEL_OF), cast("Level", self.settings[name].value))
            for name in named
        )

    @property
    def per_path(self) -> "tuple[PathRules, ...]":
        """Give the tables `[[per-path]]`, in their order."""
        setting = self.settings.get(PER_PATH)
        return cast("tuple[PathRules, ...]", setting.value) if setting else ()

    def find(self, name: str) -> "Setting | None":
        """Give what set an option's field where it was not typed; None for the default."""
        return None if name in self.typed else self.settings.get(name)


_NOTHING: Final = Resolved()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class ConfigOptions:
    """Which configuration holds; every command has these."""

    config: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE|'KEY = VALUE'",
            show_default=".dedup.toml, dedup.toml or pyproject.toml, here or above",
            help="Read this configuration file and no other, or set one value, as "
            "--config 'min-words = 5'. May be repeated.",
        ),
        TYPED_ONLY,
    ] = None
    isolated: Annotated[
        bool,
        typer.Option("--isolated", help="Use no configuration file and no DEDUP_ variable."),
        TYPED_ONLY,
    ] = False
    resolved: Resolved = _NOTHING  # no option: `takes` fills it in

    @staticmethod
    def needs_configuration(words: Mapping[str, object]) -> bool:  # noqa: ARG004 -- others ask
        """Say whether anything that is set matters for what was typed."""
        return True


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class WalkOptions:
    """Which files below the named folders are read."""

    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Leave out of folders what a pattern as in .gitignore names, from the current "
            "folder. What PATHS name is read all the same. May be repeated.",
        ),
    ] = None
    show_files: Annotated[
        bool,
        typer.Option("--show-files", help="Only list the files that would be read, one a line."),
        TYPED_ONLY,
    ] = False
