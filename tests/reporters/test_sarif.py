"""The SARIF log: what GitHub shows of it, by what the standard says."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.config import RULES
from dedup.model import Problem
from dedup.outcome import Judgement, Outcome, Suppression, lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters import sarif, sarif_results
from dedup.reporters.sarif import render
from dedup.runs import FreshRun

# A link by the standard, section 3.11.6: a bracket or backslash in its text has a backslash before.
LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\(([^()]*)\)")
# A link as a viewer finds it that knows no backslashes.
NAIVE_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(outcome: Outcome) -> dict[str, Any]:
    value: dict[str, Any] = json.loads("".join(render(outcome, None)))["runs"][0]
    return value


def judge(report: Report, *, shows: bool) -> Outcome:
    """Accept the second finding, and let a comment ignore the first."""
    run = FreshRun(report)
    first, second, *others = run.findings
    suppressed = (
        (first, Suppression("inline", "docs/b.md:6", "quoted on purpose")),
        (second, Suppression("baseline", ".dedup-baseline.json:12")),
    )
    stale = (Problem(".dedup-baseline.json", 4, "nothing has this text any more"),)
    unused = (Problem("docs/c.md", 2, "nothing here is to be ignored"),)
    judgement = Judgement("warning", 0, 2, suppressed, stale, unused, True, shows)  # noqa: FBT003 -- a field
    return Outcome(run, tuple(others), judgement)


@pytest.mark.parametrize("name", ["sample", "restated"])
def test_the_samples_read_as_agreed(
    name: str, request: pytest.FixtureRequest, check_golden: Callable[[str, str], None]
) -> None:
    report: Report = request.getfixturevalue(f"{name}_report")
    golden = {"sample": "report.sarif", "restated": "restated.sarif"}[name]
    text = "".join(render(lay_open(report), None))

    found = version("dedup-paragraphs")
    check_golden(golden, text.replace(f'"version": "{found}"', '"version": "0.0.0"'))


def test_a_judged_sample_reads_as_agreed(
    sample_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    text = "".join(render(judge(sample_report, shows=True), None))

    check_golden("judged.results.sarif", text[text.index('"automationDetails"') :])


def test_the_place_of_a_turned_finding_is_its_new_paragraph(
    turned: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    text = "".join(render(turned, None))

    check_golden("turned.results.sarif", text[text.index('"automationDetails"') :])
    places = [each["locations"][0]["physicalLocation"] for each in load(turned)["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["docs/a.md", "docs/new.md"]


def test_every_result_names_a_rule_that_is_described(sample_report: Report) -> None:
    run = load(lay_open(sample_report))
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == list(RULES)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert (levels["DUP001"], levels["DUP006"], levels["DUP900"]) == ("warning", "note", "error")


def test_regions_cut_the_paragraphs_out_of_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = "The harbour board will keep the old lens\nof the lighthouse at Skerries, it said. 🔦"
    one_line = old.replace("\n", " ")
    Path("a.md").write_text(f"# Head\n\n{old}\n\n* {one_line}\n", encoding="utf-8")
    lines = Path("a.md").read_text(encoding="utf-8").split("\n")

    (result,) = load(lay_open(find_duplicates(["a.md"])))["results"]

    cut = []
    for location in (result["locations"][0], result["relatedLocations"][0]):
        region = location["physicalLocation"]["region"]
        rows = lines[region["startLine"] - 1 : region["endLine"]]
        rows[-1] = rows[-1][: region["endColumn"] - 1]
        rows[0] = rows[0][region["startColumn"] - 1 :]
        cut.append("\n".join(rows))
    assert cut == [one_line, old]


outside = st.text(
    st.one_of(st.sampled_from('[]()\\/"<>:.\x1b\u202e1a '), st.characters()), min_size=1
)


@one_file
@given(path=outside, title=outside)
def test_every_link_has_its_place_and_no_name_forges_one(
    report_text: Callable[..., Report], path: str, title: str
) -> None:
    identity = json.dumps(title).encode()

    (result,) = load(lay_open(report_text("Words enough.", path, identity)))["results"]

    message = result["message"]["text"]
    links = LINK.findall(message)
    assert [target for _, target in links] == ["1"]
    assert [place["id"] for place in result["relatedLocations"]] == [1]
    assert [target for _, target in NAIVE_LINK.findall(message) if target != "1"] == []


def test_the_text_of_a_link_is_the_place_of_the_source(
    report_text: Callable[..., Report],
) -> None:
    path = r"docs/[slug]\a](2).md"

    (result,) = load(lay_open(report_text("Words enough.", path)))["results"]

    ((text, _),) = LINK.findall(result["message"]["text"])
    assert re.sub(r"\\(.)", r"\1", text).startswith(r"docs/[slug]\a] (2).md:1")


def test_sources_past_the_most_are_named_but_not_linked(
    restated_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif_results, "_MOST_LINKS", 1)

    result = load(lay_open(restated_report))["results"][0]

    assert "paragraphs [1 (line 1)](1) and 2 (line 3); new" in result["message"]["text"]
    assert [place["id"] for place in result["relatedLocations"]] == [1]


def test_boilerplate_links_some_places_and_counts_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("site").mkdir()
    for at in range(12):
        text = " ".join(f"w{at}x{place}" for place in range(20))
        Path(f"site/{at:02}.txt").write_text(f"{text}\n\nall rights kept\n")

    (result,) = load(lay_open(find_duplicates(["site"])))["results"]

    assert result["level"] == "note"
    assert result["message"]["text"] == (
        "Boilerplate in 12 of 12 documents of site; again at [site/01.txt:3](1), "
        "[site/02.txt:3](2), [site/03.txt:3](3) and 8 more."
    )
    uris = [
        place["physicalLocation"]["artifactLocation"]["uri"] for place in result["relatedLocations"]
    ]
    assert uris == ["site/01.txt", "site/02.txt", "site/03.txt"]


def test_fingerprints_tell_equal_findings_apart(sample_report: Report) -> None:
    results = load(lay_open(sample_report))["results"]

    prints = [
        (result["ruleId"], result["partialFingerprints"]["dedupParagraph/v1"])
        for result in results
        if result["ruleId"] != "DUP900"
    ]
    assert len(set(prints)) == len(prints) == 5
    copies = [text for rule, text in prints if rule == "DUP001"]
    assert [text.rpartition(":")[2] for text in copies] == ["1", "2"]
    assert len({text.rpartition(":")[0] for text in copies}) == 1
    assert not any("primaryLocationLineHash" in str(result) for result in results)


def test_what_is_listed_moves_no_fingerprint(sample_report: Report) -> None:
    def list_prints(*, shows: bool) -> dict[str, str]:
        results = load(judge(sample_report, shows=shows))["results"]
        return {
            json.dumps(result["locations"]): result["partialFingerprints"]["dedupParagraph/v1"]
            for result in results
            if "partialFingerprints" in result
        }

    hidden, shown = list_prints(shows=False), list_prints(shows=True)

    assert (len(hidden), len(shown)) == (3, 5)
    assert hidden.items() <= shown.items()
    assert {text.rpartition(":")[2] for text in hidden.values()} == {"1", "2"}


def test_suppressed_findings_are_results_only_where_they_are_shown(sample_report: Report) -> None:
    hidden = load(judge(sample_report, shows=False))["results"]
    shown = load(judge(sample_report, shows=True))["results"]

    assert len(shown) == len(hidden) + 2
    assert not any("suppressions" in result for result in hidden)
    kinds = [[each["kind"] for each in result["suppressions"]] for result in shown]
    assert sorted(kinds) == [[], [], [], [], [], ["external"], ["inSource"]]
    by_comment = next(
        each for r in shown for each in r["suppressions"] if each["kind"] != "external"
    )
    assert "quoted on purpose" in by_comment["justification"]
    place = by_comment["location"]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("docs/b.md", {"startLine": 6})


def test_what_a_check_found_stale_or_unused_is_a_notification(sample_report: Report) -> None:
    (invocation,) = load(judge(sample_report, shows=False))["invocations"]

    assert invocation["executionSuccessful"] is True
    notices = invocation["toolExecutionNotifications"]
    assert [notice["message"]["text"] for notice in notices] == [
        "Nothing has this text any more.",
        "Nothing here is to be ignored.",
    ]


def test_past_the_limit_the_least_grave_are_left_out_and_counted(
    sample_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load(lay_open(sample_report))["results"]
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 5)

    run = load(lay_open(sample_report))

    # Of seven the note goes and the last warning; the two errors stay in their places.
    kept = [result for result in whole if result["level"] != "note"][:-2] + whole[-1:]
    assert run["results"] == kept
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("2 findings left out")


def test_past_the_limit_what_is_suppressed_is_left_out_before_any_note(
    sample_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = judge(sample_report, shows=True)
    counted = [r for r in load(outcome)["results"] if not r["suppressions"]]
    monkeypatch.setattr(sarif, "_MOST_RESULTS", len(counted))

    run = load(outcome)

    assert run["results"] == counted
    assert "note" in [result["level"] for result in counted]


def test_an_unreadable_source_is_an_error_at_its_line(sample_report: Report) -> None:
    results = load(lay_open(sample_report))["results"]

    whole, line = [result for result in results if result["ruleId"] == "DUP900"]
    assert whole["level"] == line["level"] == "error"
    assert line["message"]["text"] == "Unreadable: it has no field 'text'."
    assert whole["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert line["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_an_entry_of_a_feed_says_its_title_and_only_a_web_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "The harbour board will keep the old lens of the lighthouse at Skerries, it said."
    entries = "".join(
        f"<item><title>Lens {at}</title><link>{scheme}://example.org/{at}</link>"
        f"<description>{text}</description></item>\n"
        for at, scheme in ((1, "https"), (2, "ftp"))
    )
    Path("feed.xml").write_text(
        f'<rss version="2.0"><channel><title>News</title>\n{entries}</channel></rss>\n'
    )

    (result,) = load(lay_open(find_duplicates(["feed.xml"])))["results"]

    (source,) = result["relatedLocations"]
    assert source["logicalLocations"] == [
        {"name": "Lens 1", "fullyQualifiedName": "https://example.org/1"}
    ]
    (own,) = result["locations"][0]["logicalLocations"]
    assert own["name"] == "Lens 2"
    assert result["message"]["text"].startswith('"Lens 2"')
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_a_record_from_memory_has_an_id_and_no_file(report_text: Callable[..., Report]) -> None:
    (result,) = load(lay_open(report_text("Words enough.", None, b"17")))["results"]

    assert result["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "17"}]}]


def test_a_terminal_is_safe(report_text: Callable[..., Report]) -> None:
    forged = "a\x1b[2J\x9b\u202e\n\ud800.md"
    report = report_text("Words \x1b[2J enough.", forged, b'"\\u001b[2J"')
    report = replace(report, corpus=replace(report.corpus, problems=(Problem(forged, 1, forged),)))

    written = "".join(render(lay_open(report), None))

    assert not set("\x1b\x9b\u202e") & set(written)
    assert "Words" not in written
    written.encode()


def test_a_report_of_nothing_has_its_rules_and_no_result(report_nothing: Report) -> None:
    run = load(lay_open(report_nothing))

    assert run["results"] == []
    assert len(run["tool"]["driver"]["rules"]) == len(RULES)
