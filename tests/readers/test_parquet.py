"""Parquet: rows as documents, wherever the text stands and however it is held."""

import gzip
import io
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import DEFAULTS, ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.model import DocumentBatch
from dedup.readers.documents import read_documents, read_pieces
from dedup.readers.parquet import cut, parse
from dedup.readers.sources import Piece, Source, find_sources

NO_ENGINE: Any = None  # Parquet needs none
SKIPPING = ReadersConfig(skip_errors=True)
TEXTS = st.lists(st.none() | st.text(max_size=30), max_size=40)
TEXT_TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]


def pack(table: pa.Table, **options: Any) -> bytes:  # noqa: ANN401 -- pyarrow's options
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def read_bytes(content: bytes, config: ReadersConfig = DEFAULTS.readers) -> list[DocumentBatch]:
    source = Source("a.parquet", "parquet", "", None, content)
    return [parse(piece, config, NO_ENGINE) for piece in cut(source, config)]


def rows_of(batches: list[DocumentBatch]) -> list[tuple[bytes, str | None]]:
    """Give id and text of each document."""
    return list(iterate_rows(batches))


def iterate_rows(batches: list[DocumentBatch]) -> Iterator[tuple[bytes, str | None]]:
    for batch in batches:
        texts = {
            int(document): batch.buffer[start:end].tobytes().decode()
            for document, start, end in zip(batch.document, batch.starts, batch.ends, strict=True)
        }
        for row, identity in enumerate(batch.ids):
            yield identity, texts.get(row)


@given(TEXTS, st.sampled_from(TEXT_TYPES), st.integers(1, 7))
def test_every_row_is_a_document_at_its_row(
    texts: list[str | None], kind: pa.DataType, group_rows: int
) -> None:
    table = pa.table({"text": pa.array(texts, pa.string()).cast(kind)})

    batches = read_bytes(pack(table, row_group_size=group_rows))

    found = rows_of(batches)
    assert [identity for identity, _ in found] == [
        f'"a.parquet:{row}"'.encode() for row in range(1, len(texts) + 1)
    ]
    assert [text for _, text in found] == [text or None for text in texts]
    lines = [line for batch in batches for line in batch.lines.tolist()]
    assert lines == [row for row, text in enumerate(texts, 1) if text]
    assert all((batch.columns == 1).all() and not batch.is_source for batch in batches)


def test_ids_are_those_of_the_column() -> None:
    def ids_of(values: pa.Array) -> list[bytes]:
        table = pa.table({"id": values, "text": ["a"] * len(values)})
        return [identity for identity, _ in rows_of(read_bytes(pack(table)))]

    assert ids_of(pa.array([3, None, 2**63 - 1])) == [
        b"3",
        b'"a.parquet:2"',
        b"9223372036854775807",
    ]
    assert ids_of(pa.array(['q"\\\n', "é", ""])) == [b'"q\\"\\\\\\n"', '"é"'.encode(), b'""']
    assert ids_of(pa.array([True, 0.5], pa.float64())) == [b"1.0", b"0.5"]
    assert ids_of(pa.array(["x", "x"]).dictionary_encode()) == [b'"x"', b'"x"']


def test_dates_become_iso_8601() -> None:
    columns = {
        "day": pa.array([date(2024, 2, 29), None]),
        "naive": pa.array([1704164645, None], pa.timestamp("s")),
        "zoned": pa.array(
            [datetime(2024, 7, 1, 12, tzinfo=UTC), None], pa.timestamp("ns", "Europe/Berlin")
        ),
        "said": pa.array(["2024-01", None]).cast(pa.string()),
        "text": pa.array(["a", "b"]),
    }
    columns["said"] = pa.array(["2024-01-31T00:00:00Z", ""])
    content = pack(pa.table(columns))

    def dates_of(field: str) -> list[str] | None:
        (batch,) = read_bytes(content, ReadersConfig(date_field=field))
        return batch.dates

    assert dates_of("day") == ["2024-02-29", ""]
    assert dates_of("naive") == ["2024-01-02T03:04:05", ""]
    assert dates_of("zoned") == ["2024-07-01T12:00:00+00:00", ""]
    assert dates_of("missing") == ["", ""]
    with pytest.raises(InputError, match=r"a\.parquet:2: its date is '', expected ISO 8601"):
        dates_of("said")
    with pytest.raises(InputError, match=r"a\.parquet:1: its date is 'a'"):
        dates_of("text")
    (batch,) = read_bytes(content, ReadersConfig(date_field="said", skip_errors=True))
    assert (batch.ids, [problem.line for problem in batch.problems]) == ([b'"a.parquet:1"'], [2])


