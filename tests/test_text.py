"""Normalizing and tokenizing, in many scripts; what is expected was written by hand."""

import unicodedata
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.text import fold_code_point, normalize, tokenize, tokenize_with_spans

ANY_TEXT: Final = st.text(st.characters(), max_size=60)
# Ordinary prose: letters, marks, digits, punctuation and line ends of some alphabets.
_ORDINARY: Final = st.lists(
    st.sampled_from(
        [
            *("word", "Ward", "caf\u00e9", "cafe\u0301", "stra\u00dfe", "it's", "don\u2019t"),
            *("1,234.5", "2nd", "\u043c\u0438\u0440", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05dd"),
            *("\u0645\u064f\u062d", "\u0928\u092e\u0938\u094d\u0924\u0947", "\u5343\u91cc"),
            *("\u0e40\u0e01\u0e47\u0e1a", "\uac00\ub098", "\u1100\u1161\u11a8", "\ufb01ne"),
            *("harm-\nless", "harm-\r\nless", "so\u00adft", "\u2014", "\u201cso\u201d", "(no)"),
        ]
    ),
    max_size=12,
).map(" ".join)


@given(ANY_TEXT)
@example("\u0345\u0300")  # folding the first moves it behind the second
@example("-\u00ad\n")
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text)

    assert normalize(once) == once


@given(ANY_TEXT)
def test_a_normalized_text_has_single_blanks_and_none_around_it(text: str) -> None:
    normalized = normalize(text)

    assert normalized.split(" ") == (normalized.split() or [""])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t\r\n\u00a0\u3000\u2028 ", ""),
        ("One\r\ntwo\u2028three\x1cfour", "one two three four"),
        ("\u201cYes\u201d \u2014 \u2018no\u2019 \u00abet\u00bb", "\"yes\" - 'no' \"et\""),
        ("so\u00adft hy\u00ad\u00adphen", "soft hyphen"),
        ("a bro-\nken and a bro-\r\nken word", "a broken and a broken word"),
        ("a bro\u2010\nken word", "a broken word"),
        ("pages 1 -\n2 -\n", "pages 1 - 2 -"),
        ("STRASSE Stra\u00dfe \u1e9e", "strasse strasse ss"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufb01ne \uff21\uff22\uff23 \u00bd", "fine abc 1\u20442"),
        ("\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3 \u03c3\u03bf\u03c6\u03cc\u03c2",
         "\u03bf\u03b4\u03c5\u03c3\u03c3\u03b5\u03c5\u03c3 \u03c3\u03bf\u03c6\u03cc\u03c3"),
        ("\u1100\u1161\u11a8", "\uac01"),
        ("a\0b", "a\0b"),
        ("\ud83d alone", "\ud83d alone"),
    ],
)  # fmt: skip
def test_normalizing_folds_what_a_reader_does_not_see(text: str, expected: str) -> None:
    assert normalize(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?! ... \u2014", []),
        ("Don't panic: it is 1,234.5!", ["don", "t", "panic", "it", "is", "1", "234", "5"]),
        ("snake_case x2 2nd", ["snake_case", "x2", "2nd"]),
        ("\u00c9t\u00e9 \u00e0 l\u2019\u00eele", ["\u00e9t\u00e9", "\u00e0", "l", "\u00eele"]),
        ("\u041c\u0438\u0440 \u0438 \u0432\u043e\u0439\u043d\u0430",
         ["\u043c\u0438\u0440", "\u0438", "\u0432\u043e\u0439\u043d\u0430"]),
        # Hebrew and Arabic: points stay in the word that bears them.
        ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05e2\u05d5\u05dc\u05dd",
         ["\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e2\u05d5\u05dc\u05dd"]),
        ("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f\u060c \u0633\u0644\u0627\u0645",
         ["\u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f", "\u0633\u0644\u0627\u0645"]),
        # Devanagari: virama and vowel signs are marks inside the word; the danda parts.
        ("\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e\u0964",
         ["\u0928\u092e\u0938\u094d\u0924\u0947", "\u0926\u0941\u0928\u093f\u092f\u093e"]),
        # Korean writes blanks between words.
        ("\uc548\ub155 \ud558\uc138\uc694", ["\uc548\ub155", "\ud558\uc138\uc694"]),
        # Han, Kana, Thai, Khmer and Myanmar do not: one token a character, marks too.
        ("\u5343\u91cc\u4e4b\u884c", ["\u5343", "\u91cc", "\u4e4b", "\u884c"]),
        ("\u65e5\u672c\u8a9eABC\u3092", ["\u65e5", "\u672c", "\u8a9e", "abc", "\u3092"]),
        ("\uff76\uff9e\uff72\uff84\uff9e", ["\u30ac", "\u30a4", "\u30c9"]),
        ("\u0e40\u0e01\u0e47\u0e1a", ["\u0e40", "\u0e01", "\u0e47", "\u0e1a"]),
        ("\u0e01\u0e33", ["\u0e01", "\u0e4d", "\u0e32"]),
        ("\u1797\u17b6\u179f\u17b6", ["\u1797", "\u17b6", "\u179f", "\u17b6"]),
        ("\u1019\u103c\u1014\u103a", ["\u1019", "\u103c", "\u1014", "\u103a"]),
        ("\U00020000\U0003134a", ["\U00020000", "\U0003134a"]),
        ("fun \U0001f600\U0001f469\u200d\U0001f52c end", ["fun", "end"]),
        ("nul\0led", ["nul", "led"]),
        ("\ud83dlone", ["lone"]),
    ],
)  # fmt: skip
def test_tokens_of_many_scripts(text: str, expected: list[str]) -> None:
    assert tokenize(normalize(text)) == expected


