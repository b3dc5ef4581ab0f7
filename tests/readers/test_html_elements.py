"""Where the elements of a page lie, and where its lines begin."""

import re

import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from dedup.readers.html_elements import find_elements, find_line_starts
from tests.readers.pages import FRAGMENTS

BLOCKS = ("div", "section", "ul", "blockquote")


def spans_of(markup: str) -> list[tuple[str, str, str]]:
    """Give each element's name, its stretch and what is in it."""
    return [
        (
            element.tag,
            markup[element.start : element.end],
            markup[element.inner_start : element.inner_end],
        )
        for element in find_elements(markup)
    ]


def test_elements_with_and_without_their_end_tags() -> None:
    assert spans_of("<div>a<p>b<p id=x>c</p ></div><ul><li>d\n<li>e</ul><h2>f</h3>g<br><hr>") == [
        ("div", "<div>a<p>b<p id=x>c</p ></div>", "a<p>b<p id=x>c</p >"),
        ("p", "<p>b", "b"),
        ("p", "<p id=x>c</p >", "c"),
        ("ul", "<ul><li>d\n<li>e</ul>", "<li>d\n<li>e"),
        ("li", "<li>d\n", "d\n"),
        ("li", "<li>e", "e"),
        ("h2", "<h2>f</h3>", "f"),
    ]


def test_the_end_of_the_page_closes_what_is_open() -> None:
    assert spans_of("<div><p>a</body>") == [
        ("div", "<div><p>a", "<p>a"),
        ("p", "<p>a", "a"),
    ]
    assert spans_of("<p>a <b") == [("p", "<p>a <b", "a <b")]


@given(
    st.recursive(
        st.just(""),
        lambda inner: st.lists(st.tuples(st.sampled_from(BLOCKS), inner), max_size=3).map(
            lambda parts: "".join(f"<{tag}>{content}</{tag}>" for tag, content in parts)
        ),
    )
)
def test_well_formed_elements_lie_as_another_parser_nests_them(markup: str) -> None:
    found = find_elements(markup)
    tree = turbohtml.parse_fragment(f"<main>{markup}</main>").children[0]

    nested = list(tree.iter_elements())
    assert [element.tag for element in found] == [element.tag for element in nested]
    parents = [element.parent for element in nested]
    assert [nested[element.parent] if element.parent >= 0 else tree for element in found] == parents
    for element in found:
        stretch = markup[element.start : element.end]
        assert stretch.startswith(f"<{element.tag}>")
        assert stretch.endswith(f"</{element.tag}>")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_elements_nest_whatever_the_tags(soup: str) -> None:
    elements = find_elements(soup)

    for row, element in enumerate(elements):
        assert element.parent < row
        assert element.start < element.inner_start <= element.inner_end <= element.end
        if element.parent >= 0:
            around = elements[element.parent]
            assert around.inner_start <= element.start
            assert element.end <= around.inner_end


@given(st.text("a\r\né\u2028", max_size=30))
def test_lines_begin_behind_every_line_end(text: str) -> None:
    wanted = [0, *(end.end() for end in re.finditer("\r\n|\r|\n", text))]

    assert find_line_starts(text).tolist() == wanted
