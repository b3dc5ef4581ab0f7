"""Make the results of a SARIF log: one finding's message, places, fingerprint and suppression.

Every source that a message names is a link to a related location, and every related location is
linked: GitHub shows no other. At most 10 are linked; a message names the others or counts them.

Decision (2026-11-26): one result a finding, which is one a paragraph and rule. A paragraph that two
rules name gives two: a result has one rule, and each is dismissed for reasons of its own.
Decision (2026-11-26): no texts (`snippet`): GitHub shows the file's own lines, and 25,000
paragraphs would not fit into the 10 MB that it takes.
"""

import re
from typing import Any, Final

from dedup.config import UNREADABLE_RULE
from dedup.findings import Finding, Reference
from dedup.model import Problem, Relation
from dedup.outcome import Suppression
from dedup.reporters.escapes import escape_controls
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import (
    UNREADABLE_LEVEL,
    find_web_link,
    join_words,
    name_identity,
    name_place,
    name_title,
)
from dedup.reporters.sarif_rules import RULE_ROWS, make_sentence
from dedup.reporters.uris import make_uri
from dedup.runs import Run

FINGERPRINT_KEY: Final = "dedupParagraph/v1"  # not GitHub's own primaryLocationLineHash
_MOST_LINKS: Final = 10
# A described text holds no control character: they mark where a link begins, parts and ends.
_OPEN, _PART, _CLOSE = "\x02", "\x03", "\x04"
_MARKS: Final = str.maketrans({_OPEN: "[", _PART: "](", _CLOSE: ")"})
_OWN_BRACKETS: Final = re.compile(r'\[(id (?:"[^"\\\[\]]*"|-?\d+)|paragraph \d+)\]')
_BRACKETS: Final = re.compile(r"[\[\]]")
_PLACE: Final = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d*)", re.DOTALL)


def make_result(
    found: Finding | Problem, suppression: Suppression | None, run: Run, occurrence: int
) -> dict[str, Any]:
    """Give the result of one finding.

    Args:
        found: The finding, or something unreadable.
        suppression: Why it does not count; None where it does.
        run: The run, which knows the sentences of a restated or rewritten paragraph.
        occurrence: Which of the findings with its rule and fingerprint it is, from 1.
    """
    if isinstance(found, Problem):
        return _start(UNREADABLE_RULE, UNREADABLE_LEVEL, _say(found, run, [])) | {
            "locations": [locate_problem(found)]
        }
    sources: list[Reference] = []
    result = _start(found.rule, found.level, _say(found, run, sources))
    result["locations"] = [locate(found.reference)]
    if sources:
        result["relatedLocations"] = [
            {"id": number, **locate(source)} for number, source in enumerate(sources, 1)
        ]
    result["partialFingerprints"] = {FINGERPRINT_KEY: f"{found.fingerprint}:{occurrence}"}
    if suppression is not None:
        result["suppressions"] = [_suppress(suppression)]
    return result


def _start(rule: str, level: str, message: str) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": RULE_ROWS[rule],
        "level": level,
        "message": {"text": message},
    }


def _say(found: Finding | Problem, run: Run, sources: list[Reference]) -> str:
    """Say in a sentence what was found; the sources that it links are put into a list."""

    def link(name: str, source: Reference) -> str:
        if len(sources) == _MOST_LINKS:
            return name
        sources.append(source)
        return f"{_OPEN}{name}{_PART}{len(sources)}{_CLOSE}"

    said = describe(found, run, link)
    if isinstance(found, Finding) and found.relation is Relation.BOILERPLATE:
        linked = [
            link(f"{name_place(s)}{name_identity(s)}", s) for s in found.sources[:_MOST_LINKS]
        ]
        said = f"{said}; again at {join_words([*linked, *_count_more(found, len(linked))])}"
    subject = _OWN_BRACKETS.sub(r"(\1)", name_subject(found)).strip()
    if subject.startswith("(") and subject.endswith(")"):
        subject = subject[1:-1]
    return escape_links(make_sentence(f"{subject}: {said}" if subject else said))


def _count_more(found: Finding, n_linked: int) -> list[str]:
    n_places = found.recurrence.n_paragraphs - 1 if found.recurrence else len(found.sources)
    return [f"{n_places - n_linked:,} more"] if n_places > n_linked else []


def escape_links(text: str) -> str:
    r"""Escape what SARIF would take for a link; the marks of this module become links.

    Brackets get a backslash, as do backslashes within a link. Some viewers do not know that, and
    end a link at `](` whatever is before it: nothing but a link is left with that.
    """
    named = _OWN_BRACKETS.sub(r"(\1)", text)
    parts = re.split(f"({_OPEN}.*?{_PART})", named)
    parts[1::2] = [part.replace("\\", r"\\") for part in parts[1::2]]
    escaped = _BRACKETS.sub(r"\\\g<0>", "".join(parts))
    return escaped.replace(r"\](", r"\] (").translate(_MARKS)


def locate(reference: Reference) -> dict[str, Any]:
    """Give a paragraph's location; of one of several documents in a file, which it is, too."""
    location: dict[str, Any] = {}
    if reference.path is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": make_uri(reference.path)},
            "region": _region(reference),
        }
    if reference.document != reference.path:
        location["logicalLocations"] = [_name_document(reference)]
    return location


def _region(reference: Reference) -> dict[str, int]:
    """Give lines and columns from 1, the end column behind the last character."""
    start, end = reference.start_column, reference.end_column + 1
    is_one_line = reference.start_line == reference.end_line
    return {
        "startLine": reference.start_line,
        "startColumn": start,
        "endLine": reference.end_line,
        "endColumn": max(start, end) if is_one_line else end,
    }


def _name_document(reference: Reference) -> dict[str, str]:
    """Give the title of an entry or record, and its address or else its id."""
    link = find_web_link(reference)
    named = {"fullyQualifiedName": link or escape_controls(str(reference.document))}
    title = name_title(reference)
    return {"name": title, **named} if title else named


def locate_problem(problem: Problem) -> dict[str, Any]:
    """Give the location of something unreadable; the whole file where no line is known."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": make_uri(problem.path)}}
    physical["region"] = {"startLine": problem.line or 1}
    return {"physicalLocation": physical}


def _suppress(suppression: Suppression) -> dict[str, Any]:
    """Give a suppression, with the comment's place where one in a source says so."""
    is_inline = suppression.kind == "inline"
    made: dict[str, Any] = {
        "kind": "inSource" if is_inline else "external",
        "status": "accepted",
        "justification": make_sentence(name_suppression(suppression)),
    }
    place = _PLACE.fullmatch(suppression.place) if is_inline else None
    if place is not None:
        problem = Problem(place["path"], int(place["line"]), "")
        made["location"] = locate_problem(problem)
    return made
