"""Write a GitLab Code Quality report: one JSON array, an object a finding, one a line.

GitLab compares the fingerprints of a merge request's report with its target branch's. So one is
made of the rule, the texts and how often both came before: a move changes none, a third copy adds
one. The file has to be whole JSON without a byte order mark, and its paths without `./`.

Decision (2026-11-25): note, warning and error are info, minor and major: repeated text breaks no
build of its own, and GitLab's `critical` and `blocker` are for what does.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, TextIO

from dedup.findings import Finding
from dedup.model import Problem
from dedup.outcome import Outcome, Suppression
from dedup.reporters.escapes import escape_controls
from dedup.reporters.json_pieces import dump
from dedup.reporters.messages import describe, name_subject, name_suppression
from dedup.reporters.phrases import order_all
from dedup.reporters.uris import slash_path
from dedup.reporters.verdicts import level_of, list_leftovers, rule_of
from dedup.runs import Run

_SEVERITIES: Final = {"note": "info", "warning": "minor", "error": "major"}
_LETTERS: Final = 32  # of a fingerprint: as many as of the usual MD5


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the array by (path, line, rule), then a check's stale and unused entries."""
    del terminal  # JSON looks the same everywhere
    seen = Counter[str]()
    separator = "[\n"
    for row in _rows(outcome):
        identity = row.pop("identity")
        fingerprint = sha256(f"{identity} {seen[identity]}".encode(errors="replace")).hexdigest()
        seen[identity] += 1
        row["fingerprint"] = fingerprint[:_LETTERS]
        yield f"{separator}{dump(row)}"
        separator = ",\n"
    yield "\n]\n" if seen else "[]\n"


def _rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Give the objects, each with its `identity` in the place of a fingerprint."""
    for found, suppression in order_all(outcome):
        yield _row(found, suppression, outcome.run)
    for label, problem in list_leftovers(outcome):
        yield {
            "description": escape_controls(problem.message),
            "check_name": label,
            "severity": "info",
            "location": _location(problem),
            "identity": f"{label} {problem.path} {problem.message}",
        }


def _row(found: Finding | Problem, suppression: Suppression | None, run: Run) -> dict[str, Any]:
    rule, level = rule_of(found), level_of(found)
    what = f"{name_subject(found).lstrip()} {describe(found, run)}".lstrip()
    why = "" if suppression is None else f" [{name_suppression(suppression)}]"
    texts = found.message if isinstance(found, Problem) else found.fingerprint
    path = found.path if isinstance(found, Problem) else ""
    return {
        "description": f"{what}{why}",
        "check_name": rule,
        "categories": ["Duplication"],
        "engine_name": "dedup",
        "severity": _SEVERITIES[level if suppression is None else "note"],
        "location": _location(found),
        "identity": f"{rule} {path} {texts}",
    }


def _location(found: Finding | Problem) -> dict[str, Any]:
    """Give path and lines; a source without a line is shown at its first."""
    if isinstance(found, Problem):
        return {"path": slash_path(found.path), "lines": {"begin": found.line or 1}}
    place = found.reference
    path = str(place.document) if place.path is None else slash_path(place.path)
    return {"path": path, "lines": {"begin": place.start_line, "end": place.end_line}}
