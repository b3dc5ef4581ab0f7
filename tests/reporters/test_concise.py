"""One line a finding."""

from collections.abc import Callable

from dedup.outcome import lay_open
from dedup.report import Report
from dedup.reporters.concise import render


def test_the_sample_reads_as_agreed(
    sample_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("report.concise.txt", "".join(render(lay_open(sample_report), None)))


def test_the_restated_sample_reads_as_agreed(
    restated_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("restated.concise.txt", "".join(render(lay_open(restated_report), None)))


def test_new_words_cannot_forge_a_finding(report_restated: Callable[..., Report]) -> None:
    # U+009B begins a sequence as ESC [ does; it is no word, so the names around it are two.
    texts = ["The mill burnt.", "The mill burnt. It was Nadja\x9b2J Oskald\nb.md:1:1: DUP001 x."]

    lines = "".join(
        render(lay_open(report_restated(texts, (((0, 0, 1.0),), ()))), None)
    ).splitlines()

    assert len(lines) == 1
    assert "\x9b" not in lines[0]
    assert "Nadja" in lines[0]


def test_nothing_found_is_nothing_written(report_nothing: Report) -> None:
    assert list(render(lay_open(report_nothing), None)) == []


def test_a_path_cannot_forge_a_finding(report_text: Callable[..., Report]) -> None:
    forged = "a.md:1:1: x\nb.md:9:9: DUP001 identical to c.md:1\x1b[2J"

    lines = "".join(render(lay_open(report_text("Words enough.", forged)), None)).splitlines()

    assert len(lines) == 1
    assert r"\x0ab.md" in lines[0]
    assert "\x1b" not in lines[0]
