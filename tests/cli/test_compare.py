"""What `dedup compare` prints of two sides."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Status = Callable[..., tuple[int, str, str]]


@pytest.fixture
def relations(data: Path) -> Path:
    return data / "relations"


def test_every_paragraph_meets_its_best_partner(status: Status, relations: Path) -> None:
    near = relations / "near-duplicate"

    code, out, err = status("compare", near / "original.txt", near / "edited.txt")

    assert (code, err) == (0, "")
    blocks = out.split("\n\n")
    assert [block.split(":")[0] for block in blocks[:3]] == ["near-duplicate"] * 2 + ["none"]
    assert "edited.txt:1 (B)" in blocks[0]
    assert "edited.txt:7 (B)" in blocks[1]
    assert "resemblance          0.81 (word:3)" in blocks[0]
    assert "resemblance 0.81 reaches 0.60 (DUP002, --threshold)" in blocks[0]
    assert "[-small-]{+modest+}" in blocks[0]
    assert "resemblance          0.66 (word:3)" in blocks[1]
    summary = " ".join(blocks[3].split())
    assert summary.endswith("3 in B: 2 near-duplicate, 1 none.")


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_contained_paragraph_is_shown_with_its_direction(
    status: Status, relations: Path, *, is_turned: bool
) -> None:
    sides = [relations / "contained" / "short.txt", relations / "contained" / "long.txt"]

    _, out, _ = status("compare", *(reversed(sides) if is_turned else sides))

    assert out.count("contained (B in A): " if is_turned else "contained (A in B): ") == 2
    assert "containment of the shorter 1.00 reaches 0.80" in " ".join(out.split())
    assert f"[-only in {'A' if is_turned else 'B'}-]" in out
    assert "{+vertreiben+}" in out


def test_texts_may_be_typed(status: Status) -> None:
    code, out, _ = status("compare", "--text", "One and two.", "one and TWO.")

    assert code == 0
    assert out.startswith("identical: first text (A) and second text (B)\n")
    assert "a scan skips what has under 8 words" in " ".join(out.split())
    assert "Compared" not in out


def test_other_punctuation_alone_is_no_difference_of_words(status: Status) -> None:
    _, out, _ = status("compare", "--text", "One, two, three.", "One two three!")

    assert out.startswith("near-duplicate: ")
    assert "resemblance          1.00" in out
    assert "differences          no word differs\n" in out


def test_of_texts_with_nothing_in_common_no_difference_is_shown(status: Status) -> None:
    _, out, _ = status("compare", "--text", "One two three.", "Four five six.")

    assert out.startswith("none: ")
    assert "differences" not in out


def test_thresholds_change_the_relation(status: Status) -> None:
    texts = ["One small step for a man is here.", "One small step for a woman is here."]

    first = status("compare", "--text", *texts)[1]
    second = status("compare", "--text", *texts, "--threshold", "0.3")[1]

    assert first.startswith("none: ")
    assert "resemblance 0.33 is under 0.60" in " ".join(first.split())
    assert second.startswith("near-duplicate: ")


def test_standard_input_may_be_one_side(
    status: Status, relations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    geology = relations / "unrelated" / "geology.txt"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(geology.read_bytes())))

    code, out, _ = status("compare", "-", geology)

    assert code == 0
    assert out.startswith("identical: <stdin>:1 (A) and ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-", "-"], "standard input is one text"),
        (["--text", "a text", "..."], "B holds no word to compare"),
        (["{data}/hard/empty.txt", "{data}/docs"], "empty.txt: it holds no paragraph"),
        (["{data}/none.txt", "{data}/docs"], "none.txt: no such file"),
        (["{data}/docs"], "Missing argument 'B'"),
    ],
)
def test_sides_that_cannot_be_compared_are_refused(
    status: Status, data: Path, words: list[str], told: str
) -> None:
    code, out, err = status("compare", *(word.format(data=data) for word in words))

    assert (code, out) == (2, "")
    assert told in err


def test_too_many_paragraphs_are_sent_to_scan(status: Status, tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("\n\n".join(f"Paragraph {n}." for n in range(1001)))

    code, _, err = status("compare", tmp_path / "many.txt", tmp_path / "many.txt")

    assert code == 2
    assert "2,002 paragraphs, compare takes up to 2,000: use dedup scan" in err


def test_what_resembles_nothing_names_what_comes_nearest(status: Status, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The old mill by the river was sold to a baker in May.")
    (tmp_path / "b.txt").write_text(
        "Nothing of that kind.\n\nThey met at the old mill by the pond and went home late.\n"
    )

    _, out, _ = status("compare", tmp_path / "a.txt", tmp_path / "b.txt")

    assert out.startswith(f"none: {tmp_path}/a.txt:1 resembles {tmp_path}/b.txt:3 most, 0.1")
