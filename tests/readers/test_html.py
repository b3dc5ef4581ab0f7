"""Pages as documents: lines and columns, encodings, what a page says of itself, main content."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from dedup.config import ReadersConfig
from dedup.errors import InputError, SettingError
from dedup.model import BlockKind, DocumentBatch, Head
from dedup.readers.batches import pad
from dedup.readers.html import parse
from dedup.readers.sources import Piece
from tests.readers.pages import SOUPS, shown_text

NO_ENGINE: Any = None  # a page needs none
LINE: re.Pattern[str] = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def parse_bytes(content: bytes, config: ReadersConfig | None = None) -> DocumentBatch:
    piece = Piece("a.html", "html", pad(content), len(content))
    return parse(piece, config or ReadersConfig(), NO_ENGINE)


def texts_of(batch: DocumentBatch) -> list[str]:
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.buffer[start:end].tobytes().decode() for start, end in spans]


def cut_places(batch: DocumentBatch, source: str) -> list[str]:
    """Cut each block out of the source by its lines and columns alone."""
    assert batch.end_columns is not None
    lines = LINE.findall(source)
    cut = []
    for row in range(len(batch.starts)):
        first, last = int(batch.lines[row]), int(batch.end_lines[row])
        start, end = int(batch.columns[row]) - 1, int(batch.end_columns[row])
        parts = [*lines[first - 1 : last - 1], lines[last - 1][:end]]
        cut.append("".join(parts)[start:])
    return cut


@given(SOUPS)
@example("<p>a\r\nb</p>\r\n\r<p>😀é c\rd</p>")
@example("\ufeff<p>a")
@example("\r<b>\r\n<p>\n\ra")
def test_every_block_is_cut_out_of_the_source_by_line_and_column(soup: str) -> None:
    batch = parse_bytes(soup.encode())
    source = soup.removeprefix("\ufeff")

    assert batch.end_chars is not None
    stretches = cut_places(batch, source)
    spans = zip(batch.chars.tolist(), batch.end_chars.tolist(), strict=True)
    assert stretches == [source[start:end] for start, end in spans]
    assert [shown_text(stretch) for stretch in stretches] == [
        " ".join(text.split()) for text in texts_of(batch)
    ]


def test_the_example_pages(data: Path) -> None:
    for path in sorted((data / "pages").rglob("*.*")):
        content = path.read_bytes()
        batch = parse_bytes(content)
        source = content.decode("cp1252" if path.suffix == ".htm" else "utf-8")

        assert [shown_text(stretch) for stretch in cut_places(batch, source)] == [
            " ".join(text.split()) for text in texts_of(batch)
        ]
        assert not batch.remarks
        assert sum(text.startswith("Harrowmere Canal Trust") for text in texts_of(batch)) <= 1


def test_a_page_is_one_document_with_its_head() -> None:
    batch = parse_bytes(b"<html lang=en><title>T</title><link rel=canonical href=u><p>a<p>b")

    assert batch.ids == [b'"a.html"']
    assert batch.heads == (Head("u", "T", "en"),)
    assert batch.document.tolist() == [0, 0]
    assert batch.dates is None
    assert not batch.is_source
    assert parse_bytes(b"<p>a", ReadersConfig(date_field="date")).dates == [""]


@pytest.mark.parametrize("content", [b"", b" \r\n", b"<!-- -->", b"<p></p><script>x</script>"])
def test_a_page_without_text_is_a_document_without_blocks(content: bytes) -> None:
    batch = parse_bytes(content)

    assert (len(batch.ids), len(batch.starts)) == (1, 0)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("cp1252", "<meta charset=iso-8859-1>"),
        ("cp1252", "<META content='text/html; CHARSET=windows-1252' http-equiv=Content-Type>"),
        ("shift_jis", '<!-- <meta charset="utf-8"> --><meta charset = "Shift_JIS" />'),
        ("utf-8", '<?xml version="1.0" encoding="utf-8"?>'),
        ("koi8-r", "<?xml version='1.0' encoding='koi8-r'?>"),
        ("utf-8-sig", "<meta charset=cp1251>"),
        ("utf-16", "<meta charset=utf-8>"),
        ("utf-8", ""),
        ("utf-8", "<meta charset=nonsense>"),
        ("utf-8", "<!-- <meta charset=cp1251> -->"),
    ],
)
def test_the_encoding_is_that_of_the_mark_or_the_declaration(encoding: str, head: str) -> None:
    letters = {"cp1252": "é „", "koi8-r": "слово", "shift_jis": "文章"}.get(encoding, "é 文")
    batch = parse_bytes(f"{head}<p>{letters}</p>".encode(encoding))

    assert texts_of(batch) == [letters]
    assert batch.chars.tolist() == [len(head) + 3]
    assert batch.remarks == ()


def test_a_declaration_counts_in_the_first_bytes_only() -> None:
    page = "<meta charset=cp1251><p>слово"

    assert texts_of(parse_bytes(b" " * 900 + page.encode("cp1251"))) == ["слово"]
    assert texts_of(parse_bytes(b" " * 1100 + page.encode("utf-8"))) == ["слово"]


def test_a_broken_mark_is_an_error_that_names_the_page() -> None:
    with pytest.raises(InputError, match=r"a\.html.*UTF-16"):
        parse_bytes(b"\xff\xfe<\x00p")


def test_what_the_user_says_of_the_encoding_comes_first() -> None:
    content = "<meta charset=utf-8><p>слово".encode("cp1251")

    batch = parse_bytes(content, ReadersConfig(encoding="cp1251"))

    assert texts_of(batch) == ["слово"]


PAGE = b"<nav>a b c</nav><div id=x>one <p>two</p></div><p>three</p><div class=x><p>four"


@pytest.mark.parametrize(
    ("selector", "kept"),
    [
        ("#x", ["one", "two"]),
        ("div", ["one", "two", "four"]),
        (".x p, nav", ["a b c", "four"]),
        ("body > p", ["three"]),
    ],
)
def test_a_selector_keeps_what_stands_in_its_elements(selector: str, kept: list[str]) -> None:
    batch = parse_bytes(PAGE, ReadersConfig(main_content=selector))

    everything = parse_bytes(PAGE)
    assert texts_of(batch) == texts_of(everything) == ["a b c", "one", "two", "three", "four"]
    assert batch.chars.tolist() == everything.chars.tolist()
    is_kept = batch.kinds != BlockKind.METADATA
    assert [text for text, keeps in zip(texts_of(batch), is_kept, strict=True) if keeps] == kept
    assert batch.kinds[is_kept].tolist() == everything.kinds[is_kept].tolist()
    assert batch.remarks == ()


def test_a_selector_that_matches_nothing_leaves_nothing_and_says_so() -> None:
    batch = parse_bytes(PAGE, ReadersConfig(main_content="#none"))

    assert set(batch.kinds.tolist()) == {BlockKind.METADATA}
    (remark,) = batch.remarks
    assert (remark.path, remark.line) == ("a.html", None)
    assert "'#none' matches no text" in remark.message


def test_a_bad_selector_is_named() -> None:
    with pytest.raises(SettingError, match=r"main_content is 'div\[': .*identifier"):
        parse_bytes(PAGE, ReadersConfig(main_content="div["))


def test_a_page_without_main_content_says_so() -> None:
    batch = parse_bytes(b"<nav><a href=x>one</a></nav>", ReadersConfig(main_content="auto"))

    assert "found no main content" in batch.remarks[0].message
