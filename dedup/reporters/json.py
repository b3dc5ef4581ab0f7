"""Write a report as JSON, format version 1 (design, section 9), a row a line so that diffs read.

The bytes depend on the input and the settings alone: no time, no machine, no engine, no number of
threads. Characters that a terminal would obey are escaped, which changes no value.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TextIO

import numpy as np

from dedup.findings import Finding, Group, Reference
from dedup.model import NO_HEAD, Problem, Relation
from dedup.quotations import Evidence, Quoter
from dedup.report import FORMAT_VERSION, Report
from dedup.reporters.escapes import escape_json
from dedup.reporters.phrases import UNREADABLE_LEVEL, UNREADABLE_RULE, order_findings

# Settings of `run` that change no verdict: reports of any engine must be equal byte for byte.
_WITHOUT_EFFECT: Final = ("engine", "jobs", "keep_text")


def render(report: Report, terminal: TextIO | None) -> Iterator[str]:
    """Give the report in pieces of about a line."""
    del terminal  # JSON looks the same everywhere
    yield f'{{"format_version": {FORMAT_VERSION},\n'
    yield f'"tool": {_dump({"name": "dedup", "version": _version()})},\n'
    yield f'"settings": {_dump(_settings(report))},\n'
    yield f'"summary": {_dump(_summary(report))},\n'
    yield from _rows("documents", _documents(report))
    yield ",\n"
    yield from _rows("remarks", map(_remark, report.remarks))
    yield ",\n"
    yield from _rows("groups", map(_group, report.groups))
    yield ",\n"
    quoter = Quoter(report)
    found = (_found(report, quoter, each) for each in order_findings(report))
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


def _settings(report: Report) -> dict[str, Any]:
    settings = asdict(report.config)
    for name in _WITHOUT_EFFECT:
        del settings["run"][name]
    return settings


def _summary(report: Report) -> dict[str, Any]:
    corpus, counts, sizes = report.corpus, report.counts, report.corpus.tokens.sizes
    is_redundant = report.are_redundant
    return {
        "documents": corpus.n_documents,
        "paragraphs": len(corpus),
        "words": int(sizes.sum()),
        "groups": len(report.groups),
        "redundant_paragraphs": int(np.count_nonzero(is_redundant)),
        "redundant_words": int(sizes[is_redundant].sum()),
        "restating_paragraphs": len(report.restating),
        "boilerplate_texts": len(report.boilerplate),
        "boilerplate_paragraphs": int(
            np.count_nonzero(report.grouping.relations == Relation.BOILERPLATE)
        ),
        "skipped": {
            "short": counts.n_short,
            "empty": counts.n_empty,
            "beyond_buckets": counts.n_beyond_buckets,
            "template_buckets": counts.n_templates,
            "unaligned": counts.n_unaligned,
            "too_few_terms": counts.n_too_few_terms,
            "lists_tables_code": counts.n_listed,
            "large_documents": counts.n_in_large,
            "sources": len(report.problems),
        },
    }


def _documents(report: Report) -> Iterator[dict[str, Any]]:
    corpus = report.corpus
    n_documents = corpus.n_documents
    paragraphs = np.bincount(corpus.document, minlength=n_documents)
    words = np.bincount(corpus.document, corpus.tokens.sizes, minlength=n_documents)
    ratios = report.padding_ratios
    number = 0
    for batch in corpus.batches:
        heads = batch.heads or (NO_HEAD,) * len(batch.ids)
        for identity, head in zip(batch.ids, heads, strict=True):
            yield {
                "document": json.loads(identity),
                "path": batch.path,
                **{name: said for name, said in asdict(head).items() if said},
                "paragraphs": int(paragraphs[number]),
                "words": int(words[number]),
                "padding_ratio": None if ratios is None else float(ratios[number]),
            }
            number += 1


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
    if not reference.link:
        del fields["link"]
    return fields


def _remark(remark: Problem) -> dict[str, Any]:
    return {"path": remark.path, "line": remark.line, "message": remark.message}


def _found(report: Report, quoter: Quoter, found: Finding | Problem) -> dict[str, Any]:
    if isinstance(found, Problem):
        return _problem(found)
    if not found.said:
        return _finding(report, found)
    return {**_finding(report, found), **_evidence(report, found, quoter.quote(found))}


def _evidence(report: Report, found: Finding, evidence: Evidence) -> dict[str, Any]:
    """Give who said each sentence; spans are characters of the paragraphs' own texts, from 0."""
    return {
        "dice": found.dice,
        "adds": evidence.adds,
        "new": list(evidence.new),
        "new_sentences": list(evidence.unsaid),
        "evidence": [
            {
                "sentence": list(quotation.span),
                "source": _reference(report.reference(quotation.source.number)),
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


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    recurrence = finding.recurrence
    return {
        "rule": finding.rule,
        "relation": finding.relation.label,
        "level": finding.level,
        "paragraph": _reference(finding.reference),
        "sources": [_reference(source) for source in finding.sources],
        "score": finding.score,
        "conflicts": finding.conflicts,
        "text": report.text(finding.number),
        "evidence": [],
        "new": [],
        "fingerprint": finding.fingerprint,
        **({} if recurrence is None else {"recurrence": asdict(recurrence)}),
    }
