"""Measures against Python sets; who is kept, as what, and in which direction."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import ShinglesConfig, VerifyConfig
from dedup.kernels import Engine
from dedup.model import PairArray, Relation, ShingleSets, TokenLists, VerifiedPairs
from dedup.readers.batches import pad
from dedup.shingles import shingle_paragraphs
from dedup.verify import containment, resemblance, verify_all_pairs, verify_candidates

_SETS: Final = st.sets(st.integers(0, 12))
_TEXTS: Final = st.lists(st.sampled_from("abcdefg"), max_size=14).map(" ".join)
_OPEN: Final = VerifyConfig(min_resemblance=0.01, min_containment=0.01, slot_guard=False)


def all_pairs(n_rows: int) -> PairArray:
    """Every two rows, lower first, as candidates are written."""
    pairs = [left << 32 | right for left in range(n_rows) for right in range(left + 1, n_rows)]
    return np.array(pairs, np.uint64)


def one_set(values: set[int]) -> ShingleSets:
    return ShingleSets(np.array(sorted(values), np.uint32), np.array([len(values)], np.int64))


def tokenize(texts: Sequence[str], engine: Engine) -> TokenLists:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return engine.tokenize(pad(b"".join(encoded)), ends[:-1].copy(), ends[1:].copy())


def verify(texts: Sequence[str], config: VerifyConfig, engine: Engine, size: int) -> VerifiedPairs:
    tokens = tokenize(texts, engine)
    make = partial(shingle_paragraphs, tokens, config=ShinglesConfig(size=size), engine=engine)
    return verify_candidates(all_pairs(len(texts)), tokens, make, config, engine)


def shingles_of(text: str, size: int) -> set[tuple[str, ...]]:
    words = text.split()
    runs = range(max(1, len(words) - size + 1)) if words else range(0)
    return {tuple(words[i : i + size]) for i in runs}


@given(_SETS, _SETS)
def test_resemblance_is_what_is_shared_of_all(left: set[int], right: set[int]) -> None:
    expected = len(left & right) / len(left | right) if left | right else 0.0

    assert resemblance(one_set(left), one_set(right)) == expected


@given(_SETS, _SETS)
def test_containment_is_what_is_shared_of_the_left(left: set[int], right: set[int]) -> None:
    expected = len(left & right) / len(left) if left else 0.0

    assert containment(one_set(left), one_set(right)) == expected


@settings(max_examples=80)
@given(st.lists(_TEXTS, min_size=2, max_size=5), st.integers(1, 3))
def test_pairs_are_measured_as_python_sets_measure_them(
    engine: Engine, texts: list[str], size: int
) -> None:
    sets = [shingles_of(text, size) for text in texts]
    pairs = verify(texts, _OPEN, engine, size)

    found = {}
    for row in range(len(pairs)):
        key = (int(pairs.lefts[row]), int(pairs.rights[row]))
        found[key] = (
            float(pairs.resemblance[row]),
            float(pairs.left_containment[row]),
            float(pairs.right_containment[row]),
        )
    assert found == {
        (i, j): (
            len(left & right) / len(left | right),
            len(left & right) / len(left),
            len(left & right) / len(right),
        )
        for i, left in enumerate(sets)
        for j, right in enumerate(sets)
        if i < j and left & right
    }


@settings(max_examples=80)
@given(st.lists(_TEXTS, max_size=6), st.sampled_from([VerifyConfig(), _OPEN]))
def test_all_pairs_at_once_give_what_the_candidates_give(
    engine: Engine, texts: list[str], config: VerifyConfig
) -> None:
    tokens = tokenize(texts, engine)
    make = partial(shingle_paragraphs, tokens, config=ShinglesConfig(size=2), engine=engine)

    at_once = verify_all_pairs(tokens, make(np.arange(len(texts))), config, engine)
    one_by_one = verify_candidates(all_pairs(len(texts)), tokens, make, config, engine)

    for name in ("lefts", "rights", "resemblance", "left_containment", "relations", "conflicts"):
        assert getattr(at_once, name).tolist() == getattr(one_by_one, name).tolist()


def relations_of(texts: Sequence[str], engine: Engine, **settings: float | bool) -> list[str]:
    config = VerifyConfig(**settings)  # type: ignore[arg-type]
    pairs = verify(texts, config, engine, 3)
    return [Relation(int(relation)).label for relation in pairs.relations]


_SENTENCE: Final = (
    "when the ferry left the harbour at dawn nobody on board knew that the storm had turned "
    "north and would meet them before the lighthouse of the outer island came in sight"
)
WORDS: Final = _SENTENCE.split()


def test_a_pair_is_kept_from_the_threshold_on(engine: Engine) -> None:
    # 32 words have 30 shingles; another last word leaves 29 of 31 in common.
    texts = [" ".join(WORDS), " ".join([*WORDS[:-1], "view"])]
    exact = 29 / 31

    assert relations_of(texts, engine, min_resemblance=exact) == ["near-duplicate"]
    assert relations_of(texts, engine, min_resemblance=exact + 1e-9, min_containment=0.99) == []


def test_a_short_text_in_a_long_one_is_contained(engine: Engine) -> None:
    pairs = verify([" ".join(WORDS), " ".join(WORDS[5:17])], VerifyConfig(), engine, 3)

    assert pairs.relations.tolist() == [Relation.CONTAINED]
    assert (pairs.left_containment[0], pairs.right_containment[0]) == (10 / 30, 1.0)


def test_only_the_shorter_can_be_contained(engine: Engine) -> None:
    # The longer repeats itself: all its few shingles stand in the shorter, not the other way round.
    longer, shorter = "a b c " * 12, "a b c a b d e f g h i j k l m n o p q r s t u v w x"

    assert relations_of([longer, shorter], engine) == []


def test_texts_of_like_length_are_not_contained(engine: Engine) -> None:
    texts = [" ".join(WORDS), " ".join(WORDS[:26])]

    assert relations_of(texts, engine, min_resemblance=1.0) == []
    assert relations_of(texts, engine, min_resemblance=1.0, max_length_ratio=0.82) == ["contained"]


REPORT: Final = (
    "on monday the mill sold 12 boats for 4,500 crowns to the harbour of the old town and "
    "in march 1990 it sold the rest of them to the fishermen who had waited there all winter"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("12 boats", "13 boats", "variant"),  # one conflict in a pair otherwise alike
        ("monday", "friday", "variant"),
        ("march", "april", "variant"),
        ("4,500", "4,501", "variant"),
        ("12 boats", "many boats", "near-duplicate"),
        ("12 boats", "boats", "near-duplicate"),
        ("old town", "new town", "near-duplicate"),
        ("4,500", "4.500", "near-duplicate"),  # the same digits, written the other way
    ],
)
def test_a_pair_with_other_facts_is_a_variant(
    engine: Engine, old: str, new: str, expected: str
) -> None:
    assert relations_of([REPORT, REPORT.replace(old, new)], engine) == [expected]


def test_one_conflict_in_a_pair_much_edited_is_a_slip(engine: Engine) -> None:
    edited = REPORT.replace("12", "13").replace("had waited there", "were standing around")

    assert relations_of([REPORT, edited], engine) == ["near-duplicate"]
    assert relations_of([REPORT, edited], engine, alike_share=0.8) == ["variant"]


def test_two_conflicts_make_a_variant_however_much_was_edited(engine: Engine) -> None:
    edited = REPORT.replace("12", "13").replace("had waited there", "were standing around")
    edited = edited.replace("1990", "1991")

    assert relations_of([REPORT, edited], engine, min_resemblance=0.5) == ["variant"]


def test_without_the_guard_a_variant_is_a_near_duplicate(engine: Engine) -> None:
    texts = [REPORT, REPORT.replace("12", "13")]

    assert relations_of(texts, engine, slot_guard=False) == ["near-duplicate"]


def test_pairs_too_far_apart_to_align_pass_the_guard_and_are_counted(engine: Engine) -> None:
    texts = [REPORT, REPORT.replace("12", "13").replace("1990", "1991")]
    config = VerifyConfig(max_edits=3)
    pairs = verify(texts, config, engine, 3)

    assert pairs.relations.tolist() == [Relation.NEAR_DUPLICATE]
    assert pairs.n_unaligned == 1


def test_no_candidates_give_no_pairs(engine: Engine) -> None:
    assert len(verify(["one alone stands here"], VerifyConfig(), engine, 3)) == 0
    assert len(verify([], VerifyConfig(), engine, 3)) == 0
