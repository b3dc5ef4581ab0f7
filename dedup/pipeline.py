"""Do the whole run on one machine, a stage a line.

Paths or records come in, a `Report` goes out. Reading and tokenizing stream through blocks of about
2 MB, in threads where there are several; the tokens are kept (4 bytes each), the text only where a
report needs it. Every other stage is one call over arrays of all paragraphs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from dedup.comparison import verify_rows
from dedup.config import DEFAULTS, Config
from dedup.content import list_terms
from dedup.corpus import CorpusBuilder, IdCheck, PreparedBatch
from dedup.errors import InputError
from dedup.execution import Progress, Run
from dedup.findings import Counts
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.model import (
    Candidates,
    Corpus,
    DocumentBatch,
    OffsetArray,
    Problem,
    Restatements,
    TokenLists,
    VerifiedPairs,
)
from dedup.paragraphs import split_paragraphs
from dedup.readers.documents import parse_piece, read_pieces
from dedup.readers.records import batches_from_records, measure_records
from dedup.readers.sources import Piece, find_sources, measure_sources
from dedup.report import Report
from dedup.rewording import (
    BY_TERMS,
    find_anchored,
    find_contained,
    find_reworded,
    leave_open,
    within,
)
from dedup.shingles import spell_paragraphs, tokenize_paragraphs


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
    return _compare(prepared, run)


def _refuse_strange(number: int, source: object) -> None:
    if not isinstance(source, str | PathLike | Mapping):
        problem = f"it is {type(source).__name__}, expected a path or a mapping"
        raise InputError("sources", number, problem, "Give paths, or mappings with a text.")


class _Preparer:
    """Takes one piece of input through the stages that look at one block at a time."""

    def __init__(self, run: Run) -> None:
        self._config, self._engine = run.config, run.engine
        self._wants_terms = not BY_TERMS.isdisjoint(run.config.run.rules)

    def prepare_piece(self, piece: Piece | Problem) -> PreparedBatch:
        """Parse a piece of a source, then prepare its batch."""
        return self.prepare(parse_piece(piece, self._config.readers, self._engine))

    def prepare(self, batch: DocumentBatch) -> PreparedBatch:
        """Split a batch into paragraphs and tokenize them."""
        paragraphs = split_paragraphs(batch, self._config.paragraphs, self._engine)
        tokens = tokenize_paragraphs(paragraphs, self._engine)
        is_spelled = self._config.shingles.kind == "char"
        units = spell_paragraphs(paragraphs, self._engine) if is_spelled else None
        terms = list_terms(paragraphs, tokens, self._engine) if self._wants_terms else None
        return PreparedBatch(paragraphs, tokens, units, terms)


def _gather(prepared: Iterator[PreparedBatch], run: Run) -> tuple[Corpus, TokenLists | None]:
    """Gather the batches; a document whose id its file has had before is refused or left out."""
    wants_terms = not BY_TERMS.isdisjoint(run.config.run.rules)
    keep_text = run.config.run.keep_text or wants_terms  # sentences are cut late
    builder = CorpusBuilder(keep_text=keep_text, size_bytes=run.size_bytes)
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


def _compare(prepared: Iterator[PreparedBatch], run: Run) -> Report:
    """Take the paragraphs of a run through the stages that look at all of them."""
    config = run.config
    with run.stage("read, split, tokenize"):
        corpus, spelled = _gather(prepared, run)
    units = spelled or corpus.tokens
    with run.stage("order and collapse"):
        rows, representatives = _choose_rows(corpus, run)
    documents = corpus.document[rows]
    verified, candidates = verify_rows(corpus.tokens.take(rows), units.take(rows), documents, run)
    with run.stage("group"):
        sides = verified.lefts, verified.rights
        verified = verified.take(within(documents, sides, config.paragraphs.within))
        grouping = group_around_canonicals(
            verified, (rows, representatives), corpus.tokens.prints, config.run.rules, run.engine
        )
    pairs = verified.number(rows)
    kept = rows[grouping.canonicals[rows] == rows]
    anchored = find_anchored(corpus, kept, run)
    pairs = find_contained(corpus, pairs, (kept, anchored, candidates is None), units, run)
    anchored = leave_open(corpus, kept, anchored, pairs, run)
    corpus = corpus.without_terms()
    restatements = find_reworded(corpus, grouping, pairs, (kept, anchored), run)
    counts = _count(corpus, (len(rows), candidates), pairs, restatements, run)
    corpus = replace(corpus, terms=None) if config.run.keep_text else corpus.without_texts()
    return Report(corpus, grouping, pairs, restatements, counts, config)


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


def _count(
    corpus: Corpus,
    compared: tuple[int, Candidates | None],
    verified: VerifiedPairs,
    restatements: Restatements,
    run: Run,
) -> Counts:
    n_rows, candidates = compared
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
        n_too_few_terms=restatements.n_short,
        n_listed=restatements.n_listed,
        n_pairs_scored=restatements.n_candidates,
        compared_all_pairs=candidates is None,
        seconds=tuple(run.seconds),
    )
