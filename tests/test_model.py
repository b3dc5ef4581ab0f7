"""The columns that stages hand each other: rows, sizes and parts of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import (
    PADDING,
    BlockKind,
    Relation,
    Restatements,
    ShingleSets,
    Signatures,
    TermLists,
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
        (7, "boilerplate"),
    ]
    assert [kind.value for kind in BlockKind] == list(range(10))
    assert PADDING == 64


_SENTENCES = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=4), max_size=4)


def make_terms(rows: list[list[list[int]]]) -> TermLists:
    sentences = [sentence for row in rows for sentence in row]
    return TermLists(
        np.array([term for sentence in sentences for term in sentence], np.uint32),
        np.cumsum([len(sentence) for sentence in sentences], dtype=np.int64),
        np.cumsum([len(row) for row in rows], dtype=np.int64),
        np.arange(len(rows), dtype=np.uint8),
    )


@given(st.lists(_SENTENCES, min_size=1, max_size=6), st.data())
def test_term_lists_are_rows_of_sentences_and_taken_whole(
    rows: list[list[list[int]]], data: st.DataObject
) -> None:
    lists = make_terms(rows)
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)))

    taken = lists.take(np.array(wanted, np.int64))

    flat = [[term for sentence in row for term in sentence] for row in rows]
    assert [lists.row(row).tolist() for row in range(len(rows))] == flat
    assert lists.sizes.tolist() == list(map(len, flat))
    expected = make_terms([rows[row] for row in wanted])
    assert len(taken) == len(wanted)
    assert taken.terms.tolist() == expected.terms.tolist()
    assert taken.sentence_ends.tolist() == expected.sentence_ends.tolist()
    assert taken.row_ends.tolist() == expected.row_ends.tolist()
    assert taken.languages.tolist() == wanted


def make_pairs(couples: list[tuple[int, int]], n_unaligned: int) -> VerifiedPairs:
    lefts, rights = (np.array([pair[side] for pair in couples], np.int32) for side in (0, 1))
    scores, kinds = (lefts + 10 * rights) / 1000, (lefts % 4).astype(np.uint8)
    return VerifiedPairs(lefts, rights, scores, scores, scores, lefts, kinds, n_unaligned)


def test_joined_pairs_are_sorted_by_right_then_left_with_all_their_columns() -> None:
    both = make_pairs([(0, 1), (2, 3)], 2).join(make_pairs([(1, 2), (0, 3)], 5))

    expected = make_pairs([(0, 1), (1, 2), (0, 3), (2, 3)], 7)
    for name in VerifiedPairs.__slots__:
        assert (
            np.asarray(getattr(both, name)).tolist() == np.asarray(getattr(expected, name)).tolist()
        )


def test_rows_of_pairs_become_paragraph_numbers() -> None:
    numbered = make_pairs([(0, 1), (1, 2)], 0).number(np.array([4, 7, 9]))

    assert (numbered.lefts.tolist(), numbered.rights.tolist()) == ([4, 7], [7, 9])
    assert numbered.lefts.dtype == numbered.rights.dtype == np.dtype(np.int32)


def make_restatements(rows: dict[tuple[int, Relation], int]) -> Restatements:
    """Make restatements of so many sentences each; every column tells its paragraph."""
    numbers = np.array([number for number, _ in rows], np.int32)
    counts = np.array(list(rows.values()), np.int64)
    owners = np.repeat(numbers, counts)
    return Restatements(
        numbers,
        np.array([relation for _, relation in rows], np.uint8),
        numbers / 10,
        numbers / 20,
        (numbers % 2).astype(np.uint8),
        np.cumsum(counts),
        owners,
        owners + 1,
        owners + 2,
        owners + 3,
        np.stack([owners, owners + 4], axis=1).astype(np.float64),
        np.zeros(9, np.uint8),
        n_short=1,
        n_listed=2,
        n_candidates=3,
    )


def columns_of(found: Restatements) -> dict[str, object]:
    return {
        name: np.asarray(getattr(found, name)).tolist()
        for name in Restatements.__slots__
        if not name.startswith("n_")
    }


def test_restatements_are_joined_by_paragraph_then_relation_with_their_sentences() -> None:
    rewritten, restated = Relation.REWRITTEN, Relation.RESTATED
    one = make_restatements({(2, rewritten): 1, (5, rewritten): 0})
    two = make_restatements({(1, restated): 2, (2, restated): 3})

    both = one.join(two)

    expected = {(1, restated): 2, (2, rewritten): 1, (2, restated): 3, (5, rewritten): 0}
    assert columns_of(both) == columns_of(make_restatements(expected))
    assert (both.n_short, both.n_listed, both.n_candidates) == (2, 4, 6)


def test_some_restatements_are_taken_in_the_order_asked_for() -> None:
    restated = Relation.RESTATED
    found = make_restatements({(1, restated): 2, (4, restated): 0, (6, restated): 3})

    taken = found.take(np.array([2, 0]))

    assert columns_of(taken) == columns_of(make_restatements({(6, restated): 3, (1, restated): 2}))
    assert (len(taken), taken.n_short, taken.n_candidates) == (2, 1, 3)
