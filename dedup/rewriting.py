"""Find the paragraphs that say another one again in other words, in any document.

Candidates are proposed by anchors: skip-bigrams of content terms that few paragraphs hold. A pair
of candidates is scored as if it were a document of two paragraphs, so that every term weighs the
same (numbers double), by the score R of `restatement` or by the Dice coefficient of its terms.

Decision (2026-11-24): the second way in is the Dice coefficient of the content terms, not the
resemblance of character 5-shingles: it needs no text. On 1,029 pairs rewritten by teachers R and
Dice at 0.38 found as many as R and char:5 at 0.20 (light 0.989 both, heavy 0.955 and 0.950) with as
few of the 1,149 other pairs of the same articles (3.2 and 3.1 %, most of them true). At 0.36, and
with numbers freed of their units: light 0.987, heavy 0.958, short ones included, and 3.1 %.

Decision (2026-11-24): pairs form stars as groups do: walking in canonical order, a paragraph is
rewritten from the best of the earlier ones that are not rewritten themselves. Rewriting is searched
among the paragraphs that are kept, so a copy of a rewritten paragraph is a copy and no more.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import RestatementConfig
from dedup.kernels import Engine
from dedup.kernels.constants import JUDGED, QUOTED
from dedup.kernels.results import DocumentScores
from dedup.model import (
    BoolArray,
    ByteArray,
    IndexArray,
    OffsetArray,
    Relation,
    Restatements,
    ScoreArray,
    TermLists,
    Wording,
    are_among,
    distinct,
)
from dedup.restatement import (
    CLEAR_EXCHANGES,
    SENSITIVE_MARGIN,
    combine,
    discount_long,
    find_prose,
    gather,
    list_logs,
)
from dedup.terms import NO_LANGUAGE

_LEAST_OF_SCORE: Final = 0.95  # of the least score, that the share of terms must reach
_PAIRS_AT_ONCE: Final = 1 << 16
NumberPairs: TypeAlias = tuple[IndexArray, IndexArray]  # paragraphs, the one that stays first


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class JudgedPairs:
    """Pairs that count as rewritten, the right one from the left one, or come near to it.

    Attributes:
        lefts, rights: Paragraph numbers.
        scores: The score R of the right one against the left one.
        are_far: Whether the pair only comes near; uint8.
        n_scored: How many pairs were scored for it.
    """

    lefts: IndexArray
    rights: IndexArray
    scores: ScoreArray
    are_far: ByteArray
    n_scored: int = 0


def judge_rewriting(
    documents: IndexArray,
    wording: Wording,
    pairs: NumberPairs,
    config: RestatementConfig,
    engine: Engine,
) -> JudgedPairs:
    """Score pairs of paragraphs and choose those of which the right one is rewritten.

    Args:
        documents: The document of each paragraph of the run.
        wording: The kinds and content terms of those in `pairs`.
        pairs: Candidates, any number of them: each is judged by itself.
        config: The thresholds.
        engine: Where the loops run.
    """
    is_prose = find_prose(wording.kinds[pairs[0]]) & find_prose(wording.kinds[pairs[1]])
    lefts, rights = (side[is_prose].astype(np.int64) for side in pairs)
    scores, dice = score_pairs(wording.terms, (lefts, rights), engine)
    dice[documents[lefts] == documents[rights]] = 0.0  # one topic has one vocabulary
    is_strict = speak_differently(wording.terms, (lefts, rights))
    is_strict |= wording.is_reference[documents[lefts]] | wording.is_reference[documents[rights]]
    measured = (scores, dice)
    chosen, is_far = judge_pairs(wording.terms, (lefts, rights), measured, config, is_strict)
    numbers = [side[chosen].astype(np.int32) for side in (lefts, rights)]
    columns = (numbers[0], numbers[1], scores[chosen], is_far.astype(np.uint8))
    return JudgedPairs(*columns, n_scored=len(lefts))


def form_stars(
    judged: JudgedPairs, places: IndexArray | None, engine: Engine
) -> tuple[NumberPairs, ByteArray]:
    """Join each rewritten paragraph to the best of the earlier ones that are not rewritten.

    Args:
        judged: Pairs that count, all of a run.
        places: The place of each paragraph in canonical order; None where that is input order.
        engine: Where the loops run.

    Returns:
        Paragraphs that stay and those that are rewritten from them, each once and sorted; and which
        of these pairs only come near.
    """
    sides = [side if places is None else places[side] for side in (judged.lefts, judged.rights)]
    order = np.lexsort(sides)
    rows = distinct(np.concatenate(sides))
    lefts, rights = (np.searchsorted(rows, side[order]).astype(np.int32) for side in sides)
    canonicals, _ = engine.group(len(rows), (lefts, rights), judged.scores[order])
    numbers = np.empty(len(rows), np.int32)
    numbers[lefts], numbers[rights] = judged.lefts[order], judged.rights[order]
    joined = np.flatnonzero(canonicals != np.arange(len(rows)))
    joined = joined[np.argsort(numbers[joined])]
    stars = numbers[canonicals[joined]], numbers[joined]
    is_far = np.flatnonzero(judged.are_far)
    near = are_among(encode(*stars), encode(judged.lefts[is_far], judged.rights[is_far]))
    return stars, near.astype(np.uint8)


def encode(lefts: IndexArray | OffsetArray, rights: IndexArray | OffsetArray) -> OffsetArray:
    """Give each pair one number."""
    return lefts.astype(np.int64) << 32 | rights.astype(np.int64)


def quote_pairs(
    terms: TermLists, pairs: NumberPairs | tuple[OffsetArray, OffsetArray], engine: Engine
) -> Restatements:
    """Score the pairs that are reported once more, for the sources of their sentences."""
    rows = np.stack(pairs, axis=1).reshape(-1).astype(np.int64)
    found = _score(terms, rows, engine, QUOTED)
    restated = gather(found, rows, np.arange(1, len(rows), 2), terms)
    return replace(restated, relations=np.full(len(restated), Relation.REWRITTEN, np.uint8))


def have_enough_terms(
    terms: TermLists, pairs: tuple[OffsetArray, OffsetArray], config: RestatementConfig
) -> npt.NDArray[np.bool_]:
    """Tell of which pairs both sides have content terms enough to be judged."""
    lefts, rights = (terms.count_terms(side) >= config.min_terms for side in pairs)
    flags: npt.NDArray[np.bool_] = lefts & rights
    return flags


def judge_pairs(
    terms: TermLists,
    pairs: tuple[OffsetArray, OffsetArray],
    measured: tuple[ScoreArray, ScoreArray],
    config: RestatementConfig,
    is_strict: BoolArray,
) -> tuple[OffsetArray, npt.NDArray[np.bool_]]:
    """Decide which pairs of paragraphs count as rewritten, the right one from the left one.

    Decision (2026-11-26): where one side stands in a document of reference style, or the two in
    other languages, as much is asked as `strict` asks everywhere. Manuals share their words and
    translations their loan words: of 66 rewritten paragraphs in 52 pages of a project's rules for
    its contributors 21 are left, of 2,203 in 1,000 pages of documentation 1,170; of 16 of the 66
    that were read 12 or 13 were no rewritings. News, verses and whatever has no tables or code and
    no more than 40 paragraphs are judged as before.

    Args:
        terms: The content terms of all paragraphs.
        pairs: Paragraphs.
        measured: The score R and the Dice coefficient of each pair.
        config: The thresholds.
        is_strict: The pairs of which more is asked.

    Returns:
        The places of the pairs that count, or, where the settings ask for it, come near; and for
        each of those whether it only comes near.
    """
    scores, dice = measured
    factors = np.where(is_strict, ask_more(config), 1.0)
    needed = least_scores(terms, pairs[1], config) * factors
    is_far = (scores < needed) & (dice < np.minimum(1.0, least_dice(config) * factors))
    least = needed - (SENSITIVE_MARGIN if config.sensitive else 0.0)
    is_usable = have_enough_terms(terms, pairs, config)
    reached = np.flatnonzero(is_usable & ((scores >= least) | ~is_far))
    return reached, is_far[reached]


def least_dice(config: RestatementConfig) -> float:
    """Give the Dice coefficient that a pair must reach; as much higher as R when strict."""
    strict = max(config.strict_score, config.min_score) / config.min_score
    return min(1.0, config.min_dice * strict) if config.strict else config.min_dice


def ask_more(config: RestatementConfig) -> float:
    """Give by how much more is asked of a strict pair than of others."""
    strict = max(config.strict_score, config.min_score)
    return 1.0 if config.strict else strict / config.min_score


def speak_differently(terms: TermLists, pairs: tuple[OffsetArray, OffsetArray]) -> BoolArray:
    """Tell which pairs of paragraphs seem to be in two languages.

    Of languages without a list of stop words the nearest is guessed, perhaps another one for each
    side: so it is a reason to ask for more, not to leave a pair out.
    """
    lefts, rights = terms.languages[pairs[0]], terms.languages[pairs[1]]
    are_two: BoolArray = (lefts != rights) & (lefts != NO_LANGUAGE) & (rights != NO_LANGUAGE)
    return are_two


def least_scores(terms: TermLists, rights: OffsetArray, config: RestatementConfig) -> ScoreArray:
    """Give the score R that each paragraph must reach to count as rewritten."""
    return _scale_least(terms.count_terms(rights), config)


def _scale_least(n_terms: OffsetArray, config: RestatementConfig) -> ScoreArray:
    """Give the least score R of paragraphs of so many content terms."""
    base = max(config.strict_score, config.min_score) if config.strict else config.min_score
    least: ScoreArray = base * discount_long(n_terms, config)
    return least


def select_covered(
    terms: TermLists,
    pairs: tuple[OffsetArray, OffsetArray],
    config: RestatementConfig,
    engine: Engine,
) -> OffsetArray:
    """Give the places of the pairs that share so many terms that they may count as rewritten.

    Before a sentence is cut: of the right paragraph's terms the left one must hold most of the
    share that R must reach (of 37,000 pairs that reach it in a corpus of documentation 99 % hold
    all of it), or the Dice coefficient reach its threshold. And they must not hold other numbers,
    each side two or more that the other has not: the slot guard of texts whose words cannot be
    aligned.
    """
    left_sizes, right_sizes = (terms.count_terms(side) for side in pairs)
    usable = np.flatnonzero(np.minimum(left_sizes, right_sizes) >= config.min_terms)
    lefts, rights = pairs[0][usable].astype(np.int32), pairs[1][usable].astype(np.int32)
    cover = engine.cover_pairs(terms, lefts, rights)
    least = _LEAST_OF_SCORE * _scale_least(right_sizes[usable], config)
    least -= SENSITIVE_MARGIN if config.sensitive else 0.0
    enough = (cover.shared >= least * cover.right_weights) | (
        2 * cover.shared >= least_dice(config) * (cover.left_weights + cover.right_weights)
    )
    return usable[enough & (cover.exchanged < CLEAR_EXCHANGES)]


def score_pairs(
    terms: TermLists, pairs: tuple[OffsetArray, OffsetArray], engine: Engine
) -> tuple[ScoreArray, ScoreArray]:
    """Score pairs of paragraphs: R of the right one against the left one, and Dice.

    The pairs are scored some ten thousand at a time, so that memory does not grow with them.
    """
    scores, dice = np.empty(len(pairs[0])), np.empty(len(pairs[0]))
    for begin in range(0, len(scores), _PAIRS_AT_ONCE):
        part = slice(begin, begin + _PAIRS_AT_ONCE)
        rows = np.stack([side[part] for side in pairs], axis=1).reshape(-1).astype(np.int64)
        found = _score(terms, rows, engine, JUDGED)
        scores[part], dice[part] = combine(found)[1::2], found.parts[1::2, 2]
    return scores, dice


def _score(terms: TermLists, rows: OffsetArray, engine: Engine, judged: int) -> DocumentScores:
    """Score each two rows as a document of two paragraphs."""
    ends = np.arange(2, len(rows) + 2, 2)
    flags = np.full(len(rows), judged, np.uint8)
    return engine.score_documents(terms, rows, ends, flags, list_logs(2))
