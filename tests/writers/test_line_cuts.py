"""Which bytes go with a block."""

import re
from itertools import pairwise
from typing import Final

import pytest

from dedup.writers.line_cuts import CutPlanner, LineCut
from dedup.writers.outlines import Container, Grammar, Outline

GRAMMAR: Final = Grammar(re.compile(rb"[\s>]*+"), re.compile(rb"[\s>-]*+"))


def plan(
    content: bytes, removed: list[int], containers: list[Container]
) -> tuple[list[bytes], frozenset[int]]:
    """Plan cuts of a text whose blocks are its letters; gives what is cut out."""
    starts = [match.start() for match in re.finditer(rb"[a-z]", content)]
    kinds, ends = [1] * len(starts), [start + 1 for start in starts]
    outline = Outline(content, starts, ends, kinds, containers, GRAMMAR)
    cuts, stuck = CutPlanner(outline).plan(removed)
    assert all(left.end <= right.start for left, right in pairwise(cuts))
    return [content[cut.start : cut.end] for cut in cuts], stuck


def test_each_block_has_a_cut_of_its_own_with_its_blocks() -> None:
    outline = Outline(b"a\n\nb\n\nc\n", [0, 3, 6], [1, 4, 7], [1, 1, 1], [], None)

    cuts, _ = CutPlanner(outline).plan([0, 1])

    assert cuts == [LineCut(0, 3, (0,)), LineCut(3, 6, (1,))]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\n\nb\n\nc\n", b"b\n\n"),
        (b"a\nb\n\nc\n", b"b\n"),
        (b"a\n\nb\nc\n", b"b\n"),
        (b"a\nb\nc\n", b"b\n"),
        (b"a\n\nb\n \n", b"\nb\n"),
        (b"> a\n>\n> b\n\nc\n", b">\n> b\n"),
        (b"a\n\n> b\n>\n> c\n", b"> b\n>\n"),
    ],
)
def test_a_block_goes_with_one_run_of_blank_lines(content: bytes, expected: bytes) -> None:
    assert plan(content, [1], []) == ([expected], frozenset())


def test_a_block_behind_a_marker_that_stays_is_cut_up_to_what_follows() -> None:
    content = b"- a\n\n  b\n\n  c\n"
    item = [Container("item", 0, 14)]

    assert plan(content, [0], item) == ([b"a\n\n  "], frozenset())
    assert plan(content, [0, 1], item) == ([b"a\n\n  b\n\n  "], frozenset())
    assert plan(content, [0, 1, 2], item) == ([content], frozenset())
    assert plan(content, [1], item) == ([b"  b\n\n"], frozenset())


def test_a_block_behind_what_is_no_marker_of_a_container_is_stuck() -> None:
    assert plan(b"+ a\n\nb\n", [0, 1], []) == ([b"\nb\n"], frozenset([0]))


def test_a_block_that_is_all_its_lasting_container_holds_is_stuck() -> None:
    lasting = [Container("note", 0, 4, may_empty=False)]

    assert plan(b"+ a\n\nb\n", [0], lasting) == ([], frozenset([0]))
