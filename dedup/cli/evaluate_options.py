"""Hold the options of `dedup evaluate`, and turn them into a `Config`."""

from dataclasses import dataclass, fields
from typing import Annotated, Final

import typer

from dedup.cli.configuration.options import TYPED_ONLY
from dedup.cli.options import MeasureOptions, RestateOptions, TalkOptions
from dedup.config import DEFAULTS

SCORES: Final = (
    "combined",
    "resemblance",
    "containment",
    "char_resemblance",
    "rewrite_score",
    "dice",
)
FORMATS: Final = ("text", "json")
STDOUT: Final = "-"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LabelOptions:
    """What the labels mean."""

    positive_from: Annotated[
        float | None,
        typer.Option(metavar="X", help="Labels are numbers; from X on a pair should be found."),
    ] = None
    positive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABELS",
            help="Labels of pairs that should be found; commas between them, or repeated. "
            "Without --negative every other label is negative.",
        ),
    ] = None
    negative: Annotated[
        list[str] | None,
        typer.Option(metavar="LABELS", help="Labels of pairs that should not be found."),
    ] = None
    by: Annotated[
        str, typer.Option(metavar="FIELD", help="Give the share found for each value of a field.")
    ] = "label"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class WishOptions:
    """Which thresholds are looked for."""

    score: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=f"The score that rankings and thresholds are of: {', '.join(SCORES)}. "
            "combined is the greatest of those with a threshold, each over its own.",
        ),
    ] = SCORES[0]
    want_precision: Annotated[
        float | None,
        typer.Option(metavar="P", help="Find the threshold with at least this precision."),
    ] = None
    want_recall: Annotated[
        float | None,
        typer.Option(metavar="R", help="Find the threshold with at least this recall."),
    ] = None
    seed: Annotated[
        int, typer.Option(metavar="N", help="What the draws behind the intervals are made with.")
    ] = 1


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class EvaluateOptions(TalkOptions, WishOptions, LabelOptions, RestateOptions, MeasureOptions):
    """Everything that `dedup evaluate` can be told."""

    labelled: Annotated[
        str,
        typer.Argument(
            metavar="LABELLED",
            help="JSON Lines of labelled pairs or of documents with clusters; - for standard "
            "input.",
        ),
    ]
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Do not count what these rules find as found."),
    ] = None
    engine: Annotated[
        str,
        typer.Option(metavar="auto|numpy|numba", help="How to compute; the verdicts are the same."),
    ] = DEFAULTS.run.engine
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", metavar="N", show_default="one a processor", help="Threads to use."
        ),
    ] = DEFAULTS.run.jobs
    scores: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the measures of each pair, a JSON line a pair."),
    ] = None
    output_format: Annotated[
        str,
        typer.Option("--output-format", "-f", metavar="text|json", help="How to say it."),
        TYPED_ONLY,
    ] = FORMATS[0]
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default="standard output",
            help="Write the figures to a file.",
        ),
        TYPED_ONLY,
    ] = STDOUT


def name_shared(options: EvaluateOptions) -> dict[str, object]:
    """Give the options that `scan` has too, by their names."""
    own = {"ignore", "engine", "jobs"}
    own.update(field.name for kind in (RestateOptions, MeasureOptions) for field in fields(kind))
    return {name: getattr(options, name) for name in sorted(own)}