@given(st.lists(st.sampled_from(["ab", "\u00e9", "7", "_", " ", "-", ".", "'", "\n"])))
def test_the_tokens_of_spaced_scripts_are_the_runs_of_word_characters(parts: list[str]) -> None:
    normalized = normalize("".join(parts))

    split = "".join(c if c.isalnum() or c == "_" else " " for c in normalized).split()
    assert tokenize(normalized) == split


@given(_ORDINARY)
def test_tokens_with_spans_are_the_tokens(text: str) -> None:
    tokens = [token for token, _, _ in tokenize_with_spans(text)]

    assert tokens == tokenize(normalize(text))


@given(_ORDINARY)
def test_the_span_of_a_token_cuts_out_what_it_was_made_of(text: str) -> None:
    for token, start, end in tokenize_with_spans(text):
        assert token in tokenize(normalize(text[start:end]))


@given(ANY_TEXT)
def test_spans_of_any_text_stand_in_order_within_it(text: str) -> None:
    spans = [(start, end) for _, start, end in tokenize_with_spans(text)]

    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_a_word_broken_at_a_line_end_spans_both_lines() -> None:
    assert tokenize_with_spans("It is harm-\nless.") == [
        ("it", 0, 2),
        ("is", 3, 5),
        ("harmless", 6, 16),
    ]


def _check_fold(point: int) -> None:
    """Hold the table against `normalize` and `tokenize` between two letters that never join."""
    fold, kind = fold_code_point(point)
    if fold is None:
        return
    normalized = normalize(f"x{chr(point)}y")
    assert normalized == f"x{chr(fold)}y"
    n_tokens = {0: 2, 1: 1, 3: 3}
    assert len(tokenize(normalized)) == n_tokens[kind]


def test_the_fold_of_every_common_code_point_is_its_normal_form() -> None:
    for point in range(0x3400):
        _check_fold(point)


@settings(max_examples=500)
@given(st.integers(0, 0x10FFFF).filter(lambda point: not 0xD800 <= point <= 0xDFFF))
def test_the_fold_of_any_code_point_is_its_normal_form(point: int) -> None:
    _check_fold(point)


@pytest.mark.parametrize("letter", ["\u0301", "\u05b8", "\u1161", "\u11a8", "\u00ad", "\u00bd"])
def test_a_code_point_that_hangs_on_its_neighbours_has_no_fold(letter: str) -> None:
    assert fold_code_point(ord(letter))[0] is None, unicodedata.name(letter)


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("A", (ord("a"), 1)),
        ("\u00c9", (ord("\u00e9"), 1)),
        ("7", (ord("7"), 1)),
        ("\u2019", (ord("'"), 0)),
        ("\u3000", (ord(" "), 0)),
        ("\u5343", (0x5343, 3)),
        ("\u0e01", (0x0E01, 3)),
    ],
)
def test_a_code_point_has_its_fold_and_its_class(letter: str, expected: tuple[int, int]) -> None:
    assert fold_code_point(ord(letter)) == expected


def test_the_class_of_a_code_point_says_whether_it_is_a_token_alone() -> None:
    for point in (*range(0x2E0, 0x340), *range(0x900, 0xA00), 0xFE0F, 0x1D165, 0xE0100):
        fold, kind = fold_code_point(point)
        assert (kind > 0) == bool(tokenize(chr(point if fold is None else fold)))
