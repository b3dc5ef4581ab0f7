"""Find the directives of Markdown: HTML's and MDX's comments, attributes in raw HTML.

In: a text. Out: what was found, in characters of it. What is code is no comment, nor is what looks
like one in an attribute or is escaped. Raw HTML is read piece by piece as the parser cuts it, so
that a `<title>` in prose hides nothing behind it; an element that is marked ends with its end tag,
or with what Markdown has around it: its paragraph, its item.
"""

import re
from typing import Final, TypeAlias

import numpy as np

from dedup.readers.batches import count_characters
from dedup.readers.directives import Found, find_between, read_comment
from dedup.readers.html_directives import ATTRIBUTE, COMMENT_START, MarkupFinder
from dedup.readers.markdown import find_metadata_end, list_events, name_tag

_MDX_OPENING: Final = re.compile(r"(?<!\\)\{\s*+/\*(?=\s*+dedup\s*+:)", re.IGNORECASE)
_MDX_ENDING: Final = re.compile(r"(?P<closing>\*/\s*+\})|\{\s*+/\*")
# In prose, where the parser found no comment: it does not end in its paragraph.
_BROKEN: Final = re.compile(r"(?<!\\)<!--(\s*+dedup\s*+:[^\r\n]*+)", re.IGNORECASE)
_QUOTE_MARKS: Final = re.compile(r"(?<=[\r\n])[ \t>]++")  # before a comment's further lines
_NOT_BLANK: Final = re.compile(r"[^\r\n]")
_Span: TypeAlias = tuple[int, int]


def find_in_markdown(text: str) -> list[Found]:
    r"""Find the directives of a text.

    >>> [each.said.kind for each in find_in_markdown("a <!-- dedup: off -->\n`<!-- dedup: on -->`")]
    ['off']
    """
    reader = _Reader(text)
    reader.read()
    found = reader.finder.finish(len(text))
    prose = _hide(text, reader.hidden)
    found += find_between(text, prose, _MDX_OPENING, _MDX_ENDING)
    for broken in _BROKEN.finditer(prose):
        said = read_comment(text[broken.start(1) : broken.end()], is_closed=False)
        if said is not None:
            found.append(Found(*broken.span(), said, is_hidden=False))
    return found


def _hide(text: str, hidden: list[_Span]) -> str:
    """Put blanks in the place of all that is no prose; lines stay."""
    parts, done = list[str](), 0
    for start, end in hidden:
        parts += (text[done:start], _NOT_BLANK.sub(" ", text[start:end]))
        done = end
    return "".join((*parts, text[done:]))


class _Reader:
    """Reads the parser's events.

    Attributes:
        finder: Takes the raw HTML.
        hidden: Where no prose stands: front matter, code, comments and tags; in order.
    """

    def __init__(self, text: str) -> None:
        self.finder, self.hidden = MarkupFinder(), list[_Span]()
        self._text, self._source = text, text.encode()
        self._chars = count_characters(np.frombuffer(self._source, np.uint8))
        self._has_marks = ATTRIBUTE in text.lower()
        self._depths: list[int] = []
        self._lines: list[_Span] = []  # of the open block of HTML

    def read(self) -> None:
        """Read all of the text."""
        metadata_end = find_metadata_end(self._source)
        if metadata_end:
            self.hidden.append(self._place(0, metadata_end))
        for event, start, end in list_events(self._source, metadata_end):
            if not isinstance(event, str):
                self._take(*next(iter(event.items())), self._place(start, end))

    def _place(self, start: int, end: int) -> _Span:
        """Give the characters of some bytes."""
        if self._chars is None:
            return start, end
        return int(self._chars[start]), int(self._chars[end])

    def _take(self, name: str, value: object, span: _Span) -> None:
        """Take an event."""
        if name == "Start":
            self._open(name_tag(value), span)
        elif name == "End":
            self._close(name_tag(value), span[1])
        elif name == "Html":
            self._lines.append(span)
        elif name == "InlineHtml":
            self._take_inline(*span)
        elif name == "Code":
            self.hidden.append(span)

    def _open(self, tag: str, span: _Span) -> None:
        if tag == "CodeBlock":
            self.hidden.append(span)
        elif tag != "HtmlBlock":
            self._depths.append(len(self.finder.elements.tags))

    def _close(self, tag: str, end: int) -> None:
        if tag == "HtmlBlock":
            self._take_block()
        elif tag != "CodeBlock":
            self.finder.elements.close_down_to(self._depths.pop(), end)

    def _take_inline(self, start: int, end: int) -> None:
        markup = self._text[start:end]
        if markup.startswith(COMMENT_START):
            self.finder.take_comment(_QUOTE_MARKS.sub("", markup), start, end)
        elif self._has_marks:
            self.finder.read(markup, start)
        self.hidden.append((start, end))

    def _take_block(self) -> None:
        """Take a block of HTML, without the marks of quotes before its lines."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        start, end = lines[0][0], lines[-1][1]
        done, parts = start, list[str]()
        for line_start, line_end in lines:
            parts += (" " * (line_start - done), self._text[line_start:line_end])
            done = line_end
        for text_start, text_end in self.finder.read("".join(parts), start):
            self.hidden.append((start, text_start))
            start = text_end
        self.hidden.append((start, end))
