"""JSON Lines written again: what stays keeps its spelling, what goes goes whole."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.kernels import ENGINES
from dedup.writers.edits import Mark
from tests.writers.rewritten import mark, put_back, read_source, remove

ENGINE_NAMES = st.sampled_from(sorted(ENGINES))
LETTERS = st.sampled_from(
    ["a", "b ", "é", "漢", "\U0001f600", '"', "\\", "/", "\t", "\x0b", "\u2028"]
)
WORDS = st.lists(LETTERS, min_size=1, max_size=6).map(lambda letters: "x" + "".join(letters))
GAPS = st.sampled_from(["\n\n", "\r\n\r\n", "\n \t\n", "\r\r", "\n\n\n", " \n\n  "])
VALUES = st.recursive(
    st.sampled_from([None, True, 0, -1.5, 10**30, "", '"}', "\\", "text", "é\U0001f600"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("at}]", max_size=3), inner),
    max_leaves=6,
)
KEPT = Mark("0123456789abcdef", is_canonical=True, relation=None, score=None)
GONE = Mark("0123456789abcdef", is_canonical=False, relation="near-duplicate", score=0.75)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw a text of some paragraphs, with blanks around it."""
    paragraphs = draw(st.lists(WORDS, max_size=4))
    text = draw(st.sampled_from(["", " ", "\n", "\n\n "]))
    for at, paragraph in enumerate(paragraphs):
        text += (draw(GAPS) if at else "") + paragraph
    return text + draw(st.sampled_from(["", " ", "\n", " \r\n"]))


