"""Feeds of every format, made at random together with what must be read of them.

What stands in the feed is made by hand here, never by the code under test.
"""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.model import DocumentBatch
from dedup.readers.batches import pad
from dedup.readers.feed import parse
from dedup.readers.sources import Piece

NO_ENGINE: Any = None  # feeds need none
WORDS = st.sampled_from(
    [
        *("harbour", "Fähre", "漢字", "😀", "l'eau", "a<b", "x>y", "AT&T", "]]>", '"so"', "&amp;"),
        *("<p>", "co-op", "\\n", "&nosuch;", "R&amp;D", "ك", "<!--", "100%"),
    ]
)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@dataclass(frozen=True)
class Story:
    """An entry: its id and title, and the texts of its paragraphs."""

    name: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class MadeFeed:
    """A feed, its stories, and how a stretch of it becomes the text that it spells."""

    source: str
    stories: tuple[Story, ...]
    unspell: Callable[[str], str]


def read_bytes(content: bytes, config: ReadersConfig | None = None) -> DocumentBatch:
    """Read a feed; `dedup` itself never sees its name's ending here."""
    piece = Piece("news.xml", "feed", pad(content), len(content))
    return parse(piece, config or ReadersConfig(), NO_ENGINE)


def read_ids(batch: DocumentBatch) -> list[Any]:
    """Give the ids of a batch's documents."""
    return [json.loads(raw) for raw in batch.ids]


def read_texts(batch: DocumentBatch) -> list[list[str]]:
    """Give the texts of the blocks of each document."""
    texts: list[list[str]] = [[] for _ in batch.ids]
    for document, start, end in zip(batch.document, batch.starts, batch.ends, strict=True):
        texts[document].append(batch.buffer[start:end].tobytes().decode())
    return texts


def place_of(source: str, char: int) -> tuple[int, int]:
    """Count line and column of a character by cutting off all lines before it."""
    lines = re.split(r"\r\n|\r|\n", source[:char])
    return len(lines), len(lines[-1]) + 1


def cut_out(source: str, batch: DocumentBatch) -> list[str]:
    """Cut each block out of its source by its characters; check its lines and columns by them."""
    assert batch.end_chars is not None
    assert batch.end_columns is not None
    found = []
    for row, start in enumerate(batch.chars.tolist()):
        end = int(batch.end_chars[row])
        assert 0 <= start < end <= len(source)
        assert (batch.lines[row], batch.columns[row]) == place_of(source, start)
        assert (batch.end_lines[row], batch.end_columns[row]) == place_of(source, end - 1)
        found.append(source[start:end])
    return found


def _strip_tags(markup: str) -> str:
    """Give the text of HTML that a test made; references it does not know stay."""
    return html.unescape(re.sub(r"<[^<>]*>", "", markup))


def _make_html(story: Story) -> str:
    parts = []
    for paragraph in story.paragraphs:
        first, *rest = paragraph.split(" ")
        parts.append(f"<p><b>{html.escape(first)}</b>{html.escape(' '.join(['', *rest]))}</p>")
    return "\n".join(parts)


def _escape(text: str) -> str:
    """Spell a text in XML, what is not ASCII by its number."""
    numbers = (c if ord(c) < 0x80 else f"&#x{ord(c):x};" for c in html.escape(text))
    return "".join(numbers)


