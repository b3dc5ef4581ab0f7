"""Lay a Parquet file out as another is: its codecs, encodings and versions, column by column.

In: an open source and the columns to be written. Out: pyarrow's writer for them. What pyarrow does
not tell of a file, it does not keep: levels of compression, sizes and version of pages, filters.
"""

import json
from typing import IO, Any, Final, TypeAlias

from dedup.readers.parquet_source import (
    ColumnPath,
    Metadata,
    ParquetSource,
    Schema,
    load_arrow,
)

ArrowWriter: TypeAlias = Any  # pyarrow.parquet.ParquetWriter, which has no types
_DICTIONARIES: Final = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
_SCHEMA_KEY: Final = b"ARROW:schema"
_OLDEST: Final = "1.0"
_NEWEST: Final = "2.6"


def open_writer(
    file: ParquetSource, schema: Schema, output: IO[bytes], text: ColumnPath
) -> ArrowWriter:
    """Open a writer that packs each column as the source does, and new ones as its text.

    Args:
        file: The source.
        schema: The columns to write; those of the source, perhaps with others behind them.
        output: Where the bytes go; it is not closed.
        text: The column whose values may change, so that no order of it is promised.
    """
    metadata = file.metadata
    columns = [_Column(metadata, number) for number in range(metadata.num_columns)]
    new = schema.names[len(file.schema.names) :]
    codec = next((column.codec for column in columns if column.path == ".".join(text)), "SNAPPY")
    return load_arrow().parquet.ParquetWriter(
        output,
        schema,
        version=_choose_version(metadata),
        compression={column.path: column.codec for column in columns} | dict.fromkeys(new, codec),
        use_dictionary=[column.path for column in columns if column.has_dictionary] + new,
        use_byte_stream_split=[column.path for column in columns if column.is_split],
        write_statistics=[column.path for column in columns if column.has_statistics] + new,
        write_page_index=any(column.has_index for column in columns),
        use_deprecated_int96_timestamps=any(column.kind == "INT96" for column in columns),
        store_decimal_as_integer=any(column.is_integer_decimal for column in columns),
        use_compliant_nested_type=not any(".list.item" in column.path for column in columns),
        store_schema=_SCHEMA_KEY in (metadata.metadata or {}),
        sorting_columns=_choose_sorting(metadata, columns, text),
    )


class _Column:
    """How a column of the source is packed, by its first row group."""

    def __init__(self, metadata: Metadata, number: int) -> None:
        described = metadata.schema.column(number)
        self.path, self.kind = described.path, described.physical_type
        logical = json.loads(described.logical_type.to_json())
        self.is_integer_decimal = logical["Type"] == "Decimal" and self.kind.startswith("INT")
        self.codec, self.has_dictionary, self.is_split = "SNAPPY", True, False
        self.has_statistics, self.has_index = True, False
        if metadata.num_row_groups:
            self._take_chunk(metadata.row_group(0).column(number))

    def _take_chunk(self, chunk: Metadata) -> None:
        codec = chunk.compression
        self.codec = "NONE" if codec == "UNCOMPRESSED" else codec
        self.has_dictionary = not _DICTIONARIES.isdisjoint(chunk.encodings)
        self.is_split = not self.has_dictionary and "BYTE_STREAM_SPLIT" in chunk.encodings
        self.has_statistics = chunk.is_stats_set
        self.has_index = chunk.has_offset_index


def _choose_version(metadata: Metadata) -> str:
    """Choose the format's version: the source's, unless its types need a newer one.

    Spark says 1.0 whatever it writes. As 1.0 pyarrow makes int64 of uint32 and microseconds of
    nanoseconds.
    """
    if metadata.format_version != _OLDEST:
        return _NEWEST
    for number in range(metadata.num_columns):
        said = str(metadata.schema.column(number).logical_type)
        if "nanoseconds" in said or ("bitWidth=32" in said and "isSigned=false" in said):
            return _NEWEST
    return _OLDEST


def _choose_sorting(
    metadata: Metadata, columns: list[_Column], text: ColumnPath
) -> tuple[Any, ...] | None:
    """Give the columns that all row groups are sorted by, up to the one that changes."""
    orders = {metadata.row_group(n).sorting_columns for n in range(metadata.num_row_groups)}
    kept = []
    for column in orders.pop() if len(orders) == 1 else ():
        if columns[column.column_index].path == ".".join(text):
            break
        kept.append(column)
    return tuple(kept) or None
