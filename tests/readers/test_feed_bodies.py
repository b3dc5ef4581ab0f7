"""What a field means, and the way back from it to the source."""

import json
import xml.etree.ElementTree as ET
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import BlockKind
from dedup.readers.feed_bodies import (
    Body,
    Style,
    find_style,
    read_blocks,
    read_line,
    resolve_references,
    unescape,
    unfold,
    unfold_inline,
)
from dedup.readers.offsets import OffsetMap

LETTERS = st.sampled_from([*"ab&<>]\"'é漢😀\n", "]]>", "&amp;", "&#233;"])
TEXTS = st.lists(LETTERS, max_size=12).map("".join)
NO_PLACES = OffsetMap([], [])


def spell(text: str, style: str) -> str:
    """Spell a text in XML, whole or letter by letter."""
    wrapped = f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return {
        "cdata": wrapped,
        "escaped": escape(text),
        "numbered": "".join(f"&#{ord(c)};" for c in text),
        "commented": f"<!-- <b> -->{escape(text)}<?pi ?>",
    }[style]


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["cdata", "escaped", "numbered", "commented"]))))
def test_a_text_is_unfolded_as_expat_does(parts: list[tuple[str, str]]) -> None:
    source = "".join(spell(text, style) for text, style in parts)
    expected = "".join(ET.fromstring(f"<a>{source}</a>").itertext())  # noqa: S314 -- made here

    text, places = unfold(f"before{source}behind", 6, 6 + len(source))

    assert text == expected
    for char in range(len(text)):
        start, end = places.start(char), places.end(char + 1)
        assert 6 <= start < end <= 6 + len(source)
        spelled = f"before{source}behind"[start:end]
        assert spelled == text[char] or (spelled[0], spelled[-1]) == ("&", ";")


@given(TEXTS, st.booleans())
def test_a_json_string_is_unescaped_as_json_does(text: str, ascii_only: bool) -> None:  # noqa: FBT001
    source = f'["x", {json.dumps(text, ensure_ascii=ascii_only)}]'

    found, places = unescape(source, 7, len(source) - 2)

    assert found == text
    for char in range(len(text)):
        spelled = source[places.start(char) : places.end(char + 1)]
        assert json.loads(f'"{spelled}"') == text[char]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"a\/b\"c\\d", 'a/b"c\\d'),
        (r"\ud83d lone", "\ufffd lone"),
        (r"\ud83d\ud83d\ude00", "\ufffd😀"),
        (r"\q \u12", "q u12"),
        ("cut \\", "cut "),
    ],
)
def test_odd_escapes(source: str, expected: str) -> None:
    assert unescape(source, 0, len(source))[0] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Fish & chips &unknown; &", "Fish & chips &unknown; &"),
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        ("&nbsp;&ndash;&Uuml;", "\xa0\u2013Ü"),
        ("&#150;", "\u2013"),  # Windows-1252 by its number, as browsers read it
        ("&#xD800;&#0;&#x110000;", "\ufffd\ufffd\ufffd"),
        ("&#99999999999999999999;&ampx;&notit;", "&#99999999999999999999;&ampx;&notit;"),
    ],
)
def test_references_of_xml_and_html_are_resolved_and_no_others(source: str, expected: str) -> None:
    assert resolve_references(source) == expected
    assert unfold(source, 0, len(source))[0] == expected


def test_cdata_that_never_ends_reaches_to_the_end() -> None:
    assert unfold("x<![CDATA[a & b]", 1, 16)[0] == "a & b]"
    assert unfold("ab<![CDA", 0, 8)[0] == "ab"


def test_xhtml_becomes_html() -> None:
    source = '<h:p>a<h:br/>b<h:a name="x"/> &lt;</h:p><![CDATA[1 < 2]]><?pi?><!--c--><q'

    text, places = unfold_inline(source, 0, len(source), "h:")

    assert text == '<p>a<br/>b<a name="x"></a> &lt;</p>1 &lt; 2<!--c-->'
    assert source[places.start(text.index("1 ")) : places.end(text.index("2") + 1)] == "1 < 2"


def test_the_end_of_an_xhtml_element_closes_it_where_html_would_not() -> None:
    text, places = unfold_inline('<p><a href="x"/>not a link</p>', 0, 30, "")

    (block,) = read_blocks(Body(text, places, Style.HTML))

    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, "not a link")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_plain_text_is_parted_at_blank_lines(end: str) -> None:
    text = f"{end} one{end}two {end} \t{end}{end}three &amp; <b>{end}"

    blocks = read_blocks(Body(text, NO_PLACES, Style.PLAIN))

    assert [(b.kind, b.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, f"one{end}two"),
        (BlockKind.PARAGRAPH, "three &amp; <b>"),
    ]
    assert all(text[b.start : b.end] == b.text for b in blocks)


def test_plain_text_with_references_has_the_blanks_of_html() -> None:
    blocks = read_blocks(Body("a &amp;\n b\n\n&nbsp;\n\n&#10;&#10;c", NO_PLACES, Style.REFERENCES))

    assert [block.text for block in blocks] == ["a & b", "c"]


@pytest.mark.parametrize("text", ["<p>x", "a<br/>b", "x</b>", "<a href='y'>z", "<!-- c -->"])
def test_what_has_a_tag_is_html(text: str) -> None:
    assert find_style(text) is Style.HTML


@pytest.mark.parametrize(
    "text", ["a < b", "1<2>3", "<me@example.org>", "AT&T &amp; more", "<3", ""]
)
def test_what_has_none_is_not(text: str) -> None:
    assert find_style(text) is Style.REFERENCES


def test_a_title_has_no_markup_and_one_line() -> None:
    assert read_line("a\n <b>b</b>c<br/>d &lt;e&gt; 1 < 2") == "a bc d <e> 1 < 2"
