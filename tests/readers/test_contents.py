"""What the first bytes of a source tell of it."""

import bz2
import gzip
import io
import lzma
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.readers.contents import (
    looks_like_feed,
    refuse_foreign,
    refuse_wrong_packing,
    tell_compression,
)

PACKED: Final = {
    "gz": gzip.compress(b"one"),
    "bz2": bz2.compress(b"one"),
    "xz": lzma.compress(b"one"),
    "zst": zstandard.compress(b"one"),
}


def zip_of(name: str, content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def sqlite_file() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table a (b)")
        return connection.serialize()


def parquet_file() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["one"]}), file)
    return file.getvalue()


FOREIGN: Final = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a PNG image": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a JPEG image": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a GIF image": b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
    "an EPUB book": zip_of("mimetype", "application/epub+zip"),
    "an Office document": zip_of("[Content_Types].xml", "<Types/>"),
    "a ZIP archive": zip_of("a.txt", "one"),
    "an SQLite database": sqlite_file(),
    "a Parquet table": parquet_file(),
    "a program": Path(sys.executable).read_bytes()[:128],
}


@pytest.mark.parametrize("compression", ["", *PACKED, "empty frame of zstd"])
def test_packed_bytes_are_known_by_their_beginning(compression: str) -> None:
    heads = {"": b"one", "empty frame of zstd": b"\x50\x2a\x4d\x18\x00\x00\x00\x00", **PACKED}

    expected = "zst" if compression.startswith("empty") else compression
    assert tell_compression(heads[compression][:16]) == expected


def test_an_empty_bzip2_file_is_one_too() -> None:
    assert tell_compression(bz2.compress(b"")) == "bz2"


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("format_name", ["text", "markdown", "html", "jsonl", "csv", "feed", "rst"])
def test_what_is_no_text_is_refused_by_what_it_is(format_name: str, kind: str) -> None:
    with pytest.raises(InputError, match=rf"b/a\.txt: it holds {kind}, not .*--skip-errors"):
        refuse_foreign("b/a.txt", format_name, FOREIGN[kind][:128])
    refuse_foreign("b/a.txt", "parquet", FOREIGN[kind][:128])


@pytest.mark.parametrize("compression", PACKED)
def test_packed_bytes_under_an_unpacked_name_are_refused_with_the_right_name(
    compression: str,
) -> None:
    with pytest.raises(InputError, match=rf"packed with .*\. Name it b/a\.txt\.{compression}, or"):
        refuse_foreign("b/a.txt", "text", PACKED[compression])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%PDF-1.7 is a version of a format.",
        "GIF89a is another, as old as the web.",
        "PAR1 begins and ends a file of columns.",
        "MZ begins a program of DOS, after the letters of one who wrote it.",
        "BZh9 is a mark.",
        "PK and his friends.",
        "SQLite format 3 is the third.",
        "\ufeffone",
        "\x1b[1mone\x1b[0m",
        "P*M",
        "<html>",
    ],
)
def test_a_text_that_speaks_of_formats_is_text(text: str) -> None:
    refuse_foreign("a.txt", "text", text.encode())
    refuse_foreign("a.txt", "text", text.encode("utf-16"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_without_controls_is_refused(text: str) -> None:
    refuse_foreign("a.txt", "text", text.encode()[:128])


@pytest.mark.parametrize("compression", PACKED)
def test_a_name_that_says_the_wrong_packing_is_refused(compression: str) -> None:
    for actual, head in PACKED.items():
        if actual == compression:
            refuse_wrong_packing("a.txt", compression, head[:16])
            continue
        with pytest.raises(InputError, match=rf"packed with .*, not with .* end in \.{actual}"):
            refuse_wrong_packing("a.txt", compression, head[:16])
    with pytest.raises(InputError, match=rf"no whole .* take the \.{compression} off its name"):
        refuse_wrong_packing("a.txt", compression, b"plain text, a line")


@pytest.mark.parametrize("compression", PACKED)
@pytest.mark.parametrize("n_bytes", [1, 2, 3, 4])
def test_a_beginning_of_the_right_bytes_is_left_to_the_decompressor(
    compression: str, n_bytes: int
) -> None:
    refuse_wrong_packing("a.txt", compression, PACKED[compression][:n_bytes])


@pytest.mark.parametrize(
    "head",
    [
        '<rss version="2.0">',
        '<?xml version="1.0"?>\n<!-- a > b -->\n<?xml-stylesheet href="a"?>\n<rss>',
        '<!DOCTYPE rss [<!ENTITY a "<b>">\n]>\n<rss version="0.91">',
        '<!DOCTYPE rss PUBLIC "-//N//DTD" "http://a.example/rss.dtd"><rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom">',
        '<rdf:RDF xmlns:rdf="..." xmlns="http://purl.org/rss/1.0/">',
        '<RDF xmlns="http://channel.netscape.com/rdf/simple/0.9/">',
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        ' {"items": [], "version": "https:\\/\\/jsonfeed.org\\/version\\/1"}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_feeds_are_known_by_their_root_or_version(head: str, encoding: str) -> None:
    assert looks_like_feed(head.encode(encoding))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "one <rss> two",
        "<html><rss>",
        "<rssx>",
        "<!-- <rss> -->",
        "<!-- <rss>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
        '["https://jsonfeed.org/version/1"]',
        '{"version": "1.1", "items": []}',
    ],
)
def test_other_xml_and_json_is_no_feed(head: str) -> None:
    assert not looks_like_feed(head.encode())


@pytest.mark.parametrize("part", ["<!--", "<?", "<!DOCTYPE [", "<!DOCTYPE a", " \n", "-->", "]"])
def test_a_prolog_without_end_is_looked_through_once(part: str) -> None:
    # What is tried again and again from every place would take hours for a megabyte.
    assert not looks_like_feed((part * 250_000).encode())
