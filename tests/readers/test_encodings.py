"""Bytes that are UTF-8, and bytes that are not."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import PADDING
from dedup.readers.batches import pad
from dedup.readers.encodings import check_utf8
from dedup.readers.sources import Piece


def make_piece(content: bytes) -> Piece:
    return Piece("a.txt", "text", pad(content), len(content))


def n_lines_of(text: str) -> int:
    """Count lines by taking them away one after the other."""
    return len(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text))


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\u2028")))
def test_valid_text_comes_back_with_its_lines_counted(text: str) -> None:
    text = text.removeprefix("\ufeff")

    checked = check_utf8(make_piece(text.encode()))

    assert checked.decode() == text
    assert checked.n_lines == n_lines_of(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding_and_is_dropped(encoding: str) -> None:
    text = "Grüße,\r\nhello 😀\r"

    checked = check_utf8(make_piece(text.encode(encoding)))

    assert checked.decode() == text
    assert checked.n_lines == 2
    assert not checked.buffer[-PADDING:].any()


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_the_other_byte_order_is_read_too(encoding: str) -> None:
    content = "\ufeffone".encode(encoding)

    assert check_utf8(make_piece(content)).decode() == "one"


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (b"\xe9", 1, "0xe9"),
        (b"one\ntwo\r\nthree\rcover\xe9 four\n", 4, "0xe9"),
        (b"one\n\xe2\x82", 2, "0xe2"),
        (b"\xed\xa0\x80", 1, "0xed"),
        (b"\xc0\x80", 1, "0xc0"),
        (b"\xef\xbb\xbfone\n\xff", 2, "0xff"),
        (b"\n" * 1_000_000 + b"\xff", 1_000_001, "0xff"),
        ("é\r\n".encode() * 300_000 + b"\xe9 ", 300_001, "0xe9"),
    ],
)
def test_a_bad_byte_is_an_error_with_its_line(content: bytes, line: int, byte: str) -> None:
    with pytest.raises(InputError, match=rf"a\.txt:{line}: byte {byte} .*iconv.*--skip-errors"):
        check_utf8(make_piece(content))


@given(st.text(st.sampled_from("aé漢😀\r\n"), min_size=1), st.integers(0, 7))
@example("\r\n", 1)
@example("\r\n", 0)
def test_characters_and_line_ends_across_chunks_are_whole(text: str, shift: int) -> None:
    long = "x" * ((1 << 18) - shift) + text

    checked = check_utf8(make_piece(long.encode()))

    assert checked.decode() == long
    assert checked.n_lines == n_lines_of(long)


def test_a_broken_utf16_file_is_an_error_with_its_line() -> None:
    content = "\ufeffone\ntwo\n".encode("utf-16-le") + b"\x00\xd8"

    with pytest.raises(InputError, match=r"a\.txt:3: it begins as UTF-16 and is not"):
        check_utf8(make_piece(content))


def test_nul_bytes_are_text() -> None:
    assert check_utf8(make_piece(b"a\0b\n\0")).decode() == "a\0b\n\0"


def test_text_without_a_mark_is_not_copied() -> None:
    piece = make_piece(b"one")

    assert check_utf8(piece).buffer.base is piece.data
