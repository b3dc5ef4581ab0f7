"""Write a report as JSON, format version 1 (design, section 9), a row a line so that diffs read.

The bytes depend on the input and the settings alone: no time, no machine, no engine, no number of
threads. Characters that a terminal would obey are escaped, which changes no value.

It holds all that any other format needs but `groups`, so that `dedup report` can write those from
it: `paragraphs` are those that something else here names by `number`, each once, with its text.
Of findings that a check suppresses all is said where they are to be shown, else their places only.

A check names the new paragraph of a finding, also where an old one is contained in that or
rewritten from it: then `"is_turned": true` is there, which is nowhere else, `paragraph` is the new
one, and its one source is what `relation` is said of. All that was measured stays the source's:
`score`, `dice`, `terms`, `new`, `new_sentences`, and in `evidence` `sentence`, `shared` and `runs`
are spans of the source's text, `source_sentence`, `source_shared` and `source_runs` of `text`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final, TextIO, get_args

from dedup.config import UNREADABLE_RULE
from dedup.findings import REWORDED, Finding, Group, Reference
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression, SuppressionKind
from dedup.quotations import Evidence
from dedup.report import FORMAT_VERSION
from dedup.reporters.json_pieces import dump, dump_rows, find_version
from dedup.reporters.phrases import UNREADABLE_LEVEL, order_findings
from dedup.reporters.skipped import count_skipped
from dedup.reporters.summary import count_recurring, list_restating
from dedup.runs import DocumentRow, NamedTexts, Run

# Settings that change no verdict: reports of any engine and folder must be equal byte for byte.
_WITHOUT_EFFECT: Final = (
    *(("run", name) for name in ("engine", "jobs", "keep_text")),
    *(("run", name) for name in ("memory_bytes", "work_dir", "resume")),
    ("readers", "exclude_folder"),
)


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the report in pieces of about a line."""
    del terminal  # JSON looks the same everywhere
    run = outcome.run
    yield f'{{"format_version": {FORMAT_VERSION},\n'
    yield f'"tool": {dump({"name": "dedup", "version": find_version()})},\n'
    yield f'"settings": {dump(_settings(run))},\n'
    yield f'"summary": {dump(_summary(outcome))},\n'
    if outcome.judgement is not None:
        yield f'"check": {dump(_judgement(outcome.judgement))},\n'
    yield from dump_rows("documents", map(_document, run.list_documents()))
    yield ",\n"
    yield from dump_rows("problems", map(_remark, run.problems))
    yield ",\n"
    yield from dump_rows("remarks", map(_remark, run.remarks))
    yield ",\n"
    yield from dump_rows("paragraphs", (_paragraph(run, number) for number in _list_named(outcome)))
    yield ",\n"
    yield from dump_rows("groups", map(_group, outcome.groups))
    yield ",\n"
    found = (_found(run, each) for each in order_findings(outcome))
    yield from dump_rows("findings", found)
    if outcome.judgement is not None:
        yield ",\n"
        yield from dump_rows("suppressed", _list_suppressed(run, outcome.judgement))
    yield "}\n"


