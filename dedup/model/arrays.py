"""Name the array types: dtype and meaning of every column that stages hand on.

Decision (2026-11-25): `distinct` and `are_among` stand for `np.unique` and `np.isin`, which load
`numpy.ma` on their first call: 8 ms of CPU, a twentieth of what one article costs.
"""

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

# One-dimensional and C-contiguous, all of them.
BoolArray: TypeAlias = npt.NDArray[np.bool_]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
TokenArray: TypeAlias = npt.NDArray[np.uint32]  # 29 bits of hash over 3 bits of class
ShingleArray: TypeAlias = npt.NDArray[np.uint32]
SignatureArray: TypeAlias = npt.NDArray[np.uint32]  # minima, num_perm a paragraph
HashArray: TypeAlias = npt.NDArray[np.uint64]
PairArray: TypeAlias = npt.NDArray[np.uint64]  # lower row << 32 | higher row
OffsetArray: TypeAlias = npt.NDArray[np.int64]
IndexArray: TypeAlias = npt.NDArray[np.int32]
ScoreArray: TypeAlias = npt.NDArray[np.float64]

PADDING: Final = 64  # bytes that a kernel may read behind the last byte of a buffer


def distinct(values: "npt.NDArray[Any]") -> "npt.NDArray[Any]":
    """Give the distinct values of an array, sorted.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    found: npt.NDArray[Any] = np.unique(values, return_counts=True)[0]
    return found


def are_among(values: "npt.NDArray[Any]", known: "npt.NDArray[Any]") -> BoolArray:
    """Tell which values of an array stand in another one of the same type.

    >>> are_among(np.array([3, 1, 2]), np.array([2, 3])).tolist()
    [True, False, True]
    """
    if not len(known):
        return np.zeros(len(values), np.bool_)
    ordered = distinct(known)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: BoolArray = ordered[places] == values
    return found
