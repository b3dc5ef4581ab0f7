"""Text from outside reaches neither a terminal's commands nor the next line."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reporters.escapes import escape_controls, escape_json, fold_lines

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # Trojan Source, table 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\x0ab"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f", r"\x7f"),
        ("a\u2028b", r"a\u2028b"),
        ("\u202ecod.exe", r"\u202ecod.exe"),
        ("\udcff", r"\udcff"),
    ],
)
def test_a_control_character_is_shown_as_its_number(text: str, shown: str) -> None:
    assert escape_controls(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_escaped_commands_a_terminal_or_ends_a_line(text: str) -> None:
    escaped = escape_controls(text)

    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in escaped)
    assert not set(BIDI) & set(escaped)
    assert len(escaped.splitlines()) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "na\u00efve \u2013 \u201c\u0153uvre\u201d",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, zero-width non-joiner
        "\u200f\u0639\u0631\u0628\u064a",  # Arabic behind a right-to-left mark
        "\U0001f469\u200d\U0001f680",  # woman, zero-width joiner, rocket
        "港の灯台",
        "a\\b",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert escape_controls(text) == text


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    written = escape_json(json.dumps(text, ensure_ascii=False))

    assert json.loads(written) == text
    assert escape_controls(written) == written


def test_a_paragraph_of_several_lines_becomes_one() -> None:
    assert fold_lines("One\r\n\ttwo\u2029three\x1b[0m") == r"One two three\x1b[0m"
