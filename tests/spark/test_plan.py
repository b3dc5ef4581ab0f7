"""What a run does around its stages; the stages have tests of their own."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dedup.errors import InputError, SparkRunError
from dedup.spark import plan
from tests.spark.conftest import MakeJob
from tests.spark.runtime.test_failures import SparkError

_STAGES = (
    *("check_marks", "sign", "collapse", "group", "find_boilerplate", "set_apart"),
    *("find_kept", "_measure_anchored", "restate", "_join_rewritten", "list_pairs", "find_marks"),
    "make_result",
)


def fail(*_words: object) -> None:
    """Fail as Spark does between two stages."""
    raise SparkError("a file of it cannot be read")


def test_what_fails_between_stages_is_told_with_the_stage_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan, "read_inputs", fail)
    job: Any = SimpleNamespace(checkpoints=SimpleNamespace(latest="sign"))

    with pytest.raises(
        SparkRunError, match="cannot finish the stage 'sign' on Spark: a file of it"
    ):
        plan.run(job)


def test_an_input_that_changes_before_it_is_marked_is_refused(
    job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = job([{"text": "a"}])

    def mark(*_words: object) -> str:
        (tmp_path / "corpus.jsonl").write_text("{}\n" * 9)
        return "marked"

    for name in _STAGES:
        monkeypatch.setattr(plan, name, lambda *_words: None)
    monkeypatch.setattr(plan, "sign", lambda *_words: SimpleNamespace(count=lambda: 0))
    compared = SimpleNamespace(verified=None, count=lambda: None)
    monkeypatch.setattr(plan, "_compare", lambda *_words: compared)
    monkeypatch.setattr(plan, "read_inputs", lambda _job: SimpleNamespace(documents=None))
    monkeypatch.setattr(plan, "mark_input", mark)

    with pytest.raises(InputError, match="it was changed while it was read"):
        plan.run(made, ("identical",))
