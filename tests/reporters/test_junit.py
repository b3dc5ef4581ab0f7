"""JUnit XML: what fails, what is skipped, and characters that XML cannot hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from junitparser import TestSuite as Suite

from dedup.model import Problem
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.junit import render

# Elements and attributes of Jenkins's junit-4.xsd and junit-10.xsd both.
SCHEMA = {
    "testsuites": {"name", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "classname"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": set[str](),
    "system-out": set[str](),
}


def write(outcome: Outcome) -> str:
    return "".join(render(outcome, None))


def read(outcome: Outcome) -> Suite:
    """Read a report back with a library for it, and compare its sums with its cases."""
    text = write(outcome)
    for element in ET.fromstring(text).iter():  # noqa: S314 -- written by us
        assert set(element.attrib) <= SCHEMA[element.tag]
    (suite,) = JUnitXml.fromstring(text.encode(errors="backslashreplace"))
    endings = Counter(type(result) for case in suite for result in case.result)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
        len(list(suite)),
        endings[Failure],
        endings[Error],
        endings[Skipped],
    )
    return suite


@pytest.mark.parametrize("name", ["report", "restated"])
def test_the_samples_read_as_agreed(
    name: str,
    sample_report: Report,
    restated_report: Report,
    check_golden: Callable[[str, str], None],
) -> None:
    report = sample_report if name == "report" else restated_report

    read(lay_open(report))
    check_golden(f"{name}.junit.xml", write(lay_open(report)))


def test_a_check_reads_as_agreed(judged: Outcome, check_golden: Callable[[str, str], None]) -> None:
    suite = read(judged)

    assert (suite.failures, suite.errors, suite.skipped) == (2, 2, 3)
    check_golden("judged.junit.xml", write(judged))


def test_nothing_found_is_a_test_that_passes(report_nothing: Report) -> None:
    (case,) = read(lay_open(report_nothing))

    assert case.is_passed


def test_only_what_fails_a_check_is_a_failure(judged: Outcome) -> None:
    assert judged.judgement is not None
    outcome = replace(judged, judgement=replace(judged.judgement, fail_on="error"))

    failed = [case.classname for case in read(outcome) if case.is_failure]

    assert failed == ["dedup.DUP002"]


def test_a_note_passes_and_says_what_it_is(sample_report: Report) -> None:
    (note,) = (case for case in read(lay_open(sample_report)) if case.classname == "dedup.DUP006")

    assert note.is_passed
    assert "[-12-]{+15+} percent" in note.system_out


def test_what_is_suppressed_is_not_there_unasked(judged: Outcome) -> None:
    assert judged.judgement is not None
    hidden = replace(judged, judgement=replace(judged.judgement, shows_suppressed=False))

    assert read(hidden).skipped == 0


def test_stale_entries_are_failures_where_they_alone_fail_a_check(judged: Outcome) -> None:
    assert judged.judgement is not None
    outcome = Outcome(judged.run, (), replace(judged.judgement, n_failing=0))

    failed = [case.classname for case in read(outcome) if case.is_failure]

    assert failed == ["dedup.stale"]


@given(text=st.text(max_size=60), path=st.text(min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_any_path_make_xml_of_one_test(
    report_text: Callable[..., Report], text: str, path: str
) -> None:
    report = report_text(f"Words {text} enough.", path, b'"x"')
    problem = Problem(path, 2, text)
    corpus = replace(report.corpus, problems=(problem,))

    suite = read(lay_open(replace(report, corpus=corpus)))

    assert (suite.tests, suite.failures, suite.errors) == (2, 1, 1)


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1b", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_a_letter_that_xml_cannot_hold_is_written_as_its_number(
    report_text: Callable[..., Report], letter: str
) -> None:
    text = "Words enough." if letter == "\ud800" else f"Words {letter}! enough."
    report = report_text(text, "a.md")
    problem = Problem("a.md", 1, f"Words {letter}? enough.")
    corpus = replace(report.corpus, problems=(problem,))

    written = write(lay_open(replace(report, corpus=corpus)))

    assert letter not in written
    assert rf"\x{ord(letter):02x}?" in written or rf"\u{ord(letter):04x}?" in written


def test_a_text_cannot_end_its_element_nor_command_a_runner(
    report_text: Callable[..., Report],
) -> None:
    text = f"]]></failure></testcase>&amp;{'::stop-commands::x ' * 20} ##[error]y"

    written = write(lay_open(report_text(text, "a.md")))

    assert not any(line.lstrip().startswith("::") for line in written.splitlines())
    assert "##[" not in written
    (case,) = read(lay_open(report_text(text, "a.md")))
    (result,) = case.result
    assert " ".join(result.text.split()) == " ".join(text.split())


def test_a_long_text_is_cut(report_pair: Callable[[str, str], Report]) -> None:
    left = " ".join(f"word{place}" for place in range(1000))
    right = " ".join(f"word{place + place % 3}" for place in range(1000))

    (case,) = read(lay_open(report_pair(left, right)))
    (result,) = case.result

    assert len(result.text.splitlines()) <= 41
    assert max(map(len, result.text.splitlines())) <= 88
