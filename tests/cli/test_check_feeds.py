"""A check of feeds names the entry: its title, its address and the line in the feed."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

ROOT = Path(__file__).parents[2]
PARAGRAPHS = (ROOT / "data/articles/padded.txt").read_text(encoding="utf-8").strip().split("\n\n")
OTHER = "The harbour board keeps the old lens of the lighthouse for at least another twenty years."


def rss(*entries: tuple[str, str, list[str]]) -> str:
    """Lay out a feed, a paragraph a line; an entry is (title, address, paragraphs)."""
    items = []
    for title, link, paragraphs in entries:
        body = "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        head = f"<item>\n<title>{escape(title)}</title>\n<link>{escape(link)}</link>"
        items.append(f"{head}\n<description><![CDATA[\n{body}\n]]></description>\n</item>")
    inner = "\n".join(items)
    return f'<?xml version="1.0"?>\n<rss version="2.0"><channel>\n{inner}\n</channel></rss>\n'


def line_of(feed: str, begin: str) -> int:
    """Give the last line that begins so."""
    lines = feed.split("\n")
    return max(number for number, line in enumerate(lines, 1) if line.startswith(f"<p>{begin}"))


@pytest.fixture
def check(
    status: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """Give a function that checks feeds, and gives the lines of what it finds."""
    monkeypatch.chdir(tmp_path)

    def run(**feeds: str) -> list[str]:
        for name, text in feeds.items():
            Path(f"{name}.xml").write_text(text, encoding="utf-8")
        code, out, err = status("check", *(f"{name}.xml" for name in feeds), "-f", "concise")
        assert code == 1, err
        return out.splitlines()

    return run


def test_padding_inside_an_entry_is_named_by_entry_and_line(
    check: Callable[..., list[str]],
) -> None:
    feed = rss(
        ("A lens stays", "https://news.example/1", [OTHER]),
        ("The Hollin dam", "https://news.example/2", PARAGRAPHS),
    )

    found = check(news=feed)

    fourth, fifth = (line_of(feed, PARAGRAPHS[place][:40]) for place in (3, 4))
    for line, place in zip(found, (fourth, fifth), strict=True):
        entry = '"The Hollin dam" <https://news.example/2>'
        assert line.startswith(f"news.xml:{place}:4: DUP005 {entry} paragraph ")
        assert " restates paragraphs " in line


def test_a_copy_of_another_entry_names_both_entries(check: Callable[..., list[str]]) -> None:
    feed = rss(
        ("A lens stays", "https://news.example/1", [OTHER]),
        ("Once more", "https://news.example/3", [OTHER]),
    )

    (line,) = check(news=feed)

    assert line == (
        f'news.xml:{line_of(feed, OTHER[:40])}:4: DUP001 "Once more" <https://news.example/3> '
        'identical to news.xml:7 "A lens stays" <https://news.example/1>'
    )


def test_a_copy_in_another_feed_names_both_feeds(check: Callable[..., list[str]]) -> None:
    first = rss(("A lens stays", "https://news.example/1", [OTHER]))
    second = rss(("Copied", "https://copy.example/9", [OTHER]))

    (line,) = check(a=first, b=second)

    assert re.match(r'b\.xml:\d+:4: DUP001 "Copied" <https://copy\.example/9> identical to a', line)


def test_an_address_that_is_no_web_page_is_not_shown_as_one(
    check: Callable[..., list[str]],
) -> None:
    feed = rss(("One", "javascript:alert(1)", [OTHER]), ("Two", "javascript:alert(2)", [OTHER]))

    (line,) = check(news=feed)

    assert "<javascript:" not in line
    assert '"Two" [id "javascript:alert(2)"]' in line
