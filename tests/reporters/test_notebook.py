"""The small HTML table of a notebook."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from dedup.outcome import Outcome, lay_open
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
    html = render_html(lay_open(sample_report))

    assert "<b>kept</b>: first in input order" in html
    assert "<del>leave</del><ins>sail</ins>" in html
    assert "2 groups with 3 redundant paragraphs" in parse(html).text


def test_restated_and_rewritten_paragraphs_have_a_row_each(restated_report: Report) -> None:
    html = render_html(lay_open(restated_report))

    text = parse(html).text
    assert "paragraph 3 restates and adds to paragraphs 1 (line 1) and 2 (line 3)" in text
    assert "paragraph 1 is rewritten from dam.txt:3; new: nothing" in text
    assert "<b>Families moved to relatives by the hundred</b>." in html
    assert "<em>dam.txt:3</em>: The <b>mayor of Marnow closed</b> two" in html


def test_each_sentence_of_a_turned_finding_has_the_name_of_who_says_it(turned: Outcome) -> None:
    html = render_html(turned)

    assert "<em>docs/old.md:9</em>: As a <b>precaution two schools were closed by" in html
    assert "<br><em>paragraph 2</em>: The <b>Hollin dam has a crack" in html
    assert "paragraph 2 is said again in other words by docs/old.md:9" in parse(html).text


def test_a_restating_text_is_never_html(report_restated: Callable[..., Report]) -> None:
    hostile = "The mill <script>alert(1)</script> burnt & the <img src=x onerror=y> Oskald fell."
    texts = [hostile, f"{hostile} It hit <b>Nadja</b>."]

    page = parse(render_html(lay_open(report_restated(texts, (((0, 0, 1.0),), ()), "<i>.md"))))

    assert not {"script", "img", "onerror", "src", "i"} & set(page.tags)
    assert page.text.count(hostile) == 2
    assert "new: Nadja" in page.text


def test_a_long_list_of_findings_says_what_it_leaves_out(
    restated_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "_MAX_GROUPS", 1)

    text = parse(render_html(lay_open(restated_report))).text

    assert "2 more findings: see report.findings" in text


def test_text_from_outside_is_never_html(report_text: Callable[..., Report]) -> None:
    hostile = "<script>alert(1)</script> & \"'><img src=x onerror=alert(1)>"

    page = parse(
        render_html(lay_open(report_text(hostile, path=f"{hostile}.md", identity=b'"<b>"')))
    )

    assert not {"script", "img", "onerror", "src"} & set(page.tags)
    assert page.text.count(hostile) == 3


def test_nothing_found_is_a_sentence(report_nothing: Report) -> None:
    assert render_html(lay_open(report_nothing)).startswith(
        "<p>No duplicates found among 2 paragraphs"
    )


def test_a_long_report_says_what_it_leaves_out(
    sample_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "_MAX_GROUPS", 1)
    monkeypatch.setattr(notebook, "_MAX_MEMBERS", 1)

    text = parse(render_html(lay_open(sample_report))).text

    assert "1 more paragraph of this group" in text
    assert "1 more group: see report.groups" in text
