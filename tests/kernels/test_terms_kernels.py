"""The content terms of both engines are those of `dedup.terms`, of any text in any script."""

from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.kernels import Engine, constants, hashing
from dedup.stop_words import LANGUAGES, STOP_WORDS
from dedup.terms import NO_LANGUAGE, find_terms
from dedup.text import normalize, tokenize
from tests.kernels.packing import Engines, pack_texts

_STOPS: Final = [word for text in STOP_WORDS.values() for word in text.split()]
_FRAGMENTS: Final = (
    *(" ", "  ", "\n", "\r\n", "\t", "\x1c", "\x85", "\u00a0", "\u3000", "\0", "\u200b", "\u00ad"),
    *("-", "-\n", "-\r\n", "\u2010\n", "-\r", "\u2014", "'", "\u2019", "_", "\u2026", "\u00a8"),
    *(".", ",", "..", ",.", "\uff0e", "\uff0c", "\u066b", "\u2024"),
    *("1", "0", "12", "007", "1,250.5", ",5", "7.", "9" * 20, "1st", "2nd", "5a", "a5", "1_000"),
    *(
        "\u0661\u0662",
        "\u0967",
        "\uff11\uff12",
        "\u00bd",
        "\u00b2",
        "\u2460",
        "\u2488",
        "\U0001d7ce",
    ),
    *(
        "a",
        "I",
        "xy",
        "the",
        "THE",
        "Und",
        "war",
        "\u00e0",
        "\u0438",
        "\u042d\u0442\u043e",
        "don't",
    ),
    *("engineers", "Engine", "abcdef", "abcdefg", "ABCDEFGH", "a" * 17, "x" * 200, "\u00e9" * 7),
    *("caf\u00e9", "cafe\u0301", "e\u0301" * 7, "\u00df", "stra\u00dfenbahn", "\u0130", "\ufb01x"),
    *("\u6c34\u5e93\u88c2", "\u4e00", "\u6c34", "\u3042\u309a", "\u30ab\u3099", "\u3042", "\u30fc"),
    *("\u0e01\u0e33", "\u0e40\u0e01\u0e47\u0e1a", "\u17a0\u17b6", "\u1000\u103b", "\uff76\uff9e"),
    *("\uac00", "\u1100\u1161\u11a8", "\u05e9\u05c1\u05b8", "\u0644\u0627\u064e", "\u0928\u094d"),
    *("\u0301", "\u064e", "\U000e0100", "\u845b\U000e0100", "\ufe0f", "\U00020000", "\U0003134a"),
    *("\U0001f600", "\U0001f469\u200d\U0001f52c", "\U0001d400", "\U0010ffff", "\u2f00", "\uf900"),
)
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=30).map("".join),
    st.lists(st.sampled_from((*_FRAGMENTS, *_STOPS)), max_size=30).map(" ".join),
    st.lists(st.sampled_from(["1", "23", ".", ",", " ", "a", "\u6c34"]), max_size=20).map("".join),
    st.text(max_size=100),
    st.text(st.characters(categories=["M", "Lo", "Zs", "P", "Nd", "Cf"]), max_size=80),
)
SENTENCES: Final = st.lists(st.tuples(TEXTS, st.integers(0, NO_LANGUAGE)), max_size=5)


def list_terms(engine: Engine, sentences: list[tuple[str, int]]) -> list[list[int]]:
    languages = np.array([language for _, language in sentences], np.uint8)
    terms, ends = engine.list_terms(
        *pack_texts([text.encode() for text, _ in sentences]), languages
    )
    assert (terms.dtype, ends.dtype, len(ends)) == (
        np.dtype(np.uint32),
        np.dtype(np.int64),
        len(sentences),
    )
    assert len(terms) == (ends[-1] if len(ends) else 0)
    return [part.tolist() for part in np.split(terms, ends[:-1])] if sentences else []


def count_stop_words(engine: Engine, texts: list[str]) -> list[list[int]]:
    lists = engine.tokenize(*pack_texts([text.encode() for text in texts]))
    counts = engine.count_stop_words(lists)
    assert (counts.dtype, counts.shape) == (np.dtype(np.int32), (len(texts), len(LANGUAGES)))
    return [[int(count) for count in row] for row in counts]


@settings(max_examples=400)
@given(SENTENCES)
@example([("1.", 0), ("5 1,", 0), (",5", 0)])  # a number never goes on in the next sentence
@example([("\u6c34", 8), ("\u5e93", 8)])  # nor does a bigram
@example([("1,\u00ad5 1.\n5 1.2.3", 0)])
@example([("ab", 0), ("", 1), ("\0", 2)])
def test_both_engines_list_the_terms_of_the_text(
    engines: Engines, sentences: list[tuple[str, int]]
) -> None:
    expected = [
        [hashing.make_term(term) for term in find_terms(text, language)]
        for text, language in sentences
    ]

    assert list_terms(engines[0], sentences) == expected
    assert list_terms(engines[1], sentences) == expected


def test_a_term_is_a_hash_that_tells_a_number(engine: Engine) -> None:
    text = "The engineers paid 1,250.5 on the 2nd to \u6c34\u5e93"
    (terms,) = list_terms(engine, [(text, 0)])

    # The hashes are those of the test vectors in `test_hashing`, computed there.
    bare = [hashing.hash_bytes(term.encode()) >> 32 for term in (
        "engine", "paid", "1,250.5", "2", "\u6c34\u5e93",
    )]  # fmt: skip
    assert [term >> 3 for term in terms] == [number >> 3 for number in bare]
    assert [term & 7 for term in terms] == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("language", range(NO_LANGUAGE + 1))
def test_no_stop_word_of_the_language_is_a_term(engine: Engine, language: int) -> None:
    words = [word for word in _STOPS if len(word) > 1]
    stops = set(STOP_WORDS[LANGUAGES[language]].split()) if language < NO_LANGUAGE else set()
    (terms,) = list_terms(engine, [(" ".join(words), language)])

    assert len(terms) == sum(word not in stops for word in words)


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=5))
def test_both_engines_count_the_stop_words_of_each_language(
    engines: Engines, texts: list[str]
) -> None:
    sets = [set(text.split()) for text in STOP_WORDS.values()]
    expected = [
        [sum(token in stops for token in tokenize(normalize(text))) for stops in sets]
        for text in texts
    ]

    assert count_stop_words(engines[0], texts) == expected
    assert count_stop_words(engines[1], texts) == expected


def test_every_stop_word_counts_in_each_of_its_languages(engine: Engine) -> None:
    counts = count_stop_words(engine, [" ".join(text.split()) for text in STOP_WORDS.values()])
    sets = [set(text.split()) for text in STOP_WORDS.values()]

    assert counts == [[len(row & column) for column in sets] for row in sets]


def test_stop_words_are_counted_of_the_rows_asked_for(engine: Engine) -> None:
    texts = ["the mill", "der Fluss und die", "nothing else", ""]
    lists = engine.tokenize(*pack_texts([text.encode() for text in texts]))
    rows = np.array([3, 1], np.int64)

    counts = engine.count_stop_words(lists.take(rows))

    assert counts[:, :2].tolist() == [[0, 0], [0, 3]]


def test_the_bit_of_a_number_is_below_the_hash() -> None:
    assert constants.TERM_NUMBER == 1 <= constants.CLASS_MASK
