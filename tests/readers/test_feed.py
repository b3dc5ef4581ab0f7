"""Feeds of every format as documents whose paragraphs know their place."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turbohtml.extract import feed as read_with_turbohtml

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import Head
from dedup.readers.documents import read_documents
from dedup.readers.feed import LineFinder
from tests.readers.generated_feeds import (
    FEEDS,
    NO_ENGINE,
    MadeFeed,
    cut_out,
    place_of,
    read_bytes,
    read_ids,
    read_texts,
)

RSS = '<rss version="2.0"><channel><title>News</title>{}</channel></rss>'
SAMPLES = ("harbour.rss.xml", "skerries.atom.xml", "baie.rdf.xml", "puerto.rss091.xml")


@given(FEEDS)
def test_every_paragraph_is_cut_out_of_the_feed_where_its_place_says(made: MadeFeed) -> None:
    batch = read_bytes(made.source.encode())

    spelled = cut_out(made.source, batch)
    texts = [text for document in read_texts(batch) for text in document]
    assert [made.unspell(each) for each in spelled] == texts


@given(FEEDS)
def test_what_stands_in_a_feed_is_read(made: MadeFeed) -> None:
    batch = read_bytes(made.source.encode())

    heads = batch.heads or (Head(),) * len(batch.ids)
    assert [head.title for head in heads] == [story.title for story in made.stories]
    # A story without a paragraph of its own is told by its summary, where it has one.
    told = [["The short of it"] if '<rss version="2' in made.source else []] * len(made.stories)
    expected = [
        list(story.paragraphs) or short for story, short in zip(made.stories, told, strict=True)
    ]
    assert read_texts(batch) == expected
    assert batch.remarks == ()


@given(FEEDS)
def test_each_entry_has_an_id_of_its_own(made: MadeFeed) -> None:
    ids = read_ids(read_bytes(made.source.encode()))

    assert len(set(ids)) == len(ids)
    assert [name.partition("#")[0] for name in ids] == [story.name for story in made.stories]


@given(FEEDS, st.data())
def test_a_spoilt_feed_never_crashes_and_never_gives_a_wrong_place(
    made: MadeFeed, data: st.DataObject
) -> None:
    content = made.source.encode("ascii", "ignore")
    for _ in range(data.draw(st.integers(1, 3))):
        start, end = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        change = data.draw(
            st.sampled_from([b"", b"<", b"&", b"]]>", b'"', b"<item>", b"<![CDATA["])
        )
        end = data.draw(st.sampled_from([start, min(start + 1, end), end]))
        content = content[:start] + change + content[end:]
    try:
        batch = read_bytes(content)
    except InputError as error:
        assert "no feed" in error.problem  # noqa: PT017 -- most inputs raise nothing
        return

    texts = [text for document in read_texts(batch) for text in document]
    for spelled, text in zip(cut_out(content.decode(), batch), texts, strict=True):
        if not set("&<\\]").intersection(spelled):
            assert text.split() == spelled.split()


@given(FEEDS, st.floats(0, 1))
def test_of_a_feed_that_is_cut_off_the_whole_entries_are_read(made: MadeFeed, share: float) -> None:
    whole = read_bytes(made.source.encode())
    content = made.source.encode()[: int(len(made.source.encode()) * share)]
    try:
        batch = read_bytes(content)
    except InputError:
        return

    n_read = len(batch.ids)
    assert batch.ids[: n_read - 1] == whole.ids[: max(0, n_read - 1)]
    assert read_texts(batch)[: n_read - 1] == read_texts(whole)[: max(0, n_read - 1)]


@pytest.mark.parametrize("name", SAMPLES)
def test_turbohtml_reads_the_same_fields(data: Path, name: str) -> None:
    content = (data / "syndication" / name).read_bytes()
    encoding = "latin-1" if b"ISO-8859-1" in content else "utf-8"
    source = content.decode(encoding)
    expected = read_with_turbohtml(source.replace('version="0.91"', 'version="2.0"'))
    assert expected is not None

    batch = read_bytes(content)

    assert batch.heads is not None
    titles = [re.sub("<[^>]*>", "", entry.title or "") for entry in expected.entries]
    assert [head.title for head in batch.heads] == titles
    links = [entry.link or "" for entry in expected.entries]
    assert [head.link for head in batch.heads] == links
    ids = [entry.id or entry.link for entry in expected.entries]
    named = zip(read_ids(batch), ids, strict=True)
    assert [name.removesuffix("#2") for name, known in named if known] == [i for i in ids if i]
    for texts, entry in zip(read_texts(batch), expected.entries, strict=True):
        body = entry.content or entry.summary or ""
        assert isinstance(body, str)
        text = re.sub(r"</?(?:p|div|br)\b[^<>]*>", " ", re.sub("</?b>", "", body))
        words = text.replace("&amp;", "&").split()
        assert " ".join(texts).split() == words


def test_the_entries_of_every_format(data: Path) -> None:
    paths = [data / "syndication"]
    batches = list(read_documents(paths, ReadersConfig(), NO_ENGINE))

    read = {Path(batch.path or "").name: batch for batch in batches}
    assert {name: len(batch.ids) for name, batch in read.items()} == {
        "baie.rdf.xml": 2,
        "broken-cut-off.xml": 2,
        "broken-entities.xml": 3,
        "harbour.rss.xml": 3,
        "hostile-entities.xml": 1,
        "minato.json": 2,
        "puerto.rss091.xml": 2,
        "skerries.atom.xml": 3,
    }
    puerto = read["puerto.rss091.xml"]
    assert read_ids(puerto) == ["https://muelle.example/faro", f"{puerto.path}:10"]
    assert "barca de las siete" in read_texts(puerto)[1][0]
    minato = read["minato.json"]
    assert read_ids(minato) == ["1", "two"]
    assert minato.dates == ["2031-03-01T09:00:00+09:00", "2031-03-05T07:00:00+01:00"]
    assert [len(texts) for texts in read_texts(minato)] == [2, 2]


def test_dates_are_given_without_being_asked_for() -> None:
    item = "<item><pubDate>{}</pubDate></item>"
    dates = ["Sun, 02 Mar 2031 10:00:00 EST", "soon", "2031-03-02 10:00:00 +0100", ""]

    batch = read_bytes(RSS.format("".join(map(item.format, dates))).encode())

    expected = ["2031-03-02T10:00:00-05:00", "", "2031-03-02T10:00:00+01:00", ""]
    assert batch.dates == expected


def test_an_entry_with_nothing_is_a_document_without_blocks() -> None:
    batch = read_bytes(RSS.format("\n<item/><item></item>\n<item><title/></item>").encode())

    assert read_ids(batch) == ["news.xml:2", "news.xml:2#2", "news.xml:3"]
    assert (len(batch.starts), batch.dates) == (0, ["", "", ""])


def test_an_id_given_by_number_never_takes_one_that_is_there() -> None:
    items = "".join(f"<item><guid>{name}</guid></item>" for name in ("a", "a", "a#2", "a", "a#2"))

    batch = read_bytes(RSS.format(items).encode())

    assert read_ids(batch) == ["a", "a#2", "a#2#2", "a#3", "a#2#3"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html><body><p>x</p></body></html>", "its outermost element is 'html'"),
        (b"\n\n<opml version='2.0'/>", "its outermost element is 'opml'"),
        (b"Just words, 1 < 2", "it has no element at all"),
        (b"", "it has no element at all"),
        (b'<rdf:RDF xmlns:x="y"><rdf:Description/></rdf:RDF>', "RDF without a channel"),
        (b'{"items": []}', "its 'version' is nothing"),
        (b'{"version": "2.0", "items": []}', "its 'version' is '2.0'"),
        (b"[1, 2]", "its JSON is no object"),
        (b'{"version" 1}', "found '1', expected ':'"),
    ],
)
def test_what_is_no_feed_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(InputError, match="RSS, Atom or JSON Feed") as raised:
        read_bytes(content)

    assert problem in raised.value.problem
    assert raised.value.line == (3 if b"opml" in content else 1)


@pytest.mark.parametrize(
    ("ending", "remark"),
    [
        ("<item><guid>2</guid><description>and so", "it ends inside entry 2: </rss> is missing"),
        ("<item><guid>2</guid><descr", "it ends inside entry 2: </rss> is missing"),
        ("<item><guid>2</guid></item", "it ends inside entry 2: </rss> is missing"),
        ("", "it ends behind entry 1: </rss> is missing"),
        ("</channel>\n<!-- oh", "it ends behind entry 1: </rss> is missing"),
        ("</channel></rss>", None),
    ],
)
def test_what_is_cut_off_is_said(ending: str, remark: str | None) -> None:
    source = f"<rss><channel>\n<item><guid>1</guid><description>x</description></item>\n{ending}"

    batch = read_bytes(source.encode())

    assert read_texts(batch)[0] == ["x"]
    assert [(r.path, r.line, r.message) for r in batch.remarks] == (
        [("news.xml", 3 if "\n<!--" not in ending else 4, remark)]
        if remark and ending
        else [("news.xml", 2, remark)]
        if remark
        else []
    )


def test_json_that_is_cut_off_gives_what_there_is() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "a", "content_text": "one\n\ntwo"}, {"id": "b", "content_text": "three"}],
    }
    whole = json.dumps(feed)

    batch = read_bytes(whole[: whole.index("three") + 2].encode())

    assert read_texts(batch) == [["one", "two"], ["th"]]
    assert [remark.message for remark in batch.remarks] == [
        "it ends inside entry 2: the closing bracket is missing"
    ]


@given(st.text("ab\r\n", min_size=1), st.data())
def test_lines_and_columns_are_those_of_an_editor(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))

    span = LineFinder(source).span(start, end)

    def split_before_pairs(char: int) -> tuple[int, int]:
        # Between CR and LF there is no line yet: both end the same one.
        inside = source[char - 1 : char + 1] == "\r\n"
        line, column = place_of(source, char - inside)
        return line, column + inside

    assert (span.start_line, span.start_column) == split_before_pairs(start)
    assert (span.end_line, span.end_column) == split_before_pairs(end - 1)
    assert (span.start_char, span.end_char) == (start, end)
