from itertools import combinations

import numpy as np

from tests.benchmarks.resemblance import find_exact_pairs, measure_resemblance


def test_resemblance_is_the_share_of_common_shingles() -> None:
    assert measure_resemblance("a b c d", "A b, c e", 2) == 2 / 4
    assert measure_resemblance("short", "short", 5) == 1.0


def test_exact_pairs_are_those_of_all_pairs_compared() -> None:
    random = np.random.default_rng(1)
    words = [list(map(str, random.integers(0, 30, 25))) for _ in range(30)]
    words += [[*row[:12], "x", *row[13:]] for row in words[:20]]
    texts = [" ".join(row) for row in words]

    found = find_exact_pairs(texts, 2, 0.7)

    expected = [
        [left, right]
        for left, right in combinations(range(len(texts)), 2)
        if measure_resemblance(texts[left], texts[right], 2) >= 0.7
    ]
    assert found.pairs.tolist() == expected
    assert len(expected) >= 20
    assert [int(found.labels[right]) for _, right in expected] == [left for left, _ in expected]


def test_a_component_is_named_by_its_smallest() -> None:
    texts = ["a b c d e f g h", "z", "a b c d e f g x", "w b c d e f g x", "z"]

    assert find_exact_pairs(texts, 1, 0.7).labels.tolist() == [0, 1, 0, 0, 1]
