"""Feeds without some of their entries and paragraphs, all else byte for byte."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Collection
from io import BytesIO

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import pad
from dedup.readers.feed import parse
from dedup.readers.sources import Piece, Source
from dedup.writers.edits import Cut, Part
from dedup.writers.feed import rewrite
from tests.readers.generated_feeds import FEEDS, MAKERS, MadeFeed, Story, read_bytes, read_texts

RSS = '<rss version="2.0"><channel>{}</channel></rss>'


def remove(content: bytes, removed: Collection[int]) -> tuple[bytes, list[Cut]]:
    """Write a feed without some of its paragraphs, by their numbers."""
    config, engine = ReadersConfig(), load_engine("numpy")
    piece = Piece("news.xml", "feed", pad(content), len(content))
    paragraphs = split_paragraphs(parse(piece, config, engine), ParagraphsConfig(), engine)
    part = Part(piece, content, paragraphs, np.array(sorted(removed), np.int64))
    output = BytesIO()
    source = Source("news.xml", "feed", "", None, content)
    ((_, cuts),) = list(rewrite(source, [part], output, config))
    return output.getvalue(), cuts


def number_paragraphs(content: bytes) -> list[list[int]]:
    """Give the numbers of the paragraphs of each entry, and check that every block is one."""
    numbers, n = [], 0
    for texts in read_texts(read_bytes(content)):
        numbers.append(list(range(n, n + len(texts))))
        n += len(texts)
    return numbers


def put_back(content: bytes, cuts: list[Cut]) -> bytes:
    """Undo what was cut."""
    for cut in sorted(cuts, key=lambda each: each.offset):
        assert cut.content is not None
        content = content[: cut.offset] + cut.content + content[cut.offset :]
    return content


@given(FEEDS)
def test_without_removals_a_feed_stays_the_same(made: MadeFeed) -> None:
    content = made.source.encode()

    assert remove(content, []) == (content, [])


@given(FEEDS, st.data())
def test_what_is_left_reads_as_the_other_entries_and_paragraphs(
    made: MadeFeed, data: st.DataObject
) -> None:
    content = made.source.encode()
    numbers, texts = number_paragraphs(content), read_texts(read_bytes(content))
    every = [number for entry in numbers for number in entry]
    removed = data.draw(st.sets(st.sampled_from(every))) if every else set()

    written, cuts = remove(content, removed)

    assert put_back(written, cuts) == content
    assert {row for cut in cuts for row in cut.rows} == removed
    expected = [
        [text for number, text in zip(rows, entry, strict=True) if number not in removed]
        for rows, entry in zip(numbers, texts, strict=True)
        if not rows or not removed.issuperset(rows)
    ]
    assert read_texts(read_bytes(written)) == expected
    if content.startswith(b"{"):
        json.loads(written)
    else:
        ET.fromstring(written)  # noqa: S314 -- made here


@given(FEEDS, st.data())
@example(MadeFeed("<rss><item><description>x</item><item><a><description>y", (), str), None)
def test_a_spoilt_feed_loses_nothing_but_what_is_said(
    made: MadeFeed, data: st.DataObject | None
) -> None:
    content = made.source.encode("ascii", "ignore")
    if data is not None:
        start, end = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        change = data.draw(st.sampled_from([b"", b"<", b"]]>", b'"', b"<item>", b"<![CDATA["]))
        content = content[:start] + change + content[min(start + 5, end) :]
    try:
        numbers, texts = number_paragraphs(content), read_texts(read_bytes(content))
    except InputError:
        return
    every = [number for entry in numbers for number in entry]
    wanted = set(every[::2]) if data is None else data.draw(st.sets(st.sampled_from([*every, 0])))

    written, cuts = remove(content, wanted.intersection(every))

    gone = {row for cut in cuts for row in cut.rows}
    assert put_back(written, cuts) == content
    assert gone <= wanted
    expected = [
        [text for number, text in zip(rows, entry, strict=True) if number not in gone]
        for rows, entry in zip(numbers, texts, strict=True)
        if not rows or not gone.issuperset(rows)
    ]
    assert read_texts(read_bytes(written)) == expected


def test_an_entry_goes_with_its_line() -> None:
    item = "\n  <item>\n    <description>{}</description>\n  </item>"
    content = RSS.format(item.format("one") + item.format("two") + "\n").encode()

    written, cuts = remove(content, [0])

    assert written == RSS.format(item.format("two") + "\n").encode()
    (cut,) = cuts
    assert (cut.rows, cut.content) == ((0,), item.format("one")[1:].encode() + b"\n")


def test_entries_on_one_line_go_alone() -> None:
    items = [f"<item><description>{n}</description></item>" for n in "abc"]

    written, _ = remove(RSS.format("".join(items)).encode(), [1])

    assert written == RSS.format(items[0] + items[2]).encode()


def test_a_paragraph_goes_and_the_summary_stays() -> None:
    content = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><item>'
        "<description>one, in short</description><content:encoded><![CDATA[<p>one</p>\n"
        "<p>two &amp; a half</p>\n<p>three</p>]]></content:encoded></item></rss>"
    )

    written, cuts = remove(content.encode(), [1])

    assert written.decode() == content.replace("<p>two &amp; a half</p>\n", "")
    assert [cut.rows for cut in cuts] == [(1,)]


def test_headings_go_with_an_entry_whose_every_paragraph_goes() -> None:
    item = "<item><description>&lt;h2>T&lt;/h2>&lt;p>one&lt;/p></description></item>"

    written, cuts = remove(RSS.format(item).encode(), [0])

    assert written.decode() == RSS.format("")
    assert [cut.rows for cut in cuts] == [(0,)]


def test_an_item_of_rss_1_goes_with_its_mention() -> None:
    stories = (Story("urn:1", "A", ("one",)), Story("urn:2", "B", ("two",)))
    content = MAKERS[2](stories).source

    written, cuts = remove(content.encode(), [0])

    assert 'resource="urn:1"' not in written.decode()
    assert '\n<rdf:li resource="urn:2"/>\n</rdf:Seq>' in written.decode()
    assert [cut.rows for cut in cuts] == [(0,), (0,)]


@pytest.mark.parametrize(("removed", "n_mentions"), [({0}, 1), ({1}, 1), ({0, 1}, 0)])
def test_a_mention_for_two_items_stays_while_one_of_them_does(
    removed: set[int], n_mentions: int
) -> None:
    content = MAKERS[2]((Story("urn:1", "A", ("one",)), Story("urn:1", "B", ("two",)))).source
    content = content.replace('<rdf:li resource="urn:1"/>\n', "", 1)

    written, _ = remove(content.encode(), removed)

    assert written.count(b"<rdf:li") == n_mentions
    assert written.count(b"<item ") == 2 - len(removed)


@pytest.mark.parametrize(
    ("removed", "items"),
    [
        ({0}, '{"id": 2, "content_text": "b"},\n  {"id": 3, "content_text": "c"}'),
        ({1}, '{"id": 1, "content_text": "a"},\n  {"id": 3, "content_text": "c"}'),
        ({2}, '{"id": 1, "content_text": "a"},\n  {"id": 2, "content_text": "b"}'),
        ({1, 2}, '{"id": 1, "content_text": "a"}'),
        ({0, 1, 2}, ""),
    ],
)
def test_an_element_of_json_goes_with_its_comma(removed: set[int], items: str) -> None:
    def make(items: str) -> str:
        return f'{{"items": [\n  {items}\n], "version": "https://jsonfeed.org/version/1"}}'

    every = (
        f'{{"id": {n}, "content_text": "{text}"}}' for n, text in ((1, "a"), (2, "b"), (3, "c"))
    )

    written, _ = remove(make(",\n  ".join(every)).encode(), removed)

    assert written.decode() == make(items)


def test_what_is_no_entry_stays_in_json() -> None:
    content = (
        '{"items": [7, {"content_text": "a"}, 8], "version": "https://jsonfeed.org/version/1"}'
    )

    written, _ = remove(content.encode(), [0])

    assert written.decode() == content.replace('{"content_text": "a"}, ', "")


@pytest.mark.parametrize("row", [0, 1, 2])
def test_paragraphs_of_plain_text_go_with_their_blank_lines(row: int) -> None:
    paragraphs = ["one", "two &lt; 3", "four"]
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{}</content></entry></feed>'

    written, _ = remove(feed.format("\n\n".join(paragraphs)).encode(), [row])

    del paragraphs[row]
    assert written.decode() == feed.format("\n\n".join(paragraphs))


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("<![CDATA[<p>a</p><p>b]]>x&lt;/p>&lt;p>c&lt;/p>", "<![CDATA[<p>a</p>]]>&lt;p>c&lt;/p>"),
        ("&lt;p>a&lt;/p>&lt;p>b<![CDATA[x</p><p>c</p>]]>", "&lt;p>a&lt;/p><![CDATA[<p>c</p>]]>"),
        ("<![CDATA[<p>a</p><p>b]]><![CDATA[x</p><p>c</p>]]>", "<![CDATA[<p>a</p><p>c</p>]]>"),
        ("&lt;p>a&lt;/p>&lt;p>b<![CDATA[x]]>&lt;/p>&lt;p>c&lt;/p>", "&lt;p>a&lt;/p>&lt;p>c&lt;/p>"),
    ],
)
def test_a_cut_may_cross_the_brackets_of_cdata(body: str, left: str) -> None:
    feed = RSS.format("<item><description>{}</description></item>")

    written, cuts = remove(feed.format(body).encode(), [1])

    assert written.decode() == feed.format(left)
    assert {cut.rows for cut in cuts} == {(1,)}
    ET.fromstring(written)  # noqa: S314 -- made here


def test_what_cannot_be_cut_without_harm_is_left_in() -> None:
    # Without the first item what stands around it would be the tag of another one.
    item = "<item><description>{}</description></item>"
    broken = f"<ite{item.format('a')}m><description>b</description></item>"
    content = RSS.format(broken + item.format("c") + item.format("d"))

    written, cuts = remove(content.encode(), [0, 1])

    assert written.decode() == RSS.format(broken + item.format("d"))
    assert [cut.rows for cut in cuts] == [(1,)]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_the_encoding_stays(encoding: str) -> None:
    declared = {"cp1252": "windows-1252"}.get(encoding, encoding.removesuffix("-sig"))
    items = [f"<item><description>Fähre {n}</description></item>" for n in "ab"]
    head = f'<?xml version="1.0" encoding="{declared}"?>'

    written, _ = remove((head + RSS.format("".join(items))).encode(encoding), [0])

    assert written == (head + RSS.format(items[1])).encode(encoding)


def test_half_a_character_at_the_end_stays() -> None:
    content = b"<rss><item><description>a</description></item><item><description>b"

    written, _ = remove(content + "漢".encode()[:2], [0])

    assert written == b"<rss><item><description>b" + "漢".encode()[:2]
