"""Write GitHub's Markdown, for a comment on a pull request or the summary of a step.

A heading with the verdict, a table of what was found, the texts of the first findings folded away,
and the summary. What fails a check comes first, what is suppressed last. What comes from outside
stands in code alone (`markdown_code` says why).

Decision (2026-11-25): at most 60,000 bytes, since a comment of GitHub's holds 65,536 characters,
and a step's summary 1 MiB for all that its commands append. What is left out is counted.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TextIO, TypeAlias

from dedup.findings import REWORDED, Finding
from dedup.model import Problem, Relation
from dedup.outcome import Outcome, Suppression
from dedup.quotations import Evidence
from dedup.reporters.excerpts import ELLIPSIS
from dedup.reporters.markdown_code import code, fence, html_code, place
from dedup.reporters.messages import name_suppression
from dedup.reporters.phrases import (
    count,
    join_words,
    name_conflicts,
    name_kind,
    name_number,
    name_place,
    name_problem_place,
    name_recurrence,
    name_stand,
    order_all,
)
from dedup.reporters.quoting import show_lines
from dedup.reporters.restated import (
    is_within_document,
    label_new,
    name_act,
    name_new,
    name_score,
    name_sources,
)
from dedup.reporters.summary import find_nothing, summarize
from dedup.reporters.verdicts import describe_verdict, is_failing, level_of, rule_of
from dedup.runs import Run

_MOST_BYTES: Final = 60_000
_TEXTS_BYTES: Final = 20_000  # of those, kept free of the table
_MOST_TEXTS: Final = 20
_MOST_SUMMARY_LINES, _MOST_SUMMARY_CHARACTERS = 40, 200
_LABEL_WIDTH: Final = 10
_HEAD: Final = "| Place | Rule | Level | What | Score |\n| --- | --- | --- | --- | --- |\n"
_SIGNS: Final = (
    "`[-removed-]` stands only in the text compared with, `{+added+}` only in this one; "
    "`[=shared=]` in a sentence and in its source.\n\n"
)
_Shown: TypeAlias = tuple[Finding | Problem, Suppression | None]


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the heading, the table, the first texts and the summary, all within the limit."""
    del terminal  # the same text everywhere
    nothing = find_nothing(outcome)
    head = f"## {describe_verdict(outcome) or 'Repeated text'}\n\n"
    tail = f"{nothing}\n" if nothing else _summary(outcome)
    shown, free = _order(outcome), _MOST_BYTES - _size(head) - _size(tail)
    table = _table(shown, outcome.run, free - _TEXTS_BYTES)
    yield head
    yield table
    yield _texts(shown, outcome.run, free - _size(table))
    yield tail


def _size(text: str) -> int:
    return len(text.encode(errors="backslashreplace"))


def _order(outcome: Outcome) -> list[_Shown]:
    """Put what fails before what does not, and that before what is suppressed."""

    def turn(each: _Shown) -> int:
        if each[1] is not None:
            return 2
        return 0 if is_failing(each[0], outcome.judgement) else 1

    return sorted(order_all(outcome), key=turn)


def _table(shown: Sequence[_Shown], run: Run, free: int) -> str:
    """Give the rows that there is room for, and how many more there would be."""
    if not shown:
        return ""
    rows, free = [_HEAD], free - _size(_HEAD)
    for found, suppression in shown:
        row = _row(found, suppression, run)
        free -= _size(row)
        if free < 0:
            break
        rows.append(row)
    left = len(shown) - len(rows) + 1
    more = f"\n{count(left, 'more finding')} left out of the table; other formats have all.\n"
    return f"{''.join(rows)}{more if left else ''}\n"


def _row(found: Finding | Problem, suppression: Suppression | None, run: Run) -> str:
    where = code(name_problem_place(found)) if isinstance(found, Problem) else _own_place(found)
    why = "" if suppression is None else f", {code(name_suppression(suppression))}"
    cells = where, rule_of(found), level_of(found), f"{_what(found, run)}{why}", _score(found)
    return f"| {' | '.join(cells)} |\n"


def _own_place(finding: Finding) -> str:
    reference = finding.reference
    is_numbered = finding.relation in (*REWORDED, Relation.BOILERPLATE)
    return place(reference, "" if is_numbered else name_number(reference, finding.source))


def _what(found: Finding | Problem, run: Run) -> str:
    """Say what was found, with what comes from outside as code."""
    if isinstance(found, Problem):
        return f"unreadable: {code(found.message)}"
    if found.relation in REWORDED:
        return _reword(found, run.quote(found))
    if found.relation is Relation.BOILERPLATE:
        return f"{found.relation.label} {code(name_recurrence(found))}"
    number = name_number(found.source, found.reference)
    conflicts = f", {name_conflicts(found.conflicts)}" if found.conflicts else ""
    return f"{name_stand(found)} {place(found.source, number)}{conflicts}"


def _reword(finding: Finding, evidence: Evidence) -> str:
    places = join_words([place(source) for source in finding.sources])
    whom = name_sources(finding) if is_within_document(finding) else places
    new = code(name_new(evidence)) if evidence.new else name_new(evidence)
    return f"{name_act(finding, evidence)} {whom}; {label_new(finding)}: {new}"


def _score(found: Finding | Problem) -> str:
    """Give what was measured; of identical texts and of boilerplate nothing was."""
    if isinstance(found, Problem) or found.relation in (Relation.IDENTICAL, Relation.BOILERPLATE):
        return ""
    return name_score(found)


def _texts(shown: Sequence[_Shown], run: Run, free: int) -> str:
    """Give the texts of the first findings that count, folded away, as there is room."""
    found = [each for each, why in shown if why is None and isinstance(each, Finding)]
    pieces, free = [_SIGNS] if found else [], free - _size(_SIGNS)
    for finding in found[:_MOST_TEXTS]:
        where = html_code(name_place(finding.reference))
        summary = f"{finding.rule} {name_kind(finding)}, {where}"
        block = fence(show_lines(finding, run))
        piece = f"<details><summary>{summary}</summary>\n\n{block}\n</details>\n\n"
        free -= _size(piece)
        if free < 0:
            break
        pieces.append(piece)
    return "".join(pieces)


def _summary(outcome: Outcome) -> str:
    """Give the summary's first lines, long ones cut."""
    lines = [f"{label:<{_LABEL_WIDTH}}{sentence}" for label, sentence in summarize(outcome)]
    return fence(map(_cut, lines[:_MOST_SUMMARY_LINES]))


def _cut(line: str) -> str:
    if len(line) <= _MOST_SUMMARY_CHARACTERS:
        return line
    return f"{line[: _MOST_SUMMARY_CHARACTERS - 1]}{ELLIPSIS}"
