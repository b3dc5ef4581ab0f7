"""The column of who said each sentence, against the list that reports are made of."""

import numpy as np

from dedup.config import Config, RestatementConfig, RunConfig
from dedup.pipeline import find_duplicates
from dedup.sources import list_sources
from dedup.spark.stages.said import lay_out_said
from tests.spark.equality.corpus import write_records

CONFIG = Config(
    run=RunConfig(jobs=1, rules=("DUP004", "DUP005")),
    restatement=RestatementConfig(sensitive=True),
)


def test_every_list_holds_what_a_report_lists() -> None:
    report = find_duplicates(write_records(60), CONFIG)
    found, ids = report.restatements, np.arange(len(report.corpus)) * 7 + (3 << 40)

    column = lay_out_said(found, ids)

    expected = [
        [
            {
                "sentence": said.sentence,
                "source": int(ids[said.number]),
                "source_sentence": said.source_sentence,
                "share": said.share,
                "is_second": said.is_second,
            }
            for said in list_sources(found, row)
        ]
        for row in range(len(found))
    ]
    assert column.to_pylist() == expected
    assert sum(map(len, expected)) > len(expected) > 20
    assert any(said["is_second"] for listed in expected for said in listed)


def test_nobody_restates_and_nobody_is_listed() -> None:
    report = find_duplicates([{"text": "one text alone has nothing to say again"}], CONFIG)

    assert lay_out_said(report.restatements, np.arange(1)).to_pylist() == []
