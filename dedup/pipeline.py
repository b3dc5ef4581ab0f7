"""Do the whole run on one machine, a stage a line.

Paths or records come in, a `Report` goes out. Reading and tokenizing stream through blocks of about
2 MB, in threads where there are several; the tokens are kept (4 bytes each), the text only where a
report needs it. Every other stage is one call over arrays of all paragraphs.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np

from dedup.bands import choose_bands, find_candidates, make_band_keys, scatter_keys
from dedup.config import DEFAULTS, Config
from dedup.corpus import CorpusBuilder, PreparedBatch, find_repeated_ids
from dedup.errors import InputError
from dedup.findings import Counts
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.kernels import load_engine
from dedup.model import (
    Candidates,
    Corpus,
    DocumentBatch,
    IndexArray,
    OffsetArray,
    Problem,
    TokenLists,
    VerifiedPairs,
)
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.records import batches_from_records, measure_records
from dedup.readers.sources import Piece, find_sources, measure_sources
from dedup.report import Report
from dedup.shingles import (
    list_shingles,
    shingle_paragraphs,
    spell_paragraphs,
    tokenize_paragraphs,
)
from dedup.signatures import sign_shingle_sets
from dedup.verify import verify_all_pairs, verify_candidates

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves.
_NUMBA_FROM_BYTES: Final = 400_000
_ROWS_AT_ONCE: Final = 2048  # signatures of so many rows, 1 MB, stay in the cache
_In = TypeVar("_In")
_Out = TypeVar("_Out")
Record: TypeAlias = str | Mapping[str, Any]
Progress: TypeAlias = Callable[[str, int], None]


def _count_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Run:
    """What the stages of one run share: its settings, its engine, its threads and its clock."""

    def __init__(self, config: Config, size_bytes: int, progress: Progress) -> None:
        name = config.run.engine
        if name == "auto":
            name = "numba" if size_bytes >= _NUMBA_FROM_BYTES else "numpy"
        self.config, self.engine, self.progress = config, load_engine(name), progress
        self.size_bytes = size_bytes
        self.jobs = config.run.jobs or _count_processors()
        self.seconds: list[tuple[str, float]] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage in CPU seconds of the process, and tell that it began."""
        self.progress(name, 0)
        begun = process_time()
        yield
        self.seconds.append((name, process_time() - begun))

    def map(self, function: Callable[[_In], _Out], values: Iterable[_In]) -> Iterator[_Out]:
        """Apply a function in threads; results come in order, few are waited for at a time."""
        if self.jobs == 1:
            yield from map(function, values)
            return
        with ThreadPoolExecutor(self.jobs) as pool:
            waiting: deque[Future[_Out]] = deque()
            for value in values:
                waiting.append(pool.submit(function, value))
                if len(waiting) > 2 * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def find_duplicates(
    sources: Iterable[Path | str | Mapping[str, Any]],
    config: Config = DEFAULTS,
    progress: Progress = lambda _stage, _done: None,
) -> Report:
    """Read, split, shingle, sign, pair, verify, group and choose.

    Args:
        sources: Files, folders and `-` (standard input), as `Path` or `str`; or records, mappings
            with a text and perhaps an id and a date, each of which is a document. Not both.
        config: Every setting.
        progress: Called with a stage's name and how many paragraphs it has done.

    Raises:
        DedupError: An input or a setting is not as it must be.
    """
    listed = list(sources)
    records = [source for source in listed if isinstance(source, Mapping)]
    paths = [source for source in listed if not isinstance(source, Mapping)]
    if records and paths:
        raise InputError("records", None, "paths and records are mixed", "Give one kind.")
    if records:
        run = _Run(config, measure_records(records, config.readers), progress)
        batches = batches_from_records(records, config.readers)
        prepared = run.map(_Preparer(run).prepare, batches)
    else:
        found = find_sources(paths, config.readers)
        run = _Run(config, measure_sources(found), progress)
        prepared = run.map(_Preparer(run).prepare_piece, read_pieces(found, config.readers))
    with run.stage("read, split, tokenize"):
        corpus, units = _gather(prepared, run)
    return _compare(corpus, units or corpus.tokens, run)


class _Preparer:
    """Takes one piece of input through the stages that look at one block at a time."""

    def __init__(self, run: _Run) -> None:
        self._config, self._engine = run.config, run.engine

    def prepare_piece(self, piece: Piece | Problem) -> PreparedBatch:
        """Parse a piece of a source, then prepare its batch."""
        return self.prepare(parse_piece(piece, self._config.readers, self._engine))

    def prepare(self, batch: DocumentBatch) -> PreparedBatch:
        """Split a batch into paragraphs and tokenize them."""
        paragraphs = split_paragraphs(batch, self._config.paragraphs, self._engine)
        tokens = tokenize_paragraphs(paragraphs, self._engine)
        is_spelled = self._config.shingles.kind == "char"
        units = spell_paragraphs(paragraphs, self._engine) if is_spelled else None
        return PreparedBatch(paragraphs, tokens, units)


