"""The JSON lines that say what was cut out, and from where."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.config import Config, RunConfig
from dedup.cuts import DoneCut, describe_cut, find_place
from dedup.execution import Run
from dedup.gathering import gather_sources
from dedup.model import Corpus
from dedup.readers.sources import Source, find_sources
from dedup.removals import Decisions, decide_removals, rules_in_force
from dedup.writers.edits import Cut

TEXT = "on the day the ferry came back nobody in the harbour knew its captain"


@pytest.fixture
def decided(tmp_path: Path) -> tuple[Corpus, Decisions, Source]:
    """Give a run of a file of two records, the second of which repeats the first."""
    rows = [{"id": "é", "text": f"one\n\n{TEXT}"}, {"id": 7, "text": TEXT}]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    config = rules_in_force(Config(run=RunConfig(jobs=1)), ("identical",))
    run = Run(config, 0, lambda _stage, _done: None)
    (source,) = find_sources([file], config.readers)
    assert isinstance(source, Source)
    corpus, units = gather_sources([source], run)
    return corpus, decide_removals(corpus, units, ("identical",), run), source


def describe(decided: tuple[Corpus, Decisions, Source], content: bytes | None) -> dict[str, Any]:
    corpus, decisions, source = decided
    line = describe_cut(corpus, decisions, DoneCut(source, (2,), Cut((2,), 40, content)))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    told: dict[str, Any] = json.loads(line)
    return told


def test_a_cut_says_where_it_was_and_what_it_repeats(
    decided: tuple[Corpus, Decisions, Source],
) -> None:
    path = decided[2].name

    told = describe(decided, b"caf\xc3\xa9\r\n")

    assert (told["path"], told["offset"], told["content"]) == (path, 40, "café\r\n")
    assert told["paragraphs"] == [
        {
            "document": 7,
            "path": path,
            "paragraph": 0,
            "start_line": 2,
            "start_column": 20,
            "relation": "identical",
            "score": 1.0,
            "of": [  # the column is where the string begins
                {"document": "é", "path": path, "paragraph": 1, "start_line": 1, "start_column": 22}
            ],
        }
    ]


@pytest.mark.parametrize("content", [b"caf\xe9", b"\xff\xfe\x00", b"\xed\xa0\x80"])
def test_bytes_that_are_no_utf8_are_spelled_in_base64(
    content: bytes, decided: tuple[Corpus, Decisions, Source]
) -> None:
    told = describe(decided, content)

    assert base64.b64decode(told["content_base64"]) == content
    assert "content" not in told


def test_what_has_no_bytes_of_its_own_has_no_content(
    decided: tuple[Corpus, Decisions, Source],
) -> None:
    assert describe(decided, None)["content"] is None


def test_a_place_needs_no_text(decided: tuple[Corpus, Decisions, Source]) -> None:
    corpus = decided[0]

    without = corpus.without_texts()

    for number in range(len(corpus)):
        assert find_place(without, number) == find_place(corpus, number)
    assert [find_place(corpus, number)["paragraph"] for number in range(3)] == [0, 1, 0]
    assert np.array_equal(without.tokens.sizes, corpus.tokens.sizes)
