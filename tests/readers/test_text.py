"""Plain text as one block."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import PADDING, BlockKind, DocumentBatch
from dedup.readers.batches import pad
from dedup.readers.documents import read_documents
from dedup.readers.sources import Piece
from dedup.readers.text import parse

DATA = Path(__file__).parents[2] / "data"
NO_ENGINE: Any = None  # plain text needs none


def parse_bytes(content: bytes, config: ReadersConfig = ReadersConfig()) -> DocumentBatch:  # noqa: B008 -- frozen
    return parse(Piece("a.txt", "text", pad(content), len(content)), config, NO_ENGINE)


def read_file(path: Path) -> DocumentBatch:
    (batch,) = read_documents([path], ReadersConfig(), NO_ENGINE)
    return batch


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_file_is_one_block_with_all_of_its_text(text: str) -> None:
    text = "x" + text

    batch = parse_bytes(text.encode())

    (start,), (end,) = batch.starts, batch.ends
    assert batch.buffer[start:end].tobytes().decode() == text
    assert batch.buffer[end:].tolist() == [0] * PADDING
    assert batch.kinds.tolist() == [BlockKind.TEXT]
    assert (batch.lines.tolist(), batch.columns.tolist(), batch.chars.tolist()) == ([1], [1], [0])
    assert batch.is_source


@pytest.mark.parametrize(
    ("content", "n_lines"),
    [(b"one", 1), (b"one\n", 1), (b"one\r\n\r\ntwo", 3), (b"a\rb\r", 2), (b" \t\n\n", 2)],
)
def test_the_block_ends_on_the_last_line(content: bytes, n_lines: int) -> None:
    assert parse_bytes(content).end_lines.tolist() == [n_lines]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", "\ufeff".encode("utf-16-le")])
def test_an_empty_file_is_a_document_without_a_block(content: bytes) -> None:
    batch = parse_bytes(content)

    assert batch.ids == [b'"a.txt"']
    assert (len(batch.starts), len(batch.document), len(batch.kinds)) == (0, 0, 0)


def test_a_date_field_gives_a_column_of_no_dates() -> None:
    assert parse_bytes(b"one").dates is None
    assert parse_bytes(b"one", ReadersConfig(date_field="date")).dates == [""]


def test_the_mark_and_the_line_ends_of_the_sample_are_handled() -> None:
    batch = read_file(DATA / "hard" / "crlf-bom.txt")

    source = (DATA / "hard" / "crlf-bom.txt").read_bytes()
    assert batch.buffer[: batch.ends[0]].tobytes() == source[3:]
    assert batch.end_lines.tolist() == [source.count(b"\r\n")]


def test_a_file_in_a_legacy_encoding_is_read_by_a_guess_that_is_said() -> None:
    path = DATA / "hard" / "latin1.txt"

    batch = read_file(path)

    assert batch.buffer[: batch.ends[0]].tobytes().decode() == path.read_text(encoding="latin-1")
    assert [(remark.path, remark.message) for remark in batch.remarks] == [
        (str(path), "its encoding was guessed as windows-1252")
    ]


def test_a_file_that_is_not_utf8_is_an_error_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.txt:2: byte 0xe9 is not UTF-8"):
        parse_bytes(b"one\ncaf\xe9")


@pytest.mark.parametrize("name", ["near-duplicate/thai.txt", "near-duplicate/german.txt"])
def test_a_compressed_file_gives_what_the_plain_one_gives(name: str, tmp_path: Path) -> None:
    plain = DATA / "relations" / name
    compressed = tmp_path / "copy.txt.gz"
    compressed.write_bytes(gzip.compress(plain.read_bytes()))

    left, right = read_file(plain), read_file(compressed)

    assert left.buffer.tobytes() == right.buffer.tobytes()
    assert left.end_lines.tolist() == right.end_lines.tolist()


@pytest.mark.parametrize("name", ["a b.txt", 'it\'s "quoted".txt', "two\nlines.txt", "naïve.txt"])
def test_a_file_is_called_as_the_user_names_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("one")

    batch = read_file(path)

    assert batch.path == str(path)
    assert [json.loads(identity) for identity in batch.ids] == [str(path)]
