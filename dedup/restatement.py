"""Find the paragraphs that restate what earlier paragraphs of their document together said.

Paragraphs with their content terms come in; those that restate, and who said each of their
sentences before, go out. Restatement is directed and from one to many: it joins no groups.

The score is R = (2 * c1 + sk) / 3. `c1` is the mean, over the paragraph's sentences, of the
weighted share of content terms that one earlier sentence holds; `sk` the weighted share of its
skip-bigrams (pairs of terms at most 4 apart) that earlier paragraphs hold. A term weighs the less,
the more paragraphs of the document hold it, at most 1:
w = (ln((N + 1) / max(1, df - 1)) + 0.35) / (ln(N + 1) + 0.35), so that what an article is about all
along counts little.

Decision (2026-11-24): numbers weigh double, and a paragraph most of whose numbers (two or more) its
document has not had says other facts in the same words and is not flagged. Paragraphs of one form
with other figures ("Typical salary: ...") were the false alarms in clean news: 1 of 1,149 at 0.45,
4 at 0.40 before, 0 at 0.40 now. Doubling names too brought nothing. Weights are whole numbers of
2^-20, so that sums have no order and the engines agree to the last bit.

Decision (2026-11-24): the threshold is 0.40, and falls to 0.34 between 20 and 60 content terms:
what paragraphs of one article share by chance falls with their length (the highest score of clean
news is 0.36 under 30 words, 0.25 from 80 words on).

Decision (2026-11-24): what a document repeats word by word takes no part: a paragraph that is
redundant in its own document is no source, and counts no term. A variant (alike but for its
numbers) of an earlier paragraph of the document is not judged: its facts are new.
"""

from dataclasses import replace
from math import log
from typing import Final

import numpy as np
import numpy.typing as npt

from dedup.config import Config, RestatementConfig
from dedup.kernels import Engine
from dedup.kernels.constants import QUOTED, TERM_NUMBER, UNJUDGED
from dedup.kernels.results import DocumentScores
from dedup.model import (
    BlockKind,
    BoolArray,
    ByteArray,
    Corpus,
    Grouping,
    IndexArray,
    OffsetArray,
    Relation,
    Restatements,
    ScoreArray,
    TermLists,
    VerifiedPairs,
    Wording,
    distinct,
    spread_ranges,
    tell_kinds,
)

_IS_PROSE: Final = tell_kinds(BlockKind.TEXT, BlockKind.PARAGRAPH, BlockKind.QUOTE)
_IS_REFERENCE: Final = tell_kinds(BlockKind.TABLE, BlockKind.CODE)
_SHORT_TERMS, _LONG_TERMS = 20, 60  # content terms between which the threshold falls
CLEAR_EXCHANGES: Final = 2  # so many other numbers are other facts
SENSITIVE_MARGIN: Final = 0.10  # so far under its threshold a score is shown on demand


def find_restatements(
    corpus: Corpus,
    wording: Wording,
    places: tuple[OffsetArray, OffsetArray],
    verified: VerifiedPairs,
    using: tuple[Config, Engine],
) -> Restatements:
    """Find the restating paragraphs of every document.

    Args:
        corpus: All paragraphs.
        wording: Their kinds and content terms.
        places: What `choose_rows` gave: paragraphs, and where each document's end.
        verified: Verified pairs, as paragraph numbers; variants among them are not judged.
        using: The thresholds, and where the loops run.
    """
    config, engine = using[0].restatement, using[1]
    rows, document_ends = places
    is_prose = find_prose(wording.kinds)[rows]
    n_terms = wording.terms.sizes[rows]
    is_long = n_terms >= config.min_terms
    is_judged = is_prose & is_long
    logs = list_logs(int(np.diff(document_ends, prepend=0).max(initial=0)))
    judged = np.where(is_judged, QUOTED, UNJUDGED).astype(np.uint8)
    scores = engine.score_documents(wording.terms, rows, document_ends, judged, logs)
    total = combine(scores)
    thresholds = _choose_thresholds(corpus, wording.kinds, config)[corpus.document[rows]]
    thresholds = thresholds * discount_long(n_terms, config)
    least = thresholds - (SENSITIVE_MARGIN if config.sensitive else 0.0)
    chosen = np.flatnonzero(is_judged & (total >= least) & (total > 0))
    chosen = chosen[~_are_variants(corpus, verified, rows[chosen])]
    chosen = chosen[~_bring_other_numbers(corpus, wording.terms, rows[chosen])]
    return replace(
        gather(scores, rows, chosen, wording.terms),
        relations=np.full(len(chosen), Relation.RESTATED, np.uint8),
        are_near=(total[chosen] < thresholds[chosen]).astype(np.uint8),
        n_short=int(np.count_nonzero(is_prose & ~is_long & (corpus.tokens.sizes[rows] > 0))),
        n_listed=int(np.count_nonzero(~is_prose)),
    )


