"""Find the files to read, on any file system that Spark knows, in the single machine's order.

In: what the user typed, files and folders, paths or URIs. Out: each file once, with what the user
calls it, its size and its time; and how many files of other formats the folders hold.

Decision (2026-11-26): Spark's own listing finds them (its source of binary files, of which only the
columns about the file are asked for), since no other knows HDFS and every store of objects without
a client of its own, and a Connect session has no other. What Spark leaves out of folders stays out:
names that begin with `_` or `.`; `.gitignore` is not looked at, which no corpus has.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from dedup.config import ReadersConfig
from dedup.errors import InputError, SettingError
from dedup.readers.registry import find_compression, find_reader, has_reader, is_ambiguous
from dedup.readers.sources import STDIN, show_path, was_changed
from dedup.spark.runtime.failures import worded
from dedup.spark.runtime.job import InputFile
from dedup.spark.runtime.storage import AS_IT_STANDS, load

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What Spark unpacks of itself; a Parquet file is packed inside.
_SPARKS_OWN: Final = {"jsonl": "gz", "parquet": ""}
FORMATS: Final = tuple(_SPARKS_OWN)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/]*)?(?=/)")
_HIDDEN: Final = ("_", ".")
_CHECK: Final = "Check the name and its permissions."


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found: the files to read, in order, and the names of those left out."""

    files: tuple[InputFile, ...]
    left_out: tuple[str, ...]


def find_files(spark: "SparkSession", inputs: Iterable[str], config: ReadersConfig) -> Listing:
    """Find what the inputs name.

    Args:
        spark: The session.
        inputs: Files and folders; what has no scheme is of Spark's usual file system.
        config: `input_format` is read for all.

    Raises:
        InputError: One does not exist or is of a kind that Spark cannot read.
        UnreadableFormatError: No reader knows the ending of a file named by hand.
        SettingError: `input_format` is none that is read here.
    """
    if config.input_format not in (None, *FORMATS):
        raise SettingError(
            f"setting input_format is {config.input_format!r}: allowed is {' or '.join(FORMATS)}. "
            "Use dedup scan for other formats."
        )
    found: dict[str, InputFile] = {}
    left_out: set[str] = set()
    for given in sorted(set(inputs)):
        for file in _list_input(spark, given):
            name = str(file.path)
            if _is_read(name, config):
                form = find_reader(Path(name), config.input_format).name
                found.setdefault(file.key, replace(file, format=form))
            elif name in (given, str(Path(given))):
                raise _refuse(name, config)
            elif has_reader(name) or is_ambiguous(name):
                left_out.add(name)
    ordered = sorted(found.values(), key=_input_order)
    files = tuple(replace(file, number=number) for number, file in enumerate(ordered))
    return Listing(files, tuple(sorted(left_out)))


def _input_order(file: InputFile) -> tuple[tuple[str, ...], str]:
    """Give the key of the single machine's input order; see `readers.sources`."""
    return PurePath(str(file.path)).parts, str(file.path)


def _is_read(name: str, config: ReadersConfig) -> bool:
    """Say whether Spark reads a file of that name."""
    if config.input_format is None and not has_reader(name):
        return False
    form = find_reader(Path(name), config.input_format).name
    packing = find_compression(name)
    return form in FORMATS and packing in ("", _SPARKS_OWN[form])


def _refuse(name: str, config: ReadersConfig) -> InputError:
    """Say why a file that was named by hand is not read.

    Raises:
        UnreadableFormatError: No reader knows its ending, on one machine neither.
    """
    form = find_reader(Path(name), config.input_format).name
    packing = find_compression(name)
    problem = f"{f'{form} packed as .{packing}' if packing else form} is not read on Spark"
    remedy = "Make it JSON Lines (plain or .gz) or Parquet, or use dedup scan."
    return InputError(name, None, problem, remedy)


def _list_input(spark: "SparkSession", given: str) -> Iterator[InputFile]:
    """List one file, or everything below a folder."""
    if given == STDIN:
        remedy = "Put it into a file that every executor can read."
        raise InputError(given, None, "standard input is there on one machine only", remedy)
    rows = _list_rows(spark, given)
    if not rows and PurePath(given).name.startswith(_HIDDEN):
        problem = "Spark passes over names that begin with _ or ."
        raise InputError(given, None, problem, "Give it another name.")
    for row in rows:
        name = name_file(given, row.path)
        yield InputFile(0, name, row.path, row.key, "", row.length, row.modified)


def _list_rows(spark: "SparkSession", given: str) -> list[Any]:
    """Give path, key, length and time of the files that Spark finds.

    Times are numbers, of milliseconds since 1970: as moments they come in the time of this machine,
    where an hour of autumn is there twice.
    """
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    columns = (
        functions.col("path"),
        functions.col("_metadata.file_path").alias("key"),
        functions.col("length"),
        functions.unix_millis("modificationTime").alias("modified"),
    )
    with worded(lambda told: InputError(given, None, f"Spark cannot list it ({told})", _CHECK)):
        found = load(spark, "binaryFile", given)
        rows: list[Any] | None = None if found is None else found.select(*columns).collect()
    if rows is None:
        raise InputError(given, None, "no such file or directory", _CHECK)
    return rows


def refuse_changed(spark: "SparkSession", files: Iterable[InputFile]) -> None:
    """Refuse to go on with files that are not as they were when they were found.

    Raises:
        InputError: One was changed or removed.
    """
    expected = {file.uri: file for file in files if file.path is not None}
    if not expected:
        return
    from pyspark.sql import functions  # noqa: PLC0415 -- loaded with the session

    first = next(iter(expected.values()))
    with worded(lambda told: was_changed(str(first.path), told)):
        found = spark.read.format("binaryFile").options(**AS_IT_STANDS).load(list(expected))
        modified = functions.unix_millis("modificationTime").alias("modified")
        rows = found.select("path", "length", modified).collect()
    known = {row.path: (row.length, row.modified) for row in rows}
    for uri, file in expected.items():
        if known.get(uri) != (file.size_bytes, file.modified):
            raise was_changed(str(file.path), "its size or its time is another")


def name_file(given: str, found: str) -> str:
    """Give what reports call a file: what the user typed, and the way from there.

    Args:
        given: What the user typed: the file, or a folder over it; a path or a URI.
        found: The file as Spark names it, whole and with its scheme.

    >>> name_file("s3a://shop/news", "s3a://shop/news/2026/a.jsonl")
    's3a://shop/news/2026/a.jsonl'
    """
    path, typed = _strip_scheme(found), _strip_scheme(given)
    if typed != given:
        return given.rstrip("/") + path[len(typed.rstrip("/")) :]
    top = PurePath(os.path.abspath(given))  # noqa: PTH100 -- `..` is taken off, links are not
    if not PurePath(path).is_relative_to(top):  # another file system, where no one stands anywhere
        place = path.find(f"/{str(PurePath(given)).strip('/')}/") + 1
        return show_path(path[place:] if place else path)
    return show_path(str(PurePath(given) / PurePath(path).relative_to(top)))


def _strip_scheme(uri: str) -> str:
    """Give the path in a URI, or a plain path as it is; nothing in it is escaped."""
    scheme = _SCHEME.match(uri)
    return uri[scheme.end() :] if scheme else uri
