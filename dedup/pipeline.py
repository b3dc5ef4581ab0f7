"""Do the whole run on one machine, a stage a line.

Paths or records come in, a `Report` goes out. `gathering` reads; every other stage is one call over
arrays of all paragraphs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from dedup.boilerplate import find_boilerplate, set_boilerplate_apart
from dedup.comparison import verify_rows
from dedup.config import DEFAULTS, Config
from dedup.errors import InputError
from dedup.execution import Progress, Run, hold_storage
from dedup.findings import Counts
from dedup.gathering import gather_records, gather_sources
from dedup.groups import collapse_identical, group_around_canonicals, order_paragraphs
from dedup.model import (
    Candidates,
    Corpus,
    IndexArray,
    OffsetArray,
    Problem,
    Restatements,
    TokenLists,
    VerifiedPairs,
)
from dedup.readers.records import measure_records
from dedup.readers.sources import Source, find_sources, measure_sources
from dedup.report import Report
from dedup.rewording import (
    find_anchored,
    find_contained,
    leave_open,
    within,
)
from dedup.scoring import cut_sentences, find_reworded
from dedup.storage import Storage
from dedup.verify import find_unaligned


def find_duplicates(
    sources: Iterable[Path | str | Mapping[str, Any]],
    config: Config = DEFAULTS,
    progress: Progress = lambda _stage, _done: None,
) -> Report:
    """Read, split, shingle, sign, pair, verify, group and choose.

    Args:
        sources: Files, folders and `-` (standard input), as `Path` or `str`; or records, mappings
            with a text and perhaps an id and a date, each of which is a document; or a frame of
            them, of pandas, polars, Arrow or Hugging Face. Not several of these.
        config: Every setting.
        progress: Called with a stage's name and how many paragraphs it has done.

    Raises:
        DedupError: An input or a setting is not as it must be.
    """
    records, paths = _tell_apart(sources, config)
    if records:
        run = Run(_without_folder(config), measure_records(records, config.readers), progress)
        return compare_corpus(gather_records(records, run), run)
    found = find_sources(paths, config.readers)
    with hold_storage(found, config) as storage:
        return compare_sources(found, config, progress, storage)


def _without_folder(config: Config) -> Config:
    """Name no working folder: nothing tells whether records are those of an earlier run."""
    return replace(config, run=replace(config.run, work_dir=None, resume=False))


def compare_sources(
    sources: Sequence[Source | Problem],
    config: Config = DEFAULTS,
    progress: Progress = lambda _stage, _done: None,
    storage: Storage | None = None,
) -> Report:
    """Do the run over sources that were found already.

    Args:
        sources: In input order, as `find_sources` gives them.
        config: Every setting.
        progress: Called with a stage's name and how many paragraphs it has done.
        storage: Where columns are, as `hold_storage` gives it; None: no working folder.

    Raises:
        DedupError: A source is not as it must be.
    """
    run = Run(config, measure_sources(sources), progress, storage)
    return compare_corpus(gather_sources(sources, run), run)


def _tell_apart(
    sources: Iterable[Path | str | Mapping[str, Any]], config: Config
) -> tuple[list[Mapping[str, Any]], list[Path | str]]:
    """Give the records among the sources, or the rows of a frame, and the paths."""
    if isinstance(sources, str | PathLike | Mapping):
        remedy = "Give a list of paths, or of mappings."
        raise InputError("sources", None, f"one {type(sources).__name__} is no list", remedy)
    rows = _list_rows(sources, config)
    if rows is not None:
        return list(rows), []
    listed = list(sources)
    for number, source in enumerate(listed, 1):
        _refuse_strange(number, source)
    records = [source for source in listed if isinstance(source, Mapping)]
    paths = [source for source in listed if not isinstance(source, Mapping)]
    if records and paths:
        raise InputError("records", None, "paths and records are mixed", "Give one kind.")
    return records, paths


def _list_rows(sources: object, config: Config) -> Sequence[Mapping[str, Any]] | None:
    """Give the rows of a frame; None for what is none."""
    if isinstance(sources, list | tuple | set | frozenset):
        return None
    from dedup.frames import list_records  # noqa: PLC0415 -- a command's paths are a list

    return list_records(sources, config.readers)


def _refuse_strange(number: int, source: object) -> None:
    if not isinstance(source, str | PathLike | Mapping):
        problem = f"it is {type(source).__name__}, expected a path or a mapping"
        raise InputError("sources", number, problem, "Give paths, or mappings with a text.")


def compare_corpus(gathered: tuple[Corpus, TokenLists | None], run: Run) -> Report:
    """Take the paragraphs of a run through the stages that look at all of them.

    Args:
        gathered: The paragraphs, and what shingles are made of where that is not their tokens. Who
            hands them over without a name for them lets texts and terms go once they have served:
            0.8 kB a paragraph.
        run: Its settings, its engine and its clock.
    """
    config, (corpus, spelled) = run.config, gathered
    del gathered
    units = spelled or corpus.tokens
    with run.stage("order and collapse"):
        order = order_paragraphs(corpus, config.canonical)
        rows, representatives = _choose_rows(corpus, order, run)
    documents, tokens = corpus.document[rows], corpus.tokens.take(rows)
    taken = tokens if spelled is None else spelled.take(rows)
    verified, candidates = verify_rows(tokens, taken, documents, run)
    verified = _keep_within(verified, documents, tokens, run)
    del tokens, taken
    with run.stage("group"):
        grouping = group_around_canonicals(
            verified, (rows, representatives), corpus.tokens.prints, config.run.rules, run.engine
        )
    with run.stage("boilerplate"):
        boilerplate = find_boilerplate(corpus, order, config, run.engine)
        grouping = set_boilerplate_apart(corpus, grouping, boilerplate, config)
    pairs = verified.number(rows)
    kept = rows[grouping.canonicals[rows] == rows]
    anchored = find_anchored(corpus, kept, run)
    pairs = find_contained(corpus, pairs, (kept, anchored, candidates is None), units, run)
    anchored = leave_open(corpus, anchored, pairs, run)
    corpus = corpus.without_terms()
    scored = cut_sentences(corpus, grouping, anchored, run)
    corpus = replace(corpus, terms=None) if config.run.keep_text else corpus.without_texts()
    restatements = find_reworded(corpus, scored, pairs, (kept, anchored), run)
    counts = _count(corpus, (len(rows), candidates), pairs, restatements, run)
    return Report(corpus, grouping, pairs, restatements, boilerplate, counts, config)


def _keep_within(
    verified: VerifiedPairs, documents: IndexArray, tokens: TokenLists, run: Run
) -> VerifiedPairs:
    """Keep the pairs within a document, or across documents, where only those are wanted."""
    config = run.config
    sides = verified.lefts, verified.rights
    kept = verified.take(within(documents, sides, config.paragraphs.within))
    if not kept.n_unaligned or len(kept) == len(verified):
        return kept
    unaligned = find_unaligned(kept, tokens, config.verify, run.engine)
    return replace(kept, n_unaligned=int(np.count_nonzero(unaligned)))


def _choose_rows(corpus: Corpus, order: OffsetArray, run: Run) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs to compare, in canonical order, and each paragraph's identical first."""
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
        n_in_large=_count_in_large(corpus, run),
        n_pairs_scored=restatements.n_candidates,
        compared_all_pairs=candidates is None,
        seconds=tuple(run.seconds),
    )


def _count_in_large(corpus: Corpus, run: Run) -> int:
    """Count the paragraphs of documents too large to be judged restated."""
    if "DUP005" not in run.config.run.rules or run.config.paragraphs.within == "corpus":
        return 0
    counts = np.bincount(corpus.document, minlength=1)
    return int(counts[counts > run.config.restatement.max_paragraphs].sum())
