"""WARC: the pages of a crawl as documents, whatever they were packed and sent in."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import fastwarc
import pytest
import zstandard

from dedup.config import DEFAULTS, ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.model import BlockKind, DocumentBatch, Problem
from dedup.readers import html
from dedup.readers.batches import pad
from dedup.readers.documents import read_documents, read_pieces
from dedup.readers.sources import Piece, Source, find_sources
from dedup.readers.warc import cut, parse
from tests.readers.generated_warc import chunk, make_page, make_record, make_response, pack

NO_ENGINE: Any = None  # WARC needs none
SKIPPING = ReadersConfig(skip_errors=True)
PAGE = make_page("One <b>bold</b> paragraph of a page.", "Another one, with caf\u00e9.")


def read_bytes(
    content: bytes, config: ReadersConfig = DEFAULTS.readers, compression: str = ""
) -> list[DocumentBatch]:
    source = Source("a.warc", "warc", compression, None, content)
    return [parse(piece, config, NO_ENGINE) for piece in cut(source, config)]


def texts_of(batch: DocumentBatch) -> list[str]:
    return [
        batch.buffer[start:end].tobytes().decode()
        for start, end, kind in zip(batch.starts, batch.ends, batch.kinds, strict=True)
        if kind in (BlockKind.PARAGRAPH, BlockKind.TEXT)
    ]


def texts_in(content: bytes, config: ReadersConfig = DEFAULTS.readers) -> list[str]:
    return [text for batch in read_bytes(content, config) for text in texts_of(batch)]


def test_each_page_is_a_document_with_the_names_of_its_record() -> None:
    records = [
        make_record("warcinfo", b"software: test\r\n", b"application/warc-fields"),
        make_record("request", b"GET / HTTP/1.1\r\n\r\n", b"application/http; msgtype=request"),
        make_response(PAGE, name="first"),
        make_record("metadata", b"a: b\r\n", b"application/warc-fields"),
        make_response(b"\x89PNG\r\n\x1a\n", b"image/png"),
        make_response(b"{}", b"application/json"),
        make_record("revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        make_record("resource", PAGE, b"text/html; charset=utf-8", "second"),
        make_record("conversion", b"Text of a page.\n\nMore.", b"text/plain", "third"),
        make_response(b"Plain words.", b"Text/Plain ; charset=utf-8", "fourth"),
        make_response(PAGE, b"application/xhtml+xml", "fifth"),
    ]

    batches = read_bytes(b"".join(records))

    names = ["first", "second", "third", "fourth", "fifth"]
    assert [batch.ids for batch in batches] == [[f'"<urn:test:{n}>"'.encode()] for n in names]
    assert [batch.dates for batch in batches] == [["2024-05-06T07:08:09Z"]] * 5
    links = [head.link for batch in batches for head in batch.heads or ()]
    assert links == [f"http://example.org/{name}" for name in names]
    assert [head.title for head in batches[0].heads or ()] == ["A page"]
    assert texts_of(batches[0]) == texts_of(batches[1]) == texts_of(batches[4])
    assert texts_of(batches[0])[-2:] == [
        "One bold paragraph of a page.",
        "Another one, with caf\u00e9.",
    ]
    assert texts_of(batches[2]) == ["Text of a page.\n\nMore."]
    assert texts_of(batches[3]) == ["Plain words."]


def test_places_are_those_of_the_page_alone() -> None:
    (batch,) = read_bytes(make_response(PAGE, headers=b"X-Long: header\r\n" * 9))

    piece = Piece("a.warc", "html", pad(PAGE), len(PAGE))
    alone = html.parse(piece, ReadersConfig(), NO_ENGINE)

    assert len(alone.lines) >= 2
    for name in ("lines", "columns", "chars", "end_lines", "end_columns", "end_chars", "kinds"):
        assert getattr(batch, name).tolist() == getattr(alone, name).tolist()


def test_a_page_of_somebody_else_says_nothing_to_a_check() -> None:
    page = make_page("One paragraph. <!-- dedup: ignore -->")
    assert b"<!-- dedup" in page

    (batch,) = read_bytes(make_response(page))

    assert batch.directives == ()
    assert "".join(texts_of(batch)) == "One paragraph."


def test_main_content_is_chosen_as_in_a_page() -> None:
    page = b"<div>" + make_page("menu of a site") + b"</div><main><p>the story</p></main>"

    assert texts_in(make_response(page), ReadersConfig(main_content="main")) == ["the story"]


ENCODED = {
    "gzip": (b"Content-Encoding: gzip\r\n", gzip.compress(PAGE)),
    "x-gzip": (b"content-encoding: x-gzip\r\n", gzip.compress(PAGE)),
    "deflate": (b"Content-Encoding: deflate\r\n", zlib.compress(PAGE)),
    "br": (b"Content-Encoding: br\r\n", brotli.compress(PAGE)),
    "zstd": (b"Content-Encoding: zstd\r\n", zstandard.compress(PAGE)),
    "chunked": (b"Transfer-Encoding: chunked\r\n", chunk(PAGE)),
    "both": (
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        chunk(gzip.compress(PAGE)),
    ),
    "gzip, but stored decoded": (b"Content-Encoding: gzip\r\n", PAGE),
    "br, but stored decoded": (b"Content-Encoding: br\r\n", PAGE),
    "chunked, but stored whole": (b"Transfer-Encoding: chunked\r\n", PAGE),
    "both, but stored whole": (
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        gzip.compress(PAGE),
    ),
    "a coding that says nothing": (b"Content-Encoding: none\r\n", PAGE),
    "utf-8, as some servers say": (b"Content-Encoding: utf-8\r\n", PAGE),
}


@pytest.mark.parametrize("name", ENCODED)
def test_what_a_page_was_sent_in_is_undone(name: str) -> None:
    headers, payload = ENCODED[name]

    assert texts_in(make_response(payload, headers=headers)) == texts_in(make_response(PAGE))


def test_what_cannot_be_decoded_is_left_out_with_a_remark() -> None:
    broken = make_response(b"\x00\xff\x00\x12" * 9, name="x", headers=b"Content-Encoding: br\r\n")

    left_out, read = read_bytes(broken + make_response(PAGE))

    assert (left_out.ids, texts_of(left_out)) == ([b'"<urn:test:x>"'], [])
    (remark,) = left_out.remarks
    assert remark.path == "a.warc"
    assert remark.message.startswith(
        "record 1 (http://example.org/x): left out: its payload cannot be decoded ("
    )
    assert len(texts_of(read)) >= 2


def test_a_payload_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    page = make_page(*(f"Paragraph {number} of many." for number in range(2000)))
    headers = b"WARC-Truncated: length\r\n"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    blocks = [
        http + b"Content-Length: 999999\r\n\r\n" + page[:30_000],
        http + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(page)[:-2000],
        http + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(page, 1000)[:30_000],
    ]

    for block in blocks:
        texts = texts_in(make_record("response", block, headers=headers))
        assert "Paragraph 100 of many." in texts
        assert "Paragraph 1999 of many." not in texts


def test_encodings_are_those_that_the_server_says_then_the_page() -> None:
    def read(charset: bytes, encoding: str, text: str) -> list[str]:
        page = make_page(text).decode().encode(encoding)
        return texts_in(make_response(page, b"text/html" + charset))

    assert "caf\u00e9" in read(b"; charset=ISO-8859-1", "latin-1", "caf\u00e9")
    assert "\u043c\u0438\u0440" in read(b';charset="windows-1251"', "cp1251", "\u043c\u0438\u0440")
    assert "caf\u00e9" in read(b"; charset=nonsense", "utf-8", "caf\u00e9")
    declared = '<meta charset="windows-1251"><p>\u043c\u0438\u0440</p>'.encode("cp1251")
    assert "\u043c\u0438\u0440" in texts_in(make_response(declared))
    plain = make_response("\u043c\u0438\u0440".encode("koi8-r"), b"text/plain; charset=koi8-r")
    assert texts_in(plain) == ["\u043c\u0438\u0440"]


def test_a_guess_is_said_with_its_record() -> None:
    page = make_page(
        "Le caf\u00e9 \u00e9tait ferm\u00e9 tout l'\u00e9t\u00e9, h\u00e9las."
    ).decode()
    (batch,) = read_bytes(make_response(page.encode("cp1252"), name="x"))

    (remark,) = batch.remarks
    assert remark.message.startswith(
        "record 1 (http://example.org/x): its encoding was guessed as windows-"
    )


@pytest.mark.parametrize(
    ("payload", "is_page"),
    [
        (PAGE, True),
        (b"\xef\xbb\xbf \r\n<HTML lang=de><p>words</p>", True),
        (b"<!-- a comment --><p>words</p>", True),
        (b"words without any markup", False),
        (b"<?xml version='1.0'?><rss></rss>", False),
        (b"<pre-made>", False),
        (b"GIF89a", False),
        (b"", False),
    ],
)
def test_without_a_type_a_page_is_known_by_its_beginning(payload: bytes, *, is_page: bool) -> None:
    (batch,) = read_bytes(make_response(payload, b""))
    (sent,) = read_bytes(
        make_response(gzip.compress(payload), b"", headers=b"Content-Encoding: gzip\r\n")
    )

    assert len(batch.ids) == len(sent.ids) == int(is_page)


def test_the_type_that_a_crawler_found_counts_where_the_server_says_none() -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n"

    def count(media: bytes, payload: bytes) -> int:
        headers = b"WARC-Identified-Payload-Type: " + media + b"\r\n"
        content = make_record("response", block + payload, headers=headers)
        return sum(len(batch.ids) for batch in read_bytes(content))

    assert count(b"text/plain", b"words") == 1
    assert count(b"image/png", PAGE) == 0


@pytest.mark.parametrize(
    ("name", "compress"),
    [
        ("a.warc", bytes),
        ("a.warc.gz", gzip.compress),
        ("a.warc.zst", zstandard.compress),
        ("a.warc.bz2", bz2.compress),
        ("a.warc.xz", lzma.compress),
    ],
)
def test_every_packing_gives_the_same(name: str, compress: Any, tmp_path: Path) -> None:  # noqa: ANN401
    records = [make_response(PAGE), make_record("resource", PAGE, b"text/html")]
    path = tmp_path / name
    alone, together = map(compress, records), compress(b"".join(records))

    for content in (b"".join(alone), together):
        path.write_bytes(content)
        batches = list(read_documents([path], ReadersConfig(), NO_ENGINE))
        assert [texts_of(batch) for batch in batches] == [
            texts_of(batch) for batch in read_bytes(b"".join(records))
        ]


def test_what_fastwarc_writes_is_read() -> None:
    sink = io.BytesIO()
    record = fastwarc.WarcRecord()
    record.init_headers(record_type=fastwarc.WarcRecordType.response, record_urn=b"urn:test:x")
    record.headers["WARC-Target-URI"] = "http://example.org/x"
    record.is_http = True
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    record.set_bytes_content(block + PAGE)
    writer = fastwarc.GzipWriter(sink)
    record.write(writer, checksum_data=True)
    writer.close()

    (batch,) = read_bytes(sink.getvalue(), compression="gz")

    assert [head.link for head in batch.heads or ()] == ["http://example.org/x"]
    assert len(texts_of(batch)) >= 2


RECORDS = [make_response(make_page(f"Page number {number}.")) for number in range(4)]


@pytest.mark.parametrize(
    ("content", "problem", "n_read"),
    [
        (b"plain text in a file of that name", "it is no WARC file", 0),
        (b"<html><p>a page</p></html>", "it is no WARC file", 0),
        (bytes(range(256)) * 99, "it is no WARC file", 0),
        (
            gzip.compress(RECORDS[0], mtime=0),
            "it is packed with gzip, which its name does not say",
            0,
        ),
        (b"".join(RECORDS)[:-40], "it is cut off in its record 4", 3),
        (b"".join(RECORDS[:2]) + RECORDS[2][:50], "it is cut off in its record 3", 2),
        (b"".join(RECORDS[:2]) + RECORDS[2][:-60], "it is cut off in its record 3", 2),
        (
            b"".join(RECORDS[:2]) + b"noise here\r\n" + RECORDS[2],
            "behind its record 2 stands none",
            2,
        ),
        (
            make_response(b"\x00" * 500, b"image/png")[:-100],
            "it is cut off in its record 1",
            0,
        ),
    ],
)
def test_damage_is_an_error_after_the_records_before_it(
    content: bytes, problem: str, n_read: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(content)

    with pytest.raises(InputError, match=rf"cannot read .*a\.warc: {problem}"):
        read_bytes_of(path)
    *pieces, last = read_pieces(find_sources([path], SKIPPING), SKIPPING)
    assert len(pieces) == n_read
    assert isinstance(last, Problem)
    assert last.message.startswith(problem)


def read_bytes_of(path: Path) -> list[DocumentBatch]:
    return list(read_documents([path], ReadersConfig(), NO_ENGINE))


def test_a_file_without_records_has_no_documents() -> None:
    assert read_bytes(b"") == read_bytes(gzip.compress(b""), compression="gz") == []


def test_a_packed_file_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    whole = pack(RECORDS, "gz")
    path.write_bytes(whole[: -len(pack(RECORDS[-1:], "gz")) // 2])

    *pieces, last = read_pieces(find_sources([path], SKIPPING), SKIPPING)

    assert len(pieces) == 3
    assert isinstance(last, Problem)
    assert "cut short" in last.message


def test_a_length_that_no_file_has_costs_nothing() -> None:
    content = make_response(PAGE).replace(b"Content-Length: ", b"Content-Length: 99999999999")

    with pytest.raises(InputError, match="it is cut off in its record 1"):
        read_bytes(content)


def test_headers_with_bare_line_feeds_are_read() -> None:
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE

    assert texts_in(make_record("response", block)) == texts_in(make_response(PAGE))


def test_without_fastwarc_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[warc\]'"):
        read_bytes(make_response(PAGE))
