"""Take the kept paragraphs of a run through the stages that look at their content terms.

A corpus with its groups comes in; contained pairs and restatements go out.
"""

from typing import Final

import numpy as np

from dedup.content import word_paragraphs
from dedup.execution import Run
from dedup.model import (
    Corpus,
    Grouping,
    IndexArray,
    OffsetArray,
    Relation,
    Restatements,
    ShingleSets,
    TokenLists,
    VerifiedPairs,
    are_among,
    distinct,
)
from dedup.restatement import choose_rows, find_restatements
from dedup.rewriting import PlacePairs, find_rewritten, propose_pairs, select_covered
from dedup.shingles import shingle_paragraphs
from dedup.verify import verify_candidates

BY_TERMS: Final = frozenset({"DUP003", "DUP004", "DUP005"})  # rules that content terms decide


def find_anchored(corpus: Corpus, kept: OffsetArray, run: Run) -> PlacePairs:
    """Find the pairs of kept paragraphs that share anchors, as places in `kept`."""
    config = run.config
    if corpus.terms is None or {"DUP003", "DUP004"}.isdisjoint(config.run.rules):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    with run.stage("anchors"):
        lefts, rights = propose_pairs(corpus.terms, kept, config.restatement, run.engine)
    wanted = within(corpus.document[kept], (lefts, rights), config.paragraphs.within)
    return lefts[wanted], rights[wanted]


def find_contained(
    corpus: Corpus,
    pairs: VerifiedPairs,
    found: tuple[OffsetArray, PlacePairs, bool],
    units: TokenLists,
    run: Run,
) -> VerifiedPairs:
    """Keep the contained pairs of kept paragraphs; measure those that anchors propose.

    What stands in a paragraph that is itself redundant stands in its canonical, or nowhere that is
    kept.
    """
    kept, (lefts, rights), compared_all = found
    is_kept = np.zeros(len(corpus), np.bool_)
    is_kept[kept] = True
    is_other = pairs.relations != Relation.CONTAINED
    pairs = pairs.take(np.flatnonzero(is_other | (is_kept[pairs.lefts] & is_kept[pairs.rights])))
    if compared_all or "DUP003" not in run.config.run.rules:
        return pairs
    config = run.config.verify
    sizes = corpus.tokens.sizes[kept]
    shorter, longer = (f(sizes[lefts], sizes[rights]) for f in (np.minimum, np.maximum))
    chosen = np.flatnonzero(shorter <= config.max_length_ratio * longer)
    codes = lefts[chosen].astype(np.uint64) << np.uint64(32) | rights[chosen].astype(np.uint64)
    with run.stage("verify contained"):
        rows = units.take(kept)

        def make_sets(part: OffsetArray) -> ShingleSets:
            return shingle_paragraphs(rows, part, run.config.shingles, run.engine)

        tokens = corpus.tokens.take(kept)
        measured = verify_candidates(np.sort(codes), tokens, make_sets, config, run.engine)
    contained = measured.take(np.flatnonzero(measured.relations == Relation.CONTAINED))
    contained = contained.number(kept)
    is_new = ~are_among(
        _encode(contained.lefts, contained.rights), _encode(pairs.lefts, pairs.rights)
    )
    return pairs.join(contained.take(np.flatnonzero(is_new)))


def _encode(lefts: IndexArray | OffsetArray, rights: IndexArray | OffsetArray) -> OffsetArray:
    """Give each pair one number."""
    return lefts.astype(np.int64) << 32 | rights.astype(np.int64)


def leave_open(
    corpus: Corpus, kept: OffsetArray, pairs: PlacePairs, verified: VerifiedPairs, run: Run
) -> PlacePairs:
    """Leave the pairs that nothing has decided yet and that share enough of their terms.

    Within a document, where DUP005 is in force, its score decides: it knows the topic.
    """
    lefts, rights = pairs
    if "DUP004" not in run.config.run.rules or corpus.terms is None:
        return lefts[:0], rights[:0]
    known = _encode(verified.lefts, verified.rights)
    is_open = ~are_among(_encode(kept[lefts], kept[rights]), known)
    if "DUP005" in run.config.run.rules:
        is_open &= corpus.document[kept[lefts]] != corpus.document[kept[rights]]
    chosen = np.flatnonzero(is_open)
    sides = (kept[lefts[chosen]], kept[rights[chosen]])
    with run.stage("cover"):
        covered = select_covered(corpus.terms, sides, run.config.restatement, run.engine)
    return lefts[chosen[covered]], rights[chosen[covered]]


def find_reworded(
    corpus: Corpus,
    grouping: Grouping,
    pairs: VerifiedPairs,
    found: tuple[OffsetArray, PlacePairs],
    run: Run,
) -> Restatements:
    """Find who restates within documents, and who is rewritten from one paragraph of any."""
    config, (kept, open_pairs) = run.config, found
    with run.stage("sentences"):
        rows, document_ends = _choose_documents(corpus, grouping, run)
        sides = (rows, kept[open_pairs[0]], kept[open_pairs[1]])
        wording = word_paragraphs(corpus, distinct(np.concatenate(sides)), run.engine)
    with run.stage("restated"):
        places = (rows, document_ends)
        restated = find_restatements(corpus, wording, places, pairs, (config, run.engine))
    with run.stage("rewritten"):
        rewritten = find_rewritten(corpus, wording, kept, open_pairs, (config, run.engine))
    return rewritten.join(restated)


def _choose_documents(
    corpus: Corpus, grouping: Grouping, run: Run
) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs of the documents that may restate themselves, where that is asked."""
    if "DUP005" not in run.config.run.rules or run.config.paragraphs.within == "corpus":
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return choose_rows(corpus, grouping, run.config.restatement.max_paragraphs)


def within(documents: IndexArray, pairs: PlacePairs, within: str) -> OffsetArray:
    """Give the pairs within a document, or across documents, where only those are wanted."""
    same = documents[pairs[0]] == documents[pairs[1]]
    wanted = {"document": same, "corpus": ~same}
    return np.flatnonzero(wanted.get(within, np.ones_like(same)))
