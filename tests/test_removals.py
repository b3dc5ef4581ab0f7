"""What is removed, against laws: nothing is lost, and deciding again removes nothing more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import Config, EngineChoice, RunConfig
from dedup.execution import Run
from dedup.gathering import gather_records
from dedup.model import Corpus, Relation
from dedup.pipeline import compare_corpus
from dedup.removals import Decisions, decide_removals, rules_in_force
from dedup.report import Report
from dedup.storage import Storage
from dedup.work_folder import WorkFolder
from tests.edited_documents import BASES, CONFIGS, DOCUMENTS, RELATIONS, Documents

WORK: Final[dict[str, Any]] = {"version": "1", "settings": {}, "inputs": []}
_CHOSEN: Final = st.sets(st.sampled_from(RELATIONS), min_size=1).map(sorted).map(tuple)


def decide(
    documents: Sequence[Sequence[str]],
    relations: tuple[str, ...],
    config: Config | None = None,
    storage: Storage | None = None,
) -> tuple[Corpus, Decisions]:
    config = config or Config(run=RunConfig(engine="numpy", jobs=1))
    records: list[dict[str, Any]] = [{"text": "\n\n".join(texts)} for texts in documents]
    run = Run(rules_in_force(config, relations), 0, lambda _stage, _done: None, storage)
    corpus, units = gather_records(records, run)
    return corpus, decide_removals(corpus, units, relations, run)


def list_left(documents: Documents, corpus: Corpus, decisions: Decisions) -> Documents:
    """Give the documents without what is removed; one without a paragraph is none."""
    texts = [text for one in documents for text in one]
    kept = [number for number in range(len(texts)) if number not in decisions.removals]
    grouped = groupby(kept, key=lambda number: int(corpus.document[number]))
    return [[texts[number] for number in numbers] for _, numbers in grouped]


@settings(max_examples=150)
@given(DOCUMENTS, _CHOSEN, CONFIGS)
def test_deciding_again_on_what_is_left_removes_nothing(
    documents: Documents, relations: tuple[str, ...], config: Config
) -> None:
    corpus, decisions = decide(documents, relations, config)

    again = decide(list_left(documents, corpus, decisions), relations, config)[1]

    assert again.removals == {}


@settings(max_examples=150)
@given(DOCUMENTS, _CHOSEN, CONFIGS)
def test_whatever_goes_is_said_by_something_that_stays(
    documents: Documents, relations: tuple[str, ...], config: Config
) -> None:
    corpus, decisions = decide(documents, relations, config)

    for number, removal in decisions.removals.items():
        assert removal.number == number
        assert removal.relation.label in relations
        assert number not in removal.sources
        assert removal.sources
        stays = decisions.kept_for(number)
        assert stays not in decisions.removals
        assert 0.0 <= removal.score <= 1.0
        if config.paragraphs.within == "document" or removal.relation is Relation.RESTATED:
            assert {int(corpus.document[source]) for source in removal.sources} == {
                int(corpus.document[number])
            }
        if config.paragraphs.within == "corpus":
            assert int(corpus.document[number]) not in {
                int(corpus.document[s]) for s in removal.sources
            }


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles_of(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


@settings(max_examples=150)
@given(DOCUMENTS, _CHOSEN)
def test_each_score_is_what_the_two_texts_share(
    documents: Documents, relations: tuple[str, ...]
) -> None:
    _, decisions = decide(documents, relations)
    texts = [text for one in documents for text in one]

    for removal in decisions.removals.values():
        goes, source = texts[removal.number], texts[removal.sources[0]]
        left, right = shingles_of(goes), shingles_of(source)
        if removal.relation is Relation.IDENTICAL:
            assert words_of(goes) == words_of(source)
        elif removal.relation is Relation.NEAR_DUPLICATE:
            assert words_of(goes) != words_of(source)
            assert removal.score == pytest.approx(len(left & right) / len(left | right))
            assert removal.score >= 0.6
        elif removal.relation is Relation.CONTAINED:
            assert removal.score == pytest.approx(len(left & right) / len(left))
            assert len(words_of(goes)) < len(words_of(source))


@given(DOCUMENTS)
def test_identical_alone_removes_the_later_of_equal_texts_and_documents_that_are_nothing_else(
    documents: Documents,
) -> None:
    _, decisions = decide(documents, ("identical",))

    rows = [(at, words_of(text)) for at, one in enumerate(documents) for text in one]
    words = [each for _, each in rows]
    later = {at for at, each in enumerate(words) if len(each) >= 8 and words.index(each) < at}
    short = {at for at, each in enumerate(words) if len(each) < 8}
    emptied = {rows[at][0] for at in later} - {
        document for at, (document, _) in enumerate(rows) if at not in later | short
    }
    staying = [words[at] for at in short if rows[at][0] not in emptied]
    for document in emptied:
        own = [at for at in short if rows[at][0] == document]
        if all(words[at] in staying for at in own):
            later.update(own)
    assert decisions.numbers.tolist() == sorted(later)
    for number, removal in decisions.removals.items():
        assert [words[source] for source in removal.sources] == [words[number]]


def test_a_document_that_goes_as_a_whole_makes_room_for_boilerplate() -> None:
    """Ten of 101 pages are less than a tenth; one goes with its short text, and 10 of 100 are."""
    own = [" ".join(f"w{at}x{place}" for place in range(20)) for at in range(100)]
    pages = [[text, "all rights kept"] if at < 10 else [text] for at, text in enumerate(own)]
    pages[50].append("read more")
    pages.append([own[50], "read more"])

    decisions = decide(pages, ("identical", "boilerplate"))[1]

    assert len(decisions.removals) == 2 + 9


def test_near_duplicate_alone_leaves_equal_texts() -> None:
    base = BASES[0]
    _, decisions = decide([[base, base], [f"{base} today"], [base]], ("near-duplicate",))

    assert decisions.numbers.tolist() == [2]


def test_boilerplate_is_not_removed_as_identical_and_identical_not_as_boilerplate() -> None:
    notice = "this page is a part of the manual of the third version"
    pages = [[f"{' '.join(f'w{at}x{n}' for n in range(20))}", notice] for at in range(12)]
    pages[5].append(BASES[0])
    pages[6].append(BASES[0])

    assert list(decide(pages, ("identical",))[1].removals) == [15]
    removed = decide(pages, ("boilerplate",))[1]
    assert len(removed.removals) == 11
    assert {each.relation for each in removed.removals.values()} == {Relation.BOILERPLATE}
    assert {removed.kept_for(number) for number in removed.removals} == {1}
    assert len(decide(pages, ("boilerplate", "identical"))[1].removals) == 12


def test_what_is_contained_in_a_copy_goes_for_the_one_that_stays() -> None:
    part = BASES[1]
    whole = f"{part} {BASES[0]}"
    near = f"{whole} today"

    _, decisions = decide([[whole], [near], [part]], ("near-duplicate", "contained"))

    assert decisions.numbers.tolist() == [1, 2]
    assert decisions.kept_for(2) == 0
    assert decisions.removals[2].relation is Relation.CONTAINED


def test_a_chain_of_removals_ends_with_one_that_stays() -> None:
    """The shortest stands in the middle one, which stands in the longest."""
    one = BASES[1]
    two = f"{one} {BASES[0]}"
    three = f"{two} {BASES[4]} {BASES[2]}"

    _, decisions = decide([[one], [two], [three]], ("contained",))

    assert decisions.numbers.tolist() == [0, 1]
    assert [decisions.kept_for(number) for number in range(3)] == [2, 2, 2]


@settings(max_examples=30)
@given(DOCUMENTS, _CHOSEN, CONFIGS)
def test_engines_and_threads_decide_alike(
    documents: Documents, relations: tuple[str, ...], config: Config
) -> None:
    engines: tuple[EngineChoice, ...] = ("numpy", "numba")
    decided = [
        decide(documents, relations, replace(config, run=RunConfig(engine=engine, jobs=jobs)))[1]
        for engine, jobs in zip(engines, (1, 3), strict=True)
    ]

    assert list(decided[0].removals.values()) == list(decided[1].removals.values())


@settings(max_examples=30)
@given(DOCUMENTS, _CHOSEN, CONFIGS, st.integers(1, 40_000))
def test_neither_blocks_nor_files_change_what_is_decided(
    documents: Documents, relations: tuple[str, ...], config: Config, block_bytes: int
) -> None:
    storage = Storage(1 << 60)
    storage.block_bytes, storage.is_spilled = block_bytes, True

    _, whole = decide(documents, relations, config)
    _, cut = decide(documents, relations, config, storage)

    assert cut.removals == whole.removals
    assert cut.stays.tolist() == whole.stays.tolist()
    assert cut.is_named.tolist() == whole.is_named.tolist()


@given(DOCUMENTS, _CHOSEN)
def test_named_are_the_sources_of_all_that_goes(
    documents: Documents, relations: tuple[str, ...]
) -> None:
    corpus, decisions = decide(documents, relations)
    sources = {source for removal in decisions.removals.values() for source in removal.sources}

    assert np.flatnonzero(decisions.is_named).tolist() == sorted(sources)
    for number in range(len(corpus)):
        if number not in decisions.removals:
            assert decisions.kept_for(number) == number


def test_a_corpus_without_a_paragraph_loses_none() -> None:
    assert decide([], RELATIONS)[1].removals == {}


class _KilledError(Exception):
    """Stands for the end of a process."""


@pytest.mark.parametrize("killed_in", [1, 2])
def test_a_later_round_goes_on_in_a_named_folder(tmp_path: Path, killed_in: int) -> None:
    """Of a chain in which each text stands in the next one a round takes those that are free."""
    chain = [" ".join(BASES[at] for at in range(n)) for n in range(1, 5)]
    documents, relations = [[text] for text in chain], ("contained",)
    whole = decide(documents, relations)[1]
    folder, rounds = str(tmp_path / "work"), 0

    def count_rounds(*arguments: Any) -> Report:  # noqa: ANN401 -- those of compare_corpus
        nonlocal rounds
        rounds += 1
        if rounds > killed_in:
            raise _KilledError
        return compare_corpus(*arguments)

    first = Storage(1 << 60, WorkFolder(folder, WORK, resume=False))
    with (
        patch("dedup.removals.compare_corpus", count_rounds),
        pytest.raises(_KilledError),
    ):
        decide(documents, relations, None, first)
    first.close(is_done=False)
    second = Storage(1 << 60, WorkFolder(folder, WORK, resume=True))

    assert decide(documents, relations, None, second)[1].removals == whole.removals
    second.close(is_done=True)
