"""Markdown for GitHub: what it shows, within its limits, and nothing made of text from outside."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Final

import cmarkgfm
import pyromark
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dedup.model import Problem
from dedup.outcome import Outcome, lay_open
from dedup.report import Report
from dedup.reporters.markdown import render
from dedup.reporters.markdown_code import code, fence
from dedup.runs import FreshRun

MARK: Final = "Qzx"  # stands in text from outside alone
HOSTILE: Final = st.lists(
    st.sampled_from(
        [
            "`",
            "```",
            "~~~\n",
            "|",
            "\\|",
            "\\",
            "<img src=x onerror=alert(1)>",
            "</code></summary></details>",
            "<!--",
            "-->",
            "![x](https://evil.example/a.png)",
            "[x](https://evil.example)",
            "](<",
            ">)",
            "https://evil.example/",
            "www.evil.example",
            "me@evil.example",
            "@octocat",
            "#12",
            "GH-12",
            "a5c3785ed8d6a35868bc169f07e40e889087fd2e",
            "&lt;b&gt;",
            "\n\n",
            "\n# ",
            "\n    ",
            "\n::stop-commands::x",
            "$`x`$",
            "*",
            "_",
            " ",
        ]
    )
    | st.text(max_size=2),
    max_size=8,
).map(lambda parts: "".join([MARK, *parts, MARK]))
OUR_TAGS: Final = {
    *("h2", "p", "table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "pre", "code", "a"),
}


class Page(HTMLParser):
    """Reads HTML: its tags, its links, and the texts that stand in code and in none."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.links, self.outside = set[str](), list[str](), ""
        self.inside, self.rows = "", 0
        self._depth = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.rows += tag == "tr"
        self._depth += tag == "code"
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.inside += data
        else:
            self.outside += data

    def handle_comment(self, data: str) -> None:
        self.outside += data


def write(outcome: Outcome) -> str:
    return "".join(render(outcome, None))


def show(text: str) -> list[Page]:
    """Show Markdown as GitHub's own parser does, as Rust's and as markdown-it's."""
    gfm = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    rust = pyromark.html(text, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_GFM)
    return [Page(html) for html in (gfm, parser.render(text), rust)]


@pytest.mark.parametrize("name", ["report", "restated"])
def test_the_samples_read_as_agreed(
    name: str,
    sample_report: Report,
    restated_report: Report,
    check_golden: Callable[[str, str], None],
) -> None:
    report = sample_report if name == "report" else restated_report

    check_golden(f"{name}.markdown.md", write(lay_open(report)))


def test_a_check_reads_as_agreed(judged: Outcome, check_golden: Callable[[str, str], None]) -> None:
    check_golden("judged.markdown.md", write(judged))


def test_nothing_found_is_one_sentence(report_nothing: Report) -> None:
    assert write(lay_open(report_nothing)).splitlines()[2:] == [
        "No duplicates found among 2 paragraphs (51 words) of 1 document."
    ]


