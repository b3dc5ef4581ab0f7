"""What stands in what, for hand-made outlines."""

import re
from typing import Final

from dedup.writers.outlines import Container, Grammar, Lines, Outline

GRAMMAR: Final = Grammar(re.compile(rb"[\s>]*+"), re.compile(rb"[\s>-]*+"))
#          0         1         2
#          0123456789012345678901234
CONTENT = b"> - a\n>\n> - b\n>   c\n\nd\n"
OUTLINE: Final = Outline(
    CONTENT,
    [4, 12, 18, 21],
    [5, 13, 19, 22],
    [1, 1, 1, 1],
    [
        Container("quote", 0, 20),
        Container("list", 2, 20),
        Container("item", 2, 8),
        Container("item", 10, 20),
    ],
    GRAMMAR,
)


def test_the_path_of_a_block_is_what_it_stands_in() -> None:
    assert OUTLINE.paths == [(0, 1, 2), (0, 1, 3), (0, 1, 3), ()]


def test_a_signature_says_what_neighbours_share() -> None:
    quoted = ("quote", "list", "item")

    assert OUTLINE.sign(range(4)) == [
        (quoted, 0, 1, b"a"),
        (quoted, 2, 1, b"b"),
        (quoted, 3, 1, b"c"),
        ((), 0, 1, b"d"),
    ]
    assert OUTLINE.sign([0, 3, 2])[2] == (quoted, 0, 1, b"c")


def test_the_outermost_container_that_holds_nothing_else_is_emptied() -> None:
    assert OUTLINE.find_emptied([0]) == {0: 2}
    assert OUTLINE.find_emptied([1, 3]) == {}
    assert OUTLINE.find_emptied([1, 2]) == {1: 3, 2: 3}
    assert OUTLINE.find_emptied([0, 1, 2]) == {0: 0, 1: 0, 2: 0}


def test_what_lasts_or_was_bare_keeps_what_is_around_it() -> None:
    lasting = [Container("quote", 0, 20), Container("note", 2, 20, may_empty=False)]
    bare = [Container("quote", 0, 20), Container("item", 14, 16)]

    for containers in (lasting, bare):
        outline = Outline(CONTENT, [4, 12, 18], [5, 13, 19], [1, 1, 1], containers, GRAMMAR)
        assert outline.find_emptied([0, 1, 2]) == {}


def test_what_is_neither_block_nor_marker_keeps_its_container() -> None:
    outline = Outline(CONTENT, [4, 12], [5, 13], [1, 1], [Container("quote", 0, 20)], GRAMMAR)

    assert outline.find_emptied([0, 1]) == {}


def test_lines_end_in_three_ways() -> None:
    outline = Outline(b"a\r\nb\rc\n\nd", [], [], [], [], GRAMMAR)
    lines = Lines(outline)

    assert lines.starts == [0, 3, 5, 7, 8]
    assert (len(lines), lines.start(5), lines.find(0), lines.find(8)) == (5, 9, 0, 4)
    assert [lines.is_blank(line) for line in range(5)] == [False, False, False, True, False]


def test_a_line_inside_a_block_is_not_blank() -> None:
    outline = Outline(b"a\n\nb\n\n", [0], [4], [1], [], None)

    assert [Lines(outline).is_blank(line) for line in range(4)] == [False, False, False, True]


def test_the_depth_of_lines_is_that_of_the_shallowest() -> None:
    lines = Lines(Outline(b">>\n>\n> >\n", [], [], [], [], GRAMMAR))

    assert (lines.depth(0, 3), lines.depth(2, 3), lines.depth(1, 1)) == (1, 2, 0)
