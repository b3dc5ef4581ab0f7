"""The bytes shuffled are told where Spark tells them; a run needs none of it."""

from typing import Any

import pytest

from dedup.spark.runtime import shuffled
from dedup.spark.runtime.shuffled import ShuffleMeter
from tests.spark.runtime.test_failures import SparkError


def test_a_spark_that_keeps_its_figures_to_itself_fails_no_run(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_words: object) -> None:
        raise SparkError("Method public stageList() is not whitelisted")

    monkeypatch.setattr(shuffled, "_find_context", lambda _spark: object())
    monkeypatch.setattr(shuffled, "_list_stages", refuse)
    nothing: Any = None

    meter = ShuffleMeter(nothing)

    assert meter.read() is None
    assert [record.message for record in caplog.records] == [
        "Spark does not tell the bytes shuffled: Method public stageList() is not whitelisted"
    ]
