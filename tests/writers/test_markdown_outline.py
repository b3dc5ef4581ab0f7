"""Markdown as blocks within containers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dedup.readers.markdown import find_blocks
from dedup.writers.markdown_outline import outline_markdown
from dedup.writers.outlines import RULE

PARTS = ["a ", "é", "\n", "\n\n", "- ", "1. ", "> ", "  ", "    ", "# ", "---\n", "[^1]: ", "```\n"]


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_blocks_are_the_readers_and_containers_nest(text: str) -> None:
    outline = outline_markdown(text.encode())

    found = find_blocks(text)
    own = [n for n, kind in enumerate(outline.kinds) if kind != RULE]
    assert [outline.starts[n] for n in own] == list(found.starts)
    assert [outline.ends[n] for n in own] == list(found.ends)
    bounds = list(zip(outline.starts, outline.ends, strict=True))
    assert all(left[1] <= right[0] for left, right in pairwise(bounds))
    open_ones: list[int] = []
    for container in outline.containers:
        while open_ones and open_ones[-1] <= container.start:
            open_ones.pop()
        assert not open_ones or container.end <= open_ones[-1]
        open_ones.append(container.end)


def test_breaks_are_blocks_and_lists_with_numbers_have_a_name() -> None:
    outline = outline_markdown(b"1. a\n\n---\n\n- b\n\n[^1]: c\n")

    assert [outline.kinds[1], *outline.starts] == [RULE, 3, 6, 13, 22]
    names = [(container.name, container.may_empty) for container in outline.containers]
    assert names == [
        ("OrderedList", True),
        ("Item", True),
        ("List", True),
        ("Item", True),
        ("FootnoteDefinition", False),
    ]
