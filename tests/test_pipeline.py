"""Whole runs: what goes in, what is left out and counted, and which way was taken."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run as run_process
from typing import Any, Final

import pytest

from dedup.config import (
    DEFAULTS,
    BandsConfig,
    Config,
    EngineChoice,
    ParagraphsConfig,
    ReadersConfig,
    RunConfig,
    ShinglesConfig,
    VerifyConfig,
    Within,
)
from dedup.errors import InputError
from dedup.pipeline import find_duplicates
from dedup.report import Report

TEXT: Final = (
    "the mill by the river was sold in spring to a family from the coast who had built boats "
    "there for more than a hundred years before the harbour silted up"
)
OTHER: Final = "nothing in these few words stands in any other paragraph of this small test"
ALL_PAIRS: Final = BandsConfig()
BANDS: Final = BandsConfig(all_pairs_up_to=0)


def members_of(report: Report) -> list[list[int]]:
    return [[group.number, *(m.number for m in group.members)] for group in report.groups]


def run(*texts: str, **parts: object) -> Report:
    return find_duplicates([{"text": text} for text in texts], replace(DEFAULTS, **parts))  # type: ignore[arg-type]


def test_files_folders_and_names_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.md").write_text(f"# Title\n\n{TEXT}\n")

    by_folder = find_duplicates([tmp_path])
    by_name = find_duplicates([str(tmp_path / "b.md"), tmp_path / "a.txt"])

    assert members_of(by_folder) == members_of(by_name) == [[0, 1]]
    assert by_folder.groups == by_name.groups


def test_records_and_paths_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="paths and records are mixed"):
        find_duplicates([{"text": TEXT}, tmp_path])


@pytest.mark.parametrize("bands", [ALL_PAIRS, BANDS])
def test_short_and_empty_paragraphs_are_counted_and_match_nothing(bands: BandsConfig) -> None:
    report = run("one two", "one two", "?!", "?!", OTHER, bands=bands)

    assert members_of(report) == []
    assert (report.counts.n_short, report.counts.n_empty, report.counts.n_unique) == (2, 2, 1)


def test_shorter_paragraphs_are_compared_where_that_is_asked_for() -> None:
    report = run("one two", "one  TWO", "one", paragraphs=ParagraphsConfig(min_words=2))

    assert members_of(report) == [[0, 1]]


def test_a_text_of_fewer_words_than_a_shingle_is_one_shingle() -> None:
    settings = {"paragraphs": ParagraphsConfig(min_words=1), "shingles": ShinglesConfig(size=5)}
    report = run("one two three", "one two three!", "one two", **settings)

    assert members_of(report) == [[0, 1]]


@pytest.mark.parametrize("bands", [ALL_PAIRS, BANDS])
@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_both_ways_find_identical_and_near_duplicate_paragraphs(
    bands: BandsConfig, engine: EngineChoice
) -> None:
    edited = TEXT.replace("hundred", "thousand")
    report = run(TEXT, OTHER, edited, TEXT, bands=bands, run=RunConfig(engine=engine))

    assert members_of(report) == [[0, 2, 3]]
    assert [m.relation.label for m in report.groups[0].members] == ["near-duplicate", "identical"]
    assert report.counts.compared_all_pairs == (bands is ALL_PAIRS)


def test_all_pairs_are_compared_up_to_a_number_of_distinct_texts() -> None:
    texts = [f"{OTHER} {n}" for n in range(4)]

    few = run(*texts, *texts, bands=BandsConfig(all_pairs_up_to=4))
    many = run(*texts, *texts, bands=BandsConfig(all_pairs_up_to=3))

    assert (few.counts.compared_all_pairs, few.counts.n_candidates) == (True, 6)
    assert not many.counts.compared_all_pairs


@pytest.mark.parametrize("bands", [ALL_PAIRS, BANDS])
@pytest.mark.parametrize(
    ("within", "expected"),
    [("both", [[0, 1, 2, 3]]), ("document", [[0, 1], [2, 3]]), ("corpus", [[0, 3], [1, 2]])],
)
def test_paragraphs_are_compared_within_documents_or_across_them(
    bands: BandsConfig, within: Within, expected: list[list[int]]
) -> None:
    edited = TEXT.replace("hundred", "thousand")
    settings = {"paragraphs": ParagraphsConfig(within=within), "bands": bands}

    report = run(f"{TEXT}\n\n{edited}", f"{edited}\n\n{TEXT}", **settings)

    assert members_of(report) == expected


def test_with_the_unit_record_a_text_is_compared_as_a_whole() -> None:
    config = ParagraphsConfig(unit="record")

    assert members_of(run(f"{TEXT}\n\n{OTHER}", OTHER, paragraphs=config)) == []
    assert members_of(run(f"{TEXT}\n\n{OTHER}", f"{TEXT} {OTHER}", paragraphs=config)) == [[0, 1]]


def test_char_shingles_find_what_scanning_garbled() -> None:
    # One letter in twelve is wrong: no word shingle holds, most runs of five characters do.
    garbled = TEXT.replace("e b", "c b").replace("i", "l").replace("fr", "fi")
    settings = {"shingles": ShinglesConfig("char", 5), "verify": VerifyConfig(min_resemblance=0.4)}

    for bands in (ALL_PAIRS, BANDS):
        assert members_of(run(TEXT, OTHER, garbled, bands=bands, **settings)) == [[0, 2]]
    assert members_of(run(TEXT, OTHER, garbled)) == []


def test_a_deselected_relation_joins_no_group() -> None:
    edited = TEXT.replace("hundred", "thousand")

    assert members_of(run(TEXT, TEXT, edited, run=RunConfig(rules=("DUP001",)))) == [[0, 1]]
    assert members_of(run(TEXT, TEXT, edited, run=RunConfig(rules=("DUP002",)))) == [[0, 2]]


def test_without_texts_the_groups_are_the_same() -> None:
    kept, dropped = (
        run(TEXT, OTHER, TEXT, run=RunConfig(keep_text=keep)) for keep in (True, False)
    )

    assert members_of(kept) == members_of(dropped) == [[0, 2]]


def test_progress_is_told_stage_by_stage() -> None:
    told: list[tuple[str, int]] = []
    records = [{"text": f"{OTHER} {n}"} for n in range(5)]

    find_duplicates(
        records, replace(DEFAULTS, bands=BANDS), lambda stage, done: told.append((stage, done))
    )

    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == [
        "read, split, tokenize",
        "order and collapse",
        "shingle, sign",
        "pair",
        "verify",
        "group",
        "boilerplate",
        "anchors",
        "verify contained",
        "cover",
        "sentences",
        "restated",
        "rewritten",
    ]
    assert ("read, split, tokenize", 5) in told
    assert ("shingle, sign", 5) in told


def test_every_stage_is_timed() -> None:
    seconds = dict(run(TEXT, TEXT).counts.seconds)

    assert list(seconds) == [
        "read, split, tokenize",
        "order and collapse",
        "shingle",
        "verify",
        "group",
        "boilerplate",
        "anchors",
        "cover",
        "sentences",
        "restated",
        "rewritten",
    ]
    assert all(value >= 0 for value in seconds.values())


def test_skipped_errors_are_counted_and_the_rest_is_compared(data: Path) -> None:
    config = replace(DEFAULTS, readers=ReadersConfig(skip_errors=True))

    report = find_duplicates([data / "hard" / "broken.jsonl"], config)

    assert [problem.line for problem in report.problems] == [3]
    assert len(report.groups) == 1


def test_a_repeated_id_is_an_error_or_a_problem(data: Path) -> None:
    path = data / "hard" / "duplicate-ids.jsonl"

    with pytest.raises(InputError, match=r"duplicate-ids\.jsonl:3: its id .* is that of line 1"):
        find_duplicates([path])
    report = find_duplicates([path], replace(DEFAULTS, readers=ReadersConfig(skip_errors=True)))
    assert [problem.line for problem in report.problems] == [3]
    assert report.corpus.n_documents == 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*gone\.txt"):
        find_duplicates([tmp_path / "gone.txt"])


@pytest.mark.parametrize(("size", "expected"), [(1_000, False), (500_000, True)])
def test_small_inputs_never_load_compiled_code(
    tmp_path: Path,
    size: int,
    expected: bool,  # noqa: FBT001 -- parametrized
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("word " * (size // 5))
    code = (
        "import sys, dedup; dedup.find_duplicates([sys.argv[1]]);"
        "print('llvmlite' in sys.modules, 'numba' in sys.modules, 'datasketch' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(path)]
    done = run_process(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603

    assert done.stdout.split() == [str(expected), "False", "False"]


def test_results_are_the_same_twice_in_a_row_and_for_any_number_of_jobs(data: Path) -> None:
    reports = [
        find_duplicates([data], Config(ReadersConfig(skip_errors=True), run=RunConfig(jobs=jobs)))
        for jobs in (1, 1, 2, 5)
    ]

    assert len({json.dumps([str(report.groups), str(report.findings)]) for report in reports}) == 1


@pytest.mark.parametrize("source", ["a.txt", Path("a.txt")])
def test_one_path_where_several_are_expected_is_refused(source: Any) -> None:  # noqa: ANN401
    with pytest.raises(InputError, match=r"cannot read sources: one .* is no list"):
        find_duplicates(source)


@pytest.mark.parametrize(("source", "kind"), [(5, "int"), (None, "NoneType"), (b"a", "bytes")])
def test_what_is_neither_path_nor_mapping_is_refused(source: Any, kind: str) -> None:  # noqa: ANN401
    with pytest.raises(InputError, match=f"sources:2: it is {kind}, expected a path or a mapping"):
        find_duplicates([{"text": TEXT}, source])


def test_records_in_memory_may_share_an_id() -> None:
    report = find_duplicates([{"id": 1, "text": TEXT}, {"id": 1, "text": TEXT}])

    assert (members_of(report), report.problems) == ([[0, 1]], ())


@pytest.mark.parametrize(("budget", "expected"), [(4, True), (3, False)])
def test_few_paragraphs_go_by_bands_past_a_number_of_shared_shingles(
    budget: int,
    expected: bool,  # noqa: FBT001 -- parametrized
) -> None:
    # "a b c" stands in all three (three pairs), "b c d" in two (one pair): four meetings.
    texts = ["a b c d e", "a b c d f", "a b c g"]
    settings = {
        "paragraphs": ParagraphsConfig(min_words=1),
        "bands": BandsConfig(all_pairs_meetings=budget),
    }

    assert run(*texts, **settings).counts.compared_all_pairs == expected
