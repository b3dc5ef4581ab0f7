"""Say in a line's words where a paragraph stands and what was found; used by every text format."""

import json
from collections.abc import Sequence

from dedup.findings import Finding, Reference
from dedup.model import Problem, Relation
from dedup.report import Report
from dedup.reporters.escapes import escape_controls

UNREADABLE_RULE = "DUP900"
UNREADABLE_LEVEL = "error"


def order_findings(report: Report) -> list[Finding | Problem]:
    """Give the findings and, if that rule is selected, the problems, by (path, line, rule)."""
    problems = report.problems if UNREADABLE_RULE in report.config.run.rules else ()
    return sorted([*report.findings, *problems], key=_order)


def _order(found: Finding | Problem) -> tuple[str, int, int, str, int]:
    if isinstance(found, Problem):
        return (found.path, found.line or 0, 0, UNREADABLE_RULE, 0)
    place = found.reference
    return (place.path or "", place.start_line, place.start_column, found.rule, found.number)


def name_place(reference: Reference) -> str:
    """Give `path:line`; for a record from memory its id in the place of the path."""
    source = _quote(reference.document) if reference.path is None else reference.path
    return f"{escape_controls(source)}:{reference.start_line}"


def name_number(reference: Reference, other: Reference) -> str:
    """Give ` [paragraph 2]` where nothing else tells a paragraph from another, else ''.

    Counted from 1, as a reader counts; several paragraphs of one JSON string share its line.
    """
    same_line = (reference.path, reference.start_line) == (other.path, other.start_line)
    if not same_line or reference.document != other.document:
        return ""
    return f" [paragraph {reference.paragraph + 1}]"


def name_identity(reference: Reference) -> str:
    """Give ` [id "lin-001"]` where a document's id says more than the place does, else ''.

    One of several in a file that has an address is called by it: ` <https://example.org/lens>`.
    """
    path, identity = reference.path, reference.document
    if path is None or identity == path:
        return ""
    if reference.link:
        return f" <{escape_controls(reference.link)}>"
    if identity == f"{path}:{reference.start_line}":
        return ""
    return f" [id {escape_controls(_quote(identity))}]"


def _quote(identity: str | int) -> str:
    return json.dumps(identity, ensure_ascii=False)


def name_problem_place(problem: Problem) -> str:
    """Give `path:line`, or `path` where the whole source could not be read."""
    path = escape_controls(problem.path)
    return path if problem.line is None else f"{path}:{problem.line}"


def name_relation(relation: Relation) -> str:
    """Give the relation as it stands before its source: `identical to`, `variant of`."""
    linking = {Relation.IDENTICAL: "to", Relation.CONTAINED: "in"}
    linking |= dict.fromkeys((Relation.REWRITTEN, Relation.RESTATED), "from")
    return f"{relation.label} {linking.get(relation, 'of')}"


def name_recurrence(finding: Finding) -> str:
    """Say of a boilerplate text in how many documents of its source it stands."""
    found = finding.recurrence
    if found is None:
        return ""
    under = f" of {escape_controls(found.folder)}" if found.folder else ""
    return f"in {found.n_documents:,} of {count(found.population, 'document')}{under}"


def name_conflicts(conflicts: int) -> str:
    """Say how many numbers or dates stand against each other."""
    return "1 number or date differs" if conflicts == 1 else f"{conflicts} numbers or dates differ"


def count(number: int, noun: str) -> str:
    """Give a count with its noun.

    >>> count(1, "paragraph"), count(1200, "paragraph")
    ('1 paragraph', '1,200 paragraphs')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def join_words(words: Sequence[str], conjunction: str = "and") -> str:
    """Join words as a sentence does.

    >>> join_words(["1", "2", "4"])
    '1, 2 and 4'
    """
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last
