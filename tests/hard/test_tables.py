"""Tables and lines that are hard by their shape or size: read and written in bounded memory."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.config import Config, ParagraphsConfig, ReadersConfig
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.pipeline import find_duplicates
from dedup.readers import csv as table_reader
from dedup.readers import jsonl as line_reader
from dedup.readers.sources import Piece, Source
from dedup.readers.streams import SourceStream
from dedup.writers.edits import Part
from dedup.writers.jsonl import rewrite
from tests.writers.rewritten import put_back, read_source, remove

DEFAULTS = ReadersConfig()
SKIPPING = ReadersConfig(skip_errors=True)
NO_ENGINE: Any = None  # tables need none
MEGABYTE = 1 << 20


@pytest.fixture
def n_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the bytes of each read of a source."""
    sizes: list[int] = []
    read = SourceStream.readinto

    def count(stream: SourceStream, buffer: Any) -> int:  # noqa: ANN401 -- any buffer
        sizes.append(read(stream, buffer))
        return sizes[-1]

    monkeypatch.setattr(SourceStream, "readinto", count)
    return sizes


def read_texts(content: bytes, reader: str = "csv", config: ReadersConfig = DEFAULTS) -> list[Any]:
    return [document.paragraphs for document in read_source(content, reader, config)]


def read_peak(path: Path) -> tuple[int, int]:
    """Read a table piece by piece; gives its documents and the most bytes held at a time."""
    tracemalloc.start()
    try:
        source = Source(path.name, "csv", "", str(path))
        n_documents = 0
        for piece in table_reader.cut(source, SKIPPING):
            n_documents += len(table_reader.parse(piece, SKIPPING, NO_ENGINE).ids)
        return n_documents, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_nul_is_a_character_like_any_other() -> None:
    table = b'id,te\0xt\n1,"a\0b\n\nc"\n\0,\0\n'
    config = ReadersConfig(text_field="te\0xt")

    assert read_texts(table, config=config) == [("a\0b", "c"), ("\0",)]
    assert [row.identity for row in read_source(table, "csv", config)] == ["1", "\0"]
    assert remove(table, "csv", "c".__eq__, config)[0] == b'id,te\0xt\n1,"a\0b"\n\0,\0\n'


def test_ten_thousand_columns_are_read_and_written() -> None:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([*(f"column {number}" for number in range(9_999)), "text"])
    writer.writerows([["x,y"] * 9_999 + [f"text {row}\n\nmore"] for row in range(30)])
    table = output.getvalue().encode()

    assert read_texts(table) == [(f"text {row}", "more") for row in range(30)]
    written, cuts = remove(table, "csv", lambda text: text in ("text 7", "more"))
    assert len(cuts) == 30  # of record 7 all goes, as one
    assert read_texts(written) == [(f"text {row}",) for row in range(30) if row != 7]
    assert put_back(written, cuts) == table
    with pytest.raises(InputError, match=r"it has no column 'body', only .* and 9,980 more"):
        read_texts(table, config=ReadersConfig(text_field="body"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'1,"' + b"a,b\n" * 10, r"h\.csv:2: the quote that opens a field here is not closed"),
        (b"1,a\n2,b" + b"x" * 10, r"h\.csv:3: the record that begins here is too long"),
        (b'1,a"' + b'""' * 10, r"h\.csv:2: the record that begins here is too long"),
        (b"1," + b"," * 10, r"h\.csv:2: the record that begins here is too long"),
    ],
)
def test_a_record_without_an_end_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_read: list[int], body: bytes, problem: str
) -> None:
    monkeypatch.setattr(table_reader, "_MOST_BYTES", 4 * MEGABYTE)
    path = tmp_path / "h.csv"
    path.write_bytes(b"id,text\n" + body[:-10] + body[-10:] * (4 * MEGABYTE))

    with pytest.raises(InputError, match=problem):
        list(table_reader.cut(Source("h.csv", "csv", "", str(path)), DEFAULTS))
    assert sum(n_read) < 10 * MEGABYTE
    assert len(n_read) < 8  # it is not scanned once more for every block


def test_a_header_without_an_end_is_given_up_in_time(
    monkeypatch: pytest.MonkeyPatch, n_read: list[int]
) -> None:
    monkeypatch.setattr(table_reader, "_MOST_BYTES", 4 * MEGABYTE)
    for content in (b'"' + b"text\n" * (4 * MEGABYTE), b"text" * (4 * MEGABYTE)):
        n_read.clear()
        with pytest.raises(InputError, match=r"h\.csv:1: "):
            list(table_reader.cut(Source("h.csv", "csv", "", None, content), DEFAULTS))
        assert sum(n_read) < 10 * MEGABYTE


