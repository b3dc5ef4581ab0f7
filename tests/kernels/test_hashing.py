"""Test vectors of every hash: these numbers are fixed for ever, since an index outlives a release.

Where one of them changes, every index, baseline and group id in the world is void.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import Engine, constants, hashing
from dedup.readers.batches import pad


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b"", 0),
        (b"a", 0x053C83C42CA8DFB2),
        (b"the", 0x92EAA2849576E507),
        (b"abcdefgh", 0xC494FB7476D0C0D8),
        (b"abcdefghi", 0xE1BB2F7DD5EE55E9),
        ("caf\u00e9".encode(), 0x8B3AF3B79B6ECA6D),
        ("\u5343".encode(), 0x48FB329F19160427),
        (b"x" * 65, 0xE41E83FE675F7EBE),
    ],
)
def test_the_hash_of_a_token(token: bytes, expected: int) -> None:
    assert hashing.hash_bytes(token) == expected


@pytest.mark.parametrize(
    ("token", "expected", "kind"),
    [
        ("the", 0x92EAA280, constants.WORD),
        ("\u5343", 0x48FB3298, constants.WORD),
        ("3rdx", 0x671CB668, constants.WORD),
        ("1", 0x3626A3A9, constants.NUMBER),
        ("007", 0x92A7A361, constants.NUMBER),
        ("2nd", 0x47B150FB, constants.ORDINAL),
        ("21st", 0x3A402463, constants.ORDINAL),
        ("first", 0x954166BB, constants.ORDINAL),
        ("march", 0xE10026CC, constants.MONTH),
        ("may", 0x46D69C0C, constants.MONTH),
        ("m\u00e4rz", 0xC1B68904, constants.MONTH),
        ("friday", 0x3748B1A5, constants.WEEKDAY),
        ("q3", 0xDE94884E, constants.QUARTER),
    ],
)
def test_a_token_is_its_hash_over_its_class(token: str, expected: int, kind: int) -> None:
    made = hashing.make_token(token.encode())

    assert made == expected
    assert made & constants.CLASS_MASK == kind


@pytest.mark.parametrize("word", ["1a", "st", "2ndly", "\u0661", "1_000", "mayor", "q5", "marchs"])
def test_what_only_looks_like_a_number_or_a_date_is_a_word(word: str) -> None:
    assert hashing.make_token(word.encode()) & constants.CLASS_MASK == constants.WORD


def test_no_two_names_of_dates_share_a_hash() -> None:
    names = "january februari m\u00e4rz avril mayo giugno juillet ago sept outubro nov dezembro"
    hashes = {hashing.hash_bytes(name.encode()) >> 32 & ~7 for name in names.split()}

    assert len(hashes) == 12


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([], 0),
        ([0x92EAA280], 3304318271),
        ([0x92EAA280 | 1], 3304318271),  # the class does not count,
    ],
)
def test_the_hash_of_a_shingle(tokens: list[int], expected: int) -> None:
    assert hashing.make_shingle(tokens, constants.shingle_weights(3)) == expected


def test_a_shingle_knows_the_order_of_its_tokens() -> None:
    weights = constants.shingle_weights(2)

    assert hashing.make_shingle([8, 16], weights) != hashing.make_shingle([16, 8], weights)


@pytest.mark.parametrize(
    ("minima", "expected"),
    [
        ([], 0x2AD0938A),
        ([0], 0xC1B2082A),
        ([1, 2, 3], 0xD3B686E5),
        ([3, 2, 1], 0xF760E331),
        ([0xFFFFFFFF] * 4, 0x76E76A9C),
    ],
)
def test_the_key_of_a_band(minima: list[int], expected: int) -> None:
    assert hashing.make_band_key(minima) == expected


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (b"", []),
        (b" ", [0x2ACFB462D930212F]),
        (b"\0", [0x90F8749F887296CF]),
        (b", ", [0xCCB8A43C5D742BE2]),
        (b"........-", [0x5432EEDA79061762, 0x294F264A31FD2166]),
    ],
)
def test_the_marks_of_what_stands_between_tokens(gap: bytes, expected: list[int]) -> None:
    assert hashing.mark_gap(gap) == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], (0xAA1EDC3C0C852970, 0xAA1EDC3C0C852970)),
        ([0], (0x0DD908954F7D267C, 0x0E421CD5BBE9E927)),
        ([1, 2], (0x3718AFE26D3B91B7, 0x18A7B92A91FE876A)),
        ([2, 1], (0xE4FA1D1B0E3F922F, 0xD2E3EDF81BC2366D)),
    ],
)
def test_the_fingerprint_of_marks(marks: list[int], expected: tuple[int, int]) -> None:
    assert hashing.make_print(marks) == expected


def test_the_tokens_and_the_fingerprint_of_a_text(engine: Engine) -> None:
    text = "The mill, by the river \u2014 1,234.5!".encode()
    lists = engine.tokenize(pad(text), np.zeros(1, np.int64), np.full(1, len(text), np.int64))

    assert lists.prints.tolist() == [0x93074FBB229A07C9, 0x0019143F5DA6C505]
    assert lists.tokens.tolist() == [
        *(0x92EAA280, 0x2732B7C8, 0xE8A140F8, 0x92EAA280, 0x20FA0A38),
        *(0x3626A3A9, 0x3A526B02, 0xA0D555CA),  # a number and its two parts
    ]


_MARKS = st.lists(st.integers(0, 3) | st.integers(0, 2**64 - 1), max_size=8)


@given(_MARKS, _MARKS)
def test_different_marks_give_different_fingerprints(left: list[int], right: list[int]) -> None:
    is_same = hashing.make_print(left) == hashing.make_print(right)

    assert is_same == (left == right)


@given(_MARKS)
def test_a_fingerprint_is_two_words(marks: list[int]) -> None:
    assert all(0 <= word < 2**64 for word in hashing.make_print(marks))
