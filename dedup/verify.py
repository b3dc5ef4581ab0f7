"""Measure every candidate pair exactly and drop those under the threshold.

Candidates and the units of all paragraphs come in; measured pairs with their relation go out.

Decision (2026-11-22): the slot guard. Tokens of a near-duplicate pair are aligned; where a replaced
run holds a number, ordinal, month, weekday or quarter on both sides and they differ, that is a
conflict. Two conflicts, or one in a pair otherwise alike, make the pair a variant: other facts in the
same words, so neither is redundant.

Decision (2026-11-23): "otherwise alike" is the share of tokens matched by the alignment, not
char-5 resemblance: it is known by then, and needs no text. FIGURES_HERE
"""

import numpy as np

from dedup.config import ShinglesConfig, VerifyConfig
from dedup.kernels import Engine
from dedup.kernels.alignment import TOO_FAR
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    PairArray,
    Relation,
    ScoreArray,
    ShingleSets,
    TokenLists,
    VerifiedPairs,
)
from dedup.shingles import shingle_paragraphs

_PAIRS_AT_ONCE = 1 << 18


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
    """Measure the containment |A and B| / |A| of one single set in another; 0.0 where A is empty."""
    size = np.unique(left.shingles).size
    return np.intersect1d(left.shingles, right.shingles).size / size if size else 0.0


def verify_candidates(
    pairs: PairArray,
    lists: tuple[TokenLists, TokenLists],
    rows: OffsetArray,
    settings: tuple[ShinglesConfig, VerifyConfig],
    engine: Engine,
) -> VerifiedPairs:
    """Measure pairs of rows and keep those that reach a threshold, with their relation.

    Args:
        pairs: Candidates as positions in `rows`, sorted.
        lists: Tokens of all paragraphs, and the units their shingles are made of.
        rows: Paragraph number of each row, in canonical order.
        settings: How to shingle, and the thresholds.
        engine: Where the loops run.
    """
    tokens, units = lists
    shingles, config = settings
    sizes = tokens.sizes
    parts = []
    for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = pairs[begin : begin + _PAIRS_AT_ONCE]
        lefts, rights = _unpack(part)
        measured = _measure(units, rows, (lefts, rights), shingles, engine)
        parts.append(_keep_verified((lefts, rights), measured, sizes[rows], config))
    verified = _join(parts)
    return _guard_slots(verified, tokens, rows, config, engine) if config.slot_guard else verified


def verify_all_pairs(
    lists: tuple[TokenLists, TokenLists],
    rows: OffsetArray,
    settings: tuple[ShinglesConfig, VerifyConfig],
    engine: Engine,
) -> VerifiedPairs:
    """Measure all pairs of few rows at once, as `verify_candidates` measures the proposed ones."""
    tokens, units = lists
    sets = shingle_paragraphs(units, rows, settings[0], engine)
    totals = engine.count_all_shared(sets)
    lefts, rights = (side.astype(np.int32) for side in np.nonzero(totals))
    set_sizes = sets.sizes
    measured = (totals[lefts, rights].astype(np.int64), set_sizes[lefts], set_sizes[rights])
    config = settings[1]
    verified = _keep_verified((lefts, rights), measured, tokens.sizes[rows], config)
    return _guard_slots(verified, tokens, rows, config, engine) if config.slot_guard else verified


def _unpack(pairs: PairArray) -> tuple[IndexArray, IndexArray]:
    lefts = (pairs >> np.uint64(32)).astype(np.int32)
    return lefts, (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _measure(
    units: TokenLists,
    rows: OffsetArray,
    pairs: tuple[IndexArray, IndexArray],
    config: ShinglesConfig,
    engine: Engine,
) -> tuple[OffsetArray, OffsetArray, OffsetArray]:
    """Count what each pair shares and the size of both sets, making each set once."""
    involved, places = np.unique(np.concatenate(pairs), return_inverse=True)
    sets = shingle_paragraphs(units, rows[involved], config, engine)
    left_sets, right_sets = np.split(places.astype(np.int32), 2)
    shared = engine.count_shared(sets, left_sets, right_sets)
    return shared, sets.sizes[left_sets], sets.sizes[right_sets]


def _keep_verified(
    pairs: tuple[IndexArray, IndexArray],
    measured: tuple[OffsetArray, OffsetArray, OffsetArray],
    lengths: OffsetArray,
    config: VerifyConfig,
) -> VerifiedPairs:
    """Keep near-duplicates, and contained pairs of which one is clearly the shorter."""
    lefts, rights = pairs
    shared, left_sizes, right_sizes = measured
    united = np.maximum(left_sizes + right_sizes - shared, 1)
    score = shared / united
    left_in_right = shared / np.maximum(left_sizes, 1)
    right_in_left = shared / np.maximum(right_sizes, 1)
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


def _join(parts: list[VerifiedPairs]) -> VerifiedPairs:
    """Put the pairs of several parts behind one another."""
    if not parts:
        empty, scores = np.empty(0, np.int32), np.empty(0, np.float64)
        return VerifiedPairs(empty, empty, scores, scores, scores, empty, np.empty(0, np.uint8))
    columns = ("lefts", "rights", "resemblance", "left_containment", "right_containment")
    columns += ("conflicts", "relations")
    joined = [np.concatenate([getattr(part, column) for part in parts]) for column in columns]
    return VerifiedPairs(*joined)


def _guard_slots(
    pairs: VerifiedPairs,
    tokens: TokenLists,
    rows: OffsetArray,
    config: VerifyConfig,
    engine: Engine,
) -> VerifiedPairs:
    """Make variants of the near-duplicates whose numbers or dates were exchanged."""
    near = np.flatnonzero(pairs.relations == Relation.NEAR_DUPLICATE)
    lefts = rows[pairs.lefts[near]].astype(np.int32)
    rights = rows[pairs.rights[near]].astype(np.int32)
    found, matched = engine.count_conflicts(tokens, lefts, rights, config.max_edits)
    lengths = tokens.sizes
    alike = 2 * matched >= config.alike_share * (lengths[lefts] + lengths[rights])
    is_variant = (found >= 2) | ((found == 1) & alike)
    conflicts, relations = pairs.conflicts.copy(), pairs.relations.copy()
    conflicts[near] = found
    relations[near[is_variant]] = Relation.VARIANT
    return VerifiedPairs(
        pairs.lefts,
        pairs.rights,
        pairs.resemblance,
        pairs.left_containment,
        pairs.right_containment,
        conflicts,
        relations,
        n_unaligned=int(np.count_nonzero(matched == TOO_FAR)),
    )
