"""Markdown as blocks that are slices of the source."""

import gzip
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import BlockKind, DocumentBatch
from dedup.readers.batches import pad
from dedup.readers.documents import read_documents
from dedup.readers.markdown import find_blocks, parse
from dedup.readers.sources import Piece

DATA = Path(__file__).parents[2] / "data"
NO_ENGINE: Any = None  # Markdown needs none
FRAGMENTS = [
    *["word ", "é", "漢字 ", "😀", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", " ", "    ", "\t", "\0"],
    *["# ", "- ", "1. ", "> ", "[ ] ", "---", "+++", "===", "```\n", "`", "|", "x: y", "\u2028"],
    *["[a](b)", "![", "](", "[^1]", "[^1]: ", "[a]: b", "<!--", "-->", "<div>", "</div>", "<br>"],
    *["*", "**", "_", "\\", "&amp;", "{/*", "*/}", "import x from 'y'", "http://a.b", "\ufeff"],
]
SOURCES = st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def parse_bytes(content: bytes) -> DocumentBatch:
    piece = Piece("a.md", "markdown", pad(content), len(content))
    return parse(piece, ReadersConfig(), NO_ENGINE)


def blocks_of(source: str) -> list[tuple[str, str]]:
    """Give the kind and text of each block of a Markdown text."""
    batch = parse_bytes(dedent(source).encode())
    return [
        (BlockKind(kind).name, batch.buffer[start:end].tobytes().decode())
        for kind, start, end in zip(batch.kinds, batch.starts, batch.ends, strict=True)
    ]


def place_of(text: str, char: int) -> tuple[int, int]:
    """Count line and column of a character by cutting off all lines before it."""
    lines = re.split(r"\r\n|\r|\n", text[:char])
    return len(lines), len(lines[-1]) + 1


@given(SOURCES)
@example("\ufeff\ufeff# x")
@example("- a\r\n\r\n  é b\r- c\r\n")
@example("---\r\ntitle: é\r\n---\r\n\r\nprose\r\n")
def test_every_block_is_cut_out_of_the_source_where_its_place_says(source: str) -> None:
    batch = parse_bytes(source.encode())
    text = source.removeprefix("\ufeff")

    before = 0
    for row, (start, end) in enumerate(zip(batch.starts, batch.ends, strict=True)):
        block = batch.buffer[start:end].tobytes().decode()
        char = int(batch.chars[row])
        assert before <= char
        before = char + len(block)
        assert text[char:before] == block
        assert block.strip(" \t\r\n\v\f") == block != ""
        assert (batch.lines[row], batch.columns[row]) == place_of(text, char)
        assert batch.end_lines[row] == place_of(text, before - 1)[0]


@given(SOURCES)
def test_no_word_outside_a_block_is_prose(source: str) -> None:
    batch = parse_bytes(source.encode())
    left = bytearray(source.removeprefix("\ufeff").encode())
    for start, end in zip(batch.starts[::-1].tolist(), batch.ends[::-1].tolist(), strict=True):
        del left[start:end]

    # Only a reference's definition, the name of a footnote and a heading's or fence's markers go.
    assert "漢" not in re.sub(r"\[[^\n\r]*|`+.*", "", left.decode())


def test_paragraphs_and_headings() -> None:
    assert blocks_of("""\
        # Title *here*

        One line
        and `another`.

        Old style
        =========
        Text at once.
        """) == [
        ("HEADING", "# Title *here*"),
        ("PARAGRAPH", "One line\nand `another`."),
        ("HEADING", "Old style\n========="),
        ("PARAGRAPH", "Text at once."),
    ]


def test_each_paragraph_of_each_item_is_a_block() -> None:
    assert blocks_of("""\
        - first item
          goes on

          and has more
        - second
          - nested *one*
            lazy
        - [x] done
        1. # heading
        2. before
           ```
           code
           ```
           after
        """) == [
        ("LIST", "first item\n  goes on"),
        ("LIST", "and has more"),
        ("LIST", "second"),
        ("LIST", "nested *one*\n    lazy"),
        ("LIST", "done"),
        ("HEADING", "# heading"),
        ("LIST", "before"),
        ("CODE", "```\n   code\n   ```"),
        ("LIST", "after"),
    ]


def test_quotes_and_what_is_in_them() -> None:
    assert blocks_of("""\
        > one
        > two
        >
        > three
        >> inner
        >
        > - item

        > [!NOTE]
        > alert
        """) == [
        ("QUOTE", "one\n> two"),
        ("QUOTE", "three"),
        ("QUOTE", "inner"),
        ("LIST", "item"),
        ("QUOTE", "alert"),
    ]


def test_tables_code_and_raw_html() -> None:
    assert blocks_of("""\
        | a | b |
        |---|---|
        | 1 | 2 |

        ~~~py
        code
        ~~~

            indented

        <!-- a
        comment -->

        <div>
        html
        </div>

        prose <!-- with --> a comment
        """) == [
        ("TABLE", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("CODE", "~~~py\ncode\n~~~"),
        ("CODE", "indented"),
        ("COMMENT", "<!-- a\ncomment -->"),
        ("COMMENT", "<div>\nhtml\n</div>"),
        ("PARAGRAPH", "prose <!-- with --> a comment"),
    ]


def test_what_holds_links_only_is_links() -> None:
    assert blocks_of("""\
        * [One](a.md)
        * **[Two](b.md)**, [Three][x]
        * <https://example.org>
        * https://example.org/a
        * [Four](c.md) - with a remark

        [![badge](a.svg)](b) ![picture](c.png)

        <a href="x"><img src="y"></a><br>

        ...

        [x]: http://example.org
        """) == [
        ("LINKS", "[One](a.md)"),
        ("LINKS", "**[Two](b.md)**, [Three][x]"),
        ("LINKS", "<https://example.org>"),
        ("LINKS", "https://example.org/a"),
        ("LIST", "[Four](c.md) - with a remark"),
        ("LINKS", "[![badge](a.svg)](b) ![picture](c.png)"),
        ("COMMENT", '<a href="x"><img src="y"></a><br>'),
        ("PARAGRAPH", "..."),
    ]


def test_footnotes_are_paragraphs() -> None:
    assert blocks_of("Text[^1].\n\n[^1]: Note\n    goes on.\n") == [
        ("PARAGRAPH", "Text[^1]."),
        ("PARAGRAPH", "Note\n    goes on."),
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        "---\ntitle: x\ntags:\n  - a\n---",
        "---\n# comment\n\n'quoted': x\n...",
        "---\r\ntitle: x\r\n---",
        "---\n---",
        '+++\ntitle = "x"\n+++',
    ],
)
def test_front_matter_is_metadata(metadata: str) -> None:
    assert blocks_of(f"{metadata}\n\nProse.\n") == [("METADATA", metadata), ("PARAGRAPH", "Prose.")]
    assert blocks_of(metadata) == [("METADATA", metadata)]


@pytest.mark.parametrize(
    "source",
    [
        "One.\n\n---\nkey: prose\n\n---\n\nTwo.\n",
        "---\n\nProse between two breaks.\n\n---\n\nMore.\n",
        "---\nNever closed: so prose.\n",
        " ---\nkey: x\n\n---\n",
    ],
)
def test_prose_between_thematic_breaks_is_no_metadata(source: str) -> None:
    kinds = {kind for kind, _ in blocks_of(source)}

    assert kinds == {"PARAGRAPH"}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("import Tabs from '@theme/Tabs';", "CODE"),
        ("import {\n  A, B\n} from './c'\nimport './d.css'", "CODE"),
        ("import * as all from 'x'", "CODE"),
        ("export const toc = [1, 2]", "CODE"),
        ("export default function Page() { return 1 }", "CODE"),
        ("export { a } from './b'", "CODE"),
        ("{/* a note */}", "COMMENT"),
        ("import taxes from abroad are high", "PARAGRAPH"),
        ("export const sales rose", "PARAGRAPH"),
        ("export default values to a file", "PARAGRAPH"),
        ("exports fell", "PARAGRAPH"),
        ("> import x from 'y'", "QUOTE"),
    ],
)
def test_imports_and_exports_of_mdx_are_code(source: str, kind: str) -> None:
    assert [found for found, _ in blocks_of(source)] == [kind]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \t\r\n\n", b"---\n", b"[a]: b\n"])
