"""Boilerplate against a plain reading of its definition, over dictionaries and sets."""

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import (
    RULES,
    BoilerplateConfig,
    CanonicalConfig,
    Config,
    EngineChoice,
    ParagraphsConfig,
    ReadersConfig,
    RunConfig,
)
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report

Document: TypeAlias = tuple[str, list[str]]  # its file, and its paragraphs
Found: TypeAlias = dict[str, tuple[int, int, str]]  # a text: documents, population, folder

NOTICE: Final = "all rights kept"
_POOL: Final = (
    *("all rights kept", "back to top", "1 2 3", "contact us by post or by telegraph"),
    "this page is a part of the manual of the third version of it",
)
_FILES: Final = ("a/1.txt", "a/2.txt", "a/b/3.txt", "a/b/4.txt", "c/5.txt", "c/6.txt", "c/d.jsonl")


def body(number: int, size: int = 20) -> str:
    """Give a text that no other number has."""
    return " ".join(f"w{number}x{place}" for place in range(size))


def draw_texts(number: int) -> st.SearchStrategy[list[str]]:
    own = st.integers(1, 12).map(lambda size: body(number, size))
    return st.lists(st.one_of(st.sampled_from(_POOL), own, st.just("!?")), max_size=5)


_DOCUMENTS: Final = st.lists(st.sampled_from(_FILES), max_size=14).flatmap(
    lambda files: st.tuples(
        *(st.tuples(st.just(file), draw_texts(at)) for at, file in enumerate(sorted(files)))
    )
)
_SETTINGS: Final = st.builds(
    BoilerplateConfig,
    st.integers(2, 4),
    st.sampled_from([0.1, 0.5, 0.75]),
    st.sampled_from([0.3, 0.5, 0.9]),
)


def settle(documents: Sequence[Document]) -> list[Document]:
    """Let a plain file be one document: the texts of all that name it."""
    settled: list[Document] = []
    for file, texts in documents:
        if settled and settled[-1][0] == file and not file.endswith("l"):
            settled[-1] = (file, settled[-1][1] + texts)
        else:
            settled.append((file, texts))
    return settled


def write(folder: Path, documents: Sequence[Document]) -> None:
    for file, texts in documents:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(texts)
        with path.open("a", encoding="utf-8") as output:
            output.write(json.dumps({"text": text}) + "\n" if file.endswith("l") else text)


def expect(documents: Sequence[Document], config: BoilerplateConfig, root: str) -> Found:
    """Read the definition: documents that hold a text, copies as a whole left out of the count."""
    filled = [(f"{root}/{file}", texts) for file, texts in documents if any(texts)]
    worded = sorted({text for _, texts in filled for text in texts} - {"!?", ""})
    holders = {text: [at for at, one in enumerate(filled) if text in one[1]] for text in worded}
    recurring = {text for text in worded if len(holders[text]) >= config.min_documents}
    is_copy = []
    for _, texts in filled:
        sizes = {text: len(text.split()) if text != "!?" else 0 for text in texts}
        copied = sum(sizes[text] for text in texts if text in recurring)
        is_copy.append(copied > config.max_copied * sum(sizes[text] for text in texts))
    found = {}
    for text in recurring:
        if sum(not is_copy[at] for at in holders[text]) >= config.min_documents:
            folder = os.path.commonpath([filled[at][0] for at in holders[text]])
            inside = [path for path, _ in filled if os.path.commonpath([path, folder]) == folder]
            if len(holders[text]) >= config.min_share * len(inside):
                found[text] = (len(holders[text]), len(inside), folder)
    return found


def scan(folder: Path, config: Config) -> Report:
    run = replace(config.run, engine="numpy", jobs=1)
    return find_duplicates([folder], replace(config, run=run))


def list_found(report: Report) -> Found:
    findings = [each for each in report.findings if each.rule == "DUP007"]
    return {
        report.text(each.number): (
            each.recurrence.n_documents,
            each.recurrence.population,
            each.recurrence.folder,
        )
        for each in findings
        if each.recurrence is not None
    }


@settings(max_examples=150)
@given(_DOCUMENTS, _SETTINGS)
def test_boilerplate_is_what_its_definition_says(
    drawn: tuple[Document, ...], config: BoilerplateConfig
) -> None:
    documents = settle(drawn)
    with tempfile.TemporaryDirectory() as root:
        write(Path(root), documents)
        report = scan(Path(root), Config(boilerplate=config))
        expected = expect(documents, config, root)

    assert list_found(report) == expected


