"""What stricter thresholds leave of a saved run, compared with new scans and with counting by hand.

Saved runs are made as users make them: scanned, written as JSON, and read again.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import Config, ReadersConfig, RestatementConfig, RunConfig, VerifyConfig
from dedup.errors import SettingError
from dedup.findings import DIRECTED, Finding, turn_back, turn_round
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression, lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.json import render
from dedup.runs import FreshRun
from dedup.saved import Saved, Stricter, narrow
from dedup.saved.loading import read_saved

LOW_R: Final = 0.3
REWORDED: Final = ("DUP004", "DUP005")
Three: TypeAlias = tuple[float, float, float]
_SCORE: Final = st.floats(LOW_R, 1.0)
THRESHOLDS: Final = st.tuples(_SCORE, _SCORE, _SCORE)


def restating(score: float, **more: bool) -> RestatementConfig:
    """Give what a scan with `--restate-threshold` sets."""
    dice = min(1.0, round(0.36 * score / 0.40, 10))
    return RestatementConfig(min_score=score, min_dice=dice, strict_score=max(score, 0.55), **more)


def read_rows(data: Path, name: str) -> list[dict[str, str]]:
    lines = (data / "quality" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return list(map(json.loads, lines))


def save(outcome: Outcome) -> Saved:
    return read_saved(json.loads(written(outcome)), "run.json")


def written(outcome: Outcome) -> str:
    return "".join(render(outcome, None))


def identify(found: Finding) -> tuple[object, ...]:
    return found.rule, found.number, found.source_numbers, found.score, found.level, found.is_near


def only(rules: tuple[str, ...], findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    return [identify(found) for found in findings if found.rule in rules]


@pytest.fixture(scope="module")
def scan(data: Path) -> Callable[[RestatementConfig], Report]:
    """Give a function that scans articles, one of them of reference, at low thresholds."""
    articles = [row["text"] for row in read_rows(data, "articles")[::3]]
    pairs = [text for row in read_rows(data, "pairs")[:21] for text in (row["a"], row["b"])]
    variants = [path.read_text(encoding="utf-8") for path in (data / "relations").rglob("*.txt")]
    # More than 40 paragraphs make a document one of reference.
    parts = [text[: len(text) // 4] for text in pairs[:5]]
    texts = (*articles, *pairs, *parts, *sorted(variants), "\n\n".join(pairs))
    records = [{"text": text} for text in texts]
    verify = VerifyConfig(min_resemblance=0.3, min_containment=0.3)

    @cache
    def run(restatement: RestatementConfig) -> Report:
        return find_duplicates(records, Config(verify=verify, restatement=restatement))

    return run


@pytest.fixture(scope="module")
def loose(scan: Callable[[RestatementConfig], Report]) -> Saved:
    """Give a saved run with findings of every rule that a threshold decides."""
    saved = save(lay_open(scan(restating(LOW_R))))
    rules = {finding.rule for finding in saved.run.findings}
    assert rules >= {"DUP002", "DUP003", "DUP004", "DUP005", "DUP006"}
    return saved


@pytest.mark.parametrize("is_sensitive", [False, True])
@pytest.mark.parametrize("score", [0.35, 0.4, 0.55, 0.6, 0.8])
def test_restated_paragraphs_are_those_of_a_new_scan(
    scan: Callable[[RestatementConfig], Report], score: float, *, is_sensitive: bool
) -> None:
    before = save(lay_open(scan(restating(LOW_R, sensitive=is_sensitive))))

    after = narrow(before, Stricter(restate_threshold=score)).run
    new = scan(restating(score, sensitive=is_sensitive))

    assert only(("DUP005",), after.findings) == only(("DUP005",), new.findings)
    assert [row.padding_ratio for row in after.documents] == [
        row.padding_ratio for row in FreshRun(new).list_documents()
    ]
    assert after.config == replace(new.config, run=after.config.run)


def test_strict_asks_what_a_strict_scan_asks(scan: Callable[[RestatementConfig], Report]) -> None:
    for is_sensitive in (False, True):
        before = save(lay_open(scan(restating(LOW_R, sensitive=is_sensitive))))

        after = narrow(before, Stricter(strict=True)).run
        new = scan(restating(LOW_R, strict=True))

        assert only(("DUP005",), after.findings) == only(("DUP005",), new.findings) != []
        assert after.config == replace(new.config, run=after.config.run)


@pytest.mark.parametrize("is_sensitive", [False, True])
@pytest.mark.parametrize("is_one_document", [False, True])
def test_a_rewritten_pair_alone_is_judged_as_a_new_scan_judges_it(
    data: Path, *, is_sensitive: bool, is_one_document: bool
) -> None:
    # With others about, a new scan may name another source: only pairs that are alone are equal.
    rules = RunConfig(rules=("DUP004",))
    n_found = 0
    for row in read_rows(data, "pairs")[::6]:
        texts = [f"{row['a']}\n\n{row['b']}"] if is_one_document else [row["a"], row["b"]]
        records = [{"text": text} for text in texts]

        def scan_at(score: float, records: list[dict[str, str]] = records) -> Report:
            restatement = restating(score, sensitive=is_sensitive)
            return find_duplicates(records, Config(restatement=restatement, run=rules))

        before = save(lay_open(scan_at(LOW_R)))
        for score in (0.4, 0.5, 0.7):
            after = narrow(before, Stricter(restate_threshold=score)).run
            assert only(REWORDED, after.findings) == only(REWORDED, scan_at(score).findings)
            n_found += len(after.findings)
    assert n_found > 4


@given(threshold=st.floats(LOW_R, 1.0), containment=st.floats(LOW_R, 1.0))
def test_resemblance_and_containment_decide_as_their_scores_say(
    loose: Saved, threshold: float, containment: float
) -> None:
    least = {"DUP002": threshold, "DUP006": threshold, "DUP003": containment}

    after = narrow(loose, Stricter(threshold=threshold, containment=containment)).run

    expected = [f for f in loose.run.findings if f.score >= least.get(f.rule, 0.0)]
    assert list(map(identify, after.findings)) == list(map(identify, expected))
    for group in after.groups:
        resemblances = [m.resemblance for m in group.members if m.relation.label != "identical"]
        assert all(resemblance >= threshold for resemblance in resemblances)
        assert group.least_score == min(member.resemblance for member in group.members)


@settings(max_examples=20)
@given(asked=THRESHOLDS, strict=st.booleans())
def test_turned_findings_are_narrowed_as_those_they_were(
    loose: Saved, asked: Three, *, strict: bool
) -> None:
    shown = [turn_round(f) if f.relation in DIRECTED else f for f in loose.run.findings]
    turned = save(Outcome(loose.run, tuple(shown)))
    assert sum(f.is_turned for f in turned.run.findings) > 1

    stricter = Stricter(*asked, strict=strict)
    found, expected = (narrow(each, stricter).run.findings for each in (turned, loose))

    assert Counter(identify(turn_back(f)) for f in found) == Counter(map(identify, expected))


def test_a_group_names_the_members_that_are_still_found(loose: Saved) -> None:
    after = narrow(loose, Stricter(threshold=0.7)).run

    members = {(m.number, group.number) for group in after.groups for m in group.members}
    found = [f for f in after.findings if f.rule in ("DUP001", "DUP002")]
    assert members == {(f.number, f.source_number) for f in found}
    assert 0 < len(after.groups) < len(loose.run.groups)


@settings(max_examples=20)
@given(low=THRESHOLDS, high=THRESHOLDS, strict=st.booleans())
def test_stricter_thresholds_find_a_part_and_in_two_steps_the_same(
    loose: Saved, low: Three, high: Three, *, strict: bool
) -> None:
    threshold, containment, score = map(max, low, high)
    steps = Stricter(threshold, containment, score, strict=strict), Stricter(*low)

    at_once, first = (narrow(loose, asked) for asked in steps)
    then = narrow(first, steps[0])

    assert written(then.outcome) == written(at_once.outcome)
    assert set(map(identify, at_once.run.findings)) <= set(map(identify, first.run.findings))


@settings(max_examples=20)
@given(asked=THRESHOLDS)
def test_the_same_thresholds_change_nothing(loose: Saved, asked: Three) -> None:
    once = narrow(loose, Stricter(*asked))

    again = narrow(once, Stricter(*asked, rules=once.run.config.run.rules))

    assert written(again.outcome) == written(once.outcome)


def test_thresholds_that_were_saved_are_no_change_whatever_dice_was(data: Path) -> None:
    odd = RestatementConfig(min_score=0.4, min_dice=0.2)
    saved = save(lay_open(find_duplicates([data / "articles"], Config(restatement=odd))))

    assert narrow(saved, Stricter(restate_threshold=0.4)) is saved


def test_a_narrowed_run_can_be_saved(loose: Saved) -> None:
    narrowed = narrow(loose, Stricter(0.6, 0.8, 0.4, rules=("DUP002", "DUP003", "DUP005")))

    text = written(narrowed.outcome)

    assert written(read_saved(json.loads(text), "run.json").outcome) == text
    assert len(json.loads(text)["paragraphs"]) < len(loose.run.paragraphs)


def test_rules_that_are_left_out_take_their_findings_with_them(loose: Saved) -> None:
    after = narrow(loose, Stricter(rules=("DUP004", "DUP003")))

    assert {f.rule for f in after.run.findings} == {"DUP003", "DUP004"}
    assert after.run.groups == ()
    assert {row.padding_ratio for row in after.run.documents} == {None}
    assert after.run.config.run.rules == ("DUP003", "DUP004")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Stricter(threshold=0.25), r"setting threshold is 0.25: allowed is 0.3 to 1.0"),
        (Stricter(containment=0.1), r"setting containment is 0.1: allowed is 0.3 to 1.0"),
        (Stricter(restate_threshold=0.1), r"restate-threshold is 0.1: allowed is 0.3 to 1.0"),
        (Stricter(threshold=1.5), r"allowed is 0.3 to 1.0"),
        (Stricter(threshold=float("nan")), r"allowed is 0.3 to 1.0"),
    ],
)
def test_what_was_not_saved_cannot_be_asked_for(loose: Saved, asked: Stricter, told: str) -> None:
    with pytest.raises(SettingError, match=rf"{told}.*[Ss]can again"):
        narrow(loose, asked)


def test_a_rule_that_the_run_was_made_without_cannot_be_asked_for(data: Path) -> None:
    config = Config(run=RunConfig(rules=("DUP001", "DUP002")))
    saved = save(lay_open(find_duplicates([data / "docs"], config)))

    for rules in (("DUP001", "DUP005"), ()):
        with pytest.raises(SettingError, match=r"allowed is DUP001, DUP002.* Scan again"):
            narrow(saved, Stricter(rules=rules))


@pytest.fixture(scope="module")
def checked(data: Path) -> Saved:
    """Give a check of the example texts: 0.74 is the resemblance of its one near-duplicate."""
    config = Config(readers=ReadersConfig(skip_errors=True))
    report = find_duplicates([data / "docs", data / "hard", data / "relations"], config)
    found = report.findings
    suppressed = tuple((each, Suppression("allowed", "allowed.txt:1")) for each in found[:2])
    shown = tuple(found[2:])
    n_warnings = sum(each.level != "note" for each in shown)
    judgement = Judgement(
        fail_on="warning",
        max_new=0,
        n_failing=n_warnings + len(report.problems),
        suppressed=suppressed,
        stale=(),
        unused=(),
        is_failed=True,
        shows_suppressed=True,
    )
    return save(Outcome(FreshRun(report), shown, judgement))


def test_a_check_counts_again_what_fails(checked: Saved) -> None:
    assert checked.judgement is not None
    dropped = [f for f in checked.run.findings if f.rule == "DUP002" and f.score < 0.9]
    assert dropped

    after = narrow(checked, Stricter(threshold=0.9)).judgement
    assert after is not None
    assert after.n_failing == checked.judgement.n_failing - len(dropped)
    assert after.is_failed

    nothing = narrow(checked, Stricter(rules=("DUP006",))).judgement
    assert nothing is not None
    assert (nothing.n_failing, nothing.is_failed) == (0, False)


def test_unreadable_inputs_fail_while_their_rule_is_reported(checked: Saved) -> None:
    after = narrow(checked, Stricter(rules=("DUP900",))).judgement

    assert after is not None
    assert after.n_failing == len(checked.run.problems) > 0


def test_a_check_that_stale_entries_failed_still_fails(checked: Saved) -> None:
    assert checked.judgement is not None
    stale = (Problem(".dedup-baseline.json", 3, "nothing repeats this any more"),)
    judgement = replace(checked.judgement, max_new=10**6, stale=stale)
    saved = replace(checked, judgement=judgement)

    after = narrow(saved, Stricter(rules=("DUP006",))).judgement

    assert after is not None
    assert after.is_failed


def test_what_is_suppressed_is_dropped_where_it_scores_less(checked: Saved) -> None:
    assert checked.judgement is not None
    rules = {found.rule for found, _ in checked.judgement.suppressed}
    others = tuple(rule for rule in checked.run.config.run.rules if rule not in rules)

    after = narrow(checked, Stricter(rules=others)).judgement

    assert after is not None
    assert after.suppressed == ()


def test_a_level_that_somebody_chose_stays_when_a_score_only_comes_near(
    scan: Callable[[RestatementConfig], Report],
) -> None:
    report = scan(restating(0.4, sensitive=True))
    shown = tuple(replace(f, level="error") for f in report.findings if f.rule == "DUP005")
    saved = save(Outcome(FreshRun(report), shown))

    after = narrow(saved, Stricter(restate_threshold=0.45)).run.findings

    assert any(f.is_near for f in after)
    assert {f.level for f in after} == {"error"}
