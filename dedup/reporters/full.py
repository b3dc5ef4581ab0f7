"""Write a report for people: each group with its texts and word differences, then a summary.

What differs is told by signs, `[-only there-]` and `{+only here+}`, and by colour too where the
terminal allows it. Text from outside is data: it is escaped and never read as rich's markup.
"""

from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from dedup.config import UNREADABLE_RULE
from dedup.findings import REWORDED, Finding, Group, Member, Reference
from dedup.model import Relation
from dedup.outcome import Outcome, Suppression
from dedup.quotations import Evidence
from dedup.report import RULE_OF
from dedup.reporters.escapes import escape_commands, escape_controls, fold_lines
from dedup.reporters.excerpts import Mark, Segment, excerpt, mark_differences
from dedup.reporters.messages import describe, name_suppression
from dedup.reporters.phrases import (
    count,
    name_conflicts,
    name_identity,
    name_level,
    name_place,
    name_problem_place,
    name_recurrence,
    name_stand,
)
from dedup.reporters.quoting import quote_sentences, show_text
from dedup.reporters.restated import describe_finding, name_score
from dedup.reporters.summary import find_nothing, summarize
from dedup.runs import Run

_FILE_WIDTH: Final = 80
_INDENT: Final = "      "
_PLACE: Final = "cyan"
_LABEL_WIDTH: Final = 10  # of the summary's first column
_STYLES: Final = {
    Mark.SAME: "",
    Mark.REMOVED: "red",
    Mark.ADDED: "green",
    Mark.ASIDE: "dim",
    Mark.SHARED: "bold",
}
_DIFFERING: Final = (Relation.NEAR_DUPLICATE, Relation.CONTAINED, Relation.VARIANT)
_REDUNDANT: Final = (RULE_OF[Relation.IDENTICAL], RULE_OF[Relation.NEAR_DUPLICATE])
_HEADINGS: Final = {
    Relation.CONTAINED: "Contained: a shorter paragraph stands inside a longer one",
    Relation.REWRITTEN: "Rewritten: one paragraph says another again in other words",
    Relation.RESTATED: "Restated: paragraphs that say again what their document already said",
    Relation.BOILERPLATE: "Boilerplate: texts that recur on many pages, each said once",
    Relation.VARIANT: "Variants: alike but for numbers or dates, so each says something of its own",
}


def render(outcome: Outcome, terminal: TextIO | None) -> Iterator[str]:
    """Give the report a group or a section at a time."""
    console = _open_console(terminal)
    for place, lines in enumerate(_lay_out(outcome, console)):
        with console.capture() as capture:
            if place:
                console.print()
            # At once: a line on its own costs rich thrice as much.
            console.print(Text("\n").join(lines), soft_wrap=True)
        yield escape_commands(capture.get())


def _open_console(terminal: TextIO | None) -> Console:
    """Let rich judge the terminal; a file or a pipe gets 80 columns whatever the window has."""
    if terminal is None:
        return Console(file=StringIO(), force_terminal=False, color_system=None, width=_FILE_WIDTH)
    console = Console(file=terminal, force_jupyter=False, legacy_windows=False)
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    return console


def _lay_out(outcome: Outcome, console: Console) -> Iterator[Iterable[Text]]:
    """Give the sections: how to read, groups, other findings, problems, summary."""
    nothing = find_nothing(outcome)
    if nothing:
        yield [Text(nothing)]
    signs = list(_explain_signs({found.relation for found in outcome.findings}))
    if signs:
        yield signs
    yield from _groups(outcome, console)
    for relation, heading in _HEADINGS.items():
        found = [finding for finding in outcome.findings if finding.relation is relation]
        if found:
            yield _findings(outcome.run, heading, found, console)
    if outcome.run.problems:
        yield [Text("Unreadable: skipped, so not compared", "bold"), *_problems(outcome.run)]
    if outcome.judgement and outcome.judgement.shows_suppressed and outcome.judgement.suppressed:
        yield _suppressed(outcome.run, outcome.judgement.suppressed)
    if not nothing:
        yield _summary(outcome, console)


def _explain_signs(relations: set[Relation]) -> Iterator[Text]:
    """Say how to read the signs of the relations found."""
    label = "How to read: "
    if not relations.isdisjoint(_DIFFERING):
        yield Text.assemble(
            label,
            ("[-removed-]", _STYLES[Mark.REMOVED]),
            " stands only in the text compared with, ",
            ("{+added+}", _STYLES[Mark.ADDED]),
            " only in this one;\n… stands for words left out.",
        )
        label = " " * len(label)
    if not relations.isdisjoint(REWORDED):
        shared = ("[=shared=]", _STYLES[Mark.SHARED])
        yield Text.assemble(label, shared, " words stand in the sentence and in its source.")


def _groups(outcome: Outcome, console: Console) -> Iterator[Iterable[Text]]:
    redundant = [found for found in outcome.findings if found.rule in _REDUNDANT]
    levels = {finding.number: name_level(finding) for finding in redundant}
    for place, group in enumerate(outcome.groups, start=1):
        heading = f"Group {place:,} of {len(outcome.groups):,}: "
        heading += count(len(group.members), "redundant paragraph")
        yield [Text(heading, "bold"), *_group(outcome.run, group, levels, console)]


