import json
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.generated_text import write_generated_workload
from tests.benchmarks.resemblance import measure_resemblance


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        write_generated_workload(200, tmp_path / name, seed)

    one, two, other = (
        (tmp_path / f"{name}.jsonl").read_bytes() for name in ("one", "two", "other")
    )
    assert one == two
    assert one != other


def test_the_truth_tells_what_was_planted(tmp_path: Path) -> None:
    write_generated_workload(200, tmp_path / "w")

    rows = [json.loads(line) for line in (tmp_path / "w.jsonl").read_text().splitlines()]
    truth = [json.loads(line) for line in (tmp_path / "w.truth.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == list(range(200))
    assert len(truth) == 40
    for planted in truth:
        copy, source = (rows[planted[side]]["text"] for side in ("id", "source"))
        assert planted["jac3"] == pytest.approx(measure_resemblance(source, copy, 3), abs=1e-4)
        assert 0.02 <= planted["rate"] <= 0.20


def test_frequent_words_are_as_frequent_as_in_language(tmp_path: Path) -> None:
    write_generated_workload(300, tmp_path / "w")

    lines = (tmp_path / "w.jsonl").read_text().splitlines()
    words = Counter(word for line in lines for word in json.loads(line)["text"].lower().split())
    assert 0.04 < words.most_common(1)[0][1] / words.total() < 0.15
