"""Hold tables: columns that grow together, where the storage of a run holds columns."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.storage import Storage

ColumnTypes: TypeAlias = Mapping[str, npt.DTypeLike]
_Array: TypeAlias = npt.NDArray[Any]


class GrowingTable:
    """Columns that grow at their end, all of them at the same time."""

    def __init__(self, storage: Storage, name: str, types: ColumnTypes, expected: int = 0) -> None:
        """Make the columns.

        Args:
            storage: Where they are.
            name: Stands before the name of each; no two tables of a run have the same.
            types: The name and type of each.
            expected: How many values each may get, about.
        """
        self._columns = {
            column: storage.make_column(f"{name}.{column}", dtype, expected)
            for column, dtype in types.items()
        }

    def append(self, **values: _Array) -> None:
        """Put values behind those held, some of every column."""
        for name, column in self._columns.items():
            column.append(values[name])

    def finish(self) -> dict[str, _Array]:
        """Give the columns; nothing may be appended after it."""
        return {name: column.finish() for name, column in self._columns.items()}


def open_table(storage: Storage, name: str, types: ColumnTypes) -> dict[str, _Array]:
    """Give the columns of a table that a stage of an earlier run has finished."""
    return {
        column: storage.open_column(f"{name}.{column}", np.dtype(dtype))
        for column, dtype in types.items()
    }
