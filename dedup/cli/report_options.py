"""Hold the options of `dedup report`.

No configuration sets what findings are wanted: the saved run has its own settings.
"""

from dataclasses import dataclass
from typing import Annotated

import typer

from dedup.cli.configuration.options import TYPED_ONLY
from dedup.cli.options import DEFAULT_FORMAT, RuleOptions, TalkOptions, TargetOptions
from dedup.config import DEFAULTS

_AS_SAVED = "as saved"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ReportOptions(TalkOptions, RuleOptions, TargetOptions):
    """Everything that `dedup report` can be told."""

    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN.json",
            help="What dedup scan or check wrote with --output-format json; - for standard input.",
        ),
    ]
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            "--output-format",
            "-f",
            metavar="FORMAT[=FILE]",
            show_default=DEFAULT_FORMAT,
            help="full: texts and differences. concise: a line a finding. json: all of it. "
            "jsonl: a line each. markdown, sarif, github, gitlab, junit, rdjson: for forges and "
            "tools. May be repeated, each with its file.",
        ),
    ] = None
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            "-t",
            metavar="T",
            show_default=_AS_SAVED,
            help="Least resemblance of near-duplicates and variants; not under the saved one. A "
            "new scan may find more: what falls under T may be contained or rewritten there.",
        ),
        TYPED_ONLY,
    ] = None
    containment: Annotated[
        float | None,
        typer.Option(
            metavar="C",
            show_default=_AS_SAVED,
            help="Least share of a shorter paragraph that stands in a longer one; likewise.",
        ),
        TYPED_ONLY,
    ] = None
    restate_threshold: Annotated[
        float | None,
        typer.Option(
            "--restate-threshold",
            metavar="R",
            show_default=_AS_SAVED,
            help="Least score of restated and rewritten paragraphs; likewise.",
        ),
        TYPED_ONLY,
    ] = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=f"Ask for {DEFAULTS.restatement.strict_score:.2f} everywhere, as is asked of "
            "reference documents.",
        ),
        TYPED_ONLY,
    ] = False
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODES",
            show_default=_AS_SAVED,
            help="Report these rules only; commas between them, or the option repeated.",
        ),
        TYPED_ONLY,
    ] = None
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Do not report these rules."),
        TYPED_ONLY,
    ] = None
