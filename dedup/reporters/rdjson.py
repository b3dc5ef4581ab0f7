"""Write reviewdog's diagnostic format, `rdjson`, a diagnostic a line.

Its columns count bytes of UTF-8 from 1 and ours characters, and a paragraph does not know what is
before it in its line. So columns are given where a paragraph of one line begins it: there both
begin at 1, and the text has the bytes. Elsewhere lines are given, which the format reads as whole
lines, the last one included. What a check suppresses is not written: the format has no word for it.
"""

from collections.abc import Iterator
from typing import Any, Final, TextIO

from dedup.config import UNREADABLE_RULE
from dedup.findings import Finding, Reference
from dedup.model import Problem
from dedup.outcome import Outcome
from dedup.reporters.json_pieces import dump_rows
from dedup.reporters.messages import describe, name_subject
from dedup.reporters.phrases import UNREADABLE_LEVEL, name_identity, name_place, order_findings
from dedup.reporters.uris import slash_path
from dedup.runs import Run

_SEVERITIES: Final = {"note": "INFO", "warning": "WARNING", "error": "ERROR"}
_MOST_SOURCES: Final = 10


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the report in pieces of about a line."""
    del terminal  # JSON looks the same everywhere
    yield '{"source": {"name": "dedup"},\n'
    found = order_findings(outcome)
    yield from dump_rows("diagnostics", (_diagnose(each, outcome.run) for each in found))
    yield "}\n"


def _diagnose(found: Finding | Problem, run: Run) -> dict[str, Any]:
    message = f"{name_subject(found)} {describe(found, run)}".strip()
    if isinstance(found, Problem):
        lines = {} if found.line is None else {"range": _range(found.line, found.line)}
        location = {"path": slash_path(found.path), **lines}
        return _start(message, location, UNREADABLE_LEVEL, UNREADABLE_RULE)
    location = _locate(found.reference, run.text(found.number))
    diagnostic = _start(message, location, found.level, found.rule)
    numbers = found.source_numbers[:_MOST_SOURCES]
    diagnostic["related_locations"] = [
        {
            "message": f"{name_place(source)}{name_identity(source)}",
            "location": _locate(source, run.text(number)),
        }
        for number, source in zip(numbers, found.sources, strict=False)
    ]
    return diagnostic


def _start(message: str, location: dict[str, Any], level: str, rule: str) -> dict[str, Any]:
    return {
        "message": message,
        "location": location,
        "severity": _SEVERITIES[level],
        "code": {"value": rule},
    }


def _locate(reference: Reference, text: str) -> dict[str, Any]:
    path = str(reference.document) if reference.path is None else slash_path(reference.path)
    start_line, end_line = reference.start_line, reference.end_line
    if start_line != end_line or (reference.start_column, reference.end_column) != (1, len(text)):
        return {"path": path, "range": _range(start_line, end_line)}
    n_bytes = len(text.encode(errors="surrogatepass"))
    return {
        "path": path,
        "range": {
            "start": {"line": start_line, "column": 1},
            "end": {"line": end_line, "column": n_bytes + 1},
        },
    }


def _range(start_line: int, end_line: int) -> dict[str, Any]:
    return {"start": {"line": start_line}, "end": {"line": end_line}}
