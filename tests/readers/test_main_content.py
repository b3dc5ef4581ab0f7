"""Which blocks of a page are its main content."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import MissingExtraError, SettingError
from dedup.readers.html_blocks import read_page
from dedup.readers.main_content import find_main_content
from tests.readers.pages import FRAGMENTS

LONG = (
    "The ferry to the islands left an hour late because the captain, who lives above the bakery, "
    "had lent his only key to the man who paints the bollards. "
)
OTHER = (
    "Nobody on the quay complained, since the delay left time for a second coffee and for the "
    "long story of the seal that learned to ring the harbour bell. "
)
PAGE = f"""<html><body><header><p>Harbour news since 1921, read on both shores</p></header>
<nav><ul><li><a href=a>Home</a></li><li><a href=b>Timetable of the ferries</a></li></ul></nav>
<main><article><h1>A late ferry</h1><p>{LONG}</p><p>{OTHER}</p><p>{LONG}</p><p>{LONG * 2}</p>
</article></main><footer><p>All rights reserved by the harbour office</p></footer></body></html>"""


def kept_of(markup: str, main_content: str) -> list[str]:
    page = read_page(markup)
    is_main = find_main_content(page, main_content)
    assert is_main is not None
    return [block.text for block, keeps in zip(page.blocks, is_main, strict=True) if keeps]


def test_off_asks_nothing() -> None:
    assert find_main_content(read_page(PAGE), "off") is None


def test_the_article_is_kept_and_what_repeats_in_it_twice() -> None:
    kept = kept_of(PAGE, "auto")

    assert kept[-4:] == [LONG.strip(), OTHER.strip(), LONG.strip(), (LONG * 2).strip()]
    assert not any("Timetable" in text or "reserved" in text for text in kept)


def test_a_hundred_calls_give_one_answer() -> None:
    page = read_page(PAGE)

    answers = [find_main_content(page, "auto") for _ in range(100)]

    assert answers[0] is not None
    assert any(answers[0])
    assert answers == answers[:1] * 100


def test_the_example_pages_keep_their_prose(data: Path) -> None:
    kept = kept_of((data / "pages" / "locks.html").read_text(encoding="utf-8"), "auto")

    assert sum(text.startswith("Close the lower gates") for text in kept) == 2
    assert not any("keeps one small file" in text for text in kept)


def test_without_the_package_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)

    with pytest.raises(MissingExtraError, match=r"dedup-paragraphs\[main-content\]"):
        find_main_content(read_page(PAGE), "auto")


@pytest.mark.parametrize(
    ("selector", "kept"),
    [
        ("p", ["a", "b", "c"]),
        ("div p", ["b"]),
        ("div", ["b"]),
        ("li", ["d", "e"]),
        ("i", ["c"]),
        ("section", ["f", "g"]),
        ("body", ["a", "b", "c", "d", "e", "after", "f", "g"]),
        ("html > body > section", ["f", "g"]),
        ("tbody", []),
    ],
)
def test_an_element_reaches_to_its_end_tag_or_where_one_is_implied(
    selector: str, kept: list[str]
) -> None:
    page = "<p>a\r\n<div>\r\n<p>b</div><p>c <i>x</i>\r<ul><li>d<li>e</ul>after<section>f<h2>g"

    assert kept_of(page, selector) == [text.replace("c", "c x") for text in kept]


def test_an_implied_element_begins_with_the_first_in_it() -> None:
    assert kept_of("<p>a</p><table><tr><td>b</table>", "tbody") == ["b"]


@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join),
    st.sampled_from(["p", "div, li", "body", "td b", ":not(p)", "*", "span:first-child"]),
)
def test_any_page_and_selector_give_an_answer_a_block(soup: str, selector: str) -> None:
    page = read_page(soup)

    answer = find_main_content(page, selector)

    assert answer is not None
    assert len(answer) == len(page.blocks)


@pytest.mark.parametrize("selector", ["div[", "::x", "p:unknown", ">", " "])
def test_a_bad_selector_is_refused_even_on_an_empty_page(selector: str) -> None:
    with pytest.raises(SettingError, match="allowed is auto, off or a CSS selector"):
        find_main_content(read_page(""), selector)
