"""What a run did, in sentences."""

from dataclasses import replace

import numpy as np

from dedup.findings import Counts
from dedup.outcome import lay_open
from dedup.report import Report
from dedup.reporters.summary import find_nothing, summarize


def test_the_sample_is_summed_up(sample_report: Report) -> None:
    assert list(summarize(lay_open(sample_report))) == [
        ("Read", "10 paragraphs (166 words) of 7 documents"),
        ("Found", "2 groups with 3 redundant paragraphs (30.0% of all, 66 words)"),
        ("Also", "1 contained paragraph, 1 variant (not counted as redundant)"),
        ("Skipped", "1 paragraph under 8 words"),
        ("Problems", "2 unreadable, listed above"),
    ]


def test_whatever_was_left_out_is_said(report_nothing: Report) -> None:
    counts = Counts(n_short=2, n_empty=1, n_beyond_buckets=1200, n_templates=3, n_unaligned=4)

    lines = [line for _, line in summarize(lay_open(replace(report_nothing, counts=counts)))]

    assert lines[1:] == [
        "no redundant paragraphs",
        "2 paragraphs under 8 words",
        "1 paragraph without a word",
        "1,200 paragraphs of 3 template families, compared with the first 8 of each only",
        "4 pairs too different to look for other numbers or dates",
    ]


def test_restated_and_rewritten_paragraphs_are_summed_up(restated_report: Report) -> None:
    # 32 of the 67 words of the one document with a restating paragraph are that paragraph's.
    assert list(summarize(lay_open(restated_report))) == [
        ("Read", "7 paragraphs (138 words) of 3 documents"),
        ("Found", "no redundant paragraphs"),
        ("Padding", "1 restating paragraph holds 48% of the words of 1 document"),
        ("Also", "1 rewritten paragraph (not counted as redundant)"),
        ("Skipped", "1 paragraph under 8 content words, not judged restated"),
        ("Skipped", "2 paragraphs of lists, tables, code or links, not judged restated"),
    ]


def test_several_restating_paragraphs_are_summed_up_together(restated_report: Report) -> None:
    found = restated_report.restatements
    sure = replace(found, are_near=np.zeros_like(found.are_near))

    lines = dict(summarize(lay_open(replace(restated_report, restatements=sure))))

    # 32 + 18 words of the 67 + 53 of the two documents.
    assert lines["Padding"] == "2 restating paragraphs hold 42% of the words of 2 documents"


def test_nothing_found_is_one_sentence(report_nothing: Report) -> None:
    assert find_nothing(lay_open(report_nothing)) == (
        "No duplicates found among 2 paragraphs (51 words) of 1 document."
    )
    assert find_nothing(lay_open(replace(report_nothing, counts=Counts(n_short=1)))) == (
        "No duplicates found among 2 paragraphs (51 words) of 1 document. "
        "Not compared: 1 paragraph under 8 words."
    )


def test_a_source_that_could_not_be_read_is_no_clean_result(sample_report: Report) -> None:
    assert find_nothing(lay_open(sample_report)) == ""
