"""Say what is fuzzed: each reader, bare and packed, with its samples and what must hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import Final

from tests.fuzz import samples
from tests.fuzz.mutations import mutate

_MARKUP: Final = (
    *(
        b"<p>",
        b"</p>",
        b"<div>",
        b"</div>",
        b"<li>",
        b"<ul>",
        b"</ul>",
        b"<table>",
        b"<td>",
        b"<br>",
    ),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<style>", b"<title>"),
    *(
        b"<pre>\n",
        b"<a href=x>",
        b"</a>",
        b"<svg>",
        b"<math>",
        b"<template>",
        b"<select>",
        b"<option>",
    ),
    *(
        b"<textarea>",
        b"<plaintext>",
        b"<frameset>",
        b"<noscript>",
        b"<b>",
        b"<i>",
        b"</b>",
        b"</i>",
    ),
    *(
        b"&amp;",
        b"&lt;",
        b"&#0;",
        b"&#xD800;",
        b"&#x110000;",
        b"&notin;",
        b"&copy",
        b"&#x80;",
        b"&;",
    ),
    *(b"<meta charset=utf-16>", b"<meta charset=shift_jis>", b"<body>", b"</body>", b"</html>"),
    *(b"<p data-dedup='ignore'>", b"<b data-dedup=ignore>", b"<!-- dedup: off -->", b"<!--dedup:"),
    *(b"<dl><dt>", b"<dd>", b"<h1>", b"<blockquote>", b"<caption>"),
)
_XML: Final = (
    *(b"<item>", b"</item>", b"<entry>", b"<description>", b"</description>", b"<content:encoded>"),
    *(
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>',
        b"&a;",
        b"&nbsp;",
        b"<?xml version='1.0' encoding='x'?>",
    ),
    *(b"<guid>", b"<content type='html'>", b"&lt;p&gt;", b"&amp;lt;", b"<title>", b"<pubDate>x"),
)
_TABLES: Final = (b'""', b'"', b",", b";", b"\t", b'"\n', b'\n"', b"\x00", b"text", b"text,text")
_JSON: Final = (
    *(
        b"\\u0000",
        b"\\ud83d",
        b"\\udc00",
        b'\\"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"null",
        b'{"text":"',
        b'"}\n',
    ),
    *(
        b'"text":',
        b'"id":',
        b"NaN",
        b"1e999",
        b"\\/",
        b"\\x",
        b"\n{",
        b"-0",
        b'"\\u00e9"',
        b'{"text":{',
    ),
)
_PROSE: Final = (
    *(
        b"# ",
        b"- ",
        b"> ",
        b"```\n",
        b"    ",
        b"---\n",
        b"+++\n",
        b"|",
        b"[a](b)",
        b"<div>\n",
        b"\n\n",
    ),
    *(
        b"[^1]: ",
        b"<!-- ",
        b" -->",
        b"<!-- dedup: ignore -->",
        b"<!--dedup:",
        b"{/* dedup: off */}",
        b"<i data-dedup=ignore>",
        b"{/*",
        b"1. ",
        b"* * *",
        b"===\n",
        b"`",
        b"***",
        b"import x from 'y'",
    ),
)
_RST: Final = (
    *(
        b"\n====\n",
        b"::\n\n",
        b".. note::",
        b".. include:: x\n",
        b".. raw:: html\n",
        b"|a|",
        b"``",
        b"\n..\n",
    ),
    *(
        b".. code::\n\n   x",
        b"* ",
        b"#. ",
        b"  ",
        b":a: b\n",
        b"+---+\n",
        b"`x`_",
        b"[1]_",
        b".. |a| image:: b",
    ),
    *(
        b".. csv-table::\n   :file: /etc/passwd\n",
        b".. math::",
        b"\n----\n",
        b">>> x\n",
        b"| line\n",
        b"__",
        b".. dedup: ignore",
    ),
)
_WARC: Final = (
    *(
        b"WARC/1.0\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK",
    ),
    *(
        b"Content-Length: 99999999999\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked\r\n",
    ),
    *(
        b"WARC-Type: response\r\n",
        b"charset=utf-7",
        b"WARC-Target-URI: \xff\r\n",
        b"Content-Type: text/html",
    ),
)
_PACKED: Final = (
    b"\x1f\x8b",
    b"\x1f\x8b\x08\x00",
    b"BZh9",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz.

    Attributes:
        name: What `--reader` calls it.
        formats: Names of the readers that read its inputs, one chosen an input.
        make_samples: Gives what to begin with.
        bits: What leads these formats astray.
        compression: How its inputs are packed; '' where they are not.
    """

    name: str
    formats: tuple[str, ...]
    make_samples: Callable[[], list[bytes]]
    bits: Sequence[bytes]
    compression: str = ""

    def make_input(self, random: Random) -> bytes:
        """Give the next input."""
        content = mutate(samples_of(self), self.bits, random)
        if self.compression and random.random() < 0.9:
            content = samples.PACKERS[self.compression](content)
            if random.random() < 0.6:
                content = mutate([content], _PACKED, random)
        return content


@cache
def samples_of(target: Target) -> list[bytes]:
    """Give a target's samples, made once."""
    return target.make_samples()


def _make_mixed() -> list[bytes]:
    made = (samples.make_jsonl, samples.make_html, samples.make_text, samples.make_markdown)
    return samples.join(make()[-6:] for make in made)


def _make_packed_target(compression: str) -> Target:
    formats = ("jsonl", "text", "html", "csv", "markdown", "feed", "warc")
    return Target(compression, formats, _make_mixed, _PACKED, compression)


_ALL: Final = (
    Target("text", ("text",), samples.make_text, _PROSE),
    Target("markdown", ("markdown",), samples.make_markdown, _PROSE),
    Target("rst", ("rst",), samples.make_rst, _RST),
    Target("html", ("html",), samples.make_html, _MARKUP),
    Target("feed", ("feed",), samples.make_feeds, (*_XML, *_XML, *_MARKUP, *_JSON[:6])),
    Target("jsonl", ("jsonl",), samples.make_jsonl, _JSON),
    Target("csv", ("csv",), partial(samples.make_csv, ","), _TABLES),
    Target("tsv", ("tsv",), partial(samples.make_csv, "\t"), _TABLES),
    Target("parquet", ("parquet",), samples.make_parquet, (b"PAR1", b"\x15", b"\x00" * 8)),
    Target("warc", ("warc",), samples.make_warc, (*_WARC, *_MARKUP[:10])),
    Target("warc.gz", ("warc",), samples.make_warc, (*_WARC, *_PACKED), "gz"),
    *map(_make_packed_target, samples.PACKERS),
)
TARGETS: Final = {target.name: target for target in _ALL}
