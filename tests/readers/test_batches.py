"""Documents and spans as columns."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import PADDING, Block, BlockKind, Document, DocumentBatch, Problem, Span
from dedup.readers.batches import (
    batch_from_documents,
    batch_from_problem,
    encode_id,
    encode_text,
    find_line_starts,
)


def one_block(text: str, line: int = 1) -> Block:
    return Block(BlockKind.PARAGRAPH, text, Span(line, 3, line, 3 + len(text), 10, 10 + len(text)))


def texts_of(batch: DocumentBatch) -> list[str]:
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.buffer[start:end].tobytes().decode() for start, end in spans]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3)))
def test_every_text_of_every_document_comes_back(documents: list[list[str]]) -> None:
    batch = batch_from_documents(
        None,
        [
            Document(number, None, tuple(map(one_block, texts)))
            for number, texts in enumerate(documents)
        ],
    )

    assert texts_of(batch) == [text for texts in documents for text in texts]
    assert batch.document.tolist() == [n for n, texts in enumerate(documents) for _ in texts]
    assert [json.loads(identity) for identity in batch.ids] == list(range(len(documents)))
    assert not batch.buffer[-PADDING:].any()


def test_spans_kinds_and_dates_become_columns() -> None:
    heading = Block(BlockKind.HEADING, "# T", Span(1, 1, 1, 3, 0, 3))
    prose = Block(BlockKind.PARAGRAPH, "one\ntwo", Span(4, 5, 5, 3, 17, 24))

    batch = batch_from_documents(
        "a.md",
        [Document("x", "a.md", (heading, prose), "2026-01-31"), Document(7, "a.md", ())],
        is_source=True,
    )

    assert batch.path == "a.md"
    assert batch.ids == [b'"x"', b"7"]
    assert batch.dates == ["2026-01-31", ""]
    assert batch.kinds.tolist() == [BlockKind.HEADING, BlockKind.PARAGRAPH]
    assert (batch.lines.tolist(), batch.columns.tolist()) == ([1, 4], [1, 5])
    assert (batch.chars.tolist(), batch.end_lines.tolist()) == ([0, 17], [1, 5])
    assert batch.is_source


def test_columns_have_the_types_that_kernels_ask_for() -> None:
    for batch in (
        batch_from_documents(None, [Document(0, None, (one_block("a"),))]),
        batch_from_documents(None, []),
        batch_from_problem(Problem("a.txt", None, "gone")),
    ):
        assert batch.buffer.dtype == batch.kinds.dtype == np.uint8
        assert batch.document.dtype == batch.columns.dtype == np.int32
        assert batch.starts.dtype == batch.ends.dtype == batch.lines.dtype == np.int64
        assert batch.chars.dtype == batch.end_lines.dtype == np.int64


def test_no_date_at_all_gives_no_column_of_dates() -> None:
    assert batch_from_documents(None, [Document(0, None, ())]).dates is None


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    batch = batch_from_documents(None, [Document("i\udcff", None, (one_block("a\ud83db"),))])

    assert texts_of(batch) == ["a\ufffdb"]
    assert batch.ids == ['"i\ufffd"'.encode()]
    assert encode_text("\ud83d\udc4d") == "\ufffd\ufffd".encode()


@given(st.one_of(st.text(), st.integers()))
def test_an_id_is_json_in_utf8(identity: str | int) -> None:
    decoded = json.loads(encode_id(identity).decode())

    assert decoded == identity or "\ufffd" in decoded


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        (b"", [0]),
        (b"\r", [0, 1]),
        (b"\n\n", [0, 1, 2]),
        (b"a\r\nb\rc\nd", [0, 3, 5, 7]),
        (b"\r\r\n\r", [0, 1, 3, 4]),
        ("\u2028\x0b\x0c\x85".encode(), [0]),
    ],
)
def test_a_line_ends_at_line_feed_or_return_or_both(text: bytes, starts: list[int]) -> None:
    assert find_line_starts(np.frombuffer(text, np.uint8)).tolist() == starts


def test_a_problem_gives_a_batch_that_only_carries_it() -> None:
    problem = Problem("a.txt", 3, "byte 0xe9 is not UTF-8")

    batch = batch_from_problem(problem)

    assert batch.problems == (problem,)
    assert batch.path == "a.txt"
    assert (batch.ids, len(batch.starts)) == ([], 0)
