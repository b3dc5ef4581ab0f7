"""Pages made to take for ever, to fill the memory or to break a stack: all are read in one pass.

Work is counted in lines of Python that run, which says more on a busy machine than its clock; what
runs below Python has a bound on time that only a quadratic reader misses.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import pytest

from dedup.config import DEFAULTS, ReadersConfig
from dedup.model import DocumentBatch
from dedup.readers.batches import pad
from dedup.readers.html import parse
from dedup.readers.html_blocks import read_page
from dedup.readers.sources import Piece
from dedup.writers.html import find_cuts

NO_ENGINE: Any = None  # a page needs none
MEGABYTE: Final = 1 << 20
MOST_SECONDS: Final = 60.0  # each takes under three here
MAKERS: Final[dict[str, Callable[[int], str]]] = {
    "nested div": lambda n: "<div>" * n + "x" + "</div>" * n,
    "nested div, never closed": lambda n: "<div>" * n + "x",
    "nested b": lambda n: "<b>" * n + "x" + "</b>" * n,
    "nested a": lambda n: "<a href=x>" * n + "x",
    "nested ul li": lambda n: "<ul><li>x" * n,
    "nested table td": lambda n: "<table><tr><td>x" * n,
    "nested svg": lambda n: "<svg>" * n + "<p>x",
    "nested hidden": lambda n: "<span hidden>" * n + "x" + "</span>" * n,
    "nested buttons": lambda n: "<button>" * n + "<p>x" * n,
    "li under many div": lambda n: "<ul><li>" + "<div>" * n + "<li></li>" * n,
    "td under many p": lambda n: "<table><tr><td><p>x" + "<td></tr>" * n,
    "end tags": lambda n: "</div></p></li></b></td>" * n,
    "misnested": lambda n: "<b><p><i></b></p></i>x" * n,
    "attributes": lambda n: "<p " + "a=b " * n + ">x",
    "other attributes": lambda n: "<p " + "".join(f"a{i}='{i}' " for i in range(n)) + ">x",
    "no end of a tag": lambda n: "x<p " + "a" * (10 * n),
    "no end of a quote": lambda n: "x<p a='" + ">x<p>" * n,
    "no end of a comment": lambda n: "x<!--" + "-->x<!-"[3:] * n,
    "many unclosed comments": lambda n: "x<!--" * n,
    "no end of a title": lambda n: "<title>" + "x<p>" * n,
    "no end of a script": lambda n: "x<script>" + "<!--<script>" * n,
    "less than": lambda n: "<" * n,
    "less than and slash": lambda n: "</" * n,
    "ampersands": lambda n: "&" * n + "&a" * n + "&#" * n + "&#x" * n,
    "breaks": lambda n: "x<br>" * n + "<br>" * n,
    "blanks": lambda n: "<p>" + " \t\r\n" * n + "x" + " \r" * n,
    "blank tags": lambda n: "<p>x" + " <i> </i>" * n,
    "NUL": lambda n: "<p>\0<\0>\0" * n,
    "CDATA": lambda n: "<svg><![CDATA[" + "]]" * n,
    "one paragraph a line": lambda n: "<p>x</p>\n" * n,
    "headings": lambda n: "<td><h1>x" * n,
}


def read(markup: str, config: ReadersConfig = DEFAULTS.readers) -> DocumentBatch:
    content = markup.encode()
    return parse(Piece("a.html", "html", pad(content), len(content)), config, NO_ENGINE)


def count_lines(run: Callable[[], object]) -> int:
    """Count the lines of Python that a call runs."""
    n_lines = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 -- sys's
        nonlocal n_lines
        n_lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return n_lines


@pytest.mark.parametrize("name", MAKERS)
def test_a_page_twice_as_long_is_twice_the_work(name: str) -> None:
    small, large = MAKERS[name](400), MAKERS[name](3200)

    assert count_lines(lambda: read_page(large)) < 10 * count_lines(lambda: read_page(small)) + 500


@pytest.mark.parametrize("name", MAKERS)
def test_a_hundred_thousand_of_anything(name: str) -> None:
    began = time.process_time()
    batch = read(MAKERS[name](100_000))

    assert len(batch.ids) == 1
    assert time.process_time() - began < MOST_SECONDS


@pytest.mark.parametrize("name", MAKERS)
def test_cutting_all_of_it_ends_too(name: str) -> None:
    page = read_page(MAKERS[name](5_000))
    began = time.process_time()
    cuts = find_cuts(page, range(len(page.blocks)))

    rows = [row for _, _, cut in cuts for row in cut]
    assert rows == sorted(set(rows))
    assert time.process_time() - began < MOST_SECONDS


@pytest.mark.parametrize("name", ["nested div", "nested b", "misnested", "less than"])
def test_a_selector_asks_no_more(name: str) -> None:
    began = time.process_time()
    batch = read(MAKERS[name](20_000), ReadersConfig(main_content="p, body > div"))

    assert len(batch.ids) == 1
    assert time.process_time() - began < MOST_SECONDS


def test_a_page_that_is_one_text_of_fifty_megabytes() -> None:
    markup = "word &amp; " * (50 * MEGABYTE // 11)
    tracemalloc.start()
    batch = read(markup)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert batch.chars.tolist() == [0]
    assert batch.end_chars is not None
    assert batch.end_chars.tolist() == [len(markup) - 1]
    # The bytes and the text of the page, the block's parts, words and text, its bytes, the batch.
    assert most_bytes < 24 * len(markup)


def test_a_tag_of_a_megabyte_without_an_end_hides_what_is_in_it() -> None:
    markup = "<p>seen</p><p title='" + "not <p> seen " * (MEGABYTE // 13)

    assert [block.text for block in read_page(markup).blocks] == ["seen"]
