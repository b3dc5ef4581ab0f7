"""What goes of texts that lose some of their paragraphs: worked out line by line beside it."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig
from dedup.kernels import load_engine
from dedup.model import Block, BlockKind, Document, Span
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import batch_from_documents, pad
from dedup.readers.sources import Piece
from dedup.writers.edits import Part
from dedup.writers.paragraph_cuts import Loss, find_losses

LINES = st.lists(st.sampled_from(["a", " b ", "é", "", "", " \t", "\x0c"]), max_size=8)
TEXTS = st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r"])).map(
    lambda each: each[1].join(each[0])
)
NOWHERE = Span(1, 1, 1, 1, 0, 0)


def make_part(texts: list[str]) -> Part:
    documents = [
        Document(at, "a", (Block(BlockKind.TEXT, text, NOWHERE),) if text else ())
        for at, text in enumerate(texts)
    ]
    batch = batch_from_documents("a", documents)
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), load_engine("numpy"))
    return Part(Piece("a", "jsonl", pad(b""), 0), b"", paragraphs, np.zeros(0, np.int64))


def remove(texts: list[str], rows: set[int]) -> list[Loss]:
    part = make_part(texts)
    rows = {row for row in rows if row < len(part.paragraphs.starts)}
    return list(
        find_losses(Part(part.piece, b"", part.paragraphs, np.array(sorted(rows), np.int64)))
    )


def part_by_hand(text: str) -> list[list[str]]:
    """Give runs of lines with their ends, of paragraphs and of blank lines in turn."""
    runs: list[list[str]] = [[]]
    for line in re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text):
        is_blank = not line.strip()
        if is_blank == (len(runs) % 2 == 1):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


@given(st.lists(TEXTS, min_size=1, max_size=3), st.sets(st.integers(0, 8)))
def test_a_paragraph_goes_with_its_lines_and_one_run_of_blank_ones(
    texts: list[str], rows: set[int]
) -> None:
    losses = {loss.document: loss for loss in remove(texts, rows)}

    row = 0
    for document, text in enumerate(texts):
        runs = part_by_hand(text)  # blank lines first, then paragraphs and blank lines in turn
        paragraphs = range(1, len(runs), 2)
        gone = [place for number, place in enumerate(paragraphs, row) if number in rows]
        row += len(paragraphs)
        loss = losses.get(document)
        if loss is None or not loss.stretches:
            assert (loss is None) == (not gone)
            assert loss is None or len(gone) == len(paragraphs)
            continue
        left = text.encode()
        for stretch in reversed(loss.stretches):
            left = left[: stretch.start] + left[stretch.end :]
        kept = [place for place in paragraphs if place not in gone]
        parts = [part for at, part in enumerate(runs) if at not in gone and at - 1 not in gone]
        expected = "".join(line for part in parts for line in part)
        if kept[-1] < paragraphs[-1]:  # the last goes: blank lines before it instead, its end stays
            middle = [at for at in range(kept[-1] + 1) if at not in gone and at - 1 not in gone]
            expected = "".join(line for at in middle for line in runs[at]).rstrip("\r\n")
            last = "".join(runs[paragraphs[-1]])
            expected += last[len(last.rstrip("\r\n")) :]
            expected += "".join(
                line for at in range(paragraphs[-1] + 1, len(runs)) for line in runs[at]
            )
        assert left.decode() == expected


def test_a_document_that_loses_all_goes_whole_and_others_are_not_touched() -> None:
    losses = remove(["a\n\nb", "", "c", " \n", "d\n\ne"], {2, 3})

    assert [(loss.document, loss.rows) for loss in losses] == [(2, (2,)), (4, (3,))]
    assert [loss.stretches == () for loss in losses] == [True, False]


def test_neighbours_that_go_are_one_stretch() -> None:
    (loss,) = remove(["a\n\nb\n\nc\n\nd\n\ne"], {1, 2, 4})

    assert [(each.start, each.end, each.rows) for each in loss.stretches] == [
        (3, 9, (1, 2)),
        (10, 13, (4,)),
    ]
