"""Hold the options of every command as dataclasses of annotated fields.

Every default comes from `dedup.config`, so that help never says what is not so. Nobody compares or
prints options, and what `dataclass` would write for that costs a quarter of a millisecond a class.
"""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from dedup.cli.configuration.options import TYPED_ONLY, ConfigOptions, WalkOptions
from dedup.cli.input_options import InputOptions
from dedup.config import DEFAULTS, RULES

_SHINGLES: Final = f"{DEFAULTS.shingles.kind}:{DEFAULTS.shingles.size}"
DEFAULT_FORMAT: Final = "full"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class MeasureOptions:
    """How two paragraphs are compared."""

    threshold: Annotated[
        float,
        typer.Option(
            "--threshold", "-t", metavar="T", help="Least resemblance of near-duplicates."
        ),
    ] = DEFAULTS.verify.min_resemblance
    containment: Annotated[
        float,
        typer.Option(
            metavar="C", help="Least share of a shorter paragraph that stands in a longer one."
        ),
    ] = DEFAULTS.verify.min_containment
    shingles: Annotated[
        str,
        typer.Option(
            metavar="KIND:N",
            help="Compare by runs of N words (word:N) or of N characters (char:N). "
            "For noisy text: char:5 with --threshold 0.5.",
        ),
    ] = _SHINGLES
    min_words: Annotated[
        int, typer.Option(metavar="N", help="Skip, and count, paragraphs under N words.")
    ] = DEFAULTS.paragraphs.min_words
    no_slot_guard: Annotated[
        bool,
        typer.Option(
            "--no-slot-guard",
            help="Call paragraphs near-duplicates even where their numbers or dates differ.",
        ),
    ] = not DEFAULTS.verify.slot_guard


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class RestateOptions:
    """When a paragraph says others again in other words."""

    restate_threshold: Annotated[
        float,
        typer.Option(
            "--restate-threshold",
            metavar="R",
            help="Least score of restated and rewritten paragraphs (DUP005, DUP004).",
        ),
    ] = DEFAULTS.restatement.min_score
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=f"Ask for {DEFAULTS.restatement.strict_score:.2f} everywhere, as is asked of "
            "reference documents.",
        ),
    ] = DEFAULTS.restatement.strict
    sensitive: Annotated[
        bool,
        typer.Option("--sensitive", help="Show, as notes, what comes near that score too."),
    ] = DEFAULTS.restatement.sensitive


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TalkOptions(ConfigOptions):
    """What is told beside the result."""

    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No warnings and no progress; only errors.")
    ] = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell more; of an error where it happened.")
    ] = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class RuleOptions:
    """Which findings are wanted."""

    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODES",
            show_default=", ".join(RULES),
            help="Report these rules only; commas between them, or the option repeated.",
        ),
    ] = None
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Do not report these rules.")
    ] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class KeepOptions:
    """Which documents are compared with which, and who is kept."""

    within: Annotated[
        str,
        typer.Option(
            metavar="document|corpus|both",
            help="Compare inside each document, across documents, or both.",
        ),
    ] = DEFAULTS.paragraphs.within
    keep: Annotated[
        str,
        typer.Option(
            metavar="POLICY",
            help="Which of a group to keep: first, longest, newest or oldest (by the date of a "
            "feed's entry, or by --date-field), "
            "or priority=FILE, a file with one source a line, best first.",
        ),
    ] = DEFAULTS.canonical.policy
    date_field: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The field or column that holds the date of a record."),
    ] = DEFAULTS.readers.date_field
    boilerplate: Annotated[
        int,
        typer.Option(
            metavar="N",
            help=f"Call a text boilerplate from N documents on that hold it, where those are "
            f"{DEFAULTS.boilerplate.min_share:.0%} of their folder or file.",
        ),
    ] = DEFAULTS.boilerplate.min_documents


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class RunOptions:
    """How the work is done; nothing here changes a verdict but the seed and the permutations."""

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
    num_perm: Annotated[
        int,
        typer.Option(
            metavar="N",
            help=f"Permutations of a signature, with more than {DEFAULTS.bands.all_pairs_up_to:,} "
            "paragraphs.",
        ),
    ] = DEFAULTS.signatures.num_perm
    seed: Annotated[
        int, typer.Option(metavar="N", help="What the permutations are drawn with.")
    ] = DEFAULTS.signatures.seed
    skip_errors: Annotated[
        bool,
        typer.Option(
            "--skip-errors", help="Leave out what cannot be read, and name it at the end."
        ),
    ] = DEFAULTS.readers.skip_errors


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class RoomOptions:
    """How much memory a run takes, and where the rest goes; nothing here changes a verdict."""

    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            show_default="half of the machine's",
            help="Keep about so much in memory, as 3G or 512M (K, M, G, T: times 1,024; KiB and KB "
            "are the same); what is more goes to files.",
        ),
    ] = None
    work_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            show_default="a temporary folder, where it is needed",
            help="Keep those files here, and each stage that is finished until the run ends well. "
            "It is made if it is not there.",
        ),
    ] = DEFAULTS.run.work_dir
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on from the last stage that is whole in --work-dir, which was made from the "
            "same inputs and settings.",
        ),
        TYPED_ONLY,
    ] = DEFAULTS.run.resume


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class TargetOptions:
    """What is written, and where."""

    output_format: Annotated[
        list[str] | None,
        typer.Option(
            "--output-format",
            "-f",
            metavar="FORMAT[=FILE]",
            show_default=DEFAULT_FORMAT,
            help="full: texts and differences. concise: a line a finding. json: all of it. "
            "jsonl: a line each. groups: a JSON line a paragraph. markdown, sarif, github, gitlab, "
            "junit, rdjson: for forges and tools. May be repeated, each with its file.",
        ),
    ] = None
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default="standard output",
            help="Write the one format to a file.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class OutputOptions(TargetOptions):
    """What is written, where, and what is told of the run."""

    statistics: Annotated[
        bool, typer.Option("--statistics", help="Say what the run cost and what it compared.")
    ] = False
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress line.")] = False


class CorpusOptions(
    ConfigOptions,
    RoomOptions,
    RunOptions,
    WalkOptions,
    InputOptions,
    KeepOptions,
    RestateOptions,
    MeasureOptions,
):
    """How sources are read and compared."""


class ChosenOptions(RuleOptions, CorpusOptions):
    """How sources are read and compared, and which findings are wanted."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ScanOptions(TalkOptions, OutputOptions, ChosenOptions):
    """Everything that `dedup scan` can be told."""

    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATHS",
            show_default=False,
            help="Files, folders, and - for standard input.",
        ),
    ] = None
