"""Scan: find the repeated paragraphs of files and folders, and write them out."""

from collections.abc import Sequence
from contextlib import ExitStack
from time import perf_counter, process_time
from typing import Final

import typer

from dedup.cli.allocator import keep_freed_memory
from dedup.cli.messages import say, start_logging
from dedup.cli.options import ScanOptions
from dedup.cli.progress import show_progress
from dedup.cli.room import watch_room
from dedup.cli.settings import make_scan_config
from dedup.cli.targets import (
    is_terminal,
    list_settings_files,
    parse_targets,
    refuse_overwriting,
    write_targets,
)
from dedup.execution import hold_storage
from dedup.model import Problem
from dedup.outcome import lay_open
from dedup.pipeline import compare_sources
from dedup.readers.sources import Source, find_sources, list_present, measure_sources
from dedup.report import Report
from dedup.reporters.phrases import count, name_problem_place
from dedup.work_folder import refuse_in_work_folder

NAMED_PROBLEMS: Final = 20
_NOTHING_NAMED: Final = (
    "nothing to scan: name files or folders, as dedup scan docs/, or - for standard input. "
    "dedup scan --help shows more."
)


def scan_paths(options: ScanOptions) -> None:
    """Run the pipeline over the paths and write each wanted format.

    Raises:
        DedupError: A setting, an input or an output is not as it must be.
        TyperException: No path was named.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    if not options.paths:
        raise typer.TyperException(_NOTHING_NAMED)
    targets = parse_targets(options)
    refuse_in_work_folder(((each.option, each.file) for each in targets), options.work_dir)
    refuse_overwriting(targets, [*options.paths, *list_settings_files(options)])
    keep_text = any(target.format_name != "groups" for target in targets)
    config = make_scan_config(options, keep_text=keep_text)
    keep_freed_memory()
    started, begun = process_time(), perf_counter()
    with watch_room(config, quiet=options.quiet) as note_size, ExitStack() as stack:
        progress = stack.enter_context(show_progress(options))
        sources = find_sources(options.paths, config.readers)
        refuse_overwriting(targets, list_present(sources).values())
        if not options.quiet:
            warn_of_nothing(sources, options.paths)
        note_size(measure_sources(sources))
        with hold_storage(sources, config) as storage:
            report = compare_sources(sources, config, progress, storage)
            cost = process_time() - started, perf_counter() - begun
            if is_terminal(targets):
                stack.close()
            progress("write the report", 0)
            write_targets(lay_open(report), targets)
    if not options.quiet:
        name_problems(report.problems)
    if options.statistics:
        say_statistics(report, (started, *cost))


def warn_of_nothing(sources: Sequence[Source | Problem], paths: Sequence[str]) -> None:
    """Say that there was nothing to read: a folder may be the wrong one."""
    if not sources:
        say(f"Warning: there is no file that dedup reads in {', '.join(paths)}.")


def say_statistics(report: Report, seconds: tuple[float, float, float]) -> None:
    """Say what a run cost and what it compared; `seconds` as `RunCost` has them."""
    from dedup.cli.run_statistics import RunCost, describe_run  # noqa: PLC0415 -- if wanted

    for line in describe_run(report, RunCost(*seconds)):
        say(line)


def name_problems(problems: Sequence[Problem]) -> None:
    """Name what was skipped; a corpus may have very many, and the report holds them all."""
    if not problems:
        return
    say(f"Warning: {count(len(problems), 'unreadable input')} left out, so not compared:")
    for problem in problems[:NAMED_PROBLEMS]:
        say(f"  {name_problem_place(problem)}: {problem.message}")
    if len(problems) > NAMED_PROBLEMS:
        say(f"  ... and {len(problems) - NAMED_PROBLEMS:,} more.")
