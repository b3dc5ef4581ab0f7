"""Check sources: scan them, and the state before a change where one is asked for, and judge.

In: sources that were found, the settings of the scan and of the gate, a baseline. Out: an outcome
with its judgement.

Decision (2026-11-26): the state before is scanned as a whole when, and only when, a finding of the
present touches a file that changed. What was there then is known exactly so, at the cost of a
second scan; of a change that repeats nothing git's answer is all that is paid: 25 ms for 1,000
files.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from dedup.config import Config
from dedup.config.gate import GateConfig
from dedup.execution import Progress, Run
from dedup.findings import Finding
from dedup.gate.allowed import Allowed
from dedup.gate.baseline import Baseline
from dedup.gate.changes import Changes, find_changes
from dedup.gate.judging import Former, Known, Standing, judge_findings, list_standing
from dedup.gate.newness import count_texts
from dedup.gathering import gather_sources
from dedup.model import Problem
from dedup.outcome import Outcome
from dedup.pipeline import compare_sources
from dedup.readers.registry import find_compression, find_reader, has_reader, is_ambiguous
from dedup.readers.sources import Source, find_sources, list_present, show_path, sort_sources
from dedup.readers.walk import would_find
from dedup.report import Report
from dedup.scratch import Scratch
from dedup.storage import Storage


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Checked:
    """What is checked.

    Attributes:
        paths: As they are named.
        sources: What was found there.
        storage: Where the scan's columns are; None: no working folder.
    """

    paths: Sequence[str]
    sources: Sequence[Source | Problem]
    storage: Storage | None = None


def check_sources(
    checked: Checked,
    settings: tuple[Config, GateConfig],
    baseline: Baseline | None = None,
    progress: Progress = lambda _stage, _done: None,
) -> Outcome:
    """Scan sources and judge what is found.

    Args:
        checked: What is checked.
        settings: How sources are scanned, and which findings fail.
        baseline: What is accepted; None for nothing.
        progress: Called with a stage's name and how many paragraphs it has done.

    Raises:
        DedupError: A source, an allow file or the revision is not as it must be.
    """
    config, gate = settings
    allowed = read_allowed(gate.allow, config)
    report = compare_sources(checked.sources, config, progress, checked.storage)
    standing = list_standing(report, gate, allowed)
    former = None
    if gate.since is not None:
        changes = find_changes(checked.paths, gate.since, list_present(checked.sources))
        past = _Past(checked, standing, changes, config, gate, allowed)
        former = _scan_former(report, past, progress)
    return judge_findings(report, standing, gate, Known(baseline, former))


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
class _Past:
    """What the former state is scanned with, and what counts of the present one."""

    checked: Checked
    standing: Standing
    changes: Changes
    config: Config
    gate: GateConfig
    allowed: Allowed | None


def _scan_former(report: Report, past: _Past, progress: Progress) -> Former:
    """Scan the state that was changed, unless no finding touches a change.

    Its columns are where those of the present state are.

    Raises:
        DedupError: A former file is not as it must be.
    """
    changes, touched = past.changes, _find_touched(report, past.changes)
    findings = past.standing.findings
    if not any(_touches(finding, changes) for finding in findings):
        counts = count_texts(report, findings)
        return Former(changes.revision, counts, touched, is_added=None)
    sources, storage = past.checked.sources, past.checked.storage
    kept = [s for s in sources if isinstance(s, Source) and s.name not in changes.files]
    former = sort_sources([*kept, *_list_former(past)])
    readers = replace(past.config.readers, skip_errors=True)  # who could not be read had no text
    config, scratch = replace(past.config, readers=readers), storage and Scratch(storage)
    before = compare_sources(former, config, progress, scratch)
    counted = list_standing(before, past.gate, past.allowed)
    counts = count_texts(before, counted.findings)
    return Former(changes.revision, counts, touched, _find_added(report, before, counted))


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


def _list_former(past: _Past) -> Iterator[Source]:
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
            or would_find(file.name, past.checked.paths, readers.exclude, readers.exclude_folder)
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
