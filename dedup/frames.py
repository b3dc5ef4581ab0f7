"""Read and thin out what holds records in columns: frames, tables, datasets and single columns.

In: an object of pandas, polars, Arrow or Hugging Face's datasets, known by the names of its class
and package, so that nothing is imported that the caller has not. Out: its needed columns as rows of
dicts, and the same object with the rows that are kept: all columns, types and order as they were.

Decision (2026-11-25): a null is a frame's own word for 'no text': its row is kept and compared with
none. In a list of dicts None stays an error, since there it is as often a misspelt field.
What would be computed, streamed or mixed by reading it (a LazyFrame, an IterableDataset, the splits
of a DatasetDict) is refused with what to write instead: to do it in secret costs more than a call.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, TypeAlias

import numpy as np

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BoolArray

# The packages are not imported here, nor are their types.
Holder: TypeAlias = Any
_NULLS: Final = ("NAType", "NaTType")  # pandas'; neither is equal to itself or to anything
_SHOWN_COLUMNS: Final = 20
_KNOWN: Final = (
    "Give a pandas or polars frame or column, an Arrow table or array, a Dataset, or a list."
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one class of objects is read and thinned out.

    Attributes:
        columns: Gives the names of its columns; None where it is one column itself.
        read: Gives the values of the column at a place among its columns, or its own.
        keep: Gives it with the rows of a mask.
    """

    columns: Callable[[Holder], list[object]] | None
    read: Callable[[Holder, int], list[object]]
    keep: Callable[[Holder, BoolArray], Holder]


def _read_dataset(dataset: Holder, place: int) -> list[object]:
    """Read a column of a Hugging Face dataset, whatever format its rows are asked for in."""
    name = dataset.column_names[place]
    table = dataset.select_columns([name]).with_format("arrow")[:]
    return list(table.column(0).to_pylist())


def _keep_selected(dataset: Holder, mask: BoolArray) -> Holder:
    return dataset.select(mask.nonzero()[0])


def _keep_filtered(holder: Holder, mask: BoolArray) -> Holder:
    try:
        return holder.filter(mask)
    except NotImplementedError:  # Arrow filters no columns of views: runs of rows are joined
        return _join_runs(holder, mask)


def _join_runs(holder: Holder, mask: BoolArray) -> Holder:
    """Join the runs of rows that are kept, each a slice."""
    arrow = sys.modules["pyarrow"]
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).tolist()
    runs = zip(edges[::2], edges[1::2], strict=True)
    parts = [holder.slice(start, end - start) for start, end in runs] or [holder.slice(0, 0)]
    kind = type(holder).__name__
    if kind == "Table":
        return arrow.concat_tables(parts)
    if kind == "RecordBatch":
        return arrow.concat_batches(parts)
    if kind == "ChunkedArray":
        return arrow.chunked_array([chunk for part in parts for chunk in part.chunks], holder.type)
    return arrow.concat_arrays(parts)


def _keep_indexed(holder: Holder, mask: BoolArray) -> Holder:
    return holder[mask]


