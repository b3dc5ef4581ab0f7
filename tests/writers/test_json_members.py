"""Members of JSON objects found in bytes: what Python's own parser finds, where it stands."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.writers.json_members import ESCAPE, list_members, measure_escape

TEXTS = st.text(
    st.sampled_from(['"', "\\", "{", "}", "[", "]", ",", ":", "a", "é", "\n", "\ud83d"])
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
PAIRS = st.lists(st.tuples(TEXTS, VALUES), max_size=5)
SEPARATORS = st.sampled_from([(", ", ": "), (",", ":"), (" ,\t", " \r: ")])


@given(PAIRS, SEPARATORS, st.sampled_from(["", " ", "\t "]))
def test_names_and_values_are_those_of_the_parser_doubled_ones_too(
    pairs: list[tuple[str, Any]], separators: tuple[str, str], blanks: str
) -> None:
    comma, colon = separators
    members = [
        json.dumps(name) + colon + json.dumps(value, separators=separators) for name, value in pairs
    ]
    line = f"{blanks}{{{blanks}{comma.join(members)}{blanks}}}{blanks}".encode()
    before = b'{"before": "}"}\n'

    found = list(list_members(before + line + b"\n{}", len(before), len(before) + len(line)))

    content = before + line
    assert [
        (content[each.name : each.name_end], content[each.value : each.value_end]) for each in found
    ] == [
        (json.dumps(name).encode(), json.dumps(value, separators=separators).encode())
        for name, value in pairs
    ]


def test_every_escape_is_measured_as_its_character_is_encoded() -> None:
    for point in range(0x10000):
        expected = len(chr(point).encode("utf-8", "surrogatepass"))  # a lone one becomes U+FFFD
        assert measure_escape(b"\\u%04x" % point) == expected
        assert measure_escape(b"\\u%04X" % point) == expected
    for letter in b'"\\/bfnrt':
        assert measure_escape(b"\\%c" % letter) == 1


@pytest.mark.parametrize(
    ("string", "escapes"),
    [
        (rb"\\u00e9\\\u00e9", [rb"\\", rb"\\", rb"\u00e9"]),
        (rb"\ud83d\ud83d\ude00\ude00", [rb"\ud83d", rb"\ud83d\ude00", rb"\ude00"]),
        (rb"\uD83D\uDE00\uD83Dx\ue000", [rb"\uD83D\uDE00", rb"\uD83D", rb"\ue000"]),
        (rb"\"\n\/", [rb"\"", rb"\n", rb"\/"]),
    ],
)
def test_a_pair_of_surrogates_is_one_escape(string: bytes, escapes: list[bytes]) -> None:
    assert ESCAPE.findall(string) == escapes


def test_a_line_of_two_megabytes_of_escaped_quotes_is_read_once() -> None:
    line = b'{"a": "' + b'\\\\\\"' * 500_000 + b'", "b": {"c": "' + b"\\\\" * 100_000 + b'"}}'

    assert [line[each.name : each.name_end] for each in list_members(line, 0, len(line))] == [
        b'"a"',
        b'"b"',
    ]
