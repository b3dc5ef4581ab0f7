"""Say which paragraphs a restating one says again, and who said each of its sentences.

The columns of `Restatements` come in; the sources of one row, best first, go out.

Decision (2026-11-24): a paragraph is named as a source where it holds 15 % of all that earlier
sentences hold; a stray sentence that shares a name and a verb with it is shown as evidence but does
not make a source. The best is the one that holds most; ties go to the earliest. Where a paragraph
sums up so many others that none holds so much, all are named that hold half of what the best holds.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from dedup.model import Restatements
from dedup.values import Value

_LEAST_HELD: Final = 0.15
_LEAST_OF_BEST: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SentenceSource(Value):
    """Who said a sentence before.

    Attributes:
        sentence: Its number in the restating paragraph, from 0.
        number: The paragraph of the run that says it.
        source_sentence: The sentence there, from 0.
        share: The part of the sentence's weight that this source holds, or adds to the first one.
        is_second: Whether it adds to another.
    """

    sentence: int
    number: int
    source_sentence: int
    share: float
    is_second: bool


def list_sources(found: Restatements, row: int) -> tuple[SentenceSource, ...]:
    """Give the sources of each sentence of one row, in reading order."""
    begin, end = (int(found.ends[row - 1]) if row else 0), int(found.ends[row])
    listed = []
    for place in range(begin, end):
        first, second = int(found.sources[place]), int(found.seconds[place])
        held, added = (float(share) for share in found.shares[place])
        if first >= 0:
            at = int(found.source_sentences[place])
            listed.append(SentenceSource(place - begin, first, at, held, is_second=False))
        if second >= 0:
            at = int(found.second_sentences[place])
            listed.append(SentenceSource(place - begin, second, at, added, is_second=True))
    return tuple(listed)


def rank_sources(sources: tuple[SentenceSource, ...]) -> tuple[int, ...]:
    """Give the paragraphs that hold enough of a restating one, who holds most first."""
    held: defaultdict[int, float] = defaultdict(float)
    for source in sources:
        held[source.number] += source.share
    ranked = sorted(held, key=lambda number: (-held[number], number))
    least = _LEAST_HELD * sum(held.values())
    if ranked and held[ranked[0]] < least:
        least = _LEAST_OF_BEST * held[ranked[0]]
    return tuple(number for number in ranked if held[number] >= least)
