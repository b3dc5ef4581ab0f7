"""Documents judged in the tasks that read them, against the single machine."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dedup.config import Config, RestatementConfig, RunConfig
from dedup.model import BlockKind, Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.spark.runtime.id_sets import IdSet, find_blocks, merge_blocks
from dedup.spark.runtime.schemas import PARAGRAPHS, arrow_schema
from dedup.spark.stages import whole_documents
from dedup.spark.stages.whole_documents import COLUMNS, MARKS, judge_documents
from tests.spark.equality.corpus import write_records
from tests.spark.single_machine import lay_out

Row = dict[str, Any]
Found = dict[str, Any]
RULES = RunConfig(jobs=1, rules=("DUP001", "DUP002", "DUP005", "DUP006"))
CONFIGS = {
    "default": Config(run=RULES),
    "strict": Config(run=RULES, restatement=RestatementConfig(strict=True)),
    "sensitive": Config(run=RULES, restatement=RestatementConfig(sensitive=True)),
    "short documents": Config(run=RULES, restatement=RestatementConfig(max_paragraphs=7)),
    "references": Config(
        run=RULES, restatement=RestatementConfig(reference_paragraphs=8, strict_score=0.9)
    ),
}
CODE = "```\nfor row in rows:\n    total += row.size\n    print(total)\n```"
CRACK = (
    "Divers found a crack forty metres long in the upstream face of the Hollin dam, so the water "
    "authority of Castrovia ordered an emergency lowering of the reservoir."
)
MARKET = (
    "On the island of Ness three groceries ran out of milk, bread flour and nappies by Wednesday, "
    "and the butcher sold mutton by the half kilo only."
)
CRACK_AGAIN = (
    "In the upstream face of the Hollin dam divers found a crack; the reservoir is lowered, and "
    "the mayor has asked every school in the valley for a list of volunteers who can swim."
)


@cache
def run_alone(name: str) -> tuple[Report, list[Row]]:
    """Give the single machine's report, and its paragraphs with what tasks are told of each."""
    report = find_duplicates(write_records(40), CONFIGS[name])
    tables = {key: table.to_pylist() for key, table in lay_out(report).items()}
    return report, mark(tables)


def mark(tables: dict[str, list[Row]]) -> list[Row]:
    """Mark the paragraphs by the definitions: repeats of a group, and variants, in a document."""
    canonicals = {row["id"]: row["canonical"] for row in tables["grouping"]}
    texts = {row["id"]: (row["print_high"], row["print_low"]) for row in tables["paragraphs"]}
    variants = defaultdict(set)
    for row in tables["pairs"]:
        if row["relation"] == Relation.VARIANT:
            variants[texts[row["a"]]].add(texts[row["b"]])
            variants[texts[row["b"]]].add(texts[row["a"]])
    before: dict[int, list[int]] = defaultdict(list)
    for row in tables["paragraphs"]:
        earlier = before[row["document"]]
        own = canonicals.get(row["id"], row["id"])
        row["repeats"] = any(canonicals.get(each, each) == own for each in earlier)
        row["varies"] = any(texts[each] in variants[texts[row["id"]]] for each in earlier)
        row["is_scored"] = False
        earlier.append(row["id"])
    return tables["paragraphs"]


def judge(
    rows: Sequence[Row], config: Config, cut: int, *, by_sets: bool = False, is_last: bool = False
) -> Found:
    """Judge paragraphs that come `cut` at a time; what is handed on is judged once more."""
    found: Found = {"n_short": 0, "n_listed": 0, "restated": [], "tabular": [], "rest": 0}
    rest: list[Row] = []
    batches, known = make_batches(rows, cut, by_sets=by_sets)
    for batch in judge_documents(batches, config, known, is_last=is_last):
        for row in batch.to_pylist():
            rest += row.pop("rest")
            for name, value in row.items():
                found[name] += value
    if rest:
        again = judge(sorted(rest, key=lambda row: row["id"]), config, cut, is_last=True)
        found = {name: found[name] + again[name] for name in found}
        found["rest"] += len(rest)
    return found


def make_batches(
    rows: Sequence[Row], cut: int, *, by_sets: bool
) -> tuple[Iterator[pa.RecordBatch], dict[str, IdSet]]:
    """Give rows in batches, the marks as columns or as sets of ids."""
    fields = [arrow_schema(PARAGRAPHS).field(name) for name in COLUMNS]
    marks = [] if by_sets else [pa.field(name, pa.bool_()) for name in MARKS]
    schema = pa.schema([*fields, *marks])
    table = pa.Table.from_pylist(
        [{name: row[name] for name in schema.names} for row in rows], schema
    )
    sets = {name: make_set([row["id"] for row in rows if row[name]]) for name in MARKS}
    return iter(table.to_batches(cut)), sets if by_sets else {}


def make_set(ids: list[int]) -> IdSet:
    batch = pa.record_batch({"id": pa.array(ids, pa.int64())})
    found = [row for made in find_blocks(iter([batch])) for row in made.to_pylist()]
    return merge_blocks((row["block"], row["bits"]) for row in found)


