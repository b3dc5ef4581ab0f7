"""Give each format's samples: real files where this machine has some, and small ones made here.

The order is fixed, so that a seed means the same as long as the files do.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PLACES: Final = (Path("/usr/share/doc"), ROOT.parent / "shared" / "data", ROOT / "data")
_LARGEST: Final = 40_000
_MOST: Final = 40
_PROSE: Final = (
    "The lighthouse keeper counts the ships that pass in the fog before the morning bell rings.",
    "Grain prices rose in the valley after the late frost, and the mill stood still for a week.",
    'Fish & chips cost 3 < 4 coins at the harbour; "fresh", said the sign, and it was not so.',
    "Die Fähre nach Süden fährt täglich außer sonntags, und bei Sturm fährt sie gar nicht.",
    "山の上の小さな駅で、郵便配達の人が毎朝おなじ電車を待っている。",
)


def find_files(suffixes: tuple[str, ...]) -> list[bytes]:
    """Give real files of some endings, small ones, evenly chosen from all there are."""
    found = [
        path
        for place in PLACES
        for suffix in suffixes
        for path in sorted(place.rglob(f"*{suffix}"))
        if path.is_file() and 0 < path.stat().st_size <= _LARGEST
    ]
    step = max(1, len(found) // _MOST)
    return [path.read_bytes() for path in found[::step]]


def make_text() -> list[bytes]:
    """Give plain text: real, and with every line end."""
    made = ["\n\n".join(_PROSE), "\r\n\r\n".join(_PROSE), "\r\r".join(_PROSE), "\ufeffA.\n \t\nB."]
    wide = [
        "\n\n".join(_PROSE).encode(code)
        for code in ("utf-16", "utf-32", "latin-1", "cp1252")
        if code.startswith("utf")
    ]
    return [*find_files((".txt",)), *(text.encode() for text in made), *wide]


def make_markdown() -> list[bytes]:
    """Give Markdown: real, and one file with every construct."""
    made = (
        f"---\ntitle: x\n---\n\n# Head\n\n{_PROSE[0]}\n\n- {_PROSE[1]}\n  - nested\n\n> {_PROSE[2]}"
        "\n>\n> - in a quote\n\n| a | b |\n|---|---|\n| c | d |\n\n```py\ncode\n```\n"
        "\n    indented\n"
        f"\n<div>\nraw &amp;\n</div>\n\n[link](to)\n\n{_PROSE[3]}[^1]\n\n[^1]: {_PROSE[4]}\n\n***\n"
    )
    return [*find_files((".md", ".markdown")), made.encode(), made.replace("\n", "\r\n").encode()]


def make_rst() -> list[bytes]:
    """Give reStructuredText: real, and one file with every construct."""
    made = (
        f"Title\n=====\n\n{_PROSE[0]}\n\n* {_PROSE[1]}\n\n  * nested\n\n#. one\n#. two\n\n"
        f"term\n    {_PROSE[2]}\n\n::\n\n    literal\n\n.. note:: {_PROSE[3]}\n\n"
        ".. comment\n   more\n"
        "\n====  ====\na     b\n====  ====\nc     d\n====  ====\n\n"
        "+---+---+\n| a | b |\n+---+---+\n"
        f"\n.. [1] {_PROSE[4]}\n\n.. _target: http://a.b\n\n:field: value\n\n"
        ".. include:: /etc/passwd\n"
    )
    return [*find_files((".rst",)), made.encode(), made.replace("\n", "\r\n").encode()]


def make_html() -> list[bytes]:
    """Give pages: real, and one with every construct."""
    body = "".join(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>\n" for text in _PROSE)
    made = (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>T &amp; U</title>'
        '<link rel="canonical" href="http://a.b/c"><style>p{}</style><script>var a="<p>";</script>'
        f"</head><body><nav><a href=x>y</a></nav>{body}<ul><li>one<li>two<ul><li>in</ul></ul>"
        "<table><tr><th>a<td>b<p>c</p></table><pre>\n code\n</pre><blockquote>q<br>r</blockquote>"
        "<!-- c --><div>loose <b>text</b><p>inside</p>tail</div><dl><dt>t<dd>d</dl><svg><title>s"
        "</title></svg><template><p>no</template><textarea><p></textarea><p data-dedup=ignore>i"
        "<footer>foot &copy &#169; &#xe9; &nbsp;</footer></body></html>"
    )
    latin = made.replace("utf-8", "iso-8859-1").encode("latin-1", "xmlcharrefreplace")
    return [*find_files((".html", ".htm")), made.encode(), latin, made.encode("utf-16")]


def make_feeds() -> list[bytes]:
    """Give feeds of every kind."""
    text = _PROSE[2].replace("&", "&amp;").replace("<", "&lt;")
    twice = text.replace("&", "&amp;")
    item = (
        f"<item><title>A &amp;amp; B</title><link>http://a.b/1</link><guid>1</guid>"
        f"<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate><description>{twice}&lt;p&gt;x&lt;/p&gt;"
        f"</description><content:encoded><![CDATA[<p>{_PROSE[0]}</p><p>{text}</p>]]></content:encoded>"
        "</item>"
    )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    rss = (
        f'<?xml version="1.0"?>\n<rss version="2.0" {spaces}><channel><title>T</title>{item * 3}'
        "</channel></rss>"
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {spaces}><channel rdf:about="x"/>{item}</rdf:RDF>'
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title><entry><id>1</id>'
        f'<title type="html">&lt;b&gt;x&lt;/b&gt;</title><link href="http://a.b"/><updated>2026-11-24'
        f'T10:00:00Z</updated><summary>{text}</summary><content type="xhtml"><div xmlns="http://www.w3'
        f'.org/1999/xhtml"><p>{_PROSE[1]}</p><p>{text}</p></div></content></entry></feed>'
    )
    entry = {
        "id": "1",
        "title": "x",
        "content_html": f"<p>{text}</p><p>y</p>",
        "content_text": "z",
        "url": "http://a.b",
        "date_published": "2026-11-24T10:00:00Z",
    }
    json_feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [entry] * 3})
    entity = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">'
        '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    )
    made = [
        rss,
        rdf,
        atom,
        json_feed,
        rss.replace('<?xml version="1.0"?>', entity),
        f"{entity}<rss>&a;&c;</rss>",
    ]
    return [*find_files((".rss", ".atom", ".rdf")), *(feed.encode() for feed in made)]


def make_jsonl() -> list[bytes]:
    """Give JSON Lines: the project's own, and every kind of value and escape."""
    rows = [
        {"id": n, "text": text, "date": "2026-11-24", "more": {"a": [1, None]}}
        for n, text in enumerate(_PROSE)
    ]
    plain = "".join(json.dumps(row) + "\n" for row in rows)
    utf8 = "".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows)
    odd = (
        '{"text":"a\\ud83d\\n\\n\\"b\\u00e9","id":1e400}\n{"id":null,"text":""}\n\n'
        '{"text":"x","text":"y"}'
    )
    return [*find_files((".jsonl",)), plain.encode(), utf8.encode(), odd.encode()]


