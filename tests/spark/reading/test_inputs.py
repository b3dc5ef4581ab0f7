"""The documents that Spark reads are those of the single machine, faults and all."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dedup.config import DEFAULTS, Config
from dedup.errors import InputError
from dedup.execution import Run
from dedup.gathering import gather_sources
from dedup.model import Corpus
from dedup.readers.sources import find_sources, measure_sources
from dedup.spark.reading.inputs import Inputs, read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.runtime.schemas import FILE_BITS

MakeJob: TypeAlias = Callable[..., Job]
DATED = replace(DEFAULTS, readers=replace(DEFAULTS.readers, date_field="date"))
SKIPPING = replace(DATED, readers=replace(DATED.readers, skip_errors=True))


def gather(paths: Sequence[Path], config: Config) -> Corpus:
    """Read the files on one machine."""
    sources = find_sources(paths, config.readers)
    run = Run(config, measure_sources(sources), lambda _stage, _done: None)
    return gather_sources(sources, run)[0]


def list_expected(corpus: Corpus, paths: Sequence[Path]) -> list[tuple[Any, ...]]:
    """Lay out what one machine read, a tuple a document, as `schemas.DOCUMENTS` has it."""
    rows: list[tuple[Any, ...]] = []
    repeating = {(each.path, each.line) for each in corpus.problems if "its id" in each.message}
    counts = {str(path): [0, 0] for path in sorted(paths)}
    files = list(counts)
    for which, batch in enumerate(corpus.batches):
        path = str(batch.path)
        first = int(corpus.first_documents[which])
        owners = corpus.document[slice(*corpus.first_paragraphs[which : which + 2])] - first
        block_of = dict(zip(batch.document.tolist(), range(len(batch.document)), strict=True))
        for row, identity in enumerate(batch.ids):
            text = b""
            place: tuple[int, ...] = (0, 0, 0)
            block = block_of.get(row)
            if block is not None and (path, int(batch.lines[block])) not in repeating:
                text = batch.buffer[batch.starts[block] : batch.ends[block]].tobytes()
                places = batch.lines, batch.columns, batch.end_lines
                place = tuple(int(column[block]) for column in places)
            number = (files.index(path) << FILE_BITS) + counts[path][0]
            dated = batch.dates[row] if batch.dates else ""
            rows.append((number, identity.decode(), text.decode(), dated, *place, counts[path][1]))
            counts[path][0] += 1
            counts[path][1] += int(np.count_nonzero(owners == row))
    return rows


def list_read(inputs: Inputs) -> list[tuple[Any, ...]]:
    """Lay out what Spark read likewise."""
    return sorted(tuple(row) for row in inputs.documents.collect())


def list_problems(job: Job, inputs: Inputs) -> list[tuple[Any, ...]]:
    """Give file, line and message of what Spark left out."""
    rows = inputs.problems.collect()
    return sorted(((job.files[row.file].path, row.line, row.message) for row in rows), key=repr)


def assert_equal(job: Job, paths: Sequence[Path]) -> None:
    """Compare what Spark reads with what one machine reads."""
    inputs = read_inputs(job)
    corpus = gather(paths, job.config)

    assert list_read(inputs) == list_expected(corpus, paths)
    problems = [(each.path, each.line, each.message) for each in corpus.problems]
    assert list_problems(job, inputs) == sorted(problems, key=repr)


TEXTS_OF_LINES = (
    "",
    "a\n\nb",
    "one\n \ntwo\n\n",
    "é\u2028\U0001f600",
    'plain \\ "text"',
    "\x00\x1f",
)
IDS_OF_LINES = (None, None, None, 0, 1, "x", "é", 1.5, 2**70)
ODD_LINES = (
    b"", b" \t", b"\r", b"null", b"[1]", b"{", b'{"text":1}', b'{"id":1}', b"\xff\xfe",
    b'{"text":"\xff"}', b'{"text":"\\ud800"}', b'{"text":"a","text":"b c"}', b"%PDF-1.7 ",
    b'{"text":"a","date":"soon"}', b'{"text":"a","date":17}', b"\xef\xbb\xbf",
    b'{"text":"\\u0041\\n\\nb","id":"q"} ', b'{"id":"x","text":"\x00"}', b'{"text":null}',
)  # fmt: skip


def make_lines(random: Random) -> bytes:
    """Make a file of lines that are good or odd, with one of the ends that lines have."""
    lines = [random.choice((b"", b"\xef\xbb\xbf"))]
    for _ in range(10):
        identity = random.choice(IDS_OF_LINES)
        record: dict[str, Any] = {"date": "2026-01-02"} if random.random() < 0.3 else {"teé": 1}
        record |= {} if identity is None else {"id": identity}
        record |= {"text": random.choice(TEXTS_OF_LINES)}
        line = json.dumps(record, ensure_ascii=random.random() < 0.5).encode()
        lines += [line if random.random() < 0.7 else random.choice(ODD_LINES)]
        lines += [random.choice((b"\n", b"\r\n", b"\n\n"))]
    return b"".join([*lines, random.choice((b"", b'{"text":"no end of line"}', b" "))])


def test_lines_and_rows_are_read_as_on_one_machine(job: MakeJob, tmp_path: Path) -> None:
    # No hypothesis: an example takes seconds of Spark, and shrinking one would take minutes.
    random, paths = Random(3), []  # noqa: S311 -- nothing is secret here
    for number in range(5):
        content, is_packed = make_lines(random), number == 1
        paths.append(tmp_path / f"{number} é%2{number}[a].jsonl{'.gz' * is_packed}")
        paths[-1].write_bytes(gzip.compress(content) if is_packed else content)
    paths.append(tmp_path / "2 more.parquet")
    pq.write_table(pa.table({"text": ["one\n\ntwo", "three"], "id": [1, 3]}), paths[-1])

    assert_equal(job(paths, SKIPPING, block_bytes=500), paths)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"id":"x","text":""}', '{"id":"x","text":"b"}'], r':2: its id "x" is that of an empty'),
    ],
)
def test_the_first_fault_is_the_error_of_one_machine(
    lines: list[str], message: str, job: MakeJob, tmp_path: Path
) -> None:
    good, path, later = (tmp_path / f"{name}.jsonl" for name in ("a", "b", "c"))
    good.write_text('{"id":1,"text":"a"}\n')
    path.write_text("\n".join(lines))
    later.write_text("{\n")
    paths = [good, path, later]

    with pytest.raises(InputError, match=message) as single:
        gather(paths, DEFAULTS)
    with pytest.raises(InputError, match=message) as spark:
        read_inputs(job(paths, DEFAULTS, block_bytes=80))

    assert str(spark.value) == str(single.value)


ZONED = [datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), None, datetime(1850, 6, 7, tzinfo=UTC)]
MOMENTS = [moment and moment.replace(tzinfo=None) for moment in ZONED]
IDS = {
    "int64": pa.array([3, None, -1], pa.int64()),
    "int8": pa.array([3, None, -1], pa.int8()),
    "uint8": pa.array([3, None, 255], pa.uint8()),
    "uint32": pa.array([3, None, 2**32 - 1], pa.uint32()),
    "uint64": pa.array([3, None, 2**64 - 1], pa.uint64()),
    "string": pa.array(["a", None, 'é"\n']),
    "large": pa.array(["a", None, "é"], pa.large_string()),
    "coded": pa.array(["a", None, "é"]).dictionary_encode(),
    "double": pa.array([0.1, None, 1e300]),
    "float": pa.array([0.1, None, 1.5], pa.float32()),
    "bool": pa.array([True, None, False]),
    "day": pa.array([date(2026, 1, 2), None, date(1850, 6, 7)]),
    "decimal": pa.array([Decimal("1.50"), None, Decimal("-2.00")], pa.decimal128(10, 2)),
    "bytes": pa.array([b"\xff", None, b"a"]),
    "moment": pa.array(MOMENTS, pa.timestamp("us")),
    "struct": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
    "list": pa.array([[1, 2], None, []], pa.list_(pa.int64())),
    "null": pa.nulls(3),
}
DATES = {
    "text": pa.array(["2026-01-02", None, "2026-01-02T03:04:05+01:00"]),
    "wrong": pa.array(["2026-01-02", "soon", ""]),
    "number": pa.array([20260102, None, 17]),
    "day": pa.array([date(2026, 1, 2), None, date(1850, 6, 7)]),
    "us": pa.array(MOMENTS, pa.timestamp("us")),
    "ms": pa.array(ZONED, pa.timestamp("us", "UTC")).cast(
        pa.timestamp("ms", "Europe/Berlin"), safe=False
    ),
    "ns": pa.array(MOMENTS, pa.timestamp("ns")),
    "ns zoned": pa.array(ZONED, pa.timestamp("ns", "UTC")),
}
TEXTS = {
    "plain": pa.array(["one\n\ntwo", None, ""]),
    "large": pa.array(["one", "é\n\nb", None], pa.large_string()),
    "coded": pa.array(["one", "one", None]).dictionary_encode(),
    "broken": pa.array([b"one", b"\xff\xfe", b"two"]).view(pa.string()),
}


def test_parquet_is_read_as_on_one_machine(job: MakeJob, tmp_path: Path) -> None:
    texts, dates = cycle(TEXTS.values()), cycle(DATES.items())
    tables = {}
    for name, ids in IDS.items():
        kind, dated = next(dates)
        tables[f"{name} and {kind}"] = {"id": ids, "text": next(texts), "date": dated}
    tables["none"] = {"text": TEXTS["plain"][:0]}
    tables["again"] = {"id": pa.array([1, 1, 2]), "text": TEXTS["plain"]}
    paths = [tmp_path / f"{name}.parquet" for name in tables]
    for path in paths:
        table = pa.table(tables[path.stem])
        pq.write_table(table, path, row_group_size=2, store_schema="ns" not in path.stem)
    paths.append(tmp_path / "old.parquet")
    table = pa.table({"text": TEXTS["plain"], "date": DATES["us"]})
    pq.write_table(table, paths[-1], use_deprecated_int96_timestamps=True, store_schema=False)

    assert_equal(job(paths, SKIPPING), paths)


def test_text_and_id_are_found_in_structs(job: MakeJob, tmp_path: Path) -> None:
    inner = pa.array([{"body": "one", "no": 7}, None, {"body": None, "no": 8}])
    path = tmp_path / "nested.parquet"
    pq.write_table(pa.table({"post": inner, "a.b": pa.array(["x", "y", "z"])}), path)
    readers = replace(DEFAULTS.readers, text_field="post.body", id_field="a.b")

    assert_equal(job([path], replace(DEFAULTS, readers=readers)), [path])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"body": ["a"]}, "it has no column 'text'. Name the text with --text-field: .*'body'"),
        ({"text": [1]}, "its column 'text' is int64, expected a string"),
        ({"text": ["a", "b"], "date": ["", "soon"]}, ":1: its date is ''"),
    ],
)
def test_what_is_wrong_with_parquet_is_the_error_of_one_machine(
    columns: dict[str, list[Any]], message: str, job: MakeJob, tmp_path: Path
) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table(columns), path)

    with pytest.raises(InputError, match=message) as single:
        gather([path], DATED)
    with pytest.raises(InputError, match=message) as spark:
        read_inputs(job([path], DATED))

    assert str(spark.value) == str(single.value)


def test_a_file_that_is_cut_off_is_refused(job: MakeJob, tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    pq.write_table(pa.table({"text": ["a"]}), path)
    path.write_bytes(path.read_bytes()[:-6])

    with pytest.raises(InputError, match="it is cut off: it does not end with PAR1"):
        read_inputs(job([path]))