def test_a_file_without_text_is_a_document_without_blocks(content: bytes) -> None:
    batch = parse_bytes(content)

    assert batch.ids == [b'"a.md"']
    assert len(batch.starts) == 0


def test_a_bad_byte_is_an_error_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.md:3: byte 0xe9"):
        parse_bytes(b"# One\n\ncover\xe9\n")


@pytest.mark.parametrize("path", sorted((DATA / "docs").glob("*.md")), ids=lambda path: path.name)
def test_compressed_and_utf16_copies_of_the_samples_give_the_same(
    path: Path, tmp_path: Path
) -> None:
    copies = [tmp_path / "zip.md.gz", tmp_path / "wide.md"]
    copies[0].write_bytes(gzip.compress(path.read_bytes()))
    copies[1].write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))

    (plain,) = read_documents([path], ReadersConfig(), NO_ENGINE)

    for batch in read_documents(copies, ReadersConfig(), NO_ENGINE):
        assert batch.buffer.tobytes() == plain.buffer.tobytes()
        assert batch.starts.tolist() == plain.starts.tolist()
        assert batch.kinds.tolist() == plain.kinds.tolist()


def test_the_samples_hold_what_their_readme_says() -> None:
    batches = list(read_documents([DATA / "docs"], ReadersConfig(), NO_ENGINE))

    assert len(batches) == 3
    kinds = {BlockKind(kind).name for batch in batches for kind in batch.kinds}
    assert kinds >= {"METADATA", "COMMENT", "CODE", "TABLE", "LINKS", "HEADING", "PARAGRAPH"}


def test_a_list_item_that_begins_with_an_escape_begins_at_it() -> None:
    text = "* \\[one\\] two\n* \\\\ three\n"

    found = find_blocks(text)

    assert [text[s:e] for s, e in zip(found.starts, found.ends, strict=True)] == [
        "\\[one\\] two",
        "\\\\ three",
    ]
