"""Number ids of many files with few bits, in the same order, so that two fit one word.

In: ids of paragraphs. Out: numbers of 32 bits, and the ids again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dedup.model import HashArray, OffsetArray, distinct
from dedup.spark.runtime.schemas import FILE_BITS

_BITS: Final = 32


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CompactIds:
    """How ids become numbers: the place of their file among those met, over the number within it.

    Where that takes more than 32 bits, their own place among the ids met.
    """

    heads: OffsetArray
    shift: int

    @classmethod
    def of(cls, ids: OffsetArray) -> "CompactIds":
        """Number some ids, and no others."""
        inner = ids & (1 << FILE_BITS) - 1
        shift = int(inner.max(initial=0)).bit_length()
        files = distinct(ids >> FILE_BITS)
        if (len(files) - 1).bit_length() + shift > _BITS:
            return cls(distinct(ids), 0)
        return cls(files << FILE_BITS, shift)

    def encode(self, ids: OffsetArray) -> HashArray:
        """Give the numbers of ids, as 64-bit words of which the upper half is empty."""
        places = np.searchsorted(self.heads, ids, "right") - 1 if len(self.heads) > 1 else 0
        numbers: HashArray = (places << self.shift | ids - self.heads[places]).astype(np.uint64)
        return numbers

    def decode(self, numbers: HashArray) -> OffsetArray:
        """Give the ids again."""
        held = numbers.astype(np.int64)
        ids: OffsetArray = self.heads[held >> self.shift] + (held & (1 << self.shift) - 1)
        return ids
