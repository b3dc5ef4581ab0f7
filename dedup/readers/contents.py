"""Tell by its first bytes what a source holds, where its name says something else or too little.

In: the first bytes of a source. Out: how it is packed, what else than text it is, whether it is a
feed.

Decision (2026-11-25): a name that says text is believed, also where the bytes look like HTML; only
what no reader of text can mean is refused, by the signatures that formats are known by. `.xml` and
`.json` name no format of ours: in a folder only feeds are taken of them, by root or version.
"""

import re
from typing import Final

from dedup.errors import InputError

HEAD_BYTES: Final = 4096  # holds a feed's declaration, comments and root; one block of a disk
PACKINGS: Final = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}
_MAGIC: Final = {
    "gz": re.compile(rb"\x1f\x8b"),
    "bz2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zst": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
# Text may begin as GIF and Parquet do; a control among the next bytes tells them apart.
_BINARY: Final = rb"(?s:.{,28}?)[\x00-\x08\x0e-\x1a\x1c-\x1f]"
_FOREIGN: Final = (
    ("a PDF", re.compile(rb"%PDF-\d\.\d[ \t]*[\r\n]")),
    ("a PNG image", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("a JPEG image", re.compile(rb"\xff\xd8\xff")),
    ("a GIF image", re.compile(rb"GIF8[79]a" + _BINARY)),
    ("an EPUB book", re.compile(rb"PK\x03\x04(?s:.{26})mimetypeapplication/epub\+zip")),
    ("an Office document", re.compile(rb"PK\x03\x04(?s:.{26})\[Content_Types\]\.xml")),
    ("a ZIP archive", re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    ("an Office document", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("a Parquet table", re.compile(rb"PAR1" + _BINARY)),
    ("an SQLite database", re.compile(rb"SQLite format 3\x00")),
    ("a program", re.compile(rb"\x7fELF|MZ(?s:.{58}).\x00\x00\x00")),
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
_PROLOG: Final = re.compile(
    r"(?>\s++|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!DOCTYPE(?>[^<>\[]|\[(?s:.*?)\]\s*+(?=>))*+>)*+",
    re.IGNORECASE,
)
_ROOT: Final = re.compile(r"<(?:[\w.-]++:)?+(rss|feed|rdf)(?=[\s/>])", re.IGNORECASE)
_RDF_FEED: Final = re.compile(r"purl\.org/(?:rss|net/rss1)|netscape\.com/rdf")
_JSON_FEED: Final = "jsonfeed.org/version"


def tell_compression(head: bytes) -> str:
    r"""Tell how bytes are packed: a name in `COMPRESSIONS`, '' where they are not.

    >>> tell_compression(b"\x1f\x8b\x08\x00")
    'gz'
    """
    return next((name for name, magic in _MAGIC.items() if magic.match(head)), "")


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
    found = next((what for what, signature in _FOREIGN if signature.match(head)), None)
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
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    if root is None:
        return False
    return root[1].lower() != "rdf" or _RDF_FEED.search(text) is not None


def _decode(head: bytes) -> str:
    """Decode what matters, which is ASCII in whatever encoding."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
