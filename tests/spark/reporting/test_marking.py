"""Marks are added to lines as `clean --mark` adds them, and to rows as columns."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dedup.cleaning import clean_sources
from dedup.config import DEFAULTS, CleaningConfig
from dedup.errors import InputError
from dedup.outlets import Output
from dedup.spark.reporting.marking import mark_lines, number_lines
from dedup.writers.edits import MARKS
from tests.spark.equality.corpus import write_corpus

LINES = pa.schema(
    [
        ("file", pa.int64()),
        ("line", pa.int64()),
        ("is_read", pa.bool_()),
        ("is_wrong", pa.bool_()),
        ("value", pa.string()),
        ("dedup_group", pa.string()),
        ("dedup_canonical", pa.bool_()),
        ("dedup_relation", pa.string()),
        ("dedup_score", pa.float64()),
    ]
)
BLOCKS = pa.schema(
    [
        ("file", pa.int32()),
        ("block", pa.int64()),
        ("first_line", pa.int64()),
        ("is_read", pa.bool_()),
        ("value", pa.string()),
    ]
)


def mark(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    filled = [{"file": 0, "line": 1, "is_read": True, **row} for row in rows]
    batches = mark_lines([pa.RecordBatch.from_pylist(filled, schema=LINES)])
    return [row for batch in batches for row in batch.to_pylist()]


def test_lines_are_those_of_clean(tmp_path: Path) -> None:
    (path,) = write_corpus(tmp_path, 60, n_files=1)
    with path.open("a") as file:
        file.write('\n{"text":"compact"}\n  \n{"text": "spaced"}\r\n')
    target = tmp_path / "marked.jsonl"
    clean_sources([path], Output(str(target)), (DEFAULTS, CleaningConfig(mark=True)))
    expected = target.read_text().split("\n")
    rows = []
    for line, marked in zip(path.read_text().split("\n"), expected, strict=True):
        said = json.loads(marked) if marked.strip() else {}
        rows.append({"value": line, **{name: said.get(name) for name in MARKS}})

    assert [row["value"] for row in mark(rows)] == expected


def test_a_record_of_which_nothing_is_known_is_to_be_kept() -> None:
    (row,) = mark([{"value": '{"text": ""}'}])

    assert json.loads(row["value"]) == {
        "text": "",
        "dedup_group": None,
        "dedup_canonical": True,
        "dedup_relation": None,
        "dedup_score": None,
    }


@pytest.mark.parametrize("left_out", [{"is_read": False}, {"is_wrong": True}])
def test_what_was_left_out_stays_as_it_is(left_out: dict[str, bool]) -> None:
    (row,) = mark([{"value": '{"text": 1}', **left_out}])

    assert (row["value"], row["problem"]) == ('{"text": 1}', None)


def test_a_line_that_has_a_mark_says_so() -> None:
    rows = mark(
        [{"value": '{"text": "a", "dedup_score": 1}', "line": 7}, {"value": '{"text": "a"}'}]
    )

    assert [row["problem"] is None for row in rows] == [False, True]
    assert rows[0]["problem"] == "it has a field 'dedup_score' already"
    assert rows[0]["line"] == 7


def number(*batches: Iterable[tuple[int, int, int | None, str]]) -> list[tuple[int, int, str]]:
    names = ("file", "block", "first_line", "value")
    made = [
        pa.RecordBatch.from_pylist(
            [{"is_read": True, **dict(zip(names, row, strict=True))} for row in rows], schema=BLOCKS
        )
        for rows in batches
    ]
    numbered = [row for batch in number_lines(made) for row in batch.to_pylist()]
    return [(row["file"], row["line"], row["value"]) for row in numbered]


def test_lines_count_on_within_a_block_and_begin_anew_in_the_next() -> None:
    found = number(
        [(0, 0, 0, "a"), (0, 0, 0, "b")],
        [(0, 0, 0, "c"), (0, 64, 9, "k"), (2, 0, 0, "x")],
        [(2, 0, 0, "y")],
    )

    assert found == [(0, 1, "a"), (0, 2, "b"), (0, 3, "c"), (0, 10, "k"), (2, 1, "x"), (2, 2, "y")]


def test_a_block_that_was_not_there_before_is_refused() -> None:
    with pytest.raises(InputError, match="changed while it was read"):
        number([(0, 0, None, "a")])
