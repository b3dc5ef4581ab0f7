"""Input made to harm, through the command line, in a process with a bound on memory and time.

Whatever it is, the command ends with 0 or 2, says in one message what is wrong, shows no traceback,
reads nothing it was not given and fetches nothing.
"""

import bz2
import csv
import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

import pytest

from dedup.errors import InputError
from dedup.pipeline import find_duplicates
from tests.fuzz.samples import make_warc, pack_zst

ROOT: Final = Path(__file__).parents[2]
GIGABYTE: Final = 1 << 30
# Addresses, not touched memory: numba and the threads' stacks map well over one gigabyte.
ADDRESS_BYTES: Final = 4 * GIGABYTE
MOST_SECONDS: Final = 240
# A line of so many megabytes; 200 is what the issue asks for, and what CI's nightly run sets.
LINE_MEGABYTES: Final = int(os.environ.get("DEDUP_TEST_LINE_MEGABYTES", "50"))
_BOUNDED: Final = (
    "import resource, runpy, sys; size = int(sys.argv.pop(1)); "
    "resource.setrlimit(resource.RLIMIT_AS, (size, size)); "
    "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
    "runpy.run_module('dedup', run_name='__main__', alter_sys=True)"
)
PROSE: Final = (
    "The lighthouse keeper counts the ships that pass in the fog before the morning bell rings."
)
OTHER: Final = (
    "Grain prices rose in the valley after a late frost while the old mill stood still for a week."
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="bounds on memory are of POSIX")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    def expect(self, *statuses: int) -> "Ended":
        """Check what holds for every hostile input."""
        assert self.status in statuses, f"{self.status}\n{self.out[-500:]}\n{self.err[-2000:]}"
        assert "Traceback" not in self.out + self.err
        assert "internal error" not in self.err, self.err
        if self.status == 2:
            assert self.err.strip(), "an error says what is wrong"
        return self


Run = Callable[..., Ended]


@pytest.fixture
def run() -> Run:
    """Give a function that runs `dedup` under the bounds."""

    def start(*words: str | Path, address_bytes: int = ADDRESS_BYTES) -> Ended:
        done = subprocess.run(  # noqa: S603 -- this project's own command
            [sys.executable, "-c", _BOUNDED, str(address_bytes), *map(os.fsencode, words)],
            check=False,
            capture_output=True,
            timeout=MOST_SECONDS,
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "CI": "1"},
        )
        # Names that are no UTF-8 must come out as something that is.
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return start


@pytest.fixture
def both(run: Run, tmp_path: Path) -> Callable[..., tuple[Ended, Ended]]:
    """Give a function that scans and cleans what it is given, and wants 0 or 2 of both."""

    def start(*words: str | Path, address_bytes: int = ADDRESS_BYTES) -> tuple[Ended, Ended]:
        out = tmp_path / "cleaned"
        scanned = run("scan", *words, address_bytes=address_bytes).expect(0, 2)
        cleaned = run("clean", *words, "-o", out, address_bytes=address_bytes).expect(0, 2)
        assert out.exists() == (cleaned.status == 0)
        return scanned, cleaned

    return start


Both = Callable[..., tuple[Ended, Ended]]


def _rss(head: str, text: str) -> str:
    item = f"<item><title>x</title><description>{text}</description></item>"
    return f"{head}<rss version='2.0'><channel><title>t</title>{item}</channel></rss>"


def test_billion_laughs_are_not_laughed(both: Both, tmp_path: Path) -> None:
    names = "abcdefghij"
    rows = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{PROSE}">{rows}]>'
    feed = tmp_path / "laughs.rss"
    feed.write_text(_rss(head, f"{PROSE} &j; {OTHER}"))
    page = tmp_path / "laughs.xhtml"
    page.write_text(f"{head.replace('rss', 'html')}<html><body><p>{PROSE} &j;</p></body></html>")

    for path in (feed, page):
        scanned, _ = both(path, address_bytes=2 * GIGABYTE)
        assert scanned.out.count("lighthouse") <= 10


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a socket that nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)  # noqa: FBT003 -- sockets know no keyword
        yield server


