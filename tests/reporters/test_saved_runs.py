"""A run that was saved and loaded again is written, in every format, byte for byte as before."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Config, ReadersConfig, RestatementConfig, RunConfig
from dedup.outcome import Outcome, lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.notebook import render_html
from dedup.reporters.registry import REPORTERS, load_reporter, write_report
from dedup.saved import load_saved

# `groups` tells of every paragraph, which a saved run does not hold.
FORMATS: Final = tuple(name for name in REPORTERS if name != "groups")
SENTENCE: Final = "The night ferry leaves at nine, as the harbour board has said on Monday"
# Characters that end lines, quote, escape, link, colour and turn text around, and ordinary ones.
HOSTILE: Final = st.text(
    st.sampled_from("\x00\x1b\x9b\u2028\u202e\r\n\t\"'\\<>&|`*[](){}#%:;,=@$ ab9.é港🚢\ud800"),
    max_size=12,
)


def render(outcome: Outcome, name: str) -> list[str]:
    pieces = load_reporter(name).render(outcome, None)
    return "".join(p if isinstance(p, str) else p.decode() for p in pieces).split("\n")


def save(outcome: Outcome, folder: Path) -> Outcome:
    """Write an outcome as JSON and load that again."""
    file = folder / "run.json"
    write_report(outcome, "json", file)
    return load_saved(str(file)).outcome


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Outcome], Outcome]:
    return partial(save, folder=tmp_path)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("sample", ["sample_report", "restated_report", "report_nothing"])
def test_a_saved_scan_is_written_as_it_was(
    name: str, sample: str, saved: Callable[[Outcome], Outcome], request: pytest.FixtureRequest
) -> None:
    outcome = lay_open(request.getfixturevalue(sample))

    assert render(saved(outcome), name) == render(outcome, name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("shows_suppressed", [True, False])
def test_a_saved_check_is_written_as_it_was(
    name: str, saved: Callable[[Outcome], Outcome], judged: Outcome, *, shows_suppressed: bool
) -> None:
    assert judged.judgement is not None
    judgement = replace(judged.judgement, shows_suppressed=shows_suppressed)
    outcome = replace(judged, judgement=judgement)

    assert render(saved(outcome), name) == render(outcome, name)


@pytest.mark.parametrize("name", FORMATS)
def test_turned_findings_are_written_as_they_were(
    name: str, saved: Callable[[Outcome], Outcome], turned: Outcome
) -> None:
    again = saved(turned)

    assert render(again, name) == render(turned, name)
    assert again.findings == turned.findings


def test_a_check_that_is_not_to_show_what_it_suppresses_saves_none_of_its_text(
    judged: Outcome,
) -> None:
    assert judged.judgement is not None
    hidden = replace(judged, judgement=replace(judged.judgement, shows_suppressed=False))

    written, whole = ("\n".join(render(each, "json")) for each in (hidden, judged))

    # The variant and its source are named by nothing else.
    assert "Sales of garden pumps" in whole
    assert "Sales of garden pumps" not in written


def test_a_notebook_shows_a_saved_run_as_it_was(
    restated_report: Report, turned: Outcome, saved: Callable[[Outcome], Outcome]
) -> None:
    for outcome in (lay_open(restated_report), turned):
        assert render_html(saved(outcome)) == render_html(outcome)


def test_unreadable_inputs_are_there_when_they_are_no_findings(
    sample_report: Report, saved: Callable[[Outcome], Outcome]
) -> None:
    rules = RunConfig(rules=("DUP001",))
    outcome = lay_open(replace(sample_report, config=Config(run=rules)))

    for name in FORMATS:
        assert render(saved(outcome), name) == render(outcome, name)
    assert "Unreadable: skipped, so not compared" in render(saved(outcome), "full")


@pytest.fixture(scope="module")
def runs(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, Outcome, Outcome]]:
    """Give a scan of each folder of example texts, as it was and as it was saved."""
    config = Config(
        readers=ReadersConfig(skip_errors=True), restatement=RestatementConfig(sensitive=True)
    )
    found = []
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        outcome = lay_open(find_duplicates([folder], config))
        file = tmp_path_factory.mktemp(folder.name)
        found.append((folder.name, outcome, save(outcome, file)))
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_the_example_texts_are_written_as_they_were(
    name: str, runs: list[tuple[str, Outcome, Outcome]]
) -> None:
    assert any(outcome.findings for _, outcome, _ in runs)
    for folder, outcome, saved in runs:
        assert render(saved, name) == render(outcome, name), folder


@given(
    texts=st.lists(HOSTILE, min_size=1, max_size=2),
    identity=st.one_of(HOSTILE, st.integers(), st.booleans(), st.none(), st.lists(st.integers())),
)
def test_hostile_texts_are_written_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], identity: object
) -> None:
    copies = [f"{SENTENCE}{text}. Others wait for {text} here." for text in texts]
    records = [{"id": identity, "text": text} for text in (*copies, *copies, SENTENCE)]
    outcome = lay_open(find_duplicates(records, Config(run=RunConfig(engine="numpy"))))

    saved = save(outcome, tmp_path_factory.mktemp("hostile"))

    assert outcome.findings
    for name in FORMATS:
        assert render(saved, name) == render(outcome, name), name


def test_saving_keeps_paragraphs_apart_that_have_one_place(
    saved: Callable[[Outcome], Outcome],
) -> None:
    records = [{"id": 7, "text": f"{SENTENCE}{more}."} for more in ("", " twice", "")]
    outcome = lay_open(find_duplicates(records))

    again = saved(outcome)

    numbers = [(found.number, found.source_number) for found in again.findings]
    assert sorted(numbers) == [(1, 0), (2, 0)]
    assert [again.run.text(number) for number in (0, 1, 2)] == [r["text"] for r in records]


def test_a_file_with_a_hostile_name_is_called_as_it_was(
    saved: Callable[[Outcome], Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for file in (b"a\xff\x1b[2J\n::error::.txt", b"b](javascript:x)%0A<b>.txt"):
        (folder / os.fsdecode(file)).write_text(f"{SENTENCE}.\n", encoding="utf-8")
    outcome = lay_open(find_duplicates([folder]))

    again = saved(outcome)

    assert outcome.findings
    for name in FORMATS:
        assert render(again, name) == render(outcome, name), name
