"""Hold the options of `dedup check` and `dedup baseline`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from dedup.cli.options import ChosenOptions, ScanOptions, TalkOptions
from dedup.config.gate import GATE_DEFAULTS


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class AcceptOptions:
    """What need not be found again."""

    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            show_default=".dedup-baseline.json, where there is one",
            help="The findings that are accepted, as dedup baseline write wrote them.",
        ),
    ] = None
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="A file of paragraphs that may repeat. May be repeated."),
    ] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class GateOptions(AcceptOptions):
    """Which findings fail."""

    fail_on: Annotated[
        str,
        typer.Option(metavar="note|warning|error", help="The least level that fails."),
    ] = GATE_DEFAULTS.fail_on
    max_new: Annotated[int, typer.Option(metavar="N", help="Pass with up to N such findings.")] = (
        GATE_DEFAULTS.max_new
    )
    exit_code: Annotated[
        int,
        typer.Option(
            metavar="N", help="The exit status when the check fails: 0 to 125, but not 2."
        ),
    ] = GATE_DEFAULTS.exit_code
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.")
    ] = False
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Only what is new since the last common commit with a git revision, as main. "
            "Everything is read all the same.",
        ),
    ] = GATE_DEFAULTS.since
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Accept nothing, whatever a baseline says.")
    ] = False
    show_suppressed: Annotated[
        bool,
        typer.Option("--show-suppressed", help="Show what is accepted, ignored and allowed, too."),
    ] = GATE_DEFAULTS.show_suppressed
    fail_on_stale: Annotated[
        bool,
        typer.Option("--fail-on-stale", help="Fail when the baseline accepts what is gone."),
    ] = GATE_DEFAULTS.fail_on_stale


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CheckOptions(ScanOptions, GateOptions):
    """Everything that `dedup check` can be told."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BaselineOptions(TalkOptions, AcceptOptions, ChosenOptions):
    """Everything that `dedup baseline` can be told."""

    action: Annotated[
        str,
        typer.Argument(
            metavar="write|prune|show",
            help="write: accept what is found now. prune: forget what is gone. show: say what "
            "is accepted, with PATHS where it stands.",
        ),
    ]
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATHS", show_default=False, help="What is checked."),
    ] = None
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress line.")] = False