def test_a_long_record_that_ends_is_read() -> None:
    text = 'one "word"\n\n' * (MEGABYTE // 2)
    table = f'id,text\n1,a\n2,"{text.replace(chr(34), chr(34) * 2)}"\n3,b\n'.encode()

    sizes = [len(texts) for texts in read_texts(table)]

    assert sizes == [1, MEGABYTE // 2, 1]


def test_a_table_larger_than_a_block_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    record = '"' + 'some words, ""quoted"" and not\n' * 10 + '"'
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        for number in range(120_000):
            file.write(f"{number},{record}\n")

    n_documents, peak = read_peak(path)

    assert n_documents == 120_000
    assert path.stat().st_size > 34 * MEGABYTE
    assert peak < 20 * MEGABYTE


@pytest.mark.parametrize("field", [b',"a"', b',a"b', b',a",""', b'"', b",", b'""'])
def test_structure_without_words_takes_memory_by_the_byte(tmp_path: Path, field: bytes) -> None:
    path = tmp_path / "h.csv"
    path.write_bytes(b"id,text\n1" + field * (MEGABYTE // len(field)))

    _, peak = read_peak(path)

    assert peak < 80 * MEGABYTE


def test_a_line_without_an_end_is_not_read_anew_for_every_block(
    tmp_path: Path, n_read: list[int]
) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text(json.dumps({"text": "word " * (8 * MEGABYTE)}))

    (piece,) = line_reader.cut(Source("long.jsonl", "jsonl", "", str(path)), DEFAULTS)

    assert piece.size == path.stat().st_size
    assert len(n_read) <= 8  # 1, 2, 4 MB and so on


@pytest.mark.parametrize("engine", ["numba", "numpy"])
def test_one_line_of_megabytes_is_cleaned_in_the_memory_of_a_few(engine: str) -> None:
    words = "a few words to read, some of them \\u00e9scaped, \\ud83d\\ude00"
    n = 6 * MEGABYTE // (len(words) + 4)
    line = ('{"n": {"n": [1]}, "text": "' + f"{words}\\n\\n" * n + 'end"}').encode()
    (piece,) = line_reader.cut(Source("a.jsonl", "jsonl", "", None, line), DEFAULTS)
    kernels = load_engine(engine)
    batch = line_reader.parse(piece, DEFAULTS, kernels)
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), kernels)
    assert len(paragraphs.starts) == n + 1
    output = io.BytesIO(bytes(len(line)))  # what is written is not the writer's memory
    part = Part(piece, line, paragraphs, np.array([1, 2, n], np.int64))

    tracemalloc.start()
    try:
        source = Source("a.jsonl", "jsonl", "", None, line)
        ((_, cuts),) = rewrite(source, [part], output, DEFAULTS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    size = output.tell()
    assert [len(cut.content or b"") for cut in cuts] == [2 * (len(words) + 4), len("\\n\\nend")]
    assert size == len(line) - sum(len(cut.content or b"") for cut in cuts)
    assert peak < 4 * len(line)


def test_mixed_line_ends_and_quotes_where_none_belong_are_read_as_python_reads_them() -> None:
    table = 'id,text\r1,5" pipe\n\r\n2,"6"" pipe"\r3,"a\rb"tail"\r\n4, "x"\n'

    rows = [row for row in csv.reader(io.StringIO(table, newline="")) if row]
    assert read_texts(table.encode()) == [(row[1].strip(),) for row in rows[1:]]


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_a_table_whose_lines_end_in_any_way_is_cut_the_same(
    monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    rows = ["id,text", *(f'{number},"a{line_end}{number}"' for number in range(200))]
    content = line_end.join(rows).encode()
    monkeypatch.setattr(table_reader, "_BLOCK_BYTES", 64)

    pieces = list(table_reader.cut(Source("a", "csv", "", None, content), DEFAULTS))

    assert all(isinstance(piece, Piece) for piece in pieces)
    assert len(pieces) > 20
    places = [place for document in read_source(content, "csv") for place in document.places]
    assert places == [(2 + 2 * number, len(f'{number},"') + 1) for number in range(200)]


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("articles.csv", DEFAULTS, {("identical", 4, 2), ("near-duplicate", 3, 0)}),
        ("export.csv", ReadersConfig(text_field="Text"), {("near-duplicate", 2, 0)}),
        ("notes.tsv", DEFAULTS, {("identical", 2, 0)}),
        (
            "ragged.csv",
            ReadersConfig(date_field="on", skip_errors=True),
            {
                ("identical", 1, 0),
                ("unreadable", 3),
                ("unreadable", 4),
                ("unreadable", 5),
                ("unreadable", 7),
            },
        ),
    ],
)
def test_the_sample_tables_hold_what_their_readme_says(
    data: Path, name: str, config: ReadersConfig, expected: set[tuple[Any, ...]]
) -> None:
    report = find_duplicates([data / "tables" / name], Config(config))

    found: set[tuple[Any, ...]] = {
        (finding.relation.label, finding.number, *finding.source_numbers)
        for finding in report.findings
    }
    problems = [problem for batch in report.corpus.batches for problem in batch.problems]
    assert found | {("unreadable", problem.line) for problem in problems} == expected


def test_a_faulty_sample_is_an_error_that_names_its_line(data: Path) -> None:
    with pytest.raises(InputError, match=r"ragged\.csv:3: it has 2 fields, the header has 3"):
        find_duplicates([data / "tables" / "ragged.csv"])
