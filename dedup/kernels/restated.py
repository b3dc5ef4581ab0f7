"""Say what the score of a restating paragraph is, in plain Python: the oracle of `restatement`.

All weights are whole numbers of 2^-20, so that no sum depends on its order, and both engines give
the same bits.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from dedup.kernels import constants

Sentence: TypeAlias = Sequence[int]
Row: TypeAlias = Sequence[Sentence]
Bigram: TypeAlias = tuple[int, int]
_NOBODY: Final = -1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RowScore:
    """What one row's score is made of.

    Attributes:
        containment: c1, the mean weighted containment of its sentences in their best sources.
        bigrams: sk, the weighted share of its skip-bigrams that earlier rows hold.
        dice: The Dice coefficient of its terms and those of all earlier rows.
        sources: For each sentence the sentence of the document that says it (or -1), how much of it
            that holds, a second one, and how much that adds.
    """

    containment: float
    bigrams: float
    dice: float
    sources: list[tuple[int, float, int, float]]


def list_bigrams(sentence: Sentence) -> Iterator[Bigram]:
    """Give the skip-bigrams of a sentence: unordered pairs of different terms at most 4 apart."""
    for place, term in enumerate(sentence):
        for other in sentence[max(0, place - constants.TERM_REACH) : place]:
            if other != term:
                yield (other, term) if other < term else (term, other)


@dataclass(slots=True, eq=False, repr=False)
class _Document:
    """What is known of a document while its rows are read in order."""

    weights: dict[int, int]
    holders: Counter[Bigram]
    sentences: list[dict[int, None]] = field(default_factory=list)
    heavy: list[int] = field(default_factory=list)
    postings: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    terms: set[int] = field(default_factory=set)
    bigrams: set[Bigram] = field(default_factory=set)

    def weigh(self, terms: Iterable[int]) -> int:
        """Sum the weights of terms."""
        return sum(self.weights[term] for term in terms)

    def add(self, row: Row) -> None:
        """Let later rows find this one."""
        for sentence in row:
            distinct = dict.fromkeys(sentence)
            for term in distinct:
                self.postings[term].append(len(self.sentences))
            self.sentences.append(distinct)
            self.heavy.append(self.weigh(distinct))
            self.terms.update(distinct)
            self.bigrams.update(list_bigrams(sentence))


def score_document(
    rows: Sequence[Row], judged: Sequence[int], logs: Sequence[float]
) -> list[RowScore]:
    """Score each row against the earlier ones, as `constants` names what is asked of it."""
    document = _Document(_weigh_terms(rows, logs), _count_holders(rows))
    scores = []
    for k, row in enumerate(rows):
        containment, share = 0.0, 0.0
        sources = [(_NOBODY, 0.0, _NOBODY, 0.0)] * len(row)
        if k and judged[k]:
            quoted = judged[k] == constants.QUOTED
            containment, sources = _find_sources(document, row, quoted=quoted)
            share = _share_of_bigrams(document, row)
        dice = _compare_terms(document, row)
        scores.append(RowScore(containment, share, dice, sources))
        document.add(row)
    return scores


def _weigh_terms(rows: Sequence[Row], logs: Sequence[float]) -> dict[int, int]:
    """Weigh each term the less, the more rows hold it."""
    counts = Counter(term for row in rows for term in {t for s in row for t in s})
    whole = logs[len(rows) + 1] + constants.WEIGHT_FLOOR
    weights = {}
    for term, n_rows in counts.items():
        log = logs[len(rows) + 1] - logs[max(1, n_rows - 1)]
        share = (log + constants.WEIGHT_FLOOR) / whole
        weight = int(min(1.0, share) * constants.WEIGHT_UNIT + 0.5)
        is_number = term & constants.TERM_NUMBER
        weights[term] = weight * (constants.NUMBER_FACTOR if is_number else 1)
    return weights


def _count_holders(rows: Sequence[Row]) -> Counter[Bigram]:
    """Count the rows that hold each skip-bigram."""
    return Counter(bigram for row in rows for bigram in _bigrams_of(row))


def _bigrams_of(row: Row) -> set[Bigram]:
    return {bigram for sentence in row for bigram in list_bigrams(sentence)}


def _share_of_bigrams(document: _Document, row: Row) -> float:
    total = held = 0
    for bigram in _bigrams_of(row):
        weight = document.weigh(bigram)
        others = document.holders[bigram] - 1
        if others > 2:  # noqa: PLR2004 -- min(1, 2 / others) of the weight
            weight = weight * 2 // others
        total += weight
        held += weight if bigram in document.bigrams else 0
    return held / total if total else 0.0


def _compare_terms(document: _Document, row: Row) -> float:
    terms = {term for sentence in row for term in sentence}
    both = document.weigh(terms) + document.weigh(document.terms)
    return 2 * document.weigh(terms & document.terms) / both if both else 0.0


def _find_sources(
    document: _Document, row: Row, *, quoted: bool
) -> tuple[float, list[tuple[int, float, int, float]]]:
    """Find who said each sentence before; gives c1 too."""
    total, count, sources = 0.0, 0, []
    for sentence in row:
        distinct = dict.fromkeys(sentence)
        found = (_NOBODY, 0.0, _NOBODY, 0.0)
        if len(distinct) >= constants.LEAST_IN_SENTENCE:
            count += len(sentence)
            first, held = _find_first(document, distinct)
            if first != _NOBODY:
                total += len(sentence) * held
                second = _find_second(document, distinct, first) if quoted else (_NOBODY, 0.0)
                found = (first, held, *second)
        sources.append(found)
    return total / count if count else 0.0, sources


def _share(document: _Document, distinct: Iterable[int]) -> dict[int, int]:
    """Weigh what each earlier sentence shares with these terms.

    A term that very many sentences hold names none of them, but counts where another one did.
    """
    shared: Counter[int] = Counter()
    common = []
    for term in distinct:
        if len(document.postings[term]) > constants.MOST_NAMED:
            common.append(term)
            continue
        for sentence in document.postings[term]:
            shared[sentence] += document.weights[term]
    for term in common:
        for sentence in shared:
            if term in document.sentences[sentence]:
                shared[sentence] += document.weights[term]
    return shared


def _find_first(document: _Document, distinct: dict[int, None]) -> tuple[int, float]:
    """Find the earlier sentence of most containment and Dice together, the first of equals."""
    weight = document.weigh(distinct)
    best, top, held = _NOBODY, -1.0, 0.0
    for sentence, shared in sorted(_share(document, distinct).items()):
        score = shared / weight + 2 * shared / (weight + document.heavy[sentence])
        if score > top:
            best, top, held = sentence, score, shared / weight
    return best, held


def _find_second(document: _Document, distinct: dict[int, None], first: int) -> tuple[int, float]:
    """Find the sentence that holds most of what the first source leaves."""
    left = [term for term in distinct if term not in document.sentences[first]]
    shared = _share(document, left)
    if not shared:
        return _NOBODY, 0.0
    second = min(shared, key=lambda sentence: (-shared[sentence], sentence))
    added = shared[second] / document.weigh(distinct)
    return (second, added) if added >= constants.LEAST_ADDED else (_NOBODY, 0.0)
