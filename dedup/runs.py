"""Say what reporters see of a finished run, and show them a fresh one so.

A run is fresh (`FreshRun`, over a `Report`) or saved (`dedup.saved`); reporters cannot tell which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from dedup.config import Config
from dedup.findings import Counts, Finding, Group, Reference, turn_back
from dedup.model import NO_HEAD, Head, OffsetArray, Problem
from dedup.quotations import Evidence, Quoter
from dedup.report import Report


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DocumentRow:
    """What a report says of one document; `padding_ratio` is None where it was not sought."""

    document: str | int
    path: str | None
    head: Head
    n_paragraphs: int
    n_words: int
    padding_ratio: float | None


class NamedTexts(Protocol):
    """The paragraphs that a finding names: all that one line of JSON needs of a run."""

    def text(self, number: int) -> str:
        """Give the text of a paragraph that a finding or a group names."""

    def reference(self, number: int) -> Reference:
        """Give the place of such a paragraph."""

    def quote(self, finding: Finding) -> Evidence:
        """Give the sentences of a restated or rewritten finding that were said before.

        Of a turned finding it is the evidence of the finding turned back: the sentences are those
        of its source, and the finding's own paragraph has them too.
        """


class Run(NamedTexts, Protocol):
    """A finished run, as reporters see it."""

    @property
    def report(self) -> Report | None:
        """Give the columns of a fresh run; None of a saved one."""

    @property
    def config(self) -> Config:
        """Give every setting."""

    @property
    def counts(self) -> Counts:
        """Give what was left out of a comparison."""

    @property
    def n_documents(self) -> int:
        """Give the number of documents."""

    @property
    def n_paragraphs(self) -> int:
        """Give the number of paragraphs."""

    @property
    def n_all_words(self) -> int:
        """Give the number of words of all paragraphs."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what could not be read and was skipped."""

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """Give what must be said of how sources were read."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Give every group."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give every finding, by (path, line, rule)."""

    def n_words(self, number: int) -> int:
        """Give the number of words of a paragraph that a finding or a group names."""

    def text_key(self, number: int) -> str:
        """Give 32 hex digits that are equal for identical texts: its fingerprint."""

    def n_document_words(self, number: int) -> int:
        """Give the number of words of its document's paragraphs."""

    def containment(self, number: int, source: int) -> float | None:
        """Give how much of a paragraph stands in a near-duplicate; None where it is not known."""

    def list_documents(self) -> Iterator[DocumentRow]:
        """Give every document, in input order."""


class FreshRun:
    """A run that has just been made."""

    def __init__(self, report: Report) -> None:
        """See a report as reporters do."""
        self.report: Report | None = report
        self._report = report
        self.config, self.counts = report.config, report.counts
        self.text, self.reference = report.text, report.reference

    @property
    def n_documents(self) -> int:
        """Give the number of documents."""
        return self._report.corpus.n_documents

    @property
    def n_paragraphs(self) -> int:
        """Give the number of paragraphs."""
        return len(self._report.corpus)

    @property
    def n_all_words(self) -> int:
        """Give the number of words of all paragraphs."""
        return int(self._report.corpus.tokens.sizes.sum())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what could not be read and was skipped."""
        return self._report.problems

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """Give what must be said of how sources were read."""
        return self._report.remarks

    @property
    def groups(self) -> tuple[Group, ...]:
        """Give every group."""
        return self._report.groups

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give every finding, by (path, line, rule)."""
        return self._report.findings

    def n_words(self, number: int) -> int:
        """Give the number of words of a paragraph."""
        tokens = self._report.corpus.tokens
        return int(tokens.ends[number] - tokens.starts[number])

    def text_key(self, number: int) -> str:
        """Give 32 hex digits that are equal for identical texts."""
        return self._report.text_key(number)

    def n_document_words(self, number: int) -> int:
        """Give the number of words of a paragraph's document."""
        return int(self._words_by_document[self._report.corpus.document[number]])

    @cached_property
    def _words_by_document(self) -> OffsetArray:
        corpus = self._report.corpus
        sizes, n_documents = corpus.tokens.sizes, corpus.n_documents
        words: OffsetArray = np.bincount(corpus.document, sizes, n_documents).astype(np.int64)
        return words

    def containment(self, number: int, source: int) -> float | None:
        """Give the share of a paragraph's shingles that a paragraph verified with it holds.

        Pairs name the first of identical paragraphs, so that texts are looked for, not numbers.
        """
        pairs, prints = self._report.pairs, self._report.corpus.tokens.prints.reshape(-1, 2)
        for (one, other), held in (
            ((pairs.lefts, pairs.rights), pairs.left_containment),
            ((pairs.rights, pairs.lefts), pairs.right_containment),
        ):
            is_one = (prints[one] == prints[number]).all(axis=1)
            rows = np.flatnonzero(is_one & (prints[other] == prints[source]).all(axis=1))
            if len(rows):
                return float(held[rows[0]])
        return None

    def quote(self, finding: Finding) -> Evidence:
        """Give the sentences of a restated or rewritten finding that were said before."""
        return self._quoter.quote(turn_back(finding))

    @cached_property
    def _quoter(self) -> Quoter:
        return Quoter(self)

    def language(self, number: int) -> int:
        """Give the language of a paragraph's document, as a place in `stop_words.LANGUAGES`."""
        return int(self._report.restatements.languages[number])

    def document_numbers(self, number: int) -> range:
        """Give all paragraphs of a paragraph's document."""
        corpus = self._report.corpus
        document = int(corpus.document[number])
        return range(corpus.first_paragraph(document), corpus.first_paragraph(document + 1))

    def list_documents(self) -> Iterator[DocumentRow]:
        """Give every document, in input order."""
        corpus, ratios = self._report.corpus, self._report.padding_ratios
        paragraphs = np.bincount(corpus.document, minlength=corpus.n_documents)
        number = 0
        for batch in corpus.batches:
            heads = batch.heads or (NO_HEAD,) * len(batch.ids)
            for head in heads:
                yield DocumentRow(
                    document=corpus.identity(number),
                    path=batch.path,
                    head=head,
                    n_paragraphs=int(paragraphs[number]),
                    n_words=int(self._words_by_document[number]),
                    padding_ratio=None if ratios is None else float(ratios[number]),
                )
                number += 1
