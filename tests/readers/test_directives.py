"""What sources say of themselves to a check: which comments and attributes count, and where."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.config import RULES, Config, ReadersConfig, RunConfig
from dedup.kernels import load_engine
from dedup.model import Directive, DirectiveKind, DocumentBatch
from dedup.readers.batches import may_direct, pad
from dedup.readers.directives import Said, read_comment, read_value
from dedup.readers.documents import read_documents
from dedup.readers.registry import READERS
from dedup.readers.sources import Piece

NO_ENGINE: Any = None  # these readers need none
MOST_SECONDS: Final = 20.0  # each takes under two here
IGNORE = "<!-- dedup: ignore -->"
PROSE = "The ferry to the northern islands leaves the old harbour every morning at a quarter to 3."
TEXTS = ("text", "markdown", "rst", "html")
FORMATS = ("text", "markdown", "html", "rss", "cdata", "json feed")


def read(source: str | bytes, format_name: str) -> DocumentBatch:
    content = source.encode() if isinstance(source, str) else source
    piece = Piece(f"a.{format_name}", format_name, pad(content), len(content))
    return READERS[format_name].load().parse(piece, ReadersConfig(), NO_ENGINE)


def said_in(source: str, format_name: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(each.kind, each.codes, each.reason) for each in read(source, format_name).directives]


def kinds_in(source: str, format_name: str) -> list[str]:
    return [kind for kind, _, _ in said_in(source, format_name)]


def locate(text: str, char: int) -> tuple[int, int]:
    """Count line and column of a character by cutting off all lines before it."""
    lines = re.split(r"\r\n|\r|\n", text[:char])
    return len(lines), len(lines[-1]) + 1


def cut(source: str, each: Directive) -> str:
    """Cut a directive out of its source by its lines and columns alone."""
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", source))]
    start = starts[each.line - 1] + each.column - 1
    return source[start : starts[each.end_line - 1] + each.end_column]


def in_format(html: str, name: str) -> tuple[str, str, Callable[[str], str]]:
    """Give a source that holds HTML or text, its reader, and how it spells a part of it."""
    spell: Callable[[str], str]
    if name == "rss":
        head, spell, tail = "<description>", escape, "</description>"
    elif name == "cdata":
        head, spell, tail = "<description><![CDATA[", str, "]]></description>"
    elif name == "json feed":
        head = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"content_html": "'
        return head + json.dumps(html)[1:-1] + '"}]}', "feed", lambda part: json.dumps(part)[1:-1]
    else:
        return html, name, str
    item = f"<item>\n{head}{spell(html)}{tail}\n</item>"
    return f"<rss><channel>{item}</channel></rss>", "feed", spell


# What is said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("dedup:ignore", Said("ignore")),
        ("  DeDup  :\n IGNORE  ", Said("ignore")),
        ("dedup: ignore because the law says so", Said("ignore", (), "because the law says so")),
        ("dedup: ignore: the law", Said("ignore", (), "the law")),
        ("dedup: ignore[DUP002]", Said("ignore", ("DUP002",))),
        ("dedup: ignore [ dup002 ,DUP005,dup002 ]x", Said("ignore", ("DUP002", "DUP005"), "x")),
        ("dedup: ignore[DUP001 DUP002] a", Said("ignore", ("DUP001", "DUP002"), "a")),
        ("dedup: ignore[DUP001]: a [sic]\n\n b", Said("ignore", ("DUP001",), "a [sic] b")),
        ("dedup: off[DUP005] legal text", Said("off", ("DUP005",), "legal text")),
        ("dedup: on", Said("on")),
        ("dedup: ignore-file[DUP001]", Said("ignore-file", ("DUP001",))),
    ],
)
def test_a_directive_says_what_and_which_rules_and_why(content: str, said: Said) -> None:
    assert read_comment(content) == said


@pytest.mark.parametrize(
    "text",
    [
        *["", "ignored", "ignore-files", "ignore_file", "skip", "[DUP001]", "ignore["],
        *["on[DUP001]", "ignore[DUP001]: [sic]"],
        *["ignore[]", "ignore[,]", "ignore[DUP002", "ignore[DUP999]", "ignore[DUP001][DUP002]"],
        *["ignore[DUP0O1]", "off-on", "enable"],
    ],
)
def test_what_is_not_known_is_no_directive_but_is_not_lost(text: str) -> None:
    assert read_comment(f" dedup: {text} ") == Said("unknown", (), text)


@pytest.mark.parametrize(
    "content", ["", "dedup", "dedup on", "a dedup: ignore", "-dedup: ignore", "dedupe: ignore"]
)
def test_a_comment_that_does_not_begin_so_is_none(content: str) -> None:
    assert read_comment(content) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("ignore", Said("element")),
        (" Ignore[dup002] ", Said("element", ("DUP002",))),
        ("ignore: as signed", Said("element", (), "as signed")),
        ("off", Said("unknown", (), "off")),
        ("ignore-file", Said("unknown", (), "ignore-file")),
        ("", Said("unknown")),
        ("ignore[DUP1]", Said("unknown", (), "ignore[DUP1]")),
    ],
)
def test_an_attribute_ignores_or_is_unknown(value: str, said: Said) -> None:
    assert read_value(value) == said


WORDS = st.lists(
    st.text(st.characters(exclude_categories=("Z", "C"), exclude_characters="[]:<>-"), min_size=1),
    max_size=5,
).map(" ".join)
KINDS: Final[tuple[DirectiveKind, ...]] = ("ignore", "off", "ignore-file")
CASES = st.sampled_from([str, str.upper, str.title])
BLANKS = st.sampled_from(["", " ", "\n ", "\t"])


@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(RULES), unique=True).map(tuple),
    WORDS,
    st.sampled_from([" ", ": ", "\n:"]),
    st.tuples(CASES, BLANKS, BLANKS),
)
def test_what_is_written_in_any_way_is_read(
    kind: DirectiveKind,
    codes: tuple[str, ...],
    reason: str,
    colon: str,
    style: tuple[Callable[[str], str], str, str],
) -> None:
    case, before, behind = style
    listed = f"{behind}[{case(', '.join(codes))}]" if codes else ""
    written = f"{before}{case('dedup')}{before}:{behind}{case(kind)}{listed}{colon}{reason}{behind}"

    assert read_comment(written) == Said(kind, codes, reason)


def test_a_long_reason_is_cut_short() -> None:
    said = read_comment("dedup: ignore " + "word " * 100_000)

    assert said is not None
    assert said.kind == "ignore"
    assert 100 < len(said.reason) <= 200
    assert said.reason.endswith("…")


# Where it counts


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        (IGNORE, "ignore"),
        ("<!--dedup:off-->", "off"),
        ("<!-- DEDUP :\n on -->", "on"),
        ("<!-- dedup: ignore-file\nfor\nthree reasons -->", "ignore-file"),
        ("<!-- dedup: no such thing -->", "unknown"),
        ("<!-- dedup: ignore[DUP044] -->", "unknown"),
    ],
)
def test_a_comment_counts_in_every_format(name: str, comment: str, kind: str) -> None:
    html = f"<p>Before.</p>\n\n{comment}\n\n<p>é {comment} after.</p>\n"
    source, reader, _ = in_format(html, name)

    assert kinds_in(source, reader) == [kind, kind]


PIECES = st.lists(
    st.sampled_from(
        ["word ", "é", "漢字", "😀 ", "&amp;", "\n", "\n\n", "<p>", "<b>x</b>", '"', "<!--a-->"],
    )
).map("".join)


@pytest.mark.parametrize("name", FORMATS)
@given(before=PIECES, reason=st.sampled_from(["", " é", " 😀 漢\nb"]), behind=PIECES)
@example(before="", reason="", behind="")
@example(before="é\n", reason=" é", behind="\nb")
def test_the_place_is_that_of_the_source(name: str, before: str, reason: str, behind: str) -> None:
    comment = f"<!-- dedup: ignore{reason} -->"
    html = f"<p>One {before}</p>\n{comment}\n\n<p>{behind}</p>\n"
    source, reader, spell = in_format(html, name)

    (found,) = read(source, reader).directives

    start = source.index(spell(comment))
    end = start + len(spell(comment))
    assert (found.line, found.column) == locate(source, start)
    assert (found.end_line, found.end_column) == locate(source, end - 1)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_place_counts_characters_whatever_the_encoding_and_line_ends(
    ends: str, encoding: str
) -> None:
    text = ends.join(["é", "", f"漢字 {IGNORE} a", ""])

    for name in ("text", "markdown"):
        (found,) = read(text.encode(encoding), name).directives
        assert (found.line, found.column, found.end_line, found.end_column) == (3, 4, 3, 25)


@pytest.mark.parametrize(
    "source",
    [
        f"```\n{IGNORE}\n```\n",
        f"~~~ html\n\n{IGNORE}\n",
        f"    {IGNORE}\n",
        f"- a\n\n      {IGNORE}\n",
        f"`{IGNORE}`",
        f"``a {IGNORE}\nb``",
        "`{/* dedup: ignore */}`",
        "    {/* dedup: ignore */}",
        f"\\{IGNORE}",
        "\\{/* dedup: ignore */}",
        "&lt;!-- dedup: ignore --&gt;",
        f"<pre>\n{IGNORE}\n</pre>",
        f"<script>\n// {IGNORE}\n</script>",
        f'<div title="{IGNORE}">\n</div>',
        f'a <b title="{IGNORE}">b</b>',
        f"---\ntitle: {IGNORE}\n---\n",
        "<!-- a -->\n<!-- not dedup: ignore -->",
        "dedup: ignore",
        "`<p data-dedup=ignore>`",
    ],
)
def test_what_markdown_only_shows_is_no_directive(source: str) -> None:
    assert kinds_in(source, "markdown") == []


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        (f"# Title {IGNORE}\n", ["ignore"]),
        (f"- a {IGNORE}\n- {IGNORE}\n", ["ignore", "ignore"]),
        (f"> a\n> {IGNORE}\n", ["ignore"]),
        (f"| a {IGNORE} |\n|---|\n| b |\n", ["ignore"]),
        (f"a <title> and <script> {IGNORE}\n\n{IGNORE}\n", ["ignore", "ignore"]),
        (f"*a {IGNORE}* [b {IGNORE}](c)", ["ignore", "ignore"]),
        (f"<div>\n{IGNORE}\n<p>a</p>\n</div>", ["ignore"]),
        ("a {/* dedup: off */} b\n\n{/* dedup: on */}", ["off", "on"]),
        ("{ /*\n dedup:\n\n ignore[DUP001] *a* */ }", ["ignore"]),
        ("<Tabs>\n  {/* dedup: off */}\n</Tabs>", ["off"]),
        ("{/* dedup: off", ["unknown"]),
        ("{/* dedup: off {/* dedup: on */}", ["unknown", "on"]),
        ("a <!-- dedup: ignore\n\nb -->\n", ["unknown"]),
        ("<!-- dedup: ignore\n\nb\n", ["unknown"]),
    ],
)
def test_comments_of_markdown(source: str, kinds: list[str]) -> None:
    assert kinds_in(source, "markdown") == kinds


def test_a_comment_in_a_quote_has_a_reason_without_the_marks_of_the_quote() -> None:
    source = "> a <!-- dedup: ignore one\n> two --> b\n>\n> <!-- dedup: ignore\n> three -->\n"

    assert [reason for *_, reason in said_in(source, "markdown")] == ["one two", "three"]


@pytest.mark.parametrize(
    "page",
    [
        f"<script>var a = '{IGNORE}'</script>",
        f"<style>{IGNORE}</style><title>{IGNORE}</title><textarea>{IGNORE}</textarea>",
        f'<p title="{IGNORE}">a',
        "&lt;!-- dedup: ignore --&gt;",
        f"<pre>a {IGNORE}</pre>",
        "<!dedup: ignore><?dedup: ignore?></ dedup: ignore>",
        "<p>data-dedup=ignore</p>",
        "<!-- <p data-dedup=ignore> -->",
        "<p class=data-dedup>",
    ],
)
def test_what_a_page_only_shows_is_no_directive(page: str) -> None:
    assert kinds_in(page, "html") == []


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        (f"<head>{IGNORE}</head><body>{IGNORE}</body>{IGNORE}", ["ignore"] * 3),
        (f"<pre>a</pre>{IGNORE}<script>'</script>{IGNORE}", ["ignore", "ignore"]),
        ("a<!-- dedup: ignore --!>b", ["ignore"]),
        ("a<!-- dedup: ignore <p>b</p>", ["unknown"]),
        ("<!--><!---><!-- dedup: on -->", ["on"]),
    ],
)
def test_comments_of_pages(page: str, kinds: list[str]) -> None:
    assert kinds_in(page, "html") == kinds


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n\n.. dedup: ignore\n", [("ignore", (), "")]),
        (".. dedup: off[DUP002]: é\n   b\n\nc\n", [("off", ("DUP002",), "é b")]),
        ("..\n   dedup: on\n", [("on", (), "")]),
        ("* a\n\n  .. Dedup : ignore\n", [("ignore", (), "")]),
        (".. dedup: nothing\n", [("unknown", (), "nothing")]),
        ("a\n.. dedup: ignore\n", []),
        ("``.. dedup: ignore``\n", []),
        ("::\n\n  .. dedup: ignore\n", []),
        (".. code::\n\n   .. dedup: ignore\n", []),
        (f"a {IGNORE}\n", []),
        (".. |dedup| replace:: ignore\n", []),
    ],
)
def test_comments_of_restructured_text(source: str, said: list[object]) -> None:
    assert said_in(source, "rst") == said


def test_a_comment_of_restructured_text_stands_where_it_does() -> None:
    source = "é é\n\n.. dedup: on\n\n* é\n\n  .. dedup: off é\n     b\n"

    found = read(source, "rst").directives

    assert [cut(source, each) for each in found] == [".. dedup: on", ".. dedup: off é\n     b"]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        (f"a\n{IGNORE}\nb {IGNORE} c", ["ignore", "ignore"]),
        ("<!-- dedup: ignore\na\nb -->", ["ignore"]),
        (f"<!-- dedup: ignore {IGNORE}", ["unknown", "ignore"]),
        (f"<!-- dedup: off\n\n{IGNORE}", ["unknown", "ignore"]),
        ("<!-- dedup: off", ["unknown"]),
        ("<!-- dedup: off\r\nx -->", ["off"]),
        ("{/* dedup: ignore */}", []),
    ],
)
def test_comments_of_plain_text(source: str, kinds: list[str]) -> None:
    assert kinds_in(source, "text") == kinds


def test_a_feed_has_directives_in_its_own_comments_too() -> None:
    source = (
        "<!-- dedup: ignore-file --><feed xmlns='http://www.w3.org/2005/Atom'>\n"
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        "<p>a</p><!-- dedup: off --></div></content></entry>\n"
        "<entry><content type='text'>&lt;!-- dedup: on --&gt;</content></entry></feed>\n<!--dedup:x"
    )

    found = read(source, "feed").directives

    assert [each.kind for each in found] == ["ignore-file", "off", "unknown"]
    assert [each.line for each in found] == [1, 2, 4]


@pytest.mark.parametrize(
    ("source", "format_name"),
    [
        ('{"text": "<!-- dedup: ignore --> a"}\n', "jsonl"),
        ("id,text\n1,<!-- dedup: ignore --> a\n", "csv"),
    ],
)
def test_records_have_none(source: str, format_name: str, tmp_path: Path) -> None:
    (tmp_path / f"a.{format_name}").write_text(source, encoding="utf-8")

    (batch,) = read_documents([tmp_path], ReadersConfig(), load_engine("numpy"))

    assert batch.directives == ()
    assert b"dedup: ignore" in batch.buffer.tobytes()


# Elements


@pytest.mark.parametrize(
    "page",  # the elements that count stand between brackets
    [
        "a⟦<p data-dedup=ignore>b</p>⟧c",
        "a⟦<P DATA-DEDUP = 'ignore[DUP001]: é'\n>b\n</p>⟧c",
        "⟦<div data-dedup=ignore><div>b</div></div>⟧c",
        "<p>a ⟦<span data-dedup=ignore>b <span>c</span> d</span>⟧ e</span>",
        "⟦<p data-dedup=ignore>b⟧<p>c",
        "<ul>⟦<li data-dedup=ignore>b⟧<li>c</ul>",
        "<div>⟦<b data-dedup=ignore>b⟧</div>c</b>",
        "⟦<h1 data-dedup=ignore>b</h1>⟧<h2>c</h2>",
        "a⟦<img data-dedup=ignore>⟧b",
        "a⟦<hr data-dedup=ignore>⟧b",
        "a⟦<div data-dedup=ignore>b⟧",
        "<html>⟦<body data-dedup=ignore>b</body></html>⟧",
        "⟦<div hidden data-dedup=ignore>b</div>⟧c",
        "⟦<script data-dedup=ignore>b</script>⟧c",
        "⟦<div data-dedup=ignore>a⟦<p data-dedup=ignore>b</p>⟧</div>⟧",
    ],
)
@pytest.mark.parametrize("name", ["html", "rss", "cdata", "json feed"])
def test_an_element_reaches_from_its_start_tag_to_its_end(name: str, page: str) -> None:
    source, reader, spell = in_format(f"<p>é &amp;</p>\n{re.sub('[⟦⟧]', '', page)}", name)

    found = read(source, reader).directives

    assert [each.kind for each in found] == ["element"] * page.count("⟦")
    assert [cut(source, each) for each in found] == [*map(spell, list_bracketed(page))]


def list_bracketed(page: str) -> list[str]:
    """Give what stands between brackets, by where it begins."""
    listed: list[str] = []
    open_ones: list[int] = []
    for sign in page:
        if sign == "⟦":
            open_ones.append(len(listed))
            listed.append("")
        elif sign == "⟧":
            open_ones.pop()
        else:
            for each in open_ones:
                listed[each] += sign
    return listed


def test_an_element_of_raw_html_reaches_over_the_markdown_in_it() -> None:
    source = (
        "<details data-dedup='ignore'>\n\nPara *one*.\n\n```\n</details>\n```\n\n</details>\n\n"
        "Two <b data-dedup='ignore[DUP002]'>bold</b>.\n\n- a <i data-dedup=ignore>b\n- c\n"
    )

    found = read(source, "markdown").directives

    assert [cut(source, each).rstrip() for each in found] == [
        source[: source.rindex("</details>") + 10],
        "<b data-dedup='ignore[DUP002]'>bold</b>",
        "<i data-dedup=ignore>b",
    ]


# What it leaves alone

GLUED: Final = {
    "before": f"{IGNORE}\n{PROSE}",
    "behind": f"{PROSE} {IGNORE}",
    "below": f"{PROSE}\n{IGNORE}",
    "between lines": PROSE.replace("harbour ", f"harbour\n{IGNORE}\n"),
    "within": PROSE.replace("harbour ", "harbour <!-- dedup: ignore[DUP002] sé\nlegal\n --> "),
    "in a word's place": PROSE.replace("harbour ", f"harbour{IGNORE} "),
}


# On a line of its own a comment is no part of a paragraph of Markdown, and parts it.
OWN_LINE: Final = ("before", "below", "between lines")


@pytest.mark.parametrize(
    ("place", "ending"),
    [
        (place, ending)
        for place in GLUED
        for ending in ("txt", "md", "html")
        if (place, ending) != ("between lines", "md")
    ],
)
def test_a_paragraph_with_a_comment_is_identical_to_its_copy(
    place: str, ending: str, tmp_path: Path
) -> None:
    (tmp_path / f"a.{ending}").write_text(f"{GLUED[place]}\n", encoding="utf-8")
    (tmp_path / f"b.{ending}").write_text(f"{PROSE}\n", encoding="utf-8")

    report = dedup.find_duplicates([tmp_path], Config(run=RunConfig(engine="numpy")))

    assert [each.rule for each in report.findings] == ["DUP001"]


@pytest.mark.parametrize(
    ("place", "ending"),
    [
        (place, ending)
        for place in GLUED
        for ending in ("txt", "md")
        if ending == "txt" or place not in OWN_LINE
    ],
)
def test_a_paragraph_stands_where_it_did_comment_and_all(
    place: str, ending: str, tmp_path: Path
) -> None:
    text = f"é 漢\n\n{GLUED[place]}\n\nThe same again.\n\n{PROSE}\n"
    (tmp_path / f"a.{ending}").write_text(text, encoding="utf-8")

    report = dedup.find_duplicates([tmp_path], Config(run=RunConfig(engine="numpy")))

    (finding,) = report.findings
    (source,) = finding.sources
    start = text.index(GLUED[place])
    assert text[source.start_char : source.end_char] == GLUED[place]
    assert (source.start_line, source.start_column) == locate(text, start)
    assert (source.end_line, source.end_column) == locate(text, start + len(GLUED[place]) - 1)
    assert text[finding.reference.start_char : finding.reference.end_char] == PROSE
    assert "dedup" not in report.text(0) + report.text(1)


NEUTRAL = st.lists(
    st.sampled_from(
        [
            *["word ", "é", "\n", "\n\n", "\r\n", "- ", "> ", "    ", "`", "<div>", "<b>"],
            *["<!-- a -->", "<!-- dedup: ignore -->", "<!-- dedup: off é\n-->", "<!-- dedup:"],
            *["-->", "{/* dedup: on */}"],
        ]
    )
).map("".join)


@given(NEUTRAL)
@pytest.mark.parametrize("name", ["text", "markdown"])
def test_blocks_are_where_they_are_with_comments_that_say_nothing(name: str, source: str) -> None:
    batch = read(source, name)
    plain = read(source.replace("dedup:", "pudde:"), name)

    columns = ["starts", "ends", "lines", "columns", "chars", "end_lines"]
    columns += [] if "{/*" in source else ["kinds"]  # other comments of MDX hide what they begin
    for column in columns:
        assert getattr(batch, column).tolist() == getattr(plain, column).tolist()
    assert batch.written.tobytes() == plain.buffer.tobytes().replace(b"pudde:", b"dedup:")
    assert len(batch.buffer) == len(batch.written)
    kept = batch.buffer.tobytes().decode()
    assert (batch.source is None) == (kept == batch.written.tobytes().decode())
    assert plain.directives == ()


def test_the_bytes_of_the_piece_are_not_written_into() -> None:
    content = f"a {IGNORE}\n".encode()
    piece = Piece("a.txt", "text", pad(content), len(content))
    batch = READERS["text"].load().parse(piece, ReadersConfig(), NO_ENGINE)

    assert b"dedup" not in batch.buffer.tobytes()
    assert piece.data[: piece.size].tobytes() == content


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(TEXTS))
def test_a_text_that_does_not_say_so_has_none(text: str, name: str) -> None:
    source = "x" + re.sub("(?i)dedup", "dup", text)

    batch = read(source, name)

    assert batch.directives == ()
    assert batch.source is None


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 3, 1 << 18, (1 << 18) + 1])
def test_the_word_is_found_over_the_ends_of_chunks(size: int) -> None:
    filler = b"x" * size

    assert may_direct(pad(filler + b"DeDup:"))
    assert may_direct(pad(filler + b"Data-DeDup"))
    assert may_direct(pad(b"<!--" + filler + b"dedup" + b" " * size + b":"), b"<!--")
    assert may_direct(pad(filler + b"<!--" + filler + b"dedup\\u003a"), b"<!--")
    assert may_direct(pad(b"a dedup " + filler + b" dedup:"))
    assert not may_direct(pad(filler + b"dedup"))
    assert not may_direct(pad(filler + b"dedu:"))
    assert not may_direct(pad(filler + b"dedup:"), b"<!--")


# Hostile sources

N = 20_000
HOSTILE: Final[dict[str, tuple[str, str]]] = {
    "directives on one line": (IGNORE * N, "text"),
    "directives on lines": (f"{IGNORE}\n" * N, "text"),
    "unclosed on one line": ("<!-- dedup: " * N, "text"),
    "unclosed on lines": ("<!-- dedup:\n\n" * N, "text"),
    "blanks before the word": ("<!--" + " " * N * 10 + "<!-- dedup" * N, "text"),
    "blanks between": (("<!-- dedup: off -->" + " " * 1000) * (N // 50), "text"),
    "directives in Markdown": (f"{IGNORE}\n\n" * N, "markdown"),
    "directives in a paragraph": (f"a {IGNORE} " * N, "markdown"),
    "MDX": ("{/* dedup: off */} " * N, "markdown"),
    "unclosed MDX": ("{/* dedup: " * N, "markdown"),
    "braces": ("{/* dedup: x" + "{ " * N * 5 + "*/ " * N * 5, "markdown"),
    "marked elements in Markdown": ("<div data-dedup=ignore>\n\na\n\n" * N, "markdown"),
    "marked inline elements": ("a <b data-dedup=ignore>" * N, "markdown"),
    "directives in a page": (f"<p>{IGNORE}" * N, "html"),
    "nested marked elements": ("<div data-dedup=ignore>" * N, "html"),
    "nested marked spans": ("<span data-dedup=ignore>" * N + "</span>" * N, "html"),
    "unclosed in a page": ("a<!-- dedup: off" * N, "html"),
    "comments in a paragraph of a page": ("<p>a" + f"{IGNORE}" * N, "html"),
    "comments in a feed": (f"<rss><channel>{IGNORE * N}</channel></rss>", "feed"),
    "entries": (
        "<rss><channel>"
        + "<item><description>&lt;p data-dedup='ignore'&gt;a</description></item>" * (N // 10)
        + "</channel></rss>",
        "feed",
    ),
    "comments in restructured text": (".. dedup: off\n\n" * (N // 10), "rst"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_many_directives_take_no_more_than_their_number(name: str) -> None:
    source, format_name = HOSTILE[name]
    began = time.process_time()
    batch = read(source, format_name)

    places = [(each.line, each.column) for each in batch.directives]
    assert places == sorted(set(places))
    assert time.process_time() - began < MOST_SECONDS


def test_a_rule_without_its_brackets_is_unknown_and_not_everything() -> None:
    said = read_comment(" dedup: ignore DUP002 as the law says it ")

    assert said is not None
    assert (said.kind, said.codes) == ("unknown", ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_on_lines_of_its_own_leaves_no_blank_line_behind(end: str) -> None:
    comment = f"<!-- dedup: ignore sé{end}legal -->"
    for lines in (["one", comment, "two"], ["one", comment, comment, "two"]):
        batch = read(end.join(lines), "text")

        kept = batch.buffer.tobytes().decode().rstrip("\0")
        assert [line.strip() for line in re.split(r"\r\n|\r|\n", kept)] == ["one", "two"]


@pytest.mark.parametrize(
    "written", ["dedup ignore", "dedup-ignore[DUP001] as meant", "Dedup_Ignore"]
)
def test_a_missing_colon_is_told_and_not_passed_over(written: str) -> None:
    said = read_comment(f" {written} ")

    assert said is not None
    assert said.kind == "unknown"
    assert said.reason.endswith("(behind `dedup` a colon is missing)")
    assert read_comment(" dedup on Monday ") is None


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.rst"])
def test_a_missing_colon_is_told_in_every_format(tmp_path: Path, name: str) -> None:
    comment = ".. dedup ignore" if name == "a.rst" else "<!-- dedup ignore -->"
    (tmp_path / name).write_text(
        f"{comment}\n\nA paragraph that says something of its own, at last.\n"
    )

    ((_, directive),) = dedup.find_duplicates([tmp_path / name]).corpus.directives

    assert (directive.kind, directive.line) == ("unknown", 1)
