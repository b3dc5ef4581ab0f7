"""Outline reStructuredText, for the writer.

Decision (2026-11-25): containers are found by the form of their first line and by indentation, not
in docutils' tree, which has no bytes. What the form is taken for and is not (`A. Smith said`) is
known by a block that begins with it.
"""

import re
from collections.abc import Iterator
from typing import Final

from dedup.readers.rst import find_blocks
from dedup.writers.outlines import Container, Grammar, Outline

_BULLET: Final = rb"(?:[-+*]|\xe2\x80[\xa2\xa3]|\xe2\x81\x83)"
_NUMBER: Final = rb"\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+|#)[.)]"
_FIELD: Final = rb":(?![: ])[^:\r\n]++:"
_DIRECTIVE: Final = rb"\.\. [\w:.+-]+::"
_OPENER: Final = re.compile(
    rb"[ \t]*+(?:(?P<bullet>%s)(?=[ \t])|(?P<number>%s)(?=[ \t])|(?P<field>%s)(?=\s)"
    rb"|(?P<directive>%s)(?=\s)|(?P<footnote>\.\. \[[^\]\r\n]++\])(?=\s))"
    % (_BULLET, _NUMBER, _FIELD, _DIRECTIVE)
)
_GRAMMAR: Final = Grammar(
    blank=re.compile(rb"\s*+"),
    residue=re.compile(
        rb"(?>\s|%s(?=\s)|%s(?=\s)|%s(?=\s)|%s(?=\s))*+" % (_DIRECTIVE, _BULLET, _NUMBER, _FIELD)
    ),
)
_LASTING: Final = "footnote"  # it is named in the text
_LIST: Final = "list of "
_LINE: Final = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")


def outline_rst(content: bytes) -> Outline:
    """Outline a text of reStructuredText in UTF-8, without its byte order mark.

    Raises:
        MissingExtraError: docutils is not installed.
    """
    found = find_blocks(content.decode())
    not_opened = set(found.starts)
    containers = [each for each in _find_containers(content) if each.start not in not_opened]
    containers.sort(key=lambda each: (each.start, -each.end, not each.name.startswith(_LIST)))
    return Outline(content, found.starts, found.ends, found.kinds, containers, _GRAMMAR)


def _find_containers(content: bytes) -> Iterator[Container]:
    """Find items, fields, footnotes and directives, and the lists of neighbouring ones."""
    tracker = _Tracker()
    for line in _LINE.finditer(content):
        text = line[0].expandtabs()
        if not text.strip():
            continue
        indent = len(text) - len(text.lstrip())
        opened = _OPENER.match(line[0])
        name = _name(opened) if opened else ""
        yield from tracker.close(indent, name)
        while opened:
            tracker.open(indent, _name(opened), line.start() + opened.start(opened.lastgroup or 0))
            indent = len(line[0][: opened.end()].expandtabs())
            opened = _OPENER.match(line[0], opened.end())
        tracker.end = line.end()
    yield from tracker.close(-1, "")


def _name(opened: re.Match[bytes]) -> str:
    """Name an opener; bullets of different signs make different lists."""
    kind = opened.lastgroup or ""
    return kind + opened[kind].decode() if kind == "bullet" else kind


class _Tracker:
    """Knows the containers that are open at a line, and the lists of which they are."""

    def __init__(self) -> None:
        self.end = 0  # of the last line that was not blank
        self._open: list[tuple[int, str, int]] = []  # indentation, name, start
        self._lists: list[tuple[int, str, int]] = []

    def open(self, indent: int, name: str, start: int) -> None:
        """Open a container, in the list that is open at its indentation or a new one."""
        self._open.append((indent, name, start))
        if not self._lists or self._lists[-1][0] != indent:
            self._lists.append((indent, name, start))

    def close(self, indent: int, name: str) -> Iterator[Container]:
        """Close what a line of that indentation ends; of `name` is what it opens, '' nothing."""
        while self._open and self._open[-1][0] >= indent:
            _, inner, start = self._open.pop()
            yield Container(inner, start, self.end, inner != _LASTING)
        while self._lists and (self._lists[-1][0], self._lists[-1][1] == name) > (indent, True):
            yield self._end_list()
        if self._lists and self._lists[-1][0] == indent and self._lists[-1][1] != name:
            yield self._end_list()

    def _end_list(self) -> Container:
        _, inner, start = self._lists.pop()
        return Container(_LIST + inner, start, self.end)
