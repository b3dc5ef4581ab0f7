"""Say in a line's words where a paragraph stands and what was found; used by every text format."""

import json
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from dedup.config import UNREADABLE_RULE
from dedup.findings import Finding, Reference, order_of, usual_level
from dedup.model import Problem, Relation
from dedup.outcome import Outcome, Suppression
from dedup.reporters.escapes import escape_controls, fold_lines

UNREADABLE_LEVEL: Final = "error"
_MOST_TITLE_CHARACTERS: Final = 60
_WEB: Final = re.compile("https?://", re.IGNORECASE)
# Letters and what RFC 3986 allows, less what Markdown, HTML and quoted text end a link with.
_UNSAFE_IN_LINKS: Final = re.compile(r"[^\w/:?#\[\]@!$&*+,;=%~.-]")


def order_findings(outcome: Outcome) -> list[Finding | Problem]:
    """Give the findings and, if that rule is selected, the problems, by (path, line, rule)."""
    run = outcome.run
    problems = run.problems if UNREADABLE_RULE in run.config.run.rules else ()
    return sorted([*outcome.findings, *problems], key=_order)


def order_all(outcome: Outcome) -> list[tuple[Finding | Problem, Suppression | None]]:
    """Give what `order_findings` gives, and what is suppressed where a check lists that.

    Returns:
        Each with why it does not count, None where it does, by (path, line, rule).
    """
    judgement = outcome.judgement
    shown: list[tuple[Finding | Problem, Suppression | None]] = [
        (found, None) for found in order_findings(outcome)
    ]
    if judgement is None or not judgement.shows_suppressed:
        return shown
    shown += judgement.suppressed
    return sorted(shown, key=lambda each: _order(each[0]))


def _order(found: Finding | Problem) -> tuple[str, int, int, str, int]:
    if isinstance(found, Problem):
        return (found.path, found.line or 0, 0, UNREADABLE_RULE, 0)
    return order_of(found)


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

    One of several in a file is called by its title and its address, where it has them:
    ` "The old lens" <https://example.org/lens>`.
    """
    path, identity = reference.path, reference.document
    if path is None or identity == path:
        return ""
    title, link = name_title(reference), find_web_link(reference)
    named = f" {escape_controls(_quote(title))}" if title else ""
    if link:
        return f"{named} <{link}>"
    if identity == f"{path}:{reference.start_line}":
        return named
    return f"{named} [id {escape_controls(_quote(identity))}]"


def name_title(reference: Reference) -> str:
    """Give the title of a document on one line of at most 60 characters; '' where it has none."""
    title = fold_lines(reference.title).strip()
    if len(title) <= _MOST_TITLE_CHARACTERS:
        return title
    return f"{title[: _MOST_TITLE_CHARACTERS - 1].rstrip()}…"


def find_web_link(reference: Reference) -> str:
    """Give the address of a document, if it is one of the web; nothing in it can end a link.

    Any other scheme, as `javascript:`, is no address to be followed from a report.
    """
    link = reference.link.strip()
    return _UNSAFE_IN_LINKS.sub(_percent, link) if _WEB.match(link) else ""


def _percent(match: re.Match[str]) -> str:
    return quote(match[0], safe="", errors="surrogatepass")


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


def name_kind(finding: Finding) -> str:
    """Give what a finding's paragraph is, in a word: its relation, of a turned one `contains`."""
    is_around = finding.is_turned and finding.relation is Relation.CONTAINED
    return "contains" if is_around else finding.relation.label


def name_stand(finding: Finding) -> str:
    """Say how a finding's paragraph stands, before its source: `variant of`, `contains`."""
    kind = name_kind(finding)
    return kind if kind != finding.relation.label else name_relation(finding.relation)


def name_recurrence(finding: Finding) -> str:
    """Say of a boilerplate text in how many documents of its source it stands."""
    found = finding.recurrence
    if found is None:
        return ""
    under = f" of {escape_controls(found.folder)}" if found.folder else ""
    return f"in {found.n_documents:,} of {count(found.population, 'document')}{under}"


def name_level(found: Finding | Problem) -> str:
    """Give ` [level error]` where a finding's level is not the usual one of its rule, else ''."""
    if isinstance(found, Problem):
        return ""
    usual = usual_level(found.relation, is_near=found.is_near)
    return "" if found.level == usual else f" [level {found.level}]"


def name_conflicts(conflicts: int) -> str:
    """Say how many numbers or dates stand against each other."""
    return "1 number or date differs" if conflicts == 1 else f"{conflicts} numbers or dates differ"


def count(number: int, noun: str) -> str:
    """Give a count with its noun.

    >>> count(1, "paragraph"), count(1200, "paragraph"), count(2, "entry")
    ('1 paragraph', '1,200 paragraphs', '2 entries')
    """
    if number == 1:
        return f"{number:,} {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith(("ry", "ly")) else f"{noun}s"
    return f"{number:,} {plural}"


def join_words(words: Sequence[str], conjunction: str = "and") -> str:
    """Join words as a sentence does.

    >>> join_words(["1", "2", "4"])
    '1, 2 and 4'
    """
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last
