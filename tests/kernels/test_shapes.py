"""The shape of a paragraph: counts by hand, and both engines alike on any text."""

from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.kernels import Engine
from dedup.kernels.shapes import (
    CODE_LINES,
    FIRST_IS_ITEM,
    INDENTED_LINES,
    INK,
    IS_FENCED,
    ITEM_LINES,
    LETTERS,
    LINES,
    LINKED,
    PIPED_LINES,
    SHAPE_COLUMNS,
    SHORT_LINES,
    SIZE,
    SYMBOLS,
)
from dedup.readers.batches import pad
from tests.kernels.packing import Engines

_FRAGMENTS: Final = (
    *(" ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u00a0"),
    *("*", "+", "-", "--", "#", "|", "||", ".", "..", "...", "(", ")", ",", ":", ";", "{", "}"),
    *(
        "* ",
        "- ",
        "\n* ",
        "\n- ",
        "\n| ",
        "\n.. ",
        "\n1. ",
        "\n(a) ",
        "\n12) ",
        "\n1234. ",
        "\n(1.",
    ),
    *("1", "12", "123", "1234", "a", "B", "z)", "\u00e9", "\u00df.", "\u4e00", "\U0001f600"),
    *("\u2022", "\u2023", "\u2043", "\u25aa", "\u25e6", "\u2020", "\u2044", "\u25ab", "\u00e2"),
    *("h", "ht", "htt", "http", "https", "http:", "http:/", "http://", "https://x.y/z?a=b", "w"),
    *("ww", "www", "www.", "www.a", "hhttp://", "wwww.", "http:/ ", "`", "``", "```", "~~~", "~"),
    *("word", "words of text", "=", "<", ">", "@", "[", "\\", "]", "^", "_", "$", "!", '"', "/"),
)
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=25).map("".join),
    st.lists(st.sampled_from(_FRAGMENTS), max_size=25).map(" ".join),
    st.text(st.sampled_from("htps:/w. \n12a)(*|"), max_size=40),
    st.text(max_size=60),
)
_GAPS: Final = st.text(st.sampled_from(" \t\n\rx\u00a0"), max_size=7)


def measure(
    engine: Engine, texts: list[str], gaps: list[str] | None = None, floors: list[int] | None = None
) -> list[list[int]]:
    """Measure texts that stand in one buffer, each behind its gap."""
    parts, starts, ends = [b""], [], []
    for gap, text in zip(gaps or [""] * len(texts), texts, strict=True):
        starts.append(sum(map(len, parts)) + len(gap.encode()))
        parts += [gap.encode(), text.encode()]
        ends.append(starts[-1] + len(text.encode()))
    lows = [0, *ends[:-1]][: len(texts)] if floors is None else floors
    counts = engine.measure_shapes(
        pad(b"".join(parts)), *(np.array(column, np.int64) for column in (starts, ends, lows))
    )
    assert (counts.dtype, counts.shape) == (np.dtype(np.int32), (len(texts), SHAPE_COLUMNS))
    return [[int(count) for count in row] for row in counts]


@settings(max_examples=500)
@given(st.lists(st.tuples(TEXTS, _GAPS), max_size=5))
@example([("http:/", ""), ("/x", "")])  # an address never goes on in the next paragraph
@example([("ww", ""), ("w.a", ""), ("1.", ""), ("a", " "), ("\u20ac", ""), ("*", "")])
def test_both_engines_measure_the_same_shapes(
    engines: Engines, paragraphs: list[tuple[str, str]]
) -> None:
    texts, gaps = [text for text, _ in paragraphs], [gap for _, gap in paragraphs]
    oracle, compiled = (measure(engine, texts, gaps) for engine in engines)

    assert compiled == oracle


def shape(engine: Engine, text: str) -> list[int]:
    (counts,) = measure(engine, [text])
    return counts