def make_csv(delimiter: str) -> list[bytes]:
    """Give tables of one separator, in all ways of quoting and ending lines."""
    made = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        for line_end in ("\n", "\r\n", "\r"):
            table = io.StringIO()
            writer = csv.writer(
                table, delimiter=delimiter, quoting=quoting, lineterminator=line_end
            )
            writer.writerow(["id", "text", "date"])
            writer.writerows([n, f'{text}\n\n"{n}"', "2026-11-24"] for n, text in enumerate(_PROSE))
            made.append(table.getvalue().encode())
    return [*made, made[0].decode().encode("utf-16"), b"\xef\xbb\xbf" + made[0]]


def make_parquet() -> list[bytes]:
    """Give Parquet files with nested columns, nulls, dates and small row groups."""
    import pyarrow as pa  # noqa: PLC0415 -- an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 -- likewise

    texts = [*_PROSE, None, "", *_PROSE]
    n_rows = len(texts)
    start = datetime(2026, 11, 24, tzinfo=UTC)
    table = pa.table(
        {
            "id": list(range(n_rows)),
            "text": texts,
            "tags": [["a", None]] * n_rows,
            "deep": [{"x": {"y": n}} for n in range(n_rows)],
            "when": [start + timedelta(hours=n) for n in range(n_rows)],
            "words": pa.array(["a", "b"] * (n_rows // 2)).dictionary_encode(),
        }
    )
    kept: list[bytes] = []
    for settings in (
        {"compression": "none"},
        {"compression": "snappy", "row_group_size": 3},
        {"compression": "zstd", "version": "1.0"},
    ):
        output = io.BytesIO()
        pq.write_table(table, output, **settings)
        kept.append(output.getvalue())
    return kept


def make_warc() -> list[bytes]:
    """Give crawls: responses, other records, packed record by record, and as a whole."""
    page = make_html()[-3]
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    records = [
        _make_record("warcinfo", b"software: x\r\n", "application/warc-fields"),
        _make_record("response", http, "application/http; msgtype=response"),
        _make_record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        _make_record("response", http.replace(b"200 OK", b"404 No"), "application/http"),
        _make_record("resource", page, "text/html"),
        _make_record(
            "response",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: "
            b"text/html\r\n\r\n5\r\n<p>ab\r\n0\r\n\r\n",
            "application/http",
        ),
    ]
    return [
        b"".join(records),
        b"".join(records[1:3] * 3),
        b"".join(records).replace(b"\r\n", b"\n"),
    ]


def _make_record(kind: str, content: bytes, media_type: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.b/c\r\nWARC-Date: 2026-11-24T"
        f"10:00:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def pack_zst(content: bytes) -> bytes:
    """Pack with zstandard."""
    import zstandard  # noqa: PLC0415 -- an extra

    packed: bytes = zstandard.compress(content)
    return packed


PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gz": lambda content: gzip.compress(content, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": pack_zst,
}


def join(parts: Iterable[list[bytes]]) -> list[bytes]:
    """Give the samples of several formats in one list."""
    return [sample for part in parts for sample in part]