def _gather(prepared: Iterator[PreparedBatch], run: _Run) -> tuple[Corpus, TokenLists | None]:
    builder = CorpusBuilder(keep_text=run.config.run.keep_text, size_bytes=run.size_bytes)
    for part in prepared:
        builder.add(part)
        run.progress("read, split, tokenize", builder.n_paragraphs)
    corpus, units = builder.finish()
    repeated = tuple(find_repeated_ids(corpus.batches))
    if repeated and not run.config.readers.skip_errors:
        first = repeated[0]
        remedy = "Give each record its own id, or choose the field with --id-field."
        raise InputError(first.path, first.line, first.message, remedy)
    return replace(corpus, problems=corpus.problems + repeated), units


def _compare(corpus: Corpus, units: TokenLists, run: _Run) -> Report:
    """Take the paragraphs of a run through the stages that look at all of them."""
    config, engine = run.config, run.engine
    with run.stage("order and collapse"):
        rows, representatives = _choose_rows(corpus, run)
    tokens, units = corpus.tokens.take(rows), units.take(rows)
    make_sets = partial(shingle_paragraphs, units, config=config.shingles, engine=engine)
    candidates = None
    if len(rows) > config.bands.all_pairs_up_to:
        candidates = _propose(units, corpus.document[rows], run)
    with run.stage("verify"):
        verified = (
            verify_all_pairs(tokens, make_sets, config.verify, engine)
            if candidates is None
            else verify_candidates(candidates.pairs, tokens, make_sets, config.verify, engine)
        )
    with run.stage("group"):
        verified = _keep_within(verified, corpus.document[rows], config.paragraphs.within)
        grouping = group_around_canonicals(
            verified, rows, representatives, config.run.rules, engine
        )
    counts = _count(corpus, len(rows), verified, candidates, run)
    return Report(corpus, grouping, _number(verified, rows), counts, config)


def _choose_rows(corpus: Corpus, run: _Run) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs to compare, in canonical order, and each paragraph's identical first."""
    order = order_paragraphs(corpus, run.config.canonical)
    long_enough = corpus.tokens.sizes[order] >= run.config.paragraphs.min_words
    order = order[long_enough]
    prints = corpus.tokens.prints
    within = run.config.paragraphs.within
    if within == "document":
        salted = prints.reshape(-1, 2) + corpus.document[:, None].astype(np.uint64)
        prints = salted.reshape(-1)
    firsts = order[collapse_identical(prints, order, run.engine)]
    if within == "corpus":
        same = corpus.document[firsts] == corpus.document[order]
        firsts = np.where(same, order, firsts)
    representatives = np.arange(len(corpus))
    representatives[order] = firsts
    return order[firsts == order], representatives


def _propose(units: TokenLists, documents: IndexArray, run: _Run) -> Candidates:
    """Shingle and sign the rows block by block, and pair those whose signatures share a band.

    Only the band keys are kept: 4 bytes a band and row.
    """
    config, engine = run.config, run.engine
    bands = choose_bands(config.signatures.num_perm, config.verify.min_resemblance, config.bands)
    keys = np.empty((bands.n_bands, len(units)), np.uint32)

    def sign(begin: int) -> None:
        part = np.arange(begin, min(begin + _ROWS_AT_ONCE, len(units)))
        shingles = list_shingles(units, part, config.shingles, engine)
        signatures = sign_shingle_sets(shingles, config.signatures, engine)
        keys[:, begin : begin + len(part)] = make_band_keys(signatures, bands, engine)

    with run.stage("shingle, sign"):
        for done, _ in enumerate(run.map(sign, range(0, len(units), _ROWS_AT_ONCE)), 1):
            run.progress("shingle, sign", min(done * _ROWS_AT_ONCE, len(units)))
        if config.paragraphs.within == "document":
            keys = scatter_keys(keys, documents.astype(np.uint64))
    with run.stage("pair"):
        return find_candidates(keys, config.bands, engine, run.map)


def _keep_within(verified: VerifiedPairs, documents: IndexArray, within: str) -> VerifiedPairs:
    """Keep the pairs within a document, or across documents, where only those are wanted."""
    if within == "both":
        return verified
    same = documents[verified.lefts] == documents[verified.rights]
    return verified.take(np.flatnonzero(same if within == "document" else ~same))


def _number(verified: VerifiedPairs, rows: OffsetArray) -> VerifiedPairs:
    """Give the pairs with paragraph numbers for rows."""
    return replace(
        verified,
        lefts=rows[verified.lefts].astype(np.int32),
        rights=rows[verified.rights].astype(np.int32),
    )


def _count(
    corpus: Corpus,
    n_rows: int,
    verified: VerifiedPairs,
    candidates: Candidates | None,
    run: _Run,
) -> Counts:
    sizes = corpus.tokens.sizes
    n_short = int(np.count_nonzero(sizes < run.config.paragraphs.min_words))
    n_empty = int(np.count_nonzero(sizes == 0))
    return Counts(
        n_short=n_short - n_empty,
        n_empty=n_empty,
        n_unique=n_rows,
        n_candidates=len(candidates.pairs) if candidates else n_rows * (n_rows - 1) // 2,
        n_beyond_buckets=candidates.n_beyond if candidates else 0,
        n_templates=candidates.n_templates if candidates else 0,
        n_unaligned=verified.n_unaligned,
        compared_all_pairs=candidates is None,
        seconds=tuple(run.seconds),
    )
