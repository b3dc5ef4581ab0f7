"""Plain text, Markdown and reStructuredText without some of their paragraphs."""

import io
import re
from collections.abc import Collection
from difflib import ndiff
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import pad
from dedup.readers.documents import parse_piece
from dedup.readers.sources import Piece, Source
from dedup.writers import text as text_writer
from dedup.writers.edits import Cut, Part
from dedup.writers.markdown_outline import outline_markdown
from dedup.writers.outlines import Outline
from dedup.writers.text import rewrite

CONFIG: Final = ReadersConfig()
COMMON: Final = [
    "word ",
    "é",
    "漢字 ",
    "\n",
    "\n\n",
    "\n\n",
    "\r\n\r\n",
    " ",
    "    ",
    "\t",
    "\r",
    "\0",
]
DIRECTIVES: Final = ["<!-- dedup: off\u00e9 -->", "<!-- dedup: ignore\nb -->", "<!-- dedup:"]
TEXT: Final = [*COMMON, *DIRECTIVES, "\v", "\f", "\u2028", "\x85", "- ", "> "]
MARKDOWN: Final = [
    *COMMON,
    *[*DIRECTIVES, "{/* dedup: on */}"],
    *["# ", "- ", "- ", "1. ", "> ", "> ", "[ ] ", "---", "===", "```\n", "| a |\n|---|\n", "x: y"],
    *["[a](b)", "[^1]", "[^1]: ", "[a]: b", "<!--", "-->", "<div>", "*", "+++"],
    *["a\n\nb\n\nc", "- a\n- b\n\n", "> a\n>\n> b\n\n", "  b\n", "\n\n  b\n"],
]
RST: Final = [
    *COMMON,
    *["- ", "* ", "1. ", "(a) ", "::", "\n===\n", ".. note:: ", ".. note::\n\n   ", ".. [1] "],
    *[":f: ", "| ", "a\n\nb\n\nc", "- a\n- b\n\n", "\n   b\n\n", "\n\n   b\n", "term\n  def\n\n"],
]
SOURCES: Final = {"text": TEXT, "markdown": MARKDOWN, "rst": RST}


def make_part(content: bytes, format_name: str, removed: Collection[int] = ()) -> Part:
    piece = Piece("a", format_name, pad(content), len(content))
    engine = load_engine("numpy")
    batch = parse_piece(piece, CONFIG, engine)
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)
    return Part(piece, content, paragraphs, np.array(sorted(removed), np.int64))


def paragraphs_of(content: bytes, format_name: str) -> list[str]:
    paragraphs = make_part(content, format_name).paragraphs
    return [
        paragraphs.batch.buffer[start:end].tobytes().decode()
        for start, end in zip(paragraphs.starts, paragraphs.ends, strict=True)
    ]


def cut(content: bytes, format_name: str, removed: Collection[int]) -> tuple[bytes, list[Cut]]:
    output = io.BytesIO()
    part = make_part(content, format_name, removed)
    source = Source("a", format_name, "", None, content)
    ((_, cuts),) = rewrite(source, [part], output, CONFIG)
    return output.getvalue(), cuts


def without(source: str, *removed: int, format_name: str = "markdown") -> str:
    """Remove paragraphs, all of which must go."""
    written, cuts = cut(source.encode(), format_name, removed)
    assert sorted(chain.from_iterable(each.rows for each in cuts)) == sorted(removed)
    return written.decode()


def put_back(written: bytes, cuts: list[Cut]) -> bytes:
    """Put what was cut out back to where it stood."""
    content = bytearray(written)
    for each in cuts:
        assert each.content is not None
        content[each.offset : each.offset] = each.content
    return bytes(content)


@st.composite
def removals(draw: st.DrawFn, format_name: str) -> tuple[bytes, set[int]]:
    content = "".join(draw(st.lists(st.sampled_from(SOURCES[format_name]), max_size=25))).encode()
    rows = range(len(paragraphs_of(content, format_name)))
    return content, set(draw(st.lists(st.sampled_from(rows), unique=True))) if rows else set()


