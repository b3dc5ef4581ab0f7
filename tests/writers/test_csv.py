"""Tables written again: what stays keeps its bytes, what goes goes whole."""

import codecs
import csv
import io
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.readers import csv as reader_module
from dedup.writers.edits import MARKS, Mark
from tests.writers.rewritten import mark, put_back, read_source, remove

SKIPPING = ReadersConfig(skip_errors=True)
LETTERS = st.sampled_from(["a", "b ", "é", "ß", '"', '""', ",", ";", "\t", "|", "\x0b", "'", "\\"])
WORDS = st.lists(LETTERS, min_size=1, max_size=6).map(lambda letters: "x" + "".join(letters))
GAPS = st.sampled_from(["\n\n", "\r\n\r\n", "\n \t\n", "\r\r", "\n\n\n", " \n\n  "])
OTHERS = st.sampled_from(["", "0", '"', "a,b;c\td|e", "\n", "\r", "é", " x ", "x\n\nx"])
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
KEPT = Mark("0123456789abcdef", is_canonical=True, relation=None, score=None)
GONE = Mark("0123456789abcdef", is_canonical=False, relation="near-duplicate", score=0.75)
BLANK = Mark(None, is_canonical=True, relation=None, score=None)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a text of some paragraphs, with blanks around it."""
    paragraphs = draw(st.lists(WORDS, max_size=4))
    text = draw(st.sampled_from(["", " ", "\n", "\n\n "]))
    for at, paragraph in enumerate(paragraphs):
        text += (draw(GAPS) if at else "") + paragraph
    return text + draw(st.sampled_from(["", " ", "\n", " \r\n"]))


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, str, str]:
    """Draw a table, its encoding and its separator; some of its fields are quoted for nothing."""
    delimiter, line_end = draw(DELIMITERS), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(ENCODINGS)
    is_quoted = draw(st.booleans())
    rows = [["before", "text", "behind"]]
    rows += [[draw(OTHERS), text, draw(OTHERS)] for text in draw(st.lists(texts(), max_size=4))]
    table = ""
    for row in rows:
        output = io.StringIO()
        style: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
        csv.writer(output, delimiter=delimiter, quoting=style).writerow(row)
        table += output.getvalue().removesuffix("\r\n") + line_end * draw(st.integers(1, 3))
    table = table if draw(st.booleans()) else table.rstrip(line_end)
    return table.encode(encoding), encoding, delimiter


def told(encoding: str) -> ReadersConfig:
    """Say the encoding where the bytes do not; the few letters here give no ground for a guess."""
    return ReadersConfig(encoding="cp1252" if encoding == "cp1252" else None)


def rows_of(content: bytes, encoding: str, delimiter: str) -> list[list[str]]:
    """Read a table with Python's own reader, blank lines left out."""
    lines = io.StringIO(content.decode(encoding), newline="")
    return [row for row in csv.reader(lines, delimiter=delimiter) if row]


@given(tables(), st.sampled_from([16, 50, 1 << 20]))
@example((b"", "utf-8", ","), 16)
@example((codecs.BOM_UTF8, "utf-8", ","), 16)
@example((codecs.BOM_UTF16_LE, "utf-16", ","), 16)
@example((b"\r\n\n", "utf-8", ","), 16)
def test_with_nothing_removed_every_byte_stays(
    table: tuple[bytes, str, str], block_bytes: int
) -> None:
    content, encoding, _ = table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_module, "_BLOCK_BYTES", block_bytes)

        assert remove(content, "csv", (), told(encoding)) == (content, [])


