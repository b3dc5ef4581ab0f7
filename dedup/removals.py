"""Decide which paragraphs of a run are removed, so that removing again would remove nothing more.

A corpus comes in; the paragraphs to remove go out, each with what it says again and why.

A run is judged in rounds: what is left after one round is judged anew, until nothing more is found.
For weights and candidates hang on the whole corpus: with a paragraph gone, another may come over
a threshold. Two rounds are the rule, the second of which finds nothing. What one round removes is
chosen in `dedup.choosing`.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from dedup.choosing import Removal, Removals, choose_removals, name_rules
from dedup.config import Config
from dedup.execution import Run
from dedup.model import BoolArray, Corpus, IndexArray, OffsetArray, Relation, TokenLists
from dedup.pipeline import compare_corpus
from dedup.report import Report
from dedup.scratch import Scratch
from dedup.subsets import take_paragraphs, take_tokens


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decisions:
    """What is removed, by paragraph number, and what the last round still found.

    Attributes:
        removals: The paragraphs that go.
        left: What the last round found.
        is_named: On whose word another goes, those that go themselves among them; of every
            paragraph.
        stays: For each paragraph the one that stays in its place, or itself.
    """

    removals: Removals
    left: Report
    is_named: BoolArray
    stays: IndexArray

    @property
    def numbers(self) -> OffsetArray:
        """Give the paragraphs that are removed, sorted."""
        return self.removals.numbers

    def kept_for(self, number: int) -> int:
        """Give the paragraph that stays in the place of one, or itself where it stays."""
        return int(self.stays[number])


def decide_removals(
    corpus: Corpus, spelled: TokenLists | None, relations: tuple[str, ...], run: Run
) -> Decisions:
    """Judge a corpus until nothing more is to be removed.

    Args:
        corpus: All paragraphs, with texts where a relation asks for content terms.
        spelled: What shingles are made of where that is not the corpus' tokens.
        relations: Names of the relations to remove.
        run: Its settings, of which the rules are those of `name_rules`.
    """
    is_left, removals = np.ones(len(corpus), np.bool_), Removals.of_some([])
    left, kept = compare_corpus((corpus, spelled), run), np.arange(0)
    for n_rounds in count(1):
        found = choose_removals(left, relations)
        if n_rounds > 1:
            found = found.number(kept)
        if not found and "identical" in relations:
            found = Removals.of_some(list(_find_companions(corpus, is_left, run)))
        if not found:
            break
        removals = Removals.chain([removals, found])
        is_left[found.numbers] = False
        kept = np.flatnonzero(is_left)
        del left, found
        left = _judge_again(corpus, spelled, kept, _begin_round(run, n_rounds))
    return _decide(removals, left, len(corpus))


def _decide(removals: Removals, left: Report, n_paragraphs: int) -> Decisions:
    """Sum up: who is named, and who stays in the end for each that goes for one that goes."""
    is_named, stays = np.zeros(n_paragraphs, np.bool_), np.arange(n_paragraphs, dtype=np.int32)
    is_named[removals.sources] = True
    stays[removals.numbers] = removals.first_sources
    while True:
        further = stays[stays[removals.numbers]]
        if np.array_equal(further, stays[removals.numbers]):
            return Decisions(removals, left, is_named, stays)
        stays[removals.numbers] = further


def _begin_round(run: Run, number: int) -> Run:
    """Give the run of a later round: its stages stay in a named folder, else they go with it."""
    if run.storage.is_resumable:
        run.storage.begin_round(number)
        return run
    later = copy(run)
    later.storage = Scratch(run.storage)
    return later


def _judge_again(corpus: Corpus, spelled: TokenLists | None, kept: OffsetArray, run: Run) -> Report:
    """Judge what is left."""
    units = None if spelled is None else take_tokens(spelled, kept, run.storage, "left.units")
    return compare_corpus((take_paragraphs(corpus, kept, run.storage), units), run)


def _find_companions(corpus: Corpus, is_left: BoolArray, run: Run) -> Iterator[Removal]:
    """Find the short paragraphs of documents of which nothing else stays, if all stand elsewhere.

    "Read more" is no evidence; but where all that is compared of an entry goes, and its short
    paragraphs are said word for word in a document that stays, the entry says nothing of its own.
    """
    is_long = corpus.tokens.sizes >= run.config.paragraphs.min_words
    is_staying, is_going = (np.zeros(corpus.n_documents, np.bool_) for _ in range(2))
    is_staying[corpus.document[is_long & is_left]] = True
    is_going[corpus.document[~is_left]] = True
    is_emptied = is_going & ~is_staying
    prints = corpus.tokens.prints.reshape(-1, 2)
    shorts = np.flatnonzero(~is_long & is_left)
    rest = shorts[is_emptied[corpus.document[shorts]]]
    held: dict[bytes, int] = {}
    for number in shorts[~is_emptied[corpus.document[shorts]]][::-1].tolist() if len(rest) else ():
        held[prints[number].tobytes()] = number
    starts = np.flatnonzero(np.diff(corpus.document[rest], prepend=-1))
    for part in np.split(rest, starts[1:]):
        sources = [held.get(prints[number].tobytes()) for number in part.tolist()]
        for number, source in zip(part.tolist(), sources, strict=True):
            if source is not None and None not in sources:
                yield Removal(number, Relation.IDENTICAL, 1.0, (source,))


def rules_in_force(config: Config, relations: tuple[str, ...]) -> Config:
    """Give the settings of a run that removes these relations; text is read a second time."""
    run = replace(config.run, rules=name_rules(relations), keep_text=False)
    return replace(config, run=run)
