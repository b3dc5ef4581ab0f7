"""Hold the options of `dedup compare` and `dedup explain`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from dedup.cli.configuration.options import TYPED_ONLY, ConfigOptions
from dedup.cli.input_options import InputOptions
from dedup.cli.options import MeasureOptions, RestateOptions, TalkOptions
from dedup.config import DEFAULTS

BANDS: Final = "bands"
CONFIG: Final = "config"
_CONFIGURED: Final = (BANDS, CONFIG)  # topics that say what holds here


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CompareOptions(TalkOptions, InputOptions, RestateOptions, MeasureOptions):
    """Everything that `dedup compare` can be told."""

    left: Annotated[str, typer.Argument(metavar="A", help="A file, or - for standard input.")]
    right: Annotated[str, typer.Argument(metavar="B", help="The file to compare it with.")]
    text: Annotated[
        bool,
        typer.Option("--text", help="A and B are the texts themselves, not files."),
        TYPED_ONLY,
    ] = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExplainOptions(ConfigOptions):
    """Everything that `dedup explain` can be told."""

    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="TOPIC", show_default=False, help="A rule's code, or bands, or config."
        ),
    ] = None
    threshold: Annotated[
        float,
        typer.Option("--threshold", "-t", metavar="T", help="Resemblance that bands must find."),
    ] = DEFAULTS.verify.min_resemblance
    num_perm: Annotated[
        int, typer.Option(metavar="N", help="Permutations that bands are cut from.")
    ] = DEFAULTS.signatures.num_perm
    schema: Annotated[
        bool,
        typer.Option("--schema", help="Of config: give the JSON Schema of a configuration file."),
        TYPED_ONLY,
    ] = False

    @staticmethod
    def needs_configuration(words: Mapping[str, object]) -> bool:
        """Say whether a topic has to do with what is set; others help to mend that."""
        return not words["schema"] and str(words["topic"]).lower() in _CONFIGURED
