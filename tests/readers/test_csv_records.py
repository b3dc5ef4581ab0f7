"""Fields and records: where they begin and end is where Python's own `csv` has them."""

import csv
import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.readers.csv_records import (
    find_closing_quote,
    find_open_quote,
    find_record_end,
    find_records,
    unquote,
)

MARKS = st.lists(st.sampled_from([*'""",,\n\r;', "\r\n", "a", "b", " ", '""', ',"', '"\n', "é"]))
STRUCTURES = MARKS.map("".join)


def as_bytes(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(text.encode(), np.uint8)


def read_with_csv(text: str, delimiter: str = ",") -> list[list[str]]:
    """Read with Python's own reader, lines without a character left out."""
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


@given(STRUCTURES)
@example('a"b,"c"d"e"\r"\n""",f\n')
@example('"\n\r\n"\r\r\n\rb"\n\r\n,')
def test_fields_are_those_that_pythons_own_reader_finds(text: str) -> None:
    content, records = text.encode(), find_records(as_bytes(text), ",")
    rows = []
    for first, last in zip(records.firsts.tolist(), records.lasts.tolist(), strict=True):
        spans = zip(records.starts[first : last + 1], records.ends[first : last + 1], strict=True)
        rows.append([content[start:end] for start, end in spans])
    is_open = bool(rows) and read_with_csv(f"{text}\nlast")[-1] != ["last"]
    assert (records.open_quote >= 0) == is_open
    if is_open:
        assert content[records.open_quote] == ord('"')
        rows.pop()

    values = [[unquote(field).decode() for field in row] for row in rows]

    assert values == read_with_csv(text)[: len(values)]
    assert len(values) + is_open == len(read_with_csv(text))


@given(STRUCTURES, STRUCTURES)
def test_the_last_record_that_is_sure_to_be_whole_is_so_whatever_follows(
    text: str, more: str
) -> None:
    end = find_record_end(as_bytes(text), ",")

    whole, rest = text.encode()[:end].decode(), text.encode()[end:].decode()
    assert read_with_csv(text + more) == read_with_csv(whole) + read_with_csv(rest + more)
    lines = [len(line) for line in re.findall(r"[^\r\n]*(?:\r\n|\n|\r(?!\Z))", rest)]
    for cut in np.cumsum(lines).tolist():  # no later line end is the end of a record
        assert find_open_quote(as_bytes(rest[:cut]), ",") >= 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"', 0),
        ('"a', 0),
        ('a,"b\n"c"', -1),
        ('a,"b""\n""c', 2),
        ('a,""""', -1),
        ('a"', -1),
        ("", -1),
    ],
)
def test_the_quote_that_does_not_close_is_found(text: str, place: int) -> None:
    assert find_open_quote(as_bytes(text), ",") == place


@pytest.mark.parametrize(
    ("field", "closing"),
    [
        ('""', 1),
        ('"a"', 2),
        ('"a""b"', 5),
        ('"a"b', 2),
        ('"a"b"', 2),
        ('"""a"""b"""', 6),
        ('"""" ', 3),
    ],
)
def test_the_closing_quote_is_the_first_that_is_not_doubled(field: str, closing: int) -> None:
    assert find_closing_quote(field.encode()) == closing
    assert unquote(field.encode()).decode() == read_with_csv(field)[0][0]
