"""What is shown of a text, and how its differences are marked."""

from hypothesis import given
from hypothesis import strategies as st

from dedup.reporters.excerpts import Mark, Segment, excerpt, mark_differences, mark_text

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def signed(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.signed for segment in segments)


def test_a_word_for_another_is_marked_on_both_sides() -> None:
    assert signed(mark_differences("The red hat, sir.", "The blue hat, sir.")) == (
        "The [-red-]{+blue+} hat, sir."
    )


def test_a_word_left_out_and_a_word_put_in_keep_their_blanks() -> None:
    assert signed(mark_differences("a b c", "a c")) == "a [-b-] c"
    assert signed(mark_differences("a c", "a b c")) == "a {+b+} c"
    assert signed(mark_differences("b c", "c")) == "[-b-] c"
    assert signed(mark_differences("c b", "c")) == "c [-b-]"
    assert signed(mark_differences("c", "b c")) == "{+b+} c"


def test_scripts_without_blanks_get_none() -> None:
    assert signed(mark_differences("港の老橋", "港の旧橋")) == "港の[-老-]{+旧+}橋"


def test_case_quotes_and_line_breaks_are_no_difference() -> None:
    assert mark_differences("\u201cDon\u2019t\u201d, he\nsaid", '"DON\'T" he said!') == ()


def test_a_long_unchanged_run_is_shortened_to_the_words_next_to_a_change() -> None:
    left = " ".join(["old", *WORDS, *WORDS, "end"])
    right = left.replace("old", "new").replace("end", "stop")

    assert signed(mark_differences(left, right)) == (
        "[-old-]{+new+} one two three four five … six seven eight nine ten [-end-]{+stop+}"
    )


def test_at_the_edges_of_the_text_one_side_is_enough() -> None:
    run = " ".join(WORDS + WORDS)

    assert signed(mark_differences(f"{run} old {run}.", f"{run} new {run}.")) == (
        "… six seven eight nine ten [-old-]{+new+} one two three four five …"
    )


def test_a_long_change_is_shortened_too() -> None:
    added = " ".join(WORDS + WORDS)

    assert signed(mark_differences("a b", f"a {added} b")) == (
        "a {+one two three four five … six seven eight nine ten+} b"
    )


def test_what_stands_around_a_contained_text_is_no_difference() -> None:
    long = "Before it all. The cat sat on a mat. After it all."

    assert mark_text(long, "The cat sat on a mat.", is_inside=True) == ()
    assert signed(mark_text(long, "The cat sat on the mat.", is_inside=True)) == (
        "The cat sat on [-a-]{+the+} mat."
    )
    assert signed(mark_text(long, "One cat sat on a log.", is_inside=True)) == (
        "{+One+} cat sat on a {+log+}."
    )


def test_texts_too_long_to_compare_are_said_to_be() -> None:
    segments = mark_differences("a " * 20_001, "b")

    assert [(part.mark, part.text) for part in segments] == [
        (Mark.ASIDE, "too long to compare word by word")
    ]


def test_a_short_text_is_shown_whole() -> None:
    assert signed(excerpt(" A\n text. ", 2)) == "A text."


def test_a_long_text_loses_its_middle_and_says_how_much() -> None:
    text = " ".join(f"word{number:04}" for number in range(1000))

    shown = signed(excerpt(text, 1000))

    head, aside, tail = shown.partition(" … ")[0], shown.split(" … ")[1], shown.split(" … ")[2]
    n_shown = len(head.split()) + len(tail.split())
    assert head.startswith("word0000 word0001")
    assert tail.endswith("word0998 word0999")
    assert aside == f"{1000 - n_shown} words left out"


def test_a_word_without_end_is_cut() -> None:
    assert len(signed(excerpt("x" * 1_000_000, 1))) < 1000


@given(st.text(), st.text())
def test_nothing_that_is_shown_leaves_its_line(left: str, right: str) -> None:
    for segment in (*mark_differences(left, right), *excerpt(left, 3)):
        assert len(segment.text.splitlines()) <= 1
        assert "\x1b" not in segment.text
