"""Parquet written again: rows and paragraphs gone, everything else as it was."""

import gzip
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.readers.sources import Source
from dedup.writers.edits import Mark
from tests.writers.rewritten_archives import Goes, rewrite

N_ROWS = 40


def pack(table: pa.Table, **options: Any) -> bytes:  # noqa: ANN401 -- pyarrow's options
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def source_of(content: bytes) -> Source:
    return Source("a.parquet", "parquet", "", None, content)


def clean(content: bytes, goes: Goes, **options: Any) -> pa.Table:  # noqa: ANN401
    """Give the table that a file is after some paragraphs went."""
    return pq.read_table(io.BytesIO(rewrite(source_of(content), goes, **options)[0]))


def goes(text: str) -> bool:
    return "gone" in text


def make_rich_table() -> pa.Table:
    """Make a table with a column of every kind; every third text goes."""
    rows = range(N_ROWS)
    berlin = pa.timestamp("us", "Europe/Berlin")
    instants = [datetime(2024, 1, 1 + row % 28, 5, tzinfo=UTC) for row in rows]
    columns = {
        "id": pa.array([row if row % 4 else None for row in rows], pa.uint16()),
        "list": pa.array([[row, None][: row % 3] if row % 5 else None for row in rows]),
        "struct": pa.array(
            [{"a": str(row), "b": [{"c": row}]} if row % 6 else None for row in rows]
        ),
        "map": pa.array([[("k", row)] for row in rows], pa.map_(pa.string(), pa.int32())),
        "text": pa.array([f"text {row} " + ("gone" if row % 3 == 0 else "stays") for row in rows]),
        "date": pa.array([date(2024, 1, 1 + row % 28) for row in rows]),
        "zoned": pa.array(instants, berlin),
        "nanoseconds": pa.array([row * 1001 for row in rows], pa.timestamp("ns")),
        "time": pa.array([time(row % 24) for row in rows], pa.time64("ns")),
        "duration": pa.array(rows, pa.duration("ms")),
        "decimal": pa.array([Decimal(row) / 4 for row in rows], pa.decimal128(20, 2)),
        "category": pa.array([f"c{row % 3}" for row in rows]).dictionary_encode(),
        "binary": pa.array([bytes([row]) for row in rows]),
        "fixed": pa.array([bytes([row] * 4) for row in rows], pa.binary(4)),
        "view": pa.array([f"a rather long view {row}" for row in rows], pa.string_view()),
        "large": pa.array([str(row) for row in rows], pa.large_string()),
        "half": pa.array([row / 2 for row in rows], pa.float32()),
        "bool": pa.array([row % 2 == 0 for row in rows]),
        "nothing": pa.nulls(N_ROWS),
        "fixed list": pa.array([[row, row] for row in rows], pa.list_(pa.int8(), 2)),
    }
    table = pa.table(columns)
    fields = [field.with_metadata({"note": f"on {field.name}"}) for field in table.schema]
    fields[4] = fields[4].with_nullable(False)  # noqa: FBT003 -- pyarrow's
    metadata = {"pandas": "{}", "huggingface": '{"info": {}}', b"\xffkey": b"\xff\x00"}
    return table.cast(pa.schema(fields, metadata))


def test_all_columns_orders_and_types_survive() -> None:
    content = pack(make_rich_table(), row_group_size=7)

    found = clean(content, goes)

    table = pq.read_table(io.BytesIO(content))
    assert found.schema.equals(table.schema, check_metadata=True)
    kept = [row for row in range(N_ROWS) if row % 3]
    assert found.equals(pa.concat_tables([table.slice(row, 1) for row in kept]))


def test_row_groups_end_where_they_did() -> None:
    texts = ["stays", "gone", "stays", "gone", "gone", "gone", "stays", "stays"]

    content, _ = rewrite(source_of(pack(pa.table({"text": texts}), row_group_size=3)), goes)

    metadata = pq.read_metadata(io.BytesIO(content))
    sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    assert sizes == [2, 2]  # the second of the three is gone as a whole


