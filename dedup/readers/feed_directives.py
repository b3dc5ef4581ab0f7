"""Find the directives of a feed: in the HTML of its entries, and in comments of its XML.

In: a feed with its source. Out: what was found, with its places in the source, through CDATA,
references and escapes. Only the text of an entry that is read counts; in plain text nothing is one.
"""

from typing import Final

from dedup.readers.directives import Found, read_comment
from dedup.readers.feed_bodies import Style
from dedup.readers.feed_entry import Entry, Feed
from dedup.readers.feed_markup import Markup, scan_markup
from dedup.readers.html_directives import COMMENT_START, find_in_page

_COMMENT_END: Final = "-->"
_WORD: Final = "dedup"


def find_in_feed(source: str, feed: Feed) -> list[Found]:
    """Find the directives of a feed."""
    found = [
        each._replace(document=row)
        for row, entry in enumerate(feed.entries)
        for each in _find_in_entry(entry)
    ]
    if feed.is_json:
        return found
    known = {each.start for each in found}  # XHTML's comments are the feed's
    return found + [each for each in _find_in_xml(source) if each.start not in known]


def _find_in_entry(entry: Entry) -> list[Found]:
    body = entry.body
    if body is None or body.style is not Style.HTML or _WORD not in body.text.lower():
        return []
    places = body.places
    return [
        each._replace(start=places.start(each.start), end=places.end(each.end))
        for each in find_in_page(body.text)
    ]


def _find_in_xml(source: str) -> list[Found]:
    found = []
    for markup, start, end in scan_markup(source, 0, len(source)):
        if markup is Markup.TAG or not source.startswith(COMMENT_START, start):
            continue
        is_closed = markup is Markup.IGNORED
        inner_end = end - len(_COMMENT_END) if is_closed else end
        said = read_comment(source[start + len(COMMENT_START) : inner_end], is_closed=is_closed)
        if said is not None:
            found.append(Found(start, end, said, is_closed))
    return found
