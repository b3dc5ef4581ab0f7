"""reStructuredText as blocks that are slices of the source."""

import re
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError, MissingExtraError
from dedup.model import BlockKind, DocumentBatch
from dedup.readers import rst, rst_lines
from dedup.readers.batches import pad
from dedup.readers.documents import read_documents
from dedup.readers.sources import Piece

docutils_core = pytest.importorskip("docutils.core", reason="needs the extra rst")

NO_ENGINE: Any = None  # reStructuredText needs none
PLAIN = [
    *["word ", "é ", "漢字 ", "😀", "\n", "\n\n", "\n\n", "    ", "  ", " ", "\nTitle\n=====\n"],
    *["- ", "* ", "1. ", "2. ", "(a) ", "#. ", ":field: ", "-a  ", "::", "\n::\n", "| ", "\\"],
    *[">>> ", "> ", "=====", "...", "`a`_ ", "*b* ", "|c| ", "[1]_ ", ":r:`x` "],
]
FRAGMENTS = [
    *PLAIN,
    *["\r\n", "\r\n\r\n", "\r", "\t", "\0", "\v", "\f", "\u2028", "\x1c", "\ufeff", "\xa0"],
    *[
        ".. ",
        "..\n",
        ".. note:: ",
        ".. code:: ",
        ".. versionadded:: 1.0 ",
        ".. xyz::\n",
        "   :a: b\n",
    ],
    *[
        ".. [1] ",
        ".. [a] ",
        ".. _a: b\n",
        "__ a\n",
        ".. |c| replace:: d\n",
        ".. include:: /etc/fstab\n",
    ],
    *["+--+\n|a |\n+--+\n", "== ==\na  b\n== ==\n", "== ==\n", "-- ", "99999999999999999999999. "],
]
SOURCES = st.lists(st.sampled_from(FRAGMENTS)).map("".join)
COMPARED = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.QUOTE)


def parse_bytes(content: bytes) -> DocumentBatch:
    piece = Piece("a.rst", "rst", pad(content), len(content))
    return rst.parse(piece, ReadersConfig(), NO_ENGINE)


def blocks_of(source: str) -> list[tuple[str, str]]:
    """Give the kind and text of each block of a reStructuredText."""
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
@example("- a\r\n\r\n  é b\r- c\r\n")
@example("\t- a\n\t  b\n\n\t\tc\td\n\te")
@example(".. note:: a\n\n     b\n\n   c\n")
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


@given(st.lists(st.sampled_from(PLAIN)).map("".join))
@example("a\n b\n\n  c\n\nd::\n\n  e\n\n> f\n")
def test_the_paragraphs_are_those_that_docutils_finds(source: str) -> None:
    settings = {"report_level": 5, "halt_level": 5, "warning_stream": False}
    tree = docutils_core.publish_doctree(source, settings_overrides=settings)
    expected = [
        [line.strip() for line in node.rawsource.split("\n")]
        for node in tree.findall(lambda node: node.tagname == "paragraph")
        if not {"system_message"} & set(tags_over(node))
    ]

    batch = parse_bytes(source.encode())
    found = [
        [line.strip() for line in batch.buffer[start:end].tobytes().decode().split("\n")]
        for kind, start, end in zip(batch.kinds, batch.starts, batch.ends, strict=True)
        if kind in {*COMPARED, BlockKind.METADATA}
    ]

    assert [lines for lines in found if not re.match(r"\|( |$)", lines[0])] == expected


def tags_over(node: Any) -> list[str]:  # noqa: ANN401 -- docutils has no types
    tags = []
    while node.parent is not None:
        node = node.parent
        tags.append(node.tagname)
    return tags


def test_titles_paragraphs_and_what_is_no_prose() -> None:
    assert blocks_of("""\
        =======
         Above
        =======

        :Author: somebody
        :Tags:
            one, two

        A first paragraph
        of *two* lines.

        Below
        -----
        .. A comment
           goes on.

        An example::

            code here

            and here

        :field: not at the top

        >>> print("x")
        x

        +---+---+
        | a | b |
        +---+---+

        ===  ===
        one  two
        ===  ===

        Last.
        """) == [
        ("HEADING", "=======\n Above\n======="),
        ("METADATA", "somebody"),
        ("METADATA", "one, two"),
        ("PARAGRAPH", "A first paragraph\nof *two* lines."),
        ("HEADING", "Below\n-----"),
        ("COMMENT", ".. A comment\n   goes on."),
        ("PARAGRAPH", "An example::"),
        ("CODE", "code here\n\n    and here"),
        ("LIST", "not at the top"),
        ("CODE", '>>> print("x")\nx'),
        ("TABLE", "+---+---+\n| a | b |\n+---+---+"),
        ("TABLE", "===  ===\none  two\n===  ==="),
        ("PARAGRAPH", "Last."),
    ]


