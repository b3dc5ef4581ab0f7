"""A tree of elements that know where they stand, whatever state the markup is in."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.readers.feed_markup import (
    Element,
    Markup,
    parse_markup,
    read_attributes,
    scan_markup,
    take_out_swallowed,
)
from tests.readers.generated_feeds import FEEDS, MadeFeed

BITS = st.sampled_from(
    [
        *(
            "<a>",
            "</a>",
            "<b x='1>'>",
            "</b>",
            "<c/>",
            "text",
            " ",
            "\n",
            "<",
            ">",
            "&amp;",
            "'",
            '"',
        ),
        *(
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?pi",
            "?>",
            "<!DOCTYPE a [",
            "]>",
            "<A:a>",
            "</A:a>",
        ),
    ]
)
SOURCES = st.lists(BITS, max_size=30).map("".join)


def walk(element: Element) -> Iterator[Element]:
    """Give all elements below one, in order."""
    for child in element.children:
        yield child
        yield from walk(child)


def names_of(source: str) -> list[str]:
    return [element.name for element in walk(parse_markup(source))]


@given(FEEDS)
def test_a_well_formed_feed_has_the_elements_that_expat_finds(made: MadeFeed) -> None:
    if made.source.startswith("{"):
        return
    expected = [node.tag.rpartition("}")[2].lower() for node in ET.fromstring(made.source).iter()]  # noqa: S314 -- made here

    elements = list(walk(parse_markup(made.source)))

    assert [element.name.rpartition(":")[2] for element in elements] == expected
    assert all(element.is_closed for element in elements)


@given(SOURCES)
def test_elements_nest_and_their_tags_are_where_they_say(source: str) -> None:
    tree = parse_markup(source)

    assert tree.end == len(source)
    for element in [tree, *walk(tree)]:
        assert element.start <= element.inner_start <= element.inner_end <= element.end
        assert not element.name or source.startswith("<", element.start)
        if element.is_closed and element.inner_end < element.end:
            assert source.startswith("</", element.inner_end)
        inner = element.inner_start
        for child in element.children:
            assert inner <= child.start
            inner = child.end
        assert inner <= max(element.inner_end, inner if not element.is_closed else 0)


@given(SOURCES)
def test_what_is_scanned_touches_nothing_else(source: str) -> None:
    behind = 0
    for markup, start, end in scan_markup(source, 0, len(source)):
        assert behind <= start < end
        assert source[start] == "<"
        assert (source[end - 1] == ">") or (end == len(source) and markup != Markup.TAG)
        behind = end


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a><!-- <b> --><c/></a>", ["a", "c"]),
        ("<a><![CDATA[<b>]]><c/></a>", ["a", "c"]),
        ("<a><?php <b> ?><c/></a>", ["a", "c"]),
        ('<!DOCTYPE a [<!ENTITY b "<c>]>"> <!-- ]> -->]><a/>', ["a"]),
        ("<!doctype a SYSTEM 'x>y'><a/>", ["a"]),
        ("<a x='>'><b/></a>", ["a", "b"]),
        ("<a x='><b/></a>", ["a", "b"]),  # a quote that nobody closes
        ("<a don't><b/></a>", ["a", "b"]),
        ("<a>1 < 2 <b/> 3 > 2 <3</a>", ["a", "b"]),
        ("<A></a><b/>", ["a", "b"]),
        ("</z><a></y></a>", ["a"]),
        ("<a><b", ["a"]),
        ("<!ELEMENT x><a/>", ["a"]),
        ("<a\n  x = '1'\n/>", ["a"]),
        ("<é/>", ["é"]),
    ],
)
def test_what_is_a_tag_and_what_is_not(source: str, expected: list[str]) -> None:
    assert names_of(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', ["atom:feed", "atom:entry"]),
        (
            '<x:feed xmlns:x="https://www.w3.org/2005/Atom/"><x:id/></x:feed>',
            ["atom:feed", "atom:id"],
        ),
        ('<rss xmlns="http://unknown.example/"><item/></rss>', ["rss", "item"]),
        ('<a xmlns:r="http://purl.org/rss/1.0/"><r:item/></a>', ["a", "item"]),
        (
            '<a><b xmlns:q="http://purl.org/dc/elements/1.1/"><q:date/></b><q:date/></a>',
            ["a", "b", "dc:date", "q:date"],
        ),
        ("<a><dc:date/><media:title/></a>", ["a", "dc:date", "media:title"]),
        ('<div xmlns="http://www.w3.org/1999/xhtml"><p/></div>', ["xhtml:div", "xhtml:p"]),
    ],
)
def test_names_are_known_by_their_vocabulary(source: str, expected: list[str]) -> None:
    assert names_of(source) == expected


def test_an_end_tag_closes_what_is_open_in_its_element() -> None:
    tree = parse_markup("<a><b>x<c>y</a><d/>")

    a, d = tree.children
    assert (a.is_closed, a.end, d.name) == (True, 15, "d")
    assert [(e.name, e.is_closed, e.inner_end) for e in walk(a)] == [
        ("b", False, 11),
        ("c", False, 11),
    ]


def test_what_an_unclosed_element_swallowed_is_taken_out_again() -> None:
    source = "<e><t>one<i>two<g>3</g><t>four<i>five</e>"
    (entry,) = parse_markup(source).children

    children = take_out_swallowed(entry, lambda inner: inner.name in {"t", "g"})

    assert [source[c.inner_start : c.inner_end] for c in children] == [
        "one<i>two",
        "3",
        "four<i>five",
    ]


def test_well_formed_markup_keeps_what_stands_inside() -> None:
    (entry,) = parse_markup("<e><t>one<g>3</g></t><g/></e>").children

    children = take_out_swallowed(entry, lambda inner: inner.name == "g")

    assert [child.name for child in children] == ["t", "g"]


def test_attributes_are_read_as_they_are_spelled() -> None:
    tag = "<a b='1 &amp; \"2\"' C=\"x>y\" d=e f xml:lang = 'de' b='again'>"

    assert read_attributes(tag) == {"b": '1 &amp; "2"', "c": "x>y", "d": "e", "xml:lang": "de"}
