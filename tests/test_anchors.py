"""Pairs that share anchors are the same however the work is parted and wherever it lies."""

from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.anchors import (
    _pack,
    count_pairs_at_once,
    count_rows_at_once,
    cut_pairs,
    find_anchor_pairs,
    propose_pairs,
)
from dedup.config import RestatementConfig
from dedup.kernels import Engine
from dedup.kernels.results import AnchoredBlock
from dedup.storage import Storage
from tests.kernels.packing import Engines, Row, pack_rows

_TERMS: Final = st.integers(0, 30).map(lambda n: n * 0x9E3779B1 % 2**32)
ROWS: Final = st.lists(
    st.lists(st.lists(_TERMS, min_size=3, max_size=20), min_size=1, max_size=3), max_size=14
)
_SETTINGS: Final = st.builds(
    RestatementConfig,
    anchor_rows=st.integers(2, 6),
    anchor_share=st.sampled_from([0.01, 0.1, 0.3]),
    all_pairs_up_to=st.just(0),
)
Pair = tuple[int, int]


def make_storage(block_bytes: int, *, is_spilled: bool) -> Storage:
    storage = Storage(1 << 60)
    storage.block_bytes, storage.is_spilled = block_bytes, is_spilled
    return storage


STORAGES: Final = st.builds(make_storage, st.integers(1, 60_000), is_spilled=st.booleans())


def propose(
    engine: Engine, rows: list[Row], chosen: list[int], config: RestatementConfig, storage: Storage
) -> list[list[Pair]]:
    """Give the pairs of each block."""
    using = (engine, storage)
    blocks = propose_pairs(pack_rows(rows), np.array(chosen, np.int64), config, using)
    listed = []
    for earlier, later in blocks:
        assert {earlier.dtype.name, later.dtype.name} == {"int32"}
        listed.append(list(zip(earlier.tolist(), later.tolist(), strict=True)))
    return listed


@given(ROWS, _SETTINGS, STORAGES, st.data())
def test_neither_parts_nor_blocks_nor_files_change_the_pairs(
    engines: Engines,
    rows: list[Row],
    config: RestatementConfig,
    storage: Storage,
    data: st.DataObject,
) -> None:
    chosen = sorted(data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else [])
    lefts, rights = find_anchor_pairs(
        pack_rows(rows), np.array(chosen, np.int64), config, engines[0]
    )
    expected = [(chosen[a], chosen[b]) for a, b in zip(lefts, rights, strict=True)]

    for engine in engines:
        blocks = propose(engine, rows, chosen, config, storage)

        assert sorted(pair for block in blocks for pair in block) == expected
        assert all(block == sorted(block) for block in blocks)
        last = [(min(b for _, b in block), max(b for _, b in block)) for block in blocks if block]
        assert all(one[1] < other[0] for one, other in pairwise(last))


def test_many_rows_give_the_same_pairs_in_many_parts(engines: Engines) -> None:
    draw = np.random.default_rng(3)
    rows: list[Row] = [
        [(draw.zipf(1.3, 12) % 5000 * 8).tolist() for _ in range(4)] for _ in range(300)
    ]
    config = RestatementConfig(all_pairs_up_to=0)
    lefts, rights = find_anchor_pairs(pack_rows(rows), np.arange(300), config, engines[0])
    assert len(lefts) > 50

    for engine in engines:
        storage = make_storage(20_000, is_spilled=True)
        blocks = propose(engine, rows, list(range(300)), config, storage)
        assert len(blocks) > 10
        assert sorted(pair for block in blocks for pair in block) == list(
            zip(lefts.tolist(), rights.tolist(), strict=True)
        )


@pytest.mark.parametrize("limit", [3, 4])
def test_few_rows_are_paired_all_with_all(engine: Engine, limit: int) -> None:
    rows: list[Row] = [[[8]], [[16]], [[24]], [[32]], [[40]]]
    config = RestatementConfig(all_pairs_up_to=limit)

    blocks = propose(engine, rows, [0, 1, 3, 4], config, Storage(1 << 60))

    all_pairs = [(0, 1), (0, 3), (0, 4), (1, 3), (1, 4), (3, 4)]
    assert [pair for block in blocks for pair in block] == (all_pairs if limit == 4 else [])


def test_no_rows_give_no_pairs(engine: Engine) -> None:
    config = RestatementConfig(all_pairs_up_to=0)

    for block_bytes in (1, 1 << 30):
        storage = make_storage(block_bytes, is_spilled=False)
        assert sum(map(len, propose(engine, [], [], config, storage))) == 0
        assert sum(map(len, propose(engine, [[[8]]], [], config, storage))) == 0


@pytest.mark.parametrize("n_shared", [4095, 4096, 9000])
def test_a_count_of_any_size_is_kept(n_shared: int) -> None:
    pairs = np.array([7 << 32 | 3, 8 << 32 | 2], np.uint64)

    entries = _pack(AnchoredBlock(pairs, np.array([n_shared, 2], np.int32)), 6)

    of_pair = [int(entry) & 4095 for entry in entries if int(entry) >> 12 == 1 << 32 | 3]
    assert sum(of_pair) == n_shared
    assert [int(entry) & 4095 for entry in entries if int(entry) >> 12 == 2 << 32 | 2] == [2]
    assert entries.tolist() == sorted(entries.tolist())


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))),
    st.integers(1, 50),
    st.integers(1, 50),
)
def test_pairs_are_cut_where_a_block_of_neighbours_ends(
    pairs: list[Pair], at_once: int, most: int
) -> None:
    lefts, rights = np.array(pairs, np.int32).reshape(-1, 2).T

    parts = [pairs[part] for part in cut_pairs(lefts, rights, at_once, most)]

    assert [pair for part in parts for pair in part] == pairs
    for part in parts:
        assert 0 < len(part) <= most
        assert len({(min(pair) // at_once, max(pair) // at_once) for pair in part}) == 1


def test_blocks_hold_something_whatever_the_memory() -> None:
    assert count_rows_at_once(1) == count_pairs_at_once(1) == 1
    assert count_rows_at_once(1 << 28) == 1 << 17
    assert count_rows_at_once(1 << 60) < 1 << 20  # numbers within a block have 20 bits
    assert count_pairs_at_once(1 << 60) == 1 << 16