@pytest.mark.parametrize("mark", [
    *("*", "-", "+", "\u2022", "\u2023", "\u2043", "\u25aa", "\u25e6", "#", "|", ".."),
    *("1.", "12.", "123.", "1)", "(1)", "(12.", "a.", "a)", "(a)", "Z)"),
])  # fmt: skip
def test_a_line_that_begins_with_a_mark_is_an_item(engine: Engine, mark: str) -> None:
    counts = shape(engine, f"{mark} one\n  {mark}\ttwo\nthree")

    assert (counts[LINES], counts[ITEM_LINES], counts[FIRST_IS_ITEM]) == (3, 2, 1)


@pytest.mark.parametrize("mark", [
    *("*a", "-1", "--", "...", ".", "1234.", "1.5", "ab.", "(ab)", "((1)", "\u00e9)", "a", "()"),
    *("\u2020", "\u4e00.", "1", "(1", "~", ">"),
])  # fmt: skip
def test_a_line_that_only_looks_so_is_none(engine: Engine, mark: str) -> None:
    counts = shape(engine, f"{mark} one")

    assert (counts[LINES], counts[ITEM_LINES], counts[FIRST_IS_ITEM]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("one", LINES, 1),
        ("one\n\n \t\ntwo\r\nthree\rfour", LINES, 3),  # a CR alone ends no line
        ("a | b | c\n|d|\n| e\nf", PIPED_LINES, 2),
        ("a {\n b;\n c,\n}\nd: \ne)\nf", CODE_LINES, 6),
        ("a b c d e\na b c d e f\ng", SHORT_LINES, 2),
        ("a\n    b\n\tc\n\t\t\t\td\n   e", INDENTED_LINES, 2),  # a tab counts as one blank
        ("one\n- two", FIRST_IS_ITEM, 0),
        (" \n  \t- two\n", FIRST_IS_ITEM, 1),
        (" \n  \t- two\n", LINES, 1),
        ("   \tone\n ", INDENTED_LINES, 1),
        ("    \n one", INDENTED_LINES, 0),
        ("a b\u00a0\u4e00.\n", INK, 5),  # a no-break space is a character
        ("aZ \u00e9\u4e00 1-_", LETTERS, 4),
        ("#$*+;<=>@[\\]^_`{|}~", SYMBOLS, 19),
        ("a1!\"%&'(),-./:?\u00e9", SYMBOLS, 0),
        ("see http://a.b/c?d and https://e or www.f.", LINKED, 14 + 9 + 6),
        ("http: www http:/ Http://a ww.w", LINKED, 6),
        ("xhttp://a_b|c", LINKED, 12),
        ("http://a_b|c d", LETTERS, 1),  # letters and signs of an address do not count
        ("http://a_b|c d", SYMBOLS, 0),
        ("http://a_b|c d", INK, 13),
        ("```\nx", IS_FENCED, 1),
        ("~~~py", IS_FENCED, 1),
        ("``", IS_FENCED, 0),
        ("`~`", IS_FENCED, 0),
        ("---", IS_FENCED, 0),
        ("\u4e00a\n", SIZE, 5),
        ("", SIZE, 0),
        ("", LINES, 0),
    ],
)
def test_counts_by_hand(engine: Engine, text: str, column: int, expected: int) -> None:
    assert shape(engine, text)[column] == expected


@pytest.mark.parametrize(
    ("gap", "floor", "expected"),
    [
        ("    ", 0, 1),
        ("\t \t ", 0, 1),
        ("   ", 0, 0),
        ("\n    ", 0, 1),
        ("    \n  ", 0, 0),
        ("    ", 1, 0),  # what stands before the floor is no indent of this paragraph
        ("x   ", 0, 0),
    ],
)
def test_the_blanks_before_the_first_line_are_its_indent(
    engine: Engine, gap: str, floor: int, expected: int
) -> None:
    (counts,) = measure(engine, ["one\ntwo"], [gap], [floor])

    assert counts[INDENTED_LINES] == expected