@pytest.mark.parametrize("format_name", SOURCES)
@given(st.data())
def test_what_is_not_removed_reads_as_before(format_name: str, data: st.DataObject) -> None:
    content, removed = data.draw(removals(format_name))

    written, cuts = cut(content, format_name, removed)

    done = set(chain.from_iterable(each.rows for each in cuts))
    assert done <= removed
    assert format_name != "text" or done == removed
    texts = paragraphs_of(content, format_name)
    kept = [text for row, text in enumerate(texts) if row not in done]
    assert paragraphs_of(written, format_name) == kept
    assert put_back(written, cuts) == content
    assert done or written == content


@given(removals("text"))
def test_of_plain_text_only_lines_are_deleted(drawn: tuple[bytes, set[int]]) -> None:
    content, removed = drawn

    written, _ = cut(content, "text", removed)

    before, after = (
        re.split(r"(?<=\n)|(?<=\r)(?!\n)", each.decode()) for each in (content, written)
    )
    assert {line[0] for line in ndiff(before[:-1], after[:-1], None, None)} <= {" ", "-"}


@given(removals("text"), st.randoms(use_true_random=False))
def test_two_steps_leave_the_paragraphs_that_one_leaves(
    drawn: tuple[bytes, set[int]], random: Random
) -> None:
    content, removed = drawn
    first = {row for row in removed if random.random() < 0.5}

    once, _ = cut(content, "text", removed)
    between, _ = cut(content, "text", first)
    rest = [row for row in range(len(paragraphs_of(content, "text"))) if row not in first]
    twice, _ = cut(between, "text", {rest.index(row) for row in removed - first})

    assert paragraphs_of(twice, "text") == paragraphs_of(once, "text")


@pytest.mark.parametrize("format_name", SOURCES)
@pytest.mark.parametrize(
    ("source", "removed", "left"),
    [
        ("A\n\nB\n\nC\n", {0}, "B\n\nC\n"),
        ("A\n\nB\n\nC\n", {1}, "A\n\nC\n"),
        ("A\n\nB\n\nC\n", {2}, "A\n\nB\n"),
        ("A\n\nB\n\nC\n", {0, 1}, "C\n"),
        ("A\n\nB\n\nC\n", {1, 2}, "A\n"),
        ("A\n\nB\n\nC\n", {0, 1, 2}, ""),
        ("A\n\nB\n\nC", {2}, "A\n\nB\n"),
        ("A\n\nB\n\nC", {1}, "A\n\nC"),
        ("A\r\n\r\nB\r\n \t\r\nC\r\n", {1}, "A\r\n\r\nC\r\n"),
        ("A\n\n\n\nB\n\n\nC\n", {1}, "A\n\n\n\nC\n"),
        ("A\n \nB  \nb\t\n\nC  \n", {1}, "A\n \nC  \n"),
        ("A\n\nB\n\n\n", {1}, "A\n\n\n"),
        ("\n\nA\n\nB\n", {0}, "\n\nB\n"),
        ("\n \n\nA", {0}, ""),
    ],
)
def test_one_run_of_blank_lines_stays_between_neighbours(
    format_name: str, source: str, removed: set[int], left: str
) -> None:
    assert without(source, *removed, format_name=format_name) == left


@pytest.mark.parametrize("format_name", ["text", "markdown"])
def test_a_directive_between_two_paragraphs_stays_with_the_one_that_stays(format_name: str) -> None:
    source = "one é\n\n<!-- dedup: ignore é -->\n\ntwo\n\nthree\n"
    paragraphs = [text.split() for text in paragraphs_of(source.encode(), format_name)]

    left = without(source, paragraphs.index(["one", "é"]), format_name=format_name)

    assert left == "<!-- dedup: ignore é -->\n\ntwo\n\nthree\n"


def test_a_directive_goes_with_the_paragraph_that_it_stands_in() -> None:
    source = "one\n\ntwo <!-- dedup: ignore é -->\n\nthree\n"

    assert without(source, 1) == without(source, 1, format_name="text") == "one\n\nthree\n"


