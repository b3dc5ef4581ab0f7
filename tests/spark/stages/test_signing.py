"""What Spark knows of each paragraph by itself is what the single machine knows of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.bands import choose_bands, make_band_keys, scatter_keys
from dedup.config import (
    DEFAULTS,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    Policy,
    ReadersConfig,
    RunConfig,
    ShingleKind,
    ShinglesConfig,
    Unit,
    VerifyConfig,
    Within,
)
from dedup.errors import SettingError
from dedup.groups import order_paragraphs
from dedup.kernels import load_engine
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.shingles import list_shingles
from dedup.signatures import sign_shingle_sets
from dedup.spark.runtime import blocks
from dedup.spark.runtime.schemas import DOCUMENTS, PARAGRAPHS, arrow_schema
from dedup.spark.stages.signing import Signing, find_bands, sign, sign_batches
from dedup.terms import NO_LANGUAGE
from tests.spark.single_machine import list_paragraphs, number_documents

RECORDS: Sequence[Mapping[str, Any]] = [
    {"id": "a", "text": "The old mill by the river grinds no corn today.\n\nIt stands empty now."},
    {"id": 7, "text": ""},
    {
        "id": "é",
        "text": "Été comme hiver, la rivière coule sous le vieux pont de pierre et de bois.",
    },
    {"id": "list", "text": "- one item\n- another item\n- the last item of the list\n\n| a | b |"},
    {"id": "same", "text": "The old mill by the river grinds no corn today."},
    {
        "id": "zh",
        "text": "老磨坊在河边今天不再磨谷物了。\n\n  \n\nTail, after a gap of blank lines.",
    },
]
TEXTS = st.text(st.sampled_from("ab é老\n\t.,-|12😀"), max_size=80)


def read(folder: Path, records: Sequence[Mapping[str, Any]], config: Config) -> Report:
    """Let the single machine read records from a file."""
    path = folder / "corpus.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return find_duplicates([path], config)


def list_documents(report: Report) -> pa.RecordBatch:
    """Lay out the documents that a report is of, as they come to be signed."""
    corpus, rows = report.corpus, []
    counts = np.bincount(corpus.document, minlength=corpus.n_documents)
    firsts = np.cumsum(counts) - counts
    for number, document in enumerate(number_documents(corpus).tolist()):
        batch, row = corpus.document_batch(number)
        block = np.flatnonzero(batch.document == row)
        place, text = [0, 0, 0], None
        if len(block):
            columns = batch.lines, batch.columns, batch.end_lines
            place = [int(column[block[0]]) for column in columns]
            text = batch.buffer[batch.starts[block[0]] : batch.ends[block[0]]].tobytes().decode()
        date = batch.dates[row] if batch.dates else ""
        rows.append((document, batch.ids[row].decode(), text, date, *place, int(firsts[number])))
    arrays = [list(column) for column in zip(*rows, strict=True)]
    return pa.record_batch(arrays, schema=arrow_schema(DOCUMENTS))


def sign_report(report: Report, rows_at_once: int = 100) -> pa.Table:
    """Sign the documents of a report as a task does."""
    signing = Signing(
        report.config, find_bands(report.config), (str(report.corpus.batches[0].path),)
    )
    documents = pa.Table.from_batches([list_documents(report)])
    batches = documents.to_batches(max_chunksize=rows_at_once)
    return pa.Table.from_batches(sign_batches(batches, signing), arrow_schema(PARAGRAPHS))


def expect(report: Report) -> pa.Table:
    """Give what the single machine knows; no band keys, which it has forgotten."""
    return pa.table(list_paragraphs(report), schema=arrow_schema(PARAGRAPHS))


@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_paragraphs_are_those_of_the_single_machine(
    tmp_path: Path, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(DEFAULTS, paragraphs=ParagraphsConfig(unit=unit))
    report = read(tmp_path, RECORDS, config)
    monkeypatch.setattr(blocks, "_BLOCK_ROWS", 2)

    signed = sign_report(report, rows_at_once=3)

    assert signed.drop_columns("keys").equals(expect(report).drop_columns("keys"))


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(["paragraph", "record"]))
def test_places_are_counted_as_the_single_machine_counts_them(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], unit: Unit
) -> None:
    config = replace(DEFAULTS, paragraphs=ParagraphsConfig(unit=unit))
    records = [{"id": number, "text": text} for number, text in enumerate(texts)]
    report = read(tmp_path_factory.mktemp("places"), records, config)

    signed = sign_report(report)

    assert signed.drop_columns("keys").equals(expect(report).drop_columns("keys"))


@pytest.mark.parametrize("kind", ["word", "char"])
@pytest.mark.parametrize("within", ["both", "document"])
def test_band_keys_are_those_of_the_single_machine(
    tmp_path: Path, kind: ShingleKind, within: Within
) -> None:
    config = replace(
        DEFAULTS,
        shingles=ShinglesConfig(kind=kind),
        paragraphs=ParagraphsConfig(within=within),
    )
    report = read(tmp_path, RECORDS, config)
    signed = sign_report(report)

    engine, tokens = load_engine("numba"), report.corpus.tokens
    units = tokens
    if kind == "char":
        corpus = report.corpus
        units = engine.spell(corpus.batches[0].buffer, corpus.starts, corpus.ends)
    rows = np.flatnonzero(tokens.sizes >= 8)
    signatures = sign_shingle_sets(
        list_shingles(units, rows, config.shingles, engine), config.signatures, engine
    )
    keys = make_band_keys(signatures, choose_bands(128, 0.6, config.bands), engine)
    if within == "document":
        numbers = number_documents(report.corpus)[report.corpus.document[rows]]
        keys = scatter_keys(keys, numbers.astype(np.uint64))
    expected: list[bytes | None] = [None] * len(report.corpus)
    for column, row in enumerate(rows.tolist()):
        expected[row] = keys[:, column].astype("<u4").tobytes()
    assert signed.column("keys").to_pylist() == expected
    assert None in expected


def test_without_bands_that_find_enough_there_are_no_keys(tmp_path: Path) -> None:
    config = replace(DEFAULTS, verify=VerifyConfig(min_resemblance=0.03))

    signed = sign_report(read(tmp_path, RECORDS, config))

    assert find_bands(config) is None
    assert signed.column("keys").null_count == len(signed) > 0


DATES = ["2031-05-01", "", "1970-01-01", "2031-05-01T00:00:00+02:00", "1969-12-31", "2031-05-01"]
POLICIES = {
    "first": CanonicalConfig(),
    "longest": CanonicalConfig("longest"),
    "newest": CanonicalConfig("newest"),
    "oldest": CanonicalConfig("oldest"),
    "priority": CanonicalConfig("priority", ("zh", "7", "list")),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_ranks_give_the_canonical_order(tmp_path: Path, policy: str) -> None:
    config = replace(DEFAULTS, readers=ReadersConfig(date_field="date"), canonical=POLICIES[policy])
    dated = [{**record, "date": date or None} for record, date in zip(RECORDS, DATES, strict=True)]
    report = read(tmp_path, dated, config)

    signed = sign_report(report)

    ids, ranks = (signed.column(name).to_numpy() for name in ("id", "rank"))
    order = ids[np.lexsort((ids, ranks))]
    assert order.tolist() == order_paragraphs(report.corpus, config.canonical).tolist()
    assert not np.signbit(ranks[ranks == 0]).any()  # Spark tells -0.0 from 0.0 where it hashes


def test_languages_are_guessed_only_where_a_rule_asks(tmp_path: Path) -> None:
    config = replace(DEFAULTS, run=RunConfig(rules=("DUP001", "DUP002")))

    signed = sign_report(read(tmp_path, RECORDS, config))

    assert set(signed.column("language").to_pylist()) == {NO_LANGUAGE}


@pytest.mark.parametrize("policy", ["newest", "oldest"])
def test_dates_are_not_to_decide_where_no_field_has_any(policy: Policy) -> None:
    config = replace(DEFAULTS, canonical=CanonicalConfig(policy))
    job = SimpleNamespace(config=config, files=(), checkpoints=None)

    with pytest.raises(SettingError, match="Name the field of the records' dates"):
        sign(cast("Any", job), cast("Any", None))