def nothing_restated(n_paragraphs: int) -> Restatements:
    """Give no restatements."""
    numbers, scores = np.empty(0, np.int32), np.empty(0, np.float64)
    flags, ends = np.empty(0, np.uint8), np.empty(0, np.int64)
    return Restatements(
        numbers, flags, scores, scores, flags, ends, numbers, numbers, numbers, numbers,
        np.empty((0, 2), np.float64), languages=np.zeros(n_paragraphs, np.uint8),
    )  # fmt: skip


def find_prose(kinds: ByteArray) -> BoolArray:
    """Tell which paragraphs are prose: lists, tables, code and links repeat by nature."""
    is_prose: BoolArray = _IS_PROSE[kinds]
    return is_prose


def list_logs(most: int) -> ScoreArray:
    """List the natural logarithms that weights are made of, 0 for 0, up to most + 1."""
    return np.array([0.0, *(log(number) for number in range(1, most + 2))])


def combine(scores: DocumentScores) -> ScoreArray:
    """Combine c1 and sk into the score R of each row, in [0, 1]."""
    combined: ScoreArray = (2 * scores.parts[:, 0] + scores.parts[:, 1]) / 3
    return combined


def discount_long(n_terms: OffsetArray, config: RestatementConfig) -> ScoreArray:
    """Give what thresholds are multiplied with: less, the more content terms a paragraph has."""
    length = np.clip((n_terms - _SHORT_TERMS) / (_LONG_TERMS - _SHORT_TERMS), 0.0, 1.0)
    discounted: ScoreArray = 1.0 - config.long_discount * length
    return discounted


def choose_rows(
    corpus: Corpus, grouping: Grouping, max_paragraphs: int
) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs of every document of 2 to `max_paragraphs`, in reading order."""
    counts = np.bincount(corpus.document, minlength=corpus.n_documents)
    is_judged = (counts > 1) & (counts <= max_paragraphs)
    rows = np.flatnonzero(is_judged[corpus.document])
    _, texts = np.unique(corpus.tokens.prints[::2][rows], return_inverse=True)
    repeats = [
        _find_repeats(corpus.document[rows], groups)
        for groups in (grouping.canonicals[rows], texts.reshape(-1))
    ]
    rows = np.delete(rows, distinct(np.concatenate(repeats)))
    counts = np.bincount(corpus.document[rows], minlength=corpus.n_documents)
    rows = rows[counts[corpus.document[rows]] > 1]
    return rows, np.cumsum(counts[counts > 1])


def _find_repeats(documents: IndexArray, groups: IndexArray | OffsetArray) -> OffsetArray:
    """Give the paragraphs whose document has one of their group before them.

    Whichever of a group is kept, and whatever rules are in force: what is said again is said again.
    """
    _, firsts = np.unique(documents.astype(np.int64) << 32 | groups, return_index=True)
    repeats: OffsetArray = np.delete(np.arange(len(groups)), firsts)
    return repeats


def _are_variants(
    corpus: Corpus, verified: VerifiedPairs, rows: OffsetArray
) -> npt.NDArray[np.bool_]:
    """Tell which paragraphs are variants of an earlier one of their document, or of its copy.

    Verified pairs stand for all copies of both texts, so texts are looked up, not paragraphs.
    """
    prints = corpus.tokens.prints.reshape(-1, 2)
    is_variant = verified.relations == Relation.VARIANT
    partners: dict[bytes, set[bytes]] = {}
    for left, right in zip(
        prints[verified.lefts[is_variant]], prints[verified.rights[is_variant]], strict=True
    ):
        partners.setdefault(left.tobytes(), set()).add(right.tobytes())
        partners.setdefault(right.tobytes(), set()).add(left.tobytes())
    found = np.zeros(len(rows), np.bool_)
    for place, row in enumerate(rows.tolist() if partners else ()):
        others = partners.get(prints[row].tobytes(), set())
        first = int(np.searchsorted(corpus.document, corpus.document[row], "left"))
        found[place] = any(prints[n].tobytes() in others for n in range(first, row) if others)
    return found


def _bring_other_numbers(
    corpus: Corpus, terms: TermLists, rows: OffsetArray
) -> npt.NDArray[np.bool_]:
    """Tell who says other figures in the same words: most of its numbers, two or more, are new."""
    firsts = np.searchsorted(corpus.document, corpus.document[rows], "left")
    known: dict[int, tuple[int, set[int]]] = {}  # per document: rows read, their numbers
    found = []
    for row, first in zip(rows.tolist(), firsts.tolist(), strict=True):
        read, numbers = known.get(first, (first, set()))
        for earlier in range(read, row):
            numbers.update(find_numbers(terms, earlier))
        known[first] = (row, numbers)
        own = find_numbers(terms, row)
        n_new = len(own - numbers)
        found.append(n_new >= CLEAR_EXCHANGES and 2 * n_new > len(own))
    return np.array(found, np.bool_)


def find_numbers(terms: TermLists, row: int) -> set[int]:
    """Give the distinct numbers among a paragraph's terms."""
    own = terms.row(row)
    numbers: set[int] = set(own[own & TERM_NUMBER > 0].tolist())
    return numbers


