"""Choose what one round of a cleaning removes, each paragraph with what it says again and why.

A report comes in, removals go out as columns: a corpus of ten million paragraphs loses more than a
million of them.

Nothing is removed on the word of something that goes too: a paragraph whose source was removed in
the same round, or that is the source of one, waits for the next; and nothing is removed on nobody's
word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dedup.config import RULE_OF_RELATION
from dedup.model import (
    ByteArray,
    OffsetArray,
    Relation,
    ScoreArray,
    spread_ranges,
)
from dedup.report import Report
from dedup.sources import list_sources, rank_sources

_ALWAYS: Final = ("DUP006", "DUP007", "DUP900")  # what says something of its own is set apart
_GROUPED: Final = (Relation.IDENTICAL, Relation.NEAR_DUPLICATE, Relation.BOILERPLATE)
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Removal:
    """A paragraph that is removed: its number, how it stands to those that stay, and how much."""

    number: int
    relation: Relation
    score: float
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Removals(Mapping[int, Removal]):
    """Paragraphs that are removed, by number.

    Attributes:
        numbers: The paragraphs, sorted; each once.
        relations, scores: Of each.
        ends: Where the sources of each end.
        sources: Paragraphs, one at least for each that is removed, the best first.
    """

    numbers: OffsetArray
    relations: ByteArray
    scores: ScoreArray
    ends: OffsetArray
    sources: OffsetArray

    @classmethod
    def of_single(
        cls, numbers: OffsetArray, sources: OffsetArray, relations: ByteArray, scores: ScoreArray
    ) -> "Removals":
        """Give removals of one source each, in any order."""
        order = np.argsort(numbers)
        ends = np.arange(1, len(order) + 1)
        return cls(numbers[order], relations[order], scores[order], ends, sources[order])

    @classmethod
    def of_some(cls, removals: Sequence[Removal]) -> "Removals":
        """Give removals that are few, in any order."""
        ordered = sorted(removals, key=lambda removal: removal.number)
        sources = [source for removal in ordered for source in removal.sources]
        return cls(
            np.array([removal.number for removal in ordered], np.int64),
            np.array([removal.relation for removal in ordered], np.uint8),
            np.array([removal.score for removal in ordered], np.float64),
            np.cumsum([len(removal.sources) for removal in ordered], dtype=np.int64),
            np.array(sources, np.int64),
        )

    @classmethod
    def chain(cls, parts: Sequence["Removals"]) -> "Removals":
        """Give all that several hold, none of them the same paragraph."""
        numbers = np.concatenate([part.numbers for part in parts])
        order = np.argsort(numbers)
        counts = np.concatenate([np.diff(part.ends, prepend=0) for part in parts])
        ends = np.cumsum(counts)
        places = spread_ranges((ends - counts)[order], counts[order])
        return cls(
            numbers[order],
            np.concatenate([part.relations for part in parts])[order],
            np.concatenate([part.scores for part in parts])[order],
            np.cumsum(counts[order]),
            np.concatenate([part.sources for part in parts])[places],
        )

    def __len__(self) -> int:
        """Give how many paragraphs are removed."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[int]:
        """Give their numbers, sorted."""
        for begin in range(0, len(self), _AT_ONCE):
            yield from self.numbers[begin : begin + _AT_ONCE].tolist()

    def __getitem__(self, number: int) -> Removal:
        """Give why a paragraph is removed."""
        place = int(np.searchsorted(self.numbers, number))
        if place == len(self) or self.numbers[place] != number:
            raise KeyError(number)
        begin = self.ends[place - 1] if place else 0
        sources = tuple(self.sources[begin : self.ends[place]].tolist())
        relation = Relation(int(self.relations[place]))
        return Removal(number, relation, float(self.scores[place]), sources)

    @property
    def first_sources(self) -> OffsetArray:
        """Give the best source of each."""
        begins = np.concatenate([np.zeros(1, np.int64), self.ends])[:-1]
        firsts: OffsetArray = self.sources[begins]
        return firsts

    def number(self, rows: OffsetArray) -> "Removals":
        """Give the same of other paragraphs: `rows` has the new number of each, and rises."""
        return replace(self, numbers=rows[self.numbers], sources=rows[self.sources])


def name_rules(relations: tuple[str, ...]) -> tuple[str, ...]:
    """Give the rules that find the relations to remove, and those that set others apart."""
    return tuple(sorted({*(RULE_OF_RELATION[name] for name in relations), *_ALWAYS}))


def choose_removals(report: Report, relations: tuple[str, ...]) -> Removals:
    """Choose what one round removes: members of groups first, then directed findings in order.

    Args:
        report: What the round found.
        relations: Names of the relations to remove.
    """
    wanted = {relation for relation in Relation if relation.label in relations}
    members = _choose_members(report, wanted)
    walk = _Walk(len(report.corpus), members)
    found = [members]
    if Relation.CONTAINED in wanted:
        found.append(walk.choose(Relation.CONTAINED, *_list_contained(report)))
    if Relation.REWRITTEN in wanted:
        found.append(walk.choose(Relation.REWRITTEN, *_list_rewritten(report)))
    if Relation.RESTATED in wanted:
        found.append(Removals.of_some(list(walk.choose_restated(report))))
    return Removals.chain(found)


