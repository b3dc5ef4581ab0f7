"""Decide which paragraphs of a run are removed, so that removing again would remove nothing more.

A corpus comes in; the paragraphs to remove go out, each with what it says again and why.

A run is judged in rounds: what is left after one round is judged anew, until nothing more is found.
For weights and candidates hang on the whole corpus: with a paragraph gone, another may come over
a threshold. Two rounds are the rule, the second of which finds nothing.

Nothing is removed on the word of something that goes too: a paragraph whose source was removed in
the same round, or that is the source of one, waits for the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dedup.config import RULE_OF_RELATION, Config
from dedup.execution import Run
from dedup.model import Corpus, OffsetArray, Relation, TokenLists
from dedup.pipeline import compare_corpus
from dedup.report import Report
from dedup.sources import list_sources, rank_sources

_ALWAYS: Final = ("DUP006", "DUP007", "DUP900")  # what says something of its own is set apart
_GROUPED: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.BOILERPLATE)


@dataclass(frozen=True, slots=True)
class Removal:
    """A paragraph that is removed: its number, how it stands to those that stay, and how much."""

    number: int
    relation: Relation
    score: float
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is removed, by paragraph number, and what the last round still found.

    `named` are all paragraphs on whose word another goes, those that go themselves among them.
    """

    removals: dict[int, Removal]
    left: Report
    named: frozenset[int]

    @property
    def numbers(self) -> OffsetArray:
        """Give the paragraphs that are removed, sorted."""
        return np.array(sorted(self.removals), np.int64)

    def kept_for(self, number: int) -> int:
        """Give the paragraph that stays in the place of one, or itself where it stays."""
        while number in self.removals:
            number = self.removals[number].sources[0]
        return number


def name_rules(relations: tuple[str, ...]) -> tuple[str, ...]:
    """Give the rules that find the relations to remove, and those that set others apart."""
    return tuple(sorted({*(RULE_OF_RELATION[name] for name in relations), *_ALWAYS}))


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
    removals: dict[int, Removal] = {}
    kept, n_rounds = np.arange(len(corpus)), 0
    while True:
        run.storage.begin_round(n_rounds)
        n_rounds += 1
        part = corpus if len(kept) == len(corpus) else corpus.take(kept)
        units = None if spelled is None else spelled.take(kept)
        report = compare_corpus((part, units), run)
        found = [
            replace(removal, number=int(kept[removal.number]), sources=_name(kept, removal))
            for removal in choose_removals(report, relations)
        ]
        if not found and "identical" in relations:
            found = list(_find_companions(corpus, removals, run))
        if not found:
            named = frozenset(source for each in removals.values() for source in each.sources)
            return Decisions(removals, report, named)
        removals.update((removal.number, removal) for removal in found)
        kept = np.setdiff1d(kept, [removal.number for removal in found], assume_unique=True)


def _find_companions(corpus: Corpus, removals: dict[int, Removal], run: Run) -> Iterator[Removal]:
    """Find the short paragraphs of documents of which nothing else stays, if all stand elsewhere.

    "Read more" is no evidence; but where all that is compared of an entry goes, and its short
    paragraphs are said word for word in a document that stays, the entry says nothing of its own.
    """
    is_removed = np.zeros(len(corpus), np.bool_)
    is_removed[list(removals)] = True
    is_long = corpus.tokens.sizes >= run.config.paragraphs.min_words
    staying = np.bincount(corpus.document[is_long & ~is_removed], minlength=corpus.n_documents)
    going = np.bincount(corpus.document[is_removed], minlength=corpus.n_documents)
    is_emptied = (staying == 0) & (going > 0)
    prints = corpus.tokens.prints.reshape(-1, 2)
    shorts = np.flatnonzero(~is_long & ~is_removed)
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


def _name(kept: OffsetArray, removal: Removal) -> tuple[int, ...]:
    return tuple(int(kept[source]) for source in removal.sources)


def choose_removals(report: Report, relations: tuple[str, ...]) -> Iterator[Removal]:
    """Choose what one round removes: members of groups first, then directed findings in order."""
    wanted = {relation for relation in Relation if relation.label in relations}
    removed, needed = set[int](), set[int]()
    for removal in [*_choose_members(report, wanted), *_choose_directed(report, wanted)]:
        is_free = removal.number not in removed and removal.number not in needed
        if is_free and removed.isdisjoint(removal.sources):
            removed.add(removal.number)
            needed.update(removal.sources)
            yield removal


def _choose_members(report: Report, wanted: set[Relation]) -> Iterator[Removal]:
    grouping = report.grouping
    chosen = np.isin(grouping.relations, [each for each in _GROUPED if each in wanted])
    for number in np.flatnonzero(chosen).tolist():
        canonical = int(grouping.canonicals[number])
        relation = Relation(int(grouping.relations[number]))
        yield Removal(number, relation, float(grouping.resemblance[number]), (canonical,))


def _choose_directed(report: Report, wanted: set[Relation]) -> Iterator[Removal]:
    """Give what is contained, then rewritten, then restated, those near a threshold left out."""
    if Relation.CONTAINED in wanted:
        for number, source, score, _ in report.best_pairs(Relation.CONTAINED):
            yield Removal(number, Relation.CONTAINED, score, (source,))
    found = report.restatements
    for relation in (Relation.REWRITTEN, Relation.RESTATED):
        chosen = (found.relations == relation) & (found.are_near == 0) & (relation in wanted)
        for row in np.flatnonzero(chosen).tolist():
            sources = rank_sources(list_sources(found, row))
            yield Removal(int(found.numbers[row]), relation, float(found.scores[row]), sources)


def rules_in_force(config: Config, relations: tuple[str, ...]) -> Config:
    """Give the settings of a run that removes these relations; text is read a second time."""
    run = replace(config.run, rules=name_rules(relations), keep_text=False)
    return replace(config, run=run)
