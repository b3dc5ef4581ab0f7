"""Read the entries of a JSON Feed, each string with its place in the source.

In: the decoded source. Out: a `Feed`. JSON is read here by hand, since no parser tells where a
value stands and none reads a feed that is cut off; only brackets, strings and commas are looked at,
and what a value that nobody needs holds is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NoReturn

from dedup.model import Head
from dedup.readers.feed_bodies import Body, Style, find_style, read_line, unescape
from dedup.readers.feed_entry import (
    Entry,
    Feed,
    NoFeedError,
    choose_body,
    describe_cut,
    read_date,
)

_BLANKS: Final = re.compile(r"[ \t\r\n]*+")
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\(?s:.))*+("?)')
_ATOM: Final = re.compile(r"[-+.\w]++")  # a number, true, false, null
_NESTED: Final = re.compile(r'"(?:[^"\\]++|\\(?s:.))*+"?|[\[\]{}]')
_VERSION: Final = re.compile(r"https?://(www\.)?jsonfeed\.org/version", re.IGNORECASE)


@dataclass(slots=True)
class _Value:
    """A value of the source: source[start:end], brackets and quotes included."""

    start: int
    end: int
    is_whole: bool = True


@dataclass(slots=True)
class _Reader:
    """Reads values one after the other; `is_cut` once the source ended too early."""

    source: str
    place: int = 0
    is_cut: bool = False
    items: list[tuple[_Value, dict[str, _Value]]] = field(default_factory=list)

    def peek(self) -> str:
        """Give the next character that is no blank; '' at the end."""
        found = _BLANKS.match(self.source, self.place)
        self.place = found.end() if found else self.place
        return self.source[self.place : self.place + 1]

    def refuse(self, expected: str) -> NoReturn:
        """Say that something else stands here than JSON has.

        Raises:
            NoFeedError: Always.
        """
        found = self.source[self.place]
        raise NoFeedError(self.place, f"its JSON is broken: found {found!r}, expected {expected}")

    def read_keys(self) -> Iterator[str]:
        """Give the keys of the object that begins here; after each its value is to be read."""
        self.place += 1
        while not self._ends("}"):
            key = self._read_key()
            if key is None:
                return
            yield key
            if not self._follows("}"):
                return

    def read_elements(self) -> Iterator[int]:
        """Give where each element of the array that begins here stands; it is to be read then."""
        self.place += 1
        while not self._ends("]"):
            yield self.place
            if not self._follows("]"):
                return

    def _ends(self, closing: str) -> bool:
        """Pass over a closing bracket; the end of the source ends all."""
        found = self.peek()
        self.is_cut = self.is_cut or not found
        self.place += found == closing
        return self.is_cut or found == closing

    def _follows(self, closing: str) -> bool:
        """Say whether something follows, behind a comma."""
        if self._ends(closing):
            return False
        if self.source[self.place] != ",":
            self.refuse(f"',' or {closing!r}")
        self.place += 1
        return True

    def _read_key(self) -> str | None:
        if self.peek() != '"':
            self.refuse("a key in quotes")
        key = self.read_value()
        if self.peek() == ":":
            self.place += 1
            if self.peek():
                return unescape(self.source, key.start + 1, key.end - 1)[0]
        elif self.peek():
            self.refuse("':'")
        self.is_cut = True
        return None

    def read_value(self) -> _Value:
        """Pass over the value that begins here, whatever it holds."""
        start, first = self.place, self.peek()
        if first and first in "[{":
            return self._pass_nested()
        found = (_STRING if first == '"' else _ATOM).match(self.source, start)
        if found is None:
            self.refuse("a value")
        self.place = found.end()
        is_whole = first != '"' or bool(found[1])
        self.is_cut = self.is_cut or not is_whole
        return _Value(start, self.place, is_whole)

    def _pass_nested(self) -> _Value:
        start, depth = self.place, 0
        for found in _NESTED.finditer(self.source, start):
            if found[0] in "[{":
                depth += 1
            elif found[0] in "]}":
                depth -= 1
                if depth == 0:
                    self.place = found.end()
                    return _Value(start, self.place)
        self.place, self.is_cut = len(self.source), True
        return _Value(start, self.place, is_whole=False)


def read_json_feed(source: str) -> Feed:
    """Read a JSON Feed.

    Raises:
        NoFeedError: It is no object, its JSON is broken before its end, or its `version` is none of
            a JSON Feed.
    """
    reader = _Reader(source)
    if reader.peek() != "{":
        raise NoFeedError(reader.place, "its JSON is no object")
    fields: dict[str, _Value] = {}
    for key in reader.read_keys():
        if key == "items" and reader.peek() == "[":
            _read_items(reader)
        else:
            fields[key] = reader.read_value()
    version = _read_line(source, fields, "version")
    if not _VERSION.match(version):
        found = f"'{version[:60]}'" if version else "nothing"
        raise NoFeedError(0, f"its 'version' is {found}, not 'https://jsonfeed.org/version/1.1'")
    language = _read_line(source, fields, "language")
    entries = tuple(_read_entry(source, *item, language) for item in reader.items)
    cut_off = describe_cut(entries, "the closing bracket") if reader.is_cut else ""
    return Feed(entries, is_json=True, cut_off=cut_off)


def _read_items(reader: _Reader) -> None:
    """Read the array of entries; one that is no object is none."""
    for start in reader.read_elements():
        if reader.peek() != "{":
            reader.read_value()
            continue
        fields = {key: reader.read_value() for key in reader.read_keys()}
        reader.items.append((_Value(start, reader.place, not reader.is_cut), fields))


def _read_entry(source: str, item: _Value, fields: dict[str, _Value], language: str) -> Entry:
    link = _read_line(source, fields, "url") or _read_line(source, fields, "external_url")
    dates = (read_date(_read_line(source, fields, f"date_{n}")) for n in ("published", "modified"))
    body, blocks = choose_body(_find_bodies(source, fields))
    return Entry(
        start=item.start,
        end=item.end,
        name=_read_line(source, fields, "id") or link,
        head=Head(
            link=link,
            title=read_line(_read_line(source, fields, "title")),
            language=_read_line(source, fields, "language") or language,
        ),
        date=next(filter(None, dates), ""),
        body=body,
        blocks=blocks,
        is_closed=item.is_whole,
    )


def _read_line(source: str, fields: dict[str, _Value], key: str) -> str:
    """Give a string or a number on one line; '' where there is neither."""
    value = fields.get(key)
    if value is None or source[value.start] in "[{":
        return ""
    if source[value.start] == '"':
        text, _ = unescape(source, value.start + 1, value.end - value.is_whole)
        return " ".join(text.split())
    text = source[value.start : value.end]
    return "" if text in {"null", "true", "false"} else text


def _find_bodies(source: str, fields: dict[str, _Value]) -> Iterator[Body]:
    """Give the texts that an entry has, the fullest first."""
    for key in ("content_html", "content_text", "summary"):
        value = fields.get(key)
        if value is not None and source[value.start] == '"':
            text, places = unescape(source, value.start + 1, value.end - value.is_whole)
            styles = {"content_html": Style.HTML, "content_text": Style.PLAIN}
            yield Body(text, places, styles.get(key, find_style(text)))
