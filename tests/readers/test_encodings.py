"""Bytes that are UTF-8, and bytes that are not."""

# ruff: noqa: RUF001 -- letters of other scripts are the point

import re
import tracemalloc
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, Problem
from dedup.readers.batches import pad
from dedup.readers.encodings import Utf8, check_utf8, describe_guess
from dedup.readers.sources import Piece

# Written for this test, and the encodings in which such texts still come.
TEXTS: Final = {
    "german": "Der Müller fährt über die Brücke, während die Gänse zur Mühle zurückkehren.",
    "french": "Le café fermé à Noël a été repeint par l'élève qui préférait les fenêtres.",
    "polish": "Każdej środy żółta łódź płynie przez mgłę, a rybacy wciąż liczą świece.",
    "russian": "Каждую среду жёлтая лодка уходит в туман, а рыбаки всё ещё считают огни.",
    "greek": "Κάθε Τετάρτη το κίτρινο καΐκι χάνεται στην ομίχλη και οι ψαράδες μετρούν τα φώτα.",
    "turkish": "Her çarşamba sarı kayık sise doğru açılır, yaşlı balıkçılar ışıkları sayar.",
    "japanese": "水曜日ごとに黄色い船が霧の中へ出ていき、漁師たちは港の明かりを数えている。",
    "chinese": "每个星期三黄色的小船驶入浓雾，老渔民们仍然在港口数着灯光，等待他们的孩子回来。",
    "taiwanese": "每個星期三黃色的小船駛入濃霧，老漁民們仍然在港口數著燈光，等待他們的孩子回來。",
    "korean": "수요일마다 노란 배가 안개 속으로 떠나고 어부들은 항구의 불빛을 세고 있다.",
}
LEGACY: Final = [
    *[
        ("german", "cp1252"),
        ("german", "iso8859-15"),
        ("french", "iso8859-1"),
        ("polish", "cp1250"),
    ],
    *[("polish", "iso8859-2"), ("russian", "cp1251"), ("russian", "koi8-r"), ("russian", "cp866")],
    *[("greek", "cp1253"), ("greek", "iso8859-7"), ("turkish", "cp1254"), ("japanese", "cp932")],
    *[("japanese", "euc-jp"), ("chinese", "gb18030"), ("taiwanese", "big5"), ("korean", "euc-kr")],
]


def make_piece(content: bytes) -> Piece:
    return Piece("a.txt", "text", pad(content), len(content))


def check(content: bytes, encoding: str | None = None, declared: str | None = None) -> Utf8:
    return check_utf8(make_piece(content), ReadersConfig(encoding=encoding), declared)