def _settings(run: Run) -> dict[str, Any]:
    settings = asdict(run.config)
    for stage, name in _WITHOUT_EFFECT:
        del settings[stage][name]
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
        "compared": {
            "unique": counts.n_unique,
            "candidates": counts.n_candidates,
            "all_pairs": counts.compared_all_pairs,
            "pairs_scored": counts.n_pairs_scored,
        },
        "skipped": {**count_skipped(counts), "sources": len(run.problems)},
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    kinds = [suppression.kind for _, suppression in judgement.suppressed]
    return {
        "fail_on": judgement.fail_on,
        "max_new": judgement.max_new,
        "failing": judgement.n_failing,
        "failed": judgement.is_failed,
        "shows_suppressed": judgement.shows_suppressed,
        "suppressed": {kind: kinds.count(kind) for kind in get_args(SuppressionKind)},
        "stale": list(map(_remark, judgement.stale)),
        "unused": list(map(_remark, judgement.unused)),
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


def _remark(remark: Problem) -> dict[str, Any]:
    return {"path": remark.path, "line": remark.line, "message": remark.message}


def _list_named(outcome: Outcome) -> list[int]:
    """Give the paragraphs that groups, findings and their evidence name, in order."""
    judgement, found = outcome.judgement, list(outcome.findings)
    if judgement is not None and judgement.shows_suppressed:
        found += [finding for finding, _ in judgement.suppressed]
    numbers = {number for each in found for number in (each.number, *each.source_numbers)}
    numbers.update(source.number for finding in found for source in finding.said)
    for group in outcome.groups:
        numbers.update((group.number, *(member.number for member in group.members)))
    return sorted(numbers)


def _paragraph(run: Run, number: int) -> dict[str, Any]:
    return {
        "number": number,
        **_reference(run.reference(number)),
        "words": run.n_words(number),
        "key": run.text_key(number),
        "text": run.text(number),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.group,
        "number": group.number,
        "canonical": _reference(group.canonical),
        "reason": group.reason,
        "least_score": group.least_score,
        "members": [
            {
                "number": member.number,
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


def _found(texts: NamedTexts, found: Finding | Problem) -> dict[str, Any]:
    if isinstance(found, Problem):
        return _problem(found)
    if found.relation not in REWORDED:
        return _finding(texts, found)
    return {**_finding(texts, found), **_evidence(texts, found, texts.quote(found))}


def dump_finding(
    texts: NamedTexts, found: Finding | Problem, suppression: Suppression | None = None
) -> str:
    """Give a finding as a line of JSON, as this report has it, and why it does not count if so."""
    if suppression is None or isinstance(found, Problem):
        return dump(_found(texts, found))
    return dump(_suppressed(texts, found, suppression))


def _list_suppressed(run: Run, judgement: Judgement) -> Iterator[dict[str, Any]]:
    """Give what is suppressed; where nobody is to see it, what it is counted and numbered by."""
    for finding, suppression in judgement.suppressed:
        if judgement.shows_suppressed:
            yield _suppressed(run, finding, suppression)
        else:
            yield _mention(finding, suppression)


def _mention(finding: Finding, suppression: Suppression) -> dict[str, Any]:
    place = finding.reference
    return {
        "rule": finding.rule,
        "relation": finding.relation.label,
        "level": finding.level,
        "number": finding.number,
        "path": place.path,
        "start_line": place.start_line,
        "start_column": place.start_column,
        "fingerprint": finding.fingerprint,
        "suppression": asdict(suppression),
    }


def _suppressed(texts: NamedTexts, finding: Finding, suppression: Suppression) -> dict[str, Any]:
    return {**_found(texts, finding), "suppression": asdict(suppression)}


def _evidence(texts: NamedTexts, found: Finding, evidence: Evidence) -> dict[str, Any]:
    """Give who said each sentence; spans are characters of the paragraphs' own texts, from 0.

    `sentence` is one of the finding's paragraph, of a turned finding one of its source.
    """
    return {
        "dice": found.dice,
        "is_near": found.is_near,
        "terms": evidence.n_terms,
        "adds": evidence.adds,
        "new": list(evidence.new),
        "new_sentences": list(evidence.unsaid),
        "evidence": [
            {
                "sentence": list(quotation.span),
                "sentence_number": quotation.source.sentence,
                "source": _reference(texts.reference(quotation.source.number)),
                "source_number": quotation.source.number,
                "source_sentence": list(quotation.source_span),
                "source_sentence_number": quotation.source.source_sentence,
                "containment": quotation.source.share,
                "adds_to_first": quotation.source.is_second,
                "shared": [list(span) for span in quotation.shared],
                "source_shared": [list(span) for span in quotation.source_shared],
                "runs": [list(span) for span in quotation.runs],
                "source_runs": [list(span) for span in quotation.source_runs],
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


def _finding(texts: NamedTexts, finding: Finding) -> dict[str, Any]:
    recurrence = finding.recurrence
    return {
        "rule": finding.rule,
        "relation": finding.relation.label,
        "level": finding.level,
        "number": finding.number,
        "paragraph": _reference(finding.reference),
        "source_numbers": list(finding.source_numbers),
        "sources": [_reference(source) for source in finding.sources],
        "score": finding.score,
        "conflicts": finding.conflicts,
        "text": texts.text(finding.number),
        "evidence": [],
        "new": [],
        "fingerprint": finding.fingerprint,
        **({} if recurrence is None else {"recurrence": asdict(recurrence)}),
        **({"is_turned": True} if finding.is_turned else {}),
    }
