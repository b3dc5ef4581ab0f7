"""Find out what a check need not find again: allowed texts, a baseline, what was there before."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from dedup.cli.check_options import AcceptOptions
from dedup.config import Config, GateConfig
from dedup.execution import Run
from dedup.findings import Finding
from dedup.gate.baseline import Baseline, read_baseline
from dedup.gate.changes import Changes
from dedup.gate.judging import Former, Standing, list_standing
from dedup.gate.novelty import count_texts
from dedup.gate.suppressions import Allowed
from dedup.gathering import gather_sources
from dedup.model import Problem
from dedup.pipeline import compare_sources
from dedup.readers.ignores import REPOSITORY
from dedup.readers.registry import find_compression, find_reader, has_reader, is_ambiguous
from dedup.readers.sources import Source, find_sources, show_path, sort_sources
from dedup.readers.walk import would_find
from dedup.report import Report

BASELINE_FILE: Final = ".dedup-baseline.json"


def find_baseline(options: AcceptOptions) -> Path:
    """Give the file that holds what is accepted, whether it is there or not.

    Unless one is named it is sought from the current folder up to the top of its repository, as
    settings are.
    """
    if options.baseline is not None:
        return Path(options.baseline)
    here = Path.cwd()
    for n_up, folder in enumerate((here, *here.parents)):
        if (folder / BASELINE_FILE).is_file():
            return Path(*[os.pardir] * n_up, BASELINE_FILE)
        if (folder / REPOSITORY).exists():
            break
    return Path(BASELINE_FILE)


def load_baseline(options: AcceptOptions) -> Baseline | None:
    """Read the baseline that is named, or the usual one where there is one.

    Raises:
        InputError: The one that is named is not there, or it is not as it must be.
    """
    path = find_baseline(options)
    if options.baseline is None and not path.is_file():
        return None
    return read_baseline(path)


def read_allowed(files: Sequence[str], config: Config) -> Allowed | None:
    """Read the paragraphs that may repeat, of any length, with the place of each.

    Raises:
        InputError: A file cannot be read.
    """
    if not files:
        return None
    readers = replace(config.readers, skip_errors=False)  # it is a setting, not a source
    rules = replace(config.run, rules=("DUP001",), keep_text=True)
    run = Run(replace(config, readers=readers, run=rules), 0, lambda _stage, _done: None)
    corpus, _ = gather_sources(find_sources(files, readers), run)
    return Allowed.from_corpus(corpus)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Past:
    """What the former state is scanned with, and what counts of the present one."""

    paths: Sequence[str]
    standing: Standing
    changes: Changes
    config: Config
    gate: GateConfig
    allowed: Allowed | None


def scan_former(
    report: Report,
    sources: Sequence[Source | Problem],
    past: Past,
    progress: Callable[[str, int], None],
) -> Former:
    """Scan the state that was changed, unless no finding touches a change.

    Raises:
        DedupError: A former file is not as it must be.
    """
    changes, touched = past.changes, _find_touched(report, past.changes)
    findings = past.standing.findings
    if not any(_touches(finding, changes) for finding in findings):
        return Former(changes.revision, count_texts(report, findings), touched, _is_nothing)
    kept = [s for s in sources if isinstance(s, Source) and s.name not in changes.files]
    former = sort_sources([*kept, *_list_former(past)])
    readers = replace(past.config.readers, skip_errors=True)  # who could not be read had no text
    before = compare_sources(former, replace(past.config, readers=readers), progress)
    counted = list_standing(before, past.gate, past.allowed)
    counts = count_texts(before, counted.findings)
    return Former(changes.revision, counts, touched, _find_added(report, before, counted))


def _is_nothing(number: int) -> bool:  # noqa: ARG001 -- whichever paragraph it is
    return False


def _find_added(report: Report, before: Report, counted: Standing) -> Callable[[int], bool]:
    """Give what tells the paragraphs whose text stands in more places than before.

    A paragraph that a comment ignored then was no repetition: who takes the comment out adds one.
    """
    ignored = {finding.number for finding, why in counted.suppressed if why.kind == "inline"}
    was = Counter(before.text_key(n) for n in range(len(before.corpus)) if n not in ignored)
    now = Counter(map(report.text_key, range(len(report.corpus))))

    def is_added(number: int) -> bool:
        key = report.text_key(number)
        return now[key] > was[key]

    return is_added


def _list_former(past: Past) -> Iterator[Source]:
    """Give what changed and deleted files held before, as sources of the same names."""
    readers = past.config.readers
    chosen = readers.input_format
    held = [
        (file.blob, file.name)
        for file in past.changes.files.values()
        if file.blob is not None
        and (chosen or _is_readable(PurePath(file.name).name))
        and (
            file.status != "deleted"
            or would_find(file.name, past.paths, readers.exclude, readers.exclude_folder)
        )
    ]
    for (_, name), content in zip(held, past.changes.repository.read_blobs(held), strict=True):
        reader, compression = find_reader(Path(name), chosen), find_compression(name)
        yield Source(show_path(name), reader.name, compression, None, content)


def _is_readable(name: str) -> bool:
    return has_reader(name) or is_ambiguous(name)


def _find_touched(report: Report, changes: Changes) -> Callable[[int], bool]:
    """Give what tells the paragraphs that stand on changed lines."""
    corpus = report.corpus

    def is_touched(number: int) -> bool:
        path = corpus.batch_of(number).path
        first, last = int(corpus.start_lines[number]), int(corpus.end_lines[number])
        return path is not None and changes.touches(path, first, last)

    return is_touched


def _touches(finding: Finding, changes: Changes) -> bool:
    """Tell whether a finding stands, on either side, in a file that changed."""
    return any(place.path in changes.files for place in (finding.reference, *finding.sources))