def test_fields_are_metadata_only_before_any_text() -> None:
    front = ".. include:: a\n.. b\n\nT\n=\n\n:Author: somebody\n:Tags:\n  - one\n"

    assert blocks_of(f"{front}\nText.\n\n:Author: somebody\n")[3:] == [
        ("METADATA", "somebody"),
        ("METADATA", "one"),
        ("PARAGRAPH", "Text."),
        ("LIST", "somebody"),
    ]


def test_lists_quotes_definitions_and_footnotes() -> None:
    assert blocks_of("""\
        - first item
          goes on

          and has more

          1. nested
        - second

        term : kind
            What it means.

            - in a list

        -a, --all  An option.

        Plain.

            A quote.

            -- Somebody

        | A line
        | and another
          that goes on

        .. [1] A footnote
           of two lines.
        .. [CIT] A citation.
        .. _target: http://a.b
        __ http://c.d
        """) == [
        ("LIST", "first item\n  goes on"),
        ("LIST", "and has more"),
        ("LIST", "nested"),
        ("LIST", "second"),
        ("HEADING", "term : kind"),
        ("PARAGRAPH", "What it means."),
        ("LIST", "in a list"),
        ("LIST", "An option."),
        ("PARAGRAPH", "Plain."),
        ("QUOTE", "A quote."),
        ("QUOTE", "-- Somebody"),
        ("QUOTE", "| A line\n| and another\n  that goes on"),
        ("PARAGRAPH", "A footnote\n   of two lines."),
        ("PARAGRAPH", "A citation."),
    ]


def test_what_is_in_directives_of_any_name_is_read() -> None:
    assert blocks_of("""\
        .. note:: Right behind it
           and below.

           A second paragraph.

        .. unheard-of::
           :option: value

           Inside.

           .. seealso::

              Deeper inside, with :role:`text`.

        .. py:function:: f(a, b)
                         g(a)
           :module: m

           What it does.

        .. versionchanged:: 3.2 The explanation.
        .. versionadded:: 3.3
           Below it.

        .. versionadded:: 3.4

        .. deprecated-removed:: 3.5 3.7

           Both versions.
        """) == [
        ("PARAGRAPH", "Right behind it\n   and below."),
        ("PARAGRAPH", "A second paragraph."),
        ("PARAGRAPH", "Inside."),
        ("PARAGRAPH", "Deeper inside, with :role:`text`."),
        ("HEADING", ".. py:function:: f(a, b)\n                 g(a)"),
        ("PARAGRAPH", "What it does."),
        ("PARAGRAPH", "The explanation."),
        ("PARAGRAPH", "Below it."),
        ("HEADING", ".. versionadded:: 3.4"),
        ("HEADING", ".. deprecated-removed:: 3.5 3.7"),
        ("PARAGRAPH", "Both versions."),
    ]


def test_directives_of_code_tables_and_links_are_one_block() -> None:
    assert blocks_of("""\
        .. code-block:: python
           :linenos:

           x = 1

           y = 2

        .. raw:: html

           <p>no</p>

        .. list-table::

           * - a

        .. toctree::

           one
           two

        .. |name| replace:: some text

        After.
        """) == [
        ("CODE", ".. code-block:: python\n   :linenos:\n\n   x = 1\n\n   y = 2"),
        ("CODE", ".. raw:: html\n\n   <p>no</p>"),
        ("TABLE", ".. list-table::\n\n   * - a"),
        ("LINKS", ".. toctree::\n\n   one\n   two"),
        ("METADATA", ".. |name| replace:: some text"),
        ("PARAGRAPH", "After."),
    ]


@pytest.mark.parametrize("broken", ["+--+\n|a\n", "== ==\na  b\n\n", "..\n", "=\n", "::\n", "- \n"])
def test_what_is_broken_does_not_stop_the_reading(broken: str) -> None:
    blocks = blocks_of(f"Before it.\n\n{broken}\n\nBehind it.\n")

    assert blocks[0] == ("PARAGRAPH", "Before it.")
    assert blocks[-1][1].endswith("Behind it.") or "== ==" in broken


def test_tabs_and_other_line_ends_do_not_move_a_block() -> None:
    batch = parse_bytes("é\u2028-\tone\n\ttwo\r\n\r\n\x0cthree\tfour\r".encode())
    blocks = [
        batch.buffer[start:end].tobytes().decode()
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]

    assert blocks[-1] == "three\tfour"
    assert (batch.lines[-1], batch.columns[-1]) == (4, 2)


def test_utf_16_with_a_mark_is_read_and_an_empty_file_has_no_block() -> None:
    batch = parse_bytes("\ufeffProse.\n".encode("utf-16-le"))

    assert batch.buffer[batch.starts[0] : batch.ends[0]].tobytes() == b"Prose."
    assert len(parse_bytes(b"").starts) == 0