def test_columns_are_packed_as_they_were() -> None:
    rows = pa.table(
        {
            "a": ["x"] * 9,
            "text": [f"{row} stays" for row in range(8)] + ["gone"],
            "n": pa.array(range(9), pa.uint32()),
            "list": [["y"]] * 9,
            "money": pa.array([Decimal(1)] * 9, pa.decimal128(5, 2)),
            "split": pa.array([0.5] * 9),
        }
    )
    content = pack(
        rows,
        compression={"a": "GZIP", "text": "ZSTD", "n": "NONE", "list.list.item": "SNAPPY"},
        use_dictionary=["a"],
        use_byte_stream_split=["split"],
        write_statistics=["n"],
        version="2.4",
        write_page_index=True,
        store_schema=False,
        store_decimal_as_integer=True,
        use_compliant_nested_type=False,
        sorting_columns=[pq.SortingColumn(2), pq.SortingColumn(1)],
    )

    def describe(content: bytes) -> list[Any]:
        metadata = pq.read_metadata(io.BytesIO(content))
        group = metadata.row_group(0)
        return [
            metadata.format_version,
            b"ARROW:schema" in (metadata.metadata or {}),
            str(metadata.schema).partition("\n")[2],
            *(
                (
                    column.path_in_schema,
                    column.physical_type,
                    column.compression,
                    column.has_dictionary_page,
                    sorted(column.encodings),
                    column.is_stats_set,
                    column.has_offset_index,
                )
                for column in map(group.column, range(group.num_columns))
            ),
        ]

    written, _ = rewrite(source_of(content), goes)

    assert describe(written) == describe(content)
    order = pq.read_metadata(io.BytesIO(written)).row_group(0).sorting_columns
    assert order == (pq.SortingColumn(2),)  # the text's values may have changed


def test_what_spark_writes_keeps_its_types() -> None:
    instants = [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), None]
    table = pa.table(
        {
            "at": pa.array(instants, pa.timestamp("us")),
            "n": pa.array([1, 2, 3], pa.uint32()),
            "text": ["stays", "stays too", "gone"],
        }
    )
    content = pack(table, use_deprecated_int96_timestamps=True, store_schema=False, version="1.0")

    written, _ = rewrite(source_of(content), goes)

    def schema_of(content: bytes) -> str:
        return str(pq.ParquetFile(io.BytesIO(content)).schema).partition("\n")[2]

    assert schema_of(written) == schema_of(content)
    file = pq.ParquetFile(io.BytesIO(written), coerce_int96_timestamp_unit="us")
    assert file.read()["at"].to_pylist() == table["at"].to_pylist()[:2]


def test_cuts_say_row_text_and_paragraphs() -> None:
    texts = ["stays", "gone\n\ngone too\n", None, "", "stays\n\nis gone  \n\n\nstays", "gone"]

    content, cuts = rewrite(source_of(pack(pa.table({"text": texts}))), goes)

    assert [(cut.offset, cut.content, said) for said, cut in cuts] == [
        (1, b"gone\n\ngone too\n", ["gone", "gone too"]),
        (4, b"is gone  \n\n\n", ["is gone"]),
        (5, b"gone", ["gone"]),
    ]
    found = pq.read_table(io.BytesIO(content))["text"].to_pylist()
    assert found == ["stays", None, "", "stays\n\nstays"]


def test_as_records_rows_go_whole_or_not_at_all() -> None:
    texts = ["stays\n\nis gone", "gone", "stays"]

    def equals_gone(text: str) -> bool:
        return text == "gone"

    found = clean(pack(pa.table({"text": texts})), equals_gone, unit="record")

    assert found["text"].to_pylist() == ["stays\n\nis gone", "stays"]


def test_rows_of_all_groups_may_go() -> None:
    content = pack(make_rich_table())

    found = clean(content, lambda _: True)

    assert found.num_rows == 0
    table = pq.read_table(io.BytesIO(content))
    assert found.schema.equals(table.schema, check_metadata=True)


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.dictionary(pa.int16(), pa.large_string(), ordered=True),
    ],
)
def test_a_text_keeps_its_type_when_paragraphs_go(kind: pa.DataType) -> None:
    texts = ["one é\n\ngone", None, "gone\n\ntwo", "gone", "", "three"]
    content = pack(pa.table({"text": pa.array(texts).cast(kind)}), row_group_size=2)

    found = clean(content, goes)

    assert found.schema == pq.read_table(io.BytesIO(content)).schema
    assert found["text"].cast(pa.string()).to_pylist() == ["one é", None, "two", "", "three"]


def test_a_field_of_a_struct_is_written_inside_it() -> None:
    page = [
        {"n": 1, "body": {"raw": "a\n\ngone", "k": [1]}},
        None,
        {"n": 2, "body": None},
        {"n": 3, "body": {"raw": None, "k": None}},
        {"n": 4, "body": {"raw": "gone", "k": []}},
    ]
    kind = pa.struct(
        [
            pa.field("n", pa.int8(), nullable=False),
            pa.field("body", pa.struct([("raw", pa.string()), ("k", pa.list_(pa.int64()))])),
        ]
    )
    table = pa.table({"page": pa.array(page, kind)})

    found = clean(pack(table), goes, config=ReadersConfig(text_field="page.body.raw"))

    assert found.schema == table.schema
    expected: list[Any] = [{"n": 1, "body": {"raw": "a", "k": [1]}}, *page[1:4]]
    assert found["page"].to_pylist() == expected


