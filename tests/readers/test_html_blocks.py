"""Pages as blocks that know their stretch of the markup."""

from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.readers.html_blocks import HtmlPage, read_page
from tests.readers.pages import FRAGMENTS, SOUPS, shown_text

BROKEN = [
    *[
        "<",
        "</",
        "<p",
        "</p",
        "<a href='",
        '"',
        "'",
        ">",
        "<!--",
        "-->",
        "<!",
        "<?",
        "<![CDATA[",
        "]]>",
    ],
    *[
        "\0",
        "&#",
        "&#0;",
        "&#xD800;",
        "&#13;",
        "<svg>",
        "<template>",
        "<textarea>",
        "<title>",
        "<xmp>",
    ],
    *[
        "<plaintext>",
        "<script>",
        "</script>",
        "<object>",
        "<select>",
        "<label>",
        "<p hidden>",
        "<noscript>",
    ],
    *[
        "<td hidden>",
        "<foreignObject>",
        "</svg>",
        "</template>",
        "</body>",
        "<frameset>",
        "<iframe/>",
    ],
]


def blocks_of(markup: str) -> list[tuple[str, str]]:
    """Give the kind and text of each block."""
    return [(block.kind.name, block.text) for block in read_page(dedent(markup)).blocks]


def check_order(page: HtmlPage) -> None:
    before = 0
    for block in page.blocks:
        assert before <= block.start < block.end <= len(page.markup)
        before = block.end
        cut = page.markup[block.start : block.end]
        assert cut.strip() == cut
        assert block.text.strip() == block.text != ""


@given(SOUPS)
@example("<p>a</p>\r\n<div>b<b>\rc</b></div>é\n")
@example("<a href=x><b><p>one</p></b><p>two</a>")
@example("<pre>\n a\r\n  b</pre>")
def test_a_block_is_what_its_stretch_of_markup_says(soup: str) -> None:
    page = read_page(soup)

    check_order(page)
    for block in page.blocks:
        assert " ".join(block.text.split()) == shown_text(soup[block.start : block.end])


@given(SOUPS)
def test_no_text_is_lost_but_what_is_hidden(soup: str) -> None:
    found = "".join(block.text for block in read_page(soup).blocks)

    assert "".join(found.split()) == "".join(shown_text(soup).split())


@given(st.lists(st.sampled_from([*FRAGMENTS, *BROKEN]), max_size=40).map("".join))
@example("text <b attr")
@example("<p>text</b title='>' <i")
@example("a<b>c</b x")
@example("<xmp>a<b c")
def test_nothing_makes_it_fail(soup: str) -> None:
    check_order(read_page(soup))


@given(st.text(st.sampled_from("<>/!?-[]&;#\"'= \n\rpabx\0é"), max_size=60))
def test_no_characters_make_it_fail(soup: str) -> None:
    check_order(read_page(soup))


def test_blocks_of_every_kind() -> None:
    assert blocks_of("""\
        <!DOCTYPE html><html><head><title>T</title><meta charset=utf-8></head><body>
        <h1>Title</h1><p>One &amp; <b>two</b>
          three</p>loose <i>text</i>
        <ul><li>item<li><p>in it</p></ul>
        <dl><dt>term<dd>said of it</dl>
        <table><caption>what</caption><tr><td>cell<th><p>head</table>
        <blockquote><p>quoted</p></blockquote>
        <pre>
         kept
           as is</pre>
        <figure><img><figcaption>shown</figcaption></figure>
        <details><summary>more</summary>hidden by default</details>
        <article>news</article><nav><h2>Pages</h2><p>no link</nav>
        """) == [
        *[("HEADING", "Title"), ("PARAGRAPH", "One & two three"), ("PARAGRAPH", "loose text")],
        *[("LIST", "item"), ("LIST", "in it"), ("HEADING", "term"), ("PARAGRAPH", "said of it")],
        *[("LIST", "what"), ("TABLE", "cell"), ("TABLE", "head"), ("QUOTE", "quoted")],
        *[("CODE", "kept\n   as is"), ("LIST", "shown"), ("LIST", "more")],
        *[("PARAGRAPH", "hidden by default"), ("PARAGRAPH", "news")],
        *[("LINKS", "Pages"), ("LINKS", "no link")],
    ]


def test_the_innermost_container_says_what_a_text_is() -> None:
    assert blocks_of("""\
        <ul><li>a<blockquote>b<ul><li>c</li></ul>d</blockquote>e<pre>f</pre><dl><dd>g</dl>
        <h3>h</h3><div>i</div><section>j</section></ul>k
        """) == [
        *[("LIST", "a"), ("QUOTE", "b"), ("LIST", "c"), ("QUOTE", "d"), ("LIST", "e")],
        *[("CODE", "f"), ("PARAGRAPH", "g"), ("HEADING", "h"), ("LIST", "i")],
        *[("PARAGRAPH", "j"), ("PARAGRAPH", "k")],
    ]


def test_two_line_breaks_part_and_one_does_not() -> None:
    assert blocks_of("<td>a<br>b<br><br>c<br>\n<!-- --><BR/>&nbsp;<br>d<br><br></td>") == [
        ("PARAGRAPH", "a b"),
        ("PARAGRAPH", "c"),
        ("PARAGRAPH", "d"),
    ]
    assert blocks_of("<pre>a<br><br>b</pre>") == [("CODE", "a\n\nb")]


