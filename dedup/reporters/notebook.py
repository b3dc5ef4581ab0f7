"""Show a report in a notebook: one small HTML table, every character of it escaped.

It is what `Report._repr_html_` gives, so it must stay small: the first groups, then how many more.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from dedup.findings import Finding, Group, Member, Reference, turn_back
from dedup.model import Relation
from dedup.outcome import Outcome
from dedup.reporters.excerpts import Mark, Segment, excerpt, mark_differences
from dedup.reporters.phrases import count, name_identity, name_place
from dedup.reporters.restated import (
    describe_finding,
    mark_quotation,
    name_score,
    name_source,
)
from dedup.reporters.summary import find_nothing, summarize
from dedup.runs import Run

_MAX_GROUPS: Final = 20
_MAX_MEMBERS: Final = 10
_TAGS: Final = {Mark.REMOVED: "del", Mark.ADDED: "ins", Mark.ASIDE: "em", Mark.SHARED: "b"}
_HEAD: Final = "<tr><th>paragraph</th><th>relation</th><th>resemblance</th><th>text</th></tr>"


def render_html(outcome: Outcome) -> str:
    """Give an HTML table of the first groups, with what differs in `ins` and `del`."""
    nothing = find_nothing(outcome)
    if nothing:
        return f"<p>{_escape(nothing)}</p>"
    lines = "<br>".join(f"{label}: {_escape(sentence)}" for label, sentence in summarize(outcome))
    rows = "".join([*_rows(outcome), *_reworded(outcome)])
    table = f"<table><thead>{_HEAD}</thead><tbody>{rows}</tbody></table>" if rows else ""
    n_more = len(outcome.groups) - _MAX_GROUPS
    more = f"<p>{count(n_more, 'more group')}: see report.groups</p>" if n_more > 0 else ""
    n_left = len(_find_reworded(outcome)) - _MAX_GROUPS
    more += f"<p>{count(n_left, 'more finding')}: see report.findings</p>" if n_left > 0 else ""
    return f"<div><p>{lines}</p>{table}{more}</div>"


def _escape(text: str) -> str:
    return escape(text, quote=True)


def _rows(outcome: Outcome) -> Iterator[str]:
    for group in outcome.groups[:_MAX_GROUPS]:
        n_words = outcome.run.n_words(group.number)
        text = _segments(excerpt(outcome.run.text(group.number), n_words))
        yield _row(group.canonical, f"<b>kept</b>: {_escape(group.reason)}", "", text)
        for member in group.members[:_MAX_MEMBERS]:
            yield _member(outcome.run, group, member)
        n_more = len(group.members) - _MAX_MEMBERS
        if n_more > 0:
            yield f'<tr><td colspan="4">{count(n_more, "more paragraph")} of this group</td></tr>'


def _find_reworded(outcome: Outcome) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.said]


def _reworded(outcome: Outcome) -> Iterator[str]:
    """Give a row a restated or rewritten paragraph, the words it shares in bold.

    Of a turned finding the sentences are those of its source, which is named before them.
    """
    run = outcome.run
    for finding in _find_reworded(outcome)[:_MAX_GROUPS]:
        evidence = run.quote(finding)
        text, sentences = run.text(turn_back(finding).number), []
        who = f"{_name(finding.source, finding)}: " if finding.is_turned else ""
        for quotation in evidence.quotations[:_MAX_MEMBERS]:
            ours, theirs = mark_quotation(quotation, text, run.text(quotation.source.number))
            whom = _name(run.reference(quotation.source.number), finding)
            said = f"{who}{_segments(ours)}<br>{whom}: {_segments(theirs)}"
            sentences.append(f"<p>{said}</p>")
        line = _escape(describe_finding(finding, evidence))
        yield _row(finding.reference, line, name_score(finding), "".join(sentences))


def _name(source: Reference, finding: Finding) -> str:
    return f"<em>{_escape(name_source(source, finding))}</em>"


def _member(run: Run, group: Group, member: Member) -> str:
    label = member.relation.label
    if member.relation is Relation.IDENTICAL:
        return _row(member.reference, label, "1.00", "")
    differences = mark_differences(run.text(group.number), run.text(member.number))
    return _row(member.reference, label, f"{member.resemblance:.2f}", _segments(differences))


def _row(reference: Reference, relation: str, resemblance: str, text: str) -> str:
    """Give a row; `relation` and `text` are HTML already."""
    place = _escape(f"{name_place(reference)}{name_identity(reference)}")
    cells = f"<td>{relation}</td><td>{resemblance}</td>"
    return f'<tr><td>{place}</td>{cells}<td style="text-align: left">{text}</td></tr>'


def _segments(segments: tuple[Segment, ...]) -> str:
    return "".join(map(_segment, segments))


def _segment(segment: Segment) -> str:
    tag, text = _TAGS.get(segment.mark), _escape(segment.text)
    return f"<{tag}>{text}</{tag}>" if tag else text
