"""The columns that stages hand each other: rows, sizes and parts of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import (
    PADDING,
    BlockKind,
    Relation,
    ShingleSets,
    Signatures,
    TokenLists,
    VerifiedPairs,
)

_ROWS = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=5), min_size=1, max_size=6)


def pack(rows: list[list[int]]) -> TokenLists:
    ends = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    tokens = np.array([token for row in rows for token in row], np.uint32)
    return TokenLists(tokens, ends[:-1], ends[1:], np.arange(2 * len(rows), dtype=np.uint64))


@given(_ROWS, st.data())
def test_some_token_lists_are_taken_with_their_fingerprints(
    rows: list[list[int]], data: st.DataObject
) -> None:
    lists = pack(rows)
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)))

    taken = lists.take(np.array(wanted, np.int64))

    assert len(taken) == len(wanted)
    assert taken.sizes.tolist() == [len(rows[row]) for row in wanted]
    assert taken.prints.tolist() == [word for row in wanted for word in (2 * row, 2 * row + 1)]
    spans = zip(taken.starts.tolist(), taken.ends.tolist(), strict=True)
    assert [taken.tokens[start:end].tolist() for start, end in spans] == [rows[r] for r in wanted]


@given(_ROWS)
def test_each_shingle_set_is_a_row(rows: list[list[int]]) -> None:
    shingles = np.array([shingle for row in rows for shingle in row], np.uint32)
    sets = ShingleSets(shingles, np.cumsum([len(row) for row in rows], dtype=np.int64))

    assert len(sets) == len(rows)
    assert sets.sizes.tolist() == [len(row) for row in rows]
    assert [sets.row(index).tolist() for index in range(len(sets))] == rows


def test_each_signature_is_a_row() -> None:
    signatures = Signatures(np.arange(6, dtype=np.uint32), num_perm=3, seed=1)

    assert [signatures.row(index).tolist() for index in range(2)] == [[0, 1, 2], [3, 4, 5]]


def test_pairs_are_taken_with_all_their_columns() -> None:
    numbers, scores = np.arange(3, dtype=np.int32), np.array([0.7, 0.8, 0.9])
    kinds = np.array([2, 3, 4], np.uint8)
    pairs = VerifiedPairs(
        numbers, numbers + 1, scores, scores / 2, scores / 3, numbers + 5, kinds, n_unaligned=4
    )

    taken = pairs.take(np.array([2, 0]))

    assert len(taken) == 2
    assert (taken.lefts.tolist(), taken.rights.tolist()) == ([2, 0], [3, 1])
    assert (taken.resemblance.tolist(), taken.relations.tolist()) == ([0.9, 0.7], [4, 2])
    assert taken.left_containment.tolist() == [0.9 / 2, 0.7 / 2]
    assert taken.right_containment.tolist() == [0.9 / 3, 0.7 / 3]
    assert (taken.conflicts.tolist(), taken.n_unaligned) == ([7, 5], 4)


def test_relations_and_kinds_keep_their_numbers() -> None:
    assert [(relation.value, relation.label) for relation in Relation] == [
        (0, "none"),
        (1, "identical"),
        (2, "near-duplicate"),
        (3, "contained"),
        (4, "variant"),
        (5, "rewritten"),
        (6, "restated"),
    ]
    assert [kind.value for kind in BlockKind] == list(range(10))
    assert PADDING == 64