def spell(draw: st.DrawFn, value: object) -> str:
    """Spell a value of JSON in one of its ways."""
    is_ascii = draw(st.booleans())
    separators = draw(st.sampled_from([(", ", ": "), (",", ":"), (" ,\t", " : ")]))
    spelled = json.dumps(value, ensure_ascii=is_ascii, separators=separators)
    if draw(st.booleans()):
        spelled = spelled.replace("/", "\\/").replace("x", "\\u0078").replace("\\u00e9", "\\u00E9")
    return spelled


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a record's line with its text."""
    text = draw(texts())
    members = [("more", draw(VALUES)), ("text", text), ("and", draw(VALUES))]
    if draw(st.booleans()):
        members.insert(0, ("text", draw(texts())))  # only the last of a name counts
    spelled = [spell(draw, {name: value})[1:-1] for name, value in members]
    blanks = draw(st.sampled_from(["", " ", "\t"]))
    return f"{blanks}{{{blanks}{', '.join(spelled)}{blanks}}}{blanks}", text


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a file: records, blank lines, any line end, a byte order mark or none."""
    content = draw(st.sampled_from(["", "\ufeff"]))
    for line, _ in draw(st.lists(lines(), max_size=4)):
        content += line + draw(st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\r\n"]))
    content = content if draw(st.booleans()) else content.rstrip("\r\n")
    return content.encode()


def drop_text(line: bytes) -> list[tuple[str, Any]]:
    """Give the members of a line but for its text, in order."""
    members: list[tuple[str, Any]] = json.loads(line, object_pairs_hook=list)
    last = max(at for at, (name, _) in enumerate(members) if name == "text")
    return members[:last] + members[last + 1 :]


@given(files(), ENGINE_NAMES)
@example("\ufeff".encode(), "numpy")
@example(b"", "numba")
def test_with_nothing_removed_every_byte_stays(content: bytes, engine: str) -> None:
    assert remove(content, "jsonl", (), engine=engine) == (content, [])


@given(files(), ENGINE_NAMES, st.data())
def test_what_is_left_are_the_other_paragraphs_and_all_other_fields(
    content: bytes, engine: str, data: st.DataObject
) -> None:
    before = [document.paragraphs for document in read_source(content, "jsonl", engine=engine)]
    numbers = [(at, row) for at, texts in enumerate(before) for row in range(len(texts))]
    removed = data.draw(st.sets(st.integers(0, max(0, len(numbers) - 1)), max_size=len(numbers)))
    gone = {numbers[number] for number in removed if number < len(numbers)}

    written, cuts = remove(content, "jsonl", removed, engine=engine)

    kept = [
        tuple(text for row, text in enumerate(texts) if (at, row) not in gone)
        for at, texts in enumerate(before)
    ]
    stays = [bool(kept[at]) or not texts for at, texts in enumerate(before)]
    after = [document.paragraphs for document in read_source(written, "jsonl", engine=engine)]
    assert after == [texts for texts, is_left in zip(kept, stays, strict=True) if is_left]
    records = [
        line for line in content.removeprefix("\ufeff".encode()).split(b"\n") if line.strip()
    ]
    left = [line for line in written.removeprefix("\ufeff".encode()).split(b"\n") if line.strip()]
    wanted = [line for line, is_left in zip(records, stays, strict=True) if is_left]
    assert [*map(drop_text, left)] == [*map(drop_text, wanted)]
    assert put_back(written, cuts) == content
    assert remove(written, "jsonl", (), engine=engine)[0] == written


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r'{"text": "go\n\nstay"}', r'{"text": "stay"}'),
        (r'{"text": "stay\n\ngo"}', r'{"text": "stay"}'),
        (r'{"text": "\n stay \n\n\n go \n"}', r'{"text": "\n stay \n"}'),
        (r'{"text": "a\n\ngo\n\ngo\n\nb"}', r'{"text": "a\n\nb"}'),
        (r'{"text": "a\n\n  go\n\n\n  b"}', r'{"text": "a\n\n  b"}'),
        (
            r'{"text": "\u00E9\u000a\u000Ago\r\n\r\n\ud83d\ude00\/"}',
            r'{"text": "\u00E9\u000a\u000A\ud83d\ude00\/"}',
        ),
        (r'{"text": "\ud83d\n\ngo\n\n\ude00"}', r'{"text": "\ud83d\n\n\ude00"}'),
        (r'{"text": "a\n\ngo", "text": "go\n\nb"}', r'{"text": "a\n\ngo", "text": "b"}'),
        (
            r'{"a": {"text": "go\n\nx"}, "\u0074ext": "go\n\nb"}',
            r'{"a": {"text": "go\n\nx"}, "\u0074ext": "b"}',
        ),
        ('{"text": "go"}\r\n{"text": "b"}', '{"text": "b"}'),
        ('{"text": "b"}\n{"text": "go"}', '{"text": "b"}\n'),
        ('\n{"text": "go"}  \n \n{"text": "b"}\n', '\n \n{"text": "b"}\n'),
        ('{"text": ""}\n{"text": "go"}\n{"text": " "}\n', '{"text": ""}\n{"text": " "}\n'),
        (r'{"text": "go\\n\n\ngo\""}', r'{"text": "go\\n\n\ngo\""}'),
    ],
)
def test_the_rest_of_a_line_keeps_its_very_spelling(before: str, after: str, engine: str) -> None:
    written, cuts = remove(before.encode(), "jsonl", "go".__eq__, engine=engine)

    assert written.decode() == after
    assert put_back(written, cuts).decode() == before


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_lines_that_were_skipped_stay_and_do_not_shift_the_others(engine: str) -> None:
    faulty = b'{"text": 5}\n{"text": "go"}\nno json\n\n{"text": ""}\n{"text": "go"}\n{"text": "b"}'
    config = ReadersConfig(skip_errors=True)

    written, cuts = remove(faulty, "jsonl", "go".__eq__, config, engine)

    assert written == b'{"text": 5}\nno json\n\n{"text": ""}\n{"text": "b"}'
    assert put_back(written, cuts) == faulty


def test_another_field_may_hold_the_text() -> None:
    content = '{"text": "go", "K\u00f6rper": "go\\n\\nb"}'.encode()
    config = ReadersConfig(text_field="K\u00f6rper")

    assert (
        remove(content, "jsonl", "go".__eq__, config)[0].decode()
        == '{"text": "go", "K\u00f6rper": "b"}'
    )


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_mark_is_written_behind_the_last_member_in_the_style_of_the_line(engine: str) -> None:
    content = b'\xef\xbb\xbf{"text": "a" }\r\n\n{"text":"","n":[1, {"}":2}]}  \n{"text": "b"}'

    written = mark(content, "jsonl", lambda number: (KEPT, GONE, KEPT)[number], engine=engine)

    group = '"dedup_group": "0123456789abcdef", "dedup_canonical": '
    compact = (
        '"dedup_group":"0123456789abcdef","dedup_canonical":false,'
        '"dedup_relation":"near-duplicate","dedup_score":0.75'
    )
    assert written.decode().split("\n") == [
        f'\ufeff{{"text": "a", {group}true, "dedup_relation": null, "dedup_score": null }}\r',
        "",
        f'{{"text":"","n":[1, {{"}}":2}}],{compact}}}  ',
        f'{{"text": "b", {group}true, "dedup_relation": null, "dedup_score": null}}',
    ]


@given(files(), ENGINE_NAMES)
def test_marks_add_four_fields_to_each_record_and_change_no_other(
    content: bytes, engine: str
) -> None:
    written = mark(content, "jsonl", lambda number: GONE if number % 2 else KEPT, engine=engine)

    before = content.removeprefix("\ufeff".encode()).split(b"\n")
    after = written.removeprefix("\ufeff".encode()).split(b"\n")
    number = 0
    for old, new in zip(before, after, strict=True):
        if not old.strip():
            assert new == old
            continue
        said = GONE if number % 2 else KEPT
        number += 1
        members = json.loads(new, object_pairs_hook=list)
        assert members[:-4] == json.loads(old, object_pairs_hook=list)
        assert members[-4:] == [
            ("dedup_group", said.group),
            ("dedup_canonical", said.is_canonical),
            ("dedup_relation", said.relation),
            ("dedup_score", said.score),
        ]


def test_lines_that_were_skipped_are_not_marked() -> None:
    content = b'{"text": 5}\n{"text": "a"}\n{"text"'
    config = ReadersConfig(skip_errors=True)

    written = mark(content, "jsonl", lambda _number: KEPT, config).split(b"\n")

    assert (written[0], written[2]) == (b'{"text": 5}', b'{"text"')
    assert json.loads(written[1])["dedup_canonical"] is True


def test_a_record_that_has_a_field_of_a_marks_name_is_refused() -> None:
    content = b'{"text": "a"}\n{"\\u0064edup_score": 1, "text": "a"}'

    with pytest.raises(InputError, match=r"a\.jsonl:2: it has a field 'dedup_score' already"):
        mark(content, "jsonl", lambda _number: KEPT)
