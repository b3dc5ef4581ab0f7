"""Part a page into blocks: what a reader sees as one paragraph, heading, item or cell.

In: the markup of a page. Out: its blocks in order, each with its text and the stretch of markup
that it is, and what the page says of itself.

A block is the text between two tags that part text, or between two line breaks and more in a row,
as old pages part paragraphs; its stretch begins with the first inline tag or text and ends with the
last. Its text has its references resolved and every run of blanks as one space, but in CODE.

Decision (2026-11-25): blocks come from turbohtml's tokens, not from its tree, whose texts have no
places. Tokens take 0.25 ms of a page of 39,000 characters, all of `read_page` 2.9 ms. What a page
hides from its reader (`hidden`, `aria-hidden`, templates, scripts) is no block, and neither is what
a form shows on its buttons. What all stands in links is LINKS, as what stands in navigation.
Old pages are laid out in tables: text of a cell that holds a heading, paragraphs parted by line
breaks or 600 characters is PARAGRAPH, not TABLE, which nobody compares (1 % of the cells of
three reference manuals).
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from dedup.model import BlockKind
from dedup.readers.directives import COMMENT_END, read_comment
from dedup.readers.html_elements import (
    VOID_TAGS,
    Effect,
    ElementStack,
    find_line_starts,
)
from dedup.readers.turbo import COMMENT, END_TAG, START_TAG, TEXT_TOKEN, Token, read_tokens

_WORD: Final = re.compile(r"\w")
_BLANKS: Final = re.compile(r"\s{2,}|[^\S ]")  # those that are not one space already
_LONG_TEXT: Final = 1 << 20
_CUT_OFF: Final = re.compile(r"</?[A-Za-z]")
_WHOLE_TAG: Final = re.compile(r"""<(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_VERBATIM: Final = ("xmp", "plaintext")  # what looks like a tag in them is text
_TABLE_TAGS: Final = ("td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption")
_PROSE_CHARACTERS: Final = 600  # of one cell, about 100 words
_KEPT_IN_LINKS: Final = (BlockKind.HEADING, BlockKind.CODE)


class HtmlBlock(NamedTuple):
    """A block: `text` is what markup[start:end] says."""

    kind: BlockKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page: its blocks in order, and its title, language and `rel=canonical` where it has any."""

    markup: str
    blocks: list[HtmlBlock]
    title: str = ""
    language: str = ""
    canonical: str = ""


def read_page(markup: str) -> HtmlPage:
    r"""Read a page or a part of one; whatever it holds, nothing makes it fail.

    >>> read_page("<h1>Ferry</h1><p>No <b>ferry</b>\n&amp; no boat.").blocks[1]
    HtmlBlock(kind=<BlockKind.PARAGRAPH: 1>, text='No ferry & no boat.', start=17, end=47)
    """
    reader = _PageReader(markup)
    reader.read()
    return HtmlPage(
        markup,
        reader.blocks,
        " ".join("".join(reader.title).split()),
        reader.language.strip(),
        reader.canonical.strip(),
    )


def _fold_blanks(text: str) -> str:
    """Make every run of blanks one space; without a list of all words where there are many."""
    if len(text) < _LONG_TEXT:
        return " ".join(text.split())
    return _BLANKS.sub(" ", text).strip()


class _PageReader:
    """Reads a page token by token.

    The open block begins at `_start` and grew, with its last text or tag, to where the next token
    begins.
    """

    def __init__(self, markup: str) -> None:
        self.blocks: list[HtmlBlock] = []
        self.title: list[str] = []
        self.language, self.canonical = "", ""
        self._markup, self._stack = markup, ElementStack()
        self._has_title = False
        self._link_depth: int | None = None
        self._place = self._end = 0
        self._grows = False
        self._cell_start, self._cell_is_prose = 0, False
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._start = -1
        self._parts: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._n_breaks = 0
        self._has_text = self._has_links = self._has_plain_words = False

    def read(self) -> None:
        """Read all of the page."""
        lines, kind = find_line_starts(self._markup), TEXT_TOKEN
        for token in read_tokens(self._markup):
            self._place = lines[token.line - 1] + token.col
            if self._grows:
                self._end, self._grows = self._place, False
            kind = token.type
            if kind == TEXT_TOKEN:
                self._take_text(token.data)
            elif kind == START_TAG:
                self._take_start(token)
            elif kind == END_TAG:
                self._take_end(token.tag)
            elif kind == COMMENT and self._has_text:
                self._take_comment(token.data)
        self._finish(is_text=kind == TEXT_TOKEN)

    def _take_text(self, text: str) -> None:
        if self._stack.kind is None:
            self._take_title(text)
            return
        if text.isspace():
            if self._start >= 0:
                self._parts.append(text)
            return
        if self._start < 0:
            self._begin()
        self._parts.append(text)
        self._n_breaks, self._has_text, self._grows = 0, True, True
        if self._link_depth is not None:
            self._has_links = True
        elif not self._has_plain_words:
            self._has_plain_words = _WORD.search(text) is not None

    def _begin(self) -> None:
        self._start = self._place
        self._kind = self._stack.kind or BlockKind.PARAGRAPH

    def _take_title(self, text: str) -> None:
        tags = self._stack.tags
        if not self._has_title and tags[-1] == "title" and "svg" not in tags:
            self.title.append(text)
            self._has_title = True

    def _take_start(self, token: Token) -> None:
        effect, tag = self._stack.take_start(token), token.tag
        if effect is Effect.INLINE:
            if self._start < 0:
                self._begin()
            self._grows = tag in VOID_TAGS
            if tag == "a":
                self._link_depth = len(self._stack.tags) if token.attr("href") else None
            elif tag == "link":
                self._take_link(token)
        elif effect is Effect.LINE_BREAK:
            self._break_line()
        elif effect is Effect.ENDS_BLOCK:
            self._end_block(tag)
            if tag == "html" and not self.language:
                self.language = token.attr("lang") or token.attr("xml:lang") or ""

    def _take_link(self, token: Token) -> None:
        relations = (token.attr("rel") or "").lower().split()
        if not self.canonical and "canonical" in relations:
            self.canonical = token.attr("href") or ""

    def _take_end(self, tag: str) -> None:
        effect = self._stack.take_end(tag)
        if effect is Effect.INLINE:
            self._grows = self._start >= 0
            if tag == "a":
                self._link_depth = None
        elif effect is Effect.LINE_BREAK:
            self._break_line()
        elif effect is Effect.ENDS_BLOCK:
            self._end_block(tag)

    def _take_comment(self, content: str) -> None:
        """Let the block reach over a directive that stands in its paragraph, for who removes it."""
        if read_comment(content) is not None:
            ended = COMMENT_END.search(self._markup, self._place)
            self._end = ended.end() if ended else self._end

    def _break_line(self) -> None:
        """Take a `<br>`; the second in a row ends the block, but not in code."""
        if not self._has_text:
            return
        self._n_breaks += 1
        if self._kind is BlockKind.CODE:
            self._parts.append("\n")
        elif self._n_breaks > 1:
            self._cell_is_prose = True
            self._end_block()
        else:
            self._parts.append(" ")

    def _end_block(self, tag: str = "") -> None:
        if self._has_text:
            self._add_block()
        if tag in _TABLE_TAGS:
            self._end_cell()
        if self._start >= 0:
            self._begin_anew()
        # An unclosed link reaches no further than the element it stands in.
        if self._link_depth is not None and len(self._stack.tags) < self._link_depth:
            self._link_depth = None

    def _end_cell(self) -> None:
        """Judge the text since the last tag of a table: what is laid out in a cell may be prose."""
        cell = self.blocks[self._cell_start :]
        is_prose = (
            self._cell_is_prose
            or any(block.kind is BlockKind.HEADING for block in cell)
            or sum(len(block.text) for block in cell) >= _PROSE_CHARACTERS
        )
        if is_prose:
            self.blocks[self._cell_start :] = [
                block._replace(kind=BlockKind.PARAGRAPH) if block.kind is BlockKind.TABLE else block
                for block in cell
            ]
        self._cell_start, self._cell_is_prose = len(self.blocks), False

    def _add_block(self) -> None:
        kind, text = self._kind, "".join(self._parts)
        text = text.strip() if kind is BlockKind.CODE else _fold_blanks(text)
        if self._has_links and not self._has_plain_words and kind not in _KEPT_IN_LINKS:
            kind = BlockKind.LINKS
        markup = self._markup[self._start : self._end]
        start = self._end - len(markup.lstrip())
        end = self._start + len(markup.rstrip())
        self.blocks.append(HtmlBlock(kind, text, start, end))

    def _finish(self, *, is_text: bool) -> None:
        """End the last block at the end of the page, or before a tag that is cut off in it.

        A tag without its end is no token: the last one seems to reach over it.
        """
        if self._grows:
            self._end = len(self._markup)
            if not is_text:
                tag = _WHOLE_TAG.match(self._markup, self._place)
                self._end = tag.end() if tag else self._end
            elif not self._stack.tags or self._stack.tags[-1] not in _VERBATIM:
                cut_off = _CUT_OFF.search(self._markup, self._place)
                self._end = cut_off.start() if cut_off else self._end
        self._end_block("table")
