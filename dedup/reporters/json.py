"""Write a report as JSON, format version 1 (design, section 9), a row a line so that diffs read.

The bytes depend on the input and the settings alone: no time, no machine, no engine, no number of
threads. Characters that a terminal would obey are escaped, which changes no value.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TextIO

from dedup.findings import Finding, Group, Reference
from dedup.model import Problem
from dedup.outcome import DocumentRow, Outcome, Run
from dedup.quotations import Evidence
from dedup.report import FORMAT_VERSION
from dedup.reporters.escapes import escape_json
from dedup.reporters.phrases import UNREADABLE_LEVEL, UNREADABLE_RULE, order_findings
from dedup.reporters.summary import count_recurring, list_restating

# Settings of `run` that change no verdict: reports of any engine must be equal byte for byte.
_WITHOUT_EFFECT: Final = ("engine", "jobs", "keep_text")


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the report in pieces of about a line."""
    del terminal  # JSON looks the same everywhere
    run = outcome.run
    yield f'{{"format_version": {FORMAT_VERSION},\n'
    yield f'"tool": {_dump({"name": "dedup", "version": _version()})},\n'
    yield f'"settings": {_dump(_settings(run))},\n'
    yield f'"summary": {_dump(_summary(outcome))},\n'
    yield from _rows("documents", map(_document, run.list_documents()))
    yield ",\n"
    yield from _rows("remarks", map(_remark, run.remarks))
    yield ",\n"
    yield from _rows("groups", map(_group, outcome.groups))
    yield ",\n"
    found = (_found(run, each) for each in order_findings(outcome))
    yield from _rows("findings", found)
    yield "}\n"


def _dump(value: object) -> str:
    return escape_json(json.dumps(value, ensure_ascii=False))


def _rows(name: str, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give a list of rows, one a line."""
    yield f'"{name}": ['
    separator = "\n"
    for row in rows:
        yield f"{separator}{_dump(row)}"
        separator = ",\n"
    yield "\n]"


def _version() -> str:
    try:
        return version("dedup-paragraphs")
    except PackageNotFoundError:  # run from a folder of sources
        return "0+unknown"


def _settings(run: Run) -> dict[str, Any]:
    settings = asdict(run.config)
    for name in _WITHOUT_EFFECT:
        del settings["run"][name]
    return settings


def _summary(outcome: Outcome) -> dict[str, Any]:
    run = outcome.run
    counts = run.counts
    redundant = [member.number for group in outcome.groups for member in group.members]
    n_texts, n_recurring, _ = count_recurring(outcome)
    return {
        "documents": run.n_documents,
        "paragraphs": run.n_paragraphs,
        "words": run.n_all_words,
        "groups": len(outcome.groups),
        "redundant_paragraphs": len(redundant),
        "redundant_words": sum(map(run.n_words, redundant)),
        "restating_paragraphs": len(list_restating(outcome)),
        "boilerplate_texts": n_texts,
        "boilerplate_paragraphs": n_recurring,
        "skipped": {
            "short": counts.n_short,
            "empty": counts.n_empty,
            "beyond_buckets": counts.n_beyond_buckets,
            "template_buckets": counts.n_templates,
            "unaligned": counts.n_unaligned,
            "too_few_terms": counts.n_too_few_terms,
            "lists_tables_code": counts.n_listed,
            "large_documents": counts.n_in_large,
            "sources": len(run.problems),
        },
    }


def _document(row: DocumentRow) -> dict[str, Any]:
    return {
        "document": row.document,
        "path": row.path,
        **{name: said for name, said in asdict(row.head).items() if said},
        "paragraphs": row.n_paragraphs,
        "words": row.n_words,
        "padding_ratio": row.padding_ratio,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.group,
        "canonical": _reference(group.canonical),
        "reason": group.reason,
        "least_score": group.least_score,
        "members": [
            {
                **_reference(member.reference),
                "relation": member.relation.label,
                "resemblance": member.resemblance,
                "containment": member.containment,
                "commonness": member.commonness,
            }
            for member in group.members
        ],
    }


def _reference(reference: Reference) -> dict[str, Any]:
    fields = asdict(reference)
    for name in ("link", "title"):
        if not fields[name]:
            del fields[name]
    return fields


def _remark(remark: Problem) -> dict[str, Any]:
    return {"path": remark.path, "line": remark.line, "message": remark.message}


def _found(run: Run, found: Finding | Problem) -> dict[str, Any]:
    if isinstance(found, Problem):
        return _problem(found)
    if not found.said:
        return _finding(run, found)
    return {**_finding(run, found), **_evidence(run, found, run.quote(found))}


def _evidence(run: Run, found: Finding, evidence: Evidence) -> dict[str, Any]:
    """Give who said each sentence; spans are characters of the paragraphs' own texts, from 0."""
    return {
        "dice": found.dice,
        "adds": evidence.adds,
        "new": list(evidence.new),
        "new_sentences": list(evidence.unsaid),
        "evidence": [
            {
                "sentence": list(quotation.span),
                "source": _reference(run.reference(quotation.source.number)),
                "source_sentence": list(quotation.source_span),
                "containment": quotation.source.share,
                "adds_to_first": quotation.source.is_second,
                "shared": [list(span) for span in quotation.shared],
                "source_shared": [list(span) for span in quotation.source_shared],
            }
            for quotation in evidence.quotations
        ],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "rule": UNREADABLE_RULE,
        "relation": "unreadable",
        "level": UNREADABLE_LEVEL,
        "paragraph": None,
        "sources": [],
        "score": None,
        "path": problem.path,
        "line": problem.line,
        "message": problem.message,
    }


def _finding(run: Run, finding: Finding) -> dict[str, Any]:
    recurrence = finding.recurrence
    return {
        "rule": finding.rule,
        "relation": finding.relation.label,
        "level": finding.level,
        "paragraph": _reference(finding.reference),
        "sources": [_reference(source) for source in finding.sources],
        "score": finding.score,
        "conflicts": finding.conflicts,
        "text": run.text(finding.number),
        "evidence": [],
        "new": [],
        "fingerprint": finding.fingerprint,
        **({} if recurrence is None else {"recurrence": asdict(recurrence)}),
    }