@given(_DOCUMENTS, _SETTINGS)
def test_all_places_of_a_text_but_the_first_are_its_repeats_and_in_no_group(
    drawn: tuple[Document, ...], config: BoilerplateConfig
) -> None:
    documents = settle(drawn)
    with tempfile.TemporaryDirectory() as root:
        write(Path(root), documents)
        report = scan(Path(root), Config(boilerplate=config))
        found = expect(documents, config, root)

    texts = [report.text(number) for number in range(len(report.corpus))]
    repeats = [at for at, text in enumerate(texts) if text in found and texts.index(text) != at]
    relations = report.grouping.relations.tolist()
    assert [at for at, each in enumerate(relations) if each == Relation.BOILERPLATE] == repeats
    grouped = {member.number for group in report.groups for member in group.members}
    assert grouped.isdisjoint(repeats)


def test_any_order_of_files_engine_and_number_of_threads_give_one_report(tmp_path: Path) -> None:
    documents = [
        (f"site/{at:02}.txt", [NOTICE, body(at), _POOL[4], body(at % 9, 12)]) for at in range(24)
    ]
    write(tmp_path, documents)
    names = [str(tmp_path / file) for file, _ in documents]

    reports = []
    engines: list[EngineChoice] = ["numpy", "numba"]
    for seed in range(4):
        Random(seed).shuffle(names)  # noqa: S311 -- an order, no secret
        run = RunConfig(engine=engines[seed % 2], jobs=1 + seed // 2)
        report = find_duplicates(names, Config(run=run)).to_dict()
        reports.append({key: report[key] for key in report if key != "settings"})

    assert reports[0]["summary"]["boilerplate_texts"] == 2
    assert all(report == reports[0] for report in reports)


Write: TypeAlias = Callable[[Sequence[list[str]]], Path]


@pytest.fixture
def site(tmp_path: Path) -> Write:
    """Give a function that writes pages of these paragraphs."""

    def write_pages(pages: Sequence[list[str]]) -> Path:
        write(tmp_path, [(f"site/{at:03}.txt", page) for at, page in enumerate(pages)])
        return tmp_path

    return write_pages


def test_a_short_notice_in_ten_pages_is_reported_once_with_its_count(site: Write) -> None:
    folder = site([[body(at), NOTICE] if at % 3 == 0 else [body(at)] for at in range(30)])

    (finding,) = scan(folder, Config()).findings

    assert (finding.rule, finding.level, finding.relation) == (
        "DUP007",
        "note",
        Relation.BOILERPLATE,
    )
    assert finding.recurrence is not None
    assert (finding.recurrence.n_documents, finding.recurrence.n_paragraphs) == (10, 10)
    assert (finding.recurrence.population, finding.recurrence.folder) == (30, str(folder / "site"))


@pytest.mark.parametrize(("n_pages", "n_found"), [(9, 0), (10, 1)])
def test_fewer_than_ten_pages_make_no_boilerplate(site: Write, n_pages: int, n_found: int) -> None:
    folder = site([[body(at), NOTICE] for at in range(n_pages)])

    assert len(scan(folder, Config()).boilerplate) == n_found


@pytest.mark.parametrize(("n_others", "n_found"), [(90, 1), (91, 0)])
def test_less_than_a_tenth_of_the_pages_make_no_boilerplate(
    site: Write, n_others: int, n_found: int
) -> None:
    ends = [[body(0), NOTICE], *([body(at)] for at in range(1, n_others + 1))]
    folder = site([*ends, *([body(200 + at), NOTICE] for at in range(9))])

    assert len(scan(folder, Config()).boilerplate) == n_found


def test_a_story_republished_thirty_times_is_thirty_copies(site: Write) -> None:
    story = [body(1000 + at) for at in range(5)]
    report = scan(site([story] * 30), Config())

    assert len(report.boilerplate) == 0
    assert [len(group.members) for group in report.groups] == [29] * 5


def test_a_notice_under_copies_of_a_story_and_pages_of_their_own_is_counted_everywhere(
    site: Write,
) -> None:
    story = [body(1000), NOTICE]
    folder = site([*([body(at), NOTICE] for at in range(10)), *[story] * 5])

    assert list_found(scan(folder, Config())) == {NOTICE: (15, 15, str(folder / "site"))}


def test_pages_of_one_paragraph_have_no_boilerplate(site: Write) -> None:
    assert len(scan(site([[NOTICE]] * 40), Config()).boilerplate) == 0


def test_a_notice_in_two_folders_is_of_the_folder_over_both(tmp_path: Path) -> None:
    pages = [(f"s/{'xy'[at % 2]}/{at}.txt", [body(at), NOTICE]) for at in range(12)]
    write(tmp_path, [*pages, ("z/other.txt", [body(50)])])

    found = list_found(scan(tmp_path, Config()))

    assert found == {NOTICE: (12, 12, str(tmp_path / "s"))}


def test_folders_that_only_begin_alike_are_not_taken_for_one(tmp_path: Path) -> None:
    pages = [(f"s/a/{at}.txt", [body(at), NOTICE]) for at in range(10)]
    write(tmp_path, [*pages, ("s/ab/1.txt", [body(50)]), ("s/a.txt", [body(51)])])

    assert list_found(scan(tmp_path, Config())) == {NOTICE: (10, 10, str(tmp_path / "s" / "a"))}


def test_records_from_memory_are_one_source_without_a_name() -> None:
    records = [{"text": f"{body(at)}\n\n{NOTICE}"} for at in range(12)]

    assert list_found(find_duplicates(records)) == {NOTICE: (12, 12, "")}


def test_within_documents_and_without_its_rule_there_is_none(site: Write) -> None:
    folder = site([[body(at), NOTICE] for at in range(12)])
    rules = tuple(rule for rule in RULES if rule != "DUP007")

    for config in (
        Config(paragraphs=ParagraphsConfig(within="document")),
        Config(run=RunConfig(rules=rules)),
    ):
        assert len(scan(folder, config).boilerplate) == 0


def test_the_kept_one_is_what_the_policy_says(tmp_path: Path) -> None:
    rows = [{"text": f"{body(at)}\n\n{NOTICE}", "date": f"2026-01-{at + 1:02}"} for at in range(12)]
    file = tmp_path / "feed.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    readers = ReadersConfig(date_field="date")

    newest = scan(file, Config(readers=readers, canonical=CanonicalConfig("newest")))
    oldest = scan(file, Config(readers=readers, canonical=CanonicalConfig("oldest")))

    assert [
        report.reference(int(report.boilerplate.numbers[0])).start_line
        for report in (newest, oldest)
    ] == [12, 1]


def test_across_documents_a_repeat_in_the_firsts_own_document_is_left_alone(site: Write) -> None:
    folder = site([[NOTICE, body(at), NOTICE] for at in range(12)])

    report = scan(folder, Config(paragraphs=ParagraphsConfig(within="corpus")))

    relations = report.grouping.relations.reshape(12, 3)
    assert (relations[:, 1] == Relation.NONE).all()
    assert relations[0].tolist() == [Relation.NONE] * 3
    assert (relations[1:, [0, 2]] == Relation.BOILERPLATE).all()


def test_across_documents_no_repeat_goes_for_one_in_its_own_document(site: Write) -> None:
    notice = "this page is a part of the manual of the third version that was made in spring"
    longer = f"{notice} again"
    pages = [[body(at), notice] for at in range(12)]
    pages[4].append(longer)

    config = Config(
        paragraphs=ParagraphsConfig(within="corpus"), canonical=CanonicalConfig("longest")
    )
    grouping = (report := scan(site(pages), config)).grouping

    documents = report.corpus.document
    joined = grouping.canonicals != list(range(len(grouping.canonicals)))
    assert joined.sum() == 11
    assert (documents[joined] != documents[grouping.canonicals[joined]]).all()


def test_a_first_that_is_another_texts_near_duplicate_takes_its_repeats_along(site: Write) -> None:
    notice = "this page is a part of the manual of the third version that was made in spring"
    pages = [[f"{notice} again", body(99)], *([body(at), notice] for at in range(12))]

    report = scan(site(pages), Config())

    (group,) = report.groups
    assert [member.relation for member in group.members] == [Relation.NEAR_DUPLICATE]
    assert group.members[0].commonness == 12
    assert (report.grouping.relations == Relation.BOILERPLATE).sum() == 11
    repeats = report.grouping.relations == Relation.BOILERPLATE
    assert set(report.grouping.canonicals[repeats].tolist()) == {group.number}
