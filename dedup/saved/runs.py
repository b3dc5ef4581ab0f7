"""Hold a saved run as reporters see a run."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, TypeAlias

from dedup.config import Config
from dedup.findings import Counts, Finding, Group, Reference, turn_back
from dedup.model import Problem, Relation
from dedup.quotations import Evidence
from dedup.report import Report
from dedup.runs import DocumentRow
from dedup.saved.parts import Paragraph

Quoted: TypeAlias = tuple[int, Relation]  # a paragraph may be rewritten and restated, each once
_NO_EVIDENCE: Final = Evidence((), (), ())


def key_evidence(finding: Finding) -> Quoted:
    """Give what the evidence of a finding is known by: whose sentences it is of."""
    return turn_back(finding).number, finding.relation


@dataclass(frozen=True, eq=False, repr=False)
class SavedRun:
    """A run that was saved: what a check left out is not in it.

    Attributes:
        report: None, always: a saved run has no columns.
        evidence: What shows that paragraphs restate or are rewritten.
        documents: Every document, in input order.
        paragraphs: Those that something names, by their numbers in the run.
    """

    config: Config
    counts: Counts
    n_documents: int
    n_paragraphs: int
    n_all_words: int
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    evidence: Mapping[Quoted, Evidence]
    documents: tuple[DocumentRow, ...]
    paragraphs: Mapping[int, Paragraph]
    report: Report | None = None

    def text(self, number: int) -> str:
        """Give the text of a paragraph that something names."""
        return self.paragraphs[number].text

    def reference(self, number: int) -> Reference:
        """Give its place."""
        return self.paragraphs[number].reference

    def n_words(self, number: int) -> int:
        """Give its number of words."""
        return self.paragraphs[number].n_words

    def containment(self, number: int, source: int) -> float | None:  # noqa: ARG002 -- as `Run` has it
        """Say that it is not known: only what was shown is saved."""
        return None

    def text_key(self, number: int) -> str:
        """Give 32 hex digits that are equal for identical texts."""
        return self.paragraphs[number].key

    def n_document_words(self, number: int) -> int:
        """Give the number of words of its document's paragraphs."""
        return self.documents[self.find_document(number)].n_words

    def find_document(self, number: int) -> int:
        """Give the place of a paragraph's document among the documents."""
        return bisect_right(self._document_ends, number)

    @cached_property
    def _document_ends(self) -> list[int]:
        return list(accumulate(document.n_paragraphs for document in self.documents))

    def quote(self, finding: Finding) -> Evidence:
        """Give the sentences of a restated or rewritten finding that were said before."""
        return self.evidence.get(key_evidence(finding), _NO_EVIDENCE)

    def list_documents(self) -> Iterator[DocumentRow]:
        """Give every document, in input order."""
        return iter(self.documents)
