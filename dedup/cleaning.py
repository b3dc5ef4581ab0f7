"""Write sources again without what they repeat, each in its own format.

Sources come in; the same sources go out under other names, without their redundant paragraphs or
with columns that mark them. The text is read twice and never held: first it is judged, then each
source is read again, a piece at a time, and its writer cuts what was decided.

A source from which nothing goes is copied byte for byte, packed as it is. So is one that could not
be read to its end: what is not understood is not touched.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final, TypeAlias

import numpy as np

from dedup.config import CLEANING_DEFAULTS, DEFAULTS, CleaningConfig, Config
from dedup.cuts import DoneCut, describe_cut
from dedup.destinations import Destinations, plan_destinations, refuse_removed
from dedup.errors import SettingError
from dedup.execution import Progress, Run, hold_storage
from dedup.gathering import gather_sources
from dedup.marks import mark_documents
from dedup.model import Corpus, OffsetArray, ParagraphBatch, Problem, Relation
from dedup.outlets import OpenOutput, Output
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.sources import (
    Piece,
    Source,
    cannot_read,
    find_sources,
    measure_sources,
    was_changed,
)
from dedup.removals import Decisions, decide_removals, rules_in_force
from dedup.work_folder import refuse_in_work_folder
from dedup.writers.edits import Mark, Part
from dedup.writers.packing import open_packed
from dedup.writers.registry import Writer, find_writer

_COPY_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cleaning did.

    Attributes:
        corpus: All paragraphs, without their texts.
        decisions: What was to be removed, and what else was found in what is left.
        destinations: Where each source went; None where nothing was written.
        sources: The sources, in order.
        changed: Names of the sources that something was cut from.
        n_removed: How many paragraphs went, by relation.
        kept_in: Paragraphs that were to go and stayed: cutting them would have changed others.
    """

    corpus: Corpus
    decisions: Decisions
    destinations: Destinations | None
    sources: tuple[Source, ...]
    changed: list[str] = field(default_factory=list)
    n_removed: Counter[str] = field(default_factory=Counter)
    kept_in: list[int] = field(default_factory=list)


CutLog: TypeAlias = Callable[[Cleaned, DoneCut], None]


def clean_sources(
    paths: Iterable[str | Path],
    output: Output,
    settings: tuple[Config, CleaningConfig] = (DEFAULTS, CLEANING_DEFAULTS),
    log: CutLog = lambda _cleaned, _cut: None,
    progress: Progress = lambda _stage, _done: None,
) -> Cleaned:
    """Write what the paths name without its redundant paragraphs.

    Args:
        paths: Files, folders and `-` (standard input).
        output: Where it goes.
        settings: How the sources are read and compared, and what is removed.
        log: Called with everything that is cut, in order.
        progress: Called with a stage's name and how many paragraphs it has done.

    Raises:
        DedupError: An input, a setting or the output is not as it must be; nothing was written.
    """
    names = [str(path) for path in paths]
    config, cleaning = settings
    if cleaning.mark:
        config = replace(config, paragraphs=replace(config.paragraphs, unit="record"))
    config = rules_in_force(config, cleaning.relations)
    found = find_sources(names, config.readers)
    sources = tuple(source for source in found if isinstance(source, Source) and _is_there(source))
    writers = [_choose_writer(source, cleaning) for source in sources]
    place = _plan(names, sources, output, config.run.work_dir)
    stamps = [_stamp(source) for source in sources]
    with hold_storage(found, config, cleaning) as storage:
        run = Run(config, measure_sources(found), progress, storage)
        cleaned = Cleaned(*_judge(found, cleaning, run), place, sources)
        with run.stage("write"), output.open(place) as opened:
            rewriter = _Rewriter(cleaned, cleaning, run, _log_to(opened, log))
            for number, (source, writer) in enumerate(zip(sources, writers, strict=True)):
                with opened.open_file(number) as file:
                    rewriter.rewrite(source, writer, file)
            for source, stamp in zip(sources, stamps, strict=True):
                if _stamp(source) != stamp:
                    raise was_changed(source.name, "two readings differ")
    return cleaned


