"""Say how a check ended and what it let pass, in a summary's lines; used by every text format.

What is to be known of a check comes with its outcome; nothing here judges.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from dedup.config import UNREADABLE_RULE
from dedup.config.gate import FAIL_LEVELS, GATE_DEFAULTS
from dedup.findings import Finding
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression
from dedup.reporters.escapes import escape_controls
from dedup.reporters.phrases import UNREADABLE_LEVEL, count, name_problem_place, order_findings

_MOST_LISTED: Final = 10


def is_failing(found: Finding | Problem, judgement: Judgement | None) -> bool:
    """Tell whether a finding that is not suppressed has a level that fails a check.

    Args:
        found: A finding that is shown, or something unreadable.
        judgement: What a check made of the findings; None after a plain scan, where it is told
            what would fail by default.
    """
    least = GATE_DEFAULTS.fail_on if judgement is None else judgement.fail_on
    return FAIL_LEVELS.index(level_of(found)) >= FAIL_LEVELS.index(least)


def level_of(found: Finding | Problem) -> str:
    """Give note, warning or error."""
    return UNREADABLE_LEVEL if isinstance(found, Problem) else found.level


def rule_of(found: Finding | Problem) -> str:
    """Give the code of the rule, as DUP002."""
    return UNREADABLE_RULE if isinstance(found, Problem) else found.rule


def count_rules(found: Sequence[Finding | Problem]) -> str:
    """Count findings by rule: `1 DUP001, 2 DUP005`."""
    counted = Counter(map(rule_of, found))
    return ", ".join(f"{counted[rule]:,} {rule}" for rule in sorted(counted))


def name_verdict(outcome: Outcome) -> str:
    """Say how a check ended: `failed: 2 new findings at level warning or above (2 DUP001)`.

    Returns:
        One line; '' after a plain scan, which judges nothing.
    """
    judgement = outcome.judgement
    if judgement is None:
        return ""
    if fails_stale(judgement):
        entries = count(len(judgement.stale), "stale entry")
        return f"failed: {entries} of the baseline"
    new = "new " if _knows_old(judgement) else ""
    is_top = judgement.fail_on == FAIL_LEVELS[-1]
    level = f"at level {judgement.fail_on}{'' if is_top else ' or above'}"
    if not judgement.n_failing:
        return f"passed: {'nothing new' if new else 'no findings'} {level}"
    failing = [found for found in order_findings(outcome) if is_failing(found, judgement)]
    found = f"{count(judgement.n_failing, f'{new}finding')} {level} ({count_rules(failing)})"
    borne = f"; --max-new allows {judgement.max_new:,}" if judgement.max_new else ""
    return f"{'failed' if judgement.is_failed else 'passed'}: {found}{borne}"


def describe_verdict(outcome: Outcome) -> str:
    """Say how a check ended as a line of its own: `Check passed: nothing new ...`; '' of a scan."""
    verdict = name_verdict(outcome)
    return f"Check {verdict}" if verdict else ""


def fails_stale(judgement: Judgement) -> bool:
    """Tell whether nothing but stale entries of the baseline makes a check fail."""
    return judgement.is_failed and judgement.n_failing <= judgement.max_new


def _knows_old(judgement: Judgement) -> bool:
    """Tell whether findings were compared with what was there before."""
    kinds = {suppression.kind for _, suppression in judgement.suppressed}
    return bool(judgement.stale or kinds & {"baseline", "unchanged"})


def sum_up_judgement(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Give the label and the sentence of each line that a check adds to a summary.

    Nothing after a plain scan; else how it ended, how many findings were let pass by what, and the
    first stale entries of the baseline and unused comments and texts.
    """
    judgement = outcome.judgement
    if judgement is None:
        return
    yield "Check", name_verdict(outcome)
    yield from _count_suppressed([suppression for _, suppression in judgement.suppressed])
    for label, listed in (("Stale", judgement.stale), ("Unused", judgement.unused)):
        for problem in listed[:_MOST_LISTED]:
            yield label, f"{name_problem_place(problem)}: {escape_controls(problem.message)}"
        if len(listed) > _MOST_LISTED:
            yield label, f"and {len(listed) - _MOST_LISTED:,} more"


def list_leftovers(outcome: Outcome) -> Iterator[tuple[str, Problem]]:
    """Give what a check found of no use any more, each as `stale` or `unused`."""
    judgement = outcome.judgement
    if judgement is not None:
        yield from (("stale", problem) for problem in judgement.stale)
        yield from (("unused", problem) for problem in judgement.unused)


def _count_suppressed(suppressed: Sequence[Suppression]) -> Iterator[tuple[str, str]]:
    """Count what was let pass: by the baseline's file, the revision, comments, allowed texts."""
    comments = sum(each.kind == "inline" for each in suppressed)
    for kind, label, word in (
        ("baseline", "Accepted", "by"),
        ("unchanged", "Unchanged", "since"),
        ("allowed", "Allowed", "by"),
    ):
        if kind == "allowed" and comments:
            yield "Ignored", f"{comments:,} by comments"
        sources = Counter(_name_source(each) for each in suppressed if each.kind == kind)
        for source in sorted(sources):
            yield label, f"{sources[source]:,} {word} {source}"


def _name_source(suppression: Suppression) -> str:
    """Give the file that suppresses, without the line, or the revision."""
    place = escape_controls(suppression.place)
    path, separator, line = place.rpartition(":")
    is_line = bool(separator) and line.isdecimal() and suppression.kind != "unchanged"
    return path if is_line else place
