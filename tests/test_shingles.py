"""Shingle sets against Python sets of word tuples."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig, ShinglesConfig
from dedup.kernels import Engine
from dedup.kernels.constants import CLASS_BITS
from dedup.model import ShingleSets, TokenLists
from dedup.paragraphs import split_paragraphs
from dedup.readers.records import batches_from_records
from dedup.shingles import (
    hash_shingle,
    list_shingles,
    shingle_paragraphs,
    spell_paragraphs,
    tokenize_paragraphs,
)

_TEXTS: Final = st.lists(
    st.sampled_from(["a", "b", "c", "d", "ee", "12", "2nd", "may"]), max_size=25
).map(" ".join)


def units_of(texts: list[str], engine: Engine, kind: str) -> TokenLists:
    records = [{"text": f"{text} ."} for text in texts]  # a blank text would be no paragraph
    (batch,) = batches_from_records(records, ReadersConfig())
    paragraphs = split_paragraphs(batch, ParagraphsConfig(unit="record"), engine)
    read = tokenize_paragraphs if kind == "word" else spell_paragraphs
    return read(paragraphs, engine)


def rows_of(sets: ShingleSets) -> list[list[int]]:
    return [sets.row(row).tolist() for row in range(len(sets))]


def shingles_of(text: str, size: int) -> list[str]:
    words = text.split()
    return [" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))] * bool(
        words
    )


@given(st.lists(_TEXTS, min_size=1, max_size=4), st.integers(1, 6))
def test_a_shingle_set_holds_each_run_of_words_once(
    engine: Engine, texts: list[str], size: int
) -> None:
    rows = np.arange(len(texts))
    sets = shingle_paragraphs(
        units_of(texts, engine, "word"), rows, ShinglesConfig("word", size), engine
    )

    for text, row in zip(texts, rows_of(sets), strict=True):
        expected = [hash_shingle(shingle.encode()) for shingle in shingles_of(text, size)]
        assert row == list(dict.fromkeys(expected))


@given(st.lists(_TEXTS, min_size=1, max_size=4), st.integers(1, 6))
def test_a_shingle_list_keeps_repeats(engine: Engine, texts: list[str], size: int) -> None:
    rows = np.arange(len(texts))
    lists = list_shingles(
        units_of(texts, engine, "word"), rows, ShinglesConfig("word", size), engine
    )

    assert lists.sizes.tolist() == [len(shingles_of(text, size)) for text in texts]


def test_only_the_rows_asked_for_are_shingled_in_their_order(engine: Engine) -> None:
    units = units_of(["a b", "c d", "ee 12"], engine, "word")

    sets = shingle_paragraphs(units, np.array([2, 0]), ShinglesConfig("word", 2), engine)

    assert rows_of(sets) == [[hash_shingle(b"ee 12")], [hash_shingle(b"a b")]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ab  C!", "ab c"),
        ("\u00c9t\u00e9 \u2014 so", "\u00e9t\u00e9 so"),
        ("\u5343\u91cc", "\u5343\u91cc"),
        ("harm-\nless", "harmless"),
    ],
)
def test_a_text_is_spelled_as_its_words_with_one_blank_between(
    engine: Engine, text: str, expected: str
) -> None:
    units = units_of([text], engine, "char")

    assert "".join(map(chr, (units.tokens[: units.ends[0]] >> CLASS_BITS).tolist())) == expected


@given(st.lists(_TEXTS, min_size=2, max_size=2))
def test_char_shingles_are_shared_where_the_runs_of_characters_are(
    engine: Engine, texts: list[str]
) -> None:
    units = units_of(texts, engine, "char")
    sets = shingle_paragraphs(units, np.arange(2), ShinglesConfig("char", 5), engine)
    runs = [{text[i : i + 5] for i in range(max(1, len(text) - 4))} - {""} for text in texts]

    left, right = (set(row) for row in rows_of(sets))
    assert (len(left), len(right), len(left & right)) == (
        len(runs[0]),
        len(runs[1]),
        len(runs[0] & runs[1]),
    )


@pytest.mark.parametrize(
    ("shingle", "expected"),
    [
        (b"", 0),
        (b"the", 3304318271),
        (b"the quick brown", 4085085890),
        ("\u5343 \u91cc \u4e4b".encode(), 1006038966),
    ],
)
def test_the_hash_of_a_shingle_is_fixed_for_ever(shingle: bytes, expected: int) -> None:
    assert hash_shingle(shingle) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"The  Quick\tBROWN", b"the quick brown"),
        ("caf\u00e9".encode(), "CAFE\u0301".encode()),
        (b"1,234.5", b"1 234 5"),
        (b"\xff the", "\ufffd the".encode()),
    ],
)
def test_shingles_that_normalize_alike_have_one_hash(one: bytes, other: bytes) -> None:
    assert hash_shingle(one) == hash_shingle(other)
