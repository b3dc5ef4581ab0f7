"""Lines of reStructuredText as docutils sees them, and where each stands."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.readers import rst_lines
from dedup.readers.rst_lines import split_lines

statemachine = pytest.importorskip("docutils.statemachine", reason="needs the extra rst")
SOURCES = st.text(st.sampled_from("aé漢 \t\n\r\v\f\x1c\x85\u2028-"))


@given(SOURCES)
@example("a\r\n\tb \x0c\n")
def test_lines_are_shown_as_docutils_reads_them(text: str) -> None:
    lines = split_lines(text)

    assert lines.shown == statemachine.string2lines(text, convert_whitespace=True)
    assert all(
        text.encode()[start:].decode().startswith(written.rstrip()[:1].strip(" "))
        for start, written in zip(lines.starts, lines.written, strict=True)
    )


@given(SOURCES)
def test_a_line_is_found_by_the_text_that_ends_it(text: str) -> None:
    lines = split_lines(text)
    source = text.encode()

    for number, shown in enumerate(lines.shown):
        if (word := shown.lstrip()) and (place := lines.find(number, [word])):
            found = source[place[0] : place[1]].decode()
            assert found.translate({0x0B: " ", 0x0C: " "}) == lines.written[number].strip()


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        (0, ["two"]),
        (0, ["ne"]),
        (0, [""]),
        (0, ["one", "two"]),
        (0, ["one", "wo"]),
        (1, ["two", "three"]),
        (-1, ["2 two"]),
    ],
)
def test_what_does_not_stand_there_is_not_found(line: int, texts: list[str]) -> None:
    assert split_lines("- one\n2 two\n").find(line, texts) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb\n\nc", [(0, 2), (2, 4), (4, 5)]),
        ("a\n\n b\n\nc", [(0, 4), (4, 5)]),
        ("a\nb\nc", [(0, 3)]),
        ("a::\n\n> b\n\nc", [(0, 4), (4, 5)]),
        ("= =\n\na\n\n= =\nb\n= =\n\nc", [(0, 8), (8, 9)]),
        ("= =\na\n\n= =\n\nb", [(0, 5), (5, 6)]),
        ("\n\n", [(0, 2)]),
        ("", []),
    ],
)
def test_a_text_is_cut_only_where_a_block_begins_for_certain(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr(rst_lines, "PART_LINES", 1)

    assert list(split_lines(text).part()) == expected