_OUTSIDE: Final = {
    "entity.rss": "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM '{url}'>]>"
    "<rss version='2.0'><channel><item><title>x</title><description>{prose} &x;</description>"
    "</item></channel></rss>",
    "entity.atom": "<?xml version='1.0'?><!DOCTYPE feed [<!ENTITY x SYSTEM '{url}'>]><feed xmlns="
    "'http://www.w3.org/2005/Atom'><entry><id>1</id><content>{prose} &x;</content></entry></feed>",
    "doctype.rss": "<?xml version='1.0'?><!DOCTYPE rss SYSTEM '{url}'><rss version='2.0'><channel>"
    "<item><description>{prose}</description></item></channel></rss>",
    "parameter.rss": "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY % p SYSTEM '{url}'> %p;]><rss "
    "version='2.0'><channel><item><description>{prose}</description></item></channel></rss>",
    "entity.xhtml": "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY x SYSTEM '{url}'>]><html><body>"
    "<p>{prose} &x;</p></body></html>",
    "page.html": "<html><head><base href='{url}'><link rel='stylesheet' href='{url}'></head><body>"
    "<p>{prose}</p><iframe src='{url}'></iframe><img src='{url}'><object data='{url}'></body>"
    "</html>",
    "include.rst": "{prose}\n\n.. include:: {path}\n\n.. raw:: html\n   :file: {path}\n\n"
    ".. csv-table:: x\n   :file: {path}\n\n.. literalinclude:: {path}\n",
    "fetch.rst": "{prose}\n\n.. raw:: html\n   :url: {url}\n\n.. csv-table:: x\n   :url: {url}\n\n"
    ".. image:: {url}\n",
    "import.md": "{prose}\n\n![x]({url})\n\n<iframe src='{url}'></iframe>\n\n"
    "import x from '{path}'\n",
}


@pytest.mark.parametrize("name", _OUTSIDE)
def test_nothing_outside_is_read(
    name: str, both: Both, tmp_path: Path, listener: socket.socket
) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_text(f"xyzzy {OTHER}")
    pipe = tmp_path / "pipe.bin"
    os.mkfifo(pipe)  # whoever opens it waits for ever
    folder = tmp_path / "in"
    folder.mkdir()
    outside = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    for number, url in enumerate([outside, secret.as_uri(), pipe.as_uri()]):
        place = pipe if url == pipe.as_uri() else secret
        text = _OUTSIDE[name].format(url=url, path=place, prose=PROSE)
        (folder / f"{number}-{name}").write_text(text)

    scanned, cleaned = both(folder)

    assert scanned.status == cleaned.status == 0
    assert "xyzzy" not in scanned.out + cleaned.out
    written = [path.read_text() for path in (tmp_path / "cleaned").rglob("*") if path.is_file()]
    assert not any("xyzzy" in text for text in written)
    with pytest.raises(BlockingIOError):
        listener.accept()


