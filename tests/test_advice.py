"""When a run is told that it would do better elsewhere."""

from pathlib import Path

import pytest

from dedup.advice import CROSSOVER, Need, Room, advise_scan, advise_spark, estimate_need
from dedup.config import Config, ParagraphsConfig, ReadersConfig, RunConfig
from dedup.execution import hold_storage
from dedup.pipeline import compare_sources
from dedup.readers.sources import find_sources
from tests.benchmarks.generated_text import write_generated_workload

GIB = 1 << 30
NEAR = Config(run=RunConfig(rules=("DUP001", "DUP002")))
LARGE = Room(memory_bytes=GIB, machine_bytes=64 * GIB, folder="work", free_bytes=500 * GIB)


def test_the_need_grows_with_the_bytes_and_with_the_relations() -> None:
    once, twice = (estimate_need(n_bytes, NEAR) for n_bytes in (5_900_000_000, 11_800_000_000))
    everything = estimate_need(5_900_000_000, Config())

    assert once.n_paragraphs == 10_000_000
    assert (twice.n_paragraphs, twice.column_bytes) == (20_000_000, 2 * once.column_bytes)
    assert everything.column_bytes > 2 * once.column_bytes


@pytest.mark.parametrize("rules", [("DUP001", "DUP002"), Config().run.rules])
def test_the_need_is_about_what_a_run_leaves_in_its_folder(
    tmp_path: Path, rules: tuple[str, ...]
) -> None:
    write_generated_workload(3000, tmp_path / "texts")
    corpus, work = tmp_path / "texts.jsonl", tmp_path / "work"
    run = RunConfig(rules=rules, keep_text=False, work_dir=str(work))
    config = Config(run=run, paragraphs=ParagraphsConfig(unit="record"))
    sources = find_sources([corpus], ReadersConfig())

    with hold_storage(sources, config) as storage:
        compare_sources(sources, config, storage=storage)
        n_bytes = sum(path.stat().st_size for path in work.iterdir())

    need = estimate_need(corpus.stat().st_size, config)
    assert need.n_paragraphs == pytest.approx(3000, rel=0.25)
    assert need.column_bytes == pytest.approx(n_bytes, rel=0.3)


def test_a_run_that_lacks_nothing_is_told_nothing() -> None:
    assert advise_scan(estimate_need(5_900_000_000, Config()), LARGE) is None


@pytest.mark.parametrize(
    ("free", "memory", "is_told"),
    [(6 * GIB, GIB, True), (7 * GIB, GIB, False), (6 * GIB, 8 * GIB, False), (None, GIB, False)],
)
def test_too_small_a_disk_is_told_where_columns_go_to_it(
    free: int | None, memory: int, *, is_told: bool
) -> None:
    room = Room(memory_bytes=memory, machine_bytes=64 * GIB, folder="/scratch", free_bytes=free)

    advice = advise_scan(Need(10_000_000, 13 * GIB // 2), room)

    assert (advice is not None) is is_told
    if advice is not None:
        assert "6.5G of files are needed in '/scratch', where 6.0G are free" in advice
        assert "--work-dir" in advice


def test_beyond_the_crossover_spark_is_named() -> None:
    need = Need(CROSSOVER, 60 * GIB)

    advice = advise_scan(need, LARGE)

    assert advice is not None
    assert "100,000,000" in advice
    assert "dedup spark scan" in advice
    assert advise_scan(Need(CROSSOVER - 1, 60 * GIB), LARGE) is None


def test_files_that_memory_cannot_keep_at_hand_are_told_of() -> None:
    room = Room(memory_bytes=GIB, machine_bytes=4 * GIB, folder="work", free_bytes=500 * GIB)

    advice = advise_scan(Need(50_000_000, 32 * GIB), room)

    assert advice is not None
    assert "32.0G" in advice
    assert "4.0G" in advice
    assert advise_scan(Need(5_000_000, 4 * GIB), room) is None


def test_below_the_crossover_a_spark_job_is_told_of_one_machine() -> None:
    advice = advise_spark(CROSSOVER - 1)

    assert advice is not None
    assert "dedup scan" in advice
    assert "100,000,000" in advice
    assert advise_spark(CROSSOVER) is None


def test_ten_times_as_many_paragraphs_take_longer() -> None:
    few, many = advise_spark(1_000_000), advise_spark(50_000_000)

    assert few is not None
    assert many is not None
    assert " seconds" in few
    assert " minutes" in many


def test_every_piece_of_advice_is_one_line() -> None:
    short = Room(memory_bytes=GIB, machine_bytes=GIB, folder="x", free_bytes=GIB)
    told = [
        advise_scan(Need(10, 2 * GIB), short),
        advise_scan(Need(CROSSOVER, 2 * GIB), LARGE),
        advise_spark(1000),
    ]

    assert all(advice is not None and "\n" not in advice for advice in told)