_TABLE: Final = _Kind(
    lambda table: list(table.schema.names),
    lambda table, place: list(table.column(place).to_pylist()),
    _keep_filtered,
)
_ARRAY: Final = _Kind(None, lambda array, _: list(array.to_pylist()), _keep_filtered)
# By package and class; a class that is derived from one of these is read as it.
_KINDS: Final = {
    ("pandas", "DataFrame"): _Kind(
        lambda frame: list(frame.columns),
        lambda frame, place: list(frame.iloc[:, place].tolist()),
        _keep_indexed,
    ),
    ("pandas", "Series"): _Kind(None, lambda column, _: list(column.tolist()), _keep_indexed),
    ("polars", "DataFrame"): _Kind(
        lambda frame: list(frame.columns),
        lambda frame, place: list(frame.to_series(place).to_list()),
        _keep_filtered,
    ),
    ("polars", "Series"): _Kind(None, lambda column, _: list(column.to_list()), _keep_filtered),
    ("pyarrow", "Table"): _TABLE,
    ("pyarrow", "RecordBatch"): _TABLE,
    ("pyarrow", "ChunkedArray"): _ARRAY,
    ("pyarrow", "Array"): _ARRAY,
    ("datasets", "Dataset"): _Kind(
        lambda dataset: list(dataset.column_names), _read_dataset, _keep_selected
    ),
}
_REFUSED: Final = {
    ("polars", "LazyFrame"): "Compute it first: frame.collect().",
    ("pyarrow", "RecordBatchReader"): "Read it first: reader.read_all().",
    ("pyarrow", "Dataset"): "Read it first: dataset.to_table().",
    ("datasets", "IterableDataset"): "Load it first: Dataset.from_list(list(dataset)).",
    ("datasets", "DatasetDict"): "Give one split, as dataset['train'], or several put together: "
    "datasets.concatenate_datasets([*dataset.values()]).",
    ("datasets", "IterableDatasetDict"): "Give one split, loaded: "
    "Dataset.from_list(list(dataset['train'])).",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """An object that holds records, and what is known of its class."""

    holder: Holder
    kind: _Kind

    def list_rows(self, text: str, others: Mapping[str, bool]) -> list[dict[str, object]]:
        """Give the rows as dicts of some columns; a null text as '', any other null as None.

        Args:
            text: The column of the text; what is itself one column is given under this name.
            others: Further columns, and whether each must be there.

        Raises:
            InputError: A column that must be there is missing, or is there twice.
        """
        texts = ["" if is_null(value) else value for value in self._read(text)]
        columns = {text: texts}
        if self.kind.columns is not None:
            names = self.kind.columns(self.holder)
            wanted = [name for name, is_needed in others.items() if is_needed or name in names]
            for name in wanted:
                values = self._read(name)
                columns.setdefault(name, [None if is_null(value) else value for value in values])
        rows = zip(*columns.values(), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _read(self, name: str) -> list[object]:
        if self.kind.columns is None:
            return self.kind.read(self.holder, 0)
        names = self.kind.columns(self.holder)
        places = [place for place, label in enumerate(names) if str(label) == name]
        if len(places) != 1:
            found = f"{len(places)} columns" if places else "no column"
            problem = f"it has {found} '{name}' among {_show(names)}"
            remedy = "Name the column with text=, or in ReadersConfig, or rename it."
            raise InputError("records", None, problem, remedy)
        return self.kind.read(self.holder, places[0])

    def keep(self, mask: BoolArray) -> Holder:
        """Give an object of the same kind with the rows at which the mask is true."""
        return self.kind.keep(self.holder, mask)


def _show(names: list[object]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN_COLUMNS])
    n_more = len(names) - _SHOWN_COLUMNS
    return (f"{shown} and {n_more} more" if n_more > 0 else shown) or "none"


def is_null(value: object) -> bool:
    """Tell None, NaN and the nulls of pandas from a value.

    >>> is_null(float("nan")), is_null("nan")
    (True, False)
    """
    if value is None:
        return True
    if isinstance(value, Real):
        return value != value  # noqa: PLR0124 -- NaN
    return type(value).__name__ in _NULLS


def find_frame(holder: Holder) -> Frame | None:
    """Recognize a frame, a table, a dataset or a column; None for a list or any other iterable.

    Raises:
        InputError: It is one that must be computed, loaded or chosen from first, or an unknown
            one, which would be iterated over by the names of its columns.
    """
    for base in type(holder).__mro__:
        key = base.__module__.partition(".")[0], base.__name__
        if key in _KINDS:
            return Frame(holder, _KINDS[key])
        if key in _REFUSED:
            problem = f"a {key[1]} of {key[0]} is not read as it is"
            raise InputError("records", None, problem, _REFUSED[key])
    columns = getattr(holder, "columns", None)
    if columns is not None and not callable(columns):
        name = f"{type(holder).__module__}.{type(holder).__qualname__}"
        raise InputError("records", None, f"it is {name}, an unknown kind of frame", _KNOWN)
    return None


def list_records(holder: Holder, config: ReadersConfig) -> list[dict[str, object]] | None:
    """Give the rows of a frame as records of text, id and date; None for what is no frame.

    Args:
        holder: Anything.
        config: The names of the columns; that of the ids need not be there.

    Raises:
        InputError: A column is missing, or the frame is one that is refused.
    """
    frame = find_frame(holder)
    if frame is None:
        return None
    others = {config.id_field: False}
    if config.date_field is not None:
        others[config.date_field] = True
    return frame.list_rows(config.text_field, others)