def test_an_end_tag_that_stands_for_a_line_break() -> None:
    assert blocks_of("a</br>b</br></br>c") == [("PARAGRAPH", "a b"), ("PARAGRAPH", "c")]


def test_blanks_of_a_long_text_are_folded_as_those_of_a_short_one() -> None:
    long = " a  b\xa0\tc\n" * 200_000

    assert blocks_of(long) == [("PARAGRAPH", " ".join(long.split()))]


def test_a_table_that_lays_out_a_page_holds_prose() -> None:
    long = "word " * 130
    assert blocks_of(f"<table><tr><td>datum<td><h2>News</h2>prose<td>{long}<td>x</table>") == [
        *[("TABLE", "datum"), ("HEADING", "News"), ("PARAGRAPH", "prose")],
        *[("PARAGRAPH", long.strip()), ("TABLE", "x")],
    ]


def test_text_that_stands_in_links_only() -> None:
    assert blocks_of("""\
        <p><a href=x>all of it</a> &raquo;</p><p><a href=x>most</a> of it</p>
        <p><a name=x>an anchor</a></p><h2><a href=x>headline</a></h2>
        <a href=x><div>in a link</div></a><div role=navigation><p>plain</div>
        <ul><li><a href=x>never closed</li><li>next</ul>
        """) == [
        *[("LINKS", "all of it »"), ("PARAGRAPH", "most of it"), ("PARAGRAPH", "an anchor")],
        *[("HEADING", "headline"), ("LINKS", "in a link"), ("LINKS", "plain")],
        *[("LINKS", "never closed"), ("LIST", "next")],
    ]


def test_what_a_reader_does_not_see_is_no_text() -> None:
    assert blocks_of("""\
        <script>"<p>a"</script><style>b</style><template><p>c</p></template><noscript><p>d</noscript>
        <svg><title>e</title><foreignObject><p>f</p></foreignObject></svg><iframe>g</iframe>
        <object>h<p>i</p></object><select><option>j</select><button><div>k</div></button>
        <textarea><p>l</textarea><label>m</label><p hidden>n<p aria-hidden="true">o</p>
        <div hidden><div>p</div>q</div><!-- r --><!--[if IE]><p>s</p><![endif]--><?php t ?>
        <p>seen <span aria-hidden=true>u <span>v</span> w</span><svg/> all</p>
        """) == [("PARAGRAPH", "seen all")]


def test_tags_that_nobody_closed() -> None:
    assert blocks_of("""\
        <p>a<p>b<div>c<p>d</div>e<table><tr><td>f<tr><td>g</table>h
        <ul><li>i<ul><li>j</ul>k<li>l</ul>m<svg><p>n<label>o<p>q</body></html>r
        """) == [
        *[("PARAGRAPH", "a"), ("PARAGRAPH", "b"), ("PARAGRAPH", "c"), ("PARAGRAPH", "d")],
        *[("PARAGRAPH", "e"), ("TABLE", "f"), ("TABLE", "g"), ("PARAGRAPH", "h")],
        *[("LIST", "i"), ("LIST", "j"), ("LIST", "k"), ("LIST", "l"), ("PARAGRAPH", "m")],
        *[("PARAGRAPH", "n"), ("PARAGRAPH", "q"), ("PARAGRAPH", "r")],
    ]


def test_end_tags_that_close_nothing() -> None:
    assert blocks_of("<ul><li><table><td>a</li></ul>b</table>c</ul></div>d</p>e") == [
        *[("TABLE", "a"), ("TABLE", "b"), ("LIST", "c")],
        *[("PARAGRAPH", "d"), ("PARAGRAPH", "e")],
    ]


@pytest.mark.parametrize(
    ("markup", "stretch"),
    [
        ("<p>\n <b>a</b> c <i>d</i>\n</p>", "<b>a</b> c <i>d</i>"),
        ("<b><p>a</p></b>", "a"),
        ("<p><a id=x></a>a<img src=b></p>", "<a id=x></a>a<img src=b>"),
        ("<p>a<span><p>b", "a"),
        ("a<br><br>b<b", "a"),
        ("x &lt; <b>y", "x &lt; <b>y"),
        ("a</b> <i c=", "a</b>"),
        ("<p><!-- c -->a<!-- d --></p>", "a"),
        ("<p>a <!-- dedup: ignore --> </p>b", "a <!-- dedup: ignore -->"),
        ("<p>a<!--dedup:on--!><!-- b --><p>-->", "a<!--dedup:on--!>"),
        ("<p>a</p><!-- dedup: ignore -->b", "a"),
        ("a<!-- dedup: ignore <p>b</p>", "a"),
    ],
)
def test_where_a_block_begins_and_ends(markup: str, stretch: str) -> None:
    block = read_page(markup).blocks[0]

    assert markup[block.start : block.end] == stretch


def test_what_a_page_says_of_itself() -> None:
    page = read_page(
        "<html LANG=' pt-BR'><head><title>\n Fish &amp;\n chips </title><link rel='x Canonical'"
        " href=' https://a.example/b?c&amp;d '><link rel=canonical href=e><body>"
        "<svg><title>icon</title></svg><title>late</title>"
    )

    assert page.title == "Fish & chips"
    assert (page.language, page.canonical) == ("pt-BR", "https://a.example/b?c&d")
    assert read_page("<html xml:lang=de>").language == "de"
    assert read_page("<p>a").title == ""
