"""The anchors of texts, and who is paired by them, against the single machine's functions."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.anchors import find_anchor_pairs
from dedup.config import Config, RestatementConfig, RunConfig
from dedup.kernels import constants, hashing, load_engine
from dedup.model import TermLists
from dedup.spark.runtime.schemas import arrow_schema
from dedup.spark.stages import anchor_pairs, anchors
from dedup.spark.stages.anchor_pairs import list_known, pair_postings, sum_pairs
from dedup.spark.stages.anchors import Anchoring, list_anchors, list_postings
from dedup.spark.stages.packing import PACKED
from dedup.terms import NO_LANGUAGE
from tests.kernels.packing import Row, pack_rows
from tests.kernels.test_anchors import ROWS

WORDS = ("mill", "river", "spring", "coast", "ferry", "lamp", "12", "winter", "bread", "stone")
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join), max_size=14
)
IDS = st.sampled_from([0, 1, 63, 5 << 40, (5 << 40) + 9, (7 << 40) + 70_000, 8 << 40])


def spell_anchors(row: Row) -> list[int]:
    """Read the definition: skip-bigrams of a sentence, at most 4 apart; of a long row a share."""
    n_terms, spare = sum(map(len, row)), 0
    while n_terms > constants.ANCHOR_TERMS:
        n_terms, spare = -(-n_terms // 2), spare * 2 + 1
    found = [
        hashing.make_anchor(sentence[one], sentence[other])
        for sentence in row
        for other in range(len(sentence))
        for one in range(max(0, other - constants.TERM_REACH), other)
        if sentence[one] != sentence[other]
    ]
    return [anchor for anchor in found if anchor & spare == 0]


@given(ROWS)
def test_anchors_are_those_of_the_definition(rows: list[Row]) -> None:
    found = list_anchors(pack_rows(rows))

    expected = [spell_anchors(row) for row in rows]
    assert found.sizes.tolist() == list(map(len, expected))
    assert list(zip(found.rows.tolist(), found.anchors.tolist(), strict=True)) == [
        (place, anchor) for place, listed in enumerate(expected) for anchor in sorted({*listed})
    ]


def make_batches(ids: list[int], texts: list[str], cut: int) -> Iterator[pa.RecordBatch]:
    table = pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "language": pa.array([NO_LANGUAGE] * len(ids), pa.int16()),
            "text": pa.array(texts, pa.string()),
        }
    )
    return iter(table.to_batches(cut))


def shuffle(batches: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give packed rows as a task gets them: sorted by part, of one part in any order."""
    rows = pa.Table.from_batches(batches[::-1], arrow_schema(PACKED)).sort_by("part")
    return iter(rows.to_batches(2))


def pair(
    batches: Iterator[pa.RecordBatch], known: list[tuple[int, int]], anchoring: Anchoring
) -> list[tuple[int, int]]:
    """Take paragraphs through all three functions, with the two shuffles between them."""
    columns = {side: [pair[at] for pair in known] for at, side in enumerate("ab")}
    verified = iter([pa.record_batch({n: pa.array(c, pa.int64()) for n, c in columns.items()})])
    postings = list(list_postings(batches, anchoring))
    met = list(pair_postings(shuffle(postings), anchoring)) if postings else []
    met += list(list_known(verified, anchoring))
    found = list(sum_pairs(shuffle(met), anchoring))
    return sorted((row["a"], row["b"]) for batch in found for row in batch.to_pylist())


@pytest.fixture
def _in_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few rows be as many as are looked at together."""
    monkeypatch.setattr(anchors, "_ROWS_AT_ONCE", 4)
    monkeypatch.setattr(anchor_pairs, "_ENTRIES_AT_ONCE", 16)
    monkeypatch.setattr(anchor_pairs, "_PAIRS_AT_ONCE", 6)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[int], list[str]]:
    """Draw texts, and for each an id; ids rise, in files of which some are missing."""
    texts = draw(TEXTS)
    firsts = sorted(draw(st.lists(IDS, min_size=len(texts), max_size=len(texts))))
    return [first + place for place, first in enumerate(firsts)], texts


SETTINGS = st.builds(
    RestatementConfig, anchor_rows=st.integers(2, 5), anchor_share=st.sampled_from([0.03, 0.3])
)


@pytest.mark.usefixtures("_in_small_portions")
@given(corpora(), SETTINGS, st.integers(0, 5), st.integers(1, 5), st.data())
def test_pairs_are_those_of_one_machine_without_the_known_ones(
    corpus: tuple[list[int], list[str]],
    restatement: RestatementConfig,
    part_bits: int,
    cut: int,
    data: st.DataObject,
) -> None:
    config = Config(restatement=restatement, run=RunConfig(engine="numpy"))
    expected = find_alone(*corpus, restatement)
    known = data.draw(st.lists(st.sampled_from(expected), max_size=3)) if expected else []
    turned = [pair[::-1] if data.draw(st.booleans()) else pair for pair in known]

    found = pair(make_batches(*corpus, cut), turned, Anchoring(config, part_bits))

    assert found == sorted({*expected} - {*known})


def find_alone(
    ids: list[int], texts: list[str], config: RestatementConfig
) -> list[tuple[int, int]]:
    """Find the pairs by the single machine's function."""
    engine, ends = load_engine("numpy"), np.cumsum([len(text.encode()) for text in texts])
    starts = ends - np.array([len(text.encode()) for text in texts], np.int64)
    text = np.frombuffer("".join(texts).encode() + bytes(64), np.uint8)
    languages = np.full(len(texts), NO_LANGUAGE, np.uint8)
    terms, term_ends = engine.list_terms(text, starts, ends.astype(np.int64), languages)
    lists = TermLists(terms, term_ends, np.arange(1, len(texts) + 1), languages)
    lefts, rights = find_anchor_pairs(lists, np.arange(len(texts)), config, engine)
    return [(ids[a], ids[b]) for a, b in zip(lefts.tolist(), rights.tolist(), strict=True)]


def test_an_anchor_of_too_many_pairs_nobody_though_no_task_sees_all_of_them() -> None:
    texts = ["mill river spring coast"] * 6
    config = Config(restatement=RestatementConfig(anchor_rows=3), run=RunConfig(engine="numpy"))
    anchoring = Anchoring(config, 2)

    apart = [batch for n in range(3) for batch in make_batches([n, n + 9], texts[:2], 5)]
    postings = [each for batch in apart for each in list_postings(iter([batch]), anchoring)]

    assert list(pair_postings(shuffle(postings), anchoring)) == []


def test_what_is_told_of_a_common_anchor_does_not_grow_with_its_holders() -> None:
    config = Config(restatement=RestatementConfig(anchor_rows=3), run=RunConfig(engine="numpy"))

    def count_entries(n_texts: int) -> int:
        batches = make_batches(list(range(n_texts)), ["mill river spring coast"] * n_texts, 100)
        found = list_postings(batches, Anchoring(config, 0))
        return sum(batch.column("n").to_numpy().sum() for batch in found)

    assert count_entries(4) == count_entries(400) == 6
