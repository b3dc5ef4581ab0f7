"""Pages written again without some of their paragraphs."""

import io
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import DEFAULTS, ReadersConfig
from dedup.errors import InputError
from dedup.kernels import load_engine
from dedup.paragraphs import split_paragraphs
from dedup.readers.html import cut, parse
from dedup.readers.html_blocks import HtmlPage, read_page
from dedup.readers.sources import Source
from dedup.writers import html
from dedup.writers.edits import Cut, Part
from dedup.writers.html import find_cuts
from tests.readers.pages import FRAGMENTS, SOUPS

BROKEN = [
    *["<", "<b title='", "<!--", "<svg>", "<title>", "<plaintext>", "<p hidden>", "\0", "&#13;"]
]


def remove(markup: str, *texts: str) -> str:
    """Cut the blocks of these texts out of a page."""
    page = read_page(markup)
    return cut_rows(markup, [row for row, block in enumerate(page.blocks) if block.text in texts])


def cut_rows(markup: str, rows: Collection[int]) -> str:
    for start, end, _ in reversed(find_cuts(read_page(markup), rows)):
        markup = markup[:start] + markup[end:]
    return markup


def rewrite(
    raw: bytes, goes: Callable[[str], bool], config: ReadersConfig = DEFAULTS.readers
) -> tuple[bytes, list[tuple[list[str], Cut]]]:
    """Write a page again; gives its bytes, and what was cut with the texts of each cut."""
    source, output = Source("a.html", "html", "", None, raw), io.BytesIO()
    (piece,), engine = cut(source, config), load_engine("numpy")
    batch = parse(piece, config, engine)
    paragraphs = split_paragraphs(batch, DEFAULTS.paragraphs, engine)
    spans = zip(paragraphs.starts.tolist(), paragraphs.ends.tolist(), strict=True)
    texts = [batch.buffer[start:end].tobytes().decode() for start, end in spans]
    part = Part(piece, raw, paragraphs, np.flatnonzero([goes(text) for text in texts]))
    ((_, cuts),) = html.rewrite(source, [part], output, config)
    return output.getvalue(), [([texts[row] for row in done.rows], done) for done in cuts]


def says(markup: str) -> list[str]:
    return [block.text for block in read_page(markup).blocks]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p><p>x</p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a</p>\n  <p id=i><b>x</b> </p>\r\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<p>a</p>\n<p>x</p> <p>b</p>", "<p>a</p>\n <p>b</p>"),
        ("<p>a\n<p>x\n<p>b", "<p>a\n<p>b"),
        ("<p>a\n<p>x\n</body>", "<p>a\n</body>"),
        ("<ul>\n<li>a\n<li>x\n</ul>", "<ul>\n<li>a\n</ul>"),
        ("<ul>\n <li>x</li>\n</ul>\n<p>a", "<p>a"),
        ("<div>\n<div><p>x</p>&nbsp;<br></div>\n</div>\n<p>a", "<p>a"),
        ("<div><h2>a</h2><p>x</p></div>", "<div><h2>a</h2></div>"),
        ("<ul><li>x</li>\n<li><p>y</p><p>x</p></li></ul>a", "a"),
        ("<section><blockquote><p>x</p></blockquote></section>a", "a"),
        ("<dl><dt>a<dd>x<dt>b<dd>c</dl>", "<dl><dt>a<dt>b<dd>c</dl>"),
        ("<figure><figcaption>x</figcaption></figure>a", "a"),
        ("<figure><img><figcaption>x</figcaption></figure>a", "<figure><img></figure>a"),
        ("<div><!-- c --><p>x</p></div>a", "<div><!-- c --></div>a"),
        ("<p><a id=i></a>x <img></p>a", "a"),
    ],
)
def test_the_largest_element_that_holds_nothing_else_goes(before: str, after: str) -> None:
    assert remove(before, "x", "y") == after


@pytest.mark.parametrize(
    "template",
    [
        "<table>\n<caption>c</caption>\n<tr><td>{}</td><th>b</th></tr></table>",
        "<table><tr><td>\n{}</td></table>",
        "<body>{}</body>",
        "<main>\n{}</main>",
        "<nav>{}</nav>",
        "<header>{}</header><footer>a</footer>",
    ],
)
def test_cells_and_parts_of_the_page_stay(template: str) -> None:
    assert remove(template.format("<p>x</p>"), "x") == template.format("")
    assert remove(template.format("x"), "x") == template.format("")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<td>a<br><br>x<br> <BR />b</td>", "<td>a<br><br>b</td>"),
        ("<td>a<br><br>\nx<br><br>\nb</td>", "<td>a<br><br>\nb</td>"),
        ("<td>x<br><br>b</td>", "<td>b</td>"),
        ("<td><font size=2>x<br><br>b</font></td>", "<td><font size=2>b</font></td>"),
        (
            "<td><font size=2>a<br><br><i>x</i></font></td>",
            "<td><font size=2>a<br><br></font></td>",
        ),
        ("<div>x<p>a</p></div>", "<div><p>a</p></div>"),
        ("<div>\n  x\n  <p>a</p></div>", "<div>\n  <p>a</p></div>"),
        ("<div><b><i>x</b></i><p>a</p></div>", "<div><p>a</p></div>"),
    ],
)
def test_loose_text_goes_alone_with_its_line_breaks(before: str, after: str) -> None:
    assert remove(before, "x") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p><b>x</p><p>a</b></p>", "<p>a</b></p>"),
        ("<b><p>x</b></p><p>a</p>", "<b><p></b></p><p>a</p>"),
        ("<div><b>x <i></b><p>a</p></div>", "<div><b><i></b><p>a</p></div>"),
        ("<div><p><a href=u>a</p><p>x</a></p></div>", "<div><p><a href=u>a</p><p></a></p></div>"),
    ],
)
def test_a_tag_outside_keeps_its_end(before: str, after: str) -> None:
    assert remove(before, "x") == after


