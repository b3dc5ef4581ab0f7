"""The small HTML table of a notebook."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from dedup.report import Report
from dedup.reporters import notebook
from dedup.reporters.notebook import render_html


class _Tags(HTMLParser):
    """Collects the tags and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.tags += [name for name, _ in attrs]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parse(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_a_table_shows_what_is_kept_and_what_differs(sample_report: Report) -> None:
    html = render_html(sample_report)

    assert "<b>kept</b>: first in input order" in html
    assert "<del>leave</del><ins>sail</ins>" in html
    assert "2 groups with 3 redundant paragraphs" in parse(html).text


def test_text_from_outside_is_never_html(report_text: Callable[..., Report]) -> None:
    hostile = "<script>alert(1)</script> & \"'><img src=x onerror=alert(1)>"

    page = parse(render_html(report_text(hostile, path=f"{hostile}.md", identity=b'"<b>"')))

    assert not {"script", "img", "onerror", "src"} & set(page.tags)
    assert page.text.count(hostile) == 3


def test_nothing_found_is_a_sentence(report_nothing: Report) -> None:
    assert render_html(report_nothing).startswith("<p>No duplicates found among 2 paragraphs")


def test_a_long_report_says_what_it_leaves_out(
    sample_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "_MAX_GROUPS", 1)
    monkeypatch.setattr(notebook, "_MAX_MEMBERS", 1)

    text = parse(render_html(sample_report)).text

    assert "1 more paragraph of this group" in text
    assert "1 more group: see report.groups" in text
