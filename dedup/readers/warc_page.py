"""Read the page that a record of a WARC file holds, with the encodings of its payload undone.

In: the bytes of a record. Out: a `WebPage`, or what is wrong with it.

Decision (2026-11-25): where a payload cannot be decoded as its headers say, it is taken as it
stands if that is text: some crawlers store it decoded and keep the headers. What was read before an
error counts, since crawlers cut payloads off.
"""

import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from dedup.config import ReadersConfig
from dedup.readers.contents import tell_compression
from dedup.readers.warc_records import HTML, Decoding, open_record, read_media, read_type

_FREE_BYTES: Final = 64 << 20  # of a payload unpacked, before anything is asked
_CHUNK_BYTES: Final = 1 << 16
_LOOKED_AT_BYTES: Final = 1024
_DECODINGS: Final[tuple[Decoding, ...]] = ("all", "content", "transfer", "none")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
# By these a page is known that nobody says the type of (WHATWG, MIME Sniffing, section 7.1).
_TAGS: Final = rb"!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p"
_MARKUP: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*(?:<(?:" + _TAGS + rb")[ >\t\n\f\r/]|<!--)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a record holds.

    Attributes:
        identity: Its WARC-Record-ID.
        link: What the crawler asked for.
        date: When, as the record says it.
        is_html: It is a page; else plain text.
        charset: Its encoding, as whoever sent it says.
        content: The payload, its encodings undone.
        problem: Why there is no payload; '' where there is.
    """

    identity: str
    link: str
    date: str
    is_html: bool
    charset: str | None
    content: bytes
    problem: str = ""


def load_page(content: bytes, config: ReadersConfig) -> WebPage | None:
    """Read the page out of the bytes of a record; None where it is neither page nor text."""
    record = open_record(content, "none")
    said = read_type(record)
    payload, problem = _decode(content, config)
    is_html = read_media(record) in HTML
    if not said:
        is_html = _MARKUP.match(payload) is not None
    if not said and not is_html:
        return None
    charset = _CHARSET.search(said)
    headers = record.headers
    return WebPage(
        identity=headers.get("WARC-Record-ID") or "",
        link=(headers.get("WARC-Target-URI") or "").strip("<>"),
        date=headers.get("WARC-Date") or "",
        is_html=is_html,
        charset=charset[1] if charset else None,
        content=payload,
        problem=problem,
    )


def _decode(content: bytes, config: ReadersConfig) -> tuple[bytes, str]:
    """Undo the encodings of a payload; gives it, and why not where it cannot be.

    Some crawlers store payloads decoded and keep the headers that say they are not.
    """
    most = min(config.max_bytes, max(_FREE_BYTES, config.max_expansion * len(content)))
    problem = ""
    for decoding in _DECODINGS:
        payload, error = _read_payload(content, decoding, most)
        if decoding != "all" and tell_compression(payload) == "gz":  # called x-gzip, or nothing
            payload = _unzip(payload, most)
        if len(payload) > most:
            return b"", f"its payload unpacks to more than {most:,} bytes"
        is_known = decoding == "all" or _looks_like_text(payload)
        if is_known and (not error or (payload and decoding == "all")):
            return payload, ""
        problem = problem or f"its payload cannot be decoded ({error})"
    return b"", problem


def _read_payload(content: bytes, decoding: Decoding, most: int) -> tuple[bytes, str]:
    """Read a payload up to its end, an error or `most` bytes; gives it and the error."""
    payload = bytearray()
    try:
        reader = open_record(content, decoding).reader
        while len(payload) <= most and (chunk := reader.read(_CHUNK_BYTES)):
            payload += chunk
    except (OSError, ValueError) as error:
        return bytes(payload), str(error)[:80]
    return bytes(payload), ""


def _unzip(payload: bytes, most: int) -> bytes:
    """Unpack gzip up to its end, a damage or one byte more than `most`."""
    with suppress(zlib.error):
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(payload, most + 1)
    return payload


def _looks_like_text(payload: bytes) -> bool:
    head = payload[:_LOOKED_AT_BYTES]
    return b"\0" not in head and not tell_compression(head)
