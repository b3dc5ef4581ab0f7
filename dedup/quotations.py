"""Quote what a restating paragraph says again: sentence by sentence, with the words both share.

Texts and a finding come in; spans of the original texts go out. Nothing here decides anything: the
terms and sentences are cut again by `dedup.terms`, as the kernels cut them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Final, Protocol, TypeAlias

from dedup.findings import Finding
from dedup.model import Relation
from dedup.sources import SentenceSource
from dedup.stop_words import LANGUAGES
from dedup.terms import find_terms_with_spans, is_number_term, split_sentences

CharacterSpan: TypeAlias = tuple[int, int]
_LEAST_SAID: Final = 0.25  # of a sentence: with less it is news
_LEAST_TERMS: Final = 3
_NOUNS_AS_NAMES: Final = LANGUAGES.index("de")  # writes every noun with a capital
_OPENING: Final = "\"'\u201c\u2018\u00ab([ "  # may stand before the first word of a sentence
_NAME_GAP: Final = re.compile(r"[ \u00a0]\Z")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quotation:
    """One sentence and a sentence that said it before; spans are characters from 0, end exclusive.

    Attributes:
        source: Who said it, and how much of it.
        span, source_span: The sentences in the texts of the two paragraphs.
        shared, source_shared: The shared terms there, in reading order.
        runs, source_runs: Shared stretches: neighbours joined where only stop words lie between
            them. `runs` is of what any source of the sentence holds.
    """

    source: SentenceSource
    span: CharacterSpan
    source_span: CharacterSpan
    shared: tuple[CharacterSpan, ...]
    source_shared: tuple[CharacterSpan, ...]
    runs: tuple[CharacterSpan, ...]
    source_runs: tuple[CharacterSpan, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evidence:
    """What shows that a paragraph restates: quotations, and what it says first.

    Attributes:
        quotations: In reading order; a sentence may have two, or none.
        new: Numbers and names that its sources (of a restated paragraph: all earlier paragraphs of
            the document) do not hold, as they stand in the text.
        unsaid: Sentences, from 0, that nobody said before.
        n_terms: The paragraph's content terms, which its threshold falls with.
    """

    quotations: tuple[Quotation, ...]
    new: tuple[str, ...]
    unsaid: tuple[int, ...]
    n_terms: int = 0

    @property
    def adds(self) -> bool:
        """Tell whether the paragraph says something of its own beside what it restates."""
        return bool(self.new or self.unsaid)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Sentence:
    """A sentence of a paragraph: where it lies, and its terms with their places in the text."""

    span: CharacterSpan
    terms: tuple[tuple[str, int, int], ...]


class QuotableTexts(Protocol):
    """The texts that findings name, by the number of their paragraph."""

    def text(self, number: int) -> str:
        """Give the text of a paragraph."""

    def language(self, number: int) -> int:
        """Give the language of its document, as a place in `stop_words.LANGUAGES`."""

    def document_numbers(self, number: int) -> range:
        """Give all paragraphs of its document."""


@dataclass
class Quoter:
    """Quotes the findings of one run; what is known of a document is kept for the next one."""

    texts: QuotableTexts
    _first_rows: dict[int, dict[str, int]] = field(default_factory=dict)

    def quote(self, finding: Finding) -> Evidence:
        """Give the evidence of one restated or rewritten finding."""
        sentences = self._cut(finding.number)
        said: dict[int, set[str]] = {}
        for source in finding.said:
            terms = self._cut(source.number)[source.source_sentence].terms
            said.setdefault(source.sentence, set()).update(term for term, _, _ in terms)
        quotations = tuple(
            self._quote(sentences[source.sentence], source, said[source.sentence])
            for source in finding.said
        )
        held = [0.0] * len(sentences)
        for source in finding.said:
            held[source.sentence] += source.share
        unsaid = tuple(
            place
            for place, sentence in enumerate(sentences)
            if held[place] < _LEAST_SAID and len({t for t, _, _ in sentence.terms}) >= _LEAST_TERMS
        )
        n_terms = sum(len(sentence.terms) for sentence in sentences)
        return Evidence(quotations, self._find_new(finding, sentences), unsaid, n_terms)

    def _quote(self, sentence: _Sentence, source: SentenceSource, said: set[str]) -> Quotation:
        other = self._cut(source.number)[source.source_sentence]
        theirs = {term for term, _, _ in other.terms}
        ours = {term for term, _, _ in sentence.terms}
        return Quotation(
            source,
            sentence.span,
            other.span,
            tuple((start, end) for term, start, end in sentence.terms if term in theirs),
            tuple((start, end) for term, start, end in other.terms if term in ours),
            tuple(_join_terms(sentence.terms, said)),
            tuple(_join_terms(other.terms, ours)),
        )

    def _cut(self, number: int) -> tuple[_Sentence, ...]:
        return _cut_text(self.texts.text(number), self.texts.language(number))

    def _find_new(self, finding: Finding, sentences: tuple[_Sentence, ...]) -> tuple[str, ...]:
        """Find the numbers and names that were not said before, each once."""
        text, language = self.texts.text(finding.number), self.texts.language(finding.number)
        known = self._known_terms(finding)
        found = []
        for sentence in sentences:
            fresh = [term for term in sentence.terms if term[0] not in known]
            found += list(_name_fresh(text, sentence.span[0], fresh, language))
        return tuple(dict.fromkeys(found))

    def _known_terms(self, finding: Finding) -> set[str]:
        if finding.relation is Relation.REWRITTEN:
            known = self._cut(finding.source_number)
            return {term for sentence in known for term, _, _ in sentence.terms}
        numbers = self.texts.document_numbers(finding.number)
        if numbers.start not in self._first_rows:
            self._first_rows = {numbers.start: self._index(numbers)}  # findings come by document
        firsts = self._first_rows[numbers.start]
        return {term for term, row in firsts.items() if row < finding.number}

    def _index(self, numbers: range) -> dict[str, int]:
        """Give the first paragraph of a document that holds each term."""
        firsts: dict[str, int] = {}
        for number in numbers:
            for sentence in self._cut(number):
                for term, _, _ in sentence.terms:
                    firsts.setdefault(term, number)
        return firsts


@lru_cache(maxsize=4096)
def _cut_text(text: str, language: int) -> tuple[_Sentence, ...]:
    """Cut a text into sentences, without the blanks around them, and those into terms."""
    sentences = split_sentences(text, language)
    starts = accumulate((len(sentence) for sentence in sentences), initial=0)
    cut = []
    for start, sentence in zip(starts, sentences, strict=False):
        terms = find_terms_with_spans(sentence, language)
        left = start + len(sentence) - len(sentence.lstrip())
        span = (left, max(left, start + len(sentence.rstrip())))
        placed = tuple((term, start + begin, start + end) for term, begin, end in terms)
        cut.append(_Sentence(span, placed))
    return tuple(cut)


def _join_terms(
    terms: tuple[tuple[str, int, int], ...], shared: set[str]
) -> Iterator[CharacterSpan]:
    """Give the shared stretches of a sentence: terms without one between them that is not."""
    run: CharacterSpan | None = None
    for term, start, end in terms:
        if term in shared:
            run = (run[0], max(run[1], end)) if run else (start, end)
        elif run is not None and start >= run[1]:
            yield run
            run = None
    if run is not None:
        yield run


def _name_fresh(
    text: str, start: int, fresh: list[tuple[str, int, int]], language: int
) -> Iterator[str]:
    """Give the numbers and names among terms; neighbouring words of a name as one."""
    name = (0, 0)
    for term, begin, end in fresh:
        is_name = text[begin].isupper() and begin > start and language != _NOUNS_AS_NAMES
        is_name = is_name and text[start:begin].strip(_OPENING) != ""
        if name[1] and not (is_name and _NAME_GAP.match(text[name[1] : begin])):
            yield text[slice(*name)]
            name = (0, 0)
        if is_name:
            name = (name[0] if name[1] else begin, end)
        elif is_number_term(term):
            yield text[begin:end]
    if name[1]:
        yield text[slice(*name)]
