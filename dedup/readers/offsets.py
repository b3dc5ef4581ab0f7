r"""Map places in a text to the source that spells it with references or escapes.

XML and HTML write `&amp;`, JSON writes `\u00e9`, CSV doubles a quote: the text that is compared is
shorter than what stands in the file. In: the source and a pattern of what is spelled otherwise.
Out: the text, and an `OffsetMap` that leads each place of it back.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Leads places in a text back to its source; both count characters from 0.

    `texts` and `sources` are the places, in order, where a spelled stretch begins or ends; between
    a stretch's end and the next one's beginning both run alike.
    """

    texts: Sequence[int]
    sources: Sequence[int]

    def start(self, place: int) -> int:
        """Give where the character at a place of the text begins in the source.

        A place inside a stretch, whose spelling means several characters, gives its beginning.
        """
        return self._shift(bisect_right(self.texts, place) - 1, place)

    def end(self, place: int) -> int:
        """Give where, in the source, the character before a place of the text ends."""
        at = bisect_left(self.texts, place)
        if at < len(self.texts) and (self.texts[at] == place or at % 2):
            return self.sources[at]  # the end of a stretch, or a place inside it
        return self._shift(at - 1, place)

    def _shift(self, at: int, place: int) -> int:
        if at < 0:
            return place
        if at % 2 == 0 and place > self.texts[at]:  # inside a stretch
            return self.sources[at]
        return self.sources[at] + place - self.texts[at]


def find_spelled(
    source: bytes | memoryview,
    pattern: re.Pattern[bytes],
    measure: Callable[[bytes], int],
    places: Iterable[int],
) -> list[int]:
    r"""Give where, in a source, stands what its text has at some places; nothing else is kept.

    For a few places of a text that is too large for a map: a cell, a string of JSON.

    Args:
        source: Bytes as the file has them, in UTF-8.
        pattern: What is spelled; its matches are never empty and mean something.
        measure: Gives how many bytes what a match stands for has.
        places: Bytes of the text, in order; one inside a spelling is led to its beginning.

    >>> find_spelled(b'a""b', re.compile(b'""'), lambda _: 1, [1, 2, 3])
    [1, 3, 4]
    """
    found: list[int] = []
    longer = 0  # the source than the text, so far
    waiting = iter(places)
    place = next(waiting, None)
    for match in pattern.finditer(source):
        if place is None:
            return found
        start, end = match.span()
        size = measure(match[0])
        while place is not None and place + longer < start + size:
            found.append(min(place + longer, start))
            place = next(waiting, None)
        longer += end - start - size
    while place is not None:
        found.append(place + longer)
        place = next(waiting, None)
    return found


def spell_out(
    source: str, pattern: re.Pattern[str], meaning: Callable[[str], str]
) -> tuple[str, OffsetMap]:
    r"""Replace every spelling in a source by what it means.

    Args:
        source: The text as the file has it.
        pattern: What is spelled; its matches are never empty.
        meaning: Gives what a match stands for.

    >>> text, places = spell_out("a &lt; b", re.compile("&lt;"), lambda _: "<")
    >>> text, places.start(3), places.end(3)
    ('a < b', 6, 6)
    """
    parts: list[str] = []
    texts: list[int] = []
    sources: list[int] = []
    size, copied = 0, 0
    for match in pattern.finditer(source):
        start, end = match.span()
        meant = meaning(match[0])
        parts += (source[copied:start], meant)
        size += start - copied
        texts += (size, size + len(meant))
        sources += (start, end)
        size += len(meant)
        copied = end
    parts.append(source[copied:])
    return "".join(parts), OffsetMap(texts, sources)
