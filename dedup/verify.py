"""Measure every candidate pair exactly and drop those under the threshold.

Candidates and the units of all paragraphs come in; measured pairs with their relation go out.

Decision (2026-11-22): the slot guard. Tokens of a near-duplicate pair are aligned; where a replaced
run holds a number, ordinal, month, weekday or quarter on both sides and they differ, that is a
conflict. Two conflicts, or one in a pair otherwise alike, make the pair a variant: other facts in
the same words, so neither is redundant.

Decision (2026-11-23): "otherwise alike" is the share of tokens that the alignment matched, at least
0.90, not char-5 resemblance >= 0.85: it is known by then and needs no text. On held-out halves of
documentation and news both catch 98.7 to 99.8 % of the paragraphs with one or all numbers changed;
where 5 % of the words are edited too, 93 to 94 % against 57 to 64 %. Falsely a variant are 0.1 to
0.4 % of 10 % word edits (char-5: 0.05 %) and 0.7 to 2.5 % of OCR noise (0.7 to 2.5 %), where a
digit misread is a number changed. `python -m tests.quality.slot_guard` measures it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from dedup.config import VerifyConfig
from dedup.kernels import Engine
from dedup.kernels.alignment import TOO_FAR
from dedup.model import (
    BoolArray,
    IndexArray,
    OffsetArray,
    PairArray,
    Relation,
    ScoreArray,
    ShingleSets,
    TokenLists,
    VerifiedPairs,
)

_PAIRS_AT_ONCE: Final = 1 << 18
_CLEAR_CONFLICTS: Final = 2  # so many exchanged facts are no slip of the pen
MakeSets: TypeAlias = Callable[[OffsetArray], ShingleSets]
Shares: TypeAlias = tuple[ScoreArray, ScoreArray, ScoreArray]


def resemblance(left: ShingleSets, right: ShingleSets) -> float:
    """Measure the resemblance |A and B| / |A or B| of two single sets; 0.0 where both are empty.

    Source:
        Broder, "On the resemblance and containment of documents", 1997,
        doi:10.1109/SEQUEN.1997.666900.
    """
    shared = np.intersect1d(left.shingles, right.shingles).size
    united = np.union1d(left.shingles, right.shingles).size
    return shared / united if united else 0.0


def containment(left: ShingleSets, right: ShingleSets) -> float:
    """Measure the containment |A and B| / |A| of one set in another; 0.0 where A is empty."""
    size = np.unique(left.shingles).size
    return np.intersect1d(left.shingles, right.shingles).size / size if size else 0.0


def verify_candidates(
    pairs: PairArray,
    tokens: TokenLists,
    make_sets: MakeSets,
    config: VerifyConfig,
    engine: Engine,
) -> VerifiedPairs:
    """Measure pairs of rows and keep those that reach a threshold, with their relation.

    Args:
        pairs: Candidates as rows, sorted.
        tokens: The tokens of the rows, for lengths and the slot guard.
        make_sets: Makes the shingle sets of some rows; called for some 100,000 pairs at a time.
        config: The thresholds.
        engine: Where the loops run.
    """
    parts = []
    for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
        sides = _unpack(pairs[begin : begin + _PAIRS_AT_ONCE])
        shares = measure_sets(sides, make_sets, engine)
        parts.append(_keep_verified(sides, shares, tokens.sizes, config))
    return _guard_slots(VerifiedPairs.chain(parts), tokens, config, engine)


def verify_all_pairs(
    tokens: TokenLists, sets: ShingleSets, config: VerifyConfig, engine: Engine
) -> VerifiedPairs:
    """Measure all pairs of few rows at once, as `verify_candidates` measures the proposed ones."""
    totals = engine.count_all_shared(sets)
    lefts, rights = (side.astype(np.int32) for side in np.nonzero(totals))
    shared = totals[lefts, rights].astype(np.int64)
    shares = _share(shared, sets.sizes[lefts], sets.sizes[rights])
    verified = _keep_verified((lefts, rights), shares, tokens.sizes, config)
    return _guard_slots(verified, tokens, config, engine)


def _unpack(pairs: PairArray) -> tuple[IndexArray, IndexArray]:
    lefts = (pairs >> np.uint64(32)).astype(np.int32)
    return lefts, (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)


def measure_sets(
    pairs: tuple[IndexArray, IndexArray], make_sets: MakeSets, engine: Engine
) -> Shares:
    """Measure pairs of rows, making each set once.

    Returns:
        The resemblance, the containment of the left set in the right one, and that of the right set
        in the left one; 0.0 where a set is empty.
    """
    involved, places = np.unique(np.concatenate(pairs), return_inverse=True)
    sets = make_sets(involved.astype(np.int64))
    left_sets, right_sets = np.split(places.astype(np.int32), 2)
    shared = engine.count_shared(sets, left_sets, right_sets)
    return _share(shared, sets.sizes[left_sets], sets.sizes[right_sets])


def _share(shared: OffsetArray, left_sizes: OffsetArray, right_sizes: OffsetArray) -> Shares:
    """Give resemblance and both containments for what pairs of sets share."""
    united = np.maximum(left_sizes + right_sizes - shared, 1)
    in_right, in_left = shared / np.maximum(left_sizes, 1), shared / np.maximum(right_sizes, 1)
    return shared / united, in_right, in_left


def _keep_verified(
    pairs: tuple[IndexArray, IndexArray],
    shares: Shares,
    lengths: OffsetArray,
    config: VerifyConfig,
) -> VerifiedPairs:
    """Keep near-duplicates, and contained pairs of which one is clearly the shorter."""
    lefts, rights = pairs
    score, left_in_right, right_in_left = shares
    is_near = score >= config.min_resemblance
    shorter = np.minimum(lengths[lefts], lengths[rights])
    longer = np.maximum(lengths[lefts], lengths[rights])
    in_longer = np.where(lengths[lefts] < lengths[rights], left_in_right, right_in_left)
    is_contained = (in_longer >= config.min_containment) & (
        shorter <= config.max_length_ratio * longer
    )
    kept = np.flatnonzero(is_near | is_contained)
    relation = np.where(is_near, Relation.NEAR_DUPLICATE, Relation.CONTAINED).astype(np.uint8)
    return VerifiedPairs(
        lefts[kept],
        rights[kept],
        score[kept],
        left_in_right[kept],
        right_in_left[kept],
        np.zeros(len(kept), np.int32),
        relation[kept],
    )


def _guard_slots(
    pairs: VerifiedPairs, tokens: TokenLists, config: VerifyConfig, engine: Engine
) -> VerifiedPairs:
    """Make variants of the near-duplicates whose numbers or dates were exchanged."""
    near = np.flatnonzero(pairs.relations == Relation.NEAR_DUPLICATE)
    if not config.slot_guard or not len(near):
        return pairs
    lefts, rights = pairs.lefts[near], pairs.rights[near]
    found, matched = engine.count_conflicts(tokens, lefts, rights, config.max_edits)
    lengths = tokens.sizes
    alike = 2 * matched >= config.alike_share * (lengths[lefts] + lengths[rights])
    is_variant = (found >= _CLEAR_CONFLICTS) | ((found == 1) & alike)
    conflicts, relations = pairs.conflicts.copy(), pairs.relations.copy()
    conflicts[near] = found
    relations[near[is_variant]] = Relation.VARIANT
    n_unaligned = int(np.count_nonzero(matched == TOO_FAR))
    return replace(pairs, conflicts=conflicts, relations=relations, n_unaligned=n_unaligned)


def find_unaligned(
    pairs: VerifiedPairs, tokens: TokenLists, config: VerifyConfig, engine: Engine
) -> BoolArray:
    """Tell which pairs the slot guard let pass unaligned; verifying only counts them.

    Args:
        pairs: Verified pairs of rows.
        tokens: Of these rows.
        config: How they were verified.
        engine: Where the loops run.
    """
    unaligned = np.zeros(len(pairs), np.bool_)
    if pairs.n_unaligned:
        near = np.flatnonzero(pairs.relations == Relation.NEAR_DUPLICATE)
        sides = pairs.lefts[near], pairs.rights[near]
        _, matched = engine.count_conflicts(tokens, *sides, config.max_edits)
        unaligned[near] = matched == TOO_FAR
    return unaligned
