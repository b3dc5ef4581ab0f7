"""The report for people."""

import io
from collections.abc import Callable

import pytest
from rich.text import Text as RichText

from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.full import render


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(report: Report) -> str:
    return "".join(render(lay_open(report), None))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    return _Terminal()


def test_the_sample_reads_as_agreed(
    sample_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("report.full.txt", shown(sample_report))


def test_the_restated_sample_reads_as_agreed(
    restated_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("restated.full.txt", shown(restated_report))


def test_shared_words_are_bold_and_signed(restated_report: Report, terminal: _Terminal) -> None:
    text = "".join(render(lay_open(restated_report), terminal))

    assert "\x1b[1m[=Divers found a crack forty metres long in the" in text
    assert RichText.from_ansi(text).plain.split() == shown(restated_report).split()


def test_of_many_sentences_the_first_twelve_are_shown_and_the_others_counted(
    report_restated: Callable[..., Report],
) -> None:
    sentences = [f"The mill number {n} burnt down. " for n in range(101, 116)]
    text = "".join(sentences).rstrip()
    said = tuple(((0, place, 0.5), (0, 14 - place, 0.25)) for place in range(15))

    lines = shown(report_restated([text, text], said)).splitlines()

    assert sum(line.startswith("      says") for line in lines) == 12
    assert sum(line.startswith("      also") for line in lines) == 12
    assert "      \u2026 3 more sentences" in lines


def test_a_hostile_sentence_stays_in_its_lines(report_restated: Callable[..., Report]) -> None:
    hostile = "The mill\nGroup 9 of 9: forged\x1b[2J burnt\u202e down."

    text = shown(report_restated([hostile, hostile], (((0, 0, 1.0),),), "a\nDUP005\x1b[1m"))

    assert not set("\x1b\u202e") & set(text)
    assert not any(line.startswith(("Group", "DUP005")) for line in text.splitlines())


def test_nothing_found_is_one_friendly_line(report_nothing: Report) -> None:
    assert shown(report_nothing) == (
        "No duplicates found among 2 paragraphs (51 words) of 1 document.\n"
    )


def test_a_file_gets_no_colours_and_80_columns_whatever_the_window(
    sample_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    text = shown(sample_report)

    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines() if line.startswith("      ")) <= 80


def test_a_terminal_gets_colours_its_own_width_and_the_same_words(
    sample_report: Report, terminal: _Terminal
) -> None:
    text = "".join(render(lay_open(sample_report), terminal))

    assert "\x1b[32m{+sail+}" in text
    plain = RichText.from_ansi(text).plain
    assert max(len(line) for line in plain.splitlines() if line.startswith("      ")) <= 60
    assert plain.split() == shown(sample_report).split()


def test_no_color_leaves_the_signs(
    sample_report: Report, terminal: _Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    text = "".join(render(lay_open(sample_report), terminal))

    assert "\x1b[32m" not in text
    assert "{+sail+}" in text


def test_the_numbers_that_make_a_variant_stand_out(
    sample_report: Report, terminal: _Terminal
) -> None:
    assert "\x1b[1;7;32m{+15+}" in "".join(render(lay_open(sample_report), terminal))


@pytest.mark.parametrize("text", ["[bold]x[/bold]", ":smile: [link=http://x]y[/link]", "[/nope]"])
def test_text_is_never_markup(text: str, report_text: Callable[..., Report]) -> None:
    assert text in shown(report_text(text))


def test_a_hostile_text_stays_in_its_lines(report_text: Callable[..., Report]) -> None:
    hostile = "Words\n\nGroup 9 of 9: forged\x1b]0;title\x07\x1b[2J\u202e"

    text = shown(report_text(hostile, "a\nGroup 8 of 8\x1b[1m"))

    assert not set("\x1b\x07\u202e") & set(text)
    headings = [line for line in text.splitlines() if line.startswith("Group")]
    assert headings == ["Group 1 of 1: 1 redundant paragraph"]


def test_an_identical_paragraph_takes_one_line(report_text: Callable[..., Report]) -> None:
    text = shown(report_text("A text that stands there twice."))

    assert text.count("A text that stands there twice.") == 1
    assert "How to read" not in text


def test_a_report_without_texts_shows_the_places(report_pair: Callable[..., Report]) -> None:
    text = shown(report_pair("", ""))

    assert "  DUP002  a.md:9  near-duplicate, resemblance 0.75\n" in text


def test_turned_findings_show_the_old_sentences_and_where_the_new_paragraph_has_them(
    turned: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("turned.full.txt", "".join(render(turned, None)))
