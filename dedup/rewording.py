"""Find the pairs of kept paragraphs of which one may say the other again, by their content terms.

A corpus with its groups comes in; contained pairs and pairs that may be rewritten go out. Pairs are
paragraph numbers, the one that comes first in canonical order before the other. There are several a
paragraph, so they stand in columns of a run's storage and are looked at some ten thousand at a
time: what comes out is the same, wherever the columns are and however many pairs a block has.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from dedup.anchors import count_pairs_at_once, count_rows_at_once, cut_pairs, propose_pairs
from dedup.execution import Run
from dedup.measuring import measure_candidates
from dedup.model import (
    BoolArray,
    Corpus,
    IndexArray,
    OffsetArray,
    PairArray,
    Relation,
    TokenLists,
    VerifiedPairs,
)
from dedup.rewriting import NumberPairs, encode, select_covered
from dedup.tables import ColumnTypes, GrowingTable, open_table

BY_TERMS: Final = frozenset({"DUP003", "DUP004", "DUP005"})  # rules that content terms decide
_MEASURED_BLOCKS: Final = 16  # of pairs, that are handed on together
_PAIRS: Final[ColumnTypes] = {"lefts": np.int32, "rights": np.int32}
_VERIFIED: Final[ColumnTypes] = {
    "lefts": np.int32,
    "rights": np.int32,
    "resemblance": np.float64,
    "left_containment": np.float64,
    "right_containment": np.float64,
    "conflicts": np.int32,
    "relations": np.uint8,
}


def find_anchored(corpus: Corpus, kept: OffsetArray, run: Run) -> NumberPairs:
    """Find the pairs of kept paragraphs that share anchors.

    Args:
        corpus: All paragraphs.
        kept: Those that are compared, in canonical order.
        run: Its settings, engine and storage.
    """
    config, storage = run.config, run.storage
    if corpus.terms is None or {"DUP003", "DUP004"}.isdisjoint(config.run.rules):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    with run.stage("anchors"):
        if storage.load("anchors") is not None:
            return _read(open_table(storage, "anchored", _PAIRS))
        table = GrowingTable(storage, "anchored", _PAIRS)
        rows, places = np.sort(kept), place_in_order(kept, len(corpus))
        using, n_done = (run.engine, storage), 0
        for earlier, later in propose_pairs(corpus.terms, rows, config.restatement, using):
            wanted = within(corpus.document, (earlier, later), config.paragraphs.within)
            lefts, rights = earlier[wanted], later[wanted]
            if places is not None:
                turned = places[lefts] > places[rights]
                lefts, rights = np.where(turned, rights, lefts), np.where(turned, lefts, rights)
            table.append(lefts=lefts, rights=rights)
            n_done = int(later.max(initial=n_done))
            run.advance("anchors", n_done, len(corpus))
        found = table.finish()
        storage.commit("anchors", {})
    return _read(found)


def _read(columns: dict[str, Any]) -> NumberPairs:
    return columns["lefts"], columns["rights"]


def place_in_order(kept: OffsetArray, n_paragraphs: int) -> IndexArray | None:
    """Give the place of each kept paragraph in canonical order; None where that is input order."""
    if (kept[1:] > kept[:-1]).all():
        return None
    places = np.zeros(n_paragraphs, np.int32)
    places[kept] = np.arange(len(kept), dtype=np.int32)
    return places


def cut_for(run: Run, pairs: NumberPairs) -> Iterator[slice]:
    """Cut pairs into blocks, between which mapped pages are let go."""
    block_bytes = run.storage.block_bytes
    limits = count_rows_at_once(block_bytes), count_pairs_at_once(block_bytes)
    for part in cut_pairs(*pairs, *limits):
        yield part
        run.storage.forget_pages()


def find_contained(
    corpus: Corpus,
    pairs: VerifiedPairs,
    found: tuple[OffsetArray, NumberPairs, bool],
    units: TokenLists,
    run: Run,
) -> VerifiedPairs:
    """Keep the contained pairs of kept paragraphs; measure those that anchors propose.

    What stands in a paragraph that is itself redundant stands in its canonical, or nowhere that is
    kept.
    """
    kept, anchored, compared_all = found
    is_kept = np.zeros(len(corpus), np.bool_)
    is_kept[kept] = True
    is_other = pairs.relations != Relation.CONTAINED
    stays = np.flatnonzero(is_other | (is_kept[pairs.lefts] & is_kept[pairs.rights]))
    if compared_all or "DUP003" not in run.config.run.rules:
        return pairs.take(stays)
    storage = run.storage
    with run.stage("verify contained"):
        facts = storage.load("verify contained")
        if facts is not None:
            columns: dict[str, Any] = open_table(storage, "contained", _VERIFIED)
            return VerifiedPairs(**columns, **facts)
        known = np.sort(encode(pairs.lefts, pairs.rights))
        parts = [VerifiedPairs.none()]
        at_once = _MEASURED_BLOCKS * count_pairs_at_once(storage.block_bytes)
        for begin in range(0, len(anchored[0]), at_once):
            lefts, rights = (side[begin : begin + at_once] for side in anchored)
            codes = _choose_unlike(corpus.tokens, (lefts, rights), run)
            measured = measure_candidates(codes, (corpus.tokens, units), run)
            contained = measured.take(np.flatnonzero(measured.relations == Relation.CONTAINED))
            is_new = ~_are_known(encode(contained.lefts, contained.rights), known)
            # What was not aligned is no contained pair, and was let pass, if it was, before.
            parts.append(replace(contained.take(np.flatnonzero(is_new)), n_unaligned=0))
            run.advance("verify contained", begin + len(lefts), len(anchored[0]), "pair")
        joined = _join(pairs, stays, VerifiedPairs.chain(parts), run)
        storage.commit("verify contained", {"n_unaligned": joined.n_unaligned})
    return joined


def _choose_unlike(tokens: TokenLists, pairs: NumberPairs, run: Run) -> PairArray:
    """Give the pairs of which one is short enough to stand in the other, sorted."""
    left_sizes, right_sizes = (tokens.ends[side] - tokens.starts[side] for side in pairs)
    shorter, longer = (f(left_sizes, right_sizes) for f in (np.minimum, np.maximum))
    chosen = np.flatnonzero(shorter <= run.config.verify.max_length_ratio * longer)
    return np.sort(encode(pairs[0][chosen], pairs[1][chosen]).astype(np.uint64))


def _are_known(codes: OffsetArray, known: OffsetArray) -> BoolArray:
    """Tell which codes are among others, which are sorted."""
    if not len(known):
        return np.zeros(len(codes), np.bool_)
    places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    found: BoolArray = known[places] == codes
    return found


def _join(pairs: VerifiedPairs, stays: OffsetArray, new: VerifiedPairs, run: Run) -> VerifiedPairs:
    """Give some of the pairs and new ones, sorted by (right, left), a column at a time."""
    sides = (np.concatenate([getattr(pairs, s)[stays], getattr(new, s)]) for s in _PAIRS)
    order = np.lexsort(tuple(sides))
    columns = {}
    for name in _VERIFIED:
        both = np.concatenate([getattr(pairs, name)[stays], getattr(new, name)])
        columns[name] = run.storage.keep(f"contained.{name}", both[order])
    return VerifiedPairs(**columns, n_unaligned=pairs.n_unaligned + new.n_unaligned)


def leave_open(
    corpus: Corpus, pairs: NumberPairs, verified: VerifiedPairs, run: Run
) -> NumberPairs:
    """Leave the pairs that nothing has decided yet and that share enough of their terms.

    Within a document, where DUP005 is in force, its score decides: it knows the topic.
    """
    rules, storage = run.config.run.rules, run.storage
    if "DUP004" not in rules or corpus.terms is None:
        return pairs[0][:0], pairs[1][:0]
    with run.stage("cover"):
        if storage.load("cover") is not None:
            return _read(open_table(storage, "open", _PAIRS))
        table, terms = GrowingTable(storage, "open", _PAIRS), corpus.terms
        known = np.sort(encode(verified.lefts, verified.rights))

        def choose(part: slice) -> tuple[int, NumberPairs]:
            lefts, rights = pairs[0][part], pairs[1][part]
            is_open = ~_are_known(encode(lefts, rights), known)
            if "DUP005" in rules:
                is_open &= corpus.document[lefts] != corpus.document[rights]
            sides = lefts[is_open].astype(np.int64), rights[is_open].astype(np.int64)
            covered = select_covered(terms, sides, run.config.restatement, run.engine)
            return part.stop, (lefts[is_open][covered], rights[is_open][covered])

        for n_done, (lefts, rights) in run.map(choose, cut_for(run, pairs)):
            table.append(lefts=lefts, rights=rights)
            run.advance("cover", n_done, len(pairs[0]), "pair")
        found = table.finish()
        storage.commit("cover", {})
    return _read(found)


def within(documents: IndexArray | OffsetArray, pairs: NumberPairs, within: str) -> OffsetArray:
    """Give the pairs within a document, or across documents, where only those are wanted."""
    if within == "both":
        return np.arange(len(pairs[0]))
    same = documents[pairs[0]] == documents[pairs[1]]
    return np.flatnonzero(same if within == "document" else ~same)
