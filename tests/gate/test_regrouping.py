"""Groups around what is left, against a run over the same texts without the ignored ones."""

from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.config import CanonicalConfig, Config, ParagraphsConfig, Policy, Within
from dedup.findings import Finding
from dedup.gate.regrouping import Ignored, regroup
from dedup.pipeline import find_duplicates
from dedup.report import Report

_BASES: Final = [
    "on the day the ferry came back nobody in the harbour knew its captain",
    "the council sold the mill by the river to a family from the coast",
]
_EDITS: Final = [(5, "boat"), (8, "town"), (11, "old"), (13, "x y"), (13, "x"), (2, "x")]


def edit(base: str, edits: list[tuple[int, str]]) -> str:
    words = base.split()
    for place, word in edits:
        words[place % len(words)] = word
    return " ".join(words)


_TEXT: Final = st.one_of(
    st.builds(edit, st.sampled_from(_BASES), st.lists(st.sampled_from(_EDITS), max_size=2)),
    st.just("too short to count"),
)
# Each paragraph with whether it is ignored.
_CORPORA: Final = st.lists(
    st.lists(st.tuples(_TEXT, st.booleans()), min_size=1, max_size=5), min_size=1, max_size=4
)
Corpus = list[list[tuple[str, bool]]]


def run(documents: list[list[str]], within: Within = "both", policy: Policy = "first") -> Report:
    config = Config(paragraphs=ParagraphsConfig(within=within), canonical=CanonicalConfig(policy))
    return find_duplicates([{"text": "\n\n".join(texts)} for texts in documents], config)


def describe(findings: tuple[Finding, ...]) -> set[tuple[str, int, int, float]]:
    return {(f.rule, f.number, f.source_number, f.score) for f in findings}


def ignore(report: Report, is_ignored: list[bool]) -> set[tuple[str, int, int, float]]:
    """Give what is left of the groups of a run when all ignored paragraphs are regrouped by."""
    mask = np.array(is_ignored, np.bool_)
    found = regroup(report, np.flatnonzero(mask).tolist(), Ignored(mask, mask))
    others = [
        finding
        for finding in report.findings
        if finding.rule in {"DUP001", "DUP002"}
        and not (found.is_regrouped[finding.number] or mask[finding.number])
    ]
    return describe((*others, *found.findings))


def leave_out(
    documents: Corpus, within: Within, policy: Policy
) -> set[tuple[str, int, int, float]]:
    """Give the groups of the texts that are not ignored, numbered as if the others were there."""
    flags = [is_ignored for part in documents for _, is_ignored in part]
    numbers = [number for number, is_ignored in enumerate(flags) if not is_ignored]
    texts = [[text for text, is_ignored in part if not is_ignored] for part in documents]
    grouped = [f for f in run(texts, within, policy).findings if f.rule in {"DUP001", "DUP002"}]
    return {
        (rule, numbers[number], numbers[source], score)
        for rule, number, source, score in describe(tuple(grouped))
    }


_A, _B, _C = _BASES[0], edit(_BASES[0], _EDITS[:1]), edit(_BASES[0], _EDITS[1:2])
_LONG, _LONGER, _LONGEST = (f"{_A}{more}" for more in (" x", " x y", " x y z"))


@pytest.mark.parametrize("within", ["both", "document", "corpus"])
@settings(max_examples=80)
@given(_CORPORA, st.sampled_from(["first", "longest"]))
@example([[(_A, True)], [(_B, False)], [(_A, False)], [(_C, False)]], "first")
@example([[(_A, True), (_B, False), (_A, False), (_C, False)]], "first")
@example([[(_LONGEST, True)], [(_LONG, False)], [(_LONGER, False)]], "longest")
def test_groups_are_those_of_a_run_without_what_is_ignored(
    within: Within, documents: Corpus, policy: Policy
) -> None:
    report = run([[text for text, _ in part] for part in documents], within, policy)
    flags = [is_ignored for part in documents for _, is_ignored in part]

    assert ignore(report, flags) == leave_out(documents, within, policy)


def test_what_no_pair_leads_to_is_left_alone() -> None:
    report = run([[_BASES[1], _A, _B, _BASES[1]]])
    mask = np.array([False, True, False, False])

    found = regroup(report, [1], Ignored(mask, mask))

    assert found.is_regrouped.tolist() == [False, True, True, False]
    assert found.findings == ()


def test_a_paragraph_ignored_as_near_still_stands_for_its_copies() -> None:
    # A, a near-duplicate, a copy of A, and a text near both, twice.
    near, nearer = edit(_A, [(13, "x")]), edit(_A, [(13, "x y")])
    report = run([[_A, near, _A, nearer, nearer]])
    as_near = np.array([True, False, False, False, False])

    found = regroup(report, [0], Ignored(np.zeros(5, np.bool_), as_near))

    assert {(f.rule, f.number, f.source_number) for f in found.findings} == {
        ("DUP001", 2, 0),
        ("DUP002", 3, 1),
        ("DUP002", 4, 1),
    }


def test_a_paragraph_ignored_as_identical_is_a_near_duplicate_of_others_still() -> None:
    report = run([[_B, _A, _A]])
    as_identical = np.array([False, True, False])

    found = regroup(report, [1], Ignored(as_identical, np.zeros(3, np.bool_)))

    assert {(f.rule, f.number, f.source_number) for f in found.findings} == {
        ("DUP002", 1, 0),
        ("DUP002", 2, 0),
    }


def test_boilerplate_is_not_grouped_anew_and_not_told_again() -> None:
    # Twelve pages end in the same text; before them stands a near-duplicate of it.
    pages = [[" ".join(f"w{page}x{word}" for word in range(40)), _A] for page in range(12)]
    report = run([[_B, _BASES[1]], *pages])
    mask = np.zeros(len(report.corpus), np.bool_)
    mask[0] = True
    found = {finding.rule: finding for finding in report.findings}

    regrouped = regroup(report, [0], Ignored(mask, mask))

    assert found.keys() == {"DUP002", "DUP007"}
    assert (found["DUP002"].number, found["DUP002"].source_number) == (3, 0)
    assert regrouped.findings == ()
    assert np.flatnonzero(regrouped.is_regrouped).tolist() == [0, 3]
