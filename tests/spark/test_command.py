"""`dedup spark scan` from its words to its folders, in the session that all these tests share."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow.parquet as pq
import pytest

from dedup.cli.app import main

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Run: TypeAlias = Callable[..., tuple[int, str, str]]
TEXTS = [
    f"The mill by the river ground {kind} for the villages until the flood of {year} took its "
    "wheel, and nobody has mended it in all the years that have passed since then."
    for kind, year in [("wheat", 1871), ("rye", 1871), ("wheat", 1871), ("oats", 1902)]
]
RULES = "--unit", "record", "--select", "DUP001,DUP002"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "corpus.jsonl"
    path.parent.mkdir()
    for name in ("a.md", "b.html", "c.png"):  # of which only one machine reads two
        (path.parent / name).write_text("text\n")
    records = ({"id": number, "text": text} for number, text in enumerate(TEXTS))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


class _Held:
    """A session that is not stopped: other tests go on with it."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a session has
        return getattr(self._session, name)

    def stop(self) -> None:
        """Stay."""


@pytest.fixture
def scan(
    spark: "SparkSession",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Give a function that runs the command: exit status, stdout, stderr."""
    monkeypatch.setattr("dedup.cli.spark.start_session", lambda *_words: _Held(spark))

    def run(*words: str | Path, on_spark: bool = True) -> tuple[int, str, str]:
        folders = ("--output", tmp_path / "found", "--work", tmp_path / "work")
        command = ("spark", "scan") if on_spark else ("scan",)
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in (*command, *words, *RULES, *(folders if on_spark else ()))])
        return int(stop.value.code or 0), *capfd.readouterr()

    return run


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """Read the rows of groups, with ids as the format `groups` has them."""
    rows = pq.read_table(folder / "found" / "groups").to_pylist()
    return sorted(({**row, "id": json.loads(row["id"])} for row in rows), key=lambda r: r["id"])


def test_a_scan_writes_what_one_machine_finds_and_goes_on(
    scan: Run, corpus: Path, tmp_path: Path
) -> None:
    code, out, err = scan(corpus.parent, "--partitions", "2")

    assert code == 0, err[-2000:]
    assert f"left out: {corpus.parent}/a.md, {corpus.parent}/b.html.\n" in err
    _, single, _ = scan(corpus, "--output-format", "groups", on_spark=False)
    assert read_rows(tmp_path) == list(map(json.loads, single.splitlines()))
    assert "1 group with 2 redundant paragraphs" in out
    assert "bytes shuffled a paragraph" in out
    assert "paragraphs take dedup scan on one machine about" in err
    summary = json.loads(next((tmp_path / "found" / "summary").glob("part-*")).read_text())
    assert summary["paragraphs"] == len(TEXTS)

    shutil.rmtree(tmp_path / "found")
    code, out, err = scan(corpus.parent, "--quiet")
    assert (code, err) == (0, "")
    stages = out.partition("by stage:\n")[2].splitlines()
    assert {line.partition(" taken over ")[2] for line in stages} == {"from an earlier run"}

    shutil.rmtree(tmp_path / "found")
    code, out, err = scan(corpus.parent, "--min-words", "5")
    assert (code, out) == (2, "")
    assert "its stages are of another run: paragraphs.min_words was 8, now 5." in err
    assert not (tmp_path / "found").exists()


def test_a_broken_line_is_the_error_of_one_machine(scan: Run, corpus: Path, tmp_path: Path) -> None:
    corpus.write_text(corpus.read_text() + "{\n")

    code, out, err = scan(corpus)

    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == scan(corpus, on_spark=False)[2].splitlines()[-1]
    assert not (tmp_path / "found").exists()