@given(text=HOSTILE, path=HOSTILE, title=HOSTILE, link=HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_made_of_text_from_outside(
    report_entries: Callable[..., Report], text: str, path: str, title: str, link: str
) -> None:
    report = report_entries(title, f"https://feed.example/{link}", f"Words {text} enough.")
    finding = report.findings[0]
    reference = replace(finding.reference, path=path)
    corpus = replace(report.corpus, problems=(Problem(path, 2, text),))
    shown = (replace(finding, reference=reference),)

    written = write(Outcome(FreshRun(replace(report, corpus=corpus)), shown))

    assert not any(line.lstrip().startswith("::") for line in written.splitlines())
    for page in show(written):
        assert page.tags <= OUR_TAGS
        assert page.rows == 3
        assert MARK not in page.outside
        assert [link.startswith("https://feed.example/Qzx") for link in page.links] == [True]


@given(text=st.text(max_size=40) | HOSTILE)
def test_a_span_of_code_stays_in_its_cell(text: str) -> None:
    for page in show(f"| x |\n| - |\n| {code(text)} |\n"):
        assert page.tags <= OUR_TAGS
        assert page.rows == 2
        assert page.outside.split() == ["x"]


@given(text=st.text(alphabet="`a *<&\\|@", max_size=12))
def test_a_span_of_code_shows_its_text_and_a_bar_as_its_number(text: str) -> None:
    for page in show(f"| x |\n| - |\n| {code(text)} |\n"):
        assert page.inside == (text.replace("|", r"\x7c") if text.strip() else "")


def test_a_block_of_code_outlasts_every_fence_in_it() -> None:
    lines = ["```", "@octocat", "`````", "https://evil.example", "    ```", "</code></pre>", "~~~"]

    for page in show(fence(lines)):
        assert page.tags == {"pre", "code"}
        assert page.outside.strip() == ""
        assert page.inside.splitlines() == lines


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//x.example", "ftp:x"]
)
def test_only_an_address_of_the_web_is_linked(
    report_entries: Callable[..., Report], link: str
) -> None:
    for page in show(write(lay_open(report_entries("Title", link)))):
        assert page.links == []


def test_an_entry_of_a_feed_is_linked_by_its_title(report_entries: Callable[..., Report]) -> None:
    link = "https://gazette.example/Lens_(optics)?a=1&copy;=2|<b>\"'`\\ x"

    written = write(lay_open(report_entries("Night ferry", link)))

    assert "[`Night ferry`](<https://gazette.example/" in written
    for page in show(written):
        (href,) = page.links
        assert not set("<>\"'`\\ |()") & set(href.replace("&amp;", "&"))
        assert "a=1&copy;=2" in href


def test_the_first_twenty_have_their_texts(report_many: Callable[[int, int], Report]) -> None:
    written = write(lay_open(report_many(15, 2)))

    assert written.count("| DUP001 |") == 30
    assert written.count("<details>") == written.count("</details>") == 20


def test_a_long_report_says_how_much_is_left_out(report_many: Callable[[int, int], Report]) -> None:
    written = write(lay_open(report_many(1000, 1)))
    n_rows = written.count("| DUP001 |")

    assert len(written.encode()) <= 60_000
    assert 300 < n_rows < 1000
    assert f"\n\n{1000 - n_rows} more findings left out of the table" in written
    assert written.count("<details>") == 20
    assert all(page.rows == 1 + n_rows for page in show(written))


def test_what_fails_is_kept_where_there_is_no_room(
    report_many: Callable[[int, int], Report],
) -> None:
    report = report_many(1000, 1)
    *notes, last = report.findings
    shown = (*(replace(note, level="note") for note in notes), last)

    written = write(Outcome(FreshRun(report), shown))

    first = written.splitlines()[4]
    assert f"`{last.reference.path}:3`" in first


def test_long_texts_and_ids_keep_to_the_limit(report_text: Callable[..., Report]) -> None:
    long = report_text("灯" * 100_000, "a.md", f'"{"火" * 100_000}"'.encode())

    assert len(write(lay_open(long)).encode()) <= 60_000


def test_a_text_cannot_command_a_runner(report_text: Callable[..., Report]) -> None:
    text = f"{'::stop-commands::hush ' * 12} ##[error]x"

    written = write(lay_open(report_text(text)))

    assert not any(line.lstrip().startswith("::") for line in written.splitlines())
    assert "##[" not in written


def test_only_what_counts_has_its_text(judged: Outcome) -> None:
    written = write(judged)

    assert written.count("<details>") == 2
    assert "`ignored: docs/a.md:6: a quotation`" in written


def test_the_same_report_gives_the_same_bytes(report_many: Callable[[int, int], Report]) -> None:
    assert write(lay_open(report_many(4, 2))) == write(lay_open(report_many(4, 2)))


def test_turned_findings_read_as_agreed(
    turned: Outcome, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("turned.markdown.md", write(turned))