def test_files_are_found_by_their_ending(tmp_path: Path) -> None:
    (tmp_path / "a.rst").write_text("Title\n=====\n\nProse.\n")
    (tmp_path / "b.rest").write_text("More.\n")

    batches = list(read_documents([tmp_path], ReadersConfig(), NO_ENGINE))

    assert [batch.ids[0].decode().rpartition("/")[2] for batch in batches] == ['a.rst"', 'b.rest"']
    assert [len(batch.starts) for batch in batches] == [2, 1]


def test_a_long_text_is_read_in_parts_with_the_same_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "One.\n\n- a\n\n- b\n\n  c\n\n== ==\nd  e\n\nf  g\n== ==\n\nh::\n\n> i\n\n> j\n\n"
        ".. k::\n\n   l\n\n   m\n\nt\n u\n\nT\n=\n\n| v\n\n"
    ) * 20
    whole = rst.find_blocks(source)

    for n_lines in (1, 2, 3, 7):
        monkeypatch.setattr(rst_lines, "PART_LINES", n_lines)
        parts = rst.find_blocks(source)
        assert (parts.starts, parts.ends) == (whole.starts, whole.ends)
        assert parts.kinds == whole.kinds


def test_docutils_is_left_as_it_was() -> None:
    from docutils.parsers.rst import directives, roles, states  # noqa: PLC0415

    kept = (dict(directives._directives), dict(roles._roles), list(states.RSTState.nested_sm_cache))  # noqa: SLF001
    source = ".. unheard::\n\n   a\n\n.. role:: x\n\n.. default-role:: y\n\n- :x:`b`\n\n  - c\n"

    blocks_of(source)

    assert kept == (directives._directives, roles._roles, states.RSTState.nested_sm_cache)  # noqa: SLF001
    settings = {"report_level": 5, "warning_stream": False}
    tree = docutils_core.publish_doctree(source, settings_overrides=settings)
    assert 'Unknown directive type "unheard"' in tree.astext()


def test_nothing_is_included_run_or_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("never to be seen by anybody\n")
    source = (
        f".. include:: {secret}\n\n.. raw:: html\n   :file: {secret}\n\n"
        f".. csv-table:: x\n   :file: {secret}\n\n.. literalinclude:: {secret}\n\n"
        '.. end of inclusion from "x"\n\n`broken <\n\nTitle\n==\n\n|undefined|\n\n+--+\n'
    )

    assert "never to be seen" not in str(blocks_of(source))
    assert capfd.readouterr() == ("", "")


def test_threads_do_not_disturb_each_other() -> None:
    sources = [f"- {'word ' * n}\n\n  * b\n\n.. x::\n\n   {n}\n" * 40 for n in range(1, 9)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(blocks_of, sources * 3))

    assert found == [blocks_of(source) for source in sources] * 3


DEEP = {
    "items": "- " * 500_000,
    "quotes": "".join(" " * n + "a\n\n" for n in range(1200)),
    "directives": "".join("   " * n + ".. note::\n\n" for n in range(600)),
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"a\.rst: its blocks are nested too deep\. Read it with"):
        parse_bytes(DEEP[name].encode())


@pytest.mark.parametrize("source", ["- a\n* b\n+ c\n" * 10_000, " - a\n * b\n" * 15_000])
def test_what_would_be_copied_over_and_over_is_refused(source: str) -> None:
    with pytest.raises(InputError, match="begin and end too often without a blank line"):
        parse_bytes(source.encode())


HOSTILE = {
    "stars": "*" * 1_000_000,
    "a number": "9" * 5000 + ". x\n",
    "backquotes": "`" * 1_000_000,
    "backslashes": "\\" * 1_000_000 + "::",
    "a field": ":a" * 500_000,
    "substitutions": "".join(f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|\n" for n in range(9000)),
    "references": "|a| " * 250_000,
    "a target without end": ".. _a\n" + "   b c d\n" * 100_000,
    "a substitution without end": ".. |a\n" + "   b c d\n" * 100_000,
    "tabs": "\t" * 300_000 + "x",
    "table tops": "== ==\n\n" * 10_000,
    "footnotes": ".. [#] a\n" * 5000,
    "attributions": " a\n\n -- b\n\n" * 5000,
    "lists and directives in turn": "- a\n\n.. b::\n\n" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_are_read_in_little_memory(name: str) -> None:
    content = HOSTILE[name].encode()

    tracemalloc.start()
    try:
        parse_bytes(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 20_000_000 + 200 * len(content)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rst._load.cache_clear()  # noqa: SLF001
    monkeypatch.setitem(sys.modules, "docutils", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'dedup-paragraphs\[rst\]'"):
        parse_bytes(b"x")
