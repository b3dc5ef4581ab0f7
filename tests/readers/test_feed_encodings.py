"""Feeds in the encodings that they declare, and in those that they do not."""

import pytest

from dedup.config import ReadersConfig
from tests.readers.generated_feeds import cut_out, read_bytes, read_texts

RSS = '<rss version="2.0"><channel><title>News</title>{}</channel></rss>'


def test_a_feed_cut_off_inside_a_character_is_still_utf8() -> None:
    source = "<rss><channel><item><description>Fähre ".encode()

    for n_bytes in (1, 2):
        batch = read_bytes(source + "漢".encode()[:n_bytes])
        assert read_texts(batch) == [["Fähre"]]
    assert "guessed" not in batch.remarks[0].message


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-8", "UTF-8"),
        ("utf-8", "UTF-16"),  # converted on its way, the declaration was not
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", ""),
        ("cp1252", "iso-8859-1"),
        ("cp1251", "windows-1251"),
        ("shift_jis", "Shift_JIS"),
    ],
)
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding: str, declared: str) -> None:
    word = {"cp1251": "паром", "shift_jis": "港"}.get(encoding, "Fähre")
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    source = declaration + RSS.format(f"\n<item><description>{word} 1</description></item>")

    batch = read_bytes(source.encode(encoding))

    assert read_texts(batch) == [[f"{word} 1"]]
    assert cut_out(source, batch) == [f"{word} 1"]
    assert batch.remarks == ()


def test_the_user_knows_the_encoding_better() -> None:
    source = '<?xml version="1.0" encoding="utf-8"?>' + RSS.format(
        "<item><description>паром идёт</description></item>"
    )

    batch = read_bytes(source.encode("koi8-r"), ReadersConfig(encoding="koi8-r"))

    assert read_texts(batch) == [["паром идёт"]]


def test_a_guessed_encoding_is_said() -> None:
    items = "<item><description>Паром идёт на север, к островам.</description></item>" * 4

    batch = read_bytes(RSS.format(items).encode("cp1251"))

    assert read_texts(batch)[0] == ["Паром идёт на север, к островам."]
    assert "guessed as windows-1251" in batch.remarks[0].message
