"""Read the XML of feeds into elements that know where they stand, whatever state it is in.

In: decoded source. Out: a tree of `Element`, each with the characters of its tags and its content.

Decision (2026-11-25): a scanner of our own, instead of turbohtml's feed reader with expat for the
lines. Neither gives where a field's content begins in the source, and expat stops at the first
stray `&`. Here tags, CDATA, comments and the doctype are told apart and matched by name, nothing
else: a declared entity is never expanded, nothing is fetched, and no character is visited more than
a few times (10,000 entries of 13 MB with HTML in CDATA: 2 to 3 s of CPU, a third of it the HTML).
What would change it: a library that is lenient and gives offsets.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

# Possessive throughout: a tag that never ends must not be tried in every way there is.
_TAG: Final = re.compile(
    r"""</?[^\W\d][^\s<>/"'=]*+(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""",
)
_LOOSE_TAG: Final = re.compile(r"<[/!]?[^\W\d][^<>]*+>")  # its quotes do not match
_UNFINISHED: Final = re.compile(r"<(?:[/!?:\w][^<>]*+)?\Z")
_NAME: Final = re.compile(r"""[^\s<>/"'=]+""")
_ATTRIBUTE: Final = re.compile(r"""([^\s=<>"'/]+)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'<>]++)""")
_DOCTYPE_PARTS: Final = re.compile(
    r"""<!--(?s:.*?)(?:-->|\Z)|<\?(?s:.*?)(?:\?>|\Z)|"[^"]*+"|'[^']*+'|[\[\]>]"""
)
_SCHEME: Final = re.compile(r"https?://")
_DOCTYPE, _CDATA, _CDATA_END = "<!doctype", "<![CDATA[", "]]>"
_VOCABULARIES: Final = {
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "purl.org/net/rss1.1": "",
    "backend.userland.com/rss2": "",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "www.w3.org/1999/xhtml": "xhtml",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
}


class Markup(IntEnum):
    """What a `<` begins."""

    TAG = 0
    CDATA = 1
    IGNORED = 2  # a comment, a processing instruction, the doctype
    UNFINISHED = 3  # a tag or a comment that the end of the source cuts off


_SPECIAL: Final = (
    ("<!--", "-->", Markup.IGNORED),
    ("<?", "?>", Markup.IGNORED),
    (_CDATA, _CDATA_END, Markup.CDATA),
)


@dataclass(slots=True, eq=False)
class Element:
    """An element as it stands in the source; places are characters from 0, ends exclusive.

    Attributes:
        name: Its vocabulary and local name in lower case, as `atom:title`; `title` alone for RSS.
        start, end: From its `<` to behind its end tag.
        inner_start, inner_end: What its tags enclose.
        is_closed: Its own end tag closes it, not another's or the end of the source.
        children: The elements directly in it, in order.
    """

    name: str
    start: int
    inner_start: int
    inner_end: int = -1
    end: int = -1
    is_closed: bool = False
    children: list["Element"] = field(default_factory=list)

    def attributes(self, source: str) -> dict[str, str]:
        """Give its attributes by name, in lower case and with their prefix, as they are spelled."""
        return read_attributes(source[self.start : self.inner_start])


def read_attributes(tag: str) -> dict[str, str]:
    """Read the attributes of a start tag, references in them left as they are.

    >>> read_attributes("<link rel='self' HREF=/a/>")
    {'rel': 'self', 'href': '/a/'}
    """
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(tag):
        bare = value[1:-1] if value[0] in "\"'" else value
        found.setdefault(name.lower(), bare)
    return found


def scan_markup(source: str, start: int, end: int) -> Iterator[tuple[Markup, int, int]]:
    """Give what stands between `<` and `>` in source[start:end], in order, with its places.

    A `<` that begins nothing is text. CDATA that never ends reaches to `end`.
    """
    place = source.find("<", start, end)
    while place >= 0:
        markup, behind = _measure(source, place, end)
        if markup is not None:
            yield markup, place, behind
        place = source.find("<", behind, end)


def _measure(source: str, place: int, end: int) -> tuple[Markup | None, int]:
    """Give what begins at a `<`, None for text, and where it ends."""
    if source.startswith(("<!", "<?"), place):
        found = _measure_special(source, place, end)
        if found is not None:
            return found
    tag = _TAG.match(source, place, end) or _LOOSE_TAG.match(source, place, end)
    if tag:
        is_declaration = source.startswith("<!", place)
        return (Markup.IGNORED if is_declaration else Markup.TAG), tag.end()
    if _UNFINISHED.match(source, place, end):
        return Markup.UNFINISHED, end
    return None, place + 1


def _measure_special(source: str, place: int, end: int) -> tuple[Markup, int] | None:
    for opening, closing, markup in _SPECIAL:
        if source.startswith(opening, place):
            found = source.find(closing, place + len(opening), end)
            if found >= 0:
                return markup, found + len(closing)
            return (markup if markup is Markup.CDATA else Markup.UNFINISHED), end
    if source[place : place + len(_DOCTYPE)].lower() == _DOCTYPE:
        return Markup.IGNORED, _find_doctype_end(source, place, end)
    return None


