"""Which element of an entry says what, in RSS and Atom."""

import pytest

from dedup.model import Head
from dedup.readers.feed import read_feed
from dedup.readers.feed_entry import Entry

CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def read_entries(source: str) -> tuple[Entry, ...]:
    return read_feed(source, "news.xml").entries


def read_item(inner: str, channel: str = "") -> Entry:
    """Read an item of RSS 2.0."""
    head = f'<rss version="2.0" {CONTENT} {DC} {MEDIA} {ITUNES}><channel>{channel}'
    (entry,) = read_entries(f"{head}<item>{inner}</item></channel></rss>")
    return entry


def read_atom(inner: str, attributes: str = "") -> Entry:
    """Read an entry of Atom."""
    head = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>'
    (entry,) = read_entries(f"{head}<entry>{inner}</entry></feed>")
    return entry


def texts_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.blocks]


def test_the_whole_text_comes_before_the_description() -> None:
    entry = read_item(
        "<description>short</description><content:encoded>whole</content:encoded>"
        "<dc:description>other</dc:description>"
    )

    assert texts_of(entry) == ["whole"]


def test_a_whole_text_without_words_leaves_the_description() -> None:
    entry = read_item(
        "<content:encoded><![CDATA[<img src='x'>]]></content:encoded>"
        "<description>short</description>"
    )

    assert texts_of(entry) == ["short"]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<content>a &lt; b</content><summary>s</summary>", ["a < b"]),
        ('<content type="text">&lt;p&gt;a&lt;/p&gt;\n\nb</content>', ["<p>a</p>", "b"]),
        ('<content type="html">&lt;p&gt;a&lt;/p&gt;\n\nb</content>', ["a", "b"]),
        ("<content>&lt;p&gt;a&lt;/p&gt;</content>", ["a"]),  # by the standard plain, by custom not
        ('<content type="xhtml"><div><p>a</p><p>b</p></div></content>', ["a", "b"]),
        ('<content type="application/xhtml+xml"><p>a</p></content>', ["a"]),
        ('<content type="text/plain; charset=utf-8">a</content>', ["a"]),
        ('<content type="image/png">iVBORw0KGgo=</content><summary>s</summary>', ["s"]),
        ('<content type="application/xml"><x>a</x></content><summary>s</summary>', ["s"]),
        ('<content mode="base64" type="text/html">eA==</content><summary>s</summary>', ["s"]),
        ('<content src="video.mp4" type="video/mp4"/><summary>s</summary>', ["s"]),
        ('<summary type="html">&lt;i&gt;s&lt;/i&gt;</summary>', ["s"]),
        ("", []),
    ],
)
def test_atom_says_what_its_text_is(inner: str, expected: list[str]) -> None:
    assert texts_of(read_atom(inner)) == expected


def test_a_nested_feed_is_data_and_no_entries_of_this_one() -> None:
    entry = read_atom(
        '<id>outer</id><content type="application/atom+xml"><feed><entry><id>inner</id>'
        "<summary>inner</summary></entry></feed></content><summary>outer</summary>"
    )

    assert (entry.name, texts_of(entry)) == ("outer", ["outer"])


def test_what_the_source_of_an_entry_says_is_not_the_entrys() -> None:
    entry = read_atom(
        "<source><title>Source</title><id>source</id><link href='s'/><updated>2030-01-01</updated>"
        "</source><title>Own</title><id>own</id><link href='o'/><updated>2031-01-01</updated>"
    )

    assert (entry.name, entry.head, entry.date) == ("own", Head("o", "Own", ""), "2031-01-01")


def test_what_extensions_say_is_not_the_entrys() -> None:
    entry = read_item(
        "<media:title>Media</media:title><itunes:title>Podcast</itunes:title>"
        "<media:group><media:description>film</media:description><title>in a group</title>"
        "</media:group><itunes:summary>podcast</itunes:summary><title>Own</title>"
        "<description>own</description><image><title>I</title><link>i</link></image>"
    )

    assert (entry.head.title, texts_of(entry)) == ("Own", ["own"])


@pytest.mark.parametrize(
    "inner",
    [
        "<itunes:summary>said</itunes:summary>",
        "<media:group><media:description>said</media:description></media:group>",
        "<media:description type='html'>&lt;p>said&lt;/p></media:description>",
        "<body xmlns='http://www.w3.org/1999/xhtml'><p>said</p></body>",
        "<dc:description>said</dc:description>",
        "<description><p>said</p></description>",
        "<description/><description>said</description>",
    ],
)
def test_an_extension_speaks_where_nothing_else_does(inner: str) -> None:
    assert texts_of(read_item(inner)) == ["said"]


@pytest.mark.parametrize(
    ("inner", "name", "link"),
    [
        ("<guid>g</guid><link>l</link>", "g", "l"),
        ("<guid> \n</guid><link>\n l?a=1&amp;b=2 \n</link>", "l?a=1&b=2", "l?a=1&b=2"),
        ("<guid>http://g.example/1</guid>", "http://g.example/1", "http://g.example/1"),
        ("<guid isPermaLink='false'>http://g.example/1</guid>", "http://g.example/1", ""),
        ("<guid isPermaLink='true'>g-1</guid>", "g-1", ""),
        ("<link href='h'/><guid/>", "h", "h"),
        ("<link><![CDATA[l]]></link>", "l", "l"),
        ("<title>only a title</title>", "", ""),
    ],
)
def test_the_name_of_an_item_is_its_guid_or_its_link(inner: str, name: str, link: str) -> None:
    entry = read_item(inner)

    assert (entry.name, entry.head.link) == (name, link)


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link href='1'/>", "http://a.example/b/1"),
        ("<link rel='self' href='0'/><link rel='alternate' href='/1'/>", "http://a.example/1"),
        ("<link rel='enclosure' href='0'/>", ""),
        ("<link href='http://c.example/?x=1&amp;y=2'/>", "http://c.example/?x=1&y=2"),
        ("<link xml:base='c/' href='1'/>", "http://a.example/b/c/1"),
        ("<link href='http://[broken'/>", "http://[broken"),
    ],
)
def test_links_of_atom(inner: str, link: str) -> None:
    assert read_atom(inner, "xml:base='http://a.example/b/'").head.link == link


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("a &amp;lt; b &lt;b&gt;c&lt;/b&gt;", "a < b c"),
        ("<![CDATA[<b>c</b> &amp; d]]>", "c & d"),
        ("a <b>c</b>", "a c"),
        ("\n a\n b ", "a b"),
        ("Salt & vinegar", "Salt & vinegar"),
    ],
)
def test_html_in_titles(title: str, expected: str) -> None:
    assert read_item(f"<title>{title}</title>").head.title == expected


