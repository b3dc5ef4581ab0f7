"""Some of the paragraphs of a corpus are the same paragraphs, wherever their columns are."""

from dataclasses import fields
from typing import Any, Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Config, RunConfig, ShinglesConfig
from dedup.execution import Run
from dedup.gathering import gather_records
from dedup.model import Corpus, TermLists, TokenLists
from dedup.scratch import Scratch
from dedup.storage import Storage
from dedup.subsets import take_paragraphs, take_tokens
from tests.edited_documents import DOCUMENTS, Documents

_RULES: Final = st.sampled_from([RunConfig(engine="numpy"), RunConfig("numpy", rules=("DUP001",))])


def gather(documents: Documents, config: RunConfig) -> tuple[Corpus, TokenLists | None]:
    records: list[dict[str, Any]] = [{"text": "\n\n".join(texts)} for texts in documents]
    settings = Config(shingles=ShinglesConfig("char", 5), run=config)
    return gather_records(records, Run(settings, 0, lambda _stage, _done: None))


def tell(part: Corpus | TokenLists | TermLists | None) -> object:
    """Give the values of all columns with their types."""
    if part is None:
        return None
    told = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, TokenLists | TermLists):
            told[field.name] = tell(value)
        elif isinstance(value, np.ndarray):
            told[field.name] = (value.dtype.name, value.tolist())
        elif field.name != "batches":
            told[field.name] = value
    return told


@given(DOCUMENTS, _RULES, st.booleans(), st.data())
def test_a_subset_is_what_the_corpus_takes(
    documents: Documents,
    config: RunConfig,
    is_spilled: bool,  # noqa: FBT001 -- hypothesis draws it
    data: st.DataObject,
) -> None:
    corpus, units = gather(documents, config)
    chosen = data.draw(st.sets(st.sampled_from(range(len(corpus))))) if len(corpus) else ()
    numbers = np.array(sorted(chosen), np.int64)
    storage = Storage(1 << 60)
    storage.is_spilled = is_spilled

    part = take_paragraphs(corpus, numbers, Scratch(storage))

    assert tell(part) == tell(corpus.take(numbers))
    assert part.batches is corpus.batches
    if units is not None:
        taken = take_tokens(units, numbers, Scratch(storage), "units")
        assert tell(taken) == tell(units.take(numbers))
