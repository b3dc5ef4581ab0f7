"""What a fresh run says of its paragraphs, against sets of words made here."""

from itertools import permutations

import pytest

from dedup import find_duplicates
from dedup.runs import FreshRun

TEXT = "the night ferry leaves at nine from october on because the last train was moved to eight"
SHORTER = TEXT.removesuffix(" to eight")
LONGER = f"{TEXT} in the evening by the company"
TEXTS = (TEXT, SHORTER, LONGER)
OTHER = "the council sold the mill by the river to a family from the coast"


def list_triples(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(words, words[1:], words[2:], strict=False))


def test_how_much_is_contained_is_said_of_the_two_that_are_named() -> None:
    run = FreshRun(find_duplicates([{"text": text} for text in TEXTS]))

    texts = [list_triples(text) for text in TEXTS]
    for one, other in permutations(range(len(TEXTS)), 2):
        share = len(texts[one] & texts[other]) / len(texts[one])
        assert run.containment(one, other) == pytest.approx(share, abs=1e-6)


def test_how_much_is_contained_is_not_known_of_what_was_not_compared() -> None:
    run = FreshRun(find_duplicates([{"text": text} for text in (TEXT, LONGER, OTHER)]))

    assert run.containment(0, 1) is not None
    assert run.containment(0, 2) is run.containment(2, 0) is run.containment(1, 2) is None
