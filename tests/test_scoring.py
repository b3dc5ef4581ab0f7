"""What is found in content terms is the same however the work is cut and wherever it lies."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import (
    BandsConfig,
    CanonicalConfig,
    Config,
    EngineChoice,
    ParagraphsConfig,
    RestatementConfig,
    RunConfig,
)
from dedup.execution import Run
from dedup.gathering import gather_records
from dedup.model import Relation
from dedup.pipeline import compare_corpus
from dedup.report import Report
from dedup.storage import Storage
from dedup.work_folder import WorkFolder
from tests.edited_documents import BASES, CONFIGS, DOCUMENTS, Documents

RUN: Final = {"version": "1", "settings": {}, "inputs": []}
POLICIES: Final = st.sampled_from([CanonicalConfig("first"), CanonicalConfig("longest")])
SENSITIVE: Final = st.builds(
    RestatementConfig, sensitive=st.booleans(), all_pairs_up_to=st.just(0), min_terms=st.just(3)
)


def compare(documents: Documents, config: Config, storage: Storage | None = None) -> Report:
    """Compare documents, two a batch."""
    records: list[dict[str, Any]] = [{"text": "\n\n".join(texts)} for texts in documents]
    run = Run(config, 0, lambda _stage, _done: None, storage or Storage(1 << 60))
    with patch("dedup.readers.records._RECORDS_AT_ONCE", 2):
        return compare_corpus(gather_records(records, run), run)


def make_storage(block_bytes: int, *, is_spilled: bool) -> Storage:
    storage = Storage(1 << 60)
    storage.block_bytes, storage.is_spilled = block_bytes, is_spilled
    return storage


def tell(report: Report) -> dict[str, object]:
    """Give all that a run found, as Python's values with their types."""
    told: dict[str, object] = {}
    for part in (report.grouping, report.pairs, report.restatements):
        for field in fields(part):
            value = getattr(part, field.name)
            is_array = isinstance(value, np.ndarray)
            told[f"{type(part).__name__}.{field.name}"] = (
                (value.dtype, value.shape, value.tobytes()) if is_array else value
            )
    counts = replace(report.counts, seconds=())
    return {**told, **{field.name: getattr(counts, field.name) for field in fields(counts)}}


STORAGES: Final = st.builds(make_storage, st.integers(1, 40_000), is_spilled=st.booleans())


@settings(max_examples=60)
@given(DOCUMENTS, CONFIGS, SENSITIVE, STORAGES)
def test_neither_blocks_nor_files_change_what_is_found(
    documents: Documents, config: Config, restatement: RestatementConfig, storage: Storage
) -> None:
    config = replace(config, restatement=restatement)

    whole = compare(documents, config)
    cut = compare(documents, config, storage)

    assert tell(cut) == tell(whole)


@settings(max_examples=20)
@given(DOCUMENTS, CONFIGS, STORAGES)
def test_neither_engines_nor_threads_change_what_is_found_in_blocks(
    documents: Documents, config: Config, storage: Storage
) -> None:
    engines: tuple[EngineChoice, ...] = ("numpy", "numba")
    found = [
        tell(compare(documents, replace(config, run=RunConfig(engine=engine, jobs=jobs)), each))
        for engine, jobs, each in zip(engines, (1, 3), (None, storage), strict=True)
    ]

    assert found[0] == found[1]


def list_reworded(report: Report) -> list[tuple[Relation, int, tuple[int, ...]]]:
    found = report.restatements
    return [
        (Relation(relation), number, tuple(sorted({*sources.tolist()} - {-1})))
        for relation, number, sources in zip(
            found.relations.tolist(),
            found.numbers.tolist(),
            np.split(found.sources, found.ends)[:-1],
            strict=True,
        )
    ]


SAID_AGAIN: Final = [[BASES[2]], [BASES[0]], [BASES[3]], [BASES[1]]]
ANCHORS: Final = Config(
    bands=BandsConfig(all_pairs_up_to=0), restatement=RestatementConfig(all_pairs_up_to=0)
)


@pytest.mark.parametrize("block_bytes", [1, 4096, 1 << 28])
@pytest.mark.parametrize("is_spilled", [False, True])
def test_a_paragraph_of_another_block_is_found_rewritten(
    block_bytes: int, *, is_spilled: bool
) -> None:
    storage = make_storage(block_bytes, is_spilled=is_spilled)

    report = compare(SAID_AGAIN, ANCHORS, storage)

    assert list_reworded(report) == [(Relation.REWRITTEN, 2, (0,))]


