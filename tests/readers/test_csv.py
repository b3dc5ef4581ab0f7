"""Tables: what Python's own `csv` reads is read, each text has its place, every fault its line."""

import codecs
import csv
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BlockKind, DocumentBatch
from dedup.readers import csv as module
from dedup.readers.documents import parse_piece, read_documents, read_pieces
from dedup.readers.sources import Piece, Source

Row = tuple[Any, str | None, int | None, int | None]  # id, text, line, column
NO_ENGINE: Any = None  # tables need none
DEFAULTS: Final = ReadersConfig()
SKIPPING: Final = ReadersConfig(skip_errors=True)
TEXTS = st.lists(st.sampled_from([*"ab é😀,;\"'\n\r\0\t", '""', "\r\n", "\n\n", "\ufeff"])).map(
    "".join
)


def read(content: bytes | str, reader: str = "csv", config: ReadersConfig = DEFAULTS) -> list[Row]:
    """Give each document: its id, its text and place; None where it is empty."""
    return [row for batch in batches_of(content, reader, config) for row in rows_of(batch)]


def batches_of(
    content: bytes | str, reader: str = "csv", config: ReadersConfig = DEFAULTS
) -> list[DocumentBatch]:
    data = content.encode() if isinstance(content, str) else content
    pieces = read_pieces([Source("a.csv", reader, "", None, data)], config)
    return [parse_piece(piece, config, NO_ENGINE) for piece in pieces]


