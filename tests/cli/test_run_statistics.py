"""Statistics of a run that only large inputs reach."""

from dataclasses import replace

from dedup.cli.run_statistics import RunCost, describe_run
from dedup.pipeline import find_duplicates


def test_pairs_that_could_not_be_aligned_are_counted() -> None:
    report = find_duplicates([{"text": "one two three four five six seven eight"}])
    counts = replace(report.counts, n_unaligned=7, n_beyond_buckets=1200, n_templates=3)

    lines = list(describe_run(replace(report, counts=counts), RunCost(0.1, 0.2, 0.5)))

    assert any("7 pairs too different for the slot guard" in line for line in lines)
    assert any("1,200 paragraphs of 3 templates" in line for line in lines)
    assert any("0.500 s, 2 paragraphs a second" in line for line in lines)
