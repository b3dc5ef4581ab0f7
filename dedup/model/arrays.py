"""Name the array types: dtype and meaning of every column that stages hand on."""

from typing import Final, TypeAlias

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
