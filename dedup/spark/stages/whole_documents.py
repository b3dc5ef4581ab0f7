"""Judge whole documents: which of their paragraphs restate what earlier ones said.

Paragraphs come in, what was found in some thousand of them at a time goes out; a function of record
batches. A document is judged when all its paragraphs are there, by the single machine's functions
over a small corpus of such documents. What is incomplete at the end, or waited for too long, is
handed on: that is the document in which one task ends and another one begins.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dedup.config import Config, ParagraphsConfig
from dedup.content import list_sentence_terms
from dedup.kernels import Engine
from dedup.model import (
    BlockKind,
    Corpus,
    Grouping,
    OffsetArray,
    Restatements,
    TermLists,
    TokenLists,
    Wording,
    distinct,
    tell_kinds,
)
from dedup.paragraphs import split_paragraphs
from dedup.restatement import choose_rows, find_references, find_restatements
from dedup.spark.runtime.blocks import load_task_engine, read_texts
from dedup.spark.runtime.id_sets import IdSet
from dedup.spark.runtime.schemas import arrow_schema
from dedup.spark.stages.said import SAID, lay_out_said

# What is told of each paragraph besides its columns: whether a paragraph of its group stands before
# it in its document; whether it is scored for rewriting too; whether it is a variant of an earlier
# one of its document, or of that one's copy.
MARKS: Final = ("repeats", "is_scored", "varies")
COLUMNS: Final = (
    *("id", "document", "place", "n_places", "n_words", "print_high", "language", "kind", "text"),
)
_PIECE: Final = (
    "id:bigint,document:bigint,place:int,n_places:int,n_words:int,print_high:bigint,"
    "language:smallint,kind:smallint,text:string,repeats:boolean,is_scored:boolean,varies:boolean"
)
_RESTATED: Final = f"id:bigint,score:double,dice:double,is_near:boolean,said:{SAID}"
_TABULAR: Final = "id:bigint,document:bigint,n_places:int"
# What was found in some documents: how many paragraphs had too few content terms, how many were
# lists, tables and the like; those that restate; the tables and code; and what is handed on.
JUDGED: Final = (
    f"n_short bigint, n_listed bigint, restated array<struct<{_RESTATED}>>, "
    f"tabular array<struct<{_TABULAR}>>, rest array<struct<{_PIECE}>>"
)
_IS_TABULAR: Final = tell_kinds(BlockKind.TABLE, BlockKind.CODE)
_ROWS_AT_ONCE: Final = 4096  # 20 MB of terms and postings on their way
_MOST_WAITING: Final = 64 << 20  # bytes of documents that are not whole yet
_REST_ROWS: Final = 256  # in one value


def judge_documents(
    batches: Iterator[pa.RecordBatch], config: Config, known: Mapping[str, IdSet], *, is_last: bool
) -> Iterator[pa.RecordBatch]:
    """Judge the documents of a task.

    Args:
        batches: The paragraphs of documents of 2 to `max_paragraphs`: `COLUMNS`, and those of
            `MARKS` that `known` does not tell.
        config: Every setting.
        known: The paragraphs that a mark is true of.
        is_last: Documents are whole here, and come one after another.

    Yields:
        `JUDGED`.
    """
    engine = load_task_engine(config)
    waiting: list[pa.Table] = []
    for batch in batches:
        waiting.append(pa.Table.from_batches([_mark(batch, known)]))
        if sum(table.num_rows for table in waiting) >= _ROWS_AT_ONCE:
            whole, rest = _part_whole(pa.concat_tables(waiting))
            yield _judge(whole, config, engine)
            waiting = [rest]
            if not is_last and rest.nbytes > _MOST_WAITING:
                yield from _hand_on(rest)
                waiting = []
    if waiting:
        whole, rest = _part_whole(pa.concat_tables(waiting))
        yield _judge(whole, config, engine)
        assert not (is_last and rest.num_rows), "a document lacks paragraphs"  # noqa: S101 -- cannot happen
        yield from _hand_on(rest)


def _mark(batch: pa.RecordBatch, known: Mapping[str, IdSet]) -> pa.RecordBatch:
    """Add the marks that are not there as columns."""
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    ids = columns["id"].to_numpy()
    columns |= {name: pa.array(members.holds(ids)) for name, members in known.items()}
    schema = arrow_schema(f"pieces array<struct<{_PIECE}>>").field(0).type.value_type
    fields = [schema.field(place) for place in range(schema.num_fields)]
    return pa.record_batch([columns[field.name] for field in fields], schema=pa.schema(fields))


def _part_whole(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Part the paragraphs of documents that are all there, in input order, from the others."""
    ids = rows.column("id").to_numpy()
    _, documents, counts = np.unique(
        rows.column("document").to_numpy(), return_inverse=True, return_counts=True
    )
    is_whole = counts[documents] == rows.column("n_places").to_numpy()
    whole, rest = np.flatnonzero(is_whole), np.flatnonzero(~is_whole)
    return rows.take(whole[np.argsort(ids[whole])]), rows.take(rest)


def _hand_on(rest: pa.Table) -> Iterator[pa.RecordBatch]:
    """Hand on paragraphs of documents that are not whole."""
    for batch in rest.to_batches(_REST_ROWS):
        yield _lay_out({"rest": batch.to_struct_array()}, 0, 0)


