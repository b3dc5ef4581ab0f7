"""Numbers of groups hang on texts alone and are told apart where one text heads several."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import RULES, Config, ParagraphsConfig, RunConfig
from dedup.group_keys import key_groups
from dedup.kernels.constants import LENGTH_MULTIPLIER

WITHIN = Config(paragraphs=ParagraphsConfig(within="document"))
# For each paragraph its text's number and how far ahead of it, at most, its canonical is.
_CORPORA = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=20)


def make(corpus: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Give texts and canonicals, each of which is its own canonical."""
    canonicals: list[int] = []
    for number, (_, ahead) in enumerate(corpus):
        chosen = max(0, number - ahead)
        canonicals.append(number if chosen == number else canonicals[chosen])
    return [text for text, _ in corpus], canonicals


@pytest.mark.parametrize(
    "config", [WITHIN, Config(run=RunConfig(rules=tuple(r for r in RULES if r != "DUP001")))]
)
@given(corpus=_CORPORA)
def test_the_nth_group_of_a_text_has_its_print_and_a_number_added(
    config: Config, corpus: list[tuple[int, int]]
) -> None:
    texts, canonicals = make(corpus)
    prints = np.array([[1000 + text, 5] for text in texts], np.uint64).reshape(-1)

    keys = key_groups(np.array(canonicals, np.int32), prints, config).tolist()

    seen = Counter[int]()
    expected = {}
    for number in sorted(set(canonicals)):
        rank = seen[texts[number]]
        seen[texts[number]] += 1
        expected[number] = (1000 + texts[number] + rank * LENGTH_MULTIPLIER) % 2**64
    assert keys == [expected[canonical] for canonical in canonicals]
    assert len(set(expected.values())) == len(expected)


def test_compared_throughout_a_group_is_its_canonicals_print() -> None:
    prints = np.array([7, 1, 9, 1, 7, 1], np.uint64)

    assert key_groups(np.array([0, 0, 0], np.int32), prints, Config()).tolist() == [7, 7, 7]
    assert key_groups(np.array([0, 1, 1], np.int32), prints, Config()).tolist() == [7, 9, 9]
