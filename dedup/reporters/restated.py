"""Say what a restated or rewritten finding is in one line, and lay out its sentences as segments.

Shared words are told by signs, `[=shared words=]`, as differences are by theirs.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from dedup.findings import Finding, Reference
from dedup.model import Relation
from dedup.quotations import CharacterSpan, Evidence, Quotation
from dedup.reporters.escapes import escape_controls, fold_lines
from dedup.reporters.excerpts import ELLIPSIS, Mark, Segment
from dedup.reporters.phrases import count, join_words, name_identity, name_place

# Gives the name of a source as a format writes it, as with a link to its place.
Linker: TypeAlias = Callable[[str, Reference], str]

_MOST_NEW: Final = 6  # numbers and names that one line names
_MOST_CHARACTERS: Final = 400  # of a sentence that is shown


def leave_unlinked(name: str, source: Reference) -> str:
    """Give the name of a source as it is."""
    del source
    return name


def describe_finding(finding: Finding, evidence: Evidence, link: Linker = leave_unlinked) -> str:
    """Say in one line what a reader needs.

    As `paragraph 4 restates paragraphs 1 and 2; new: nothing`, or of a turned finding `paragraph 2
    is said again in other words by a.md:9; only there: 1961`.
    """
    whom = name_sources(finding, link)
    return f"{name_act(finding, evidence)} {whom}; {label_new(finding)}: {name_new(evidence)}"


def name_act(finding: Finding, evidence: Evidence) -> str:
    """Say what a paragraph does to its sources: `paragraph 3 restates and adds to`."""
    who = f"paragraph {finding.reference.paragraph + 1}"
    near = "nearly " if finding.is_near else ""
    if finding.is_turned:
        return f"{who} is {near}said again in other words by"
    if finding.relation is Relation.REWRITTEN:
        return f"{who} {near}is rewritten from"
    return f"{who} {near}restates{' and adds to' if evidence.adds else ''}"


def label_new(finding: Finding) -> str:
    """Say whose is what `name_new` names: the paragraph's, of a turned finding its source's."""
    return "only there" if finding.is_turned else "new"


def name_score(finding: Finding) -> str:
    """Give what decided: the score, and of a rewritten paragraph Dice too."""
    dice = f", Dice {finding.dice:.2f}" if finding.relation is Relation.REWRITTEN else ""
    return f"{finding.score:.2f}{dice}"


def name_sources(finding: Finding, link: Linker = leave_unlinked) -> str:
    """Name the sources, those in the finding's own document by their numbers, in reading order."""
    own = finding.reference
    if is_within_document(finding):
        ordered = sorted(finding.sources, key=lambda source: source.paragraph)
        noun = "paragraph" if len(ordered) == 1 else "paragraphs"
        return f"{noun} {join_words([link(_name_number(s, own), s) for s in ordered])}"
    named = [link(f"{name_place(s)}{name_identity(s)}", s) for s in finding.sources]
    return join_words(named)


def is_within_document(finding: Finding) -> bool:
    """Tell whether all sources stand in the finding's own document."""
    return all(_is_same_document(source, finding.reference) for source in finding.sources)


def _is_same_document(one: Reference, two: Reference) -> bool:
    return (one.document, one.path) == (two.document, two.path)


def name_source(source: Reference, finding: Finding) -> str:
    """Name one source of a sentence: by its number in the same document, else by its place."""
    own = finding.reference
    if _is_same_document(source, own):
        return f"paragraph {source.paragraph + 1}"
    return f"{name_place(source)}{name_identity(source)}"


def _name_number(source: Reference, own: Reference) -> str:
    """Give a paragraph's number, and its line where that tells it from the finding's own."""
    number = str(source.paragraph + 1)
    return number if source.start_line == own.start_line else f"{number} (line {source.start_line})"


def name_new(evidence: Evidence) -> str:
    """Name the numbers and names that were not said before, and count the new sentences."""
    shown = [escape_controls(word) for word in evidence.new[:_MOST_NEW]]
    more = len(evidence.new) - len(shown)
    parts = [", ".join(shown) + (f" and {more} more" if more > 0 else "")] if shown else []
    if evidence.unsaid:
        parts.append(count(len(evidence.unsaid), "sentence"))
    return "; ".join(parts) or "nothing"


def mark_quotation(
    quotation: Quotation, text: str, source: str
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Give a sentence and the sentence that said it, the words they share marked."""
    ours = _mark(text, quotation.span, quotation.runs)
    theirs = _mark(source, quotation.source_span, quotation.source_runs)
    return tuple(ours), tuple(theirs)


def _mark(text: str, span: CharacterSpan, shared: Sequence[CharacterSpan]) -> Iterator[Segment]:
    """Mark the shared stretches of a sentence; a very long one is cut."""
    at, end = span[0], min(span[1], span[0] + _MOST_CHARACTERS)
    for start, stop in shared:
        if start >= end:
            break
        if start > at:
            yield Segment(Mark.SAME, fold_lines(text[at:start]))
        at = min(stop, end)
        yield Segment(Mark.SHARED, fold_lines(text[start:at]))
    if at < end:
        yield Segment(Mark.SAME, fold_lines(text[at:end]))
    if end < span[1]:
        yield Segment(Mark.ASIDE, f" {ELLIPSIS}")