@given(tables(), st.sampled_from([16, 50, 1 << 20]), st.data())
def test_what_is_left_are_the_other_paragraphs_and_all_other_columns(
    table: tuple[bytes, str, str], block_bytes: int, data: st.DataObject
) -> None:
    content, encoding, delimiter = table
    config = told(encoding)
    before = [document.paragraphs for document in read_source(content, "csv", config)]
    numbers = [(at, row) for at, texts in enumerate(before) for row in range(len(texts))]
    removed = data.draw(st.sets(st.integers(0, max(0, len(numbers) - 1)), max_size=len(numbers)))
    gone = {numbers[number] for number in removed if number < len(numbers)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_module, "_BLOCK_BYTES", block_bytes)
        written, cuts = remove(content, "csv", removed, config)

    kept = [
        tuple(text for row, text in enumerate(texts) if (at, row) not in gone)
        for at, texts in enumerate(before)
    ]
    stays = [bool(kept[at]) or not texts for at, texts in enumerate(before)]
    after = [document.paragraphs for document in read_source(written, "csv", config)]
    assert after == [texts for texts, is_left in zip(kept, stays, strict=True) if is_left]
    header, *records = rows_of(content, encoding, delimiter)
    wanted = [row for row, is_left in zip(records, stays, strict=True) if is_left]
    found = rows_of(written, encoding, delimiter)
    assert [[row[0], row[2]] for row in found] == [[row[0], row[2]] for row in [header, *wanted]]
    assert put_back(written, cuts) == content
    assert remove(written, "csv", (), config)[0] == written


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('text\n"go\n\nstay"\n', 'text\n"stay"\n'),
        ('text\n"stay\n\ngo"\n', 'text\n"stay"\n'),
        (
            'a,text\n1,"\n stay \n\n\n go \n",2\n'.replace("a,text", "a,text,b"),
            'a,text,b\n1,"\n stay \n",2\n',
        ),
        ('text\n"a""\r\n\r\ngo\r\n\r\n""b"\r\n', 'text\n"a""\r\n\r\n""b"\r\n'),
        ("id,text\n1,go\n\n2,b\n", "id,text\n\n2,b\n"),
        ("id,text\n1,b\n2,go", "id,text\n1,b\n"),
        ('id,text\n1,""\n2,go\n3, \n', 'id,text\n1,""\n3, \n'),
        ('sep=;\nid;text\n1;"go"\n2;"b"\n', 'sep=;\nid;text\n2;"b"\n'),
        # Text behind the closing quote: "b" and "tail" are one paragraph, which cannot be cut out.
        ('id,text\n1,"go\n\nb"tail\n', 'id,text\n1,"b"tail\n'),
        ('id,text\n1,"b\n\ngo"tail\n', 'id,text\n1,"b\n\ngo"tail\n'),
    ],
)
def test_the_rest_of_a_table_keeps_its_very_bytes(before: str, after: str) -> None:
    written, cuts = remove(before.encode(), "csv", {"go", "gotail"}.__contains__)

    assert written.decode() == after
    assert put_back(written, cuts).decode() == before


def test_records_that_were_skipped_stay_and_do_not_shift_the_others() -> None:
    table = b'id,text,on\n1,go\n2,go,2026-11-25\n3,go,bad\n4,"",\n5,go,\n6,b,\n7,"go,\n'
    config = ReadersConfig(skip_errors=True, date_field="on")

    written, _ = remove(table, "csv", "go".__eq__, config)

    assert written == b'id,text,on\n1,go\n3,go,bad\n4,"",\n6,b,\n7,"go,\n'


def test_a_table_of_tabs_is_written_like_one_of_commas() -> None:
    assert remove(b'id\ttext\n1\tgo\n2\t"b,"\n', "tsv", "go".__eq__)[0] == b'id\ttext\n2\t"b,"\n'


@given(tables())
def test_marks_are_four_columns_more_and_change_no_other(table: tuple[bytes, str, str]) -> None:
    content, encoding, delimiter = table
    said = [GONE, KEPT, BLANK]

    written = mark(content, "csv", lambda number: said[number % 3], told(encoding))

    spelled = [
        ["0123456789abcdef", "false", "near-duplicate", "0.75"],
        ["0123456789abcdef", "true", "", ""],
        ["", "true", "", ""],
    ]
    header, *records = rows_of(content, encoding, delimiter)
    assert rows_of(written, encoding, delimiter) == [
        [*header, *MARKS],
        *([*row, *spelled[number % 3]] for number, row in enumerate(records)),
    ]
    after = written.decode(encoding)
    added = [delimiter + delimiter.join(row) for row in [[*MARKS], *spelled]]
    for addition in added:
        after = after.replace(addition, "")
    assert after == content.decode(encoding)


def test_a_skipped_record_gets_empty_marks_where_it_has_the_headers_fields() -> None:
    table = b"text,on\na,bad\nb\nc,\n"
    config = ReadersConfig(skip_errors=True, date_field="on")

    written = mark(table, "csv", lambda _number: KEPT, config).decode().split("\n")

    assert written[1:] == ["a,bad,,,,", "b", "c,,0123456789abcdef,true,,", ""]


def test_marks_are_added_in_every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "_BLOCK_BYTES", 32)
    table = "id,text\n" + "".join(f"{number},text {number}\n" for number in range(50))

    written = mark(table.encode(), "csv", lambda _number: KEPT)

    rows = rows_of(written, "utf-8", ",")
    assert rows[0] == ["id", "text", *MARKS]
    assert rows[1:] == [
        [str(number), f"text {number}", "0123456789abcdef", "true", "", ""] for number in range(50)
    ]


def test_a_table_that_has_a_column_of_a_marks_name_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv: it has a column 'dedup_score' already"):
        mark(b"text,dedup_score\na,1\n", "csv", lambda _number: KEPT)


def test_a_table_that_its_encoding_spells_in_another_way_is_refused() -> None:
    table = "text\nほげ\n".encode("cp932") + b"\x87\x90\n"  # one of two spellings of a sign

    config = ReadersConfig(encoding="cp932")
    with pytest.raises(InputError, match="cannot be written again byte for byte in cp932"):
        remove(table, "csv", "ほげ".__eq__, config)
