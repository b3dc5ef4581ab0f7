"""Score the paragraphs that may say others again, and gather who said each of their sentences.

Kept paragraphs and pairs that may be rewritten come in; restatements go out: who restates what its
document said before, and who is rewritten from one paragraph of any. Documents and pairs are scored
in blocks, each by itself; of a block only what is found is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from dedup.anchors import count_rows_at_once
from dedup.content import open_wording, word_paragraphs
from dedup.execution import Run
from dedup.model import (
    BoolArray,
    ByteArray,
    Corpus,
    Grouping,
    OffsetArray,
    Restatements,
    TermLists,
    VerifiedPairs,
    Wording,
)
from dedup.restatement import choose_rows, end_documents, find_restatements, list_variants
from dedup.rewording import cut_for, place_in_order
from dedup.rewriting import JudgedPairs, NumberPairs, form_stars, judge_rewriting, quote_pairs
from dedup.scratch import NO_LIMIT, Scratch
from dedup.storage import Storage
from dedup.tables import ColumnTypes, GrowingTable, open_table

_PARAGRAPHS_AT_ONCE: Final = 1 << 15  # of documents that are scored together
_JUDGED: Final[ColumnTypes] = {
    "lefts": np.int32,
    "rights": np.int32,
    "scores": np.float64,
    "are_far": np.uint8,
}
_FOUND: Final[ColumnTypes] = {
    "numbers": np.int32,
    "relations": np.uint8,
    "scores": np.float64,
    "dice": np.float64,
    "are_near": np.uint8,
    "ends": np.int64,
    "sources": np.int32,
    "source_sentences": np.int32,
    "seconds": np.int32,
    "second_sentences": np.int32,
    "shares": np.float64,
}


class _GrowingRestatements:
    """Restatements that grow at their end, in columns of a storage."""

    def __init__(self, storage: Storage, name: str, languages: ByteArray) -> None:
        self._table, self._languages = GrowingTable(storage, name, _FOUND), languages
        self._n_sentences = 0

    def append(self, found: Restatements) -> None:
        """Put paragraphs behind those held."""
        columns = {name: getattr(found, name) for name in _FOUND}
        columns["ends"] = found.ends + self._n_sentences
        columns["shares"] = found.shares.reshape(-1)
        self._table.append(**columns)
        self._n_sentences += len(found.sources)

    def finish(self, **counts: int) -> Restatements:
        """Give all of them, with what was counted."""
        return _make(self._table.finish(), self._languages, counts)


def _make(columns: dict[str, Any], languages: ByteArray, counts: dict[str, int]) -> Restatements:
    both: dict[str, Any] = {**columns, **counts, "shares": columns["shares"].reshape(-1, 2)}
    return Restatements(**both, languages=languages)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutParagraphs:
    """The paragraphs that are scored, cut into sentences.

    Attributes:
        wording: Their kinds and content terms.
        is_restatable: Which paragraphs of the run are of documents that may restate themselves.
    """

    wording: Wording
    is_restatable: BoolArray


def cut_sentences(
    corpus: Corpus, grouping: Grouping, pairs: NumberPairs, run: Run
) -> CutParagraphs:
    """Cut the paragraphs that are scored into sentences; after it no text is needed.

    Args:
        corpus: All paragraphs, with their texts and languages.
        grouping: Who joined whom.
        pairs: Those that may be rewritten.
        run: Its settings, engine and storage.
    """
    config, storage = run.config.restatement, run.storage
    with run.stage("sentences"):
        facts = storage.load("sentences")
        if facts is not None and facts["n_scored"]:
            is_restatable = storage.open_column("is_restatable", np.bool_)
            return CutParagraphs(open_wording(corpus, storage), is_restatable)
        is_restatable = _mark_restatable(corpus, grouping, run)
        is_scored = is_restatable.copy()
        for part in cut_for(run, pairs):
            for side in pairs:
                is_scored[side[part]] = True
        numbers = np.flatnonzero(is_scored)
        wording = word_paragraphs(corpus, numbers, config, run.engine, storage)
        is_restatable = storage.keep("is_restatable", is_restatable)
        storage.commit("sentences", {"n_scored": len(numbers)})
    return CutParagraphs(wording, is_restatable)


def _mark_restatable(corpus: Corpus, grouping: Grouping, run: Run) -> BoolArray:
    """Mark the paragraphs of the documents that may restate themselves, where that is asked."""
    config, is_restatable = run.config, np.zeros(len(corpus), np.bool_)
    if "DUP005" in config.run.rules and config.paragraphs.within != "corpus":
        for part in _cut_documents(corpus, run):
            rows, _ = choose_rows(corpus, grouping, config.restatement.max_paragraphs, part)
            is_restatable[rows] = True
    return is_restatable


def _cut_documents(corpus: Corpus, run: Run) -> Iterator[range]:
    """Cut the paragraphs of a run into blocks of whole documents; pages are let go between."""
    at_once = min(_PARAGRAPHS_AT_ONCE, count_rows_at_once(run.storage.block_bytes))
    begin = 0
    while begin < len(corpus):
        last = int(corpus.document[min(begin + at_once, len(corpus)) - 1])
        end = corpus.first_paragraph(last + 1)
        yield range(begin, end)
        run.storage.forget_pages()
        begin = end


def find_reworded(
    corpus: Corpus,
    cut: CutParagraphs,
    verified: VerifiedPairs,
    found: tuple[OffsetArray, NumberPairs],
    run: Run,
) -> Restatements:
    """Find who restates within documents, and who is rewritten from one paragraph of any.

    Args:
        corpus: All paragraphs; their texts play no part.
        cut: Those that are scored.
        verified: Verified pairs, as paragraph numbers.
        found: The paragraphs that are kept, in canonical order, and the pairs that are open.
        run: Its settings, engine and storage.
    """
    storage, (kept, pairs), terms = run.storage, found, cut.wording.terms
    counts = storage.load("reworded")
    if counts is not None:
        return _make(open_table(storage, "reworded", _FOUND), terms.languages, counts)
    with run.stage("restated"):
        restated = _find_restated(corpus, cut, verified, run)
    with run.stage("rewritten"):
        judged = _judge(corpus, cut.wording, pairs, run)
        stars, are_near = form_stars(judged, place_in_order(kept, len(corpus)), run.engine)
        table = _GrowingRestatements(storage, "reworded", terms.languages)
        for part in _quote(terms, (stars, are_near), restated, run):
            table.append(part)
        counts = {
            "n_short": restated.n_short,
            "n_listed": restated.n_listed,
            "n_candidates": judged.n_scored,
        }
        reworded = table.finish(**counts)
        storage.commit("reworded", counts)
    return reworded


def _find_restated(
    corpus: Corpus, cut: CutParagraphs, verified: VerifiedPairs, run: Run
) -> Restatements:
    """Find who restates, a block of documents at a time."""
    using, is_restatable = (run.config, run.engine), cut.is_restatable
    languages = cut.wording.terms.languages
    table = _GrowingRestatements(Scratch(run.storage), "restated", languages)
    variants = list_variants(corpus, verified) if is_restatable.any() else {}
    n_short = n_listed = 0
    for part in _cut_documents(corpus, run):
        rows = part.start + np.flatnonzero(is_restatable[part.start : part.stop])
        if len(rows):
            places = rows, end_documents(corpus.document[rows])
            found = find_restatements(corpus, cut.wording, places, variants, using)
            table.append(found)
            n_short, n_listed = n_short + found.n_short, n_listed + found.n_listed
        run.advance("restated", part.stop, len(corpus))
    return table.finish(n_short=n_short, n_listed=n_listed)


def _judge(corpus: Corpus, wording: Wording, pairs: NumberPairs, run: Run) -> JudgedPairs:
    """Score the open pairs, and keep those that count."""
    config, engine = run.config.restatement, run.engine
    table, n_scored = GrowingTable(Scratch(run.storage), "judged", _JUDGED), 0

    def judge(part: slice) -> tuple[int, JudgedPairs]:
        sides = pairs[0][part], pairs[1][part]
        return part.stop, judge_rewriting(corpus.document, wording, sides, config, engine)

    for n_done, found in run.map(judge, cut_for(run, pairs)):
        table.append(**{name: getattr(found, name) for name in _JUDGED})
        n_scored += found.n_scored
        run.advance("rewritten", n_done, len(pairs[0]), "pair")
    return JudgedPairs(**table.finish(), n_scored=n_scored)


def _quote(
    terms: TermLists,
    found: tuple[NumberPairs, ByteArray],
    restated: Restatements,
    run: Run,
) -> Iterator[Restatements]:
    """Give who is rewritten and who restates, in order, for one block of paragraphs after another.

    The pairs of a block are scored once more, for the sources of their sentences.
    """
    stars, are_near = found
    at_once = count_rows_at_once(run.storage.block_bytes)
    edges = np.arange(0, len(terms) + at_once, at_once)
    star_bounds, bounds = (
        np.searchsorted(numbers, edges).tolist() for numbers in (stars[1], restated.numbers)
    )
    for number in range(len(edges) - 1):
        part = slice(*star_bounds[number : number + 2])
        quoted = _quote_block(terms, (stars[0][part], stars[1][part]), run)
        quoted = replace(quoted, are_near=are_near[part])
        yield quoted.join(restated.take(np.arange(*bounds[number : number + 2])))


def _quote_block(terms: TermLists, stars: NumberPairs, run: Run) -> Restatements:
    """Quote the stars whose rewritten paragraphs are neighbours, and give these in order."""
    table = _GrowingRestatements(Storage(NO_LIMIT), "quoted", terms.languages)
    order = np.argsort(stars[0], kind="stable")
    pairs = stars[0][order], stars[1][order]
    for part in cut_for(run, pairs):
        table.append(quote_pairs(terms, (pairs[0][part], pairs[1][part]), run.engine))
    quoted = table.finish()
    return quoted.take(np.argsort(quoted.numbers))
