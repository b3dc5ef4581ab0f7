"""Files are found as on one machine: which, in what order and by what name."""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.config import DEFAULTS
from dedup.errors import DedupError, InputError, SettingError, UnreadableFormatError
from dedup.readers.sources import Source, find_sources
from dedup.spark.reading.listing import find_files, name_file, refuse_changed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NAMES = ("b.jsonl", "a/z.ndjson", "a.jsonl", "a/b c/é%20[1]{2}.jsonl.gz", "a-b/x.parquet", "a/B.pq")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of files, the current one."""
    for name in NAMES:
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "given", [["in"], ["in/a", "in/b.jsonl", "./in/a/"], ["in/a/../a"], ["in/a-b/x.parquet", "in"]]
)
def test_names_and_order_are_those_of_one_machine(
    given: list[str], folder: Path, spark: "SparkSession"
) -> None:
    whole = [str(folder / name) for name in given]
    found = find_files(spark, whole, DEFAULTS.readers).files
    sources = find_sources(whole, DEFAULTS.readers)

    assert [file.path for file in found] == [s.name for s in sources if isinstance(s, Source)]
    assert [file.number for file in found] == list(range(len(found)))
    assert {file.format for file in found} <= {"jsonl", "parquet"}


@pytest.mark.parametrize(
    ("given", "found", "name"),
    [
        ("docs", "file:{here}/docs/a/b.jsonl", "docs/a/b.jsonl"),
        (".", "file:{here}/a.jsonl", "a.jsonl"),
        ("./docs/", "file:{here}/docs/a.jsonl", "docs/a.jsonl"),
        ("{here}/docs", "file:{here}/docs/a.jsonl", "{here}/docs/a.jsonl"),
        ("file:{here}/docs", "file:{here}/docs/a.jsonl", "file:{here}/docs/a.jsonl"),
        ("hdfs://name:8020/docs/", "hdfs://name:8020/docs/a/b.pq", "hdfs://name:8020/docs/a/b.pq"),
        ("docs", "hdfs://name:8020/user/me/docs/a.jsonl", "docs/a.jsonl"),
        ("/docs", "hdfs://name:8020/docs/a.jsonl", "/docs/a.jsonl"),
    ],
)
def test_a_file_is_called_what_the_user_typed_and_the_way_from_there(
    given: str, found: str, name: str
) -> None:
    given, found, name = (text.replace("{here}", str(Path.cwd())) for text in (given, found, name))

    assert name_file(given, found) == name


def test_what_spark_does_not_read_is_left_out_of_folders_and_named(
    folder: Path, spark: "SparkSession"
) -> None:
    for name in ("page.html", "image.png", "c.jsonl.zst", "d.parquet.gz", "_b.jsonl", ".c.jsonl"):
        (folder / "in" / name).write_bytes(b"\n")

    listing = find_files(spark, ["file:" + str(folder / "in")], DEFAULTS.readers)

    assert len(listing.files) == len(NAMES)
    names = [os.path.basename(name) for name in listing.left_out]  # noqa: PTH119 -- a URI
    assert names == ["c.jsonl.zst", "d.parquet.gz", "page.html"]


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("page.html", InputError, "html is not read on Spark. Make it JSON Lines"),
        ("c.jsonl.zst", InputError, "jsonl packed as .zst is not read on Spark"),
        ("table.parquet.gz", InputError, "parquet packed as .gz is not read on Spark"),
        ("image.png", UnreadableFormatError, "no reader for '.png'"),
        ("_b.jsonl", InputError, "passes over names that begin with _ or ."),
        ("nothing.jsonl", InputError, "no such file or directory"),
        ("-", InputError, "standard input is there on one machine only"),
    ],
)
def test_a_file_named_by_hand_that_spark_does_not_read_is_refused(
    name: str, kind: type[DedupError], message: str, folder: Path, spark: "SparkSession"
) -> None:
    if name not in ("-", "nothing.jsonl"):
        (folder / name).write_bytes(b"\n")
    given = name if name == "-" else str(folder / name)

    with pytest.raises(kind, match=message):
        find_files(spark, [given], DEFAULTS.readers)


def test_a_format_given_by_hand_is_that_of_all_files(folder: Path, spark: "SparkSession") -> None:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lines.log").write_bytes(b"\n")
    readers = replace(DEFAULTS.readers, input_format="jsonl")

    (file,) = find_files(spark, [str(folder / "corpus")], readers).files

    assert file.format == "jsonl"
    with pytest.raises(SettingError, match="input_format is 'html': allowed is jsonl or parquet"):
        find_files(spark, ["."], replace(readers, input_format="html"))


def test_times_are_told_to_the_millisecond(
    folder: Path, spark: "SparkSession", monkeypatch: pytest.MonkeyPatch
) -> None:
    second_half_past_one = 1762065000.25  # in New York, on the night that has two of them
    os.utime(folder / "in" / "b.jsonl", (second_half_past_one, second_half_past_one))
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()

    files = find_files(spark, [str(folder / "in" / "b.jsonl")], DEFAULTS.readers).files

    monkeypatch.undo()
    time.tzset()
    assert [file.modified for file in files] == [1762065000250]


@pytest.mark.parametrize("change", ["longer", "newer", "gone"])
def test_a_file_that_changed_meanwhile_is_refused(
    change: str, folder: Path, spark: "SparkSession"
) -> None:
    files = find_files(spark, [str(folder / "in")], DEFAULTS.readers).files
    refuse_changed(spark, files)
    path = folder / "in" / "b.jsonl"
    if change == "longer":
        path.write_bytes(b"{}")
    elif change == "newer":
        os.utime(path, (1, 1))
    else:
        path.unlink()

    with pytest.raises(InputError, match="it was changed while it was read"):
        refuse_changed(spark, files)
