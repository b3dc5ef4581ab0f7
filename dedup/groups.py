"""Group verified pairs around the canonical that each policy would keep.

Paragraphs and verified pairs come in; each paragraph's canonical goes out. Groups are stars: every
member is a verified pair with its canonical. Walking the rows in canonical order, one that is a
verified pair with an earlier canonical joins the one with the highest score (ties: the earlier),
else it becomes a canonical: the lexicographically first maximal independent set of the verified
graph, which the engines find in order or in rounds with one answer. Never connected components:
chaining has merged 859,091 unrelated documents in a published pipeline.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from dedup.config import CanonicalConfig
from dedup.errors import SettingError
from dedup.kernels import Engine
from dedup.model import (
    Corpus,
    Grouping,
    HashArray,
    IndexArray,
    OffsetArray,
    Relation,
    ScoreArray,
    VerifiedPairs,
)


def order_paragraphs(corpus: Corpus, config: CanonicalConfig) -> OffsetArray:
    """Give all paragraph numbers in canonical order: whom a group keeps comes before whom it drops.

    A policy is a sort key; ties fall to input order. A document without a date comes after all
    that have one, a source that is not listed after all that are.

    Raises:
        SettingError: Dates are to decide and no source has any.
    """
    if config.policy == "longest":
        return np.argsort(-corpus.tokens.sizes, kind="stable")
    if config.policy in {"newest", "oldest"}:
        _refuse_dateless(corpus, config)
        ages = _document_ages(corpus, newest_first=config.policy == "newest")
        return np.argsort(ages[corpus.document], kind="stable")
    if config.policy == "priority":
        ranks = _document_ranks(corpus, config)
        return np.argsort(ranks[corpus.document], kind="stable")
    return np.arange(len(corpus))


def _refuse_dateless(corpus: Corpus, config: CanonicalConfig) -> None:
    if corpus.n_documents and all(batch.dates is None for batch in corpus.batches):
        raise refuse_dateless(config)


def refuse_dateless(config: CanonicalConfig) -> SettingError:
    """Say that dates are to decide and no source has any."""
    message = f"setting keep is {config.policy!r}: allowed is that where documents have dates. "
    return SettingError(f"{message}Name the field of the records' dates with --date-field NAME.")


def _document_ages(corpus: Corpus, *, newest_first: bool) -> ScoreArray:
    ages = np.full(corpus.n_documents, np.inf)
    for document in range(corpus.n_documents):
        batch, row = corpus.document_batch(document)
        date = batch.dates[row] if batch.dates else ""
        if date:
            seconds = read_date(date)
            ages[document] = -seconds if newest_first else seconds
    return ages


def read_date(date: str) -> float:
    """Read an ISO 8601 date or time as seconds; without a zone it is taken as UTC."""
    moment = datetime.fromisoformat(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _document_ranks(corpus: Corpus, config: CanonicalConfig) -> OffsetArray:
    ranks = np.empty(corpus.n_documents, np.int64)
    for document in range(corpus.n_documents):
        batch, row = corpus.document_batch(document)
        ranks[document] = config.rank(batch.path, json.loads(batch.ids[row]))
    return ranks


def collapse_identical(prints: HashArray, order: OffsetArray, engine: Engine) -> OffsetArray:
    """Give, for each place in `order`, the first place whose text is identical to its own.

    Before anything else is compared: 27 % of natural documentation is identical repeats, and
    without this they cost twice the CPU.
    """
    pairs = prints.reshape(-1, 2)[order]
    return engine.find_representatives(np.ascontiguousarray(pairs.reshape(-1)))


def group_around_canonicals(
    verified: VerifiedPairs,
    compared: tuple[OffsetArray, OffsetArray],
    prints: HashArray,
    rules: Sequence[str],
    engine: Engine,
) -> Grouping:
    """Group all paragraphs of a run.

    Args:
        verified: Verified pairs as rows.
        compared: The paragraph number of each row, in canonical order; and for each paragraph of
            the run the number of the row's paragraph that stands for it, as its first copy, or its
            own number.
        prints: Fingerprints of all paragraphs, two words each.
        rules: Codes of the rules in force; a relation whose rule is not among them joins nobody.
        engine: Where the loops run.
    """
    rows, representatives = compared
    pairs = prints.reshape(-1, 2)
    joins = verified.relations == Relation.NEAR_DUPLICATE
    if "DUP002" not in rules:
        lefts, rights = rows[verified.lefts], rows[verified.rights]
        joins &= (pairs[lefts] == pairs[rights]).all(axis=1)
    chosen = np.flatnonzero(joins)
    chosen = chosen[np.lexsort((verified.lefts[chosen], verified.rights[chosen]))]
    near = verified.take(chosen)
    canonical_rows, best = engine.group(len(rows), (near.lefts, near.rights), near.resemblance)
    held = _containment_in_canonical(near, canonical_rows)
    grouping = _spread((canonical_rows, best, held), rows, representatives, pairs)
    return grouping if "DUP001" in rules else _release_copies(grouping)


def _containment_in_canonical(near: VerifiedPairs, canonical_rows: IndexArray) -> ScoreArray:
    """Look up, for each row that joined a canonical, how much of it that one holds."""
    held = np.ones(len(canonical_rows), np.float64)
    joined = np.flatnonzero(canonical_rows != np.arange(len(canonical_rows)))
    codes = near.rights.astype(np.int64) << 32 | near.lefts
    wanted = joined << 32 | canonical_rows[joined]
    held[joined] = near.right_containment[np.searchsorted(codes, wanted)]
    return held


def _spread(
    found: tuple[IndexArray, ScoreArray, ScoreArray],
    rows: OffsetArray,
    representatives: OffsetArray,
    prints: HashArray,
) -> Grouping:
    """Carry what was found for the rows to all paragraphs; copies share their first's fate."""
    canonical_rows, best, held = found
    numbers = np.arange(len(representatives))
    canonicals, resemblance, containment = (
        numbers.copy(),
        np.ones(len(numbers)),
        np.ones(len(numbers)),
    )
    canonicals[rows], resemblance[rows], containment[rows] = rows[canonical_rows], best, held
    canonicals = canonicals[representatives]
    relations = np.full(len(numbers), Relation.NEAR_DUPLICATE, np.uint8)
    relations[(prints == prints[canonicals]).all(axis=1)] = Relation.IDENTICAL
    relations[canonicals == numbers] = Relation.NONE
    return Grouping(
        canonicals.astype(np.int32),
        relations,
        resemblance[representatives],
        containment[representatives],
    )


def _release_copies(grouping: Grouping) -> Grouping:
    """Let every paragraph that is identical to its canonical stand alone."""
    copies = np.flatnonzero(grouping.relations == Relation.IDENTICAL)
    canonicals, relations = grouping.canonicals.copy(), grouping.relations.copy()
    canonicals[copies], relations[copies] = copies, Relation.NONE
    return replace(grouping, canonicals=canonicals, relations=relations)