def _group(run: Run, group: Group, levels: Mapping[int, str], console: Console) -> Iterator[Text]:
    """Give what is kept, why, and its text; then each paragraph that says it again."""
    yield _place_line("keep", group.canonical, group.reason)
    text = run.text(group.number)
    n_words = run.n_words(group.number)
    yield from _indent(excerpt(text, n_words), console)
    for member in group.members:
        yield _member(member, levels.get(member.number, ""))
        if member.relation is not Relation.IDENTICAL:
            segments = mark_differences(text, run.text(member.number))
            yield from _indent(segments, console)


def _place_line(label: str, reference: Reference, remark: str) -> Text:
    """Give one line that begins with a place."""
    place = f"{name_place(reference)}{name_identity(reference)}"
    said = escape_controls(remark)
    parts = (f"{label:<6}  ", "bold"), (place, _PLACE), ("  ", ""), (said, "dim")
    return Text.assemble("  ", *parts)


def _member(member: Member, level: str) -> Text:
    rule, label = RULE_OF[member.relation], member.relation.label
    if member.relation is not Relation.IDENTICAL:
        label += f", resemblance {member.resemblance:.2f}"
    return _place_line(rule, member.reference, f"{label}{level}")


def _findings(run: Run, heading: str, found: Iterable[Finding], console: Console) -> Iterator[Text]:
    yield Text(heading, "bold")
    for finding in found:
        if finding.relation in REWORDED:
            yield from _quote(run, finding, run.quote(finding), console)
            continue
        remark = f"{_explain(finding)}{name_level(finding)}"
        yield _place_line(finding.rule, finding.reference, remark)
        yield from _indent(show_text(finding, run), console, finding.relation)


def _quote(run: Run, finding: Finding, evidence: Evidence, console: Console) -> Iterator[Text]:
    """Give the line that says it all, then sentence by sentence who said it before."""
    remark = f"score {name_score(finding)}{name_level(finding)}"
    yield _place_line(finding.rule, finding.reference, remark)
    yield Text.assemble(_INDENT, (describe_finding(finding, evidence), "bold"))
    for label, segments in quote_sentences(finding, run, evidence):
        if label:
            yield from _hang(f"{label}  ", segments, console)
        else:
            yield from (Text(f"{_INDENT}{segment.text}", "dim") for segment in segments)


def _hang(label: str, segments: Iterable[Segment], console: Console) -> Iterator[Text]:
    """Wrap segments behind a label."""
    blank = " " * len(label)
    for place, line in enumerate(_indent(segments, console, width=len(label))):
        yield Text(_INDENT + (blank if place else label)).append_text(line[len(_INDENT) :])


def _explain(finding: Finding) -> str:
    """Say to which paragraph a finding stands how."""
    source = f"{name_place(finding.source)}{name_identity(finding.source)}"
    if finding.relation is Relation.BOILERPLATE:
        return name_recurrence(finding)
    stands = f"{name_stand(finding)} {source}"
    if finding.relation is Relation.CONTAINED:
        return f"{stands}, containment {finding.score:.2f}"
    return f"{stands}, resemblance {finding.score:.2f}, {name_conflicts(finding.conflicts)}"


def _indent(
    segments: Iterable[Segment],
    console: Console,
    relation: Relation = Relation.NONE,
    width: int = 0,
) -> Iterator[Text]:
    """Wrap segments to the terminal's width, without blanks at the ends of lines."""
    line = Text()
    for segment in segments:
        line.append(segment.signed, _style(segment, relation))
    for wrapped in line.wrap(console, max(20, console.width - len(_INDENT) - width)):
        wrapped.rstrip()
        if wrapped:
            yield Text(_INDENT).append_text(wrapped)


def _style(segment: Segment, relation: Relation) -> str:
    """Give a segment's colours; the numbers that make a variant stand out."""
    is_changed = relation is Relation.VARIANT and segment.mark in (Mark.REMOVED, Mark.ADDED)
    stands_out = is_changed and any(letter.isdigit() for letter in segment.text)
    return f"{_STYLES[segment.mark]}{' bold reverse' if stands_out else ''}"


def _problems(run: Run) -> Iterator[Text]:
    for problem in run.problems:
        place = (name_problem_place(problem), _PLACE)
        message = fold_lines(problem.message)
        yield Text.assemble("  ", (UNREADABLE_RULE, "bold red"), "  ", place, "  ", message)


def _suppressed(run: Run, suppressed: Iterable[tuple[Finding, Suppression]]) -> Iterator[Text]:
    """Give what a check lets pass, each with why."""
    yield Text("Suppressed: found, but they do not count", "bold")
    for finding, suppression in suppressed:
        yield _place_line(finding.rule, finding.reference, describe(finding, run))
        yield Text(f"{_INDENT}{name_suppression(suppression)}", _STYLES[Mark.ASIDE])


def _summary(outcome: Outcome, console: Console) -> Iterator[Text]:
    yield Text("Summary", "bold")
    for label, sentence in summarize(outcome):
        wrapped = Text(sentence).wrap(console, max(20, console.width - _LABEL_WIDTH - 2))
        for place, line in enumerate(wrapped):
            line.rstrip()
            yield Text(f"  {label if place == 0 else '':<{_LABEL_WIDTH}}").append_text(line)