def test_a_date_that_no_calendar_has_is_named() -> None:
    far = pa.array([10**18], pa.int64()).cast(pa.timestamp("s"))
    content = pack(pa.table({"text": ["a"], "at": far.cast(pa.timestamp("ms"), safe=False)}))
    wide = pack(pa.table({"text": ["a"], "at": pa.array([10**17]).cast(pa.timestamp("ms"))}))

    for each in (content, wide):
        with pytest.raises(InputError, match=r"a\.parquet:1: a value of it cannot be read"):
            read_bytes(each, ReadersConfig(date_field="at"))


def test_the_text_may_be_a_field_of_a_struct() -> None:
    page = pa.array([{"body": {"raw": "one"}}, None, {"body": None}, {"body": {"raw": "two"}}])
    table = pa.table({"page": page, "page.title": ["a", "b", "c", "d"]})

    def texts_of(field: str) -> list[str | None]:
        config = ReadersConfig(text_field=field, id_field="page.title")
        return [text for _, text in rows_of(read_bytes(pack(table), config))]

    assert texts_of("page.body.raw") == ["one", None, None, "two"]
    assert texts_of("page.title") == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("text", "it has no column 'text'"),
        ("page.none", "it has no column 'page.none'"),
        ("n", "its column 'n' is int64, expected a string"),
        ("page", "its column 'page' is struct<raw: string, n: int64>, expected a string"),
        ("tags", "its column 'tags' is list<element: string>, expected a string"),
        ("twice", "several columns are called 'twice'"),
    ],
)
def test_a_missing_column_is_an_error_that_lists_those_of_text(field: str, problem: str) -> None:
    columns = [
        ("n", pa.array([1])),
        ("body", pa.array(["x"])),
        ("page", pa.array([{"raw": "x", "n": 1}])),
        ("tags", pa.array([["x"]])),
        ("twice", pa.array(["x"])),
        ("twice", pa.array(["y"])),
    ]
    table = pa.table([values for _, values in columns], names=[name for name, _ in columns])

    with pytest.raises(InputError) as caught:
        read_bytes(pack(table), ReadersConfig(text_field=field))

    assert caught.value.problem == problem
    assert "--text-field: columns of text are 'body', 'page.raw', 'twice', 'twice'" in str(
        caught.value
    )


def test_no_column_of_text_at_all_is_said() -> None:
    with pytest.raises(InputError, match="columns of text are none"):
        read_bytes(pack(pa.table({"n": [1]})))


