"""Decide which formats are written where, and keep a report from replacing what it reports on."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from dedup.cli.messages import silence
from dedup.cli.options import DEFAULT_FORMAT, ScanOptions, TargetOptions
from dedup.cli.settings import refuse
from dedup.errors import OutputError
from dedup.outcome import Outcome
from dedup.reporters.registry import load_reporter, write_report
from dedup.values import Value

STDOUT: Final = "-"
_ANNOTATIONS: Final = "github"
_STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Target(Value):
    """A format and the file it goes to, `-` for standard output, and the option that says so."""

    format_name: str
    file: str
    option: str = "output-format"


def parse_targets(options: TargetOptions) -> tuple[Target, ...]:
    """Give what to write, checked as far as it can be before the work is done.

    Raises:
        SettingError: No such format, or two of them for one file.
        OutputError: A file's folder does not exist.
    """
    targets = tuple(_parse_target(word) for word in options.output_format or [DEFAULT_FORMAT])
    if options.output is not None:
        targets = (_redirect(targets, options.output),)
    files = [_find_file(target.file) for target in targets]
    for target in targets:
        load_reporter(target.format_name)
        check_file(target.file)
        if files.count(_find_file(target.file)) > 1:
            advice = f"Give each its own, as --output-format {target.format_name}=FILE."
            raise refuse("output-format", _spell(targets), "one format a file", advice)
    return targets


def _find_file(file: str) -> str:
    """Give one name to all names of a file."""
    return file if file == STDOUT else str(Path(file).resolve())


def _spell(targets: Iterable[Target]) -> str:
    """Give targets as they are typed."""
    return ", ".join(f"{t.format_name}={t.file}" for t in targets)


def _parse_target(word: str) -> Target:
    """Read FORMAT or FORMAT=FILE."""
    format_name, separator, file = word.partition("=")
    if separator and not file:
        raise refuse("output-format", word, f"{format_name}=FILE, or {format_name} alone")
    return Target(format_name, file or STDOUT)


def _redirect(targets: tuple[Target, ...], file: str) -> Target:
    """Send the one format to the file of --output."""
    if len(targets) > 1 or targets[0].file != STDOUT:
        advice = "Give each format its own, as --output-format FORMAT=FILE, without --output."
        raise refuse("output", file, "one file for one format, which names none itself", advice)
    return Target(targets[0].format_name, file, "output")


def check_file(file: str) -> None:
    """See that a file can be written, as far as its name and its folder tell.

    Raises:
        OutputError: It is a folder, or its folder does not exist.
    """
    if file == STDOUT:
        return
    path = Path(file)
    if path.is_dir():
        raise OutputError(file, "it is a folder")
    if not path.parent.is_dir():
        raise OutputError(file, f"there is no folder '{path.parent}'")


def refuse_overwriting(targets: Iterable[Target], sources: Iterable[str | None]) -> None:
    """See that no report takes the place of a file it was made from.

    Args:
        targets: What is written.
        sources: What is read: inputs (None for standard input), settings, a baseline.

    Raises:
        SettingError: It would.
    """
    written = [target for target in targets if target.file != STDOUT]
    present = {Path(t.file).resolve(): t for t in written if Path(t.file).is_file()}
    if not present:
        return
    for source in sources:
        target = None if source is None else present.get(Path(source).resolve())
        if target is not None:
            allowed = "a file that this run does not read, since it would be lost"
            advice = "Write the report elsewhere, or leave the file out with --exclude."
            raise refuse(target.option, target.file, allowed, advice)


def list_settings_files(options: ScanOptions) -> list[str]:
    """Give the files that a run takes its settings from, as they are named."""
    _, _, priority = options.keep.partition("=")
    return [*options.resolved.files, *([priority] if priority else ())]


def is_terminal(targets: Iterable[Target]) -> bool:
    """Say whether one of the reports goes to a terminal, where a progress line would be in it."""
    return sys.stdout.isatty() and any(target.file == STDOUT for target in targets)


def write_targets(outcome: Outcome, targets: Iterable[Target]) -> None:
    """Write each format; beside GitHub's annotations the summary that GitHub shows of a step.

    Raises:
        OutputError: A file could not be written whole.
    """
    for target in targets:
        try:
            write_report(outcome, target.format_name, target.file)
        except BrokenPipeError:
            silence(sys.stdout)
        if target.format_name == _ANNOTATIONS and os.environ.get(_STEP_SUMMARY):
            _append_summary(outcome, os.environ[_STEP_SUMMARY])


def _append_summary(outcome: Outcome, file: str) -> None:
    """Append to what other commands of the step have written."""
    summary = StringIO()
    write_report(outcome, "markdown", summary)
    try:
        with Path(file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(summary.getvalue())
    except OSError as error:
        raise OutputError(file, error.strerror or str(error), f"${_STEP_SUMMARY}") from error
