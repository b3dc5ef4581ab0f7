r"""Keep the lines of a reStructuredText source as docutils sees them, each with its place.

In: the text of a file. Out: its lines with tabs spelled out and no blanks at their ends, the bytes
of the source that a run of such lines is, and parts of the file that can be read apart.

Decision (2026-11-25): docutils copies the rest of its input wherever a list or a run of directives
begins, which is quadratic. So a text is read in parts of PART_LINES lines or more, cut where a new
block begins for certain. Parts of 20 lines gave the same blocks as the whole for all of 2,607 real
files, but for the kind of fields that a cut parts from the top of their file in six of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PART_LINES: Final = 2_000
_TAB_WIDTH: Final = 8  # the setting tab_width that docutils reads by
_AS_BLANKS: Final = {0x0B: " ", 0x0C: " "}
_TABLE_TOP: Final = re.compile(r"=+(?: +=+)+\Z")
_TABLE_BORDER: Final = re.compile(r"=[ =]*\Z")
_BORDERS: Final = 2  # under the head of a simple table and under its body


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a text.

    Attributes:
        written: Each as the source has it, with its end; both vertical blanks are one blank.
        shown: Each as docutils reads it: tabs spelled out, without blanks at its end.
        starts: The byte of the text's UTF-8 at which each begins.
    """

    written: list[str]
    shown: list[str]
    starts: list[int]

    def find(self, line: int, texts: list[str]) -> tuple[int, int] | None:
        r"""Give the bytes of some lines of text, the first of which may begin within its line.

        Args:
            line: The line on which they begin, from 0.
            texts: Each line without its indent.

        Returns:
            Start and end; None where the source does not hold them there.

        >>> split_lines("- one\n  two\n").find(0, ["one", "two"])
        (2, 11)
        """
        shown = self.shown[line : line + len(texts)] if line >= 0 else []
        if not texts[0] or len(shown) != len(texts):
            return None
        indents = [_indent(own, text) for own, text in zip(shown, texts, strict=True)]
        if None in indents or any(indents[1:]):
            return None
        column = len(shown[0]) - len(texts[0])
        return self._place(line, column), self.end(line + len(texts) - 1)

    def _place(self, line: int, column: int) -> int:
        """Give the byte of a column of a line as it is shown."""
        written = self.written[line]
        if "\t" not in written[:column]:
            return self.starts[line] + len(written[:column].encode())
        place = width = 0
        while width < column:
            width += _TAB_WIDTH - width % _TAB_WIDTH if written[place] == "\t" else 1
            place += 1
        return self.starts[line] + len(written[:place].encode())

    def end(self, line: int) -> int:
        """Give the byte behind the last character that is no blank, of a line or those above."""
        while line and not self.shown[line]:
            line -= 1
        return self.starts[line] + len(self.written[line].rstrip().encode())

    def part(self) -> Iterator[tuple[int, int]]:
        """Cut the lines into parts, each of them the lines from the first number to the second."""
        first, in_table = 0, 0
        shown = self.shown
        for line, text in enumerate(shown):
            if line - first >= PART_LINES and not in_table and self._begins_block(line):
                yield first, line
                first = line
            if in_table and _TABLE_BORDER.match(text):
                is_last = line + 1 == len(shown) or not shown[line + 1]
                in_table = 0 if is_last else in_table - 1
            elif not in_table and text[:1] == "=" and _TABLE_TOP.match(text):
                in_table = _BORDERS
        if first < len(shown):
            yield first, len(shown)

    def _begins_block(self, line: int) -> bool:
        """Say whether a block of its own begins on a line outside a table, whatever precedes it.

        A literal block may be quoted rather than indented.
        """
        shown = self.shown
        if not shown[line] or shown[line][0] == " " or shown[line - 1]:
            return False
        while line and not shown[line - 1]:
            line -= 1
        return not shown[line - 1].endswith("::")


def _indent(shown: str, text: str) -> str | None:
    """Give what is left of a line before a text that ends it, blanks as ''; None where none does.

    The text begins a word, so that the end of another is not taken for it.
    """
    if not shown.endswith(text):
        return None
    before = shown[: len(shown) - len(text)]
    if before and not before[-1].isspace() and text:
        return None
    return before.strip()


def split_lines(text: str) -> Lines:
    r"""Split a text into its lines as docutils does, which ends one at U+2028 too.

    >>> split_lines("a\tb \n\x0cc").shown
    ['a       b', ' c']
    """
    written = text.translate(_AS_BLANKS).splitlines(keepends=True)
    starts, place = [], 0
    is_ascii = text.isascii()
    for line in written:
        starts.append(place)
        place += len(line) if is_ascii else len(line.encode())
    return Lines(written, [line.expandtabs(_TAB_WIDTH).rstrip() for line in written], starts)