def _lay_out(found: Mapping[str, pa.Array], n_short: int, n_listed: int) -> pa.RecordBatch:
    """Make a row of `JUDGED`; lists that are not given are empty."""
    schema = arrow_schema(JUDGED)
    columns = [pa.array([n_short]), pa.array([n_listed])]
    for field in list(schema)[2:]:
        values = found.get(field.name, pa.nulls(0, field.type.value_type))
        values = values.cast(field.type.value_type)
        columns.append(pa.ListArray.from_arrays(np.array([0, len(values)], np.int32), values))
    return pa.record_batch(columns, schema=schema)


def _judge(rows: pa.Table, config: Config, engine: Engine) -> pa.RecordBatch:
    """Judge documents that are whole, in input order."""
    columns = {name: rows.column(name).to_numpy() for name in rows.schema.names if name != "text"}
    corpus = _make_corpus(columns)
    most = config.restatement.max_paragraphs
    numbers, ends = choose_rows(corpus, _repeat_groups(corpus, columns["repeats"]), most)
    wording = _word(rows, columns, numbers, config, engine)
    found = find_restatements(
        corpus, wording, (numbers, ends), {}, (config, engine)
    )  # variants are marked
    found = found.take(np.flatnonzero(~columns["varies"][found.numbers]))
    tabular = numbers[_IS_TABULAR[columns["kind"][numbers].astype(np.uint8)]]
    restated = _lay_out_restated(found, columns["id"])
    told = pa.table({name: columns[name][tabular] for name in ("id", "document", "n_places")})
    return _lay_out(
        {"restated": restated, "tabular": told.to_struct_array().combine_chunks()},
        found.n_short,
        found.n_listed,
    )


def _make_corpus(columns: Mapping[str, Any]) -> Corpus:
    """Make a corpus of documents without their texts: what the stages ask of it, and no more."""
    documents, document = np.unique(columns["document"], return_inverse=True)
    n_rows = len(document)
    nothing = np.zeros(n_rows, np.int64)
    prints = np.repeat(columns["print_high"].view(np.uint64), 2)  # the second word is not asked for
    return Corpus(
        batches=(),
        first_paragraphs=np.array([n_rows]),
        first_documents=np.array([len(documents)]),
        document=document.astype(np.int32),
        starts=nothing,
        ends=nothing,
        start_lines=nothing,
        end_lines=nothing,
        columns=nothing.astype(np.int32),
        blocks=nothing.astype(np.int32),
        tokens=TokenLists(
            np.empty(0, np.uint32), nothing, columns["n_words"].astype(np.int64), prints
        ),
    )


def _repeat_groups(corpus: Corpus, repeats: "np.ndarray") -> Grouping:
    """Let each paragraph that repeats its document's be of the group of the document's first."""
    numbers = np.arange(len(corpus), dtype=np.int32)
    firsts = np.searchsorted(corpus.document, corpus.document)
    canonicals = np.where(repeats, firsts, numbers).astype(np.int32)
    scores = np.ones(len(corpus))
    return Grouping(canonicals, np.zeros(len(corpus), np.uint8), scores, scores)


def _word(
    rows: pa.Table,
    columns: Mapping[str, Any],
    numbers: OffsetArray,
    config: Config,
    engine: Engine,
) -> Wording:
    """Give the kinds and content terms of the paragraphs that are scored, here or for rewriting."""
    scored = distinct(np.concatenate([numbers, np.flatnonzero(columns["is_scored"])]))
    nowhere = np.zeros(len(scored), np.int64)
    texts = rows.column("text").take(scored).combine_chunks()
    batch = read_texts(texts, nowhere, nowhere.astype(np.int32))
    paragraphs = split_paragraphs(batch, ParagraphsConfig(unit="record"), engine)
    languages = columns["language"].astype(np.uint8)
    found = list_sentence_terms(paragraphs, languages[scored], engine)
    counts, kinds = np.zeros(rows.num_rows, np.int64), np.zeros(rows.num_rows, np.uint8)
    counts[scored] = np.diff(found.row_ends, prepend=0)
    kinds[scored] = columns["kind"][scored]
    terms = TermLists(found.terms, found.sentence_ends, np.cumsum(counts), languages)
    documents, document = np.unique(columns["document"], return_inverse=True)
    is_reference = find_references(document, kinds, _NO_BLOCKS, len(documents), config.restatement)
    return Wording(terms, kinds, is_reference)


def _lay_out_restated(found: Restatements, ids: OffsetArray) -> pa.Array:
    schema = arrow_schema(JUDGED).field("restated").type.value_type
    columns = {
        "id": pa.array(ids[found.numbers]),
        "score": pa.array(found.scores),
        "dice": pa.array(found.dice),
        "is_near": pa.array(found.are_near.astype(np.bool_)),
        "said": lay_out_said(found, ids),
    }
    fields = [schema.field(place) for place in range(schema.num_fields)]
    return pa.StructArray.from_arrays([columns[field.name] for field in fields], fields=fields)


_NO_BLOCKS: Final = np.empty(0, np.int32), np.empty(0, np.uint8)  # a record is one TEXT block
