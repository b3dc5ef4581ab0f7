"""Columns as Spark and as Arrow have them."""

import pyarrow as pa
import pytest

from dedup.spark.runtime import schemas
from dedup.spark.runtime.schemas import arrow_schema

TABLES = {name: value for name, value in vars(schemas).items() if name.isupper()}


def test_nested_columns_are_read() -> None:
    said = pa.struct([("at", pa.int32()), ("share", pa.float64())])

    made = arrow_schema(
        "id bigint, said array<struct<at:int, share:double>>, rest struct<a:string>"
    )

    expected = {"id": pa.int64(), "said": pa.list_(said), "rest": pa.struct([("a", pa.string())])}
    assert made == pa.schema(list(expected.items()))


@pytest.mark.parametrize("name", [name for name in TABLES if isinstance(TABLES[name], str)])
def test_every_table_has_a_name_a_column(name: str) -> None:
    names = arrow_schema(TABLES[name]).names

    assert len(set(names)) == len(names) > 0
