"""Turn the columns of a finished run into what a reader sees: groups, findings and their places.

Everything here is made on demand from the arrays and changes nothing. Reporters write it out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final

import numpy as np

from dedup.config import Config
from dedup.findings import Counts, Finding, Group, Member, Reference
from dedup.kernels.constants import LENGTH_MULTIPLIER
from dedup.model import Corpus, Grouping, HashArray, OffsetArray, Problem, Relation, VerifiedPairs

RULE_OF: Final = {
    Relation.IDENTICAL: "DUP001",
    Relation.NEAR_DUPLICATE: "DUP002",
    Relation.CONTAINED: "DUP003",
    Relation.VARIANT: "DUP006",
}
REASON_OF: Final = {
    "first": "first in input order",
    "longest": "most words",
    "newest": "newest date",
    "oldest": "oldest date",
    "priority": "best source in the list",
}
FORMAT_VERSION: Final = 1
_LINE_END: Final = re.compile("\r\n|\n|\r")
_LEADING_BITS, _CONTINUES = 0xC0, 0x80  # of the bytes of UTF-8 that begin no character


@dataclass(frozen=True)
class Report:
    """The result of a run: its paragraphs, who joined whom, and every pair that was verified.

    `pairs` holds paragraph numbers of the run (the earlier in canonical order first), one row for
    each verified pair. Identical paragraphs are represented by their first, unless only pairs
    across documents are wanted.
    """

    corpus: Corpus
    grouping: Grouping
    pairs: VerifiedPairs
    counts: Counts
    config: Config

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what could not be read and was skipped."""
        return self.corpus.problems

    def text(self, number: int) -> str:
        """Give the text of a paragraph as its document has it."""
        return self.corpus.text(number)

    def reference(self, number: int) -> Reference:
        """Give the place of a paragraph."""
        corpus = self.corpus
        document = int(corpus.document[number])
        batch = corpus.batch_of(number)
        block = int(corpus.blocks[number])
        before = self._count_chars(number, int(batch.starts[block]), int(corpus.starts[number]))
        text = corpus.text(number)
        start_char = int(batch.chars[block]) + before
        first = int(np.searchsorted(corpus.document, document, "left"))
        last_line = _LINE_END.split(text)[-1] if batch.is_source else text
        is_one_line = len(last_line) == len(text)
        return Reference(
            document=corpus.identity(document),
            path=batch.path,
            paragraph=number - first,
            start_line=int(corpus.start_lines[number]),
            start_column=int(corpus.columns[number]),
            end_line=int(corpus.end_lines[number]),
            end_column=len(last_line) + (int(corpus.columns[number]) - 1 if is_one_line else 0),
            start_char=start_char,
            end_char=start_char + len(text),
        )

    def _count_chars(self, number: int, start: int, end: int) -> int:
        """Count the characters between two bytes of the batch that holds a paragraph.

        The bytes that continue a character are found once a batch: a long text holds many
        paragraphs, and counting from its beginning for each would be quadratic.
        """
        which = int(np.searchsorted(self.corpus.first_paragraphs, number, "right")) - 1
        if which not in self._continuing_bytes:
            buffer = self.corpus.batches[which].buffer
            continues = (buffer & _LEADING_BITS) == _CONTINUES
            self._continuing_bytes[which] = np.flatnonzero(continues)
        inner = np.searchsorted(self._continuing_bytes[which], (start, end))
        return end - start - int(inner[1] - inner[0])

    @cached_property
    def _continuing_bytes(self) -> dict[int, OffsetArray]:
        return {}

    def _repr_html_(self) -> str:
        """Show the groups as a table in a notebook."""
        notebook = import_module("dedup.reporters.notebook")  # a layer above: by name, on demand
        html: str = notebook.render_html(self)
        return html

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Give the groups of two or more, in the input order of their canonicals."""
        canonicals = self.grouping.canonicals
        joined = np.flatnonzero(canonicals != np.arange(len(canonicals)))
        order = joined[np.argsort(canonicals[joined], kind="stable")]
        heads, firsts = np.unique(canonicals[order], return_index=True)
        parts = np.split(order, firsts[1:])
        return tuple(
            self._group(int(head), [int(n) for n in part])
            for head, part in zip(heads, parts, strict=len(heads) > 0)
        )

    def _group(self, head: int, numbers: list[int]) -> Group:
        canonical = self.reference(head)
        members = tuple(self._member(number) for number in numbers)
        return Group(
            group=self.group_id(head),
            number=head,
            canonical=canonical,
            reason=self._reason(head),
            least_score=min(member.resemblance for member in members),
            members=members,
        )

    def _reason(self, head: int) -> str:
        """Say why a canonical is kept: by the policy, or by input order where that says nothing."""
        canonical = self.config.canonical
        batch, row = self.corpus.document_batch(int(self.corpus.document[head]))
        identity = self.corpus.identity(int(self.corpus.document[head]))
        unknown = {
            "newest": not (batch.dates and batch.dates[row]),
            "oldest": not (batch.dates and batch.dates[row]),
            "priority": canonical.rank(batch.path, identity) == len(canonical.sources),
        }
        policy = "first" if unknown.get(canonical.policy) else canonical.policy
        return REASON_OF[policy]

    def to_dict(self) -> dict[str, Any]:
        """Give the report as the JSON format has it, version FORMAT_VERSION."""
        reporter = import_module("dedup.reporters.json")  # a layer above: by name, on demand
        content: dict[str, Any] = json.loads("".join(reporter.render(self, None)))
        return content

    def group_id(self, number: int) -> str:
        """Give the id of the group around a canonical: 16 hex digits of its text's fingerprint."""
        return f"{int(self.group_keys[number]):016x}"

    @cached_property
    def group_keys(self) -> HashArray:
        """Give each paragraph's group as 64 bits: its canonical's fingerprint, first word.

        Where identical texts may be canonicals of different groups (compared within documents
        only, say), the second such group in input order has a number added, the third twice.
        """
        canonicals = self.grouping.canonicals
        keys = self.corpus.tokens.prints[2 * canonicals.astype(np.int64)]
        if self.config.paragraphs.within == "both" and "DUP001" in self.config.run.rules:
            return keys
        heads = np.flatnonzero(canonicals == np.arange(len(canonicals)))
        order = heads[np.argsort(keys[heads], kind="stable")]
        places = np.arange(len(order))
        is_first = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
        ranks = places - np.maximum.accumulate(np.where(is_first, places, 0))
        keys[order] += ranks.astype(np.uint64) * np.uint64(LENGTH_MULTIPLIER)
        return keys[canonicals]

    def _member(self, number: int) -> Member:
        grouping = self.grouping
        return Member(
            number=number,
            reference=self.reference(number),
            relation=Relation(int(grouping.relations[number])),
            resemblance=float(grouping.resemblance[number]),
            containment=float(grouping.containment[number]),
            commonness=self._commonness(number),
        )

    @cached_property
    def _occurrences(self) -> dict[tuple[int, int], set[int]]:
        """Give, for each fingerprint met in a group, the documents that hold it."""
        prints, documents = self.corpus.tokens.prints, self.corpus.document
        found: dict[tuple[int, int], set[int]] = {}
        numbers = np.flatnonzero(self.grouping.relations != Relation.NONE)
        for number in np.unique(np.concatenate([numbers, self.grouping.canonicals[numbers]])):
            key = (int(prints[2 * number]), int(prints[2 * number + 1]))
            found.setdefault(key, set()).add(int(documents[number]))
        return found

    def _commonness(self, number: int) -> int:
        prints = self.corpus.tokens.prints
        return len(self._occurrences[int(prints[2 * number]), int(prints[2 * number + 1])])

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Give every finding, in the order of its place, then its rule."""
        found = [*self._redundant(), *self._directed(Relation.CONTAINED)]
        found += self._directed(Relation.VARIANT)
        chosen = [finding for finding in found if finding.rule in self.config.run.rules]
        return tuple(sorted(chosen, key=_finding_order))

    def _redundant(self) -> Iterator[Finding]:
        for group in self.groups:
            for member in group.members:
                pair = (member.number, group.number)
                yield self._finding(member.relation, pair, member.resemblance, 0)

    def _directed(self, relation: Relation) -> Iterator[Finding]:
        """Give one finding a paragraph: its best pair of the relation, ties to the first."""
        pairs, sizes = self.pairs, self.corpus.tokens.sizes
        best: dict[int, tuple[float, int, int]] = {}
        for row in np.flatnonzero(pairs.relations == relation):
            left, right = int(pairs.lefts[row]), int(pairs.rights[row])
            score = float(pairs.resemblance[row])
            if relation == Relation.CONTAINED:
                is_left_shorter = sizes[left] < sizes[right]
                held = pairs.left_containment if is_left_shorter else pairs.right_containment
                score = float(held[row])
                left, right = (right, left) if is_left_shorter else (left, right)
            if right not in best or score > best[right][0]:
                best[right] = (score, left, int(pairs.conflicts[row]))
        for number, (score, source, conflicts) in best.items():
            yield self._finding(relation, (number, source), score, conflicts)

    def _finding(
        self, relation: Relation, pair: tuple[int, int], score: float, conflicts: int
    ) -> Finding:
        prints = self.corpus.tokens.prints
        number, source = pair
        sides = sorted(f"{int(prints[2 * n]):016x}" for n in pair)
        return Finding(
            rule=RULE_OF[relation],
            relation=relation,
            level="note" if relation == Relation.VARIANT else "warning",
            number=number,
            reference=self.reference(number),
            source_number=source,
            source=self.reference(source),
            score=score,
            conflicts=conflicts,
            fingerprint="".join(sides),
        )


def _finding_order(finding: Finding) -> tuple[str, int, int, str, int]:
    place = finding.reference
    return (place.path or "", place.start_line, place.start_column, finding.rule, finding.number)