def n_lines_of(text: str) -> int:
    """Count lines by taking them away one after the other."""
    return len(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text))


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\u2028")))
def test_valid_text_comes_back_with_its_lines_counted(text: str) -> None:
    text = text.removeprefix("\ufeff")

    checked = check(text.encode())

    assert checked.decode() == text
    assert checked.n_lines == n_lines_of(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding_and_is_dropped(encoding: str) -> None:
    text = "Grüße,\r\nhello 😀\r"

    checked = check(text.encode(encoding))

    assert checked.decode() == text
    assert checked.n_lines == 2
    assert not checked.buffer[-PADDING:].any()


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_the_other_byte_order_is_read_too(encoding: str) -> None:
    content = "\ufeffone".encode(encoding)

    assert check(content).decode() == "one"


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
        check(content)


@given(st.text(st.sampled_from("aé漢😀\r\n"), min_size=1), st.integers(0, 7))
@example("\r\n", 1)
@example("\r\n", 0)
def test_characters_and_line_ends_across_chunks_are_whole(text: str, shift: int) -> None:
    long = "x" * ((1 << 18) - shift) + text

    checked = check(long.encode())

    assert checked.decode() == long
    assert checked.n_lines == n_lines_of(long)


def test_a_broken_utf16_file_is_an_error_with_its_line() -> None:
    content = "\ufeffone\ntwo\n".encode("utf-16-le") + b"\x00\xd8"

    with pytest.raises(InputError, match=r"a\.txt:3: it begins as UTF-16 and is not"):
        check(content)


def test_nul_bytes_are_text() -> None:
    assert check(b"a\0b\n\0").decode() == "a\0b\n\0"


def test_text_without_a_mark_is_not_copied() -> None:
    piece = make_piece(b"one")

    assert check_utf8(piece, ReadersConfig()).buffer.base is piece.data


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_a_text_in_a_legacy_encoding_is_read_by_a_guess_that_is_said(
    language: str, encoding: str
) -> None:
    text = f"{TEXTS[language]}\r\n\r\n{TEXTS[language]}\n"

    checked = check(text.encode(encoding))

    assert (checked.decode(), checked.n_lines, checked.is_guessed) == (text, 3, True)
    assert text.encode(checked.encoding) == text.encode(encoding)
    (remark,) = describe_guess("a.txt", checked)
    assert (remark.path, remark.line) == ("a.txt", None)
    assert remark.message.startswith("its encoding was guessed as ")


def test_a_guess_is_called_as_the_web_calls_it() -> None:
    checked = check(TEXTS["german"].encode("cp1252"))

    assert describe_guess("a.txt", checked) == (
        Problem("a.txt", None, "its encoding was guessed as windows-1252"),
    )


def test_curly_quotes_alone_tell_windows() -> None:
    checked = check("It\u2019s the \u201cbest\u201d bell \u2013 really\u2026".encode("cp1252"))

    assert (checked.encoding, checked.is_guessed) == ("cp1252", True)


@pytest.mark.parametrize("declaration", ['<meta charset="utf-8">', '<?xml encoding="koi8-r"?>'])
def test_a_guess_heeds_no_declaration(declaration: str) -> None:
    text = f"{declaration}\n{TEXTS['german']}"

    assert check(text.encode("cp1252")).decode() == text


@pytest.mark.parametrize(
    "content",
    [
        b"one stray byte \xff in a text of ASCII",
        ("Übermütige Gänse schnattern über der Mühle, " * 3).encode() + b"caf\xe9 cr\xe8me",
        bytes(range(1, 256)) * 8,
        b"\x00\xe9\x00\xe8" * 100,
        "Größe".encode("utf-16-le") + "und Höhe".encode("utf-16-be"),
    ],
)
def test_what_no_encoding_explains_is_an_error(content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.txt:\d+: byte 0x.. is not UTF-8.*--encoding"):
        check(content)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_as_they_stand_or_refused(content: bytes) -> None:
    try:
        checked = check(content)
    except InputError:
        return

    assert (checked.mark + checked.decode().encode(checked.encoding) == content) or (
        checked.is_guessed
    )
    assert checked.n_lines == n_lines_of(checked.decode())


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("iso-8859-1", "cp1252"),
        ("windows-1251", "cp1251"),
        (" KOI8-R ", "koi8-r"),
        ("x-sjis", None),
        ("base64", None),
        ("utf-8", None),
        ("utf-16", None),
        ("no such name", None),
    ],
)
def test_a_declaration_is_believed_where_the_bytes_allow_it(
    declared: str, encoding: str | None
) -> None:
    content = TEXTS["russian"].encode("koi8-r")
    expected = content.decode(encoding) if encoding else TEXTS["russian"]

    checked = check(content, declared=declared)

    assert (checked.decode(), checked.is_guessed) == (expected, encoding is None)


def test_a_name_means_what_the_web_means_by_it() -> None:
    assert check("龙は镕基".encode("gb18030"), declared="gb2312").encoding == "gb18030"
    assert check("①".encode("cp932"), declared="Shift_JIS").decode() == "①"
    assert check(b"a\x81\xe9", declared="latin1").decode() == "a\x81é"


def test_valid_utf8_declared_as_such_is_not_copied() -> None:
    piece = make_piece("Größe".encode())

    checked = check_utf8(piece, ReadersConfig(), "UTF8")

    assert checked.buffer.base is piece.data
    assert (checked.encoding, checked.is_guessed) == ("utf-8", False)


def test_a_declaration_of_utf16_is_believed_of_wide_bytes_only() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><rss/>'

    assert check(text.encode("utf-16-le"), declared="utf-16le").decode() == text
    assert check(text.encode(), declared="utf-16").decode() == text


def test_a_mark_wins_over_a_declaration_and_the_user_over_both() -> None:
    content = "\ufeffÜber".encode()

    assert check(content, declared="cp1251").decode() == "Über"
    assert check(content, "cp1252").decode() == "ï»¿Ãœber"
    assert check(content, "utf-8").decode() == check(content, "utf-8-sig").decode() == "Über"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf_8", "latin-1", "hz"])
def test_what_the_user_names_is_taken_and_a_mark_in_it_dropped(encoding: str) -> None:
    text = "one\ntwo\n"

    checked = check(text.encode(encoding), encoding)

    assert (checked.decode(), checked.n_lines, checked.is_guessed) == (text, 2, False)
    assert checked.mark + text.encode(checked.encoding) == text.encode(encoding)


def test_what_the_user_names_wrongly_is_an_error_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.txt:2: byte 0xe9 is not ascii"):
        check(b"one\ncaf\xe9", "ascii")
    with pytest.raises(InputError, match="is not utf-16-le"):
        check(b"odd", "utf-16")


def test_a_guess_takes_memory_in_proportion() -> None:
    text = f"{'plain words of ASCII and no more '}\n" * 100_000 + TEXTS["german"]
    content = text.encode("cp1252")
    tracemalloc.start()
    try:
        checked = check(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert checked.decode() == text
    assert peak < 8 * len(content)


def test_a_lone_surrogate_that_an_encoding_spells_is_an_error() -> None:
    with pytest.raises(InputError, match=r"a\.txt: it is not utf-7"):
        check(b"one +2AA- two", "utf-7")