def test_a_title_of_atom_may_speak_of_tags() -> None:
    entry = read_atom("<title type='text'>The &lt;p&gt; tag</title>")

    assert entry.head.title == "The <p> tag"


def test_the_nearest_language_holds() -> None:
    channel = "<language>de</language>"

    assert read_item("<title>x</title>", channel).head.language == "de"
    assert read_item("<dc:language>fr</dc:language>", channel).head.language == "fr"
    assert read_atom("<id>1</id>", "xml:lang='en-GB'").head.language == "en-GB"
    nested = '<feed xml:lang="en"><entry xml:lang="pt-BR"><id>1</id></entry></feed>'
    assert read_entries(nested)[0].head.language == "pt-BR"


@pytest.mark.parametrize(
    ("inner", "date"),
    [
        ("<published>2031-01-01</published><updated>2031-02-02</updated>", "2031-01-01"),
        ("<published>soon</published><updated>2031-02-02</updated>", "2031-02-02"),
        ("<updated>2031-02-02T00:00:00Z</updated>", "2031-02-02T00:00:00+00:00"),
        ("<updated>never</updated>", ""),
    ],
)
def test_an_entry_is_as_old_as_its_publication(inner: str, date: str) -> None:
    assert read_atom(inner).date == date


def test_items_of_rss_1_stand_outside_of_the_channel() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    source = (
        f'<rdf:RDF xmlns:rdf="{rdf}" xmlns="http://purl.org/rss/1.0/" {DC}>'
        '<channel rdf:about="c"><title>C</title><dc:language>it</dc:language><items><rdf:Seq>'
        '<rdf:li rdf:resource="i&amp;1"/><rdf:li resource="i2"></rdf:li></rdf:Seq></items>'
        "</channel>"
        '<item rdf:about="i&amp;1"><link>l1</link></item><item rdf:about="i2"/></rdf:RDF>'
    )

    feed = read_feed(source, "news.rdf")

    assert [(entry.name, entry.head.link, entry.resource) for entry in feed.entries] == [
        ("i&1", "l1", "i&1"),
        ("i2", "i2", "i2"),
    ]
    assert {entry.head.language for entry in feed.entries} == {"it"}
    assert [source[start:end] for start, end, _ in feed.mentions] == [
        '<rdf:li rdf:resource="i&amp;1"/>',
        '<rdf:li resource="i2"></rdf:li>',
    ]
    assert [resource for *_, resource in feed.mentions] == ["i&1", "i2"]


@pytest.mark.parametrize(
    "source",
    [
        "<entry xmlns='http://www.w3.org/2005/Atom'><id>1</id><summary>a</summary></entry>",
        "<feed><entry><id>1</id><summary>a</summary></entry></feed>",  # no namespace
        (
            "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>1</a:id>"
            "<a:summary>a</a:summary></a:entry></a:feed>"
        ),
        (
            "<feed xmlns='http://purl.org/atom/ns#' version='0.3'><entry><id>1</id>"
            "<content type='text/html' mode='escaped'>&lt;p>a&lt;/p></content></entry></feed>"
        ),
        "<RSS><Channel><Item><GUID>1</GUID><Description>a</Description></Item></Channel></RSS>",
        "<channel><item><guid>1</guid><description>a</description></item></channel>",
        (
            "Warning: headers sent\n<br />\n<rss><channel><item><guid>1</guid>"
            "<description>a</description></item></channel></rss>"
        ),
        "<rss><channel></channel></rss><item><guid>1</guid><description>a</description></item>",
        "<rss/>\n<item><guid>1</guid><description>a</description></item>",
    ],
)
def test_feeds_in_the_wild(source: str) -> None:
    (entry,) = read_entries(source)

    assert (entry.name, texts_of(entry)) == ("1", ["a"])


def test_an_item_without_its_end_does_not_swallow_the_next() -> None:
    source = (
        "<rss><channel><item><guid>1</guid><title>One<description>first"
        "<item><guid>2</guid><description>second</description></item>"
        "<item><description>&lt;p>third<guid>3</guid></item></channel></rss>"
    )

    entries = read_entries(source)

    assert [(entry.name, entry.head.title, texts_of(entry)) for entry in entries] == [
        ("1", "One", ["first"]),
        ("2", "", ["second"]),
        ("3", "", ["third"]),
    ]
    assert source[entries[0].end :].startswith("<item><guid>2")


def test_what_holds_around_an_entry_holds_in_a_feed_that_is_cut_off() -> None:
    source = '<feed xml:lang="de" xml:base="http://a.example/"><title>T<entry><link href="1"/>'

    (entry,) = read_entries(source)

    assert entry.head == Head("http://a.example/1", "", "de")