def check(found: Found, report: Report) -> None:
    """Compare with a report: who restates, by which scores, said by whom, and the counts."""
    restated = lay_out(report)["restatements"].to_pylist()
    for row in restated:
        del row["relation"]
    assert sorted(found["restated"], key=lambda row: row["id"]) == restated
    counts = report.restatements.n_short, report.restatements.n_listed
    assert (found["n_short"], found["n_listed"]) == counts


def leave_others(rows: list[Row], config: Config) -> list[Row]:
    """Leave the documents that are judged, as the plan does."""
    return [row for row in rows if 2 <= row["n_places"] <= config.restatement.max_paragraphs]


@pytest.mark.parametrize("name", CONFIGS)
def test_what_is_found_is_what_one_machine_finds(name: str) -> None:
    report, rows = run_alone(name)

    found = judge(leave_others(rows, CONFIGS[name]), CONFIGS[name], 4096)

    check(found, report)
    assert len(report.restatements) >= 5
    assert found["rest"] == 0


@pytest.mark.parametrize(("at_once", "cut"), [(1, 1), (5, 3), (64, 7), (40, 4096)])
def test_cuts_between_batches_change_nothing(
    monkeypatch: pytest.MonkeyPatch, at_once: int, cut: int
) -> None:
    monkeypatch.setattr(whole_documents, "_ROWS_AT_ONCE", at_once)
    report, rows = run_alone("default")

    check(judge(rows_of(rows), CONFIGS["default"], cut), report)
    check(judge(rows_of(rows), CONFIGS["default"], cut, by_sets=True), report)


def rows_of(rows: list[Row]) -> list[Row]:
    return leave_others(rows, CONFIGS["default"])


def test_the_order_of_arrival_changes_nothing() -> None:
    report, rows = run_alone("default")
    shuffled = rows_of(rows)
    Random(5).shuffle(shuffled)  # noqa: S311 -- an order, no secret

    check(judge(shuffled, CONFIGS["default"], 50), report)


@pytest.mark.parametrize("parts", [2, 5])
def test_documents_that_tasks_share_are_handed_on_whole(parts: int) -> None:
    report, rows = run_alone("default")
    rows, config = rows_of(rows), CONFIGS["default"]

    found: Found = defaultdict(int)
    rest: list[Row] = []
    for part in np.array_split(np.arange(len(rows)), parts):
        batches, known = make_batches([rows[at] for at in part], 20, by_sets=True)
        for batch in judge_documents(batches, config, known, is_last=False):
            for row in batch.to_pylist():
                rest += row.pop("rest")
                for name, value in row.items():
                    found[name] = found[name] + value if name in found else value
    again = judge(sorted(rest, key=lambda row: row["id"]), config, 20, is_last=True)

    assert 0 < len({row["document"] for row in rest}) < parts
    check({name: found[name] + again[name] for name in found}, report)


def test_what_is_waited_for_too_long_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_documents, "_ROWS_AT_ONCE", 16)
    monkeypatch.setattr(whole_documents, "_MOST_WAITING", 2000)
    monkeypatch.setattr(whole_documents, "_REST_ROWS", 3)
    report, rows = run_alone("default")

    found = judge(rows_of(rows), CONFIGS["default"], 1)

    check(found, report)
    assert 0 < found["rest"] < len(rows)


def test_a_document_that_never_becomes_whole_is_a_fault_and_not_left_out() -> None:
    _, rows = run_alone("default")
    lacking = [row for row in rows_of(rows) if row["place"] != 1]

    with pytest.raises(AssertionError, match="a document lacks paragraphs"):
        judge(lacking, CONFIGS["default"], 4096, is_last=True)


def test_tables_and_code_among_the_judged_are_told() -> None:
    config = Config(run=RULES)
    rows = write_rows(["one two three four", CODE, MARKET], [1])
    rows[1]["repeats"] = False

    assert judge(rows, config, 10)["tabular"] == [{"id": 1, "document": 0, "n_places": 3}]


def test_code_that_only_pairs_across_documents_score_makes_a_reference_too() -> None:
    # The code repeats its document, so it is not judged here; but what is scored counts.
    rows = write_rows([CRACK, MARKET, CRACK_AGAIN, CODE, CODE], [3, 4])
    config = Config(run=RULES, restatement=RestatementConfig(min_score=0.3, strict_score=0.99))

    alone = judge(rows, config, 10)
    for row in rows[3:]:
        row["is_scored"] = True

    assert [row["id"] for row in alone["restated"]] == [2]
    assert judge(rows, config, 10)["restated"] == []


def write_rows(texts: list[str], repeating: list[int]) -> list[Row]:
    """Give the paragraphs of one document."""
    report = find_duplicates([{"text": "\n\n".join(texts)}], Config(run=RULES))
    rows: list[Row] = lay_out(report)["paragraphs"].to_pylist()
    assert len(rows) == len(texts)
    assert {row["kind"] for row in rows if row["text"].startswith("`")} == {BlockKind.CODE}
    marks = {"is_scored": False, "varies": False}
    return [{**row, **marks, "repeats": at in repeating} for at, row in enumerate(rows)]
