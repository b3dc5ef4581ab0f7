"""One line a paragraph, for corpora."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.model import Corpus, DocumentBatch, Grouping, Relation, TokenLists
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.groups import render


def rows_of(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(render(lay_open(report), None)).splitlines()]


def make_columns(sample: Report, paragraphs: list[list[int]]) -> Report:
    """Make a report without texts from the number of paragraphs of each document of each batch."""
    empty = np.empty(0, np.uint8)
    columns = np.empty(0, np.int64), np.empty(0, np.int32)
    batches = tuple(
        DocumentBatch(
            path=f"{number}.jsonl",
            buffer=empty,
            ids=[b"%d" % (1000 * number + row) for row in range(len(counts))],
            dates=None,
            document=columns[1],
            starts=columns[0],
            ends=columns[0],
            kinds=empty,
            lines=columns[0],
            columns=columns[1],
            chars=columns[0],
            end_lines=columns[0],
            is_source=False,
        )
        for number, counts in enumerate(paragraphs)
    )
    flat = [count for counts in paragraphs for count in counts]
    n_rows = sum(flat)
    places = np.arange(n_rows)
    sizes = np.full(n_rows, 9)
    prints = (np.arange(2 * n_rows, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    tokens = TokenLists(np.empty(0, np.uint32), 9 * places, 9 * places + sizes, prints)
    corpus = Corpus(
        batches=batches,
        first_paragraphs=np.cumsum([0, *map(sum, paragraphs)]),
        first_documents=np.cumsum([0, *map(len, paragraphs)]),
        document=np.repeat(np.arange(len(flat), dtype=np.int32), flat),
        starts=places,
        ends=places,
        start_lines=places,
        end_lines=places,
        columns=places.astype(np.int32),
        blocks=places.astype(np.int32),
        tokens=tokens,
    )
    canonicals = np.where(places % 3 == 2, places - 1, places).astype(np.int32)
    relations = np.where(places % 3 == 2, Relation.NEAR_DUPLICATE, Relation.NONE).astype(np.uint8)
    ones = np.ones(n_rows)
    grouping = Grouping(canonicals, relations, ones, ones)
    return replace(sample, corpus=corpus, grouping=grouping)


def test_the_sample_reads_as_agreed(
    sample_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("report.groups.jsonl", b"".join(render(lay_open(sample_report), None)).decode())


def test_a_kept_paragraph_says_that_it_is_restated_or_rewritten(
    restated_report: Report, check_golden: Callable[[str, str], None]
) -> None:
    # Paragraph 6 comes near the threshold only, which is no relation.
    rows = rows_of(restated_report)

    assert [row["relation"] for row in rows] == [None, None, "restated", "rewritten", *[None] * 3]
    assert all(row["canonical"] for row in rows)
    check_golden(
        "restated.groups.jsonl", b"".join(render(lay_open(restated_report), None)).decode()
    )


def test_a_redundant_paragraph_keeps_its_relation_where_it_restates_too(
    restated_report: Report,
) -> None:
    grouping = restated_report.grouping
    canonicals, relations = grouping.canonicals.copy(), grouping.relations.copy()
    canonicals[3], relations[3] = 1, Relation.NEAR_DUPLICATE
    joined = replace(grouping, canonicals=canonicals, relations=relations)

    row = rows_of(replace(restated_report, grouping=joined))[3]

    assert (row["canonical"], row["relation"]) == (False, "near-duplicate")


def test_exactly_the_redundant_paragraphs_are_not_canonical(sample_report: Report) -> None:
    rows = rows_of(sample_report)

    assert [number for number, row in enumerate(rows) if not row["canonical"]] == [3, 4, 8]
    assert rows[3] == {
        "id": "docs/b.md",
        "path": "docs/b.md",
        "paragraph": 0,
        "group": sample_report.group_id(0),
        "canonical": False,
        "relation": "identical",
    }


def test_a_short_paragraph_is_kept_and_in_no_group(sample_report: Report) -> None:
    assert rows_of(sample_report)[6] == {
        "id": "docs/c.md",
        "path": "docs/c.md",
        "paragraph": 1,
        "group": None,
        "canonical": True,
        "relation": "short",
    }


def test_a_paragraph_without_a_word_is_called_empty(report_text: Callable[..., Report]) -> None:
    report = report_text("   ")
    numbers = np.arange(2, dtype=np.int32)
    alone = replace(report.grouping, relations=np.zeros(2, np.uint8), canonicals=numbers)

    rows = rows_of(replace(report, grouping=alone))

    assert [(row["group"], row["relation"]) for row in rows] == [(None, "empty")] * 2


@pytest.mark.parametrize(
    "paragraphs",
    [[[1] * 10], [[5000]], [[4096], [1]], [[4095, 2, 0, 3], [], [0, 0], [1, 130]], [[]]],
)
def test_every_paragraph_of_every_batch_has_its_line(
    paragraphs: list[list[int]], sample_report: Report
) -> None:
    report = make_columns(sample_report, paragraphs)

    rows = rows_of(report)

    expected = [
        (1000 * batch + document, paragraph)
        for batch, counts in enumerate(paragraphs)
        for document, count in enumerate(counts)
        for paragraph in range(count)
    ]
    assert [(row["id"], row["paragraph"]) for row in rows] == expected
    canonicals = report.grouping.canonicals.tolist()
    assert [row["group"] for row in rows] == [report.group_id(number) for number in canonicals]


def test_records_of_two_files_with_the_same_ids_are_told_apart_by_path(tmp_path: Path) -> None:
    line = "one and the same sentence said in eight words"
    for name in ("a", "b"):
        rows = [{"id": n, "text": line if n else f"only {name}"} for n in range(2)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))

    several = b"".join(render(lay_open(find_duplicates([tmp_path])), None)).splitlines()
    one = b"".join(render(lay_open(find_duplicates([tmp_path / "a.jsonl"])), None)).splitlines()

    rows = [json.loads(row) for row in several]
    assert len({(row["path"], row["id"], row["paragraph"]) for row in rows}) == 4
    assert [(Path(str(row["path"])).name, row["id"]) for row in rows if not row["canonical"]] == [
        ("b.jsonl", 1)
    ]
    assert {tuple(row)[:3] for row in rows} == {("id", "path", "paragraph")}
    assert {tuple(json.loads(row))[:2] for row in one} == {("id", "paragraph")}


def test_records_in_memory_have_no_path() -> None:
    report = find_duplicates([{"text": "a"}] * 5_000)

    assert {tuple(row)[:2] for row in rows_of(report)} == {("id", "paragraph")}
