"""Lay out who said each sentence of restating paragraphs before, as a column of lists.

`Restatements` come in; the column `said` of `schemas.RESTATEMENTS` goes out, in the order and with
the fields of `dedup.sources.list_sources`.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from dedup.model import OffsetArray, Restatements
from dedup.spark.runtime.schemas import RESTATEMENTS, arrow_schema

SAID: Final = RESTATEMENTS[RESTATEMENTS.index("array<") :]


def lay_out_said(found: Restatements, ids: OffsetArray) -> pa.Array:
    """Give a list of sources for each restating paragraph.

    Args:
        found: Who restates what; the sources are places in `ids`.
        ids: The ids of the paragraphs of a block.
    """
    counts = np.diff(found.ends, prepend=0)
    sentences = np.arange(len(found.sources)) - np.repeat(found.ends - counts, counts)
    sources = np.stack([found.sources, found.seconds], axis=1)
    is_there = sources >= 0
    n_there = is_there.sum(axis=1)
    listed = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_there)])
    ends = listed[np.concatenate([np.zeros(1, np.int64), found.ends])].astype(np.int32)
    places = np.stack([found.source_sentences, found.second_sentences], axis=1)
    columns = {
        "sentence": np.repeat(sentences, n_there),
        "source": ids[sources[is_there]],
        "source_sentence": places[is_there],
        "share": found.shares[is_there],
        "is_second": np.broadcast_to([False, True], sources.shape)[is_there],
    }
    kind = arrow_schema(f"said {SAID}").field("said").type
    fields = [kind.value_type.field(place) for place in range(kind.value_type.num_fields)]
    arrays = [pa.array(columns[field.name]).cast(field.type) for field in fields]
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(arrays, fields=fields))
