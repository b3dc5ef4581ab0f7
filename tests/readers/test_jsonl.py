"""JSON Lines: what Python's own parser reads is read, and every fault names file and line."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.kernels import ENGINES, Engine, load_engine
from dedup.model import BlockKind, ByteArray, DocumentBatch, Problem
from dedup.readers import jsonl
from dedup.readers.documents import read_documents
from dedup.readers.sources import Source

Row = tuple[Any, str | None, int | None, int | None]  # id, text, line, column
DEFAULTS: Final = ReadersConfig()
SKIPPING: Final = ReadersConfig(skip_errors=True)


def write(folder: Path, content: bytes | str, name: str = "records.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(batch: DocumentBatch) -> list[Row]:
    """Give each document of a batch: its id, its text and place; None where it is empty."""
    rows: list[Row] = [(json.loads(raw), None, None, None) for raw in batch.ids]
    for block, document in enumerate(batch.document.tolist()):
        text = batch.buffer[batch.starts[block] : batch.ends[block]].tobytes().decode()
        place = (int(batch.lines[block]), int(batch.columns[block]))
        rows[document] = (rows[document][0], text, *place)
    return rows


def read(path: Path, engine: Engine, config: ReadersConfig = DEFAULTS) -> list[Row]:
    batches = read_documents([path], config, engine)
    return [row for batch in batches for row in rows_of(batch)]


def read_texts(path: Path, engine: Engine, config: ReadersConfig = DEFAULTS) -> list[str | None]:
    return [row[1] for row in read(path, engine, config)]


def read_problems(path: Path, engine: Engine) -> list[Problem]:
    batches = list(read_documents([path], SKIPPING, engine))
    return [problem for batch in batches for problem in batch.problems]


def test_a_record_is_a_document_of_one_text_with_its_place(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, '{"id": "a", "text": "One."}\n{"text":"Two.","id":7}\n')

    assert read(path, engine) == [("a", "One.", 1, 22), (7, "Two.", 2, 10)]


def test_the_block_of_a_record_is_not_parted_and_not_of_the_source(
    tmp_path: Path, engine: Engine
) -> None:
    path = write(tmp_path, '{"text": "One.\\n\\nTwo."}')
    (batch,) = read_documents([path], DEFAULTS, engine)

    assert batch.kinds.tolist() == [BlockKind.TEXT]
    assert (batch.path, batch.is_source, batch.dates) == (str(path), False, None)
    assert (batch.chars.tolist(), batch.end_lines.tolist()) == ([0], [1])


def test_a_record_without_an_id_is_named_by_its_line(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, '{"text": "a"}\n\n{"text": "b", "id": null}\n{"a": {}, "text": "c"}')

    assert [row[0] for row in read(path, engine)] == [f"{path}:{line}" for line in (1, 3, 4)]


@pytest.mark.parametrize("raw", ["5", "-3", "true", '"5"', '"\\u00e9"', "1.5", '["a", 1]', '""'])
def test_an_id_is_any_value_of_json(tmp_path: Path, engine: Engine, raw: str) -> None:
    path = write(tmp_path, f'{{"id": {raw}, "text": "a"}}')

    assert read(path, engine) == [(json.loads(raw), "a", 1, len(f'{{"id": {raw}, "text": "') + 1)]


def test_a_whole_number_past_64_bits_stays_whole(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, f'{{"id": {10**40 + 1}, "text": "a"}}')

    assert read(path, engine)[0][0] == 10**40 + 1


def test_other_fields_may_be_named(tmp_path: Path, engine: Engine) -> None:
    line = '{"text": 5, "K\u00f6rper": "a", "url": "u", "id": 1, "on": "2024-05-01"}'
    path = write(tmp_path, line)
    config = ReadersConfig(text_field="K\u00f6rper", id_field="url", date_field="on")
    (batch,) = read_documents([path], config, engine)

    assert [row[:2] for row in rows_of(batch)] == [("u", "a")]
    assert batch.dates == ["2024-05-01"]


def test_dates_are_given_as_they_stand(tmp_path: Path, engine: Engine) -> None:
    dates = ['"2024-01-02"', '"20240102"', "null", '"\\u0032024-03-04T05:06Z"']
    lines = [f'{{"text": "a", "date": {date}}}' for date in dates]
    path = write(tmp_path, "\n".join([*lines, '{"text": "a"}']))
    (batch,) = read_documents([path], ReadersConfig(date_field="date"), engine)

    assert batch.dates == ["2024-01-02", "20240102", "", "2024-03-04T05:06Z", ""]


def test_an_empty_text_is_a_document_without_a_block(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, '{"id": 1, "text": ""}\n{"id": 2, "text": "a"}')

    assert read(path, engine) == [(1, None, None, None), (2, "a", 2, 20)]


@pytest.mark.parametrize("content", ["", "\n", "\r\n \t\n", "\n\n\n"])
def test_blank_lines_hold_no_record(tmp_path: Path, engine: Engine, content: str) -> None:
    assert read(write(tmp_path, content), engine) == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", " \n", "\r\n\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_may_end_either_way(
    tmp_path: Path,
    engine: Engine,
    line_end: str,
    last: bool,  # noqa: FBT001 -- parametrized
) -> None:
    lines = ['{"text": "a"}', '{"text": "b"}', '{"text": "c"}']
    path = write(tmp_path, line_end.join(lines) + line_end * last)

    assert read_texts(path, engine) == ["a", "b", "c"]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf{"text": "a"}\n{"text": "b"}')

    assert [row[1:] for row in read(path, engine)] == [("a", 1, 11), ("b", 2, 11)]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_mark_is_read_and_not_what_memory_held_before(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def give_used_memory(size: int, _dtype: object) -> ByteArray:
        return np.resize(np.frombuffer(b"\xef\xbb\xbf", np.uint8), size)

    monkeypatch.setattr(np, "empty", give_used_memory)

    pieces = list(jsonl.cut(Source("a", "jsonl", "", None, content), DEFAULTS))

    assert b"".join(each.head + each.data[: each.size].tobytes() for each in pieces) == content


def test_a_mark_in_another_place_is_no_json(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, b'{"text": "a"}\n\xef\xbb\xbf{"text": "b"}')

    with pytest.raises(InputError, match=r"records\.jsonl:2: it is no JSON"):
        read(path, engine)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r'{"text": "\"\\\/\b\f\n\r\t"}', '"\\/\b\f\n\r\t'),
        (r'{"text": "\u0041\u00e9\u20AC\u5343"}', "A\u00e9\u20ac\u5343"),
        (r'{"text": "\ud83d\ude00!"}', "\U0001f600!"),
        (r'{"text": "\uD83D\uDE00"}', "\U0001f600"),
        (r'{"text": "a\u0000b"}', "a\0b"),
        (r'{"text": "\\u0041 \\\\n"}', "\\u0041 \\\\n"),
        # A lone surrogate is valid JSON, but no character: it becomes U+FFFD.
        (r'{"text": "\ud83d!"}', "\ufffd!"),
        (r'{"text": "\ude00"}', "\ufffd"),
        (r'{"text": "\ud83d\ud83d\ude00"}', "\ufffd\U0001f600"),
        (r'{"text": "\ude00\ud83d"}', "\ufffd\ufffd"),
        (r'{"text": "\ud83d\u0041"}', "\ufffdA"),
        (r'{"text": "\ud83d\\ude00"}', "\ufffd\\ude00"),
        ('{"text": "\u2028\u2029\x7f"}', "\u2028\u2029\x7f"),
        (r'{"\u0074ext": "a"}', "a"),
        (r'{"other": "\ud83d", "text": "a"}', "a"),
    ],
)
def test_escapes_are_read_as_json_has_them(
    tmp_path: Path, engine: Engine, line: str, expected: str
) -> None:
    assert read_texts(write(tmp_path, line), engine) == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a": {"text": "no"}, "text": "yes"}', "yes"),
        ('{"text": "yes", "a": [{"text": "no"}]}', "yes"),
        ('{"a": "\\"text\\": \\"no\\"", "text": "yes"}', "yes"),
        ('{"a": "text", "text": "yes", "b": ["text", "no"]}', "yes"),
        ('{"text": "no", "text": "yes"}', "yes"),
        ('{"Text": "no", "texts": "no", "tex": "no", "text": "yes"}', "yes"),
        ('{"text":{"text":"no"},"text":"yes"}', "yes"),
    ],
)
def test_only_the_record_s_own_last_field_counts(
    tmp_path: Path, engine: Engine, line: str, expected: str
) -> None:
    ((_, text, _, column),) = read(write(tmp_path, line), engine)

    assert text == expected
    assert column == line.index(expected) + 1


def test_columns_are_counted_in_characters(tmp_path: Path, engine: Engine) -> None:
    lines = [
        '{"a": "\U0001f600\u00e9", "text": "one"}',
        '  {"a": [1.5], "\u5343": 1, "text" :\t"two"}',
        '{"a": "\\u00e9", "text": "three"}',
    ]
    path = write(tmp_path, "\n".join(lines))

    for (_, text, line, column), source in zip(read(path, engine), lines, strict=True):
        assert (line, column) == (lines.index(source) + 1, source.index(str(text)) + 1)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"text": "cut off', "it is no JSON: "),
        ('{"text": "a"', "it is no JSON: "),
        ('{"text": "a"} {"text": "b"}', "it is no JSON: Extra data"),
        ('{"text": "a",}', "it is no JSON: "),
        ("{'text': 'a'}", "it is no JSON: "),
        ('{"text": "\\x41"}', "it is no JSON: Invalid \\\\escape"),
        ('{"text": "\\u00g1"}', "it is no JSON: Invalid \\\\uXXXX escape"),
        ('{"text": "a\x01b"}', "it is no JSON: Invalid control character"),
        ('{"text": "a", "b": 01}', "it is no JSON: "),
        ('{"text": "a", "b": nul}', "it is no JSON: "),
        ('{"text": "a", "b": "\\x"}', "it is no JSON: Invalid \\\\escape"),
        ("{}", "it has no field 'text'; name the text with --text-field"),
        ('{"body": "a"}', "it has no field 'text'"),
        ('{"a": {"text": "a"}}', "it has no field 'text'"),
        ('{"text": 5}', "its field 'text' is a number, expected a string"),
        ('{"text": 1.5}', "its field 'text' is a number, expected a string"),
        ('{"text": null}', "its field 'text' is null, expected a string"),
        ('{"text": true}', "its field 'text' is true or false, expected a string"),
        ('{"text": ["a"]}', "its field 'text' is an array, expected a string"),
        ('{"text": {"text": "a"}}', "its field 'text' is an object, expected a string"),
        ('{"text": "a", "text": 5}', "its field 'text' is a number, expected a string"),
        ("[1]", "expected a JSON object, found an array"),
        ('"text"', "expected a JSON object, found a string"),
        ("null", "expected a JSON object, found null"),
        ("text", "it is no JSON: "),
        ("[" * 100_000, "its brackets are nested too deep"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, engine: Engine, line: str, problem: str) -> None:
    path = write(tmp_path, f'{{"text": "before"}}\n\n{line}\n{{"text": "after"}}\n')

    with pytest.raises(InputError, match=rf"cannot read .*records\.jsonl:3: {problem}"):
        read(path, engine)
    assert read_texts(path, engine, SKIPPING) == ["before", "after"]
    (found,) = read_problems(path, engine)
    assert (found.path, found.line) == (str(path), 3)


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "a \xff b"}',
        b'{"text": "a", "other": "\xe9t\xe9"}',
        b'{"text": "a", "\xff": 1}',
        b'{"text": "\xed\xa0\xbd"}',  # a surrogate written as if it were a character
        b'{"text": "\xc0\xaf"}',  # an overlong slash
        b'{"text": "cut \xe2\x82"}',
        b'{"id": "\xff", "text": "a"}',
        b"\xff",
    ],
)
def test_a_line_that_is_not_utf8_is_named(tmp_path: Path, engine: Engine, line: bytes) -> None:
    path = write(tmp_path, b'{"text": "before"}\n' + line + b'\n{"text": "after"}')

    with pytest.raises(InputError, match=r"records\.jsonl:2: byte \d+ of the line is not UTF-8"):
        read(path, engine)
    assert read_texts(path, engine, SKIPPING) == ["before", "after"]


def test_a_backslash_at_the_end_of_a_line_does_not_reach_over_it(
    tmp_path: Path, engine: Engine
) -> None:
    path = write(tmp_path, '{"a": "b\\\nc", "text": "swallowed"}\n{"text": "after"}')

    assert read(path, engine, SKIPPING) == [(f"{path}:3", "after", 3, 11)]
    assert [problem.line for problem in read_problems(path, engine)] == [1, 2]


@pytest.mark.parametrize("depth", [100, 900, 990, 1020, 1100])
def test_what_is_nested_deep_is_read_or_refused(tmp_path: Path, engine: Engine, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    path = write(tmp_path, f'{{"a": {nested}, "text": "deep"}}\n{{"text": "after"}}')

    texts = read_texts(path, engine, SKIPPING)

    assert texts in (["deep", "after"], ["after"])
    assert len(read_problems(path, engine)) == 2 - len(texts)


@pytest.mark.parametrize("field", ["other", "id"])
def test_a_number_of_5000_digits_is_read_or_refused(
    tmp_path: Path, engine: Engine, field: str
) -> None:
    path = write(tmp_path, f'{{"{field}": {"9" * 5000}, "a": [], "text": "t"}}\n{{"text": "u"}}')

    texts = read_texts(path, engine, SKIPPING)

    assert texts in (["t", "u"], ["u"])
    assert len(read_problems(path, engine)) == 2 - len(texts)


@pytest.mark.parametrize("block_bytes", [3, 7, 16, 64, 100])
def test_where_a_source_is_cut_makes_no_difference(
    tmp_path: Path, engine: Engine, block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        '{"text": "short"}',
        "",
        json.dumps({"text": "\u00e9" * 300, "id": 3}),
        json.dumps({"id": "x", "text": "a\nb" * 50}, ensure_ascii=False),
        '{"a": {"deep": [1, 2]}, "text": "odd"}',
        json.dumps({"text": "z" * 1000}),
    ]
    path = write(tmp_path, "\ufeff" + "\n".join(lines))
    whole = read(path, engine)
    monkeypatch.setattr(jsonl, "_BLOCK_BYTES", block_bytes)

    assert read(path, engine) == whole
    assert [row[2] for row in whole] == [1, 3, 4, 5, 6]


def test_lines_of_megabytes_are_read_whole(tmp_path: Path, engine: Engine) -> None:
    sizes = [10, 900_000, 300_000, 2_500_000, 10]
    path = write(tmp_path, "\n".join(f'{{"text": "{"a" * size}"}}' for size in sizes))

    assert [(len(str(text)), line) for _, text, line, _ in read(path, engine)] == [
        (size, line) for line, size in enumerate(sizes, 1)
    ]


def test_a_fault_behind_a_cut_has_its_own_line(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, '{"text": "one"}\n\n' * 40 + "{broken\n")
    monkeypatch.setattr(jsonl, "_BLOCK_BYTES", 100)

    with pytest.raises(InputError, match=r"records\.jsonl:81: it is no JSON"):
        read(path, engine)


def test_compressed_lines_are_read_alike(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, gzip.compress(b'{"id": 1, "text": "a"}\n'), "records.jsonl.gz")

    assert read(path, engine) == [(1, "a", 1, 20)]


_SCALAR: Final = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
_FLAT: Final = _SCALAR | st.lists(_SCALAR, max_size=3)
_JSON: Final = _FLAT | st.lists(_FLAT, max_size=3) | st.dictionaries(st.text(max_size=4), _FLAT)
# Lone surrogates too: `json` writes them as escapes.
_TEXT: Final = st.text(st.characters(), max_size=80) | st.text(
    st.sampled_from('a"\\/\b\f\n\r\t\0\x1f\x7f\u00e9\u2028\ufeff\ufffd\U0001f600\ud83d\ude00'),
    max_size=80,
)
_RECORDS: Final = st.lists(
    st.tuples(
        _TEXT,
        st.none() | st.integers() | _TEXT,
        st.dictionaries(st.text(st.characters(), max_size=5), _JSON, max_size=3),
        st.booleans(),
        st.sampled_from([(", ", ": "), (",", ":"), (" ,\t", " : ")]),
    ),
    max_size=5,
)


def mend(text: str) -> str:
    """Put U+FFFD for each lone surrogate."""
    pairs = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in pairs)


@settings(max_examples=200)
@given(_RECORDS)
@example([("\ud83d\ude00", "\ud83d", {}, True, (",", ":"))])
def test_whatever_python_writes_as_json_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[Any, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("json")
    lines, expected = [], []
    for number, (text, identity, others, ensure_ascii, separators) in enumerate(records, 1):
        record = {**others, "text": text, "id": identity}
        is_writable = mend(json.dumps(record, ensure_ascii=False)) == json.dumps(
            record, ensure_ascii=False
        )
        lines.append(
            json.dumps(record, ensure_ascii=ensure_ascii or not is_writable, separators=separators)
        )
        named = f"{folder / 'records.jsonl'}:{number}" if identity is None else identity
        named = mend(named) if isinstance(named, str) else named
        expected.append((named, mend(text) or None))
    path = write(folder, "\n".join(lines))

    for name in ENGINES:
        assert [row[:2] for row in read(path, load_engine(name))] == expected


_BAD_DATES = ['"last May"', "20240102", "2024", '""', '"2024-13-01"', "true", '["2024-01-02"]']


@pytest.mark.parametrize("date", _BAD_DATES)
@pytest.mark.parametrize("field", ["date", "d\\u0061te"])  # the second is read the slow way
def test_a_bad_date_names_its_line_or_is_skipped(
    tmp_path: Path, engine: Engine, date: str, field: str
) -> None:
    good = '{"id": "g", "text": "a", "date": "2024-01-02"}'
    path = write(tmp_path, f'{good}\n\n{{"id": "x", "text": "b", "{field}": {date}}}\n{good}')

    with pytest.raises(InputError, match=r":3: its date is .*, expected ISO 8601"):
        list(read_documents([path], ReadersConfig(date_field="date"), engine))
    (batch,) = read_documents([path], ReadersConfig(date_field="date", skip_errors=True), engine)
    assert batch.dates == ["2024-01-02"] * 2
    assert [problem.line for problem in batch.problems] == [3]


def test_a_bad_date_matters_to_nobody_who_asks_for_no_dates(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, '{"id": 1, "text": "a", "date": "last May"}')

    assert [row[:2] for row in read(path, engine)] == [(1, "a")]


def test_bad_dates_and_broken_lines_are_named_in_the_order_of_the_file(
    tmp_path: Path, engine: Engine
) -> None:
    bad = '{"text": "a", "date": "last May"}'
    path = write(tmp_path, f"{bad}\nbroken\n{bad}")
    config = ReadersConfig(date_field="date", skip_errors=True)
    (batch,) = read_documents([path], config, engine)

    assert [problem.line for problem in batch.problems] == [1, 2, 3]


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-Infinity", "[NaN]", "1e400"])
def test_an_id_that_json_cannot_hold_names_its_line_or_is_skipped(
    tmp_path: Path, engine: Engine, raw: str
) -> None:
    path = write(tmp_path, f'{{"id": 1, "text": "a"}}\n{{"id": {raw}, "text": "b"}}')

    with pytest.raises(InputError, match=r":2: its id .* is none that JSON can hold"):
        list(read_documents([path], ReadersConfig(), engine))
    (batch,) = read_documents([path], ReadersConfig(skip_errors=True), engine)
    assert batch.ids == [b"1"]
    assert [problem.line for problem in batch.problems] == [2]
