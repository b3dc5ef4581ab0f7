"""Soups of markup, and what they say by the standard library's parser of HTML."""

from html.parser import HTMLParser
from typing import Final

from hypothesis import strategies as st

HIDING: Final = ("script", "style", "template", "svg", "select", "button", "textarea", "label")
# Every tag is whole, so that two parsers agree on what is text.
FRAGMENTS: Final = [
    *[
        "word ",
        "é",
        "漢字",
        "😀 ",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\xa0",
        "a < b",
        "x & y",
        "\u2028",
    ],
    *["&amp;", "&lt;p&gt;", "&nbsp;", "&eacute;", "&#233;", "&#x1F600;", "&copy;right", "&;"],
    *[
        "<b>",
        "</b>",
        "<i class='x y'>",
        "</i>",
        '<a href="#">',
        "</a>",
        "<a name=top>",
        "<span\nid=q>",
    ],
    *[
        "</span>",
        "<br>",
        "<BR/>",
        "<br />\r\n",
        "<img src=a.png>",
        "<wbr>",
        "<!-- c --->",
        "<!-- <p> -->",
    ],
    *["<p>", "</p>", "<div>", "</div>", "<ul>", "</ul>", "<li>", "</li>", "<h2>", "</h2>", "<hr>"],
    *[
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th>",
        "<blockquote>",
        "</blockquote>",
    ],
    *[
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<nav>",
        "</nav>",
        "<section>",
        "</section>",
        "<body>",
        "</html>",
    ],
    *["<script>if (a<b) '<p>';</script>", "<style>p{}</style>", "<button>no <i>x</i></button>"],
    *["<svg><text>no</text></svg>", "<span hidden>no <span>x</span></span>", "<pre>", "</pre>"],
]
SOUPS: Final = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)


class _Text(HTMLParser):
    """Collects the text that is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            self._hidden += [tag] * (tag == self._hidden[0])
        elif tag in HIDING or "hidden" in dict(attrs):
            self._hidden.append(tag)
        elif tag == "br":
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def shown_text(markup: str) -> str:
    """Give the text of a stretch of markup, every run of blanks as one space."""
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.parts).split())
