"""Keep the stack of open elements of a page, and with it what a tag does to the text around it.

In: the tags of a page, in order. Out: for each, whether it ends a block, stands inside one or says
nothing; the kind of the innermost container; and, for a writer, where each element lies.

Decision (2026-11-25): tokens and a stack, no tree. The rules are those of the HTML standard that
decide where text stands: implied ends of paragraphs, items, cells and headings, and scopes that
an end tag does not reach across. Formatting elements never part text and are not on the stack. All
look-ups are by the place of the last open element of a name, never a search, so that a page of
100,000 nested tags takes linear time.
"""

from array import array
from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

import numpy as np

from dedup.model import BlockKind, ByteArray
from dedup.readers import batches
from dedup.readers.turbo import END_TAG, START_TAG, Token, read_tokens

# What text directly in an element is; an element of none here says what is around it. None: it is
# nothing that a reader of the page sees as text of it.
_KINDS: Final[dict[str, BlockKind]] = {
    **dict.fromkeys(("article", "aside", "dd", "footer", "header"), BlockKind.PARAGRAPH),
    **dict.fromkeys(("main", "section"), BlockKind.PARAGRAPH),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dt"), BlockKind.HEADING),
    **dict.fromkeys(("li", "caption", "figcaption", "legend", "summary"), BlockKind.LIST),
    **dict.fromkeys(("td", "th"), BlockKind.TABLE),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), BlockKind.CODE),
    "blockquote": BlockKind.QUOTE,
    "nav": BlockKind.LINKS,
}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OUTERMOST: Final = frozenset(("html", "head", "body", "frameset"))
_TABLE_PARTS: Final = {
    "td": ("td", "th", "caption"),
    "th": ("td", "th", "caption"),
    "tr": ("tr", "td", "th", "caption"),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "caption"),
        ("tbody", "thead", "tfoot", "tr", "td", "th", "caption"),
    ),
}
_ITEMS: Final = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd")}


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENDS_PARAGRAPH: Final = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p search section summary ul"
    " pre listing table xmp plaintext li dt dd"
)
BLOCK_TAGS: Final = _ENDS_PARAGRAPH | _OUTERMOST | _TABLE_PARTS.keys() | {"legend"}
_RAW: Final = _names("script style noscript iframe noembed noframes textarea title")
_NO_TEXT: Final = _RAW | _names(
    "template svg foreignobject object applet select datalist option optgroup button label audio"
    " video canvas"
)
_SCOPES: Final = _names("td th caption table template svg object applet")
# An end tag reaches all of these, however deep they are.
_REACHED: Final = _NO_TEXT | {"table"}
_SOFT: Final = _names("address div p")  # between an item and the beginning of the next
VOID_TAGS: Final = _names(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param"
    " source track wbr"
)


class Effect(Enum):
    """What a tag means for the text around it."""

    NOTHING = 0
    INLINE = 1
    LINE_BREAK = 2
    ENDS_BLOCK = 3


class ElementStack:
    """The open elements that part text or hide it.

    Attributes:
        kind: What text at this place is; None where it is none of the page's.
        tags: The names of the open elements, outermost first.
    """

    def __init__(self) -> None:
        self.kind: BlockKind | None = BlockKind.PARAGRAPH
        self.tags: list[str] = []
        self._kinds: list[BlockKind | None] = []
        self._open: dict[str, list[int]] = {}
        self._scopes: list[int] = []
        self._hard: list[int] = []

    def take_start(self, token: Token) -> Effect:
        """Take a start tag."""
        tag, before = token.tag, self.kind
        if tag in BLOCK_TAGS:
            self._take_block(tag, token)
            hides = before is None and self.kind is None
            return Effect.NOTHING if hides else Effect.ENDS_BLOCK
        if tag == "br":
            return Effect.NOTHING if before is None else Effect.LINE_BREAK
        if tag in _NO_TEXT or (tag not in VOID_TAGS and self._hides(tag, token)):
            if tag in _RAW or not token.self_closing:
                self._push(tag, None)
            return Effect.NOTHING
        return Effect.NOTHING if before is None else Effect.INLINE

    def take_end(self, tag: str) -> Effect:
        """Take an end tag."""
        before = self.kind
        if tag in BLOCK_TAGS:
            if tag in ("html", "body"):
                self._cut_to(0)
            else:
                self._close("h1" if tag in _HEADINGS else tag)
            hides = before is None and self.kind is None
            return Effect.NOTHING if hides else Effect.ENDS_BLOCK
        if before is None:
            self._close(tag)
            return Effect.NOTHING
        return Effect.LINE_BREAK if tag == "br" else Effect.INLINE

    def _hides(self, tag: str, token: Token) -> bool:
        """Say whether an inline element is hidden, or must be counted as it stands in such a one.

        Its end tag would else end the outer one.
        """
        return is_hidden(token) or (self.kind is None and bool(self._open.get(tag)))

    def _take_block(self, tag: str, token: Token) -> None:
        if tag in _OUTERMOST:
            return
        self._close_implied(tag)
        if tag == "hr":
            return
        kind = None if self.kind is None or is_hidden(token) else self._kind_in(tag, token)
        self._push(tag, kind)

    def _kind_in(self, tag: str, token: Token) -> BlockKind | None:
        """Give the kind of text in an element; in navigation everything is links."""
        if self.kind is BlockKind.LINKS or token.attr("role") == "navigation":
            return BlockKind.LINKS
        return _KINDS.get(tag, self.kind)

    def _close_implied(self, tag: str) -> None:
        """Close what an element's beginning ends."""
        if self._open.get("svg") and not self._open.get("foreignobject"):
            self._cut_to(self._open["svg"][0])
        if tag in _ENDS_PARAGRAPH:
            self._close("p")
        if tag in _ITEMS:
            if self._hard and self.tags[self._hard[-1]] in _ITEMS[tag]:
                self._cut_to(self._hard[-1])
        elif tag in _TABLE_PARTS:
            for part in _TABLE_PARTS[tag]:
                self._close(part)
        elif tag in _HEADINGS and self.tags and self.tags[-1] in _HEADINGS:
            self._cut_to(len(self.tags) - 1)

    def _close(self, tag: str) -> None:
        """Close the last open element of a name, unless a scope parts it from here."""
        places = self._open.get(tag)
        if not places:
            return
        if tag in _REACHED:
            barrier = -1
        elif tag in _TABLE_PARTS:
            tables = self._open.get("table")
            barrier = tables[-1] if tables else -1
        else:
            barrier = self._scopes[-1] if self._scopes else -1
        if places[-1] > barrier:
            self._cut_to(places[-1])

    def _push(self, tag: str, kind: BlockKind | None) -> None:
        place = len(self.tags)
        self.tags.append(tag)
        self._kinds.append(self.kind)
        self._open.setdefault("h1" if tag in _HEADINGS else tag, []).append(place)
        if tag in _SCOPES:
            self._scopes.append(place)
        if tag in _SCOPES or (tag in BLOCK_TAGS and tag not in _SOFT):
            self._hard.append(place)
        self.kind = kind

    def _cut_to(self, place: int) -> None:
        """Close all elements from a place on."""
        while len(self.tags) > place:
            tag = self.tags.pop()
            self._open["h1" if tag in _HEADINGS else tag].pop()
            self.kind = self._kinds.pop()
        while self._scopes and self._scopes[-1] >= place:
            self._scopes.pop()
        while self._hard and self._hard[-1] >= place:
            self._hard.pop()


