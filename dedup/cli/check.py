"""Check: scan files and folders, and fail when something is found that nobody accepted."""

from collections.abc import Sequence
from contextlib import ExitStack
from time import perf_counter, process_time
from typing import Final

import typer

from dedup.checking import Checked, check_sources
from dedup.cli.allocator import keep_freed_memory
from dedup.cli.baseline_file import find_baseline, load_baseline
from dedup.cli.check_options import CheckOptions
from dedup.cli.gate_settings import make_gate_config
from dedup.cli.messages import say, start_logging
from dedup.cli.progress import show_progress
from dedup.cli.room import watch_room
from dedup.cli.scan import NAMED_PROBLEMS, name_problems, say_statistics, warn_of_nothing
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
from dedup.outcome import Outcome
from dedup.readers.sources import find_sources, list_present, measure_sources
from dedup.reporters.phrases import count, name_problem_place
from dedup.reporters.verdicts import describe_verdict
from dedup.work_folder import refuse_in_work_folder

_NOTHING_NAMED: Final = (
    "nothing to check: name files or folders, as dedup check docs/, or - for standard input. "
    "dedup check --help shows more."
)
_TELLS_VERDICT: Final = ("full", "markdown")


def check_paths(options: CheckOptions) -> None:
    """Scan the paths, judge what is found, write each wanted format, and exit by the verdict.

    Raises:
        DedupError: A setting, an input or an output is not as it must be.
        TyperException: No path was named.
        Exit: With the status that the verdict asks for.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    if not options.paths:
        raise typer.TyperException(_NOTHING_NAMED)
    targets = parse_targets(options)
    refuse_in_work_folder(((each.option, each.file) for each in targets), options.work_dir)
    refuse_overwriting(targets, [*options.paths, *_list_settings_files(options)])
    config, gate = make_scan_config(options, keep_text=True), make_gate_config(options)
    baseline = None if options.no_baseline else load_baseline(options)
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
            checked = Checked(options.paths, sources, storage)
            outcome = check_sources(checked, (config, gate), baseline, progress)
            cost = process_time() - started, perf_counter() - begun
            if is_terminal(targets):
                stack.close()
            progress("write the report", 0)
            write_targets(outcome, targets)
    _tell(outcome, options, is_told=any(t.format_name in _TELLS_VERDICT for t in targets))
    if options.statistics and outcome.run.report is not None:
        say_statistics(outcome.run.report, (started, *cost))
    if outcome.judgement is not None and outcome.judgement.is_failed and not options.exit_zero:
        raise typer.Exit(gate.exit_code)


def _list_settings_files(options: CheckOptions) -> list[str]:
    """Give the files that say how to check and what is accepted."""
    return [*list_settings_files(options), str(find_baseline(options)), *(options.allow or ())]


def _tell(outcome: Outcome, options: CheckOptions, *, is_told: bool) -> None:
    """Say on standard error what was left out, what accepts nothing, and the verdict."""
    judgement = outcome.judgement
    if options.quiet or judgement is None:
        return
    name_problems(outcome.run.problems)
    if not is_told:
        _warn(judgement.stale, "accepted text that is no longer repeated")
        _warn(judgement.unused, "ignore without effect")
        say(describe_verdict(outcome))


def _warn(problems: Sequence[Problem], noun: str) -> None:
    for problem in problems[:NAMED_PROBLEMS]:
        say(f"Warning: {name_problem_place(problem)}: {problem.message}")
    if len(problems) > NAMED_PROBLEMS:
        say(f"Warning: ... and {count(len(problems) - NAMED_PROBLEMS, noun)} more.")
