"""Lay out a report of the single machine as the tables of a Spark run: what its stages must equal.

A report comes in; rows with the columns of `dedup.spark.runtime.schemas` go out, and the lines of a
format. Band keys are left null: a report has forgotten them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dedup.config import CanonicalConfig
from dedup.kernels import load_engine
from dedup.model import BoolArray, Corpus, HashArray, OffsetArray, Relation, ScoreArray
from dedup.outcome import lay_open
from dedup.paragraph_kinds import recognize_kinds
from dedup.report import Report
from dedup.reporters.escapes import escape_json
from dedup.reporters.registry import load_reporter
from dedup.sources import list_sources
from dedup.spark.reading.inputs import Inputs
from dedup.spark.reporting.verdicts import Verdicts
from dedup.spark.runtime import schemas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_JUDGED = ("group", "canonical", "relation")
TABLES = {
    "paragraphs": schemas.PARAGRAPHS,
    "collapsed": schemas.COLLAPSED,
    "grouping": schemas.GROUPING,
    "pairs": schemas.VERIFIED,
    "restatements": schemas.RESTATEMENTS,
    "boilerplate": schemas.BOILERPLATE,
}


def open_tables(spark: "SparkSession", report: Report, folder: Path) -> "dict[str, DataFrame]":
    """Write a report's tables into a folder and open them in a session, by their names."""
    frames = {}
    for name, table in lay_out(report).items():
        pq.write_table(table, folder / f"{name}.parquet")
        reader = spark.read.schema(TABLES[name])
        frames[name] = reader.parquet(str(folder / f"{name}.parquet"))
    return frames


def open_verdicts(spark: "SparkSession", report: Report, folder: Path) -> Verdicts:
    """Give what a run on Spark would have found if it had found what a report holds."""
    tables = open_tables(spark, report, folder)
    problems = spark.createDataFrame([], schemas.PROBLEMS)
    blocks = spark.createDataFrame(list_blocks(report), schemas.BLOCKS)
    return Verdicts(
        Inputs(spark.createDataFrame([], schemas.DOCUMENTS), problems, blocks),
        tables["paragraphs"],
        tables["grouping"],
        tables["pairs"],
        tables["restatements"],
        tables["boilerplate"],
    )


def list_blocks(report: Report) -> list[tuple[Any, ...]]:
    """Give the rows of `schemas.BLOCKS`, as if each batch were a block; lines are left 0."""
    corpus = report.corpus
    documents, paragraphs = number_documents(corpus), number_paragraphs(corpus)
    rows: list[tuple[Any, ...]] = []
    for which in range(len(corpus.batches)):
        first_document, end_document = corpus.first_documents[which : which + 2].tolist()
        first, end = corpus.first_paragraphs[which : which + 2].tolist()
        if first_document < end_document:
            document = int(documents[first_document])
            before = int(paragraphs[first]) if first < end else 0
            file, mask = document >> schemas.FILE_BITS, (1 << schemas.FILE_BITS) - 1
            counts = (end_document - first_document, end - first)
            rows.append((file, which, 0, document & mask, before & mask, *counts, True))
    return rows


def lay_out(report: Report) -> dict[str, pa.Table]:
    """Give a report's tables by name, with the columns of `TABLES`."""
    columns = {
        "paragraphs": list_paragraphs(report),
        "collapsed": list_collapsed(report),
        "grouping": list_grouping(report),
        "pairs": list_pairs(report),
        "restatements": list_restatements(report),
        "boilerplate": list_boilerplate(report),
    }
    return {
        name: pa.table(found, schema=schemas.arrow_schema(TABLES[name]))
        for name, found in columns.items()
    }


def render(report: Report, format_name: str) -> list[str]:
    """Give the lines of a format, sorted, without their ends."""
    pieces = load_reporter(format_name).render(lay_open(report), None)
    whole = b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
    return sorted(whole.decode().splitlines())


def spell_row(row: Mapping[str, Any]) -> str:
    """Spell one row of `schemas.GROUPS` as the line that the format `groups` has for it."""
    path = f',"path":{json.dumps(row["path"], ensure_ascii=False)}' if "path" in row else ""
    group, canonical, relation = (json.dumps(row[name]) for name in _JUDGED)
    judged = f'"group":{group},"canonical":{canonical},"relation":{relation}'
    return escape_json(f'{{"id":{row["id"]}{path},"paragraph":{row["paragraph"]},{judged}}}')


def number_paragraphs(corpus: Corpus) -> OffsetArray:
    """Give each paragraph's id: its file, then its number there."""
    return _number(corpus, corpus.first_paragraphs)


def number_documents(corpus: Corpus) -> OffsetArray:
    """Give each document's id, as if no line of its file were blank."""
    return _number(corpus, corpus.first_documents)


def _number(corpus: Corpus, firsts: OffsetArray) -> OffsetArray:
    parts, file, path, done = [np.empty(0, np.int64)], -1, "", 0
    for batch, size in zip(corpus.batches, np.diff(firsts).tolist(), strict=True):
        if file < 0 or batch.path != path:
            file, path, done = file + 1, batch.path or "", 0
        parts.append((file << schemas.FILE_BITS) + done + np.arange(size))
        done += size
    return np.concatenate(parts)