def test_a_dictionary_too_narrow_for_the_new_texts_is_an_error() -> None:
    texts = [f"{row}\n\nonce more" for row in range(100)] * 2
    table = pa.table({"text": pa.array(texts).cast(pa.dictionary(pa.int8(), pa.string()))})
    seen: list[str] = []

    def is_late(text: str) -> bool:
        seen.append(text)
        return len(seen) > 200 and text == "once more"

    with pytest.raises(InputError, match=r"its text's type has no room .* Clean it with --unit"):
        clean(pack(table), is_late)


def test_marks_are_columns_behind_the_others() -> None:
    table = make_rich_table()

    def mark(row: int) -> Mark:
        if row % 2:
            return Mark("00ff", is_canonical=False, relation="identical", score=0.5)
        return Mark(None, is_canonical=True, relation=None, score=None)

    found = clean(pack(table, row_group_size=11), goes, unit="record", make_mark=mark)

    assert found.select(table.schema.names).equals(table)
    assert found.schema.metadata == table.schema.metadata
    added = [(field.name, field.type) for field in list(found.schema)[-4:]]
    assert added == [
        ("dedup_group", pa.string()),
        ("dedup_canonical", pa.bool_()),
        ("dedup_relation", pa.string()),
        ("dedup_score", pa.float64()),
    ]
    assert found["dedup_group"].to_pylist() == [None, "00ff"] * (N_ROWS // 2)
    assert found["dedup_canonical"].to_pylist() == [True, False] * (N_ROWS // 2)
    assert found["dedup_relation"].to_pylist() == [None, "identical"] * (N_ROWS // 2)
    assert found["dedup_score"].to_pylist() == [None, 0.5] * (N_ROWS // 2)


def test_marks_meet_their_rows_where_some_could_not_be_read() -> None:
    texts = pa.array([b"a", b"\xff", b"b"], pa.binary()).view(pa.string())
    config = ReadersConfig(skip_errors=True)

    def mark(row: int) -> Mark:
        return Mark(f"{row}", is_canonical=False, relation="identical", score=1.0)

    content, _ = rewrite(source_of(pack(pa.table({"text": texts}))), goes, config, "record", mark)

    found = pq.read_table(io.BytesIO(content))
    assert found["dedup_group"].to_pylist() == ["0", None, "1"]
    assert found["text"].cast(pa.binary()).to_pylist() == [b"a", b"\xff", b"b"]


def test_marks_that_are_there_already_are_an_error() -> None:
    content = pack(pa.table({"text": ["a"], "dedup_score": [1.0]}))

    with pytest.raises(InputError, match="it has a column 'dedup_score' already"):
        rewrite(
            source_of(content),
            goes,
            make_mark=lambda _: Mark(None, is_canonical=True, relation=None, score=None),
        )


def test_a_packed_file_is_packed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet.gz"
    path.write_bytes(gzip.compress(pack(pa.table({"text": ["stays", "gone"]}))))

    content, _ = rewrite(Source("a", "parquet", "gz", str(path)), goes)

    found = pq.read_table(io.BytesIO(gzip.decompress(content)))
    assert found["text"].to_pylist() == ["stays"]


def test_writing_twice_gives_the_same_bytes() -> None:
    content = pack(make_rich_table(), row_group_size=9)

    first, _ = rewrite(source_of(content), goes)
    again, _ = rewrite(source_of(content), goes)

    assert first == again


PARAGRAPHS = st.lists(
    st.tuples(
        st.sampled_from(["", "\n", " \n", "\t", "  "]),
        st.sampled_from(["gone", "stays", "é gone\nwith a second line", "stays\n  indented"]),
        st.sampled_from(["\n\n", "\r\n\r\n", "\n \n\n", "  \n\n", "\n\n\n\n"]),
    ),
    max_size=6,
)


@given(st.lists(PARAGRAPHS, max_size=12), st.integers(1, 5))
def test_what_stays_are_the_paragraphs_that_do_not_go(
    rows: list[list[tuple[str, str, str]]], group_rows: int
) -> None:
    texts = ["".join("".join(parts) for parts in row) for row in rows]
    table = pa.table({"n": range(len(rows)), "text": pa.array(texts, pa.string())})

    found = clean(pack(table, row_group_size=group_rows), goes)

    expected = {
        number: [text for _, text, _ in row if not goes(text)]
        for number, row in enumerate(rows)
        if not row or not all(goes(text) for _, text, _ in row)
    }
    assert found["n"].to_pylist() == list(expected)
    for number, text in zip(found["n"].to_pylist(), found["text"].to_pylist(), strict=True):
        assert " ".join(text.split()) == " ".join(" ".join(expected[number]).split())
        if not any(goes(paragraph) for _, paragraph, _ in rows[number]):
            assert text == texts[number]
