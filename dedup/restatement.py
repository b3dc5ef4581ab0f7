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
from typing import Final, TypeAlias

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
Variants: TypeAlias = dict[bytes, set[bytes]]
_SHORT_TERMS, _LONG_TERMS = 20, 60  # content terms between which the threshold falls
CLEAR_EXCHANGES: Final = 2  # so many other numbers are other facts
SENSITIVE_MARGIN: Final = 0.10  # so far under its threshold a score is shown on demand


def find_restatements(
    corpus: Corpus,
    wording: Wording,
    places: tuple[OffsetArray, OffsetArray],
    variants: Variants,
    using: tuple[Config, Engine],
) -> Restatements:
    """Find the restating paragraphs of some documents, each of which is judged by itself.

    Args:
        corpus: All paragraphs.
        wording: The kinds and content terms of those in `places`.
        places: What `choose_rows` gave for the documents.
        variants: What `list_variants` gave: their facts are new, so they are not judged.
        using: The thresholds, and where the loops run.
    """
    config, engine = using[0].restatement, using[1]
    rows, document_ends = places
    is_prose, n_terms = find_prose(wording.kinds[rows]), wording.terms.count_terms(rows)
    is_long = n_terms >= config.min_terms
    is_judged = is_prose & is_long
    judged = np.where(is_judged, QUOTED, UNJUDGED).astype(np.uint8)
    logs = list_logs(int(np.diff(document_ends, prepend=0).max(initial=0)))
    scores = engine.score_documents(wording.terms, rows, document_ends, judged, logs)
    total = combine(scores)
    is_strict = wording.is_reference[corpus.document[rows]] | config.strict
    thresholds = np.where(is_strict, max(config.strict_score, config.min_score), config.min_score)
    thresholds *= discount_long(n_terms, config)
    margin = SENSITIVE_MARGIN if config.sensitive else 0.0
    chosen = np.flatnonzero(is_judged & (total >= thresholds - margin) & (total > 0))
    chosen = chosen[~_are_variants(corpus, variants, rows[chosen])]
    chosen = chosen[~_bring_other_numbers(corpus, wording.terms, rows[chosen])]
    is_worded = corpus.tokens.ends[rows] > corpus.tokens.starts[rows]
    return replace(
        gather(scores, rows, chosen, wording.terms),
        relations=np.full(len(chosen), Relation.RESTATED, np.uint8),
        are_near=(total[chosen] < thresholds[chosen]).astype(np.uint8),
        n_short=int(np.count_nonzero(is_prose & ~is_long & is_worded)),
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
    corpus: Corpus, grouping: Grouping, max_paragraphs: int, part: range | None = None
) -> tuple[OffsetArray, OffsetArray]:
    """Give the paragraphs of documents of 2 to `max_paragraphs`, in reading order.

    Args:
        corpus: All paragraphs.
        grouping: Who joined whom: what is said again word by word is left out.
        max_paragraphs: How many a document may have.
        part: Paragraphs of whole documents that are looked at; None: all.

    Returns:
        Their numbers, and where those of each document end.
    """
    part = range(len(corpus)) if part is None else part
    documents = corpus.document[part.start : part.stop]
    documents = documents - (documents[0] if part else 0)
    counts = np.bincount(documents)[documents]
    chosen = np.flatnonzero((counts > 1) & (counts <= max_paragraphs))
    _, texts = np.unique(corpus.tokens.prints[2 * (part.start + chosen)], return_inverse=True)
    canonicals = grouping.canonicals[part.start + chosen]
    repeats = [
        _find_repeats(documents[chosen], groups) for groups in (canonicals, texts.reshape(-1))
    ]
    chosen = np.delete(chosen, distinct(np.concatenate(repeats)))
    chosen = chosen[np.bincount(documents[chosen], minlength=1)[documents[chosen]] > 1]
    return part.start + chosen, end_documents(documents[chosen])


def end_documents(documents: IndexArray) -> OffsetArray:
    """Give where the paragraphs of each document end, of paragraphs in reading order."""
    ends: OffsetArray = np.flatnonzero(np.diff(documents, append=-1)) + 1
    return ends


def _find_repeats(documents: IndexArray, groups: IndexArray | OffsetArray) -> OffsetArray:
    """Give the paragraphs whose document has one of their group before them.

    Whichever of a group is kept, and whatever rules are in force: what is said again is said again.
    """
    _, firsts = np.unique(documents.astype(np.int64) << 32 | groups, return_index=True)
    repeats: OffsetArray = np.delete(np.arange(len(groups)), firsts)
    return repeats


def list_variants(corpus: Corpus, verified: VerifiedPairs) -> Variants:
    """Give, for the text of each paragraph that has variants, their texts, by their fingerprints.

    Verified pairs (paragraph numbers) stand for all copies of both texts, so texts are looked up.
    """
    prints = corpus.tokens.prints.reshape(-1, 2)
    is_variant = verified.relations == Relation.VARIANT
    variants: Variants = {}
    for left, right in zip(
        prints[verified.lefts[is_variant]], prints[verified.rights[is_variant]], strict=True
    ):
        variants.setdefault(left.tobytes(), set()).add(right.tobytes())
        variants.setdefault(right.tobytes(), set()).add(left.tobytes())
    return variants


def _are_variants(corpus: Corpus, variants: Variants, rows: OffsetArray) -> npt.NDArray[np.bool_]:
    """Tell which paragraphs are variants of an earlier one of their document, or of its copy."""
    prints = corpus.tokens.prints.reshape(-1, 2)
    found = np.zeros(len(rows), np.bool_)
    for place, row in enumerate(rows.tolist() if variants else ()):
        others = variants.get(prints[row].tobytes(), set())
        first = corpus.first_paragraph(int(corpus.document[row]))
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


def find_references(
    documents: IndexArray | OffsetArray,
    kinds: ByteArray,
    blocks: tuple[IndexArray, ByteArray],
    n_documents: int,
    config: RestatementConfig,
) -> BoolArray:
    """Tell which documents are of reference style: many paragraphs, or many tables and code.

    Args:
        documents: The document of each paragraph, from 0.
        kinds: `BlockKind` of each, as far as it is known; else 0.
        blocks: The documents and kinds of the blocks that readers gave.
        n_documents: How many documents there are.
        config: What many are.
    """
    sizes = np.bincount(documents, minlength=n_documents)
    is_parted = blocks[1] != BlockKind.TEXT  # a TEXT block is counted by its paragraphs
    n_blocks = np.bincount(blocks[0][is_parted], minlength=n_documents)
    tables = documents[_IS_REFERENCE[kinds]], blocks[0][_IS_REFERENCE[blocks[1]]]
    n_reference = np.bincount(np.concatenate(tables), minlength=n_documents)
    references: BoolArray = (sizes > config.reference_paragraphs) | (
        n_reference > config.reference_share * np.maximum(sizes, n_blocks)
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
    counts = terms.count_sentences(rows)
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
