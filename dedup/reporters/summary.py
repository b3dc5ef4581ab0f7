"""Sum a report up in a few sentences: what was compared, found and left out."""

from collections.abc import Iterator
from typing import Final

from dedup.findings import Finding
from dedup.model import Relation
from dedup.outcome import Outcome
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import count, name_problem_place
from dedup.reporters.skipped import list_skipped
from dedup.runs import Run

_MOST_REMARKS: Final = 10


def find_nothing(outcome: Outcome) -> str:
    """Give one sentence where nothing was found, else ''.

    A source that could not be read is no result: then there is a summary as always.
    """
    run = outcome.run
    if outcome.findings or outcome.groups or run.problems or run.remarks or outcome.judgement:
        return ""
    skipped = " ".join(
        f"{_name_skipped(sentence)}." for sentence in list_skipped(run.counts, run.config)
    )
    return f"No duplicates found among {_read(run)}. {skipped}".rstrip()


def _name_skipped(sentence: str) -> str:
    """Say what was not compared; what was compared but not judged says so itself."""
    return sentence if "not judged" in sentence else f"Not compared: {sentence}"


def summarize(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of each line of a summary."""
    run = outcome.run
    yield "Read", _read(run)
    yield "Found", _found(outcome)
    if list_restating(outcome):
        yield "Padding", _pad(outcome)
    if any(finding.relation is Relation.BOILERPLATE for finding in outcome.findings):
        yield "Recurs", _recur(outcome)
    others = ", ".join(_others(outcome))
    if others:
        yield "Also", f"{others} (not counted as redundant)"
    for sentence in list_skipped(run.counts, run.config):
        yield "Skipped", sentence
    for remark in run.remarks[:_MOST_REMARKS]:
        yield "Remark", f"{name_problem_place(remark)}: {escape_controls(remark.message)}"
    if len(run.remarks) > _MOST_REMARKS:
        yield "Remark", f"and {len(run.remarks) - _MOST_REMARKS:,} more, all in JSON"
    if run.problems:
        yield "Problems", f"{len(run.problems):,} unreadable, listed above"
    yield from _judged(outcome)


def _judged(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if outcome.judgement is not None:
        from dedup.reporters.verdicts import sum_up_judgement  # noqa: PLC0415 -- of checks only

        yield from sum_up_judgement(outcome)


def _read(run: Run) -> str:
    paragraphs = count(run.n_paragraphs, "paragraph")
    words = count(run.n_all_words, "word")
    return f"{paragraphs} ({words}) of {count(run.n_documents, 'document')}"


def _found(outcome: Outcome) -> str:
    redundant = [member.number for group in outcome.groups for member in group.members]
    if not redundant:
        return "no redundant paragraphs"
    words = count(sum(map(outcome.run.n_words, redundant)), "word")
    share = f"{len(redundant) / outcome.run.n_paragraphs:.1%}"
    paragraphs = count(len(redundant), "redundant paragraph")
    return f"{count(len(outcome.groups), 'group')} with {paragraphs} ({share} of all, {words})"


def _pad(outcome: Outcome) -> str:
    """Say how many paragraphs restate, and how much of their documents that is."""
    run = outcome.run
    restating = list_restating(outcome)
    # Documents are told apart by their first paragraphs: ids may be equal, or lists.
    padded = {f.number - f.reference.paragraph: f.number for f in restating}
    words = sum(run.n_words(finding.number) for finding in restating)
    of_all = sum(map(run.n_document_words, padded.values()))
    who, what = count(len(padded), "document"), count(len(restating), "restating paragraph")
    hold = "holds" if len(restating) == 1 else "hold"
    return f"{what} {hold} {words / of_all:.0%} of the words of {who}"


def list_restating(outcome: Outcome) -> list[Finding]:
    """Give the findings of paragraphs that restate, those near the threshold left out."""
    return [
        finding
        for finding in outcome.findings
        if finding.relation is Relation.RESTATED and not finding.is_near
    ]


def count_recurring(outcome: Outcome) -> tuple[int, int, int]:
    """Count the boilerplate texts, the paragraphs that repeat them, and the words of those."""
    found = [(f.number, f.recurrence) for f in outcome.findings if f.recurrence is not None]
    repeats = [(number, recurrence.n_paragraphs - 1) for number, recurrence in found]
    n_words = sum(outcome.run.n_words(number) * times for number, times in repeats)
    return len(found), sum(times for _, times in repeats), n_words


def _recur(outcome: Outcome) -> str:
    """Say how many boilerplate texts there are, and what they take."""
    n_texts, n_paragraphs, n_words = count_recurring(outcome)
    texts, verb = count(n_texts, "boilerplate text"), "repeats" if n_texts == 1 else "repeat"
    return f"{texts} {verb} {count(n_paragraphs, 'time')} ({count(n_words, 'word')})"


def _others(outcome: Outcome) -> Iterator[str]:
    """Give the counts of what else was found but makes no paragraph redundant."""
    relations = [finding.relation for finding in outcome.findings]
    for relation, noun in (
        (Relation.CONTAINED, "contained paragraph"),
        (Relation.REWRITTEN, "rewritten paragraph"),
        (Relation.VARIANT, "variant"),
    ):
        if relation in relations:
            yield count(relations.count(relation), noun)
