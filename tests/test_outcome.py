"""What reporters see of a run: all of it, or some findings and the groups that those name."""

from dataclasses import replace
from pathlib import Path

import pytest

from dedup import find_duplicates
from dedup.findings import turn_round
from dedup.outcome import Outcome, lay_open

TEXT = "The night ferry leaves at nine from October on because the last train was moved to eight."
EDITED = TEXT.replace("leaves at nine", "sails at nine")


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", TEXT), ("b", TEXT), ("c", EDITED), ("d", f"{TEXT}\n\nShare.")):
        (tmp_path / f"{name}.txt").write_text(text)
    return lay_open(find_duplicates(["."]))


def test_a_whole_run_shows_every_finding_and_group(outcome: Outcome) -> None:
    assert [finding.reference.path for finding in outcome.findings] == ["b.txt", "c.txt", "d.txt"]
    assert [len(group.members) for group in outcome.groups] == [3]


def test_a_group_has_the_members_that_are_shown_and_their_least_score(outcome: Outcome) -> None:
    shown = replace(outcome, shown=outcome.findings[:1])

    (group,) = shown.groups

    assert group.canonical == outcome.groups[0].canonical
    assert [member.reference.path for member in group.members] == ["b.txt"]
    assert group.least_score == 1.0 > outcome.groups[0].least_score
    assert group.group == outcome.groups[0].group


def test_nothing_shown_leaves_no_group(outcome: Outcome) -> None:
    assert replace(outcome, shown=()).groups == ()


def test_a_finding_turned_round_makes_a_group_around_its_source(outcome: Outcome) -> None:
    finding = next(f for f in outcome.findings if f.rule == "DUP002")
    turned = replace(
        finding,
        number=finding.source_number,
        reference=finding.source,
        source_numbers=(finding.number,),
        sources=(finding.reference,),
    )

    (group,) = replace(outcome, shown=(turned,)).groups

    assert (group.canonical.path, group.members[0].reference.path) == ("c.txt", "a.txt")
    assert group.members[0].resemblance == finding.score
    assert group.group == outcome.run.text_key(finding.number)[:16]


def test_words_are_counted_by_paragraph_and_document(outcome: Outcome) -> None:
    run = outcome.run

    assert run.n_words(0) == len(TEXT.split())
    assert run.n_document_words(3) == len(TEXT.split()) + 1
    assert run.n_all_words == 3 * len(TEXT.split()) + len(EDITED.split()) + 1


def test_equal_texts_have_one_key(outcome: Outcome) -> None:
    keys = [outcome.run.text_key(number) for number in range(4)]

    assert keys[0] == keys[1] == keys[3] != keys[2]
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)


def test_a_group_says_why_its_canonical_is_one(outcome: Outcome) -> None:
    near = next(f for f in outcome.findings if f.rule == "DUP002")
    turned = turn_round(near)
    other = next(f for f in outcome.findings if f.reference.path == "d.txt")
    copy = next(f for f in outcome.findings if f.reference.path == "b.txt")
    anew = replace(other, source_numbers=(copy.number,), sources=(copy.reference,))

    (of_turned,) = replace(outcome, shown=(turned,)).groups
    (of_others,) = replace(outcome, shown=(anew,)).groups

    assert (of_turned.canonical.path, of_turned.reason) == ("c.txt", "was there before")
    assert of_others.canonical.path == "b.txt"
    assert of_others.reason == "the first that is not ignored"


def test_a_member_of_a_new_group_is_as_common_as_its_text_was(outcome: Outcome) -> None:
    copy, other = (f for f in outcome.findings if f.rule == "DUP001")
    anew = replace(other, source_numbers=(copy.number,), sources=(copy.reference,))

    (of_others,) = replace(outcome, shown=(anew,)).groups

    assert of_others.members[0].commonness == 3  # a, b and d hold it


def test_a_turned_member_counts_the_documents_of_its_own_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", TEXT), ("b", TEXT), ("c", TEXT), ("d", EDITED)):
        (tmp_path / f"{name}.txt").write_text(text)
    outcome = lay_open(find_duplicates(["."]))
    (near,) = (finding for finding in outcome.findings if finding.rule == "DUP002")

    (group,) = replace(outcome, shown=(turn_round(near),)).groups

    assert group.members[0].reference.path == "a.txt"
    assert group.members[0].commonness == 3
