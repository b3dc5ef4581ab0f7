"""Read the entries of RSS 0.9x, 1.0 and 2.0 and of Atom.

In: the decoded source of a feed in XML. Out: a `Feed`. A field is known by its vocabulary and name
and only where it stands directly in the entry: a podcast's own `title` or the one of an Atom
`source` is not the entry's.

Decision (2026-11-25): the text of an entry is the fullest that it has: `content:encoded`, Atom's
`content`, XHTML's `body`, then the description or summary, and only last what podcasts and video
sites say. An Atom text without a type, plain by the standard, is HTML where it has a tag: who
leaves the type out and writes tags means them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from dedup.model import Head
from dedup.readers.feed_bodies import (
    Body,
    Style,
    find_style,
    read_line,
    resolve_references,
    unfold,
    unfold_inline,
)
from dedup.readers.feed_entry import (
    Entry,
    Feed,
    NoFeedError,
    choose_body,
    describe_cut,
    read_date,
)
from dedup.readers.feed_markup import Element, parse_markup, take_out_swallowed

_ROOTS: Final = frozenset(("rss", "rdf:rdf", "feed", "atom:feed", "channel", "atom:entry"))
_ENTRIES: Final = frozenset(("item", "entry", "atom:entry"))
_TITLES: Final = ("title", "atom:title", "dc:title")
_LINKS: Final = ("link", "atom:link")
_NAMES: Final = ("guid", "id", "atom:id")
_LANGUAGES: Final = ("language", "dc:language")
_DATES: Final = (
    *("pubdate", "published", "atom:published", "atom:issued", "dc:date", "dcterms:issued"),
    *("dcterms:created", "updated", "atom:updated", "atom:modified", "dcterms:modified"),
)
_TEXTS: Final = (
    *("content:encoded", "atom:content", "content", "xhtml:body"),
    *("description", "summary", "atom:summary", "dc:description"),
    *("itunes:summary", "media:description"),
)
# What follows an unclosed field and is none of its text; HTML has a `summary` too.
_FIELDS: Final = frozenset(
    (*_TITLES, *_LINKS, *_NAMES, *_DATES, *_TEXTS, "category", "atom:category", "dc:creator")
) - {"summary"}


@dataclass(frozen=True, slots=True)
class _Context:
    """What an entry has from the elements around it."""

    language: str = ""
    base: str = ""


def read_xml_feed(source: str) -> Feed:
    """Read a feed in XML.

    Raises:
        NoFeedError: Its outermost element is none of a feed.
    """
    tree = parse_markup(source)
    root = _find_root(tree)
    entries: list[Entry] = []
    mentions: list[tuple[int, int, str]] = []
    for element, context in _walk(tree, _find_language(source, root), source):
        if element.name in _ENTRIES:
            entries.append(_read_entry(source, element, context))
        else:
            mentions.append((element.start, element.end, _find_resource(source, element)))
    is_channel = any(child.name == "channel" for child in root.children)
    if root.name == "rdf:rdf" and not entries and not is_channel and root.is_closed:
        raise NoFeedError(root.start, "it is RDF without a channel of RSS 1.0")
    cut_off = ""
    if not root.is_closed:
        name = source[root.start + 1 : root.inner_start].rstrip(">").split(None, 1)[0]
        cut_off = describe_cut(entries, f"</{name}>")
    return Feed(tuple(entries), cut_off=cut_off, mentions=tuple(mentions))


def _find_root(tree: Element) -> Element:
    for element in tree.children:
        if element.name in _ROOTS:
            return element
    if not tree.children:
        raise NoFeedError(0, "it has no element at all")
    name = tree.children[0].name
    raise NoFeedError(tree.children[0].start, f"its outermost element is '{name[:40]}'")


def _find_language(source: str, root: Element) -> str:
    """Give the language of a feed, which stands in its channel."""
    channels = [root, *(child for child in root.children if child.name == "channel")]
    inside = (each for channel in channels for each in channel.children)
    return _first_line(source, (each for each in inside if each.name in _LANGUAGES))


def _walk(tree: Element, language: str, source: str) -> Iterator[tuple[Element, _Context]]:
    """Give all entries, and what lists them, in the order of the source, wherever they stand."""
    waiting = [(tree, _Context(language))]
    while waiting:
        element, outer = waiting.pop()
        if element.name in _ENTRIES or element.name == "rdf:li":
            yield element, outer
            continue
        context = _read_context(source, element, outer)
        children = element.children
        if children and children[-1].name in _ENTRIES:
            children = take_out_swallowed(element, lambda inner: inner.name in _ENTRIES)
        waiting += [(child, context) for child in reversed(children)]


def _read_context(source: str, element: Element, outer: _Context) -> _Context:
    """Give what holds in an element: `xml:lang` and `xml:base` of the nearest one that has them."""
    if source.find("xml:", element.start, element.inner_start) < 0:
        return outer
    attributes = element.attributes(source)
    language = attributes.get("xml:lang", "").strip() or outer.language
    return _Context(language, _join(outer.base, attributes.get("xml:base", "")))


def _join(base: str, link: str) -> str:
    """Resolve an address against the one that it is relative to."""
    try:
        return urljoin(base, link.strip()) if base else link.strip()
    except ValueError:  # an address that is none
        return link


def _find_resource(source: str, element: Element) -> str:
    """Give what an element of RDF is about or points to."""
    attributes = element.attributes(source)
    names = ("rdf:about", "about", "rdf:resource", "resource")
    return resolve_references(next((attributes[n] for n in names if n in attributes), "")).strip()


def _read_entry(source: str, element: Element, outer: _Context) -> Entry:
    context = _read_context(source, element, outer)
    fields: dict[str, list[Element]] = {}
    for child in take_out_swallowed(element, lambda inner: inner.name in _FIELDS):
        fields.setdefault(child.name, []).append(child)
    is_listed = source.find("about", element.start, element.inner_start) >= 0
    resource = _find_resource(source, element) if is_listed else ""
    link = _find_link(source, _take(fields, _LINKS), context.base)
    link = link or _find_permalink(source, _take(fields, _NAMES)) or resource
    dates = (read_date(_read_line(source, each)) for each in _take(fields, _DATES))
    body, blocks = choose_body(_find_bodies(source, fields))
    return Entry(
        start=element.start,
        end=element.end,
        name=_first_line(source, _take(fields, _NAMES)) or resource or link,
        head=Head(
            link=link,
            title=_first_line(source, _take(fields, _TITLES)),
            language=_first_line(source, _take(fields, _LANGUAGES)) or context.language,
        ),
        date=next(filter(None, dates), ""),
        body=body,
        blocks=blocks,
        resource=resource,
        is_closed=element.is_closed,
    )


def _take(fields: dict[str, list[Element]], names: Iterable[str]) -> Iterator[Element]:
    for name in names:
        yield from fields.get(name, ())


def _first_line(source: str, elements: Iterable[Element]) -> str:
    """Give the first text that is not empty, without markup and on one line."""
    lines = (_read_line(source, element) for element in elements)
    return next(filter(None, lines), "")


def _read_line(source: str, element: Element) -> str:
    body = _read_body(source, element)
    if body is None:
        return ""
    is_html = element.name in _TITLES and body.style is not Style.PLAIN  # nothing else may be
    return read_line(body.text) if is_html else " ".join(body.text.split())


def _find_link(source: str, links: Iterable[Element], base: str) -> str:
    """Give the address of an entry: what its element holds, or Atom's first alternate."""
    for element in links:
        attributes = element.attributes(source)
        found = resolve_references(attributes.get("href", "")) or _read_line(source, element)
        if found.strip() and attributes.get("rel", "alternate").lower() == "alternate":
            return _join(_join(base, attributes.get("xml:base", "")), found)
    return ""


