from collections.abc import Callable

import pytest

from tests.quality.edits import Editor, count_numbers

TEXT = "On 3 May 2024 the plant made 1,234.5 tons, 12 % more than in 2023, and sold 0 of them."
EDITS = [
    Editor.change_all_numbers,
    Editor.change_one_number,
    lambda editor, text: editor.edit_words(text, 0.1),
    lambda editor, text: editor.add_ocr_noise(text, 0.1),
]


@pytest.mark.parametrize("edit", EDITS)
def test_the_same_seed_makes_the_same_edit(edit: Callable[[Editor, str], str]) -> None:
    edited = {edit(Editor(seed, ["word"]), TEXT) for seed in (1, 1)}

    assert len(edited) == 1
    assert edited != {TEXT}


def test_a_number_with_its_parts_is_one_number() -> None:
    assert count_numbers(TEXT) == 6
    assert count_numbers("utf8 and x86 hold none") == 0


def test_changing_all_numbers_keeps_their_forms() -> None:
    changed = Editor(1, []).change_all_numbers(TEXT)

    old, new = TEXT.split(), changed.split()
    assert [a != b for a, b in zip(old, new, strict=True)] == [count_numbers(a) > 0 for a in old]
    assert [len(word) for word in old] == [len(word) for word in new]


def test_changing_one_number_changes_one_word() -> None:
    changed = Editor(1, []).change_one_number(TEXT)

    assert sum(a != b for a, b in zip(TEXT.split(), changed.split(), strict=True)) == 1


def test_words_are_edited_in_the_share_asked_for() -> None:
    words = [f"w{number}" for number in range(1000)]

    edited = Editor(1, ["new"]).edit_words(" ".join(words), 0.1).split()

    assert 70 < len(set(words) - set(edited)) < 90  # 6 + 2 of 10 edits take a word
    assert 70 < edited.count("new") < 90  # 6 + 2 of 10 put one in


def test_noise_touches_the_share_of_characters_asked_for() -> None:
    edited = Editor(1, []).add_ocr_noise("x" * 100_000, 0.03)

    assert 96_900 < edited.count("x") < 97_700
