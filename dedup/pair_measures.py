"""Measure given pairs of texts, those alone, as a scan of two documents would.

Left and right texts come in, columns go out: how each pair stands at the settings, and every
measure behind that. What proposes pairs in a corpus is not asked, but for one thing: a rewritten
pair must share the anchors that a scan finds it by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS, Config, ShinglesConfig, VerifyConfig
from dedup.content import list_sentence_terms, list_terms
from dedup.errors import InputError
from dedup.execution import Run
from dedup.kernels import Engine
from dedup.model import (
    ByteArray,
    IndexArray,
    OffsetArray,
    ParagraphBatch,
    Relation,
    ScoreArray,
    ShingleSets,
    TermLists,
    TokenLists,
)
from dedup.paragraph_kinds import recognize_kinds
from dedup.paragraphs import split_paragraphs
from dedup.readers.records import batches_from_records
from dedup.report import RULE_OF
from dedup.restatement import find_prose
from dedup.rewriting import (
    have_enough_terms,
    judge_pairs,
    least_dice,
    least_scores,
    score_pairs,
    select_covered,
    speak_differently,
)
from dedup.shingles import shingle_paragraphs, spell_paragraphs, tokenize_paragraphs
from dedup.verify import Shares, measure_sets, verify_candidates

_PAIRS_AT_ONCE: Final = 1024  # their texts are one batch of records
_NUMBA_FROM_PAIRS: Final = 64  # the compiled engine's start is less than what it saves
_LEAST: Final = 0.01  # resemblance under which numbers are not aligned
_CHAR_SHINGLES: Final = ShinglesConfig(kind="char", size=5)
_BLANK: Final = " "  # in the place of an empty text, which would be no paragraph
_Sides: TypeAlias = tuple[IndexArray, IndexArray]
_Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PairMeasures:
    """Pairs of texts as columns: the relation at the settings, and every measure behind it.

    Attributes:
        relations: `Relation` of each pair.
        resemblance: Of the shingle sets that the settings ask for; in [0, 1].
        left_in_right, right_in_left: Containment of those sets; in [0, 1].
        containment: Of the text with fewer words in the other, of equals the greater; in [0, 1].
        char_resemblance: Resemblance of the sets of character 5-shingles; in [0, 1].
        rewrite_score: The score R of the right text against the left one; in [0, 1].
        dice: Dice coefficient of the content terms; in [0, 1].
        combined: The greatest of resemblance, containment, score and Dice, each over its threshold
            (the last two where both texts have content terms enough): from 1.0 on one is reached.
        conflicts: Numbers and dates that stand against another one.
        n_left, n_right: Words of either text.
    """

    relations: ByteArray
    resemblance: ScoreArray
    left_in_right: ScoreArray
    right_in_left: ScoreArray
    containment: ScoreArray
    char_resemblance: ScoreArray
    rewrite_score: ScoreArray
    dice: ScoreArray
    combined: ScoreArray
    conflicts: IndexArray
    n_left: OffsetArray
    n_right: OffsetArray

    def __len__(self) -> int:
        """Give the number of pairs."""
        return len(self.relations)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some pairs as paragraphs: the left texts' rows, then the right ones'.

    `terms` are the content terms sentence by sentence, `whole` those of whole paragraphs.
    """

    paragraphs: ParagraphBatch
    tokens: TokenLists
    whole: TermLists
    terms: TermLists
    sides: _Sides


def measure_pairs(
    lefts: Sequence[str], rights: Sequence[str], config: Config = DEFAULTS
) -> PairMeasures:
    """Measure pairs of texts, each text as one paragraph.

    The relation is what a scan of two documents, the left text and the right one, finds: NONE where
    a text has fewer than the least words, is no prose (rewritten only) or the relation's rule is
    not in force. The measures are given all the same.

    Args:
        lefts: One text of each pair.
        rights: The other, in the same order.
        config: The settings; how sources are read, who is kept and what is compared within what
            plays no part.

    Raises:
        InputError: The two sides differ in length.

    >>> measure_pairs(["a b c d"], ["a b c x"]).resemblance.round(3).tolist()
    [0.333]
    """
    if len(lefts) != len(rights):
        problem = f"{len(lefts):,} left texts stand against {len(rights):,} right ones"
        raise InputError("pairs", None, problem, "Give as many of both.")
    size_bytes = sum(map(len, lefts)) + sum(map(len, rights))
    run = Run(config, size_bytes, lambda _stage, _done: None)
    if len(lefts) >= _NUMBA_FROM_PAIRS:
        run.prefer_compiled()

    def measure(begin: int) -> PairMeasures:
        part = slice(begin, begin + _PAIRS_AT_ONCE)
        return _measure_part(lefts[part], rights[part], config, run.engine)

    parts = [*run.map(measure, range(0, max(len(lefts), 1), _PAIRS_AT_ONCE))]
    columns = [column.name for column in fields(PairMeasures)]
    return PairMeasures(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in columns)
    )


def _measure_part(
    lefts: Sequence[str], rights: Sequence[str], config: Config, engine: Engine
) -> PairMeasures:
    part = _prepare(lefts, rights, engine)
    shares = _measure_shingles(part, config.shingles, engine)
    chars = _measure_shingles(part, _CHAR_SHINGLES, engine)[0]
    sizes = part.tokens.sizes
    n_left, n_right = sizes[part.sides[0]], sizes[part.sides[1]]
    places = part.sides[0].astype(np.int64), part.sides[1].astype(np.int64)
    reworded = score_pairs(part.terms, places, engine)
    containment = _contain(shares, n_left, n_right)
    return PairMeasures(
        _relate(part, reworded, config, engine),
        *shares,
        containment,
        chars,
        *reworded,
        _combine(part, (shares[0], containment, *reworded), config),
        _count_conflicts(part, config, engine),
        n_left,
        n_right,
    )