def rows_of(batch: DocumentBatch) -> list[Row]:
    rows: list[Row] = [(json.loads(raw), None, None, None) for raw in batch.ids]
    for block, document in enumerate(batch.document.tolist()):
        text = batch.buffer[batch.starts[block] : batch.ends[block]].tobytes().decode()
        place = (int(batch.lines[block]), int(batch.columns[block]))
        rows[document] = (rows[document][0], text, *place)
    return rows


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[str, str, list[Row]]:
    """Draw a table and its separator, with what must be read: built field by field."""
    delimiter, line_end = (
        draw(st.sampled_from(",;\t|")),
        draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    table, expected = f"id{delimiter}text{delimiter}more{line_end}", []
    for number in range(draw(st.integers(0, 4))):
        text, more = draw(TEXTS), draw(TEXTS)
        needs = re.search(r'["\r\n,;\t|]', text) or draw(st.booleans())
        spelled = '"' + text.replace('"', '""') + '"' if needs else text
        table += line_end * draw(st.integers(0, 2)) + f"{number}{delimiter}"
        lines = re.split(r"\r\n|\r|\n", table + '"' * bool(needs))
        place = (len(lines), len(lines[-1]) + 1) if text else (None, None)
        expected.append((str(number), text or None, *place))
        table += spelled + delimiter + '"' + more.replace('"', '""') + '"' + line_end
    return table, delimiter, expected


@given(laid_out(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"]))
def test_every_text_is_read_with_its_place_in_the_source(
    table: tuple[str, str, list[Row]], encoding: str
) -> None:
    text, delimiter, expected = table
    told = encoding if encoding in ("utf-16-le", "utf-32-be") else None

    assert read(text.encode(encoding), "csv", ReadersConfig(encoding=told)) == expected
    if delimiter == "\t":
        assert read(text, "tsv") == expected


@given(laid_out(), st.integers(8, 60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_the_size_of_the_blocks_changes_nothing_and_no_byte_is_lost(
    table: tuple[str, str, list[Row]], block_bytes: int, encoding: str
) -> None:
    content = table[0].encode(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK_BYTES", block_bytes)

        pieces = list(module.cut(Source("a.csv", "csv", "", None, content), DEFAULTS))
        rows = [
            row for piece in pieces for row in rows_of(module.parse(piece, DEFAULTS, NO_ENGINE))
        ]

    assert rows == table[2]
    assert b"".join(piece.head + piece.data[: piece.size].tobytes() for piece in pieces) == content
    assert all(not piece.data[piece.size :].any() for piece in pieces)


def test_a_record_is_a_document_of_one_text_block_of_the_source() -> None:
    (batch,) = batches_of('id,text\n7,"One.\n\nTwo ""x"".\n"\n8,\n')

    assert rows_of(batch) == [("7", 'One.\n\nTwo "x".\n', 2, 4), ("8", None, None, None)]
    assert batch.kinds.tolist() == [BlockKind.TEXT]
    assert (batch.path, batch.is_source, batch.dates) == ("a.csv", True, None)
    assert (batch.chars.tolist(), batch.end_lines.tolist()) == ([0], [4])
    assert (batch.end_columns, batch.end_chars, batch.remarks) == (None, None, ())


def test_an_id_is_text_and_a_record_without_one_is_named_by_its_line() -> None:
    table = 'id,text\n007,a\n,b\n\n"é ""x""\n\\",c\n'

    assert [row[0] for row in read(table)] == ["007", "a.csv:3", 'é "x"\n\\']
    assert [row[0] for row in read('text\na\n"b\nc"\nd')] == ["a.csv:2", "a.csv:3", "a.csv:5"]


def test_other_columns_may_be_named() -> None:
    table = 'text,"Kör""per",url\n1,a,u\n'
    config = ReadersConfig(text_field='Kör"per', id_field="url")

    assert read(table, config=config) == [("u", "a", 2, 3)]


def test_dates_are_given_as_they_stand() -> None:
    table = "text,on\na,2026-11-25\nb,\nc,20261125\n"
    (batch,) = batches_of(table, config=ReadersConfig(date_field="on"))
    (dateless,) = batches_of(table, config=ReadersConfig(date_field="no such"))

    assert batch.dates == ["2026-11-25", "", "20261125"]
    assert dateless.dates == ["", "", ""]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("id,text,a;b;c;d", ","),
        ("id;text;a,b;c,d", ";"),
        ("id\ttext\ta,b,c,d", "\t"),
        ("id|text|a,b", "|"),
        ('"a;text;b",text', ","),
        ('"text"', ","),
        ("sep=;\nid;text;x,text", ";"),
        ("sep=|\r\nid|text|text;text", "|"),
        ("sep=,\nid,text,x", ","),
    ],
)
def test_the_separator_is_the_first_that_makes_a_column_of_the_texts_name(
    header: str, delimiter: str
) -> None:
    names = next(csv.reader([header.splitlines()[-1]], delimiter=delimiter))
    fields = ["TEXT" if name == "text" else "x" for name in names]

    assert [row[1] for row in read(f"{header}\n{delimiter.join(fields)}\n")] == ["TEXT"]


@pytest.mark.parametrize("table", [b"", b"\n", b"\r\n\r", codecs.BOM_UTF8, codecs.BOM_UTF16_BE])
def test_an_empty_table_has_no_documents(table: bytes) -> None:
    assert read(table) == []


@pytest.mark.parametrize("table", ["id,text", "id,text\r\n", "\n\nid,text\n\n", "sep=;\nid;text"])
def test_a_header_alone_has_no_documents(table: str) -> None:
    (batch,) = batches_of(table)

    assert (batch.ids, batch.problems) == ([], ())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id,body\n1,a\n", r"csv:1: it has no column 'text', only 'id', 'body'\. Name the text's"),
        ("\n\nid;body;x,y\n", r"csv:3: it has no column 'text', only 'id', 'body', 'x,y'\."),
        ("sep=;\nid,text\n", r"csv:2: it has no column 'text', only 'id,text'"),
        ("a" * 99 + ",b" * 30, r"only 'a{37}\.\.\.', ('b', ){18}'b' and 11 more"),
        ("text,id,text\n", r"csv:1: it has 2 columns 'text'\. Give each its own name"),
        ("text,id,id,id\n", r"csv:1: it has 3 columns 'id'"),
        ('id,"text\n1,a\n', r"csv:1: it has no column 'text', only 'id,\"text'"),
        ('"id,text\n1,a\n', r"csv:1: the quote that opens a field here is not closed"),
    ],
)
def test_a_header_that_does_not_name_the_text_is_refused(table: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(table)


def test_columns_of_one_name_are_no_matter_where_nobody_asks_for_them() -> None:
    assert read("a,a,text,\n1,2,b,3\n") == [("a.csv:2", "b", 2, 5)]


@pytest.mark.parametrize(
    ("records", "line", "problem"),
    [
        ('1,"a\nb",\n2,c\n', 4, "it has 2 fields, the header has 3 fields"),
        ("1,a,\n\n2,b,,\n3\n", 4, "it has 4 fields, the header has 3 fields"),
        ("x\n", 2, "it has 1 field, the header has 3 fields"),
        (' \n1,"a', 2, "it has 1 field, the header has 3 fields"),
        ('1,a,\n2,\n3,"b\n""c\n', 3, "it has 2 fields"),
        ('1,a,\n2,b,"c\n""d\n3,e,f\n', 3, "the quote that opens a field here is not closed"),
        ('1,"a\nb","c\n', 3, "the quote that opens a field here is not closed"),
        ("1,a,yesterday\n2,b\n", 2, "its date is 'yesterday', expected ISO 8601"),
    ],
)
def test_a_faulty_record_is_named_by_its_line(records: str, line: int, problem: str) -> None:
    config = ReadersConfig(date_field="on")
    with pytest.raises(InputError, match=re.escape(f"a.csv:{line}: {problem}")):
        read(f"id,text,on\n{records}", config=config)


def test_faulty_records_are_noted_and_left_out_with_skip_errors() -> None:
    table = 'id,text,on\n1,a,\n2,b\n3,c,bad\n4,d,,\n5,"e\n",\n6,f,"'
    config = ReadersConfig(skip_errors=True, date_field="on")
    (batch,) = batches_of(table, config=config)

    assert [row[:2] for row in rows_of(batch)] == [("1", "a"), ("5", "e\n")]
    assert [problem.line for problem in batch.problems] == [3, 4, 5, 8]


def test_all_of_a_table_after_an_open_quote_is_one_problem() -> None:
    (batch,) = batches_of('text\na\n"b\nc\nd\n', config=SKIPPING)

    assert [row[1] for row in rows_of(batch)] == ["a"]
    assert [(problem.line, problem.message) for problem in batch.problems] == [
        (3, "the quote that opens a field here is not closed")
    ]


def test_an_encoding_is_decided_once_for_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_BYTES", 64)
    plain = "text\n" + "plain words\n" * 9

    with pytest.raises(InputError, match=r"a\.csv:11: byte 0xe9 is not UTF-8"):
        read(plain.encode() + "café\n".encode("latin-1"))
    assert (
        read(plain.encode() + b"caf\xe9\n", config=ReadersConfig(encoding="latin-1"))[-1][1]
        == "café"
    )


def test_a_guessed_encoding_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_BYTES", 600)
    prose = "Die Fähre fährt täglich über den Fluss, außer bei Sturm und großer Kälte im Winter.\n"
    batches = batches_of(("text\n" + f'"{prose}"\n' * 20).encode("cp1252"))

    remarks = [remark.message for batch in batches for remark in batch.remarks]
    assert len(batches) > 2
    assert remarks == ["its encoding was guessed as windows-1252"]
    assert {row[1] for batch in batches for row in rows_of(batch)} == {prose}


@pytest.mark.parametrize("encoding", ["utf-7", "iso2022_jp", "cp500"])
def test_an_encoding_that_spells_separators_in_other_bytes_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match="a table cannot be read in"):
        read("text\na\n".encode(encoding), config=ReadersConfig(encoding=encoding))


def test_a_wide_table_cut_off_in_a_character_names_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.csv:2: .*truncated data"):
        read("text\nab".encode("utf-16")[:-1])


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-le"])
def test_an_encoding_the_user_names_needs_no_mark(encoding: str) -> None:
    config = ReadersConfig(encoding=encoding)

    assert read("text\né,\n".replace(",", "").encode(encoding), config=config)[0][1] == "é"
    assert read(("\ufefftext\né\n").encode(encoding), config=config)[0][1] == "é"


def test_files_are_read_by_their_endings_packed_ones_too(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415 -- here only

    (tmp_path / "a.csv").write_text("text\na\n")
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(b"id\ttext\n1\tb\n"))
    batches = read_documents([tmp_path], DEFAULTS, NO_ENGINE)

    assert [row[1] for batch in batches for row in rows_of(batch)] == ["a", "b"]


def test_a_piece_that_cannot_be_decoded_is_a_problem_with_skip_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_BLOCK_BYTES", 16)
    batches = batches_of(b"text\nplain\nplain\nplain\ncaf\xe9\n", config=SKIPPING)

    assert rows_of(batches[0])[0] == ("a.csv:2", "plain", 2, 1)
    assert [problem.line for batch in batches for problem in batch.problems] == [5]


def test_the_pieces_of_a_table_know_its_header() -> None:
    (piece,) = module.cut(Source("a", "csv", "", None, b"sep=;\nid;text\n1;a\n"), DEFAULTS)

    assert isinstance(piece, Piece)
    assert getattr(piece, "layout").columns == ("id", "text")  # noqa: B009 -- of a piece of a table