def test_a_text_with_lines_ended_by_returns_alone() -> None:
    assert without("A\r\rB\r\rC", 1, format_name="text") == "A\r\rC"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252", "shift_jis"])
@pytest.mark.parametrize("format_name", SOURCES)
def test_a_text_stays_in_its_encoding(format_name: str, encoding: str) -> None:
    japanese = encoding == "shift_jis"
    word = "港の船は霧の中で鐘を鳴らした。" if japanese else "Größe über Übermut für höhere Mühlen"
    source = f"{word} A\r\n\r\n{word} B\r\n\r\n{word} C\r\n"

    written, (done,) = cut(source.encode(encoding), format_name, {1})

    assert written == f"{word} A\r\n\r\n{word} C\r\n".encode(encoding)
    assert put_back(written, [done]) == source.encode(encoding)


def test_a_text_that_another_spelling_would_come_of_is_refused() -> None:
    # 0x81CA and 0xEEF9 both are the sign of negation; the codec writes the first.
    content = "港の船は霧の中で鐘を鳴らした。\n\n二つ目の段落。\n".encode("cp932") + b"\xee\xf9\n"

    assert cut(content, "text", ())[0] == content
    with pytest.raises(InputError, match="cannot be written again byte for byte in cp932"):
        cut(content, "text", {1})


@pytest.mark.parametrize(
    ("source", "removed", "left"),
    [
        ("- a\n- b\n- c\n", {0}, "- b\n- c\n"),
        ("- a\n- b\n- c\n", {1}, "- a\n- c\n"),
        ("X\n\n- a\n- b\n\nY\n", {1, 2}, "X\n\nY\n"),
        ("- a\n\n  b\n\n  c\n- d\n", {1}, "- a\n\n  c\n- d\n"),
        ("- a\n\n  b\n\n  c\n- d\n", {0}, "- b\n\n  c\n- d\n"),
        ("- a\n\n  b\n\n  c\n- d\n", {0, 1, 2}, "- d\n"),
        ("- a\n  - b\n  - c\n- d\n", {1, 2}, "- a\n- d\n"),
        ("- a\n  - b\n  - c\n- d\n", {0}, "- - b\n  - c\n- d\n"),
        ("- [x] a\n- [ ] b\n", {0}, "- [ ] b\n"),
        ("1. a\n2. b\n3. c\n", {1}, "1. a\n3. c\n"),
        ("> a\n>\n> b\n\nC\n", {0}, "> b\n\nC\n"),
        ("> a\n>\n> b\n\nC\n", {1}, "> a\n\nC\n"),
        ("> a\n>\n> b\n\nC\n", {0, 1}, "C\n"),
        ("A\n\n> b\n>\n> c\n>\n", {1, 2}, "A\n"),
        ("A\n\n> [!NOTE]\n> b\n\nC\n", {1}, "A\n\nC\n"),
        ("> - a\n>\n>   b\n> - c\n", {1}, "> - a\n>\n> - c\n"),
        ("> - a\n>\n>   b\n> - c\n", {0}, "> - b\n> - c\n"),
        ("- a\n\n  [b]: c\n", {0}, "- [b]: c\n"),
        ("# H\nA\n# G\nB\n", {0}, "# H\n# G\nB\n"),
        ("A\n\n| a |\n|---|\n| 1 |\n\nB\n", {0}, "| a |\n|---|\n| 1 |\n\nB\n"),
        ("[^1]: a\n\n    b\n\nC[^1]\n", {1}, "[^1]: a\n\nC[^1]\n"),
        ("---\nt: x\n---\n\nA\n\nB\n", {0, 1}, "---\nt: x\n---\n"),
    ],
)
def test_items_and_quotes_go_with_their_last_paragraph(
    source: str, removed: set[int], left: str
) -> None:
    assert without(source, *removed) == left


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("- a\n\nB\n\n- c\n", 1),  # two lists would be one
        ("- a\n\nB\n\n      code\n", 1),  # code would be the item's
        ("    one\n\nB\n\n    two\n", 0),  # two blocks of code would be one
        ("A\n\n---\nkey: x\n---\n\nB\n", 0),  # a heading would be front matter
        ("A[^1]\n\n[^1]: b\n", 1),  # the text names the footnote
    ],
)
def test_a_paragraph_stays_where_others_would_change(source: str, row: int) -> None:
    written, cuts = cut(source.encode(), "markdown", {row})

    assert (written.decode(), cuts) == (source, [])


