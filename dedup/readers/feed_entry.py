"""Hold what an entry of a feed is, whatever the feed's format: its names, its date, its text.

Decision (2026-11-25): an entry's date is when it was published, and when it was updated only where
it does not say: an old entry may be touched for a comma. A date that cannot be read counts as none:
it decides only which copy is kept, and no feed should fail for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dedup.model import Head
from dedup.readers.feed_bodies import Body, read_blocks
from dedup.readers.html_blocks import HtmlBlock

_YEAR_OR_MONTH: Final = re.compile(r"\d{4}(-\d\d)?", re.ASCII)
_BLANK_BEFORE_ZONE: Final = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_LONGEST_DATE: Final = 100  # characters; RFC 822 allows comments in it


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An entry as the feed has it.

    Attributes:
        start, end: The characters of its element.
        name: Its guid or id, else its link; '' where it has neither.
        head: What it says of itself.
        date: ISO 8601, or ''.
        body: Its text, the fullest that it has; None where it has none.
        blocks: The blocks of `body`, with places in its text.
        resource: What RSS 1.0 calls it in the list of its channel.
        is_closed: Its own end is there.
    """

    start: int
    end: int
    name: str
    head: Head
    date: str
    body: Body | None
    blocks: tuple[HtmlBlock, ...]
    resource: str = ""
    is_closed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """A feed: its entries in order.

    Attributes:
        entries: As they stand in the source.
        is_json: It is a JSON Feed.
        cut_off: Where the source ends too early: what is said of it; else ''.
        mentions: RSS 1.0: start, end and resource of each element that lists an item.
    """

    entries: tuple[Entry, ...]
    is_json: bool = False
    cut_off: str = ""
    mentions: tuple[tuple[int, int, str], ...] = ()


class NoFeedError(ValueError):
    """What was read is no feed: at which character, and what it is instead."""

    def __init__(self, char: int, problem: str) -> None:
        super().__init__(problem)
        self.char = char


def choose_body(candidates: Iterable[Body]) -> tuple[Body | None, tuple[HtmlBlock, ...]]:
    """Take the first text that has any block, with its blocks."""
    for body in candidates:
        blocks = read_blocks(body)
        if blocks:
            return body, tuple(blocks)
    return None, ()


def describe_cut(entries: Sequence[Entry], missing: str) -> str:
    """Say where a feed ends whose end is missing."""
    if not entries:
        return f"it ends before its first entry: {missing} is missing"
    place = "behind" if entries[-1].is_closed else "inside"
    return f"it ends {place} entry {len(entries)}: {missing} is missing"


def name_entries(entries: Iterable[Entry], places: Iterable[str]) -> Iterator[str]:
    """Give each entry a name of its own: a name seen before gets `#2`, `#3`, ... behind it.

    Args:
        entries: In order.
        places: What to call each entry that has no name.
    """
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for entry, place in zip(entries, places, strict=True):
        name = unique = entry.name or place
        while unique in seen:
            counts[name] = counts.get(name, 1) + 1
            unique = f"{name}#{counts[name]}"
        seen.add(unique)
        yield unique


def read_date(text: str) -> str:
    """Give a date as ISO 8601: one of RFC 822, or ISO 8601 already; '' for anything else.

    >>> read_date("Sun, 02 Mar 31 10:00 GMT"), read_date("2031-03"), read_date("soon")
    ('2031-03-02T10:00:00+00:00', '2031-03-01', '')
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST_DATE:
        return ""
    if _YEAR_OR_MONTH.fullmatch(text):
        text += "-01-01"[3 * (len(text) - 4) // 3 :]
    spelled = _BLANK_BEFORE_ZONE.sub("", text.upper())
    with suppress(ValueError):
        moment = datetime.fromisoformat(spelled)
        return (
            moment.date().isoformat() if len(spelled) <= len("2031-03-02") else moment.isoformat()
        )
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 -- 10 ms that others need not pay

    # TypeError and IndexError are how it refuses some texts.
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(text).isoformat()
    return ""
