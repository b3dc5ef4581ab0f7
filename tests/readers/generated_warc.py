"""Make WARC files by hand, as bytes, so that nothing but the standard says what they are."""

import gzip
from collections.abc import Iterable
from itertools import count

import zstandard

_NUMBERS = count(1)
HTTP = b"application/http; msgtype=response"


def make_record(
    kind: str, block: bytes, media: bytes = HTTP, name: str = "", headers: bytes = b""
) -> bytes:
    """Make a record of any type; its id and address end in its name."""
    name = name or f"n{next(_NUMBERS)}"
    return (
        b"WARC/1.1\r\n"
        b"WARC-Type: " + kind.encode() + b"\r\n"
        b"WARC-Record-ID: <urn:test:" + name.encode() + b">\r\n"
        b"WARC-Target-URI: http://example.org/" + name.encode() + b"\r\n"
        b"WARC-Date: 2024-05-06T07:08:09Z\r\n"
        b"Content-Type: " + media + b"\r\n" + headers + b"Content-Length: "
        b"%d\r\n\r\n" % len(block) + block + b"\r\n\r\n"
    )


def make_response(
    payload: bytes, media: bytes = b"text/html", name: str = "", headers: bytes = b""
) -> bytes:
    """Make the record of a page that a server sent; no media type where `media` is empty."""
    said = b"Content-Type: " + media + b"\r\n" if media else b""
    block = b"HTTP/1.1 200 OK\r\nServer: test\r\n" + said + headers + b"\r\n" + payload
    return make_record("response", block, HTTP, name)


def make_page(*paragraphs: str) -> bytes:
    """Make a page of paragraphs, each on a line of its own."""
    lines = ["<!DOCTYPE html>", "<title>A page</title>", *(f"<p>{text}</p>" for text in paragraphs)]
    return "\n".join(lines).encode()


def chunk(payload: bytes, size: int = 50) -> bytes:
    """Write a payload in chunks, as HTTP/1.1 sends it."""
    parts = [payload[begin : begin + size] for begin in range(0, len(payload), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def pack(records: Iterable[bytes], compression: str) -> bytes:
    """Pack records, each by itself."""
    packers = {"": bytes, "gz": lambda raw: gzip.compress(raw, mtime=0), "zst": zstandard.compress}
    return b"".join(packers[compression](record) for record in records)