def _find_doctype_end(source: str, place: int, end: int) -> int:
    """Find where a doctype ends, behind its internal subset, whose declarations mean nothing."""
    depth = 0
    for part in _DOCTYPE_PARTS.finditer(source, place + len(_DOCTYPE), end):
        if part[0] == "[":
            depth += 1
        elif part[0] == "]":
            depth -= 1
        elif part[0] == ">" and depth <= 0:
            return part.end()
    return end


def parse_markup(source: str) -> Element:
    """Read a source into a tree below an element without a name, which stands for all of it.

    An end tag closes the nearest open element of its name and all in it; one that closes nothing
    is passed over. Elements still open at the end are as long as the source.
    """
    tree, text_end = _Tree(), len(source)
    for markup, start, end in scan_markup(source, 0, len(source)):
        if markup is Markup.TAG:
            tree.take(source, start, end)
        elif markup is Markup.UNFINISHED:
            text_end = start
    tree.close_down_to(0, text_end, len(source))
    return tree.root


class _Tree:
    """The elements read so far, and those that are open."""

    def __init__(self) -> None:
        self.root = Element("", 0, 0)
        self._open = [self.root]
        self._names = [""]
        self._scopes: list[dict[str, str]] = [{}]
        self._counts: dict[str, int] = {}

    def take(self, source: str, start: int, end: int) -> None:
        """Take the next tag, source[start:end]."""
        is_end = source.startswith("</", start)
        found = _NAME.match(source, start + 1 + is_end)
        name = found[0].lower() if found else ""
        if not is_end:
            self._begin(name, source, start, end)
        elif self._counts.get(name):
            depth = len(self._names) - 1
            while self._names[depth] != name:
                depth -= 1
            self.close_down_to(depth + 1, start, start)
            element = self._pop()
            element.inner_end, element.end, element.is_closed = start, end, True

    def _begin(self, name: str, source: str, start: int, end: int) -> None:
        tag, scope = source[start:end], self._scopes[-1]
        if "xmlns" in tag:
            scope = scope | _read_namespaces(tag)
        element = Element(_resolve(name, scope), start, end)
        self._open[-1].children.append(element)
        if tag.endswith("/>"):
            element.inner_end, element.end, element.is_closed = end, end, True
            return
        self._open.append(element)
        self._names.append(name)
        self._scopes.append(scope)
        self._counts[name] = self._counts.get(name, 0) + 1

    def close_down_to(self, depth: int, inner_end: int, end: int) -> None:
        """Close what is open at a depth and deeper, for want of end tags."""
        while len(self._open) > depth:
            element = self._pop()
            element.inner_end, element.end = max(inner_end, element.inner_start), end

    def _pop(self) -> Element:
        name = self._names.pop()
        self._scopes.pop()
        self._counts[name] = self._counts.get(name, 1) - 1
        return self._open.pop()


def _read_namespaces(tag: str) -> dict[str, str]:
    """Give the namespaces that a tag declares, by prefix; '' for the default one."""
    return {
        name[len("xmlns:") :]: _SCHEME.sub("", value.strip().lower()).rstrip("/#")
        for name, value in read_attributes(tag).items()
        if name == "xmlns" or name.startswith("xmlns:")
    }


def _resolve(name: str, scope: dict[str, str]) -> str:
    """Give an element's vocabulary and local name; a prefix that nobody declares speaks for itself.

    >>> _resolve("a:entry", {"a": "www.w3.org/2005/atom"}), _resolve("dc:date", {})
    ('atom:entry', 'dc:date')
    """
    prefix, _, local = name.rpartition(":")
    vocabulary = _VOCABULARIES.get(scope.get(prefix, ""), prefix)
    return f"{vocabulary}:{local}" if vocabulary else local


def take_out_swallowed(element: Element, is_sibling: Callable[[Element], bool]) -> list[Element]:
    """Give the children of an element, with those that an unclosed child swallowed.

    A child without its end tag holds all that follows it; it ends where the next element begins
    that can only be its sibling. Well-formed markup has no such child.

    Args:
        element: Whose children are looked for.
        is_sibling: Says of an element in an unclosed child, however deep, that it is none of its.
    """
    children, waiting = [], element.children
    while waiting:
        children += waiting
        last, waiting = waiting[-1], []
        chain = [last]
        while not chain[-1].is_closed and not waiting:
            inner = chain[-1].children
            at = next((n for n, child in enumerate(inner) if is_sibling(child)), len(inner))
            waiting = inner[at:]
            del inner[at:]
            if waiting:
                for unclosed in chain:
                    unclosed.inner_end = unclosed.end = waiting[0].start
            elif inner:
                chain.append(inner[-1])
            else:
                break
    return children
