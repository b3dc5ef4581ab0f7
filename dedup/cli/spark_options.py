"""Hold the options of `dedup spark`.

What `dedup scan` can be told and makes no sense on Spark is declared too, but not shown: who types
it is told why not, and not merely that there is no such option.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from dedup.cli.configuration.options import TYPED_ONLY
from dedup.cli.input_options import InputOptions
from dedup.cli.options import (
    KeepOptions,
    MeasureOptions,
    RestateOptions,
    RuleOptions,
    RunOptions,
    TalkOptions,
)
from dedup.config import CLEANING_DEFAULTS, DEFAULTS

# Why an option of `dedup scan` is refused; a configuration may set it, for others.
REFUSED: Final[Mapping[str, str]] = {
    "jobs": "Spark says how many tasks run at a time: give it cores, as with --master 'local[4]'",
    "memory": "Spark divides the memory of its executors: set it with --conf "
    "spark.executor.memory=4g",
    "work_dir": "the stages of a run on Spark are in --work",
    "resume": "a run goes on by itself where --work holds stages of the same run",
    "exclude": "Spark lists the folders: name the files, or folders that hold no others",
    "show_files": "Spark lists the folders while it runs",
    "encoding": "JSON Lines and Parquet are UTF-8",
    "main_content": "JSON Lines and Parquet hold no web pages",
    "stdin_filename": "standard input is there on one machine only: name files",
    "max_bytes": "Spark reads files in parts, of which none fills the memory",
    "max_expansion": "Spark reads files in parts, of which none fills the memory",
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False, init=False)
class RefusedOptions:
    """What `dedup scan` can be told and a run on Spark cannot."""

    jobs: Annotated[int | None, typer.Option("--jobs", "-j", hidden=True), TYPED_ONLY] = None
    memory: Annotated[str | None, typer.Option(hidden=True), TYPED_ONLY] = None
    work_dir: Annotated[str | None, typer.Option(hidden=True), TYPED_ONLY] = None
    resume: Annotated[bool, typer.Option("--resume", hidden=True), TYPED_ONLY] = False
    exclude: Annotated[list[str] | None, typer.Option(hidden=True), TYPED_ONLY] = None
    show_files: Annotated[bool, typer.Option("--show-files", hidden=True), TYPED_ONLY] = False
    encoding: Annotated[str | None, typer.Option(hidden=True), TYPED_ONLY] = None
    main_content: Annotated[str, typer.Option(hidden=True), TYPED_ONLY] = (
        DEFAULTS.readers.main_content
    )
    stdin_filename: Annotated[str, typer.Option(hidden=True), TYPED_ONLY] = (
        DEFAULTS.readers.stdin_filename
    )
    max_bytes: Annotated[str, typer.Option(hidden=True), TYPED_ONLY] = str(
        DEFAULTS.readers.max_bytes
    )
    max_expansion: Annotated[int, typer.Option(hidden=True), TYPED_ONLY] = (
        DEFAULTS.readers.max_expansion
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SparkOptions(
    RefusedOptions,
    TalkOptions,
    RuleOptions,
    RunOptions,
    InputOptions,
    KeepOptions,
    RestateOptions,
    MeasureOptions,
):
    """Everything that `dedup spark` can be told; has all that `ChosenOptions` has."""

    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            show_default="by the file's ending",
            help="Read everything as jsonl or parquet.",
        ),
    ] = DEFAULTS.readers.input_format
    action: Annotated[str, typer.Argument(metavar="scan", help="Scan is all there is.")]
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT",
            show_default=False,
            help="Files and folders of JSON Lines (plain or .gz) and Parquet, of any file system "
            "that Spark knows.",
        ),
    ] = None
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            show_default=False,
            help="A folder that does not exist yet: groups, findings and a summary, as Parquet and "
            "JSON. It appears whole or not at all; on Spark Connect its summary comes last.",
        ),
        TYPED_ONLY,
    ] = None
    work: Annotated[
        str | None,
        typer.Option(
            metavar="WORK",
            show_default=False,
            help="A folder for finished stages. A run of the same inputs and settings goes on from "
            "them; nothing in it is removed.",
        ),
        TYPED_ONLY,
    ] = None
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            show_default="what spark-submit says, else local[*]",
            help="Where Spark runs: local[4], spark://HOST:7077, yarn, or sc://HOST for Connect.",
        ),
        TYPED_ONLY,
    ] = None
    partitions: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            show_default="one for 32 MB of input, at least 8",
            help="Into how many parts rows are shuffled; the verdicts are the same.",
        ),
        TYPED_ONLY,
    ] = None
    conf: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="A setting of Spark's own, as spark.driver.memory=4g. May be repeated.",
        ),
        TYPED_ONLY,
    ] = None
    mark: Annotated[
        bool,
        typer.Option(
            "--mark",
            help="Write the input too, each record with the columns dedup_group, dedup_canonical, "
            "dedup_relation and dedup_score, as dedup clean --mark does (with --unit record).",
        ),
        TYPED_ONLY,
    ] = False
    remove: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RELATIONS",
            show_default=", ".join(CLEANING_DEFAULTS.relations),
            help="What --mark calls not canonical; commas between them, or repeated.",
        ),
        TYPED_ONLY,
    ] = None
