"""Find the directives of a page: comments `dedup: ...` and attributes `data-dedup`.

In: the markup of a page, of a feed's entry, or the raw HTML of a Markdown text piece by piece. Out:
what was found, with its places. What only looks like a comment is none: in a script, an attribute,
escaped, or shown in a `<pre>`.

Decision (2026-11-26): tokens and the stack of `html_elements`, not a tree: of 100,000 elements that
are nested and never end, a tree's parents would have to be asked of each. The stack does not know
inline elements, so one that is marked is put on it, and those of its name within. An inline element
that is still open where the block around it ends, ends there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dedup.model import BlockKind
from dedup.readers.directives import COMMENT_END, Found, read_comment, read_value
from dedup.readers.html_elements import VOID_TAGS, Effect, ElementStack, find_line_starts
from dedup.readers.turbo import COMMENT, END_TAG, START_TAG, TEXT_TOKEN, Token, read_tokens

ATTRIBUTE: Final = "data-dedup"
COMMENT_START: Final = "<!--"
_SHOWN: Final = ("pre", "listing")
_RAW: Final = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript")
)
_WHOLE_PAGE: Final = ("html", "body")


def find_in_page(markup: str) -> list[Found]:
    """Find the directives of a page.

    >>> [found.said.kind for found in find_in_page("<p data-dedup=ignore>a</p><!--dedup:off-->")]
    ['off', 'element']
    """
    finder = MarkupFinder()
    finder.read(markup, 0)
    return finder.finish(len(markup))


class MarkupFinder:
    """Finds directives in pieces of markup, given in order.

    Attributes:
        elements: What is open.
    """

    def __init__(self) -> None:
        self.elements = MarkedElements()
        self._found: list[Found] = []

    def read(self, markup: str, offset: int) -> list[tuple[int, int]]:
        """Read a piece, which begins at a character of its source; gives where its text stands."""
        texts: list[tuple[int, int]] = []
        n_shown, raw = 0, ""
        for token, start, end in _place_tokens(markup):
            kind, tag = token.type, token.tag
            if kind == COMMENT:
                if not n_shown:
                    self.take_comment(markup[start:end], offset + start, offset + end)
            elif kind == TEXT_TOKEN:
                if not n_shown and not raw:
                    texts.append((offset + start, offset + end))
            elif kind == START_TAG:
                n_shown += tag in _SHOWN
                raw = tag if tag in _RAW else ""
                self.elements.take_tag(token, offset + start, offset + end)
            elif kind == END_TAG:
                n_shown -= n_shown > 0 and tag in _SHOWN
                raw = ""
                self.elements.take_tag(token, offset + start, offset + end)
        return texts

    def take_comment(self, written: str, start: int, end: int) -> None:
        """Take a comment with its marks; what else an HTML parser calls so is none.

        Args:
            written: It, and what may stand behind it.
            start: Where it begins in its source.
            end: Where what is written ends there.
        """
        if not written.startswith(COMMENT_START):
            return
        ended = COMMENT_END.search(written, len(COMMENT_START))
        inner_end, behind = ended.span() if ended else (len(written), len(written))
        said = read_comment(written[len(COMMENT_START) : inner_end], is_closed=ended is not None)
        if said is not None:
            end -= len(written) - behind
            self._found.append(Found(start, end, said, ended is not None))

    def finish(self, size: int) -> list[Found]:
        """End what is open at the end of the source, and give all that was found."""
        return self._found + self.elements.finish(size)


def _place_tokens(markup: str) -> Iterator[tuple[Token, int, int]]:
    """Give the tokens of a piece, each with the characters that it takes."""
    is_one_line = "\n" not in markup and "\r" not in markup
    lines = (0,) if is_one_line else find_line_starts(markup)
    last: Token | None = None
    start = 0
    for token in read_tokens(markup):
        place = lines[token.line - 1] + token.col
        if last is not None:
            yield last, start, place
        last, start = token, place
    if last is not None:
        yield last, start, len(markup)


@dataclass(slots=True)
class _Mark:
    """An element with the attribute: its name, its value, where it begins and ends."""

    tag: str
    value: str
    start: int
    end: int


class MarkedElements(ElementStack):
    """A stack that keeps where the elements lie that have the attribute."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: list[_Mark] = []
        self._whole: list[_Mark] = []  # to the end of the page
        self._rows: list[int] = []  # the mark of each open element, -1 for none
        self._row = self._closed = -1
        self._place = 0

    def take_tag(self, token: Token, start: int, end: int) -> None:
        """Take a tag, which stands at source[start:end]."""
        self._place = start
        if token.type == END_TAG:
            self._end(token.tag, end)
            return
        value = token.attr(ATTRIBUTE)
        self._row = -1 if value is None else len(self._marks)
        if value is not None:
            self._marks.append(_Mark(token.tag, value, start, end))
            if token.tag in _WHOLE_PAGE:
                self._whole.append(self._marks[-1])
        self._start(token)

    def _start(self, token: Token) -> None:
        tag, effect = token.tag, self.take_start(token)
        is_counted = self._row >= 0 or bool(self._open.get(tag))
        can_hold = tag not in VOID_TAGS and not token.self_closing
        if effect is Effect.INLINE and is_counted and can_hold:
            self._push(tag, self.kind)

    def _end(self, tag: str, end: int) -> None:
        self._closed = -1
        if self.take_end(tag) is Effect.INLINE:
            self._close(tag)
        if self._closed >= 0 and tag not in _WHOLE_PAGE:
            self._marks[self._closed].end = end

    def _push(self, tag: str, kind: BlockKind | None) -> None:
        super()._push(tag, kind)
        self._rows.append(self._row)

    def _cut_to(self, place: int) -> None:
        super()._cut_to(place)
        while len(self._rows) > place:
            self._closed = self._rows.pop()
            if self._closed >= 0:
                self._marks[self._closed].end = self._place

    def close_down_to(self, depth: int, place: int) -> None:
        """End all elements but the outermost ones, where their source ends what holds them."""
        self._place = place
        self._cut_to(depth)

    def finish(self, size: int) -> list[Found]:
        """End what is open and give all elements."""
        self.close_down_to(0, size)
        for mark in self._whole:
            mark.end = size
        return [
            Found(each.start, each.end, read_value(each.value), is_hidden=False)
            for each in self._marks
        ]
