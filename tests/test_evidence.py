"""Word differences between two texts, as spans of both."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import evidence
from dedup.evidence import Difference, DifferenceKind, find_differences
from dedup.text import tokenize_with_spans

EQUAL, REMOVED, ADDED, REPLACED, UNCOMPARED = DifferenceKind
FEW_WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)
ANY_TEXT = st.text(
    st.sampled_from("ab .,-\n'\u2019\u00c9\u00bd\ufb01港ก1\uff12\u00ad\u0301"), max_size=30
)


def tokens_of(text: str) -> list[str]:
    return [token for token, _, _ in tokenize_with_spans(text)]


def cut(left: str, right: str) -> list[tuple[DifferenceKind, str, str]]:
    return [
        (run.kind, left[slice(*run.left)], right[slice(*run.right)])
        for run in find_differences(left, right)
    ]


def test_a_replaced_word_is_cut_out_of_both_texts() -> None:
    assert cut("One red, old hat.", "One blue old hat") == [
        (EQUAL, "One", "One"),
        (REPLACED, "red", "blue"),
        (EQUAL, "old hat", "old hat"),
    ]


def test_words_put_in_and_left_out_have_an_empty_span_on_the_other_side() -> None:
    assert cut("a b c", "b c d") == [(REMOVED, "a", ""), (EQUAL, "b c", "b c"), (ADDED, "", "d")]
    assert find_differences("a b", "a")[1] == Difference(REMOVED, (2, 3), (1, 1), 1, 0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The OLD Lens", "the old lens"),
        ("\u201cDon\u2019t\u201d \u2014 she said", '"Don\'t" - she said'),
        ("an instru-\nment maker", "an instrument\n  maker"),
        ("Straße \ufb01ne \uff12", "STRASSE fine 2"),
    ],
)
def test_case_typography_and_line_breaks_are_equal(left: str, right: str) -> None:
    assert [run.kind for run in find_differences(left, right)] == [EQUAL]


def test_texts_without_words_have_no_runs() -> None:
    assert find_differences("", "") == find_differences("...", " ") == ()


def test_longer_runs_are_kept_together() -> None:
    left, right = "x the y we sailed the boat", "we sailed the boat x the y"

    assert [text for kind, text, _ in cut(left, right) if kind is EQUAL] == ["we sailed the boat"]


@given(FEW_WORDS | ANY_TEXT, FEW_WORDS | ANY_TEXT)
def test_the_runs_give_back_the_words_of_both_sides(left: str, right: str) -> None:
    runs = find_differences(left, right)

    for side, text in (("left", left), ("right", right)):
        spans = [getattr(run, side) for run in runs]
        words = [token for start, end in spans for token in tokens_of(text[start:end])]
        assert words == tokens_of(text)
        flat = [place for span in spans for place in span]
        assert flat == sorted(flat)


@given(FEW_WORDS, FEW_WORDS)
def test_equal_runs_are_equal_changed_ones_are_not_and_neighbours_differ(
    left: str, right: str
) -> None:
    runs = find_differences(left, right)

    for run in runs:
        sides = tokens_of(left[slice(*run.left)]), tokens_of(right[slice(*run.right)])
        assert (sides[0] == sides[1]) == (run.kind is EQUAL)
        assert (len(sides[0]), len(sides[1])) == (run.n_left, run.n_right)
        assert bool(run.n_left) == (run.kind is not ADDED)
        assert bool(run.n_right) == (run.kind is not REMOVED)
    kinds = [run.kind is EQUAL for run in runs]
    assert all(kind != following for kind, following in pairwise(kinds))


@given(FEW_WORDS)
def test_a_text_and_itself_are_one_equal_run(text: str) -> None:
    assert [run.kind for run in find_differences(text, text)] == ([EQUAL] if text else [])


@pytest.mark.parametrize("text", ["word " * 20_001, "x" * 400_001])
def test_a_text_past_the_bounds_is_said_not_to_be_compared(text: str) -> None:
    assert find_differences(text, "word") == (Difference(UNCOMPARED, (0, len(text)), (0, 4), 0, 0),)


def test_a_text_at_the_bound_is_compared() -> None:
    text = "word " * 20_000

    assert [run.kind for run in find_differences(text, f"{text}more")] == [UNCOMPARED]
    assert [run.kind for run in find_differences(text, text)] == [EQUAL]


def test_texts_made_to_be_slow_are_given_up_on() -> None:
    left = " ".join(f"the the x{number}" for number in range(800))[4:]
    right = " ".join(f"the the y{number}" for number in range(800))[4:]
    begun = time.process_time()

    runs = find_differences(left, f"it {right}")

    assert [run.kind for run in runs] == [UNCOMPARED]
    assert time.process_time() - begun < 20  # difflib alone: 46 s


def test_the_budget_is_for_all_gaps_together(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = "a b x c d", "b a y d c"
    assert len(find_differences(left, right)) > 1

    monkeypatch.setattr(evidence, "_MAX_PAIR_VISITS", 10)

    assert [run.kind for run in find_differences(left, right)] == [UNCOMPARED]
