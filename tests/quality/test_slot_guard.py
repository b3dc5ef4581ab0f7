import numpy as np

from dedup.config import ShinglesConfig, VerifyConfig
from dedup.kernels import load_engine
from dedup.model import Relation
from dedup.shingles import shingle_paragraphs
from dedup.verify import verify_all_pairs
from tests.quality.edits import Editor
from tests.quality.intervals import bootstrap_share
from tests.quality.measured_pairs import measure_pairs, tokenize_texts
from tests.quality.slot_guard import RULES

WORDS = "the plant at the river made {} tons of steel in the year {} and sold all of it to the east"


def test_the_rule_measured_is_the_one_that_verify_applies() -> None:
    vocabulary = WORDS.split()
    editor = Editor(1, vocabulary)
    engine, config = load_engine("numba"), VerifyConfig()
    for _ in range(20):
        left = WORDS.format(*np.random.default_rng(3).integers(10, 99, 2))
        right = editor.edit_words(editor.change_one_number(left), 0.05)

        pairs = measure_pairs([left], [right])
        tokens = tokenize_texts([left, right], engine)
        verified = verify_all_pairs(
            tokens,
            shingle_paragraphs(tokens, np.arange(2), ShinglesConfig(), engine),
            config,
            engine,
        )

        is_near = bool(pairs.resemblance[0] >= config.min_resemblance)
        assert is_near == (len(verified) == 1)
        rule = RULES[f"alike >= {config.alike_share:.2f}"]
        if is_near:
            assert bool(rule(pairs)[0]) == (verified.relations[0] == Relation.VARIANT)


def test_two_exchanged_numbers_are_two_conflicts() -> None:
    pairs = measure_pairs(
        [WORDS.format(12, 1999)] * 2, [WORDS.format(13, 2001), WORDS.format(12, 2001)]
    )

    assert pairs.conflicts.tolist() == [2, 1]
    assert pairs.alike.tolist() == [20 / 22, 21 / 22]


def test_character_resemblance_is_that_of_five_characters() -> None:
    pairs = measure_pairs(["abcdefg"], ["ABCDEFH"])

    assert pairs.char_resemblance.tolist() == [2 / 4]


def test_an_interval_is_as_wide_as_the_documents_differ() -> None:
    hits = np.repeat([True, False], 50)

    share, low, high = bootstrap_share(hits, np.arange(100))
    one_document = bootstrap_share(hits, np.zeros(100, np.int64))

    assert share == 0.5
    assert 0.38 < low < 0.43
    assert 0.57 < high < 0.62
    assert one_document == (0.5, 0.5, 0.5)
