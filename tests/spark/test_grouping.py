"""Who joins whom is what walking in canonical order gives, in one task and in rounds."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import DEFAULTS
from dedup.spark import rounds
from dedup.spark.job import Job
from dedup.spark.rounds import MEMBERS, find_members, group_edges
from dedup.spark.schemas import arrow_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MakeJob: TypeAlias = Callable[..., Job]
EDGES = (
    "a bigint, b bigint, left_rank double, right_rank double, resemblance double, "
    "right_containment double, is_identical boolean"
)
Edge = tuple[int, int, float, float, float, float, bool]
Member = tuple[int, int, float, float, bool]


@st.composite
def graphs(draw: st.DrawFn) -> list[Edge]:
    """Draw a verified graph whose scores and ranks tie."""
    n = draw(st.integers(2, 12))
    ranks = draw(st.lists(st.sampled_from([0.0, -1.0, float("inf")]), min_size=n, max_size=n))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    drawn = draw(st.lists(pairs, max_size=30))
    scores = st.sampled_from([0.6, 0.75, 1.0])
    return make_edges(ranks, drawn, [draw(scores) for _ in drawn])


def make_edges(ranks: list[float], pairs: list[tuple[int, int]], scores: list[float]) -> list[Edge]:
    """Turn each pair, once, so that the earlier in canonical order comes first."""
    edges = {}
    for (one, other), score in zip(pairs, scores, strict=True):
        (left, a), (right, b) = sorted([(ranks[one], one), (ranks[other], other)])
        edges[a, b] = (a, b, left, right, score, score / 2 + a / 1000, score == 1.0)
    return list(edges.values())


def walk(edges: list[Edge]) -> list[Member]:
    """Walk the paragraphs in canonical order; each joins the best earlier canonical, if any."""
    places = {edge[side]: (edge[2 + side], edge[side]) for edge in edges for side in (0, 1)}
    joined: dict[int, Member] = {}
    for number in sorted(places, key=lambda each: places[each]):
        usable = [edge for edge in edges if edge[1] == number and edge[0] not in joined]
        if usable:
            best = min(usable, key=lambda edge: (-edge[4], *places[edge[0]]))
            joined[number] = (number, best[0], *best[4:])
    return sorted(joined.values())


def group_in_a_task(edges: list[Edge]) -> list[Member]:
    """Hand edges to the kernel in several batches."""
    columns = [list(column) for column in zip(*edges, strict=True)] or [[] for _ in range(7)]
    table = pa.table(columns, schema=arrow_schema(EDGES))
    batches = group_edges(table.to_batches(max_chunksize=4), DEFAULTS)
    found = pa.Table.from_batches(batches, arrow_schema(MEMBERS)).to_pylist()
    return sorted(tuple(row.values()) for row in found)


@given(graphs(), st.randoms())
def test_a_task_groups_as_walking_does(edges: list[Edge], random: Random) -> None:
    expected = walk(edges)
    random.shuffle(edges)

    assert group_in_a_task(edges) == expected


def make_components(seed: int, n_components: int) -> list[Edge]:
    """Make many small graphs side by side, and a chain, which takes the most rounds."""
    random = Random(seed)
    ranks: list[float] = []
    pairs: list[tuple[int, int]] = []
    for _ in range(n_components):
        first, n = len(ranks), random.randint(2, 8)
        ranks += [random.choice([0.0, -1.0]) for _ in range(n)]
        numbers = range(first, first + n)
        pairs += [tuple(random.sample(numbers, 2)) for _ in range(random.randint(1, 2 * n))]  # type: ignore[misc] -- two of them
    first = len(ranks)
    ranks += [0.0] * 8
    pairs += [(number, number + 1) for number in range(first, first + 7)]
    return make_edges(ranks, pairs, [random.choice([0.6, 0.8, 1.0]) for _ in pairs])


def collect(members: "DataFrame") -> list[Member]:
    """Give the rows of MEMBERS, sorted."""
    return sorted(tuple(row) for row in members.select(*arrow_schema(MEMBERS).names).collect())


@pytest.mark.parametrize("most_blocks", [0, 1 << 16])
def test_rounds_find_what_walking_does(
    job: MakeJob, monkeypatch: pytest.MonkeyPatch, most_blocks: int
) -> None:
    made = job([{"id": 1, "text": "not read"}])
    edges = make_components(most_blocks, 40)
    frame = made.spark.createDataFrame(edges, EDGES).repartition(3)
    monkeypatch.setattr("dedup.spark.id_sets._MOST_BLOCKS", most_blocks)
    monkeypatch.setattr(rounds, "_MOST_AT_ONCE", 5)  # so that rounds leave a rest to a task

    members = find_members(made, frame, frame)

    stages = [cost.name for cost in made.checkpoints.costs]
    assert collect(members) == walk(edges)
    assert {"joining_1", "joining_2", "joining_rest", "members"} <= set(stages)


def test_few_edges_are_grouped_in_one_task(job: MakeJob) -> None:
    made = job([{"id": 1, "text": "not read"}])
    edges = make_components(7, 40)
    frame = made.spark.createDataFrame(edges, EDGES).repartition(3)

    members = find_members(made, frame, frame)

    assert collect(members) == walk(edges)
    assert [cost.name for cost in made.checkpoints.costs] == ["members"]
    assert replace(DEFAULTS) == made.config
