"""Pieces written with edits: all bytes but the edited ones are copied, every cut is noted."""

import io

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import batch_from_documents, pad
from dedup.readers.sources import Piece
from dedup.writers.edits import Cut, Edit, Part, rewrite_pieces
from tests.writers.rewritten import put_back

CONFIG = ReadersConfig()
NOTHING = split_paragraphs(batch_from_documents("a", []), ParagraphsConfig(), load_engine("numpy"))


def make_part(raw: bytes, head: bytes = b"") -> Part:
    spoilt = pad(bytes(len(raw)))  # as parsing may leave a piece's data
    return Part(Piece("a", "text", spoilt, len(raw), head=head), raw, NOTHING, np.zeros(0, int))


def rewrite(parts: list[Part], edits: dict[bytes, list[Edit]]) -> tuple[bytes, list[list[Cut]]]:
    """Write parts with the edits of each, named by its bytes."""
    output = io.BytesIO()
    done = list(rewrite_pieces(parts, output, lambda part, _: edits.get(part.raw, []), CONFIG))
    assert [part for part, _ in done] == parts
    return output.getvalue(), [cuts for _, cuts in done]


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit], bytes]:
    """Draw bytes, edits of them in order, and what must come out, joined by hand."""
    pieces = draw(st.lists(st.binary(max_size=4), max_size=8))
    edits: list[Edit] = []
    raw, expected = b"", b""
    for number, piece in enumerate(pieces):
        kind = draw(st.sampled_from(["stays", "goes", "changes", "gets more"]))
        start, end = len(raw), len(raw) + (0 if kind == "gets more" else len(piece))
        added = b"" if kind in ("stays", "goes") else b"[new]"
        if kind != "stays":
            edits.append(Edit(start, end, added, (number,) if kind == "goes" else ()))
        raw += piece
        expected += {"stays": piece, "goes": b"", "changes": added}.get(kind, added + piece)
    return raw, edits, expected


@given(
    st.lists(edited(), max_size=4, unique_by=lambda each: each[0]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
@example([], b"")
def test_bytes_are_copied_but_where_they_are_edited(
    drawn: list[tuple[bytes, list[Edit], bytes]], head: bytes
) -> None:
    parts = [make_part(raw, b"" if at else head) for at, (raw, _, _) in enumerate(drawn)]

    written, _ = rewrite(parts, {raw: edits for raw, edits, _ in drawn})

    before = head if drawn else b""
    assert written == before + b"".join(expected for _, _, expected in drawn)


@given(
    st.lists(edited(), max_size=4, unique_by=lambda each: each[0]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_what_was_cut_put_back_at_its_offsets_gives_the_source(
    drawn: list[tuple[bytes, list[Edit], bytes]], head: bytes
) -> None:
    parts = [make_part(raw, head) for raw, _, _ in drawn]
    cuts_only = {raw: [edit for edit in edits if edit.rows] for raw, edits, _ in drawn}

    written, cuts = rewrite(parts, cuts_only)

    assert put_back(written, [cut for each in cuts for cut in each]) == b"".join(
        head + raw for raw, _, _ in drawn
    )
    rows = [[edit.rows for edit in edits if edit.rows] for _, edits, _ in drawn]
    assert [[cut.rows for cut in each] for each in cuts] == rows


def test_parts_are_written_as_they_are_asked_for() -> None:
    output = io.BytesIO()
    written = rewrite_pieces(
        map(make_part, (b"one", b"two")), output, lambda _part, _config: [], CONFIG
    )

    next(written)
    assert output.getvalue() == b"one"
    assert len(list(written)) == 1
    assert output.getvalue() == b"onetwo"
