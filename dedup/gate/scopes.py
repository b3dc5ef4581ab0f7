"""Find the paragraphs that the comments in sources are about.

The directives of a run's batches come in; for each the paragraphs that it covers go out. `ignore`
covers the paragraph that it stands in, or behind on its last line where no other begins on that
line; else the next that begins behind it. `off` covers what begins before the next `on` of the
source, whichever rules that names; `element` what lies within it; `ignore-file` the whole source.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from dedup.model import Directive, OffsetArray
from dedup.report import Report

_NOTHING: Final = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scope:
    """A directive of a source, and the numbers of the paragraphs that it covers.

    `is_known` is False for what can suppress nothing: an unknown comment, and an `on` that ends
    nothing.
    """

    path: str
    directive: Directive
    numbers: OffsetArray
    is_known: bool = True

    def covers_rule(self, rule: str) -> bool:
        """Say whether findings of a rule are meant."""
        return not self.directive.codes or rule in self.directive.codes


def list_scopes(report: Report) -> tuple[Scope, ...]:
    """Give the scope of every directive, source by source, in the order of their places."""
    batches = report.corpus.batches
    if not any(batch.directives for batch in batches):
        return ()
    scopes: list[Scope] = []
    for path, run in groupby(range(len(batches)), key=lambda which: batches[which].path):
        parts = list(run)
        if path is not None and any(batches[which].directives for which in parts):
            scopes += _Source(report, path, parts).list_scopes()
    return tuple(scopes)


class _Source:
    """One source, in one batch or several, with its paragraphs in the order of their places.

    A place is (line, column), from 1; lines begin anew in each page of an archive, which is a batch
    of its own.
    """

    def __init__(self, report: Report, path: str, parts: list[int]) -> None:
        self._report, self._path, self._parts = report, path, parts
        corpus = report.corpus
        self._keys: list[OffsetArray] = []
        orders, self._firsts = [], [0]
        for which in parts:
            begin, end = corpus.first_paragraphs[which : which + 2].tolist()
            keys = corpus.start_lines[begin:end] << 32 | corpus.columns[begin:end]
            order = np.argsort(keys, kind="stable")
            is_worded = (corpus.tokens.ends > corpus.tokens.starts)[begin:end]
            order = order[is_worded[order]]  # a comment that stands alone in plain text has no word
            self._keys.append(keys[order])
            orders.append(order + begin)
            self._firsts.append(self._firsts[-1] + len(order))
        self._order: OffsetArray = np.concatenate(orders)

    def list_scopes(self) -> Iterator[Scope]:
        """Give the scopes of its directives."""
        batches = self._report.corpus.batches
        placed = [(part, d) for part, w in enumerate(self._parts) for d in batches[w].directives]
        next_on: tuple[int, Directive] | None = None
        next_ons = []
        for mark in reversed(placed):
            next_on = mark if mark[1].kind == "on" else next_on
            next_ons.append(next_on)
        is_off = False
        for (part, directive), on in zip(placed, reversed(next_ons), strict=True):
            is_known = is_off if directive.kind == "on" else directive.kind != "unknown"
            is_off = directive.kind == "off" or (is_off and directive.kind != "on")
            yield Scope(self._path, directive, self._list(part, directive, on), is_known)

    def _list(
        self, part: int, directive: Directive, on: tuple[int, Directive] | None
    ) -> OffsetArray:
        """Give what a directive covers, where `on` is the next of that kind."""
        match directive.kind:
            case "ignore":
                return self._find_meant(part, directive)
            case "element":
                return self._list_within(part, directive)
            case "off":
                end = self._rank(on[0], _begin(on[1])) if on else len(self._order)
                return self._order[self._rank(part, _begin(directive)) : end]
            case "ignore-file":
                return self._order
            case "on" | "unknown":
                return _NOTHING

    def _rank(self, part: int, place: tuple[int, int]) -> int:
        """Count the paragraphs that begin before a place, in earlier parts or in its own."""
        before = int(self._keys[part].searchsorted(place[0] << 32 | place[1]))
        return self._firsts[part] + before

    def _find_meant(self, part: int, directive: Directive) -> OffsetArray:
        """Give the paragraph that an `ignore` is about, if there is any."""
        begin = _begin(directive)
        following = self._rank(part, begin)
        before = self._order[max(following - 1, self._firsts[part]) : following]
        after = self._order[following : self._firsts[part + 1]][:1]
        before, after = (self._keep_own(part, directive, near) for near in (before, after))
        if len(before):
            starts = self._report.corpus.start_lines[after]
            end = self._end(int(before[0]))
            is_next_elsewhere = not (starts == directive.end_line).any()
            if end >= begin or (end[0] == begin[0] and is_next_elsewhere):
                return before
        return after

    def _keep_own(self, part: int, directive: Directive, numbers: OffsetArray) -> OffsetArray:
        """Keep the paragraphs of the document that a directive stands in, where it is known."""
        if directive.document is None:
            return numbers
        corpus = self._report.corpus
        document = int(corpus.first_documents[self._parts[part]]) + directive.document
        kept: OffsetArray = numbers[corpus.document[numbers] == document]
        return kept

    def _end(self, number: int) -> tuple[int, int]:
        """Give the place of a paragraph's last character."""
        reference = self._report.reference(number)
        return reference.end_line, reference.end_column

    def _list_within(self, part: int, directive: Directive) -> OffsetArray:
        """Give the paragraphs that begin and end within an element."""
        end = directive.end_line, directive.end_column
        begun = self._order[self._rank(part, _begin(directive)) : self._rank(part, end)]
        is_whole = self._report.corpus.end_lines[begun] < end[0]
        for row in np.flatnonzero(~is_whole).tolist():
            is_whole[row] = self._end(int(begun[row])) <= end
        return begun[is_whole]


def _begin(directive: Directive) -> tuple[int, int]:
    return directive.line, directive.column
