"""Sentences and content terms: what they are by hand, and that nothing of a text is lost."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import constants
from dedup.stop_words import LANGUAGES
from dedup.terms import (
    NO_LANGUAGE,
    PREFIX_CHARACTERS,
    find_terms,
    find_terms_with_spans,
    guess_language,
    is_number_term,
    split_sentences,
)
from dedup.text import normalize, tokenize

EN, DE = LANGUAGES.index("en"), LANGUAGES.index("de")
# What ends a sentence, or only looks like it, among words and blanks of all kinds.
_FRAGMENTS: Final = (
    *(" ", "  ", "\n", "\r\n", "\r", "\n\n", "\t", "\x0b", "\x1c", "\x85", "\u00a0", "\u2028"),
    *("\u2029", "\u3000", "\0", "\u200b", "\ufeff", "\u00ad", "-\n", "-", "\u2014", "'", "\u2019"),
    *(".", "!", "?", "...", "\u2026", "?!", "\u3002", "\uff01", "\u0964", "\u061f", ";", ":", ","),
    *('"', "\u201c", "\u201d", "(", ")", "[1]", "Dr.", "e.g.", "z.B.", "U.S.", "No.", "p.", "A."),
    *("The", "the", "mill", "und", "3.5", "1,250.5", "12", "2nd", "007.", "\u0661\u0662", "q3"),
    *("caf\u00e9", "cafe\u0301", "\u00df", "\u0130", "\ufb01x", "\uff11\uff12", "\u00bd", "\u00b2"),
    *("\u6c34\u5e93\u88c2", "\u4e00", "\u3042\u309a", "\u0e40\u0e01\u0e47\u0e1a", "\uac00\u11a8"),
    *("\u05e9\u05c1\u05b8", "\u0644\u0627\u064e", "\u0928\u094d\u0926\u093f", "\U00020000\u4e00"),
    *("\U0001f600", "\U0001f469\u200d\U0001f52c", "\u845b\U000e0100", "abcdefg", "\u00e9" * 9),
    *("http://a.b/c?d=1", "a@b.c", "x_1", "_", "1_000"),
)
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=30).map("".join),
    st.lists(st.sampled_from(_FRAGMENTS), max_size=30).map(" ".join),
    st.text(max_size=120),
    st.text(st.characters(categories=["M", "Lo", "Zs", "P", "Nd", "Cf"]), max_size=80),
)
LANGUAGE: Final = st.integers(0, NO_LANGUAGE)


def test_the_prefix_that_counts_is_the_one_of_the_kernels() -> None:
    assert PREFIX_CHARACTERS == constants.TERM_PREFIX == 6


@given(TEXTS, LANGUAGE)
def test_the_sentences_of_a_text_joined_are_the_text(text: str, language: int) -> None:
    assert "".join(split_sentences(text, language)) == text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("One came. Two went!  Three?", EN, ["One came. ", "Two went!  ", "Three?"]),
        ("It cost $3.50. Cheap.", EN, ["It cost $3.50. ", "Cheap."]),
        ("Prof. Hals kam am 3. Mai an. Er blieb.", DE, None),
        ("\u4ed6\u6765\u4e86\u3002\u5979\u8d70\u4e86\u3002", NO_LANGUAGE, None),
        ("", EN, []),
    ],
)
def test_a_text_is_cut_behind_its_sentences(
    text: str, language: int, expected: list[str] | None
) -> None:
    sentences = split_sentences(text, language)

    assert "".join(sentences) == text
    assert sentences == expected if expected is not None else len(sentences) == 2


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("", EN, []),
        ("The engineers and an engineer", EN, ["engine", "engine"]),
        ("the und", DE, ["the"]),
        ("The and und", NO_LANGUAGE, ["the", "and", "und"]),
        ("a b c xy", NO_LANGUAGE, ["xy"]),
        ("7 b", EN, ["7"]),
        ("1,250.5 and 12. Next", EN, ["1,250.5", "12", "next"]),
        ("1 .5 2. 5 3..5", EN, ["1", "5", "2", "5", "3", "5"]),
        ("1.2.3,4", EN, ["1.2.3,4"]),
        ("1.5a 2nd 1234567th", EN, ["1.5", "2", "1234567"]),
        ("\u0661\u0662 \u0663", EN, ["\u0661\u0662"]),
        ("\u6c34\u5e93\u88c2 \u5e93", NO_LANGUAGE, ["\u6c34\u5e93", "\u5e93\u88c2"]),
        ("\u6c34ab\u5e93", NO_LANGUAGE, ["ab"]),
        ("\u6c343\u5e93\u88c2", NO_LANGUAGE, ["3", "\u5e93\u88c2"]),
        ("harm-\nless Caf\u00c9S", EN, ["harmle", "caf\u00e9s"]),
        ("don't won't", EN, []),
        ("\uff11\uff12\uff0c\uff15", EN, ["12,5"]),
        ("stra\u00dfenbahn", DE, ["strass"]),
        ("x_1_long_name", EN, ["x_1_lo"]),
    ],
)
def test_the_content_terms_of_a_sentence(sentence: str, language: int, expected: list[str]) -> None:
    assert find_terms(sentence, language) == expected


@given(TEXTS, LANGUAGE)
def test_a_text_and_its_normal_form_have_the_same_terms(text: str, language: int) -> None:
    assert find_terms(text, language) == find_terms(normalize(text), language)


@given(TEXTS, LANGUAGE)
def test_terms_come_from_tokens_in_their_order(text: str, language: int) -> None:
    spelled = "".join(tokenize(normalize(text)))

    for term in find_terms(text, language):
        bare = term.replace(".", "").replace(",", "")
        assert bare in spelled
        assert len(term) <= PREFIX_CHARACTERS or term[0] in "0123456789"


@given(TEXTS, LANGUAGE)
@example("\uff11\uff0e\uff15", EN)  # a wide decimal point, which normalizing makes a plain one
@example("1.\u00ad5 \u2488\u2489", EN)
@example("\u3042\u309a", EN)  # two characters of one cluster
def test_terms_with_spans_are_the_terms_where_they_stand(text: str, language: int) -> None:
    found = find_terms_with_spans(text, language)

    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)
    assert [term for term, _, _ in found] == find_terms(text, language)


def test_a_span_covers_the_whole_word() -> None:
    text = "The engineers paid 1,250.5 for \u6c34\u5e93\u88c2"
    found = find_terms_with_spans(text, EN)

    assert [text[start:end] for _, start, end in found] == [
        "engineers", "paid", "1,250.5", "\u6c34\u5e93", "\u5e93\u88c2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0] * 8, NO_LANGUAGE),
        ([1] + [0] * 7, EN),
        ([4, 4, 0, 0, 0, 0, 0, 0], EN),
        ([4, 5, 5, 0, 0, 0, 0, 0], DE),
        ([0, 0, 0, 0, 0, 0, 0, 9], 7),
    ],
)
def test_the_language_is_the_first_of_most_stop_words(counts: list[int], expected: int) -> None:
    assert guess_language(counts) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("7", True),
        ("1,250.5", True),
        ("\u4e09\u767e", True),  # three hundred
        ("\u4e09\u6708", False),  # March: a numeral and a word
        ("a7", False),
        ("\u0667\u0667", False),
    ],
)
def test_a_number_is_of_ascii_digits_or_two_chinese_numerals(term: str, *, expected: bool) -> None:
    assert is_number_term(term) is expected


@pytest.mark.parametrize(
    "text",
    ["One sentence here. And two!\n\n" * 900, "\u4f60\u597d\u3002\u518d\u89c1\uff01\n\n" * 4000],
)
def test_sentences_of_a_long_text_joined_are_the_text(text: str) -> None:
    sentences = split_sentences(text, 0)

    assert "".join(sentences) == text
    assert len(sentences) == 2 * text.count("\n\n")
