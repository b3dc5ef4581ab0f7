"""The lists of stop words are written as the tokenizer gives words, each word once."""

from itertools import combinations

import pytest

from dedup.kernels import constants, hashing, tables
from dedup.stop_words import LANGUAGES, STOP_WORDS
from dedup.terms import stop_words
from dedup.text import normalize, tokenize


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_holds_each_word_once(language: str) -> None:
    words = STOP_WORDS[language].split()

    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_is_written_as_the_tokenizer_gives_it(language: str) -> None:
    words = STOP_WORDS[language].split()

    assert [word for word in words if normalize(word) != word] == []
    assert [word for word in words if tokenize(word) != [word]] == []


def test_there_is_a_bit_for_each_language() -> None:
    assert LANGUAGES == ("en", "de", "fr", "es", "it", "pt", "nl", "ru")
    masks = tables.make_stop_words()[1]
    assert masks.dtype.itemsize * 8 == len(LANGUAGES)


def test_the_languages_differ_in_most_of_their_words() -> None:
    sets = [set(text.split()) for text in STOP_WORDS.values()]

    for left, right in combinations(sets, 2):
        assert len(left & right) < 0.4 * min(len(left), len(right))


def test_the_table_of_the_compiled_engine_holds_every_word_with_its_languages() -> None:
    stops, masks = tables.make_stop_words()
    found = {int(word): int(mask) for word, mask in zip(stops, masks, strict=True) if word}
    words = {word for text in STOP_WORDS.values() for word in text.split()}

    # As many entries as words: no two of them share a hash.
    assert len(found) == len(words)
    for word in words:
        languages = [i for i, text in enumerate(STOP_WORDS.values()) if word in text.split()]
        assert found[hashing.hash_word(word)] == sum(1 << language for language in languages)


def test_a_stop_word_is_known_by_its_place_in_the_languages() -> None:
    assert "the" in stop_words(LANGUAGES.index("en"))
    assert "und" in stop_words(LANGUAGES.index("de"))
    assert "war" not in stop_words(LANGUAGES.index("en"))
    assert stop_words(len(LANGUAGES)) == frozenset()


def test_no_stop_word_is_a_number() -> None:
    words = " ".join(STOP_WORDS.values()).split()

    assert not any(hashing.make_term(word) & constants.TERM_NUMBER for word in words)
