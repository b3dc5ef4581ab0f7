"""What the stages of a run share: the engine that is chosen, threads in order, the clock."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from dedup.config import Config, EngineChoice, RunConfig
from dedup.execution import Run


def make_run(engine: EngineChoice = "auto", *, size_bytes: int = 0, jobs: int | None = None) -> Run:
    config = Config(run=RunConfig(engine=engine, jobs=jobs))
    return Run(config, size_bytes, lambda _stage, _done: None)


@pytest.mark.parametrize(
    ("engine", "size_bytes", "expected"),
    [
        ("auto", 0, "numpy"),
        ("auto", 10_000_000, "numba"),
        ("numpy", 10_000_000, "numpy"),
        ("numba", 0, "numba"),
    ],
)
def test_the_engine_is_chosen_by_hand_or_by_size(
    engine: EngineChoice, size_bytes: int, expected: str
) -> None:
    assert make_run(engine, size_bytes=size_bytes).engine.name == expected


@pytest.mark.parametrize(
    ("engine", "expected"), [("auto", "numba"), ("numpy", "numpy"), ("numba", "numba")]
)
def test_much_to_do_changes_the_engine_that_was_not_chosen_by_hand(
    engine: EngineChoice, expected: str
) -> None:
    run = make_run(engine)
    run.prefer_compiled()

    assert run.engine.name == expected


def test_jobs_are_those_asked_for_or_the_processors_there_are() -> None:
    assert make_run(jobs=3).jobs == 3
    assert make_run().jobs >= 1


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_results_come_in_the_order_of_the_values(jobs: int) -> None:
    assert list(make_run(jobs=jobs).map(lambda n: n * n, range(100))) == [n * n for n in range(100)]
    assert list(make_run(jobs=jobs).map(lambda n: n, [])) == []


def test_a_slow_value_holds_its_place() -> None:
    second_done = threading.Event()

    def wait_for_the_second(n: int) -> int:
        if n == 0:
            assert second_done.wait(10)
        else:
            second_done.set()
        return n

    assert list(make_run(size_bytes=1 << 20, jobs=2).map(wait_for_the_second, [0, 1])) == [0, 1]


@pytest.mark.parametrize("jobs", [1, 3])
def test_values_are_taken_as_they_are_needed(jobs: int) -> None:
    taken = []

    def give() -> Iterator[int]:
        for n in count():
            taken.append(n)
            yield n

    results = make_run(size_bytes=1 << 20, jobs=jobs).map(str, give())

    assert [next(results) for _ in range(10)] == list("0123456789")
    assert len(taken) <= 10 + 2 * jobs + 1


@pytest.mark.parametrize("jobs", [1, 4])
def test_an_error_of_a_function_is_raised_where_its_result_is_due(jobs: int) -> None:
    results = make_run(jobs=jobs).map(lambda n: 6 // n, [3, 2, 0, 1])

    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError, match="division"):
        next(results)


def test_after_an_error_nothing_more_is_begun() -> None:
    begun, is_over = [], threading.Event()

    def fail_first(n: int) -> int:
        begun.append(n)
        if n == 0:
            raise ValueError("the disk is full")
        is_over.wait(0.5)
        return n

    with pytest.raises(ValueError, match="the disk is full"):
        list(make_run(size_bytes=1 << 20, jobs=2).map(fail_first, range(50)))

    assert set(begun) <= {0, 1, 2}


@pytest.mark.parametrize("jobs", [1, 4])
def test_an_error_of_the_values_is_raised_too(jobs: int) -> None:
    def give() -> Iterator[int]:
        yield 1
        raise ValueError("the file is gone")

    with pytest.raises(ValueError, match="the file is gone"):
        list(make_run(jobs=jobs).map(str, give()))


def test_a_stage_is_told_when_it_begins_and_timed_when_it_ends() -> None:
    told: list[tuple[str, int]] = []
    run = Run(Config(), 0, lambda stage, done: told.append((stage, done)))

    with run.stage("sort"):
        assert (told, run.seconds) == ([("sort", 0)], [])

    ((name, seconds),) = run.seconds
    assert name == "sort"
    assert seconds >= 0