def test_what_cannot_be_cut_without_a_change_elsewhere_stays() -> None:
    torn = "<i><p>x </i>y<u>z</p></u>"
    assert remove(torn, "x yz") == torn


def test_tags_that_cross_too_often_are_left() -> None:
    tangle = "<div><b><i><u><s><q>x</b></i><a></u></s><a></q></div><p>a"

    assert says(remove(tangle, "x")) in (["a"], ["x", "a"])


def test_several_on_one_line_take_the_line() -> None:
    assert remove("a<hr>\n<p>x</p> <p>y</p>\n<p>b", "x", "y") == "a<hr>\n<p>b"


def test_what_stands_twice_is_cut_where_it_is_said() -> None:
    page = "<p>x</p>\n<p>x</p>\n<p>x</p>\n"

    assert cut_rows(page, [1]) == "<p>x</p>\n<p>x</p>\n"
    assert [rows for _, _, rows in find_cuts(read_page(page), [2, 0])] == [(0,), (2,)]
    assert cut_rows(page, [0, 1, 2]) == ""


@given(SOUPS, st.data())
@example("<td>a<br><br>b<br><br>c", None)
def test_what_is_left_says_what_the_others_said(soup: str, data: st.DataObject | None) -> None:
    page = read_page(soup)
    everything = range(len(page.blocks))
    rows = data.draw(st.sets(st.sampled_from(everything))) if data and everything else {0}
    rows &= set(everything)

    cuts = find_cuts(page, rows)

    gone = [row for _, _, cut in cuts for row in cut]
    assert sorted(set(gone)) == gone
    assert set(gone) <= rows
    left, before = soup, 0
    for start, end, _ in cuts:
        assert before <= start < end
        before = end
    for start, end, _ in reversed(cuts):
        left = left[:start] + left[end:]
    assert says(left) == [block.text for row, block in enumerate(page.blocks) if row not in gone]


@given(st.lists(st.sampled_from([*FRAGMENTS, *BROKEN]), max_size=30).map("".join))
def test_any_page_without_all_of_its_blocks(soup: str) -> None:
    page = read_page(soup)
    left = cut_rows(soup, range(len(page.blocks)))

    assert len(says(left)) <= len(page.blocks)


@given(SOUPS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_without_removals_every_byte_stays(soup: str, encoding: str) -> None:
    raw = soup.encode(encoding, "ignore")

    assert rewrite(raw, lambda _: False, ReadersConfig(encoding=encoding)) == (raw, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "shift_jis", "gb18030"])
def test_bytes_are_cut_in_the_encoding_of_the_page(encoding: str) -> None:
    kept = "\r\n<p>漢字 one</p>\r\n{}<p>漢字 two</p>&amp;\r\n"
    page = f"<meta charset={encoding.removesuffix('-sig')}>{kept}"
    raw = page.format("<p>gone 漢字</p>\r\n").encode(encoding)

    written, cuts = rewrite(raw, lambda text: "gone" in text)

    assert written == page.format("").encode(encoding)
    ((texts, done),) = cuts
    assert texts == ["gone 漢字"]
    assert done.content is not None
    assert written[: done.offset] + done.content + written[done.offset :] == raw


def test_rows_count_the_paragraphs_and_not_the_blocks() -> None:
    raw = b"<h1>t</h1><p>a</p><nav>n</nav><p>b</p><pre>c</pre><p>d</p>"

    written, cuts = rewrite(raw, lambda text: text in "bd")

    assert written == b"<h1>t</h1><p>a</p><nav>n</nav><pre>c</pre>"
    assert [(texts, done.rows) for texts, done in cuts] == [(["b"], (1,)), (["d"], (2,))]


def test_main_content_only_says_what_may_go() -> None:
    raw = b"<p>x</p><main><p>x</p><p>a</p></main>"

    written, _ = rewrite(raw, lambda text: text == "x", ReadersConfig(main_content="main"))

    assert written == b"<p>x</p><main><p>a</p></main>"


def test_an_example_page_loses_its_second_copy(data: Path) -> None:
    raw = (data / "pages" / "locks.html").read_bytes()
    seen: list[str] = []

    def is_seen(text: str) -> bool:
        seen.append(text)
        return seen.count(text) > 1

    written, ((texts, done),) = rewrite(raw, is_seen)

    assert [text[:21] for text in texts] == ["Close the lower gates"]
    assert done.content is not None
    assert done.content.startswith(b"  <p>Close the lower gates")
    assert done.content.endswith(b"of their travel.</p>\n")
    assert rewrite(written, lambda _: False) == (written, [])


def test_a_page_that_cannot_be_spelled_again_is_refused() -> None:
    raw = b"<meta charset=iso-2022-jp><p>a</p><p>\x1b$B4A\x1b(B</p>"

    with pytest.raises(InputError, match="byte for byte"):
        rewrite(raw, lambda text: text == "a")
    assert rewrite(raw, lambda _: False) == (raw, [])


def test_a_page_that_nothing_helps_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    page = read_page("<p>a</p>\n" * 1000)
    readings: list[int] = []

    def read_wrongly(markup: str) -> HtmlPage:
        readings.append(len(markup))
        return read_page("<p>other</p>")

    monkeypatch.setattr(html, "read_page", read_wrongly)

    assert find_cuts(page, range(1000)) == []
    assert len(readings) <= 64
