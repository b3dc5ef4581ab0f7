"""Frames, tables, datasets and columns in, the same kind out."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.config import CanonicalConfig, Config, ReadersConfig
from dedup.errors import InputError
from dedup.frames import find_frame, is_null, list_records

# Frames have no types that hold for all of them.
Holder: TypeAlias = Any
LINE = "one and the same sentence said in eight words"
OTHER = "another sentence that has nothing at all in common with it"
ROWS: list[dict[str, Any]] = [
    {"text": LINE, "n": 1, "tags": ["a"], "on": dt.date(2024, 5, 1)},
    {"text": OTHER, "n": 2, "tags": [], "on": dt.date(2024, 5, 2)},
    {"text": None, "n": None, "tags": None, "on": None},
    {"text": LINE.upper(), "n": 4, "tags": ["b", "c"], "on": dt.date(2024, 5, 4)},
    {"text": None, "n": 5, "tags": ["d"], "on": dt.date(2024, 5, 5)},
    {"text": "", "n": 6, "tags": ["e"], "on": dt.date(2024, 5, 6)},
]
KEPT = [0, 1, 2, 4, 5]


def make_pandas(rows: list[dict[str, Any]]) -> Holder:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.DataFrame(rows, columns=["text", "n", "tags", "on"])
    frame["n"] = frame["n"].astype("Int64")
    return frame.set_index(pandas.Index(range(10, 10 + len(rows)), name="number"))


def make_polars(rows: list[dict[str, Any]]) -> Holder:
    polars = pytest.importorskip("polars", reason="needs polars")
    types = [("text", polars.String), ("n", polars.Int8)]
    types += [("tags", polars.List(polars.String)), ("on", polars.Date)]
    return polars.DataFrame(rows, schema=types)


def make_arrow(rows: list[dict[str, Any]]) -> Holder:
    arrow = pytest.importorskip("pyarrow", reason="needs pyarrow")
    fields = [("text", arrow.large_string()), ("n", arrow.int8())]
    fields += [("tags", arrow.list_(arrow.string())), ("on", arrow.date32())]
    schema = arrow.schema(fields, metadata={b"by": b"us"})
    halves = [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    return arrow.concat_tables(arrow.Table.from_pylist(half, schema) for half in halves)


def make_batch(rows: list[dict[str, Any]]) -> Holder:
    return make_arrow(rows).combine_chunks().to_batches()[0] if rows else empty_batch()


def empty_batch() -> Holder:
    arrow = pytest.importorskip("pyarrow", reason="needs pyarrow")
    return arrow.RecordBatch.from_pylist([], make_arrow([]).schema)


def make_dataset(rows: list[dict[str, Any]]) -> Holder:
    datasets = pytest.importorskip("datasets", reason="needs datasets")
    return datasets.Dataset(make_arrow(rows))


FRAMES: dict[str, tuple[Callable[[list[dict[str, Any]]], Holder], Callable[[Holder], Any]]] = {
    "pandas": (make_pandas, lambda frame: frame["text"].tolist()),
    "polars": (make_polars, lambda frame: frame["text"].to_list()),
    "arrow": (make_arrow, lambda table: table["text"].to_pylist()),
    "batch": (make_batch, lambda batch: batch.column("text").to_pylist()),
    "dataset": (make_dataset, lambda dataset: list(dataset["text"])),
    "pandas column": (lambda rows: make_pandas(rows)["text"], lambda column: column.tolist()),
    "polars column": (lambda rows: make_polars(rows)["text"], lambda column: column.to_list()),
    "arrow column": (lambda rows: make_arrow(rows)["text"], lambda column: column.to_pylist()),
    "arrow array": (
        lambda rows: make_arrow(rows)["text"].combine_chunks(),
        lambda array: array.to_pylist(),
    ),
}
TEXTS = st.lists(
    st.sampled_from([LINE, LINE.upper(), OTHER, f"{OTHER} and more", "", "short", None])
)


@pytest.mark.parametrize("name", FRAMES)
@given(texts=TEXTS)
def test_the_rows_that_are_kept_are_those_of_the_list_of_dicts(
    name: str, texts: list[str | None]
) -> None:
    make, read = FRAMES[name]
    rows = [{**ROWS[0], "text": text} for text in texts]
    dicts: list[dict[str, Any]] = [{"text": text or "", "row": n} for n, text in enumerate(texts)]
    kept = dedup.deduplicate(dicts)

    frame = make(rows)
    result = dedup.deduplicate(frame)

    assert type(result) is type(frame)
    found = [None if is_null(text) else text for text in read(result)]
    assert found == [texts[record["row"]] for record in kept]
    assert len(frame) == len(texts)


def test_pandas_keeps_columns_types_and_index() -> None:
    frame = make_pandas(ROWS)

    result = dedup.deduplicate(frame)

    assert result.index.tolist() == [10, 11, 12, 14, 15]
    assert result.index.name == "number"
    assert result.dtypes.tolist() == frame.dtypes.tolist()
    assert result["tags"].tolist() == [ROWS[row]["tags"] for row in KEPT]
    assert result["n"].dropna().tolist() == [1, 2, 5, 6]
    assert dedup.deduplicate(frame["text"]).index.tolist() == [10, 11, 12, 14, 15]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_pandas_texts_may_be_of_any_type_of_string(dtype: str) -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    column = pandas.Series([LINE, None, LINE, float("nan"), OTHER], dtype=dtype)

    result = dedup.deduplicate(column)

    assert result.index.tolist() == [0, 1, 3, 4]
    assert result.dtype == column.dtype


def test_polars_keeps_columns_and_types() -> None:
    frame = make_polars(ROWS)

    result = dedup.deduplicate(frame)

    assert result.schema == frame.schema
    assert result.rows(named=True) == [ROWS[row] for row in KEPT]


@pytest.mark.parametrize("make", [make_arrow, make_batch])
def test_arrow_keeps_columns_types_and_metadata(
    make: Callable[[list[dict[str, Any]]], Holder],
) -> None:
    table = make(ROWS)

    result = dedup.deduplicate(table)

    assert result.schema.equals(table.schema, check_metadata=True)
    assert result.to_pylist() == [ROWS[row] for row in KEPT]


def test_a_dataset_keeps_features_and_format() -> None:
    dataset = make_dataset(ROWS).with_format("numpy", columns=["n"])

    result = dedup.deduplicate(dataset)

    assert result.features == dataset.features
    assert result.format == dataset.format
    assert result.with_format(None)[:]["n"] == [ROWS[row]["n"] for row in KEPT]
    again = dedup.deduplicate(dataset.select([3, 2, 0]))
    assert again.with_format(None)[:]["n"] == [4, None]


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow", "batch", "dataset"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    frame = FRAMES[name][0](ROWS)

    expected = r"it has no column 'body' among 'text', 'n', 'tags', 'on'\. Name the column with"
    with pytest.raises(InputError, match=expected):
        dedup.deduplicate(frame, text="body")
    with pytest.raises(InputError, match="no column 'day'"):
        dedup.deduplicate(frame, config=Config(readers=ReadersConfig(date_field="day")))


def test_of_very_many_columns_the_first_are_named() -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.DataFrame([[0] * 23])

    with pytest.raises(InputError, match=r"among 0, 1, .*, 19 and 3 more\. "):
        dedup.deduplicate(frame)
    with pytest.raises(InputError, match="no column 'text' among none"):
        dedup.deduplicate(pandas.DataFrame())


def test_two_columns_of_one_name_are_refused() -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.DataFrame([[LINE, LINE]], columns=["text", "text"])

    with pytest.raises(InputError, match="it has 2 columns 'text'"):
        dedup.deduplicate(frame)


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow", "batch", "dataset"])
def test_what_is_neither_text_nor_null_is_refused_by_its_row(name: str) -> None:
    frame = FRAMES[name][0](ROWS)

    with pytest.raises(InputError, match="records:1: its field 'n' is int, expected str"):
        dedup.deduplicate(frame, text="n")


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow", "batch", "dataset"])
def test_the_newest_is_kept_by_a_column_of_dates(name: str) -> None:
    config = Config(ReadersConfig(date_field="on"), canonical=CanonicalConfig("newest"))
    make, read = FRAMES[name]

    result = dedup.deduplicate(make(ROWS), config=config)

    assert [text for text in read(result) if not is_null(text)] == [OTHER, LINE.upper(), ""]


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow", "batch", "dataset"])
def test_rows_become_records_of_the_needed_columns(name: str) -> None:
    frame = FRAMES[name][0](ROWS)

    records = list_records(frame, ReadersConfig(id_field="n", date_field="on"))

    assert records is not None
    assert records[0] == {"text": LINE, "n": 1, "on": dt.date(2024, 5, 1)}
    assert records[2] == {"text": "", "n": None, "on": None}
    assert list_records(frame, ReadersConfig()) == [{"text": row["text"] or ""} for row in ROWS]
    found = dedup.find_duplicates(records, Config(ReadersConfig(id_field="n")))
    assert [found.reference(n).document for n in range(len(found.corpus))] == [1, 2, 4]


@pytest.mark.parametrize("name", ["pandas column", "polars column", "arrow column", "arrow array"])
def test_a_column_becomes_records_of_its_texts(name: str) -> None:
    column = FRAMES[name][0](ROWS)

    records = list_records(column, ReadersConfig(text_field="body", date_field="on"))

    assert records == [{"body": row["text"] or ""} for row in ROWS]


@pytest.mark.parametrize("holder", [[], [LINE], (LINE,), {}, LINE, Path("a"), iter([]), np.ones(1)])
def test_what_is_no_frame_is_left_to_others(holder: Holder) -> None:
    assert find_frame(holder) is None
    assert list_records(holder, ReadersConfig()) is None


def test_what_must_be_computed_or_chosen_first_is_refused_with_advice() -> None:
    datasets = pytest.importorskip("datasets", reason="needs datasets")
    arrow_datasets = pytest.importorskip("pyarrow.dataset", reason="needs pyarrow")
    dataset = make_dataset(ROWS)
    advised = [
        (make_polars(ROWS).lazy(), r"a LazyFrame of polars is not read as it is\. .*collect\(\)"),
        (make_arrow(ROWS).to_reader(), r"read_all\(\)"),
        (arrow_datasets.dataset(make_arrow(ROWS)), r"to_table\(\)"),
        (dataset.to_iterable_dataset(), r"Dataset\.from_list"),
        (datasets.DatasetDict(train=dataset), r"dataset\['train'\].*concatenate_datasets"),
        (datasets.IterableDatasetDict(train=dataset.to_iterable_dataset()), "Give one split"),
    ]

    for holder, advice in advised:
        with pytest.raises(InputError, match=advice):
            dedup.deduplicate(holder)


def test_the_advice_for_several_splits_works() -> None:
    datasets = pytest.importorskip("datasets", reason="needs datasets")
    splits = datasets.DatasetDict(train=make_dataset(ROWS[:2]), test=make_dataset(ROWS[3:4]))

    together = datasets.concatenate_datasets([*splits.values()])

    assert len(dedup.deduplicate(together)) == 2


def test_an_unknown_frame_is_refused_rather_than_read_by_the_names_of_its_columns() -> None:
    class Frame(list[str]):
        columns = ("text", "n")

    with pytest.raises(InputError, match=r"Frame, an unknown kind of frame\. Give a pandas or"):
        dedup.deduplicate(Frame(["text", "n"]))
    assert find_frame(SimpleNamespace(columns=len)) is None


def test_a_class_that_is_derived_from_a_frame_is_read_as_it() -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")

    derived: Holder = type("Derived", (pandas.DataFrame,), {})
    derived._constructor = derived  # noqa: SLF001 -- as pandas has it

    result = dedup.deduplicate(derived(ROWS))

    assert type(result) is derived
    assert result.index.tolist() == KEPT


def test_nulls_of_every_package_are_known() -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    nulls = [None, float("nan"), np.float32("nan"), pandas.NA, pandas.NaT]

    assert [is_null(value) for value in nulls] == [True] * 5
    assert not any(is_null(value) for value in ["", "nan", 0, 0.0, False, [], np.ones(2)])


def test_a_list_needs_none_of_the_packages() -> None:
    program = (
        "import sys, dedup\n"
        f"kept = dedup.deduplicate([{LINE!r}] * 2)\n"
        "found = {'pandas', 'polars', 'pyarrow', 'datasets'} & set(sys.modules)\n"
        "print(len(kept), sorted(found))\n"
    )

    result = subprocess.run(  # noqa: S603 -- a program of our own
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout == "1 []\n"


@pytest.mark.parametrize("shape", ["table", "batch", "chunks", "array"])
def test_columns_of_views_which_arrow_cannot_filter_are_kept_too(shape: str) -> None:
    arrow = pytest.importorskip("pyarrow")
    said = [f"One and the same {noun}, said once more in eight words." for noun in "abab"]
    array = arrow.array(said, arrow.string_view())
    table = arrow.table({"text": array, "n": [1, 2, 3, 4]})
    holders = {
        "table": table,
        "batch": table.to_batches()[0],
        "chunks": arrow.chunked_array([array[:1], array[1:]]),
        "array": array,
    }
    kept = dedup.deduplicate(holders[shape])

    assert type(kept) is type(holders[shape])
    column = kept.column("text") if shape in ("table", "batch") else kept
    assert (column.to_pylist(), column.type) == (said[:2], arrow.string_view())
