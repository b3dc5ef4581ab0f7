"""Hold the options of `dedup clean`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from dedup.cli.configuration.options import TYPED_ONLY
from dedup.cli.options import CorpusOptions, TalkOptions
from dedup.config import CLEANING_DEFAULTS, RULE_OF_RELATION


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CleanOptions(TalkOptions, CorpusOptions):
    """Everything that `dedup clean` can be told."""

    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATHS",
            show_default=False,
            help="Files, folders, and - for standard input.",
        ),
    ] = None
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            show_default=False,
            help="Where it goes: a file for one file, a new folder for folders or several files, "
            "- for standard output.",
        ),
        TYPED_ONLY,
    ] = None
    remove: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RELATIONS",
            show_default=", ".join(CLEANING_DEFAULTS.relations),
            help=f"What goes, of {', '.join(RULE_OF_RELATION)}; commas between them, or repeated.",
        ),
    ] = None
    mark: Annotated[
        bool,
        typer.Option(
            "--mark",
            help="Remove nothing: add the columns dedup_group, dedup_canonical, dedup_relation and "
            "dedup_score to the rows of JSON Lines, CSV or Parquet.",
        ),
    ] = CLEANING_DEFAULTS.mark
    removed: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Write everything that goes to a file, a JSON line each, with what it repeats.",
        ),
    ] = None
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Write nothing: say what would go, and why."),
        TYPED_ONLY,
    ] = False
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress line.")] = False