def _find_permalink(source: str, names: Iterable[Element]) -> str:
    """Give the guid that is an address too, for want of a link."""
    for element in names:
        is_permalink = element.attributes(source).get("ispermalink", "true").lower() != "false"
        name = _read_line(source, element)
        if element.name == "guid" and is_permalink and name.startswith(("http://", "https://")):
            return name
    return ""


def _find_bodies(source: str, fields: dict[str, list[Element]]) -> Iterator[Body]:
    """Give the texts that an entry has, the fullest first."""
    groups = [child for group in fields.get("media:group", ()) for child in group.children]
    described = (child for child in groups if child.name == "media:description")
    for element in (*_take(fields, _TEXTS), *described):
        body = _read_body(source, element)
        if body is not None:
            yield body


def _read_body(source: str, element: Element) -> Body | None:
    """Read what an element holds; None where it is data."""
    attributes: dict[str, str] = {}
    if "=" in source[element.start : element.inner_start]:
        attributes = element.attributes(source)
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    start, end = element.inner_start, element.inner_end
    is_data = "/" in kind and not kind.startswith("text/") and kind != "application/xhtml+xml"
    if is_data or attributes.get("mode") == "base64":
        return None
    if element.children:
        text, places = unfold_inline(source, start, end, _find_prefix(source, element.children[0]))
        return Body(text, places, Style.HTML)
    text, places = unfold(source, start, end)
    if kind in {"html", "text/html"}:
        return Body(text, places, Style.HTML)
    is_plain = kind in {"text", "plain"} or kind.startswith("text/")
    return Body(text, places, Style.PLAIN if is_plain else find_style(text))


def _find_prefix(source: str, element: Element) -> str:
    """Give what stands before the names of XHTML, as `xh:`."""
    if not element.name.startswith("xhtml:"):
        return ""
    prefix, colon, _ = source[element.start + 1 : element.inner_start].partition(":")
    return prefix + colon if colon and prefix.isidentifier() else ""
