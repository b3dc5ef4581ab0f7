"""Show what a finding is about, its text or its sentences, as segments and as plain lines.

Plain lines tell with signs what is shared and what differs: for formats without a markup for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Final

from dedup.findings import REWORDED, Finding, Reference, turn_back
from dedup.model import Relation
from dedup.quotations import Evidence
from dedup.reporters.excerpts import ELLIPSIS, Mark, Segment, excerpt, mark_text
from dedup.reporters.phrases import count
from dedup.reporters.restated import mark_quotation, name_source
from dedup.runs import Run

_MOST_SENTENCES: Final = 12  # of one finding that are shown
_MOST_LINES: Final = 40
_WIDTH: Final = 88
_UNMARKED: Final = (Relation.IDENTICAL, Relation.BOILERPLATE)


def show_text(finding: Finding, run: Run) -> tuple[Segment, ...]:
    """Give a paragraph's text: what differs from its source, else an excerpt of it.

    Of a paragraph that contains another, the stretch where that one stands.
    """
    shown = turn_back(finding)
    text, n_words = run.text(shown.number), run.n_words(shown.number)
    if finding.relation in _UNMARKED:
        return excerpt(text, n_words)
    is_inside = finding.relation is Relation.CONTAINED
    segments = mark_text(run.text(shown.source_number), text, is_inside=is_inside)
    segments = segments or excerpt(text, n_words)
    return tuple(_swap_marks(segments)) if finding.is_turned else segments


def _swap_marks(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Take what is removed for added and the reverse, the removed one of two first."""
    added: Segment | None = None
    for segment in segments:
        if segment.mark is Mark.ADDED:
            yield replace(segment, mark=Mark.REMOVED)
            continue
        if added is not None:
            yield added
        added = replace(segment, mark=Mark.ADDED) if segment.mark is Mark.REMOVED else None
        if added is None:
            yield segment
    if added is not None:
        yield added


def quote_sentences(
    finding: Finding, run: Run, evidence: Evidence
) -> Iterator[tuple[str, tuple[Segment, ...]]]:
    """Give the sentences of a restated or rewritten paragraph, each before who said it.

    Of a turned finding those of its source, which is named, each before where its paragraph has it.

    Yields:
        A label, `says`, `from` (of a turned finding `here`) or `also` (`''` for how many sentences
        were left out), and segments.
    """
    text, quoted = run.text(turn_back(finding).number), set[int]()
    who = (_name_place(finding.source, finding),) if finding.is_turned else ()
    base = "here" if finding.is_turned else "from"
    for quotation in evidence.quotations:
        ours, theirs = mark_quotation(quotation, text, run.text(quotation.source.number))
        sentence = quotation.source.sentence
        if sentence not in quoted and len(quoted) == _MOST_SENTENCES:
            left = len({q.source.sentence for q in evidence.quotations}) - len(quoted)
            yield "", (Segment(Mark.ASIDE, f"{ELLIPSIS} {count(left, 'more sentence')}"),)
            return
        if sentence not in quoted:
            yield "says", (*who, *ours)
        label = "also" if quotation.source.is_second else base
        place = _name_place(run.reference(quotation.source.number), finding)
        yield label, (place, *theirs)
        quoted.add(sentence)


def _name_place(source: Reference, finding: Finding) -> Segment:
    return Segment(Mark.ASIDE, f"{name_source(source, finding)}: ")


def show_lines(finding: Finding, run: Run) -> Iterator[str]:
    """Give text or sentences as at most 41 harmless lines of at most 88 characters."""
    for place, line in enumerate(_wrap_all(finding, run)):
        if place == _MOST_LINES:
            yield ELLIPSIS
            return
        yield line


def _wrap_all(finding: Finding, run: Run) -> Iterator[str]:
    if finding.relation not in REWORDED:
        yield from _wrap("", show_text(finding, run))
        return
    for label, segments in quote_sentences(finding, run, run.quote(finding)):
        yield from _wrap(f"{label}  " if label else "", segments)


def _wrap(label: str, segments: Iterable[Segment]) -> list[str]:
    """Wrap segments behind a label; a word longer than a line is cut."""
    line = "".join(segment.signed for segment in segments)
    blank = " " * len(label)
    return wrap(line, _WIDTH, initial_indent=label, subsequent_indent=blank, break_on_hyphens=False)
