"""Of identical paragraphs the first in canonical order stands for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dedup.config import DEFAULTS, CanonicalConfig, ParagraphsConfig, Policy, Within
from dedup.pipeline import find_duplicates
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.stages.collapsing import collapse, order_columns, select_rows
from dedup.spark.stages.signing import sign
from tests.spark.single_machine import list_collapsed

MakeJob: TypeAlias = Callable[..., Job]
ONE = "The ferry leaves the northern harbour at nine each morning of the week."
OTHER = "Nobody has seen the keeper of the lighthouse since the storm of last March."
SHORT = "All aboard."
RECORDS: Sequence[Mapping[str, Any]] = [
    {"id": 0, "text": f"{ONE}\n\n{OTHER}\n\n{SHORT}\n\n{ONE}", "date": "2030-01-01"},
    {"id": 1, "text": f"{OTHER}\n\n{SHORT}"},
    {"id": 2, "text": f"{ONE.upper()}\n\n{ONE}", "date": "2031-01-01"},
    {"id": 3, "text": "A text that stands nowhere else, and is long enough to be compared."},
]


@pytest.mark.parametrize(
    ("within", "policy"), [("both", "newest"), ("document", "first"), ("corpus", "newest")]
)
def test_the_first_copy_stands_for_all(
    job: MakeJob, tmp_path: Path, within: Within, policy: Policy
) -> None:
    config = replace(
        DEFAULTS,
        paragraphs=ParagraphsConfig(within=within),
        canonical=CanonicalConfig(policy),
        readers=replace(DEFAULTS.readers, date_field="date"),
    )
    made = job(RECORDS, config, partitions=3)

    collapsed = collapse(made, sign(made, read_inputs(made).documents))

    found = sorted((row.id, row.representative) for row in collapsed.collect())
    expected = list_collapsed(find_duplicates([tmp_path / "corpus.jsonl"], config))
    assert found == list(zip(expected["id"], expected["representative"], strict=True))
    rows = sorted(row.id for row in select_rows(collapsed).collect())
    assert rows == sorted(set(expected["representative"]))
    assert (len(rows) < len(found)) == (within != "corpus")


def test_input_order_needs_no_rank() -> None:
    ranked = replace(DEFAULTS, canonical=CanonicalConfig("longest"))

    assert (order_columns(DEFAULTS), order_columns(ranked)) == (["id"], ["rank", "id"])