def _judge(
    found: Sequence[Source | Problem], cleaning: CleaningConfig, run: Run
) -> tuple[Corpus, Decisions]:
    """Read the sources and decide what goes; after it no text is needed."""
    corpus, units = gather_sources(found, run)
    decisions = decide_removals(corpus, units, cleaning.relations, run)
    return corpus.without_texts(), decisions


def _is_there(source: Source) -> bool:
    """Say whether a source can be opened again: what cannot was skipped, and is not written."""
    if source.path is None:
        return True
    return Path(source.path).is_file() and os.access(source.path, os.R_OK)


def _plan(
    names: list[str], sources: tuple[Source, ...], output: Output, work_dir: str | None
) -> Destinations | None:
    if output.name is None:
        return None
    place = plan_destinations(names, sources, output.name)
    if output.removed is not None:
        refuse_removed(output.removed, names, sources, place)
    written = ("output", str(place.folder or place.file)), ("removed", output.removed)
    refuse_in_work_folder(written, work_dir)
    return place


def _stamp(source: Source) -> tuple[int, int, int] | None:
    """Give what changes when somebody writes to a source; None where nobody can."""
    try:
        found = Path(source.path).stat() if source.path is not None else None
    except OSError as error:
        raise was_changed(source.name, "two readings differ") from error
    return None if found is None else (found.st_ino, found.st_size, found.st_mtime_ns)


def _log_to(opened: OpenOutput, log: CutLog) -> CutLog:
    """Give what notes a cut in the file of what was removed and tells the caller of it."""

    def note(cleaned: Cleaned, cut: DoneCut) -> None:
        if opened.removed is not None:
            opened.removed.write(describe_cut(cleaned.corpus, cleaned.decisions, cut))
        log(cleaned, cut)

    return note


def _choose_writer(source: Source, cleaning: CleaningConfig) -> Writer:
    writer = find_writer(source.format)
    if cleaning.mark and not writer.can_mark:
        message = f"setting mark is True: allowed is rows to mark, and '{source.name}' has none. "
        raise SettingError(f"{message}Mark JSON Lines, CSV or Parquet; of others remove.")
    return writer


