"""From places of a decoded text to the bytes of its source."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.readers.batches import pad
from dedup.readers.encodings import Utf8, check_utf8
from dedup.readers.sources import Piece
from dedup.writers.source_bytes import SourceBytes

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be", "cp1252", "cp932", "gb18030"]
LETTERS = {"cp1252": "aé€ \n", "cp932": "aｱ漢 \n"}


def open_source(text: str, encoding: str) -> SourceBytes:
    raw = text.encode(encoding)
    piece = Piece("a.txt", "text", pad(raw), len(raw))
    return SourceBytes(raw, check_utf8(piece, ReadersConfig(encoding=encoding)), "a.txt")


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.data())
def test_a_place_is_where_what_stands_before_it_ends(encoding: str, data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from(LETTERS.get(encoding, "aé漢😀 \n")), min_size=1))
    source = open_source(text, encoding)
    chars = data.draw(st.lists(st.integers(0, len(text))))

    mark = len("".encode(encoding)) if encoding != "utf-8-sig" else 3
    plain = encoding.removesuffix("-sig")
    plain = f"{plain}-le" if plain in ("utf-16", "utf-32") else plain
    expected = [mark + len(text[:char].encode(plain)) for char in chars]
    assert source.find_chars(chars).tolist() == expected
    assert source.find_utf8([len(text[:char].encode()) for char in chars]).tolist() == expected
    assert source.text == text
    assert source.encode(text) == source.raw[mark:]


@pytest.mark.parametrize("encoding", ["iso2022_jp", "utf-7", "hz"])
def test_a_source_in_which_a_byte_means_what_those_before_it_say_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match=rf"a\.txt: .*byte for byte in {encoding}.*UTF-8"):
        open_source("one", encoding)


@pytest.mark.parametrize(
    ("raw", "encoding"), [(b"\x87\x90", "cp932"), (b"a\xff", "cp1252"), (b"\x88\x62", "big5hkscs")]
)
def test_bytes_that_their_text_does_not_give_again_are_refused(raw: bytes, encoding: str) -> None:
    utf8 = Utf8(pad((raw.decode(encoding) if raw[0] > 0x80 else "a").encode()), 1, encoding)

    with pytest.raises(InputError, match="byte for byte"):
        SourceBytes(raw, utf8, "a.txt")


@example("\u00ca\u0304")
@given(st.text(max_size=3))
def test_a_text_that_the_encoding_cannot_say_is_refused(text: str) -> None:
    utf8 = Utf8(pad(f"{text}\u0e01".encode()), 1, "cp1252")

    with pytest.raises(InputError, match="byte for byte in cp1252"):
        SourceBytes(b"?", utf8, "a.txt")


def test_utf8_is_not_decoded_to_be_cut() -> None:
    text = "é" * 10
    source = open_source(text, "utf-8-sig")

    assert source.find_utf8([0, 20]).tolist() == [3, 23]
    assert source._text is None  # noqa: SLF001 -- the point of it
