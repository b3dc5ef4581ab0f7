"""Baseline: accept today's findings, so that a check fails on new ones only."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from dedup.checking import read_allowed
from dedup.cli.allocator import keep_freed_memory
from dedup.cli.baseline_file import find_baseline, load_baseline
from dedup.cli.check_options import BaselineOptions
from dedup.cli.gate_settings import make_accept_config
from dedup.cli.messages import start_logging
from dedup.cli.progress import show_progress
from dedup.cli.room import measure_named, watch_room
from dedup.cli.scan import name_problems
from dedup.cli.settings import make_scan_config, refuse
from dedup.cli.targets import Target, refuse_overwriting
from dedup.errors import InputError
from dedup.gate.baseline import (
    Baseline,
    is_baseline,
    name_from,
    prune_baseline,
    read_baseline,
    write_baseline,
)
from dedup.gate.judging import (
    Known,
    Standing,
    judge_findings,
    list_standing,
    list_unread,
    make_decidable,
)
from dedup.gate.newness import count_texts, locate_texts
from dedup.outcome import Outcome
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count
from dedup.reporters.registry import write_report
from dedup.work_folder import refuse_in_work_folder

_NO_PATHS: Final = "nothing to {0}: name what is checked, as dedup baseline {0} docs/."


def run_baseline(options: BaselineOptions) -> None:
    """Do what is asked for with the baseline.

    Raises:
        DedupError: A setting, an input or the baseline is not as it must be.
        TyperException: No path was named.
    """
    start_logging(quiet=options.quiet, verbose=options.verbose)
    if options.action not in _ACTIONS:
        advice = f"Say it first, as dedup baseline write {options.action}."
        raise refuse("action", options.action, " or ".join(_ACTIONS), advice)
    if not options.paths and options.action != "show":
        raise typer.TyperException(_NO_PATHS.format(options.action))
    refuse_in_work_folder([("baseline", str(find_baseline(options)))], options.work_dir)
    _ACTIONS[options.action](options)


def _scan(options: BaselineOptions) -> tuple[Report, Standing]:
    """Scan the paths as a check does."""
    config, gate = make_scan_config(options, keep_text=True), make_accept_config(options)
    keep_freed_memory()
    allowed = read_allowed(gate.allow, config)
    with (
        watch_room(config, quiet=options.quiet) as advise,
        show_progress(options) as progress,
    ):
        advise(measure_named(options.paths or ()))
        report = find_duplicates(options.paths or (), config, progress)
        standing = list_standing(report, gate, allowed)
    if not options.quiet:
        name_problems(report.problems)
    return report, standing


def _write(options: BaselineOptions) -> None:
    """Accept everything that is found now, and nothing else."""
    path = find_baseline(options)
    _refuse_overwriting(path, options)
    report, standing = _scan(options)
    located = locate_texts(report, standing.findings)
    baseline = Baseline(
        path=str(path),
        counts=count_texts(report, standing.findings),
        files={
            key: tuple(name_from(str(path), file) for file in found)
            for key, found in located.items()
        },
        rules=report.config.run.rules,
        within=report.config.paragraphs.within,
    )
    unread = _list_forgotten(path, report)
    write_baseline(path, baseline)
    findings = count(len(standing.findings), "finding")
    paragraphs = count(sum(baseline.counts.values()), "paragraph")
    _say(f"{_name(path)} accepts {findings} now ({paragraphs}).")
    if unread:
        what = f"{count(len(unread), 'file')} not read now, as {unread[0]}"
        _say(f"What it accepted in {what}, is forgotten.")


def _list_forgotten(path: Path, report: Report) -> list[str]:
    """Give the files whose texts a baseline accepted and that a run did not read."""
    try:
        return list_unread(read_baseline(path), report) if path.is_file() else []
    except InputError:  # what is written is to mend it
        return []


def _refuse_overwriting(path: Path, options: BaselineOptions) -> None:
    """See that nothing is lost but a baseline."""
    target = Target("baseline", str(path), "baseline")
    refuse_overwriting([target], [*(options.paths or ()), *(options.allow or ())])
    if path.is_file() and path.stat().st_size and not is_baseline(path):
        allowed = "a baseline, or a file that is not there yet: this one holds something else"
        raise refuse("baseline", str(path), allowed, "Choose another file.")


def _prune(options: BaselineOptions) -> None:
    """Forget what is gone; nothing is added."""
    old = _load(options)
    report, standing = _scan(options)
    _refuse_part(old, report)
    counts = count_texts(report, standing.findings)
    pruned = prune_baseline(old, counts, make_decidable(old, report))
    write_baseline(find_baseline(options), pruned)
    n_gone = sum(old.counts.values()) - sum(pruned.counts.values())
    kept = count(sum(pruned.counts.values()), "paragraph")
    gone = count(n_gone, "paragraph")
    _say(f"{_name(find_baseline(options))} accepts {kept} now; {gone} forgotten.")


def _refuse_part(baseline: Baseline, report: Report) -> None:
    """See that a run has looked for all that was accepted, before what it misses is forgotten."""
    remedy = "Name all that is checked, with the rules of a check, or write it anew."
    unread = list_unread(baseline, report)
    if unread:
        problem = f"{unread[0]}, which it has texts of, was not read"
        raise InputError(baseline.path, None, problem, remedy)
    if not baseline.was_sought(report.config.run.rules, report.config.paragraphs.within):
        raise InputError(baseline.path, None, "it was written with more rules", remedy)


def _show(options: BaselineOptions) -> None:
    """Say how much is accepted; with paths also which findings, and what is gone."""
    baseline = _load(options)
    paragraphs = count(sum(baseline.counts.values()), "paragraph")
    _say(f"{_name(Path(baseline.path))} accepts {paragraphs}.")
    if not options.paths:
        return
    report, standing = _scan(options)
    gate = make_accept_config(options)
    outcome = judge_findings(report, standing, gate, Known(baseline, None))
    if outcome.judgement is None:
        return
    accepted = [f for f, why in outcome.judgement.suppressed if why.kind == "baseline"]
    write_report(Outcome(outcome.run, tuple(accepted)), "concise", "-")
    for problem in outcome.judgement.stale:
        _say(f"{problem.path}:{problem.line}: {problem.message}")


def _load(options: BaselineOptions) -> Baseline:
    baseline = load_baseline(options)
    if baseline is None:
        remedy = "Write one first: dedup baseline write PATHS."
        raise InputError(str(find_baseline(options)), None, "there is no such file", remedy)
    return baseline


def _name(path: Path) -> str:
    return escape_controls(str(path))


def _say(line: str) -> None:
    typer.echo(escape_controls(line))


_ACTIONS: Final[dict[str, Callable[[BaselineOptions], None]]] = {
    "write": _write,
    "prune": _prune,
    "show": _show,
}