def _wrap(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _unwrap(spelled: str) -> str:
    return spelled.replace("]]><![CDATA[", "")


def _make_rss(stories: tuple[Story, ...]) -> MadeFeed:
    items = "\n".join(
        f"<item><title>{_escape(html.escape(story.title))}</title>"
        f'<guid isPermaLink="false">{html.escape(story.name)}</guid>'
        f"<description>The short of it</description>"
        f"<content:encoded>{_wrap(_make_html(story))}</content:encoded></item>"
        for story in stories
    )
    content = "http://purl.org/rss/1.0/modules/content/"
    head = f'<?xml version="1.0"?>\n<rss version="2.0" xmlns:content="{content}"><channel>'
    source = f"{head}<title>News</title>\n{items}\n</channel></rss>\n"
    return MadeFeed(source, stories, lambda spelled: _strip_tags(_unwrap(spelled)))


def _make_old_rss(stories: tuple[Story, ...]) -> MadeFeed:
    items = "".join(
        f"\r\n  <item>\r\n    <title>{_escape(html.escape(story.title))}</title>"
        f"<guid>{html.escape(story.name)}</guid>"
        f"<description>{_escape(_make_html(story))}</description>\r\n  </item>"
        for story in stories
    )
    source = f'<rss version="0.92"><channel><title>News</title>{items}\r\n</channel></rss>'
    return MadeFeed(source, stories, lambda spelled: _strip_tags(html.unescape(spelled)))


def _make_rdf(stories: tuple[Story, ...]) -> MadeFeed:
    lines = "".join(f'<rdf:li resource="{html.escape(s.name)}"/>\n' for s in stories)
    items = "\n".join(
        f'<item rdf:about="{html.escape(story.name)}"><title>{_wrap(html.escape(story.title))}'
        f"</title><description>{_escape(_make_html(story))}</description></item>"
        for story in stories
    )
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    head = f'<rdf:RDF xmlns:rdf="{rdf}" xmlns="http://purl.org/rss/1.0/">\n'
    channel = f"<channel><title>News</title><items><rdf:Seq>\n{lines}</rdf:Seq></items></channel>\n"
    source = f"{head}{channel}{items}\n</rdf:RDF>\n"
    return MadeFeed(source, stories, lambda spelled: _strip_tags(html.unescape(spelled)))


def _make_atom(stories: tuple[Story, ...], content: Callable[[Story], str]) -> str:
    entries = "\n".join(
        f'<entry><title type="text">{html.escape(story.title)}</title>'
        f"<id>{html.escape(story.name)}</id>{content(story)}</entry>"
        for story in stories
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>\n{entries}</feed>'


def _make_xhtml_atom(stories: tuple[Story, ...]) -> MadeFeed:
    def content(story: Story) -> str:
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">\n{_make_html(story)}<hr/></div>'
        return f'<content type="xhtml">{div}</content>'

    return MadeFeed(_make_atom(stories, content), stories, _strip_tags)


def _make_plain_atom(stories: tuple[Story, ...]) -> MadeFeed:
    def content(story: Story) -> str:
        text = "\n \n".join(story.paragraphs)
        return f'<content type="text">{_escape(text)}</content>'

    return MadeFeed(_make_atom(stories, content), stories, html.unescape)


def _make_json(stories: tuple[Story, ...], *, ascii_only: bool) -> MadeFeed:
    items = [
        {"id": s.name, "title": html.escape(s.title), "content_html": _make_html(s)}
        for s in stories
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items}
    source = json.dumps(feed, ensure_ascii=ascii_only, indent=None if ascii_only else 2)
    return MadeFeed(source, stories, lambda spelled: _strip_tags(json.loads(f'"{spelled}"')))


def _make_plain_json(stories: tuple[Story, ...]) -> MadeFeed:
    items = [
        {"content_text": "\r\n\r\n".join(s.paragraphs), "title": html.escape(s.title), "id": s.name}
        for s in stories
    ]
    source = json.dumps({"items": items, "version": "https://jsonfeed.org/version/1"})
    return MadeFeed(source, stories, lambda spelled: str(json.loads(f'"{spelled}"')))


MAKERS: tuple[Callable[[tuple[Story, ...]], MadeFeed], ...] = (
    _make_rss,
    _make_old_rss,
    _make_rdf,
    _make_xhtml_atom,
    _make_plain_atom,
    lambda stories: _make_json(stories, ascii_only=True),
    lambda stories: _make_json(stories, ascii_only=False),
    _make_plain_json,
)
STORIES = st.lists(
    st.builds(
        Story,
        name=st.sampled_from(["urn:1", "urn:2", "https://a.example/?x=1&y=2"]),
        title=PARAGRAPHS,
        paragraphs=st.lists(PARAGRAPHS, max_size=4).map(tuple),
    ),
    max_size=5,
).map(tuple)
FEEDS = st.builds(lambda make, stories: make(stories), st.sampled_from(MAKERS), STORIES)
