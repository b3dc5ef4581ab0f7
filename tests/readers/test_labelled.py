"""Labelled rows read as columns; `tests/cli/test_evaluate` holds how faulty ones are refused."""

import json
from pathlib import Path

import pytest

from dedup.config import DEFAULTS, ReadersConfig
from dedup.errors import InputError
from dedup.readers.labelled import LabelledDocuments, LabelledPairs, read_labelled


def write(path: Path, *rows: object) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_pairs_become_columns(tmp_path: Path) -> None:
    first = {"id": "x", "a": "é", "b": "two", "label": 1, "article": 7, "kind": "light"}
    path = write(tmp_path / "rows.json", first, {"a": "", "b": "", "label": "no", "kind": 3})

    found = read_labelled(path, DEFAULTS.readers, "kind")

    assert isinstance(found, LabelledPairs)
    assert (found.lefts, found.rights, found.labels) == (("é", ""), ("two", ""), (1, "no"))
    assert [row.identity for row in found.rows] == ["x", 2]
    assert [row.document for row in found.rows] == ["7", "line 2"]
    assert [row.kind for row in found.rows] == ["light", "3"]


def test_clusters_of_other_kinds_are_other_clusters(tmp_path: Path) -> None:
    rows = [{"text": "x", "cluster": cluster} for cluster in (1, "1", True)]

    found = read_labelled(write(tmp_path / "rows.jsonl", *rows), DEFAULTS.readers, "kind")

    assert isinstance(found, LabelledDocuments)
    assert len(set(found.clusters)) == 3
    assert {row.kind for row in found.rows} == {""}


def test_lines_are_counted_over_blank_ones_and_a_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf\r\n{"a": "x", "b": "y", "label": 0}\r\n\n{"a": 1}\n')

    with pytest.raises(InputError, match=r"rows.jsonl:4: it has no field 'b'"):
        read_labelled(str(path), DEFAULTS.readers, "kind")


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", {"a": "x" * 99, "b": "y", "label": 0})

    with pytest.raises(InputError, match="holds more than 50 bytes"):
        read_labelled(path, ReadersConfig(max_bytes=50), "kind")