def _prepare(lefts: Sequence[str], rights: Sequence[str], engine: Engine) -> _Part:
    """Take the texts through the stages that look at one text at a time, each a document."""
    records = [{"text": text or _BLANK} for text in (*lefts, *rights)]
    settings = replace(DEFAULTS.paragraphs, unit="record")
    batches = batches_from_records(records or [{"text": _BLANK}], DEFAULTS.readers)
    paragraphs = split_paragraphs(next(batches), settings, engine)
    tokens = tokenize_paragraphs(paragraphs, engine)
    rows = np.arange(len(lefts), dtype=np.int32)
    whole = list_terms(paragraphs, tokens, engine)
    terms = list_sentence_terms(paragraphs, whole.languages, engine)
    return _Part(paragraphs, tokens, whole, terms, (rows, rows + np.int32(len(lefts))))


def _measure_shingles(part: _Part, config: ShinglesConfig, engine: Engine) -> Shares:
    def make_sets(rows: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(_list_units(part, config, engine), rows, config, engine)

    return measure_sets(part.sides, make_sets, engine)


def _list_units(part: _Part, config: ShinglesConfig, engine: Engine) -> TokenLists:
    """Give what the shingles are made of: code points or tokens."""
    return spell_paragraphs(part.paragraphs, engine) if config.kind == "char" else part.tokens


def _contain(shares: Shares, n_left: OffsetArray, n_right: OffsetArray) -> ScoreArray:
    _, forward, back = shares
    of_equals = np.where(n_left == n_right, np.maximum(forward, back), back)
    return np.where(n_left < n_right, forward, of_equals)


def _combine(
    part: _Part, measured: tuple[ScoreArray, ScoreArray, ScoreArray, ScoreArray], config: Config
) -> ScoreArray:
    """Give the greatest measure over its threshold; of texts of few terms by their shingles."""
    resemblance, containment, scores, dice = measured
    pairs = part.sides[0].astype(np.int64), part.sides[1].astype(np.int64)
    needed = least_scores(part.terms, pairs[1], config.restatement)
    by_terms = np.maximum(scores / needed, dice / least_dice(config.restatement))
    by_terms[~have_enough_terms(part.terms, pairs, config.restatement)] = 0.0
    by_shingles = np.maximum(
        resemblance / config.verify.min_resemblance, containment / config.verify.min_containment
    )
    return np.maximum(by_shingles, by_terms)


def _count_conflicts(part: _Part, config: Config, engine: Engine) -> IndexArray:
    """Count exchanged numbers and dates, of all pairs that have anything in common."""
    loose = replace(config.verify, min_resemblance=_LEAST, min_containment=1.0, slot_guard=True)
    return _verify(part, config, loose, engine)[1]


def _verify(
    part: _Part, config: Config, thresholds: VerifyConfig, engine: Engine
) -> tuple[ByteArray, IndexArray]:
    """Give the relation of each pair by its shingles, and its conflicts; 0 where there is none."""
    units = _list_units(part, config.shingles, engine)

    def make_sets(rows: OffsetArray) -> ShingleSets:
        return shingle_paragraphs(units, rows, config.shingles, engine)

    codes = part.sides[0].astype(np.uint64) << np.uint64(32) | part.sides[1].astype(np.uint64)
    found = verify_candidates(codes, part.tokens, make_sets, thresholds, engine)
    relations, conflicts = np.zeros(len(codes), np.uint8), np.zeros(len(codes), np.int32)
    relations[found.lefts], conflicts[found.lefts] = found.relations, found.conflicts
    return relations, conflicts


def _relate(
    part: _Part, reworded: tuple[ScoreArray, ScoreArray], config: Config, engine: Engine
) -> ByteArray:
    """Find how each pair stands: by its texts, by its shingles, or else by its content terms."""
    lefts, rights = part.sides
    relations, _ = _verify(part, config, config.verify, engine)
    prints = part.tokens.prints.reshape(-1, 2)
    relations[(prints[lefts] == prints[rights]).all(axis=1)] = Relation.IDENTICAL
    is_long = part.tokens.sizes >= config.paragraphs.min_words
    is_compared = is_long[lefts] & is_long[rights]
    rewritten = _find_rewritten(part, reworded, config, engine)
    relations[(relations == Relation.NONE) & rewritten] = Relation.REWRITTEN
    selected = [relation for relation, rule in RULE_OF.items() if rule in config.run.rules]
    is_selected = np.isin(relations, np.array(selected, np.uint8))
    return np.where(is_compared & is_selected, relations, Relation.NONE).astype(np.uint8)


def _find_rewritten(
    part: _Part, reworded: tuple[ScoreArray, ScoreArray], config: Config, engine: Engine
) -> _Flags:
    """Tell which pairs of prose count as rewritten."""
    lefts, rights = (side.astype(np.int64) for side in part.sides)
    is_prose = find_prose(recognize_kinds(part.paragraphs, engine))
    sides, is_strict = (lefts, rights), speak_differently(part.terms, (lefts, rights))
    chosen, is_far = judge_pairs(part.terms, sides, reworded, config.restatement, is_strict)
    chosen = chosen[~is_far]
    covered = select_covered(part.whole, sides, config.restatement, engine)
    flags = np.zeros(len(lefts), np.bool_)
    flags[np.intersect1d(chosen, covered)] = True
    return flags & is_prose[lefts] & is_prose[rights]
