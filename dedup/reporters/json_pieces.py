"""Write JSON in pieces: a value as harmless text, a list a row a line, and who wrote it."""

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dedup.reporters.escapes import escape_json


def dump(value: object) -> str:
    """Give a value as JSON text of one line; what a terminal would obey is escaped."""
    return escape_json(json.dumps(value, ensure_ascii=False))


def dump_rows(name: str, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give `"name": [` and the rows, one a line, so that differences of two reports read."""
    yield f"{dump(name)}: ["
    separator = "\n"
    for row in rows:
        yield f"{separator}{dump(row)}"
        separator = ",\n"
    yield "\n]"


def find_version() -> str:
    """Give the version of this package."""
    try:
        return version("dedup-paragraphs")
    except PackageNotFoundError:  # run from a folder of sources
        return "0+unknown"
