"""Pairs measured block by block over copied rows are those measured at once."""

from dataclasses import fields
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Config, RunConfig, VerifyConfig
from dedup.execution import Run
from dedup.kernels import Engine, load_engine
from dedup.measuring import copy_lists, cut_blocks, measure_candidates
from dedup.model import TokenLists, VerifiedPairs
from dedup.readers.batches import pad

_WORDS = ("red", "green", "blue", "12", "13", "May", "June", "old")
_TEXTS = st.lists(st.lists(st.sampled_from(_WORDS), max_size=12), min_size=2, max_size=8)


def tokenize(texts: list[list[str]], engine: Engine) -> TokenLists:
    encoded = [" ".join(words).encode() for words in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    starts = ends - np.array([len(text) for text in encoded], np.int64)
    return engine.tokenize(pad(b"".join(encoded)), starts, ends)


def measure(lists: TokenLists, pairs: list[tuple[int, int]], limit: int) -> VerifiedPairs:
    run_config = RunConfig(engine="numpy")
    config = Config(verify=VerifyConfig(min_resemblance=0.2), run=run_config)
    run = Run(config, 0, lambda _stage, _done: None)
    run.storage.is_spilled = limit == 0
    packed = np.array([left << 32 | right for left, right in sorted(pairs)], np.uint64)
    return measure_candidates(packed, (lists, lists), run)


@given(_TEXTS, st.data())
def test_blocks_change_no_verdict(texts: list[list[str]], data: st.DataObject) -> None:
    rows = range(len(texts))
    every = [(left, right) for right in rows for left in range(right)]
    pairs = data.draw(st.lists(st.sampled_from(every), unique=True))
    lists = tokenize(texts, load_engine("numpy"))
    whole = measure(lists, pairs, 1)

    with patch("dedup.measuring._LEAST_PAIRS", 2), patch("dedup.measuring._BYTES_A_TOKEN", 1 << 40):
        in_blocks = measure(lists, pairs, 0)

    for field in fields(VerifiedPairs):
        one, other = getattr(whole, field.name), getattr(in_blocks, field.name)
        assert np.array_equal(one, other), field.name


@given(_TEXTS, st.data())
def test_copied_rows_are_the_rows_asked_for(texts: list[list[str]], data: st.DataObject) -> None:
    engine = load_engine("numpy")
    lists = tokenize(texts, engine)
    rows = sorted(data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True)))
    run = Run(Config(), 0, lambda _stage, _done: None)

    with patch("dedup.measuring._COPY_BYTES", 20):
        copied = copy_lists(lists, np.array(rows, np.int64), run)

    assert len(copied) == len(rows)
    for place, row in enumerate(rows):
        wanted = lists.tokens[lists.starts[row] : lists.ends[row]]
        assert copied.tokens[copied.starts[place] : copied.ends[place]].tolist() == wanted.tolist()
    assert copied.prints.tolist() == lists.take(np.array(rows, np.int64)).prints.tolist()


@given(st.lists(st.integers(0, 50)), st.integers(1, 80))
def test_blocks_hold_every_row_once_and_no_more_than_they_may(sizes: list[int], most: int) -> None:
    blocks = list(cut_blocks(np.cumsum(sizes, dtype=np.int64), most))

    assert [row for begin, end in blocks for row in range(begin, end)] == list(range(len(sizes)))
    assert all(sum(sizes[b:e]) <= most or e == b + 1 for b, e in blocks)
