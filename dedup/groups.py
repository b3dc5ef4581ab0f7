"""Group verified pairs around the canonical that each policy would keep.

Paragraphs and verified pairs come in; each paragraph's canonical goes out. Groups are stars: every
member is a verified pair with its canonical. Walking the rows in canonical order, one that is a
verified pair with an earlier canonical joins the one with the highest score (ties: the earlier), else it
becomes a canonical: the lexicographically first maximal independent set of the verified graph,
which the engines find in order or in rounds with one answer. Never connected components: chaining
has merged 859,091 unrelated documents in a published pipeline.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from dedup.config import CanonicalConfig
from dedup.errors import InputError
from dedup.kernels import Engine
from dedup.model import Corpus, Grouping, OffsetArray, Relation, VerifiedPairs


def order_paragraphs(corpus: Corpus, config: CanonicalConfig) -> OffsetArray:
    """Give all paragraph numbers in canonical order: whom a group keeps comes before whom it drops.

    A policy is a sort key; ties fall to input order. A document without a date comes after all
    that have one, a source that is not listed after all that are.

    Raises:
        InputError: A date is not ISO 8601.
    """
    if config.policy == "longest":
        return np.argsort(-corpus.tokens.sizes, kind="stable")
    if config.policy in {"newest", "oldest"}:
        ages = _document_ages(corpus, newest_first=config.policy == "newest")
        return np.argsort(ages[corpus.document], kind="stable")
    if config.policy == "priority":
        ranks = _document_ranks(corpus, config.sources)
        return np.argsort(ranks[corpus.document], kind="stable")
    return np.arange(len(corpus))


def _document_ages(corpus: Corpus, *, newest_first: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    ages = np.full(corpus.n_documents, np.inf)
    for document in range(corpus.n_documents):
        batch, row = corpus.document_batch(document)
        date = batch.dates[row] if batch.dates else ""
        if date:
            seconds = _read_date(date, batch.path, batch.ids[row].decode())
            ages[document] = -seconds if newest_first else seconds
    return ages


def _read_date(date: str, path: str | None, identity: str) -> float:
    """Read an ISO 8601 date or time as seconds; without a zone it is taken as UTC."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        problem = f"the date {date!r} of document {identity} is not ISO 8601"
        remedy = "Write dates as 2026-11-23 or 2026-11-23T10:00:00+00:00, or choose another --keep"
        raise InputError(path or "records", None, problem, remedy) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _document_ranks(corpus: Corpus, sources: Sequence[str]) -> OffsetArray:
    """Rank each document by the first listed source that its path begins with, or its id equals."""
    ranks = np.full(corpus.n_documents, len(sources), np.int64)
    for document in range(corpus.n_documents):
        batch, row = corpus.document_batch(document)
        path, identity = batch.path or "", batch.ids[row].decode().strip('"')
        for rank, source in enumerate(sources):
            if path.startswith(source) or identity == source:
                ranks[document] = rank
                break
    return ranks


def collapse_identical(
    prints: np.ndarray[tuple[int], np.dtype[np.uint64]], order: OffsetArray, engine: Engine
) -> OffsetArray:
    """Give, for each place in `order`, the first place whose text is identical to its own.

    Before anything else is compared: 27 % of natural documentation is identical repeats, and
    without this they cost twice the CPU.
    """
    pairs = prints.reshape(-1, 2)[order]
    return engine.find_representatives(np.ascontiguousarray(pairs.reshape(-1)))


def group_around_canonicals(
    verified: VerifiedPairs,
    rows: OffsetArray,
    representatives: OffsetArray,
    rules: Sequence[str],
    engine: Engine,
) -> Grouping:
    """Group all paragraphs of a run.

    Args:
        verified: Verified pairs as positions in `rows`.
        rows: Paragraph numbers that were compared, in canonical order.
        representatives: For each paragraph of the run the number of the compared paragraph that is
            identical to it and comes first; its own number where it was not compared.
        rules: Codes of the rules in force; a relation whose rule is not among them joins nobody.
        engine: Where the loops run.
    """
    near = verified.relations == Relation.NEAR_DUPLICATE
    if "DUP002" not in rules:
        near &= False
    chosen = np.flatnonzero(near)
    by_right = chosen[np.lexsort((verified.lefts[chosen], verified.rights[chosen]))]
    lefts, rights = verified.lefts[by_right], verified.rights[by_right]
    canonical_rows, best = engine.group(len(rows), (lefts, rights), verified.resemblance[by_right])
    codes = rights.astype(np.int64) << 32 | lefts
    held = _containment_in_canonical(codes, verified.right_containment[by_right], canonical_rows)
    return _spread((canonical_rows, best, held), rows, representatives, rules)


def _containment_in_canonical(codes, containment, canonical_rows):  # type: ignore[no-untyped-def]
    wanted = np.arange(len(canonical_rows), dtype=np.int64) << 32 | canonical_rows
    held = np.ones(len(canonical_rows), np.float64)
    joined = np.flatnonzero(canonical_rows != np.arange(len(canonical_rows)))
    held[joined] = containment[np.searchsorted(codes, wanted[joined])]
    return held


def _spread(found, rows, representatives, rules):  # type: ignore[no-untyped-def]
    """Carry the rows' canonicals to all paragraphs; identical ones share their first's fate."""
    canonical_rows, best, held = found
    n = len(representatives)
    position = np.zeros(n, np.int64)
    position[rows] = np.arange(len(rows))
    canonicals = np.arange(n, dtype=np.int32)
    canonicals[rows] = rows[canonical_rows]
    canonicals = canonicals[representatives]
    compared = np.zeros(n, np.bool_)
    compared[rows] = True
    own = compared[representatives]
    resemblance, containment = np.ones(n, np.float64), np.ones(n, np.float64)
    resemblance[own] = best[position[representatives[own]]]
    containment[own] = held[position[representatives[own]]]
    relations = np.full(n, Relation.NONE, np.uint8)
    relations[canonicals != np.arange(n)] = Relation.NEAR_DUPLICATE
    is_copy = (canonicals == representatives) & (canonicals != np.arange(n))
    relations[is_copy] = Relation.IDENTICAL
    if "DUP001" not in rules:
        relations[is_copy] = Relation.NONE
        canonicals[is_copy] = np.flatnonzero(is_copy)
    return Grouping(canonicals, relations, resemblance, containment)