def is_hidden(token: Token) -> bool:
    """Say whether a start tag hides its element from a reader."""
    return token.attr("hidden") is not None or token.attr("aria-hidden") == "true"


@dataclass(slots=True)
class Element:
    """An element that parts or hides text: its tags at [start, inner_start) and [inner_end, end).

    Where an end tag is implied, `inner_end` and `end` are where the tag stands that implies it.
    `parent` is the place of the element around it in the same list, -1 for none.
    """

    tag: str
    parent: int
    start: int
    inner_start: int
    inner_end: int = -1
    end: int = -1


class _Recorder(ElementStack):
    """A stack that keeps where each element lies; `token_start` and `token_end` are the tag's."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.token_start, self.token_end = 0, 0
        self._rows: list[int] = []
        self._closed = -1

    def take_end(self, tag: str) -> Effect:
        """Take an end tag, which is part of the element that it names and closes."""
        self._closed = -1
        effect = super().take_end(tag)
        if self._closed >= 0:
            closed = self.elements[self._closed]
            if closed.tag == tag or (closed.tag in _HEADINGS and tag in _HEADINGS):
                closed.end = self.token_end
        return effect

    def _push(self, tag: str, kind: BlockKind | None) -> None:
        super()._push(tag, kind)
        parent = self._rows[-1] if self._rows else -1
        self._rows.append(len(self.elements))
        self.elements.append(Element(tag, parent, self.token_start, self.token_end))

    def _cut_to(self, place: int) -> None:
        super()._cut_to(place)
        while len(self._rows) > place:
            self._closed = self._rows.pop()
            element = self.elements[self._closed]
            element.inner_end = element.end = self.token_start

    def finish(self, size: int) -> list[Element]:
        """Close what is open at the end of the page and give all elements."""
        self.token_start = size
        self._cut_to(0)
        return self.elements


def find_elements(markup: str) -> list[Element]:
    """Find the elements of a page that part or hide text, each after the one it stands in."""
    stack, lines = _Recorder(), find_line_starts(markup)
    tokens = ((token, lines[token.line - 1] + token.col) for token in read_tokens(markup))
    last: Token | None = None
    for token, place in tokens:
        stack.token_end = place
        if last is not None:
            _take_tag(stack, last)
        last, stack.token_start = token, place
    stack.token_end = len(markup)
    if last is not None:
        _take_tag(stack, last)
    return stack.finish(len(markup))


def _take_tag(stack: ElementStack, token: Token) -> None:
    if token.type == START_TAG:
        stack.take_start(token)
    elif token.type == END_TAG:
        stack.take_end(token.tag)


def find_line_starts(markup: str) -> "array[int]":
    r"""Give the characters at which lines begin; a line ends at LF, CR LF or CR.

    >>> find_line_starts("a\r\nb\rc\n").tolist()
    [0, 3, 5, 7]
    """
    # Four bytes a character, so that what is found in bytes is found in characters.
    characters = np.frombuffer(markup.encode("utf-32-le", "surrogatepass"), "<u4")
    starts = array("q")
    starts.frombytes(batches.find_line_starts(cast("ByteArray", characters)).tobytes())
    return starts
