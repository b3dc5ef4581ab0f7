"""Guesses of an encoding."""

import pytest

from dedup.readers.turbo import guess_encoding

GERMAN = "Die Störche über den Dächern hörten die Glocke und flogen zur Mühle am Fluss zurück. "


def test_a_guess_is_a_codec_that_decodes_all_of_the_bytes() -> None:
    content = GERMAN.encode("cp1252")

    assert guess_encoding(content) == "windows-1252"
    other = guess_encoding(content + b"\x81")  # no character of windows-1252 in Python
    assert other is None or (content + b"\x81").decode(other)


def test_what_tells_the_encoding_may_stand_far_behind() -> None:
    content = ("plain words of ASCII\n" * 100_000 + GERMAN).encode("cp1252")

    assert guess_encoding(content) == "windows-1252"


def test_a_sample_ends_at_a_line_so_that_no_character_is_cut() -> None:
    line = "山の上の小さな駅で電車を待つ人々は静かに話した。\n"
    content = (line * 10_000).encode("cp932")

    assert guess_encoding(content) == "cp932"


@pytest.mark.parametrize("content", [b"", bytes(range(128, 256)) * 20, b"\xff"])
def test_noise_gets_no_answer(content: bytes) -> None:
    assert guess_encoding(content) is None