def test_a_text_that_is_not_utf8_is_an_error_with_its_row() -> None:
    texts = pa.array([b"fine", b"a\xe9", None, b"\xc3"], pa.binary()).view(pa.string())
    content = pack(pa.table({"text": texts}))

    with pytest.raises(InputError, match=r"a\.parquet:2: byte 0xe9 at 2 of its text is not UTF-8"):
        read_bytes(content)
    (batch,) = read_bytes(content, SKIPPING)
    assert rows_of([batch]) == [(b'"a.parquet:1"', "fine"), (b'"a.parquet:3"', None)]
    assert [problem.line for problem in batch.problems] == [2, 4]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda content: content[:-9], "it is cut off: it does not end with PAR1"),
        (lambda content: content[: len(content) // 2], "it is cut off"),
        (lambda _: b"plain text in a file of that name", "it is no Parquet file"),
        (lambda _: b"<html><p>a page</p></html>", "it is no Parquet file"),
        (lambda _: b"", "it is no Parquet file"),
        (lambda _: b"PAR1", "its footer is damaged"),
        (lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1", "its footer is damaged"),
        (lambda content: content[:-60] + bytes(52) + content[-8:], "its footer is damaged"),
        (lambda content: content[:4] + bytes(40) + content[44:], "the data of its row group 1"),
        (lambda content: content[:-4] + b"PARE", "it is encrypted"),
    ],
)
def test_what_is_no_whole_parquet_is_said_in_plain_words(spoil: Any, problem: str) -> None:  # noqa: ANN401
    content = spoil(pack(pa.table({"text": ["a", "b"]}), store_schema=False, compression="none"))

    with pytest.raises(InputError, match=rf"cannot read a\.parquet: {problem}"):
        read_bytes(content)


def test_a_file_whose_columns_are_encrypted_is_said_to_be() -> None:
    class Plain(pe.KmsClient):  # type: ignore[misc]
        def wrap_key(self, key: bytes, _name: str) -> bytes:
            return key

        def unwrap_key(self, key: bytes, _name: str) -> bytes:
            return key

    sink = io.BytesIO()
    table = pa.table({"text": ["a"]})
    settings = pe.EncryptionConfiguration(
        footer_key="f", column_keys={"c": ["text"]}, plaintext_footer=True, double_wrapping=False
    )
    factory = pe.CryptoFactory(lambda _config: Plain())
    secret = factory.file_encryption_properties(pe.KmsConnectionConfig(), settings)
    with pq.ParquetWriter(sink, table.schema, encryption_properties=secret) as writer:
        writer.write_table(table)

    with pytest.raises(InputError, match="it is encrypted"):
        read_bytes(sink.getvalue())


def test_files_packed_files_and_standard_input_give_the_same(tmp_path: Path) -> None:
    content = pack(pa.table({"text": ["one", "two"]}))
    (tmp_path / "a.parquet").write_bytes(content)
    (tmp_path / "b.pq.gz").write_bytes(gzip.compress(content))

    batches = list(read_documents([tmp_path], ReadersConfig(), NO_ENGINE))

    assert [text for _, text in rows_of(batches)] == ["one", "two"] * 2
    assert [text for _, text in rows_of(read_bytes(content))] == ["one", "two"]


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is not a regular file"):
        list(cut(Source("x", "parquet", "", str(tmp_path)), ReadersConfig()))
    with pytest.raises(InputError, match="no such file"):
        list(cut(Source("x", "parquet", "", str(tmp_path / "x")), ReadersConfig()))


def test_pieces_are_about_a_megabyte_and_number_their_rows() -> None:
    texts = [f"{row} " + "w" * 10_000 for row in range(500)]
    source = Source("a", "parquet", "", None, pack(pa.table({"text": texts}), row_group_size=333))

    pieces = list(cut(source, ReadersConfig()))

    assert max(piece.size for piece in pieces) < 6 << 20
    batches = [parse(piece, ReadersConfig(), NO_ENGINE) for piece in pieces]
    assert [text for _, text in rows_of(batches)] == texts
    assert [line for batch in batches for line in batch.lines] == list(range(1, 501))


def test_texts_past_the_allowed_bytes_are_an_error() -> None:
    content = pack(pa.table({"text": ["w" * 1000] * 1000}))

    with pytest.raises(InputError, match="holds more than 100,000 bytes"):
        read_bytes(content, ReadersConfig(max_bytes=100_000))


def test_pieces_before_a_damage_are_read(tmp_path: Path) -> None:
    content = bytearray(
        pack(
            pa.table({"text": ["first" * 300_000, "second" * 10]}),
            row_group_size=1,
            compression="none",
            use_dictionary=False,
        )
    )
    begin = content.index(b"second")
    content[begin - 40 : begin] = bytes(40)
    path = tmp_path / "a.parquet"
    path.write_bytes(content)

    first, problem = read_pieces(find_sources([path], SKIPPING), SKIPPING)

    assert isinstance(first, Piece)
    assert not isinstance(problem, Piece)
    assert problem.message.startswith("the data of its row group 2 are damaged")


def test_without_pyarrow_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pyarrow.compute", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[parquet\]'"):
        read_bytes(b"")