class _Rewriter:
    """Writes sources again, in the order in which they were read."""

    def __init__(self, cleaned: Cleaned, cleaning: CleaningConfig, run: Run, log: CutLog) -> None:
        self._cleaned, self._cleaning, self._run, self._log = cleaned, cleaning, run, log
        self._removed = cleaned.decisions.numbers
        self._is_gone = np.zeros(len(cleaned.corpus), np.bool_)
        self._places = _find_places(cleaned.corpus)

    def rewrite(self, source: Source, writer: Writer, file: IO[bytes]) -> None:
        """Write a source again."""
        corpus = self._cleaned.corpus
        batches = self._places.get(source.name, range(0))  # an empty one may have none
        wanted = self._list_removed(batches.start, batches.stop)
        is_cut_off = not all(corpus.batches[at].is_whole for at in batches)
        if is_cut_off or not (len(wanted) or self._cleaning.mark):
            _copy(source, file)
            self._cleaned.kept_in.extend(wanted.tolist())
            return
        with ExitStack() as stack:
            if source.compression and not writer.packs:
                file = stack.enter_context(open_packed(file, source.compression))
            self._cut(source, writer, batches, file)
        is_gone = self._is_gone[wanted]
        if is_gone.any():
            self._cleaned.changed.append(source.name)
        self._cleaned.kept_in.extend(wanted[~is_gone].tolist())
        self._count(wanted[is_gone])

    def _count(self, gone: OffsetArray) -> None:
        """Count the paragraphs that went, by relation."""
        places = np.searchsorted(self._removed, gone)
        counts = np.bincount(self._cleaned.decisions.removals.relations[places])
        for relation in np.flatnonzero(counts).tolist():
            self._cleaned.n_removed[Relation(relation).label] += int(counts[relation])

    def _list_removed(self, first: int, end: int) -> OffsetArray:
        """Give the paragraphs to remove of the batches from `first` to `end`."""
        bounds = self._cleaned.corpus.first_paragraphs[[first, end]]
        low, high = np.searchsorted(self._removed, bounds)
        return self._removed[low:high]

    def _cut(self, source: Source, writer: Writer, batches: range, file: IO[bytes]) -> None:
        """Cut a source, or mark it, and note the paragraphs that went."""
        parts, places = self._read_again(source, batches), iter(batches)
        written = writer.load().rewrite(source, parts, file, self._run.config.readers)
        for part, cuts in written:
            at = next(places)
            wanted = self._list_removed(at, at + 1).tolist()  # in reading order, as the rows are
            numbers = dict(zip(part.removed.tolist(), wanted, strict=not self._cleaning.mark))
            for cut in cuts:
                gone = tuple(numbers[row] for row in cut.rows)
                self._log(self._cleaned, DoneCut(source, gone, cut))
                self._is_gone[list(gone)] = True  # by several cuts, one around each bracket

    def _read_again(self, source: Source, batches: range) -> Iterator[Part]:
        """Read a source a second time; each piece with what is to go from it."""
        config, engine = self._run.config, self._run.engine
        pieces = iter(read_pieces([source], config.readers))
        for at in batches:
            piece = next(pieces, None)
            if not isinstance(piece, Piece):
                raise was_changed(source.name, "two readings differ")
            raw = piece.data[: piece.size].tobytes()  # parsing writes into it
            batch = parse_piece(piece, config.readers, engine)
            paragraphs = split_paragraphs(batch, config.paragraphs, engine)
            rows = self._find_rows(paragraphs, at)
            if rows is None or batch.ids != self._cleaned.corpus.batches[at].ids:
                raise was_changed(source.name, "two readings differ")
            first = self._cleaned.corpus.first_paragraphs[at]
            removed = rows[self._list_removed(at, at + 1) - first]
            if self._cleaning.mark:
                removed = removed[:0]
            yield Part(piece, raw, paragraphs, removed, self._mark(at))
        if next(pieces, None) is not None:
            raise was_changed(source.name, "two readings differ")

    def _find_rows(self, paragraphs: ParagraphBatch, at: int) -> OffsetArray | None:
        """Find the corpus' paragraphs of a batch by where they begin; None: they are not there."""
        first, end = self._cleaned.corpus.first_paragraphs[at : at + 2]
        wanted = np.sort(self._cleaned.corpus.starts[first:end])
        order = np.argsort(paragraphs.starts, kind="stable")
        places = np.searchsorted(paragraphs.starts, wanted, sorter=order)
        if places.max(initial=-1) >= len(order):
            return None
        rows = order[places]
        return np.sort(rows) if np.array_equal(wanted, paragraphs.starts[rows]) else None

    def _mark(self, at: int) -> tuple[Mark, ...] | None:
        """Give the marks of a batch's documents, where documents are marked."""
        if not self._cleaning.mark:
            return None
        return mark_documents(self._cleaned.corpus, self._cleaned.decisions, at)


def _find_places(corpus: Corpus) -> dict[str, range]:
    """Find each source's batches, which are neighbours in input order."""
    places: dict[str, range] = {}
    for at, batch in enumerate(corpus.batches):
        name = batch.path or ""
        places[name] = range(places.get(name, range(at, at)).start, at + 1)
    return places


def _copy(source: Source, file: IO[bytes]) -> None:
    """Copy a source as it is, packed bytes and all."""
    if source.path is None:
        file.write(source.content or b"")
        return
    for chunk in _read_chunks(source.path):
        file.write(chunk)


def _read_chunks(path: str) -> Iterator[bytes]:
    try:
        with Path(path).open("rb") as original:
            while chunk := original.read(_COPY_BYTES):
                yield chunk
    except OSError as error:
        raise cannot_read(path, error) from error