def test_others_go_where_one_must_stay() -> None:
    written, cuts = cut(b"A\n\n- b\n\nC\n\n- d\n\nE\n\nF\n", "markdown", {0, 2, 4})

    assert written == b"- b\n\nC\n\n- d\n\nF\n"
    assert [each.rows for each in cuts] == [(0,), (4,)]


@pytest.mark.parametrize(
    ("source", "removed", "left"),
    [
        ("- a\n\n  b\n- c\n\nD\n", {0, 1}, "- c\n\nD\n"),
        ("- a\n\n  b\n- c\n\nD\n", {1}, "- a\n\n- c\n\nD\n"),
        ("- a\n\n  b\n- c\n\nD\n", {2}, "- a\n\n  b\n\nD\n"),
        ("A\n\n.. note:: b\n\nC\n", {1}, "A\n\nC\n"),
        ("A\n\n.. note::\n\n   b\n\n   c\n\nD\n", {1, 2}, "A\n\nD\n"),
        ("A\n\n.. note::\n\n   b\n\n   c\n\nD\n", {1}, "A\n\n.. note::\n\n   c\n\nD\n"),
        ("A\n\n:p: b\n:q: c\n", {1}, "A\n\n:q: c\n"),
        ("A. Smith came.\n\nB\n\nC\n", {0}, "B\n\nC\n"),
    ],
)
def test_items_and_directives_go_with_their_last_paragraph(
    source: str, removed: set[int], left: str
) -> None:
    assert without(source, *removed, format_name="rst") == left


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("A::\n\n    code\n\nB\n", 0),  # the code would be a quote
        ("term\n   definition\n\nB\n", 0),  # the term would be a paragraph
        ("- a\n\nB\n\n- c\n", 1),
        (".. [1] a\n\nB [1]_\n", 0),
    ],
)
def test_a_paragraph_stays_where_what_it_announces_would_change(source: str, row: int) -> None:
    written, cuts = cut(source.encode(), "rst", {row})

    assert (written.decode(), cuts) == (source, [])


def test_many_paragraphs_that_must_stay_are_found_in_few_readings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n_read: list[int] = []

    def count(content: bytes) -> Outline:
        n_read.append(len(content))
        return outline_markdown(content)

    monkeypatch.setitem(text_writer._OUTLINES, "markdown", count)  # noqa: SLF001 -- to be counted
    source = b"- a\n\nB\n\n- c\n\n# H\n\nD\n\n" * 500

    written, cuts = cut(source, "markdown", range(1, 2000, 2))

    assert b"B" in written
    assert len(cuts) <= 500
    assert len(n_read) <= 40


def test_the_places_of_cuts_count_from_the_beginning_of_the_source() -> None:
    _, cuts = cut("\ufeffÉ one\n\ntwo\n\nthree\n".encode(), "text", {1, 2})

    assert [(each.rows, each.offset, each.content) for each in cuts] == [
        ((1,), 10, b"\ntwo\n\n"),
        ((2,), 16, b"three\n"),
    ]


@example(0)
@given(st.integers(0, 1000))
def test_a_sample_of_the_manual_is_cut_by_whole_lines(number: int) -> None:
    path = Path(__file__).parents[2] / "data" / "docs" / "getting-started.md"
    content = path.read_bytes()
    row = number % len(paragraphs_of(content, "markdown"))

    written, _ = cut(content, "markdown", {row})

    kept = written.splitlines(keepends=True)
    lines = iter(content.splitlines(keepends=True))
    assert all(line in lines for line in kept)
