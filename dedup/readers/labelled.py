"""Read labelled rows of JSON Lines: pairs of texts, or texts with the cluster each belongs to.

In: a file of `{"id", "a", "b", "label"}` or of `{"id", "text", "cluster"}`, `.gz` too. Out:
columns. What a label means is the caller's business; here it need only be a word, a number or a
truth value.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.readers.jsonl import cut, load_record
from dedup.readers.sources import STDIN, Source, find_sources

Label: TypeAlias = bool | int | float | str

_PAIR: Final = ("a", "b", "label")
_DOCUMENT: Final = ("text", "cluster")
_DOCUMENT_NAMES: Final = ("document", "article")
_SHAPES: Final = (
    'Give pairs as {"id", "a", "b", "label"}, or documents as {"id", "text", "cluster"}.'
)
_MEND: Final = "Mend the line."


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """What both shapes have.

    Attributes:
        line: Where it stands, from 1.
        identity: Its id, or its line where it has none.
        document: What tells the row's document from others; the row itself where it names none.
        kind: The value of the field to break figures down by; '' where it has none.
    """

    line: int
    identity: object
    document: str
    kind: str


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Pairs of texts with their labels, as columns."""

    rows: tuple[LabelledRow, ...]
    lefts: tuple[str, ...]
    rights: tuple[str, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class LabelledDocuments:
    """Texts with the clusters that they belong to, as columns."""

    rows: tuple[LabelledRow, ...]
    texts: tuple[str, ...]
    clusters: tuple[str, ...]


def read_labelled(
    path: str, config: ReadersConfig, kind_field: str
) -> LabelledPairs | LabelledDocuments:
    """Read all rows of a file, or of standard input (`-`).

    Args:
        path: The file.
        config: How large it may be, and what standard input is called.
        kind_field: The field that figures are broken down by.

    Raises:
        InputError: It cannot be read, is empty, mixes both shapes, or a row lacks a field.
    """
    source = _find_source(path, config)
    found = list(_read_rows(source, config))
    if not found:
        raise InputError(source.name, None, "it holds no labelled row", _SHAPES)
    names = _choose_shape(source, *found[0])
    for line, record in found:
        _check_row(source, line, record, names)
    rows = tuple(_make_row(line, record, kind_field) for line, record in found)
    columns = [tuple(record[name] for _, record in found) for name in names]
    if names == _PAIR:
        return LabelledPairs(rows, *columns)
    return LabelledDocuments(rows, columns[0], tuple(map(_spell, columns[1])))


def _find_source(path: str, config: ReadersConfig) -> Source:
    """Find the one file; whatever its ending, it is read as JSON Lines."""
    if path != STDIN and Path(path).is_dir():
        raise InputError(path, None, "it is a folder", "Name one file of labelled rows.")
    found = find_sources([path], replace(config, input_format="jsonl", skip_errors=False))
    source = found[0]
    assert isinstance(source, Source)  # noqa: S101 -- problems are raised, not given
    return source


def _read_rows(source: Source, config: ReadersConfig) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the line and the record of every line that is not blank."""
    for piece in cut(source, config):
        content = piece.data[: piece.size].tobytes()
        for line, raw in enumerate(content.split(b"\n"), piece.first_line):
            if not raw.strip():
                continue
            try:
                yield line, load_record(raw, "id")
            except ValueError as error:
                raise InputError(source.name, line, str(error), _MEND) from error


def _choose_shape(source: Source, line: int, record: dict[str, Any]) -> tuple[str, ...]:
    """Tell by the first row what all rows are."""
    held = [names for names in (_PAIR, _DOCUMENT) if any(name in record for name in names)]
    if len(held) == 1:
        return held[0]
    problem = "it has fields of a pair and of a document" if held else "it is no pair, no document"
    raise InputError(source.name, line, problem, _SHAPES)


def _check_row(source: Source, line: int, record: dict[str, Any], names: tuple[str, ...]) -> None:
    other = _DOCUMENT if names == _PAIR else _PAIR
    missing = [name for name in names if name not in record]
    if missing and all(name in record for name in other):
        shapes = ("pair", "document") if names == _PAIR else ("document", "pair")
        problem = f"the first row is a {shapes[0]}, this one a {shapes[1]}"
        raise InputError(source.name, line, problem, "Put pairs and documents in a file each.")
    if missing:
        raise InputError(source.name, line, f"it has no field '{missing[0]}'", _SHAPES)
    *texts, label = names
    for name in texts:
        if not isinstance(record[name], str):
            problem = f"its field '{name}' is {_spell(record[name])}, expected a text"
            raise InputError(source.name, line, problem, _MEND)
    if not isinstance(record[label], bool | int | float | str):
        problem = f"its field '{label}' is {_spell(record[label])}, expected a word or a number"
        raise InputError(source.name, line, problem, _MEND)


def _make_row(line: int, record: dict[str, Any], kind_field: str) -> LabelledRow:
    named = [record[name] for name in _DOCUMENT_NAMES if record.get(name) is not None]
    kind = record.get(kind_field)
    return LabelledRow(
        line=line,
        identity=record.get("id", line),
        document=_spell(named[0]) if named else f"line {line}",
        kind="" if kind is None else kind if isinstance(kind, str) else _spell(kind),
    )


def _spell(value: object) -> str:
    """Give a value as JSON, in which 1 and "1" stay apart."""
    return json.dumps(value, ensure_ascii=False)