def _choose_thresholds(corpus: Corpus, kinds: ByteArray, config: RestatementConfig) -> ScoreArray:
    """Give each document its threshold: a higher one where it is a reference."""
    strict = max(config.strict_score, config.min_score)
    if config.strict:
        return np.full(corpus.n_documents, strict)
    return np.where(find_references(corpus, kinds, config), strict, config.min_score)


def find_references(corpus: Corpus, kinds: ByteArray, config: RestatementConfig) -> BoolArray:
    """Tell which documents are of reference style: many paragraphs, or many tables and code.

    Args:
        corpus: All paragraphs.
        kinds: `BlockKind` of each, as far as it is known.
        config: What many are.
    """
    sizes = np.bincount(corpus.document, minlength=corpus.n_documents)
    n_blocks = np.zeros(corpus.n_documents, np.int64)
    n_reference = np.zeros(corpus.n_documents, np.int64)
    for row, batch in enumerate(corpus.batches):
        first, end = corpus.first_documents[row : row + 2]
        parted = batch.kinds != BlockKind.TEXT  # a TEXT block is counted by its paragraphs
        document = batch.document[parted]
        n_blocks[first:end] += np.bincount(document, minlength=end - first)
        is_reference = _IS_REFERENCE[batch.kinds[parted]]
        n_reference[first:end] += np.bincount(document[is_reference], minlength=end - first)
    is_reference = _IS_REFERENCE[kinds]
    n_reference += np.bincount(corpus.document[is_reference], minlength=corpus.n_documents)
    n_blocks = np.maximum(n_blocks, sizes)
    references: BoolArray = (sizes > config.reference_paragraphs) | (
        n_reference > config.reference_share * n_blocks
    )
    return references


def gather(
    scores: DocumentScores, rows: OffsetArray, chosen: OffsetArray, terms: TermLists
) -> Restatements:
    """Gather the scores of some rows and the sources of their sentences.

    Args:
        scores: What the engine gave for `rows`.
        rows: The paragraphs scored.
        chosen: Places in `rows`.
        terms: The content terms of all paragraphs.
    """
    counts = np.diff(terms.row_ends, prepend=0)[rows]
    begins = np.cumsum(counts) - counts
    sentences = spread_ranges(begins[chosen], counts[chosen])
    owners = np.repeat(np.arange(len(rows)), counts)

    def locate(found: IndexArray) -> tuple[IndexArray, IndexArray]:
        wanted = found[sentences]
        owner = owners[np.maximum(wanted, 0)] if len(owners) else wanted
        paragraph = np.where(wanted >= 0, rows[owner], -1)
        sentence = np.where(wanted >= 0, wanted - begins[owner], -1)
        return paragraph.astype(np.int32), sentence.astype(np.int32)

    return Restatements(
        rows[chosen].astype(np.int32),
        np.empty(len(chosen), np.uint8),
        combine(scores)[chosen],
        scores.parts[chosen, 2],
        np.zeros(len(chosen), np.uint8),
        np.cumsum(counts[chosen]),
        *locate(scores.firsts),
        *locate(scores.seconds),
        scores.shares[sentences],
        languages=terms.languages,
    )
