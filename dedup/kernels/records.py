"""Name the columns of a scanned JSON line, which the compiled scanner and its reader share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# Bytes of the line, its text (inside the quotes), its id and its date (quotes included), -1 where
# missing; the escapes in the text; the line's number from 0; the text's column from 1.
LINE, LINE_END, TEXT, TEXT_END, ESCAPES, ID, ID_END, DATE, DATE_END, NUMBER, COLUMN = range(11)
COLUMNS = 11


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The records of a block: a row of COLUMNS int64 each, and FINE or ODD (let JSON decide)."""

    rows: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
