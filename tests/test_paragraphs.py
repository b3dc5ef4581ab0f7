"""Texts are parted at blank lines; what is no prose is left out; places point into the source."""

import re
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig
from dedup.kernels import Engine
from dedup.model import Block, BlockKind, Document, DocumentBatch, ParagraphBatch, Span
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import batch_from_documents, batch_from_text, pad

Found = tuple[str, int, int, int]  # text, first line, last line, column
PARTED: Final = ParagraphsConfig()
_BLANKS: Final = " \t\x0b\x0c\x1c\x1d\x1e\x1f"
_TEXTS: Final = st.lists(
    st.sampled_from(
        ["\n", "\r\n", "\r", "\n\n", " ", "\t", "\x0b", "\x1c", "a", "b c", "\u00e9", "\u2028",
         "\u00a0", "\x85", "\0", "word " * 15, " " * 70]
    ),
    max_size=25,
).map("".join)  # fmt: skip


def of_text(text: str, config: ParagraphsConfig, engine: Engine) -> list[Found]:
    buffer = pad(text.encode())
    return found_in(split_paragraphs(batch_from_text("a.txt", buffer, 1, None), config, engine))


def found_in(paragraphs: ParagraphBatch) -> list[Found]:
    buffer = paragraphs.batch.buffer
    return [
        (
            buffer[paragraphs.starts[row] : paragraphs.ends[row]].tobytes().decode(),
            int(paragraphs.start_lines[row]),
            int(paragraphs.end_lines[row]),
            int(paragraphs.columns[row]),
        )
        for row in range(len(paragraphs.starts))
    ]


def part(text: str) -> list[Found]:
    """Part a text line by line, as the design says it: a line ends at LF, CR LF or CR."""
    found: list[Found] = []
    first, begun, is_open = 0, 0, False
    for number, line in enumerate(re.finditer("([^\r\n]*)(\r\n|\n|\r|$)", text), 1):
        body = line[1].strip(_BLANKS)
        place = line.start() + line[1].find(body)
        if body and not is_open:
            first, begun = number, place
            found.append((body, number, number, place - line.start() + 1))
        elif body:
            found[-1] = (text[begun : place + len(body)], first, number, found[-1][3])
        is_open = bool(body)
    return found


@settings(max_examples=200)
@given(_TEXTS)
@example("a\r\n\r\nb\r\rc\n\rd")
@example(" " * 63 + "\n\n" + "a" * 63 + "\r\n" + "b")
def test_a_text_is_parted_at_lines_of_blanks(engine: Engine, text: str) -> None:
    assert of_text(text, PARTED, engine) == part(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\r\n", []),
        ("One.", [("One.", 1, 1, 1)]),
        ("One\ntwo.\n\n \nThree.\n", [("One\ntwo.", 1, 2, 1), ("Three.", 5, 5, 1)]),
        ("\n\n  One.  \n\n", [("One.", 3, 3, 3)]),
        ("One\r\n\r\nTwo\r\rThree", [("One", 1, 1, 1), ("Two", 3, 3, 1), ("Three", 5, 5, 1)]),
        ("One\u2028\u2028two", [("One\u2028\u2028two", 1, 1, 1)]),
        ("\u00a0\n\ntwo", [("\u00a0", 1, 1, 1), ("two", 3, 3, 1)]),
    ],
)
def test_paragraphs_of_small_texts(engine: Engine, text: str, expected: list[Found]) -> None:
    assert of_text(text, PARTED, engine) == expected


def test_a_record_is_one_paragraph_blank_lines_or_not(engine: Engine) -> None:
    found = of_text("One.\n\nTwo.", ParagraphsConfig(unit="record"), engine)

    assert [text for text, *_ in found] == ["One.\n\nTwo."]


def make_batch(blocks: Sequence[tuple[BlockKind, str]], *, is_source: bool) -> DocumentBatch:
    """Make a document of blocks that begin on lines 10, 20, ... at column 5."""
    made = tuple(
        Block(
            kind, text, Span(10 * n, 5, 10 * n + text.count("\n"), 9, 100 * n, 100 * n + len(text))
        )
        for n, (kind, text) in enumerate(blocks, 1)
    )
    document = Document("a", "a.md", made)
    return batch_from_documents("a.md", [document], is_source=is_source)


def test_only_prose_is_compared(engine: Engine) -> None:
    batch = make_batch([(kind, kind.name) for kind in BlockKind], is_source=True)

    for unit in ("paragraph", "record"):
        found = split_paragraphs(batch, ParagraphsConfig(unit=unit), engine)
        assert [text for text, *_ in found_in(found)] == ["TEXT", "PARAGRAPH", "LIST", "QUOTE"]
        assert found.block.tolist() == [0, 1, 3, 5]


def test_places_count_on_from_the_block_s_own(engine: Engine) -> None:
    texts = [(BlockKind.TEXT, " one\ntwo\n\n three"), (BlockKind.PARAGRAPH, "four")]
    found = split_paragraphs(make_batch(texts, is_source=True), PARTED, engine)

    assert found_in(found) == [
        ("one\ntwo", 10, 11, 6),
        ("three", 13, 13, 2),
        ("four", 20, 20, 5),
    ]
    assert found.document.tolist() == [0, 0, 0]


def test_the_lines_of_a_string_are_not_those_of_its_source(engine: Engine) -> None:
    batch = make_batch([(BlockKind.TEXT, "one\n\ntwo\nthree")], is_source=False)

    found = found_in(split_paragraphs(batch, PARTED, engine))

    assert found == [("one", 10, 10, 5), ("two\nthree", 10, 10, 5)]


def test_paragraphs_know_their_documents(engine: Engine) -> None:
    span = Span(1, 1, 3, 3, 0, 6)
    block = Block(BlockKind.TEXT, "a\n\nb", span)
    documents = [Document(0, None, (block,)), Document(1, None, ()), Document(2, None, (block,))]

    found = split_paragraphs(batch_from_documents(None, documents), PARTED, engine)

    assert found.document.tolist() == [0, 0, 2, 2]
