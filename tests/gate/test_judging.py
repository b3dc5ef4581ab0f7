"""The verdict of a check: what is left when all that was accepted is taken out."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dedup import Config, ReadersConfig, RunConfig, find_duplicates
from dedup.config.gate import GATE_DEFAULTS, GateConfig, Level, PathRules
from dedup.errors import SettingError
from dedup.gate.baseline import Baseline
from dedup.gate.judging import Former, Known, judge_findings, list_standing
from dedup.gate.newness import count_texts
from dedup.outcome import Judgement, Outcome
from dedup.report import Report

FERRY = "The night ferry leaves at nine from October on because the last train was moved to eight."
LENS = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."
SALES = (
    "Sales of garden pumps rose by 12 percent to 418 million crowns in the third quarter, while "
    "the sale of hoses and taps in the same shops stayed what it had been all the summer long."
)
NEXT = SALES.replace("12", "15").replace("418", "467")
EDITED = FERRY.replace("leaves at nine", "sails at nine")

Scan = Callable[[Mapping[str, str]], Report]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    monkeypatch.chdir(tmp_path)

    def run(files: Mapping[str, str]) -> Report:
        for name, text in files.items():
            Path(name).write_bytes(text.encode("latin-1"))
        return find_duplicates(["."], Config(readers=ReadersConfig(skip_errors=True)))

    return run


def judge(
    report: Report, config: GateConfig = GATE_DEFAULTS, known: Known | None = None
) -> tuple[Outcome, Judgement]:
    standing = list_standing(report, config, None)
    outcome = judge_findings(report, standing, config, known or Known())
    assert outcome.judgement
    return outcome, outcome.judgement


def accept(report: Report) -> Baseline:
    counts = count_texts(report, report.findings)
    return Baseline("base.json", counts, {key: 4 + n for n, key in enumerate(sorted(counts))})


COPIES = {"a.txt": FERRY, "b.txt": FERRY}
VARIANTS = {"a.txt": SALES, "b.txt": NEXT}


def test_a_warning_fails_and_a_note_does_not(scan: Scan) -> None:
    _, of_copies = judge(scan(COPIES))
    outcome, of_variants = judge(scan(VARIANTS))

    assert (of_copies.is_failed, of_copies.n_failing) == (True, 1)
    assert [finding.rule for finding in outcome.findings] == ["DUP006"]
    assert (of_variants.is_failed, of_variants.n_failing) == (False, 0)


def test_a_note_fails_where_notes_do(scan: Scan) -> None:
    assert judge(scan(VARIANTS), GateConfig(fail_on="note"))[1].is_failed


def test_a_level_of_a_rule_moves_what_fails(scan: Scan) -> None:
    as_error = GateConfig(levels=(("DUP006", "error"),), fail_on="error")
    assert judge(scan(VARIANTS), as_error)[1].is_failed
    assert not judge(scan(COPIES), GateConfig(levels=(("DUP001", "note"),)))[1].is_failed


def test_a_rule_that_is_off_at_a_path_is_not_shown_there(scan: Scan, tmp_path: Path) -> None:
    report = scan({**COPIES, "c.txt": FERRY})
    rules = PathRules(("b.*",), str(tmp_path), (("DUP001", "off"),))

    outcome, judgement = judge(report, GateConfig(per_path=(rules,)))

    assert [finding.reference.path for finding in outcome.findings] == ["c.txt"]
    assert judgement.suppressed == ()


def test_as_many_as_are_borne_do_not_fail(scan: Scan) -> None:
    report = scan({**COPIES, "c.txt": FERRY})

    assert not judge(report, GateConfig(max_new=2))[1].is_failed
    assert judge(report, GateConfig(max_new=1))[1].is_failed


def test_what_cannot_be_read_is_always_an_error(scan: Scan) -> None:
    report = scan({"a.txt": LENS, "broken.txt": "One word \xff."})

    assert judge(report, GateConfig(fail_on="error"))[1].n_failing == 1
    with pytest.raises(SettingError, match="leave it out with --ignore DUP900"):
        GateConfig(levels=(("DUP900", "note"),))
    with pytest.raises(SettingError, match="leave it out with --ignore DUP900"):
        PathRules(("*",), "/", (("DUP900", "off"),))


def test_an_unreadable_input_whose_rule_is_not_selected_does_not_fail(scan: Scan) -> None:
    report = scan({"a.txt": LENS, "broken.txt": "One word \xff."})
    config = replace(report.config, run=RunConfig(rules=("DUP001",)))

    assert judge(replace(report, config=config))[1].n_failing == 0


def test_what_the_baseline_accepts_is_taken_out_with_its_line(scan: Scan) -> None:
    report = scan(COPIES)
    baseline = accept(report)

    outcome, judgement = judge(report, known=Known(baseline))

    assert outcome.findings == ()
    ((finding, why),) = judgement.suppressed
    assert finding == report.findings[0]
    assert (why.kind, why.place) == ("baseline", "base.json:4")
    assert not judgement.is_failed


def test_a_stale_entry_fails_only_where_that_is_wanted(scan: Scan) -> None:
    report = scan({"a.txt": FERRY})
    baseline = Baseline("base.json", {"0" * 32: 2}, {"0" * 32: 4})

    assert [(p.path, p.line) for p in judge(report, known=Known(baseline))[1].stale] == [
        ("base.json", 4)
    ]
    assert not judge(report, known=Known(baseline))[1].is_failed
    assert judge(report, GateConfig(fail_on_stale=True), Known(baseline))[1].is_failed


def test_new_is_what_neither_the_baseline_nor_the_former_state_knows(scan: Scan) -> None:
    report = scan({**COPIES, "c.txt": LENS, "d.txt": LENS})
    ferry, lens = report.text_key(0), report.text_key(2)
    former = Former("main", {ferry: 2}, lambda number: number == 3, lambda _number: True)

    outcome, judgement = judge(report, known=Known(None, former))
    assert [finding.reference.path for finding in outcome.findings] == ["d.txt"]
    assert [why.kind for _, why in judgement.suppressed] == ["unchanged"]

    both = Known(Baseline("base.json", {lens: 2}, {lens: 4}), former)
    outcome, judgement = judge(report, known=both)
    assert outcome.findings == ()
    assert [why.kind for _, why in judgement.suppressed] == ["unchanged", "baseline"]


def test_the_baseline_s_files_tell_the_copy_that_is_new(scan: Scan) -> None:
    report = scan({"a.txt": FERRY, "b.txt": FERRY, "c.txt": FERRY})
    key = report.text_key(0)
    baseline = Baseline("base.json", {key: 2}, {key: 4}, {key: ("a.txt", "c.txt")})

    outcome, _ = judge(report, known=Known(baseline))

    assert [finding.reference.path for finding in outcome.findings] == ["b.txt"]


def test_accepting_everything_leaves_nothing(scan: Scan) -> None:
    report = scan({**COPIES, "c.txt": SALES, "d.txt": NEXT, "e.txt": f"{LENS}\n\n{LENS}"})

    outcome, judgement = judge(report, GateConfig(fail_on="note"), Known(accept(report)))

    assert (outcome.findings, outcome.groups, judgement.n_failing) == ((), (), 0)
    assert len(judgement.suppressed) == len(report.findings) == 3
    assert Counter(why.kind for _, why in judgement.suppressed) == {"baseline": 3}


def test_a_copy_more_than_the_baseline_accepts_is_new_though_one_alone_was_added(
    scan: Scan,
) -> None:
    report = scan({**COPIES, "c.txt": FERRY})
    key = report.text_key(0)
    baseline = Baseline("base.json", {key: 2}, {key: 4})
    former = Former("main", {key: 2}, lambda number: number == 2, lambda _number: True)

    outcome, judgement = judge(report, known=Known(baseline, former))

    assert [finding.reference.path for finding in outcome.findings] == ["c.txt"]
    assert [why.kind for _, why in judgement.suppressed] == ["unchanged"]
    assert judgement.is_failed


def test_the_former_state_says_before_the_baseline_which_side_is_new(scan: Scan) -> None:
    report = scan({"a.txt": FERRY, "b.txt": EDITED})
    former = Former("main", {report.text_key(1): 1}, lambda _: True, lambda number: number == 0)

    outcome, _ = judge(report, known=Known(Baseline("base.json", {}, {}), former))

    assert [finding.reference.path for finding in report.findings] == ["b.txt"]
    assert [finding.reference.path for finding in outcome.findings] == ["a.txt"]


IGNORED = {"a.md": f"<!-- dedup: ignore -->\n\n{FERRY}", "b.md": FERRY, "c.md": FERRY}


@pytest.mark.parametrize("level", ["error", "note", "off"])
def test_what_is_grouped_anew_has_the_level_of_its_path(
    scan: Scan, tmp_path: Path, level: Level
) -> None:
    rules = PathRules(("c.*",), str(tmp_path), (("DUP001", level),))

    outcome, _ = judge(scan(IGNORED), GateConfig(per_path=(rules,)))

    found = [(each.reference.path, each.source.path, each.level) for each in outcome.findings]
    assert found == ([] if level == "off" else [("c.md", "b.md", level)])


def test_a_finding_that_is_turned_has_the_level_of_its_new_path(scan: Scan, tmp_path: Path) -> None:
    report = scan({"a.txt": FERRY, "b.txt": EDITED, "c.txt": EDITED})
    edited = report.text_key(1)
    baseline = Baseline("base.json", {edited: 2}, {edited: 4})
    at_new = PathRules(("a.*",), str(tmp_path), (("DUP002", "error"),))
    at_old = PathRules(("b.*", "c.*"), str(tmp_path), (("DUP002", "note"),))

    outcome, _ = judge(report, GateConfig(per_path=(at_new, at_old)), Known(baseline))

    found = [(each.reference.path, each.level) for each in outcome.findings]
    assert found == [("a.txt", "error")]


def make_feed(*days: int) -> str:
    """Lay out a feed with the same entry on several days of November."""
    items = "".join(
        f"<item><title>On the {day}th</title><pubDate>{day} Nov 2026 10:00:00 GMT</pubDate>"
        f"<description>{FERRY}</description></item>"
        for day in days
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


@pytest.mark.parametrize("days", [(24, 12), (12, 24)])
def test_of_two_entries_that_stood_alone_the_later_is_new(
    scan: Scan, days: tuple[int, int]
) -> None:
    report = scan({"news.rss": make_feed(*days)})

    outcome, _ = judge(report, known=Known(Baseline("base.json", {}, {})))

    assert [finding.reference.title for finding in outcome.findings] == ["On the 24th"]
