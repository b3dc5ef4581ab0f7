"""Who joins whom is what walking in canonical order gives, in one task and in rounds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import (
    DEFAULTS,
    BandsConfig,
    CanonicalConfig,
    Config,
    ParagraphsConfig,
    ReadersConfig,
    RunConfig,
    ShinglesConfig,
)
from dedup.pipeline import find_duplicates
from dedup.spark.reading.inputs import read_inputs
from dedup.spark.runtime.job import Job
from dedup.spark.runtime.schemas import arrow_schema
from dedup.spark.stages import rounds
from dedup.spark.stages.collapsing import collapse
from dedup.spark.stages.grouping import group
from dedup.spark.stages.pairing import count_beyond, pair
from dedup.spark.stages.rounds import MEMBERS, find_members, group_edges
from dedup.spark.stages.sieving import sift
from dedup.spark.stages.signing import sign
from dedup.spark.stages.verifying import verify
from tests.spark.single_machine import list_grouping

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
    places = {edge[0]: (edge[2], edge[0]) for edge in edges}
    places |= {edge[1]: (edge[3], edge[1]) for edge in edges}
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
    random = Random(seed)  # noqa: S311 -- no secret
    ranks: list[float] = []
    pairs: list[tuple[int, int]] = []
    for _ in range(n_components):
        first, n = len(ranks), random.randint(2, 8)
        ranks += [random.choice([0.0, -1.0]) for _ in range(n)]
        numbers = range(first, first + n)
        for _ in range(random.randint(1, 2 * n)):
            one, other = random.sample(numbers, 2)
            pairs.append((one, other))
    first = len(ranks)
    ranks += [0.0] * 8
    pairs += [(number, number + 1) for number in range(first, first + 7)]
    return make_edges(ranks, pairs, [random.choice([0.6, 0.8, 1.0]) for _ in pairs])


def collect(members: "DataFrame") -> list[Member]:
    """Give the rows of MEMBERS, sorted."""
    return sorted(tuple(row) for row in members.select(*arrow_schema(MEMBERS).names).collect())


def test_rounds_find_what_walking_does(job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    made = job([{"id": 1, "text": "not read"}])
    edges = make_components(3, 40)
    frame = made.spark.createDataFrame(edges, EDGES).repartition(3)
    monkeypatch.setattr(
        "dedup.spark.runtime.id_sets._MOST_BLOCKS", 0
    )  # as if members were too many
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


# Copies within a document and across, chains of edits, other numbers, and a template of many.
BASE = (
    "In the spring of the year the ferry of {place} was mended by {n} men of the yard, who asked "
    "for no wages but bread, salt and a place at the table of the harbour master until all was done"
)
EDITS = ("", " again", " again and again", " once more, and again and again, as in other years")
PLACES = ("Ambry", "Brindle", "Corvale")


def write_records() -> list[Mapping[str, Any]]:
    """Give documents of several paragraphs, dated, of which most say what another says."""
    random = Random(5)  # noqa: S311 -- no secret
    records: list[Mapping[str, Any]] = []
    for number in range(30):
        sentences = [
            BASE.format(place=random.choice(PLACES), n=random.choice(["four", "four", "31", "32"]))
            + random.choice(EDITS)
            for _ in range(3)
        ]
        own = f"Document {number} alone says this: " + " ".join(
            f"word{number}x{i}" for i in range(9)
        )
        date = f"20{30 - number % 7}-01-01"
        records.append({"id": number, "text": "\n\n".join([*sentences, own, own]), "date": date})
    return records


CONFIGS = {
    "near, within documents": Config(
        run=RunConfig(rules=("DUP002",)),
        paragraphs=ParagraphsConfig(within="document"),
        canonical=CanonicalConfig("longest"),
    ),
    "near, across documents": Config(
        run=RunConfig(rules=("DUP002",)),
        paragraphs=ParagraphsConfig(within="corpus"),
        shingles=ShinglesConfig("char", 5),
    ),
    "both": Config(
        run=RunConfig(rules=("DUP001", "DUP002")),
        canonical=CanonicalConfig("newest"),
        readers=ReadersConfig(date_field="date"),
    ),
}


@pytest.mark.parametrize(
    ("name", "most_at_once"),
    [
        ("near, within documents", 1_000_000),
        ("near, across documents", 1_000_000),
        ("both", 0),
    ],
)
def test_groups_are_those_of_the_single_machine(
    job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most_at_once: int
) -> None:
    bands = BandsConfig(all_pairs_up_to=0, full_bucket=6, few_in_bucket=2)
    config = replace(CONFIGS[name], bands=bands)
    monkeypatch.setattr(rounds, "_MOST_AT_ONCE", most_at_once)
    made = job(write_records(), config, partitions=3)

    paragraphs = sign(made, read_inputs(made).documents)
    collapsed = collapse(made, paragraphs)
    candidates = pair(made, paragraphs, collapsed)
    verified = verify(made, paragraphs, sift(made, paragraphs, candidates))
    grouping = group(made, collapsed, verified)

    found = sorted(tuple(row) for row in grouping.collect())
    report = find_duplicates([tmp_path / "corpus.jsonl"], config)
    expected = list_grouping(report)
    (counts,) = count_beyond(made, paragraphs, candidates).collect()
    assert counts.n_beyond_buckets == report.counts.n_beyond_buckets
    assert counts.n_templates == report.counts.n_templates
    assert (counts.n_templates > 0) == (config.paragraphs.within != "document")
    assert found == sorted(zip(*(column.tolist() for column in expected.values()), strict=True))
    assert len(found) > len(PLACES)
