"""Spark: scan on Apache Spark, write what was found, and say what it cost."""

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from time import perf_counter
from typing import TYPE_CHECKING, Final, cast

import typer

from dedup.advice import advise_spark
from dedup.cli.messages import say, start_logging
from dedup.cli.settings import make_scan_config, refuse
from dedup.cli.spark_options import REFUSED, SparkOptions
from dedup.config import CLEANING_DEFAULTS, Config
from dedup.errors import SettingError
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count
from dedup.spark.runtime.failures import worded
from dedup.spark.runtime.session import start_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dedup.cli.options import ChosenOptions
    from dedup.spark.reporting.results import SparkResult
    from dedup.spark.runtime.checkpoints import StageCost

_SCAN: Final = "scan"
_NAMED_FILES: Final = 5
_ON_THIS_MACHINE: Final = re.compile("^file:/+")
_EXAMPLE: Final = "as dedup spark scan corpus/ --output found/ --work work/"


def run_spark(options: SparkOptions) -> None:
    """Scan the inputs on Spark and write what was found.

    Raises:
        DedupError: A setting, an input, a folder or Spark itself is not as it must be.
        TyperException: No input, output or working folder was named.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    _refuse_words(options)
    config = make_scan_config(cast("ChosenOptions", options), keep_text=True)
    relations = _read_relations(options)
    settings = {"spark.log.level": "WARN"} if options.verbose else {}
    settings |= _read_settings(options.conf or ())
    begun = perf_counter()
    # No pandas is used; PySpark warns at each start of the versions that it does not know.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    with worded(_refuse_start):
        spark = start_session(options.master, settings, os.environ)
    try:
        result = _scan(spark, options, config, relations)
    finally:
        spark.stop()
    for line in describe(result, perf_counter() - begun):
        print(escape_controls(line))
    advice = advise_spark(result.summary["paragraphs"])
    if advice and not options.quiet:
        say(f"Note: {advice}")


def _refuse_start(told: str) -> SettingError:
    return SettingError(
        f"Spark does not start ({told}). Check --master and --conf; what Java said of it, if "
        "anything, stands above."
    )


def _refuse_words(options: SparkOptions) -> None:
    """Refuse what was typed and makes no sense here, and that something is missing.

    Raises:
        SettingError: There is such a word.
        TyperException: No input, output or working folder was named.
    """
    if options.action != _SCAN:
        problem = f"there is no dedup spark {options.action}: say scan first, {_EXAMPLE}."
        raise typer.TyperException(problem)
    for name in sorted(options.resolved.typed & REFUSED.keys()):
        value = getattr(options, name)
        words = ",".join(value) if isinstance(value, list) else str(value).lower()
        allowed = f"none with dedup spark: {REFUSED[name]}"
        raise refuse(name, words, allowed, "Leave it out.")
    missing = {"INPUT": options.inputs, "--output OUT": options.output, "--work WORK": options.work}
    absent = [name for name, value in missing.items() if not value]
    if absent:
        raise typer.TyperException(f"nothing to scan: name {' and '.join(absent)}, {_EXAMPLE}.")
    _refuse_folders(str(options.output), str(options.work), options.inputs or ())


def _refuse_folders(output: str, work: str, inputs: Iterable[str]) -> None:
    """See that what is written is neither read nor in the way of what is written later.

    Raises:
        SettingError: It is.
    """
    _refuse_inside("output", output, inputs)
    _refuse_inside("work", work, inputs)
    if _find_place(work).is_relative_to(_find_place(output)):
        allowed = f"a folder that is not in '{output}', which is made at the end"
        raise refuse("work", work, allowed)


def _refuse_inside(name: str, folder: str, inputs: Iterable[str]) -> None:
    """See that no folder that is written is one that is read: its files would be taken for input.

    Raises:
        SettingError: It is, or it lies below one.
    """
    place = _find_place(folder)
    for given in inputs:
        if place.is_relative_to(_find_place(given)):
            raise refuse(name, folder, f"a folder that is not in '{given}', which is read")


def _find_place(name: str) -> PurePath:
    """Give the whole path of a file or folder; of a URI what it says."""
    name = _ON_THIS_MACHINE.sub("/", name)
    return PurePath(name if ":" in name else os.path.abspath(name))  # noqa: PTH100 -- links stay


def _read_settings(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read settings of Spark's own.

    Raises:
        SettingError: One is not typed as KEY=VALUE.
    """
    for word in words:
        key, separator, value = word.partition("=")
        if not (key.strip() and separator):
            raise refuse("conf", word, "KEY=VALUE, as spark.driver.memory=4g")
        yield key.strip(), value


