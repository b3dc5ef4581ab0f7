"""Do the whole run on one machine, a stage a line.

Paths or records come in, a `Report` goes out. Reading and tokenizing stream through blocks of about
2 MB, in threads where there are several; the tokens are kept (4 bytes each), the text only where a
report needs it. Every other stage is one call over arrays of all paragraphs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from dedup.bands import choose_bands, find_candidates, make_band_keys, scatter_keys
from dedup.config import DEFAULTS, Config
from dedup.corpus import CorpusBuilder, IdCheck, PreparedBatch
from dedup.errors import InputError
from dedup.execution import Progress, Run
from dedup.findings import Counts
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.model import (
    Candidates,
    Corpus,
    DocumentBatch,
    IndexArray,
    OffsetArray,
    Problem,
    ShingleSets,
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
from dedup.verify import MakeSets, verify_all_pairs, verify_candidates

# From here on the compiled engine's start (0.1 s of CPU) is less than what it saves.
_NUMBA_FROM_MEETINGS: Final = 100_000  # shingles that two rows share, over all pairs
_ROWS_AT_ONCE: Final = 2048  # signatures of so many rows, 1 MB, stay in the cache


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
    if isinstance(sources, str | PathLike | Mapping):
        remedy = "Give a list of paths, or of mappings."
        raise InputError("sources", None, f"one {type(sources).__name__} is no list", remedy)
    listed = list(sources)
    for number, source in enumerate(listed, 1):
        _refuse_strange(number, source)
    records = [source for source in listed if isinstance(source, Mapping)]
    paths = [source for source in listed if not isinstance(source, Mapping)]
    if records and paths:
        raise InputError("records", None, "paths and records are mixed", "Give one kind.")
    if records:
        run = Run(config, measure_records(records, config.readers), progress)
        batches = batches_from_records(records, config.readers)
        prepared = run.map(_Preparer(run).prepare, batches)
    else:
        found = find_sources(paths, config.readers)
        run = Run(config, measure_sources(found), progress)
        prepared = run.map(_Preparer(run).prepare_piece, read_pieces(found, config.readers))
    with run.stage("read, split, tokenize"):
        corpus, units = _gather(prepared, run)
    return _compare(corpus, units or corpus.tokens, run)


def _refuse_strange(number: int, source: object) -> None:
    if not isinstance(source, str | PathLike | Mapping):
        problem = f"it is {type(source).__name__}, expected a path or a mapping"
        raise InputError("sources", number, problem, "Give paths, or mappings with a text.")


class _Preparer:
    """Takes one piece of input through the stages that look at one block at a time."""

    def __init__(self, run: Run) -> None:
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


def _gather(prepared: Iterator[PreparedBatch], run: Run) -> tuple[Corpus, TokenLists | None]:
    """Gather the batches; a document whose id its file has had before is refused or left out."""
    builder = CorpusBuilder(keep_text=run.config.run.keep_text, size_bytes=run.size_bytes)
    ids = IdCheck()
    for part in prepared:
        repeated = ids.find_repeated(part.paragraphs.batch)
        if repeated and not run.config.readers.skip_errors:
            first = next(iter(repeated.values()))
            remedy = "Give each record its own id, or choose the field with --id-field."
            raise InputError(first.path, first.line, first.message, remedy)
        builder.add(part.without(repeated) if repeated else part, repeated.values())
        run.progress("read, split, tokenize", builder.n_paragraphs)
    return builder.finish()


def _compare(corpus: Corpus, units: TokenLists, run: Run) -> Report:
    """Take the paragraphs of a run through the stages that look at all of them."""
    config = run.config
    with run.stage("order and collapse"):
        rows, representatives = _choose_rows(corpus, run)
    documents = corpus.document[rows]
    verified, candidates = _verify(corpus.tokens.take(rows), units.take(rows), documents, run)
    with run.stage("group"):
        verified = _keep_within(verified, documents, config.paragraphs.within)
        grouping = group_around_canonicals(
            verified, (rows, representatives), corpus.tokens.prints, config.run.rules, run.engine
        )
    counts = _count(corpus, len(rows), verified, candidates, run)
    return Report(corpus, grouping, _number(verified, rows), counts, config)


def _verify(
    tokens: TokenLists, units: TokenLists, documents: IndexArray, run: Run
) -> tuple[VerifiedPairs, Candidates | None]:
    """Measure all pairs where the rows are few, else those that bands propose."""
    config = run.config

    def make_sets(rows: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, rows, config.shingles, run.engine)

    sets = _make_few_sets(make_sets, len(units), run)
    if sets is not None:
        with run.stage("verify"):
            return verify_all_pairs(tokens, sets, config.verify, run.engine), None
    candidates = _propose(units, documents, run)
    with run.stage("verify"):
        pairs = candidates.pairs
        verified = verify_candidates(pairs, tokens, make_sets, config.verify, run.engine)
        return verified, candidates


def _make_few_sets(make_sets: MakeSets, n_rows: int, run: Run) -> ShingleSets | None:
    """Make the shingle sets of all rows where so few can be compared all with all.

    What that costs is the meetings: how often two rows hold one shingle. Few rows can have very
    many of them (versions of one long text); then bands propose the pairs as for a corpus.
    """
    bands = run.config.bands
    if n_rows > bands.all_pairs_up_to:
        run.prefer_compiled()
        return None
    with run.stage("shingle"):
        sets = make_sets(np.arange(n_rows))
        _, counts = np.unique(sets.shingles, return_counts=True)
        n_meetings = int((counts * (counts - 1) // 2).sum())
    if n_meetings > _NUMBA_FROM_MEETINGS:
        run.prefer_compiled()
    return sets if n_meetings <= bands.all_pairs_meetings else None


def _choose_rows(corpus: Corpus, run: Run) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs to compare, in canonical order, and each paragraph's identical first."""
    order = order_paragraphs(corpus, run.config.canonical)
    long_enough = corpus.tokens.sizes[order] >= run.config.paragraphs.min_words
    order = order[long_enough]
    prints = corpus.tokens.prints
    within = run.config.paragraphs.within
    if within == "document":
        salted = prints.reshape(-1, 2) + corpus.document[:, None].astype(np.uint64)
        prints = salted.reshape(-1)
    firsts = order
    if within != "corpus":  # there, a paragraph may not share the fate of one in its own document
        firsts = order[collapse_identical(prints, order, run.engine)]
    representatives = np.arange(len(corpus))
    representatives[order] = firsts
    return order[firsts == order], representatives


def _propose(units: TokenLists, documents: IndexArray, run: Run) -> Candidates:
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
    run: Run,
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
