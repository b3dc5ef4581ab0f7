"""Inputs that are hard by their size: the work grows with them and no faster, nothing is cut.

Work is bounded by counts, never by a clock.
"""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from dedup.config import BandsConfig, Config, EngineChoice, RunConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report

BARE: Final = Config(run=RunConfig(keep_text=False))
LINE: Final = "one and the same sentence said in eight words or a few more of them"
TEMPLATE: Final = (
    "dear customer your order of one {} has left our house in the harbour street this morning and "
    "will be brought to your door by the end of the week if nobody is at home our driver leaves it"
)


@pytest.mark.parametrize(
    "piece", ["lorem ipsum dolor sit amet ", "lorem ipsum d\u00f3lor sit amet "]
)
def test_a_paragraph_of_50_megabytes_on_one_line_is_one_paragraph(
    tmp_path: Path, piece: str
) -> None:
    path = tmp_path / "long.txt"
    n = 50_000_000 // len(piece.encode())
    path.write_text(piece * n, encoding="utf-8")

    report = find_duplicates([path], BARE)

    assert report.corpus.tokens.sizes.tolist() == [5 * n]
    assert (report.counts.n_unique, report.counts.n_candidates, report.groups) == (1, 0, ())


def test_two_records_of_megabytes_are_compared_whole(tmp_path: Path) -> None:
    words = [f"w{n}" for n in range(1_000_000)]
    changed = [*words[:-100], *words[-99:], "last"]
    path = tmp_path / "long.jsonl"
    path.write_text("\n".join(json.dumps({"text": " ".join(text)}) for text in (words, changed)))

    (group,) = find_duplicates([path]).groups

    # One word is gone and one is new: 999,995 of the 1,000,001 runs of three words stand in both.
    # Of a million hashes of 32 bits some hundred are equal by chance.
    assert group.members[0].resemblance == pytest.approx(999_995 / 1_000_001, abs=1e-8)


def test_one_word_of_50_megabytes_is_too_short_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "word.txt"
    path.write_text("x" * 50_000_000)

    assert find_duplicates([path], BARE).counts.n_short == 1


def test_a_million_identical_paragraphs_are_one_group(tmp_path: Path) -> None:
    path = tmp_path / "same.jsonl"
    path.write_text((json.dumps({"text": LINE}) + "\n") * 1_000_000)

    report = find_duplicates([path], BARE)

    assert len(report.corpus) == 1_000_000
    assert (report.counts.n_unique, report.counts.n_candidates) == (1, 0)
    assert not report.grouping.canonicals.any()
    assert np.count_nonzero(report.grouping.relations == Relation.IDENTICAL) == 999_999


def run_template(folder: Path, word: str) -> Report:
    path = folder / "template.jsonl"
    records = ({"text": TEMPLATE.format(word.format(n))} for n in range(20_000))
    path.write_text("\n".join(map(json.dumps, records)))
    return find_duplicates([path])


def test_twenty_thousand_letters_from_one_template_are_one_group(tmp_path: Path) -> None:
    report = run_template(tmp_path, "w{}")
    (group,) = report.groups
    n_words = len(TEMPLATE.split())

    assert (group.number, len(group.members)) == (0, 19_999)
    # The word stands in three runs of three words on either side.
    expected = (n_words - 2 - 3) / (n_words - 2 + 3)
    assert {member.resemblance for member in group.members} == {expected}
    assert report.counts.n_candidates <= 100 * 20_000
    assert report.counts.n_beyond_buckets >= 19_000
    assert report.counts.n_templates >= 1


def test_twenty_thousand_letters_with_their_own_numbers_are_variants(tmp_path: Path) -> None:
    report = run_template(tmp_path, "{}")

    assert report.groups == ()
    assert set(report.pairs.relations.tolist()) == {Relation.VARIANT}
    assert set(report.pairs.conflicts.tolist()) == {1}
    assert report.counts.n_candidates <= 100 * 20_000
    assert {finding.rule for finding in report.findings} == {"DUP006"}


def test_two_thousand_paragraphs_of_one_word_each_repeated_are_compared(tmp_path: Path) -> None:
    # Every pair shares nothing; a text of one repeated word has one shingle.
    path = tmp_path / "words.txt"
    path.write_text("\n\n".join(f"w{n} " * 20 for n in range(2_000)))

    report = find_duplicates([path])

    assert (len(report.pairs), report.counts.n_candidates) == (0, 2_000 * 1_999 // 2)


def test_a_hundred_thousand_blank_lines_hold_no_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_bytes(b" \t\r\n\n\r" * 100_000)

    report = find_duplicates([path])

    assert (len(report.corpus), report.corpus.n_documents) == (0, 1)


def test_a_text_file_of_many_repeats_is_one_group_with_every_place(tmp_path: Path) -> None:
    path = tmp_path / "same.txt"
    path.write_text(f"\u00e9 {LINE}\n\n" * 50_000, encoding="utf-8")

    (group,) = find_duplicates([path]).groups

    assert len(group.members) == 49_999
    last = group.members[-1].reference
    size = len(LINE) + 4
    assert (last.paragraph, last.start_line, last.start_char) == (49_999, 99_999, 49_999 * size)


def test_ten_thousand_documents_without_text_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text('{"text": ""}\n' * 10_000)

    report = find_duplicates([path])

    assert (len(report.corpus), report.corpus.n_documents) == (0, 10_000)


def run_versions(texts: list[str], **bands: int) -> Report:
    return find_duplicates([{"text": text} for text in texts], Config(bands=BandsConfig(**bands)))


@pytest.mark.parametrize("length", [40, 400])
def test_two_thousand_versions_of_a_text_are_not_compared_all_with_all(length: int) -> None:
    words = [f"w{n}" for n in range(length)]
    texts = [" ".join([*words[: n % length], f"x{n}", *words[n % length :]]) for n in range(2_000)]

    report = run_versions(texts)

    assert not report.counts.compared_all_pairs
    assert report.counts.n_candidates <= 100 * 2_000
    (group,) = report.groups
    assert (group.number, len(group.members)) == (0, 1_999)


def test_past_the_budget_of_shared_shingles_the_groups_are_the_same() -> None:
    random = np.random.default_rng(11)
    bases = [[f"w{n}" for n in random.integers(0, 5_000, 40)] for _ in range(30)]
    texts = []
    for n in range(1_500):
        words = list(bases[n % 30])
        words[int(random.integers(40))] = f"x{n}"
        texts.append(" ".join(words))

    few, many = run_versions(texts), run_versions(texts, all_pairs_meetings=1_000)

    assert few.counts.compared_all_pairs
    assert not many.counts.compared_all_pairs
    assert many.counts.n_candidates < few.counts.n_candidates
    assert many.groups == few.groups
    assert len(few.groups) == 30


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_members_beyond_full_buckets_are_counted_once_each(engine: EngineChoice) -> None:
    # 10 templates of 100 letters: 36 of each are beyond the 64 of a bucket, in many of 42 bands.
    random = np.random.default_rng(5)
    templates = [" ".join(f"w{n}" for n in random.integers(0, 9_000, 150)) for _ in range(10)]
    records = [{"text": f"{template} x{n}"} for n in range(100) for template in templates]

    bands, run = BandsConfig(all_pairs_up_to=0), RunConfig(engine=engine)
    report = find_duplicates(records, Config(bands=bands, run=run))

    assert report.counts.n_beyond_buckets == 10 * 36
    # In a band whose minimum is of a letter's own word, another letter begins the bucket.
    assert 10 <= report.counts.n_templates <= 10 * 3
    assert [len(group.members) for group in report.groups] == [99] * 10