def test_the_one_that_stays_is_the_source_whatever_its_place() -> None:
    """By length the last comes first; so the first is rewritten from it."""
    longer = f"{BASES[3]} as the board had asked"
    config = replace(ANCHORS, canonical=CanonicalConfig("longest"))

    report = compare([[BASES[2]], [BASES[0]], [longer]], config, make_storage(1, is_spilled=True))

    assert list_reworded(report) == [(Relation.REWRITTEN, 0, (2,))]


def test_who_restates_and_who_is_rewritten_stand_in_order() -> None:
    """Paragraph 3 says its document's second again, 4 and 6 what other documents said."""
    documents = [[BASES[0], BASES[2]], [BASES[1], BASES[4]], [f"{BASES[3]} by noon"]]
    documents += [[BASES[2].replace("three", "two"), BASES[3]]]
    config = replace(ANCHORS, paragraphs=ParagraphsConfig(min_words=4))

    for storage in (Storage(1 << 60), make_storage(1, is_spilled=True)):
        found = compare(documents, config, storage).restatements
        keys = list(zip(found.numbers.tolist(), found.relations.tolist(), strict=True))
        assert keys == sorted(keys)
        assert {Relation.REWRITTEN, Relation.RESTATED} <= {*found.relations.tolist()}


STAGES: Final = ("anchors", "verify contained", "cover", "sentences", "reworded")


class _KilledError(Exception):
    """Stands for the end of a process."""


@pytest.mark.parametrize("killed_before", STAGES)
def test_a_run_that_was_killed_goes_on_and_finds_the_same(
    tmp_path: Path, killed_before: str
) -> None:
    part = f"{BASES[1]} {BASES[0]}"
    documents = [*SAID_AGAIN, [part, BASES[2], BASES[3]], [BASES[0], BASES[3], BASES[2]]]
    whole = tell(compare(documents, ANCHORS))
    folder = str(tmp_path / "work")
    first = Storage(1 << 60, WorkFolder(folder, RUN, resume=False))
    commit = first.commit

    def die(stage: str, facts: dict[str, Any]) -> None:
        if stage == killed_before:
            raise _KilledError
        commit(stage, facts)

    with patch.object(first, "commit", die), pytest.raises(_KilledError):
        compare(documents, ANCHORS, first)
    first.close(is_done=False)
    second = Storage(1 << 60, WorkFolder(folder, RUN, resume=True))
    done = [stage for stage in STAGES if second.load(stage) is not None]

    assert done == list(STAGES[: STAGES.index(killed_before)])
    assert tell(compare(documents, ANCHORS, second)) == whole
    second.close(is_done=True)


@pytest.mark.parametrize("stage", STAGES)
def test_what_an_earlier_run_finished_is_not_done_again(tmp_path: Path, stage: str) -> None:
    folder = str(tmp_path / "work")
    first = Storage(1 << 60, WorkFolder(folder, RUN, resume=False))
    whole = tell(compare(SAID_AGAIN, ANCHORS, first))
    first.close(is_done=False)
    second = Storage(1 << 60, WorkFolder(folder, RUN, resume=True))
    does = {
        "anchors": "dedup.rewording.propose_pairs",
        "verify contained": "dedup.rewording.measure_candidates",
        "cover": "dedup.rewording.select_covered",
        "sentences": "dedup.scoring.word_paragraphs",
        "reworded": "dedup.scoring.judge_rewriting",
    }

    with patch(does[stage], side_effect=_KilledError):
        assert tell(compare(SAID_AGAIN, ANCHORS, second)) == whole
    second.close(is_done=True)


def test_without_the_rules_of_terms_nothing_is_cut_or_scored() -> None:
    config = replace(ANCHORS, run=RunConfig(rules=("DUP001", "DUP002")))
    wanted: Sequence[str] = ("dedup.scoring.judge_rewriting", "dedup.scoring.find_restatements")

    with patch(wanted[0], side_effect=_KilledError), patch(wanted[1], side_effect=_KilledError):
        report = compare(SAID_AGAIN, config)

    assert len(report.restatements) == 0
    assert len(report.restatements.languages) == 4
