"""Write findings as the lines of JSON that the single machine writes, in the tasks.

In: rows sorted by `bundle`, of each bundle first the paragraphs (`named`), then the findings
(`found`, where `is_finding`). A bundle is a paragraph with its findings, or a document with its
restated ones, so that each finding stands together with every paragraph it names. Out: FINDINGS.
One bundle at a time is held.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, TypeAlias

import pyarrow as pa

from dedup.config import UNREADABLE_RULE
from dedup.findings import REWORDED, Finding, Recurrence, Reference, usual_level
from dedup.model import Problem, Relation
from dedup.quotations import Evidence, Quoter
from dedup.report import RULE_OF
from dedup.reporters.json import dump_finding
from dedup.reporters.phrases import UNREADABLE_LEVEL
from dedup.sources import SentenceSource, rank_sources
from dedup.spark.reporting.run_numbers import RunNumbers
from dedup.spark.runtime.schemas import FINDINGS, arrow_schema

# A paragraph that is named; `text` is null where only its place is asked for.
NAMED: Final = (
    "id bigint, place int, print_high bigint, language smallint, text string, identity string, "
    "start_line bigint, start_column int, end_line bigint, end_column int, start_char bigint, "
    "end_char bigint"
)
# A finding; `sources` are null where `said` tells them, `group` is that of boilerplate.
FOUND: Final = (
    "id bigint, relation tinyint, score double, conflicts int, sources array<bigint>, "
    "dice double, is_near boolean, said array<struct<sentence:int,source:bigint,"
    "source_sentence:int,share:double,is_second:boolean>>, recurrence struct<n_documents:bigint,"
    "n_paragraphs:bigint,population:bigint,folder:string>, group string"
)
_ROWS_AT_ONCE: Final = 1024
Row: TypeAlias = dict[str, Any]  # a struct of Arrow's, on its way to a class


class Bundle:
    """Some paragraphs by their numbers, as what renders and quotes a finding asks for them."""

    def __init__(self, numbers: RunNumbers) -> None:
        """Begin without a paragraph."""
        self._numbers = numbers
        self._rows: dict[int, Row] = {}
        self._quoter = Quoter(self)

    def add(self, row: Row) -> None:
        """Take a paragraph; with its text where one of two has that."""
        number = self._numbers.number(row["id"])
        if number not in self._rows or row["text"] is not None:
            self._rows[number] = row

    def text(self, number: int) -> str:
        """Give the text of a paragraph."""
        text: str = self._rows[number]["text"]
        return text

    def language(self, number: int) -> int:
        """Give the language of its document, as a place in `stop_words.LANGUAGES`."""
        return int(self._rows[number]["language"])

    def document_numbers(self, number: int) -> range:
        """Give the paragraphs of its document, all of which are here where that is asked."""
        del number  # a bundle is of one document
        return range(min(self._rows), max(self._rows) + 1)

    def reference(self, number: int) -> Reference:
        """Give the place of a paragraph."""
        row = self._rows[number]
        return Reference(
            document=json.loads(row["identity"]),
            path=self._numbers.path(row["id"]),
            paragraph=row["place"],
            start_line=row["start_line"],
            start_column=row["start_column"],
            end_line=row["end_line"],
            end_column=row["end_column"],
            start_char=row["start_char"],
            end_char=row["end_char"],
        )

    def fingerprint(self, number: int) -> str:
        """Give 16 hex digits of its text's fingerprint."""
        return f"{self._rows[number]['print_high'] & 0xFFFF_FFFF_FFFF_FFFF:016x}"

    def quote(self, finding: Finding) -> Evidence:
        """Give the sentences of a restated or rewritten finding that were said before."""
        return self._quoter.quote(finding)


def render_bundles(
    batches: Iterator[pa.RecordBatch], numbers: RunNumbers
) -> Iterator[pa.RecordBatch]:
    """Render the findings of a task.

    Args:
        batches: Rows as above; a bundle may go on from one batch into the next.
        numbers: The files of the run.
    """
    lines: list[Row] = []
    rows = (row for batch in batches for row in batch.to_pylist())
    for _, bundled in groupby(rows, lambda row: row["bundle"]):
        for line in _render_bundle(bundled, numbers):
            lines.append(line)
            if len(lines) == _ROWS_AT_ONCE:
                yield _lay_out(lines)
                lines = []
    if lines:
        yield _lay_out(lines)


def _lay_out(lines: list[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(lines, schema=arrow_schema(FINDINGS))


def render_problems(
    batches: Iterator[pa.RecordBatch], numbers: RunNumbers
) -> Iterator[pa.RecordBatch]:
    """Render what could not be read (PROBLEMS) as findings, which it is under its own rule."""
    for batch in batches:
        lines = [_render_problem(row, numbers) for row in batch.to_pylist()]
        if lines:
            yield _lay_out(lines)


def _render_problem(row: Row, numbers: RunNumbers) -> Row:
    problem = Problem(numbers.paths[row["file"]] or "", row["line"], row["message"])
    return {
        "path": problem.path,
        "line": problem.line,
        "rule": UNREADABLE_RULE,
        "relation": "unreadable",
        "level": UNREADABLE_LEVEL,
        "json": dump_finding(Bundle(numbers), problem),
    }


def _render_bundle(rows: Iterator[Row], numbers: RunNumbers) -> Iterator[Row]:
    bundle = Bundle(numbers)
    for row in rows:
        if not row["is_finding"]:
            bundle.add(row["named"])
            continue
        finding = _make_finding(row["found"], bundle, numbers)
        yield {
            "path": finding.reference.path,
            "line": finding.reference.start_line,
            "column": finding.reference.start_column,
            "rule": finding.rule,
            "relation": finding.relation.label,
            "level": finding.level,
            "number": finding.number,
            "score": finding.score,
            "fingerprint": finding.fingerprint,
            "json": dump_finding(bundle, finding),
        }


def _make_finding(row: Row, bundle: Bundle, numbers: RunNumbers) -> Finding:
    """Make a finding as `Report.findings` does."""
    relation, said = Relation(row["relation"]), _list_said(row, numbers)
    if relation in REWORDED:
        sources = rank_sources(said)
    else:
        sources = tuple(map(numbers.number, row["sources"]))
    number, is_near = numbers.number(row["id"]), bool(row["is_near"])
    sides = sorted(bundle.fingerprint(each) for each in (number, *sources))
    recurrence = row["recurrence"]
    return Finding(
        rule=RULE_OF[relation],
        relation=relation,
        level=usual_level(relation, is_near=is_near),
        number=number,
        reference=bundle.reference(number),
        source_numbers=sources,
        sources=tuple(map(bundle.reference, sources)),
        score=row["score"],
        conflicts=row["conflicts"] or 0,
        fingerprint=row["group"] or "".join(sides),
        said=said,
        dice=row["dice"] or 0.0,
        recurrence=None if recurrence is None else Recurrence(**recurrence),
        is_near=is_near,
    )


def _list_said(row: Row, numbers: RunNumbers) -> tuple[SentenceSource, ...]:
    return tuple(
        SentenceSource(
            sentence=said["sentence"],
            number=numbers.number(said["source"]),
            source_sentence=said["source_sentence"],
            share=said["share"],
            is_second=said["is_second"],
        )
        for said in row["said"] or ()
    )