def _choose_members(report: Report, wanted: set[Relation]) -> Removals:
    """Choose the members of groups; a canonical is none of them, so all of them are free."""
    grouping = report.grouping
    is_wanted = np.zeros(len(Relation), np.bool_)
    is_wanted[[each for each in _GROUPED if each in wanted]] = True
    numbers = np.flatnonzero(is_wanted[grouping.relations])
    return Removals.of_single(
        numbers,
        grouping.canonicals[numbers].astype(np.int64),
        grouping.relations[numbers],
        grouping.resemblance[numbers],
    )


def _list_contained(report: Report) -> tuple[OffsetArray, OffsetArray, ScoreArray]:
    """Give who is contained, in which paragraph and how much: the best pair of each.

    Ties go to the lowest number, and they come in the order in which `Report.best_pairs` has them.
    """
    pairs, tokens = report.pairs, report.corpus.tokens
    rows = np.flatnonzero(pairs.relations == Relation.CONTAINED)
    lefts, rights = pairs.lefts[rows].astype(np.int64), pairs.rights[rows].astype(np.int64)
    left_sizes, right_sizes = (tokens.ends[side] - tokens.starts[side] for side in (lefts, rights))
    is_left = left_sizes < right_sizes
    shorter, longer = np.where(is_left, lefts, rights), np.where(is_left, rights, lefts)
    scores = np.where(is_left, pairs.left_containment[rows], pairs.right_containment[rows])
    best = np.lexsort((longer, -scores, shorter))
    best = best[np.diff(shorter[best], prepend=-1) != 0]
    _, firsts = np.unique(shorter, return_index=True)
    best = best[np.argsort(firsts)]
    return shorter[best], longer[best], scores[best]


def _list_rewritten(report: Report) -> tuple[OffsetArray, OffsetArray, ScoreArray]:
    """Give who is rewritten, from which paragraph and how much; near a threshold is not enough.

    A pair that shares its terms but no sentence names no source.
    """
    found = report.restatements
    begins = np.concatenate([np.zeros(1, np.int64), found.ends])[:-1]
    sources = np.maximum.reduceat(found.sources, begins) if len(found) else found.sources
    is_sure = (found.relations == Relation.REWRITTEN) & (found.are_near == 0) & (sources >= 0)
    chosen = np.flatnonzero(is_sure)
    numbers = found.numbers[chosen].astype(np.int64)
    return numbers, sources[chosen].astype(np.int64), found.scores[chosen]


class _Walk:
    """Walks over what is directed, and knows who goes already and who is named."""

    def __init__(self, n_paragraphs: int, members: Removals) -> None:
        is_removed, is_needed = (np.zeros(n_paragraphs, np.uint8) for _ in range(2))
        is_removed[members.numbers], is_needed[members.sources] = 1, 1
        self._is_removed = bytearray(is_removed.tobytes())  # ten times as quick, one by one
        self._is_needed = bytearray(is_needed.tobytes())

    def _take(self, number: int, sources: Sequence[int]) -> bool:
        """Remove a paragraph if it is free and its sources stay; tells whether that is so."""
        if self._is_removed[number] or self._is_needed[number]:
            return False
        if not sources or any(self._is_removed[source] for source in sources):
            return False
        self._is_removed[number] = 1
        for source in sources:
            self._is_needed[source] = 1
        return True

    def choose(
        self, relation: Relation, numbers: OffsetArray, sources: OffsetArray, scores: ScoreArray
    ) -> Removals:
        """Choose of paragraphs with one source each, in their order."""
        is_chosen = np.zeros(len(numbers), np.bool_)
        for begin in range(0, len(numbers), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            pairs = zip(numbers[part].tolist(), sources[part].tolist(), strict=True)
            taken = [self._take(number, (source,)) for number, source in pairs]
            is_chosen[part] = taken
        chosen = np.flatnonzero(is_chosen)
        relations = np.full(len(chosen), relation, np.uint8)
        return Removals.of_single(numbers[chosen], sources[chosen], relations, scores[chosen])

    def choose_restated(self, report: Report) -> Iterator[Removal]:
        """Choose of those that restate, in their order; near a threshold is not enough."""
        found = report.restatements
        is_sure = (found.relations == Relation.RESTATED) & (found.are_near == 0)
        for row in np.flatnonzero(is_sure).tolist():
            number, sources = int(found.numbers[row]), rank_sources(list_sources(found, row))
            if self._take(number, sources):
                yield Removal(number, Relation.RESTATED, float(found.scores[row]), sources)
