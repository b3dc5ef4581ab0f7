"""Turn the columns of a finished run into what a reader sees: groups, findings and their places.

Everything here is made on demand from the arrays and changes nothing. Reporters write it out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any, Final

import numpy as np

from dedup.config import Config
from dedup.findings import Counts, Finding, Group, Member, Reference, order_of, usual_level
from dedup.group_keys import key_groups
from dedup.model import (
    Boilerplate,
    BoolArray,
    ByteArray,
    Corpus,
    Grouping,
    HashArray,
    IndexArray,
    Problem,
    Relation,
    Restatements,
    ScoreArray,
    VerifiedPairs,
)
from dedup.places import PlaceFinder
from dedup.reasons import explain_canonical
from dedup.recurrences import count_documents, list_recurrences
from dedup.sources import list_sources, rank_sources

RULE_OF: Final = {
    Relation.IDENTICAL: "DUP001",
    Relation.NEAR_DUPLICATE: "DUP002",
    Relation.CONTAINED: "DUP003",
    Relation.VARIANT: "DUP006",
    Relation.REWRITTEN: "DUP004",
    Relation.RESTATED: "DUP005",
    Relation.BOILERPLATE: "DUP007",
}
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """The result of a run: its paragraphs, who joined whom, and every pair that was verified.

    `pairs` holds paragraph numbers of the run (the earlier in canonical order first), one row for
    each verified pair. Identical paragraphs are represented by their first, unless only pairs
    across documents are wanted.
    """

    corpus: Corpus
    grouping: Grouping
    pairs: VerifiedPairs
    restatements: Restatements
    boilerplate: Boilerplate
    counts: Counts
    config: Config

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what could not be read and was skipped."""
        return self.corpus.problems

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """Give what must be said of how sources were read, as a guessed encoding."""
        return self.corpus.remarks

    @cached_property
    def are_redundant(self) -> BoolArray:
        """Tell the paragraphs that are identical to their canonical or its near-duplicate."""
        relations = self.grouping.relations
        redundant: BoolArray = (relations == Relation.IDENTICAL) | (
            relations == Relation.NEAR_DUPLICATE
        )
        return redundant

    def text(self, number: int) -> str:
        """Give the text of a paragraph as its document has it."""
        return self.corpus.text(number)

    def text_key(self, number: int) -> str:
        """Give 32 hex digits that are equal for identical texts: the fingerprint of one."""
        if number not in self._text_keys:
            first, second = self.corpus.tokens.prints[2 * number : 2 * number + 2].tolist()
            self._text_keys[number] = f"{first:016x}{second:016x}"
        return self._text_keys[number]

    @cached_property
    def _text_keys(self) -> dict[int, str]:
        return {}

    def reference(self, number: int) -> Reference:
        """Give the place of a paragraph."""
        return self._places.find(number)

    @cached_property
    def _places(self) -> PlaceFinder:
        return PlaceFinder(self.corpus)

    def _repr_html_(self) -> str:
        """Show the groups as a table in a notebook."""
        notebook = import_module("dedup.reporters.notebook")  # a layer above: by name, on demand
        html: str = notebook.render_html(_lay_open(self))
        return html

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Give the groups of two or more, in the input order of their canonicals."""
        canonicals = self.grouping.canonicals
        joined = np.flatnonzero(self.are_redundant)
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
            reason=explain_canonical(self.corpus, head, self.config),
            least_score=min(member.resemblance for member in members),
            members=members,
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the report as the JSON format has it, version FORMAT_VERSION."""
        reporter = import_module("dedup.reporters.json")  # a layer above: by name, on demand
        content: dict[str, Any] = json.loads("".join(reporter.render(_lay_open(self), None)))
        return content

    def group_id(self, number: int) -> str:
        """Give the id of the group around a canonical: 16 hex digits of its text's fingerprint."""
        return f"{int(self.group_keys[number]):016x}"

    @cached_property
    def group_keys(self) -> HashArray:
        """Give each paragraph's group as 64 bits; see `dedup.group_keys`."""
        return key_groups(self.grouping.canonicals, self.corpus.tokens.prints, self.config)

    def _member(self, number: int) -> Member:
        grouping = self.grouping
        return Member(
            number=number,
            reference=self.reference(number),
            relation=Relation(int(grouping.relations[number])),
            resemblance=float(grouping.resemblance[number]),
            containment=float(grouping.containment[number]),
            commonness=self._commonness[number],
        )

    @cached_property
    def _commonness(self) -> dict[int, int]:
        """Give, for each paragraph of a group, how many documents hold its text."""
        is_copy = self.grouping.relations == Relation.BOILERPLATE
        numbers = np.flatnonzero(self.are_redundant | is_copy)
        return count_documents(self.corpus, numbers, self.grouping.canonicals)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Give every finding, in the order of its place, then its rule."""
        found = [*self._redundant(), *self._directed(Relation.CONTAINED)]
        found += [*self._directed(Relation.VARIANT), *self._restated(), *self._recurring()]
        chosen = [finding for finding in found if finding.rule in self.config.run.rules]
        return tuple(sorted(chosen, key=order_of))

    def _redundant(self) -> Iterator[Finding]:
        """Give one finding a redundant paragraph; groups are made for those who show them."""
        grouping, joined = self.grouping, np.flatnonzero(self.are_redundant)
        columns = (grouping.canonicals, grouping.relations, grouping.resemblance)
        rows = zip(joined.tolist(), *(column[joined].tolist() for column in columns), strict=True)
        for number, head, relation, score in rows:
            yield self._finding(Relation(relation), (number, head), score, 0)

    def _directed(self, relation: Relation) -> Iterator[Finding]:
        """Give one finding a paragraph that stands in a directed relation to another."""
        for number, source, score, conflicts in self.best_pairs(relation):
            yield self._finding(relation, (number, source), score, conflicts)

    def best_pairs(self, relation: Relation) -> Iterator[tuple[int, int, float, int]]:
        """Give each paragraph's best pair of a relation, ties to the lowest number.

        Yields:
            The paragraph, its source (of a contained one the longer), the score and the conflicts.
        """
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
            known = best.get(right)
            if known is None or (score, -left) > (known[0], -known[1]):
                best[right] = (score, left, int(pairs.conflicts[row]))
        for number, (score, source, conflicts) in best.items():
            yield number, source, score, conflicts

    def _restated(self) -> Iterator[Finding]:
        """Give one finding a restated or rewritten paragraph, with who said each sentence."""
        found = self.restatements
        for row, number in enumerate(found.numbers.tolist()):
            said = list_sources(found, row)
            pair = (number, *rank_sources(said))
            finding = self._finding(
                Relation(int(found.relations[row])), pair, float(found.scores[row]), 0
            )
            is_near, dice = bool(found.are_near[row]), float(found.dice[row])
            level = usual_level(finding.relation, is_near=is_near)
            yield replace(finding, said=said, level=level, dice=dice, is_near=is_near)

    def _recurring(self) -> Iterator[Finding]:
        """Give one finding a text that is boilerplate, with where it stands again as sources."""
        for number, others, recurrence in list_recurrences(self.boilerplate):
            finding = self._finding(Relation.BOILERPLATE, (number, *others), 1.0, 0)
            fingerprint = self.group_id(number)
            yield replace(finding, recurrence=recurrence, fingerprint=fingerprint)

    def _finding(
        self, relation: Relation, numbers: tuple[int, ...], score: float, conflicts: int
    ) -> Finding:
        """Make a finding of a paragraph and its sources."""
        prints = self.corpus.tokens.prints
        sides = sorted(f"{int(prints[2 * n]):016x}" for n in numbers)
        return Finding(
            rule=RULE_OF[relation],
            relation=relation,
            level=usual_level(relation),
            number=numbers[0],
            reference=self.reference(numbers[0]),
            source_numbers=numbers[1:],
            sources=tuple(self.reference(number) for number in numbers[1:]),
            score=score,
            conflicts=conflicts,
            fingerprint="".join(sides),
        )

    @cached_property
    def padding_ratios(self) -> ScoreArray | None:
        """Give each document's share of words in restating paragraphs; None where none was sought.

        0.0 for a document without a word.
        """
        if "DUP005" not in self.config.run.rules or self.config.paragraphs.within == "corpus":
            return None
        documents, sizes = self.corpus.document, self.corpus.tokens.sizes
        restating = self.restating
        n_documents = self.corpus.n_documents
        words = np.bincount(documents, sizes, minlength=n_documents)
        padding = np.bincount(documents[restating], sizes[restating], minlength=n_documents)
        ratios: ScoreArray = padding / np.maximum(words, 1)
        return ratios

    @cached_property
    def relations(self) -> ByteArray:
        """Give each paragraph's relation: to its canonical, else rewritten, else restated."""
        relations, found = self.grouping.relations.copy(), self.restatements
        for relation in (Relation.RESTATED, Relation.REWRITTEN):
            chosen = found.numbers[(found.relations == relation) & (found.are_near == 0)]
            chosen = chosen[self.grouping.relations[chosen] == Relation.NONE]
            relations[chosen] = relation
        return relations

    @property
    def restating(self) -> IndexArray:
        """Give the paragraphs that restate, those near the threshold left out."""
        found = self.restatements
        is_sure = (found.relations == Relation.RESTATED) & (found.are_near == 0)
        restating: IndexArray = found.numbers[is_sure]
        return restating


def _lay_open(report: Report) -> Any:  # noqa: ANN401 -- of a layer above
    return import_module("dedup.outcome").lay_open(report)
