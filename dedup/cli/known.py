"""Find out what a check need not find again: allowed texts, a baseline, what was there before."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from dedup.cli.check_options import AcceptOptions
from dedup.config import Config, GateConfig
from dedup.errors import InputError
from dedup.execution import Run
from dedup.findings import Finding
from dedup.gate.baseline import Baseline, read_baseline
from dedup.gate.changes import Changes
from dedup.gate.judging import Former, list_standing
from dedup.gate.novelty import count_texts
from dedup.gate.suppressions import Allowed
from dedup.gathering import gather_sources
from dedup.model import Problem
from dedup.pipeline import compare_sources
from dedup.places import PlaceFinder
from dedup.readers.sources import Source, find_sources, measure_sources, sort_sources
from dedup.report import Report

BASELINE_FILE: Final = ".dedup-baseline.json"


def find_baseline(options: AcceptOptions) -> Path:
    """Give the file that holds what is accepted, whether it is there or not."""
    return Path(options.baseline or BASELINE_FILE)


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
    run_config = replace(config.run, rules=("DUP001",), keep_text=True)
    run = Run(replace(config, run=run_config), 0, lambda _stage, _done: None)
    corpus, _ = gather_sources(find_sources(files, config.readers), run)
    places = PlaceFinder(corpus)
    references = [places.find(number) for number in range(len(corpus))]
    return Allowed(
        prints=corpus.tokens.prints.reshape(-1, 2),
        places=tuple((reference.path or "", reference.start_line) for reference in references),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Past:
    """What the former state is scanned with."""

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
    standing = list_standing(report, past.gate, past.allowed)
    if not any(_touches(finding, changes) for finding in standing.findings):
        return Former(changes.revision, count_texts(report, standing.findings), touched)
    kept = [s for s in sources if isinstance(s, Source) and s.name not in changes.files]
    former = sort_sources([*kept, *_list_former(changes, past.config)])
    before = compare_sources(former, past.config, progress)
    counted = list_standing(before, past.gate, past.allowed)
    return Former(changes.revision, count_texts(before, counted.findings), touched)


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
