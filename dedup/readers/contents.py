"""Tell by its first bytes what a source holds, where its name says something else or too little.

In: the first bytes of a source. Out: how it is packed, what else than text it is, whether it is a
feed.

Decision (2026-11-25): a name that says text is believed, also where the bytes look like HTML; only
what no reader of text can mean is refused, by the signatures that formats are known by. `.xml` and
`.json` name no format of ours: in a folder only feeds are taken of them, by root or version.
"""

import re
from collections.abc import Iterable
from typing import Final

from dedup.errors import InputError

HEAD_BYTES: Final = 4096  # holds a feed's declaration, comments and root; one block of a disk
PACKINGS: Final = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}
# How bytes begin, and a pattern of what follows: it is compiled where they begin so, which saves a
# run of one article, whose bytes never do, the compiling of fifteen.
_MAGIC: Final = (
    ("gz", b"\x1f\x8b", b""),
    ("bz2", b"BZh", rb"[1-9](?:1AY&SY|\x17rE8P\x90)"),
    ("xz", b"\xfd7zXZ\x00", b""),
    ("zst", b"\x28\xb5\x2f\xfd", b""),
    *(("zst", b"%c\x2a\x4d\x18" % number, b"") for number in range(0x50, 0x60)),
)
# Text may begin as GIF and Parquet do; a control among the next bytes tells them apart.
_BINARY: Final = rb"(?s:.{,28}?)[\x00-\x08\x0e-\x1a\x1c-\x1f]"
_FOREIGN: Final = (
    ("a PDF", b"%PDF-", rb"\d\.\d[ \t]*[\r\n]"),
    ("a PNG image", b"\x89PNG\r\n\x1a\n", b""),
    ("a JPEG image", b"\xff\xd8\xff", b""),
    ("a GIF image", b"GIF8", rb"[79]a" + _BINARY),
    ("an EPUB book", b"PK\x03\x04", rb"(?s:.{26})mimetypeapplication/epub\+zip"),
    ("an Office document", b"PK\x03\x04", rb"(?s:.{26})\[Content_Types\]\.xml"),
    ("a ZIP archive", b"PK", rb"\x03\x04|\x05\x06"),
    ("an Office document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""),
    ("a Parquet table", b"PAR1", _BINARY),
    ("an SQLite database", b"SQLite format 3\x00", b""),
    ("a program", b"\x7fELF", b""),
    ("a program", b"MZ", rb"(?s:.{58}).\x00\x00\x00"),
)
_TEXTS: Final = {
    "text": "text",
    "markdown": "Markdown",
    "html": "HTML",
    "jsonl": "JSON Lines",
    "csv": "CSV",
    "tsv": "TSV",
    "feed": "a feed",
    "rst": "reStructuredText",
}
_PROLOG: Final = (
    r"(?i)(?>\s++|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!DOCTYPE(?>[^<>\[]|\[(?s:.*?)\]\s*+(?=>))*+>)*+"
)
_ROOT: Final = r"(?i)<(?:[\w.-]++:)?+(rss|feed|rdf)(?=[\s/>])"
_RDF_FEED: Final = r"purl\.org/(?:rss|net/rss1)|netscape\.com/rdf"
_JSON_FEED: Final = "jsonfeed.org/version"


def tell_compression(head: bytes) -> str:
    r"""Tell how bytes are packed: a name in `COMPRESSIONS`, '' where they are not.

    >>> tell_compression(b"\x1f\x8b\x08\x00")
    'gz'
    """
    return _find_signature(_MAGIC, head) or ""


def _find_signature(signatures: Iterable[tuple[str, bytes, bytes]], head: bytes) -> str | None:
    """Give the name of the first signature that bytes have; None where they have none."""
    for name, begin, rest in signatures:
        if head.startswith(begin) and re.match(rest, head[len(begin) :]):
            return name
    return None


def refuse_foreign(name: str, format_name: str, head: bytes, *, is_packed: bool = False) -> None:
    """Refuse a source of a text format whose bytes are something else.

    Args:
        name: The source, as the user calls it.
        format_name: Its reader's name; formats that are no text check their bytes themselves.
        head: Its first bytes, unpacked; 128 are enough.
        is_packed: They were packed, which is undone once only.

    Raises:
        InputError: It is packed, or holds a PDF, an image, an archive and so on.
    """
    if format_name not in _TEXTS or not head:
        return
    packing = tell_compression(head)
    if packing:
        problem = f"it is packed {'twice, then ' if is_packed else ''}with {PACKINGS[packing]}"
        advice = "Unpack it once" if is_packed else f"Name it {name}.{packing}"
        remedy = f"{advice}, or leave it out with --skip-errors."
        raise InputError(name, None, problem, remedy)
    found = _find_signature(_FOREIGN, head)
    if found is not None:
        problem = f"it holds {found}, not {_TEXTS[format_name]}"
        remedy = "Convert it to text first, or leave it out with --skip-errors."
        if found == "a Parquet table":
            remedy = "Read it with --input-format parquet, or leave it out with --skip-errors."
        raise InputError(name, None, problem, remedy)


def refuse_wrong_packing(name: str, compression: str, head: bytes) -> None:
    """Refuse a source that is not packed as its name says.

    Args:
        name: The source, as the user calls it.
        compression: How its name says it is packed.
        head: Its first bytes, as they are; a beginning of the right ones passes.

    Raises:
        InputError: It is packed in another way, or not at all.
    """
    packing = PACKINGS[compression]
    found = tell_compression(head)
    if found and found != compression:
        problem = f"it is packed with {PACKINGS[found]}, not with {packing}"
        remedy = f"Let its name end in .{found}, or leave it out with --skip-errors."
        raise InputError(name, None, problem, remedy)
    if not found and not _begins(compression, head):
        problem = f"it is no whole {packing} file: its first bytes are those of no {packing} data"
        remedy = (
            f"If it is not packed, take the .{compression} off its name; "
            f"else fetch it again, or leave it out with --skip-errors."
        )
        raise InputError(name, None, problem, remedy)


def _begins(compression: str, head: bytes) -> bool:
    """Say whether so few bytes may be a beginning of such data."""
    samples = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00", "zst": b"\x28\xb5\x2f\xfd"}
    sample = samples[compression]
    return len(head) < len(sample) + 7 and (sample.startswith(head) or head.startswith(sample))


def looks_like_feed(head: bytes) -> bool:
    """Say whether a text begins as a feed: RSS, Atom, RDF with RSS in it, or JSON Feed.

    Args:
        head: Its first bytes, unpacked; `HEAD_BYTES` are enough.

    >>> looks_like_feed(b'<?xml version="1.0"?><rss version="2.0">'), looks_like_feed(b"<html>")
    (True, False)
    """
    text = _decode(head).lstrip("\ufeff")
    if text.lstrip().startswith("{"):
        return _JSON_FEED in text.replace("\\/", "/")
    prolog = re.match(_PROLOG, text)
    root = re.match(_ROOT, text[prolog.end() :] if prolog else text)
    if root is None:
        return False
    return root[1].lower() != "rdf" or re.search(_RDF_FEED, text) is not None


def _decode(head: bytes) -> str:
    """Decode what matters, which is ASCII in whatever encoding."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
