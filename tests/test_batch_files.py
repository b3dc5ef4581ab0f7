"""A batch that was packed comes back as it was."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch_files import StoredBatches, measure_batch, pack_batch
from dedup.model import (
    Block,
    BlockKind,
    Directive,
    Document,
    DocumentBatch,
    Head,
    Problem,
    Span,
)
from dedup.readers.batches import batch_from_documents, batch_from_problem

_IDENTITIES = st.text(max_size=5) | st.integers(-9, 10**12)


@st.composite
def make_batches(draw: st.DrawFn) -> DocumentBatch:
    documents = [
        Document(identity, None, (Block(BlockKind.TEXT, text, Span(1, 2, 3, 4, 5, 6)),), date, head)
        for identity, text, date, head in draw(
            st.lists(
                st.tuples(
                    _IDENTITIES,
                    st.text(st.characters(codec="utf-8"), max_size=8),
                    st.sampled_from([None, "2026-11-26"]),
                    st.builds(Head, st.text(max_size=3), st.text(max_size=3)),
                ),
                max_size=4,
            )
        )
    ]
    remarks = (Problem("a", None, "guessed"),) if draw(st.booleans()) else ()
    return batch_from_documents("a", documents, has_ends=draw(st.booleans()), remarks=remarks)


def assert_same(one: DocumentBatch, other: DocumentBatch) -> None:
    for field in fields(DocumentBatch):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            assert left.dtype == right.dtype
            assert left.tolist() == right.tolist()
        else:
            assert left == right


def store(batches: list[DocumentBatch]) -> StoredBatches:
    packed = [pack_batch(batch) for batch in batches]
    content = np.concatenate([np.empty(0, np.uint8), *packed])
    return StoredBatches(content, np.cumsum([len(each) for each in packed], dtype=np.int64))


@given(st.lists(make_batches(), max_size=12))
def test_batches_come_back_as_they_were(batches: list[DocumentBatch]) -> None:
    stored = store(batches)

    assert len(stored) == len(batches)
    for found, batch in zip(stored, batches, strict=True):
        assert_same(found, batch)
    for place in (*range(len(batches)), *range(-len(batches), 0)):
        assert_same(stored[place], batches[place])


def test_what_a_source_says_of_itself_comes_back() -> None:
    batch = batch_from_documents("a", [])
    directive = Directive("ignore", 1, 2, 3, 4, ("DUP001",), "why", None)
    told = DocumentBatch(
        **{
            **{field.name: getattr(batch, field.name) for field in fields(batch)},
            "directives": (directive,),
            "source": np.arange(7, dtype=np.uint8),
        }
    )

    assert_same(store([told])[0], told)


def test_a_problem_comes_back() -> None:
    batch = batch_from_problem(Problem("a", 7, "torn \ud800"))

    assert_same(store([batch])[0], batch)


def test_texts_can_be_left_out() -> None:
    batch = batch_from_documents("a", [Document("x", "a", (), None)])
    lean = store([batch, batch]).without_texts()

    assert [len(each.buffer) for each in lean[:2]] == [0, 0]
    assert lean[1].ids == batch.ids


def test_there_is_no_batch_behind_the_last() -> None:
    with pytest.raises(IndexError):
        store([])[0]


def test_a_batch_is_measured_with_its_ids() -> None:
    batch = batch_from_documents("a", [Document(str(n), "a", (), None) for n in range(100)])

    assert measure_batch(batch) >= 5000