def _pack_bomb(kind: str, size: int, path: Path) -> None:
    """Write a file that unpacks to so many bytes of one letter, a megabyte at a time."""
    megabyte = b"a" * (1 << 20)
    if kind == "zst":
        import zstandard  # noqa: PLC0415 -- an extra

        with zstandard.open(path, "wb", cctx=zstandard.ZstdCompressor(level=3)) as output:
            for _ in range(size >> 20):
                output.write(megabyte)
        return
    with gzip.open(path, "wb") if kind == "gz" else bz2.open(path, "wb") as output:
        for _ in range(size >> 20):
            output.write(megabyte)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bomb.txt", "gz"), ("bomb.txt", "bz2"), ("bomb.jsonl", "zst"), ("bomb.html", "gz"),
     ("bomb.csv", "zst"), ("bomb.warc", "gz"), ("bomb.warc", "bz2")],
)  # fmt: skip
def test_a_bomb_is_not_unpacked(name: str, kind: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.{kind}"
    _pack_bomb(kind, 1 << 30 if (name, kind) == ("bomb.txt", "gz") else 1 << 28, path)
    assert path.stat().st_size < 4 << 20

    ended = run("scan", path, address_bytes=2 * GIGABYTE).expect(2)

    assert path.name in ended.err


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_a_bomb_in_a_bomb_is_one_layer(kind: str, run: Run, tmp_path: Path) -> None:
    inner = tmp_path / "bomb.txt"
    _pack_bomb(kind, 1 << 28, inner)
    path = tmp_path / f"bomb.txt.{kind}"
    path.write_bytes((gzip.compress if kind == "gz" else pack_zst)(inner.read_bytes()))

    run("scan", path, address_bytes=2 * GIGABYTE).expect(0, 2)


@pytest.mark.parametrize(
    ("tag", "closing"),
    [("div", ""), ("div", "</div>"), ("b", "</b>"), ("ul><li", ""), ("table><tr><td", ""),
     ("p><a", ""),
     ("font", "</font>"), ("svg><g", ""), ("select", ""), ("template", "")],
)  # fmt: skip
def test_fifty_thousand_nested_tags(tag: str, closing: str, both: Both, tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text(f"<p>{PROSE}</p>" + f"<{tag}>" * 50_000 + PROSE + closing * 50_000)

    both(path)


@pytest.mark.parametrize("name", ["deep.rss", "deep.md", "deep.rst", "deep.jsonl", "deep.feed"])
def test_other_formats_nest_as_deeply(name: str, both: Both, tmp_path: Path) -> None:
    texts = {
        "deep.rss": _rss("", "<a>" * 100_000 + PROSE),
        "deep.md": "> " * 100_000 + PROSE,
        "deep.rst": "".join(" " * depth + "* x\n\n" for depth in range(0, 2000, 2)) + PROSE,
        "deep.jsonl": '{"id":' + "[" * 100_000 + "]" * 100_000 + f',"text":"{PROSE}"}}',
        "deep.feed": '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000,
    }
    path = tmp_path / name
    path.write_text(texts[name])

    both(path)


def test_one_line_of_json_of_many_megabytes(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    random = Random(5)  # noqa: S311 -- a sample, no secret
    words = [f"{letter}{number}" for letter in "abcdefgh" for number in range(4000)]
    with path.open("w") as lines:
        n_bytes = lines.write('{"id": 1, "text": "')
        while n_bytes < LINE_MEGABYTES << 20:
            paragraphs = (" ".join(random.choices(words, k=40)) for _ in range(1000))
            n_bytes += lines.write("\\n\\n".join(paragraphs) + f"\\n\\n{OTHER}\\n\\n")
        lines.write('"}\n')

    _, cleaned = both(path, address_bytes=ADDRESS_BYTES + (LINE_MEGABYTES << 20) * 40)

    # A scan may say that memory is short: looking for restatements in a text of 200 MB takes 10 GB.
    assert cleaned.status == 0
    assert (tmp_path / "cleaned").read_text().count("Grain prices") == 1


def test_one_line_of_brackets_of_megabytes(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "brackets.jsonl"
    with path.open("w") as lines:
        lines.write('{"id": 1, "text": "x", "more": [')
        lines.write("[1,2]," * (LINE_MEGABYTES << 20 >> 5))
        lines.write("3]}\n")

    both(path, address_bytes=ADDRESS_BYTES + (LINE_MEGABYTES << 20) * 60)


def test_csv_with_a_nul_and_with_ten_thousand_columns(both: Both, tmp_path: Path) -> None:
    nul = tmp_path / "nul.csv"
    nul.write_bytes(f'id,text\n1,"{PROSE}"\n2,"a\0b {OTHER}"\n3,{PROSE}\n'.encode())
    wide = tmp_path / "wide.csv"
    with wide.open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["text", *(f"c{n}" for n in range(10_000))])
        rows.writerows([PROSE if row % 2 else OTHER, *range(10_000)] for row in range(100))

    for path in (nul, wide):
        scanned, cleaned = both(path)
        assert scanned.status == cleaned.status == 0, scanned.err + cleaned.err
        (tmp_path / "cleaned").unlink()


def test_csv_with_a_quote_that_never_ends(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_text(f'id,text\n1,"{PROSE}\n' + f"2,{OTHER}\n" * 200_000)

    both(path)


@pytest.mark.parametrize("spoil", ["footer", "magic", "length", "middle", "cut", "empty"])
def test_a_parquet_file_with_a_wrong_footer(spoil: str, both: Both, tmp_path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 -- an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 -- likewise

    path = tmp_path / "spoilt.parquet"
    pq.write_table(pa.table({"id": [1, 2], "text": [PROSE, OTHER]}), path)
    whole = path.read_bytes()
    spoilt = {
        "footer": whole[:-40] + b"\xff" * 32 + whole[-8:],
        "magic": whole[:-4] + b"PAR9",
        "length": whole[:-8] + b"\xff\xff\xff\x7f" + whole[-4:],
        "middle": whole[:8] + b"\xff" * 60 + whole[68:],
        "cut": whole[: len(whole) // 2],
        "empty": b"",
    }
    path.write_bytes(spoilt[spoil])

    scanned, _ = both(path)

    assert scanned.status == 2
    assert "spoilt.parquet" in scanned.err


@pytest.mark.parametrize("packing", ["", ".gz"])
def test_a_crawl_cut_off_anywhere(packing: str, run: Run, tmp_path: Path) -> None:
    content = make_warc()[0]
    whole = gzip.compress(content) if packing else content
    for number, share in enumerate([0.1, 0.35, 0.6, 0.9, 0.999]):
        path = tmp_path / f"cut-{number}.warc{packing}"
        path.write_bytes(whole[: int(len(whole) * share)])

        ended = run("scan", path).expect(0, 2)

        assert ended.status == 0 or path.name in ended.err


def test_a_folder_of_mixed_encodings(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Die Fähre nach Süden fährt täglich außer sonntags, und bei Sturm fährt sie gar nicht."
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"):
        (folder / f"{encoding}.txt").write_bytes(f"{text}\n\n{OTHER}\n".encode(encoding))
        page = f"<meta charset={encoding}><p>{text}</p>"
        (folder / f"{encoding}.html").write_bytes(page.encode(encoding))
    (folder / "shift_jis.txt").write_bytes(
        ("山の上の小さな駅で電車を待つ。" * 9).encode("shift_jis")
    )
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 40)

    both(folder)
    skipped = run_skipping(folder)

    assert skipped.status == 0


def run_skipping(folder: Path) -> Ended:
    """Scan a folder with errors skipped, which then is no error."""
    words = [sys.executable, "-m", "dedup", "scan", str(folder), "--skip-errors"]
    done = subprocess.run(  # noqa: S603 -- this project's own command
        words, check=False, capture_output=True, text=True, timeout=MOST_SECONDS, cwd=ROOT
    )
    return Ended(done.returncode, done.stdout, done.stderr).expect(0)


_CONTENTS: Final = {
    "text": PROSE.encode(),
    "html": f"<html><body><p>{PROSE}</p></body></html>".encode(),
    "gzip": gzip.compress(PROSE.encode(), mtime=0),
    # One frame of one raw block: magic, flags, size, block header, bytes.
    "zstandard": b"\x28\xb5\x2f\xfd\x20%c%c\x02\x00%s"
    % (len(PROSE), (len(PROSE) << 3 | 1) & 255, PROSE.encode()),
    "parquet magic": b"PAR1" + PROSE.encode() + b"PAR1",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + PROSE.encode(),
    "image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "zip": b"PK\x03\x04" + bytes(200),
    "json": json.dumps({"text": PROSE}).encode(),
    "nothing": b"",
    "zeros": bytes(5000),
}


SUFFIXES: Final = (
    "txt",
    "md",
    "html",
    "rss",
    "feed",
    "jsonl",
    "csv",
    "tsv",
    "parquet",
    "warc",
    "rst",
    "txt.gz",
    "jsonl.zst",
    "html.xz",
    "csv.bz2",
)


@pytest.mark.parametrize("content", _CONTENTS)
def test_a_name_says_one_format_and_the_bytes_another(
    content: str, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    refused = []
    for suffix in SUFFIXES:
        path = folder / f"liar.{suffix}"
        path.write_bytes(_CONTENTS[content])
        try:
            find_duplicates([path])
        except InputError as error:
            assert path.name in str(error)  # noqa: PT017 -- either way is right
            refused.append(path.name)
    strictly = run("scan", folder).expect(0, 2)

    assert strictly.status == 0 or "liar" in strictly.err
    run("scan", folder, "--skip-errors").expect(0)
    run("clean", folder, "--skip-errors", "-o", tmp_path / "out").expect(0)
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(written) == sorted(f"liar.{suffix}" for suffix in SUFFIXES)
    assert all(written[name] == _CONTENTS[content] for name in refused)


NAMES: Final = (
    b"a b  c.txt", b"quo'te\".txt", b"new\nline.txt", b"tab\there.md", b"undecodable-\xff\xfe.txt",
    b"-o.txt", b"--help.txt", b"$(touch x).txt", b"%s%n.txt", b"emoji-\xf0\x9f\x98\x80.txt",
    b"[link](x).md", b"<b>.html", b"carriage\rreturn.txt", b"esc\x1b[31m.txt", b"n" * 240 + b".txt",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_shells_and_terminals_stumble_over(
    name: bytes, run: Run, tmp_path: Path
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    text = f"{PROSE}\n\n{PROSE}\n"
    path.write_text(f"<p>{PROSE}</p><p>{PROSE}</p>" if name.endswith(b"html") else text)
    out = tmp_path / "cleaned"

    run("scan", path, "--output-format", "concise").expect(0)
    cleaned = run("clean", path, "-o", out).expect(0)

    assert out.read_text().count("lighthouse") == 1
    assert "\x1b[31m" not in cleaned.err + cleaned.out


def test_a_folder_of_such_names_keeps_them(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "cleaned"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.write_text(f"{PROSE} {number} {OTHER[number:]}\n")

    for form in ("full", "concise", "json", "groups"):
        scanned = run("scan", folder, "--output-format", form).expect(0)
        assert "\x1b[31m" not in scanned.out + scanned.err
    run("clean", folder, "-o", out).expect(0)

    assert sorted(os.fsencode(path.name) for path in out.iterdir()) == sorted(NAMES)
