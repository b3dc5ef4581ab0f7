"""Look up on what grounds a finding is meant so: a comment in a source, or an allowed text.

The scopes of a run's comments and the allowed texts come in; each finding's `Suppression` goes out.
Every ground that would do is noted as used, not the first alone: taking out one of two comments for
the same finding must not make the other look idle.

Decision (2026-11-26): where a run leaves rules out, a comment for one of those, or for all, is not
called unused: that run cannot tell.
"""

from itertools import chain
from typing import Final

import numpy as np

from dedup.config import RULES, UNREADABLE_RULE
from dedup.findings import Finding
from dedup.gate.allowed import Allowed
from dedup.gate.regrouping import Ignored
from dedup.gate.scopes import Scope
from dedup.model import BoolArray, Problem
from dedup.outcome import Suppression
from dedup.report import Report

_FOUND: Final = tuple(
    rule for rule in RULES if rule != UNREADABLE_RULE
)  # unreadable is no repetition
_KNOWN: Final = "ignore, ignore[DUP002] with a reason behind it, off, on and ignore-file"
_RULES: Final = ", ".join(_FOUND)
_LONELY_ON: Final = "'dedup: on' ends nothing: no 'dedup: off' stands before it. Take it out"


class Grounds:
    """Knows what excuses the findings of a run, and what of that was used."""

    def __init__(self, report: Report, scopes: tuple[Scope, ...], allowed: Allowed | None) -> None:
        """Index the scopes by paragraph, and the paragraphs by allowed text."""
        self._report, self._scopes, self._allowed = report, scopes, allowed
        numbers = [scope.numbers for scope in scopes]
        covered = np.concatenate([np.empty(0, np.int64), *numbers])
        owners = np.repeat(np.arange(len(scopes)), [len(part) for part in numbers])
        order = np.lexsort((owners, covered))
        self._covered, self._owners = covered[order], owners[order]
        self._recurring = self._list_recurring()
        self._rows = (
            np.full(len(report.corpus), -1, np.int32)
            if allowed is None
            else allowed.find_rows(report.corpus.tokens.prints)
        )
        self._is_excused = bytearray(len(report.corpus))
        self._mark_excused(np.frombuffer(self._is_excused, np.bool_))
        self._used_scopes: set[int] = set()
        self._used_rows: set[int] = set()

    def _list_recurring(self) -> dict[int, list[int]]:
        """Give, for each boilerplate text that stands anywhere in a scope, those scopes."""
        texts = self._report.boilerplate.texts[self._covered]
        found: dict[int, list[int]] = {}
        for row in np.flatnonzero(texts >= 0).tolist():
            owners = found.setdefault(int(texts[row]), [])
            owners.append(int(self._owners[row]))
        return {text: sorted(set(owners)) for text, owners in found.items()}

    def _mark_excused(self, is_excused: BoolArray) -> None:
        """Mark the paragraphs by which any finding may be excused: of most there is none."""
        is_excused[self._covered] = True
        is_excused[self._rows >= 0] = True
        is_excused[self._report.boilerplate.numbers[list(self._recurring)]] = True

    def explain(self, finding: Finding) -> Suppression | None:
        """Say why a finding does not count, None where it does; note what was used."""
        sides = (finding.number, *finding.source_numbers)
        if not any(self._is_excused[number] for number in sides):
            return None
        owners, rows = self._list_owners(finding), self._list_rows(finding)
        self._used_scopes.update(owners)
        self._used_rows.update(rows)
        if owners:
            scope = self._scopes[owners[0]]
            place = f"{scope.path}:{scope.directive.line}"
            return Suppression("inline", place, scope.directive.reason)
        if rows and self._allowed is not None:
            path, line = self._allowed.places[rows[0]]
            return Suppression("allowed", f"{path}:{line}")
        return None

    def _list_owners(self, finding: Finding) -> list[int]:
        """Give the scopes that take a finding out, those of its own paragraph first."""
        rule = finding.rule
        own = self._find_owners(finding.number, rule)
        if rule == "DUP007":
            text = int(self._report.boilerplate.texts[finding.number])
            elsewhere = self._recurring.get(text, [])
            return own + [owner for owner in elsewhere if self._scopes[owner].covers_rule(rule)]
        by_source = [self._find_owners(number, rule) for number in finding.source_numbers]
        return own + (list(chain.from_iterable(by_source)) if all(by_source) else [])

    def _find_owners(self, number: int, rule: str) -> list[int]:
        begin, end = self._covered.searchsorted([number, number + 1])
        owners: list[int] = self._owners[begin:end].tolist()
        return [owner for owner in owners if self._scopes[owner].covers_rule(rule)]

    def _list_rows(self, finding: Finding) -> list[int]:
        """Give the allowed texts that take a finding out, its own first."""
        if self._allowed is None:
            return []
        own = int(self._rows[finding.number])
        sources = [int(self._rows[number]) for number in finding.source_numbers]
        by_sources = finding.rule not in {"DUP005", "DUP007"} and sources and min(sources) >= 0
        return [own] * (own >= 0) + (sources if by_sources else [])

    def list_ignored(self) -> Ignored:
        """Tell the paragraphs that take no part in groups."""
        as_identical, as_near = self._tell_ignored("DUP001"), self._tell_ignored("DUP002")
        return Ignored(as_identical, as_near)

    def _tell_ignored(self, rule: str) -> BoolArray:
        is_ignored: BoolArray = self._rows >= 0
        for scope in self._scopes:
            if scope.covers_rule(rule):
                is_ignored[scope.numbers] = True
        return is_ignored

    def use_grouped(self, is_grouped: BoolArray) -> None:
        """Note what excuses any of the paragraphs that were grouped anew as used."""
        self._used_rows.update(np.unique(self._rows[is_grouped]).tolist())
        for owner in np.unique(self._owners[is_grouped[self._covered]]).tolist():
            scope = self._scopes[owner]
            if scope.covers_rule("DUP001") or scope.covers_rule("DUP002"):
                self._used_scopes.add(owner)

    def list_unused(self) -> tuple[Problem, ...]:
        """Give what took nothing out, source by source, then the allowed texts."""
        found = []
        for row, scope in enumerate(self._scopes):
            message = self._find_fault(scope, is_used=row in self._used_scopes)
            if message:
                found.append(Problem(scope.path, scope.directive.line, message))
        if self._allowed is not None:
            found += self._allowed.list_unused(row for row in self._used_rows if row >= 0)
        return tuple(found)

    def _find_fault(self, scope: Scope, *, is_used: bool) -> str:
        """Say what is wrong with a comment; '' where nothing is."""
        directive = scope.directive
        if directive.kind == "unknown":
            said = f"'dedup: {directive.reason}' is not understood"
            return f"{said}: allowed are {_KNOWN}, of the rules {_RULES}. Mend it, or take it out"
        if directive.kind == "on":
            return "" if scope.is_known else _LONELY_ON
        words = _name(scope)
        strange = [code for code in directive.codes if code not in _FOUND]
        if strange:
            return f"{words}: {strange[0]} is no rule that can be ignored. Allowed are {_RULES}"
        is_decided = set(directive.codes or _FOUND) <= set(self._report.config.run.rules)
        if not is_decided or is_used:
            return ""
        return f"{words} suppresses nothing in what was read. Take it out if that was everything"


def _name(scope: Scope) -> str:
    """Give a directive as it is written."""
    directive = scope.directive
    codes = f"[{', '.join(directive.codes)}]" if directive.codes else ""
    if directive.kind == "element":
        return 'data-dedup="ignore"'
    return f"'dedup: {directive.kind}{codes}'"