def list_paragraphs(report: Report) -> dict[str, Any]:
    """Give the columns of `schemas.PARAGRAPHS`."""
    corpus = report.corpus
    numbers = range(len(corpus))
    places = [report.reference(number) for number in numbers]
    prints = corpus.tokens.prints.view(np.int64).reshape(-1, 2)
    columns = (*("start_line", "start_column", "end_line", "end_column", "start_char", "end_char"),)
    return {
        "id": number_paragraphs(corpus),
        "document": number_documents(corpus)[corpus.document],
        "place": [place.paragraph for place in places],
        "n_places": np.bincount(corpus.document)[corpus.document],
        "rank": _rank(corpus, report.config.canonical),
        "n_words": corpus.tokens.sizes,
        "print_high": prints[:, 0],
        "print_low": prints[:, 1],
        "language": report.restatements.languages,
        "kind": list(_recognize_kinds(corpus)),
        "keys": [None] * len(corpus),
        "text": [report.text(number) for number in numbers],
        "identity": [_identity(corpus, int(document)) for document in corpus.document],
        **{name: [getattr(place, name) for place in places] for name in columns},
    }


def _identity(corpus: Corpus, document: int) -> str:
    batch, row = corpus.document_batch(document)
    return batch.ids[row].decode()


def _rank(corpus: Corpus, config: CanonicalConfig) -> ScoreArray:
    """Give what paragraphs are ordered by before their input order; see `order_paragraphs`."""
    from dedup.groups import _document_ages, _document_ranks  # noqa: PLC0415 -- one use

    if config.policy == "longest":
        return -corpus.tokens.sizes.astype(np.float64)
    if config.policy in {"newest", "oldest"}:
        return _document_ages(corpus, newest_first=config.policy == "newest")[corpus.document]
    if config.policy == "priority":
        return _document_ranks(corpus, config)[corpus.document].astype(np.float64)
    return np.zeros(len(corpus))


def _recognize_kinds(corpus: Corpus) -> Iterator[int]:
    engine, bounds = load_engine("numba"), corpus.first_paragraphs
    for which in range(len(corpus.batches)):
        rows = np.arange(bounds[which], bounds[which + 1])
        yield from recognize_kinds(corpus.paragraphs(which, rows), engine).tolist()


def _are_long(report: Report) -> BoolArray:
    is_long: BoolArray = report.corpus.tokens.sizes >= report.config.paragraphs.min_words
    return is_long


def list_collapsed(report: Report) -> dict[str, Any]:
    """Give the columns of `schemas.COLLAPSED`: the first copy in canonical order."""
    corpus, within = report.corpus, report.config.paragraphs.within
    ids, rank = number_paragraphs(corpus), _rank(corpus, report.config.canonical)
    firsts: dict[tuple[bytes, int], int] = {}
    found = {}
    for number in np.lexsort((ids, rank)).tolist():
        if _are_long(report)[number]:
            text = _print_of(corpus.tokens.prints, number)
            at = {"document": int(corpus.document[number]), "corpus": number}.get(within, 0)
            found[number] = firsts.setdefault((text, at), number)
    return {"id": ids[sorted(found)], "representative": [ids[found[n]] for n in sorted(found)]}


def _print_of(prints: HashArray, number: int) -> bytes:
    return prints[2 * number : 2 * number + 2].tobytes()


def list_grouping(report: Report, ids: OffsetArray | None = None) -> dict[str, Any]:
    """Give the columns of `schemas.GROUPING`: who is in a group of two or more, or set apart.

    `ids` are those of the paragraphs where they are not all of their files.
    """
    grouping = report.grouping
    ids = number_paragraphs(report.corpus) if ids is None else ids
    is_member = grouping.canonicals != np.arange(len(ids))
    is_grouped = is_member.copy()
    is_grouped[grouping.canonicals[is_member]] = True
    rows = np.flatnonzero(is_grouped)
    return {
        "id": ids[rows],
        "canonical": ids[grouping.canonicals[rows]],
        "relation": grouping.relations[rows],
        "resemblance": grouping.resemblance[rows],
        "containment": grouping.containment[rows],
    }


def list_pairs(report: Report) -> dict[str, Any]:
    """Give the columns of `schemas.VERIFIED`: all pairs that a report holds."""
    pairs, ids = report.pairs, number_paragraphs(report.corpus)
    return {
        "a": ids[pairs.lefts],
        "b": ids[pairs.rights],
        "resemblance": pairs.resemblance,
        "left_containment": pairs.left_containment,
        "right_containment": pairs.right_containment,
        "conflicts": pairs.conflicts,
        "relation": pairs.relations,
        "unaligned": np.zeros(len(pairs), np.bool_),
    }


def list_restatements(report: Report) -> dict[str, Any]:
    """Give the columns of `schemas.RESTATEMENTS`."""
    found, ids = report.restatements, number_paragraphs(report.corpus)
    return {
        "id": ids[found.numbers],
        "relation": found.relations,
        "score": found.scores,
        "dice": found.dice,
        "is_near": found.are_near.astype(bool),
        "said": [
            [
                {
                    "sentence": said.sentence,
                    "source": int(ids[said.number]),
                    "source_sentence": said.source_sentence,
                    "share": said.share,
                    "is_second": said.is_second,
                }
                for said in list_sources(found, row)
            ]
            for row in range(len(found))
        ],
    }


def list_boilerplate(report: Report) -> dict[str, Any]:
    """Give the columns of `schemas.BOILERPLATE`: a text that recurs a row."""
    found, corpus = report.boilerplate, report.corpus
    prints = corpus.tokens.prints.view(np.int64).reshape(-1, 2)[found.numbers]
    return {
        "id": number_paragraphs(corpus)[found.numbers],
        "print_high": prints[:, 0],
        "print_low": prints[:, 1],
        "n_documents": found.n_documents,
        "population": found.populations,
        "folder": list(found.folders),
    }


def count_relations(report: Report) -> dict[str, int]:
    """Count the findings of each relation."""
    counts = dict.fromkeys((relation.label for relation in list(Relation)[1:]), 0)
    for finding in report.findings:
        counts[finding.relation.label] += 1
    return counts