def _read_relations(options: SparkOptions) -> tuple[str, ...]:
    """Give the relations whose paragraphs are marked; none where nothing is to be marked.

    Raises:
        SettingError: Some are named, but no marks are asked for.
    """
    if not options.mark:
        if options.remove:
            value = ",".join(options.remove)
            raise refuse("remove", value, "that beside --mark: a scan removes nothing")
        return ()
    words = ",".join(options.remove) if options.remove else ",".join(CLEANING_DEFAULTS.relations)
    return tuple(word.strip().lower() for word in words.split(","))


def _scan(
    spark: "SparkSession", options: SparkOptions, config: Config, relations: tuple[str, ...]
) -> "SparkResult":
    """Do the run and write its result."""
    from dedup.spark.plan import run  # noqa: PLC0415 -- likewise
    from dedup.spark.reading.listing import find_files  # noqa: PLC0415 -- loads NumPy
    from dedup.spark.reporting.output import refuse_existing, write_result  # noqa: PLC0415 -- likewise
    from dedup.spark.runtime.session import settled  # noqa: PLC0415 -- likewise
    from dedup.spark.starting import start_job  # noqa: PLC0415 -- likewise

    output, work = str(options.output), str(options.work)
    refuse_existing(spark, output)
    listing = find_files(spark, options.inputs or (), config.readers)
    if not options.quiet:
        _warn_of_files(listing.left_out)
    job = start_job(spark, listing.files, config, work, options.partitions)
    with settled(spark, job.size_bytes, job.partitions):
        result = run(job, relations)
        write_result(job, result, output)
    return result


def _warn_of_files(left_out: tuple[str, ...]) -> None:
    """Name files that dedup scan would read and Spark does not."""
    if left_out:
        named = ", ".join(left_out[:_NAMED_FILES])
        more = f" and {len(left_out) - _NAMED_FILES:,} more" if left_out[_NAMED_FILES:] else ""
        say(f"Warning: only JSON Lines and Parquet are read on Spark; left out: {named}{more}.")


def describe(result: "SparkResult", seconds: float) -> Iterator[str]:
    """Say in lines what was found, how long it took and what each stage cost.

    Args:
        result: Of the run.
        seconds: By the clock, the start of Spark included.
    """
    n_paragraphs = max(1, result.summary["paragraphs"])
    for label, sentence in result.sentences:
        yield f"{label:<9} {sentence}"
    yield f"{'Took':<9} {seconds:.1f} s, by stage:"
    for cost in result.costs:
        yield f"  {cost.name:<15} {_describe_cost(cost, n_paragraphs)}"
    told = [cost.shuffled.size_bytes for cost in result.costs if cost.shuffled is not None]
    if told:
        yield f"{'Shuffled':<9} {sum(told) / n_paragraphs:,.1f} bytes a paragraph in all"


def _describe_cost(cost: "StageCost", n_paragraphs: int) -> str:
    if cost.is_resumed:
        return "taken over from an earlier run"
    if cost.shuffled is None:
        return f"{cost.seconds:8.1f} s"
    size = cost.shuffled.size_bytes / n_paragraphs
    records = count(cost.shuffled.n_records, "record")
    return f"{cost.seconds:8.1f} s {size:10,.1f} bytes shuffled a paragraph, {records}"
