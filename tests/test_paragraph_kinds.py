"""What plain text shows of a paragraph's kind; what a reader has told stays."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from dedup.config import ParagraphsConfig, ReadersConfig
from dedup.kernels import Engine
from dedup.model import Block, BlockKind, ByteArray, Document, DocumentBatch, Span
from dedup.paragraph_kinds import recognize_kinds
from dedup.paragraphs import split_paragraphs
from dedup.readers.batches import batch_from_documents
from dedup.readers.records import batches_from_records

_FERRY: Final = (
    "Die Fähre fährt ab Oktober um neun statt um zehn, weil der letzte Zug früher kommt."
)


def recognize(batch: DocumentBatch, engine: Engine) -> list[BlockKind]:
    found: ByteArray = recognize_kinds(split_paragraphs(batch, ParagraphsConfig(), engine), engine)
    return [BlockKind(int(kind)) for kind in found]


def recognize_text(text: str, engine: Engine) -> list[BlockKind]:
    (batch,) = batches_from_records([{"text": text}], ReadersConfig())
    return recognize(batch, engine)


def make_batch(kind: BlockKind, text: str) -> DocumentBatch:
    span = Span(1, 1, 1, 1, 0, len(text))
    return batch_from_documents("a", [Document("a", "a", (Block(kind, text, span),))])


@pytest.mark.parametrize(
    "text",
    [
        "- the mill by the river\n- the ferry to the island",
        "* the mill by the river, sold in spring to a family from the coast",
        "1. Open the valve by half a turn.\n2. Wait until the needle stands still.",
        "(a) the owner of the mill and\n(b) whoever has leased it for a year or more",
        "Bring with you:\n- a coat that keeps the rain out\n- boots, and a rope of ten metres",
        "\u2022 the mill\n\u2022 the ferry",
        "12) the mill by the river was sold in spring",
    ],
)
def test_bullets_and_numbers_make_a_list(engine: Engine, text: str) -> None:
    assert recognize_text(text, engine) == [BlockKind.LIST]


def test_most_lines_short_make_a_list_as_of_a_poem_or_of_names(engine: Engine) -> None:
    poem = "The mill is still,\nthe river sleeps,\nand on the hill\na lantern keeps"
    mostly = "Nadja Oskald\nIlka Brandvold\nand whoever else has come to hear them speak"

    assert recognize_text(f"{poem}\n\n{mostly}", engine) == [BlockKind.LIST, BlockKind.LIST]


def test_two_short_lines_say_nothing(engine: Engine) -> None:
    assert recognize_text("The mill\nis still", engine) == [BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    "text",
    [
        "town | crowns | votes\nMarnow | many | some\nDresk | few | none",
        "Marnow 418 467 12.5 3.2\nDresk 917 221 15.0 4.8",
    ],
)
def test_bars_and_numbers_make_a_table(engine: Engine, text: str) -> None:
    assert recognize_text(text, engine) == [BlockKind.TABLE]


def test_a_line_that_begins_with_a_bar_is_taken_for_an_item(engine: Engine) -> None:
    # A list or a table, neither is judged.
    assert recognize_text("| town | votes |\n| Marnow | 3 |", engine) == [BlockKind.LIST]


@pytest.mark.parametrize(
    "text",
    [
        "```\nthe mill was sold\n```",
        "~~~ python\nthe mill was sold\n~~~",
        "x = mill[0] + river[1]; y = {x: [x] * 2}",
        "def sell(mill):\nif mill.sold():\nreturn none of what was asked for here;",
    ],
)
def test_fences_signs_and_line_ends_make_code(engine: Engine, text: str) -> None:
    assert recognize_text(text, engine) == [BlockKind.CODE]


def test_lines_indented_by_four_are_code_and_by_three_are_not(engine: Engine) -> None:
    text = "The mill.\n\n    the mill was sold in spring\n    to a family\n\n   but this was said"

    assert recognize_text(text, engine) == [
        BlockKind.PARAGRAPH,
        BlockKind.CODE,
        BlockKind.PARAGRAPH,
    ]


def test_mostly_addresses_are_links_and_one_address_is_not(engine: Engine) -> None:
    links = "See https://example.org/a/rather/long/address or www.example.org/another-one"
    prose = f"{_FERRY} Mehr dazu steht unter www.example.org, wo auch die Preise zu finden sind."

    assert recognize_text(f"{links}\n\n{prose}", engine) == [BlockKind.LINKS, BlockKind.PARAGRAPH]


@pytest.mark.parametrize("name", ["padded.txt", "on-topic.txt"])
def test_the_paragraphs_of_articles_stay_prose(engine: Engine, data: Path, name: str) -> None:
    text = (data / "articles" / name).read_text(encoding="utf-8")

    assert set(recognize_text(text, engine)) == {BlockKind.PARAGRAPH}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh", "ja"])
def test_news_prose_stays_prose_in_every_language(
    engine: Engine, data: Path, language: str
) -> None:
    lines = (data / "quality" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    texts = [
        article["text"]
        for article in articles
        if article["language"] == language and article["kind"] in ("clean", "padded-heavy")
    ]

    assert texts
    assert {kind for text in texts for kind in recognize_text(text, engine)} == {
        BlockKind.PARAGRAPH
    }


@pytest.mark.parametrize(
    "text",
    [
        "Был дом. Она ушла 12 мая.",
        "\u0e40\u0e23\u0e37\u0e2d\u0e2d\u0e2d\u0e01\u0e40\u0e14\u0e34\u0e19\u0e17\u0e32\u0e07",
        "خرجت السفينة من الميناء.",
        "\u6c34\u5e93\u88c2\u4e86\u3002\u4ed6\u4eec\u8d70\u4e86\u3002",
        "\u201cThe mill,\u201d she said \u2014 \u201cis ours; it\u2019s paid for.\u201d",
        "A. B. Hals paid 4.3 million crowns, 12.5 % of it (or $1,250) at once.",
        _FERRY,
    ],
)  # fmt: skip
def test_one_sentence_of_any_script_stays_prose(engine: Engine, text: str) -> None:
    # "A. B. Hals" begins as an item does, "A." and a blank; only that makes a list of it.
    expected = BlockKind.LIST if text.startswith("A. ") else BlockKind.PARAGRAPH

    assert recognize_text(text, engine) == [expected]


@pytest.mark.parametrize(
    "kind", [kind for kind in BlockKind if kind not in (BlockKind.TEXT, BlockKind.PARAGRAPH)]
)
def test_what_a_reader_has_told_stays(engine: Engine, kind: BlockKind) -> None:
    batch = make_batch(kind, _FERRY)
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)

    assert set(recognize_kinds(paragraphs, engine).tolist()) <= {kind}


def test_a_reader_s_prose_is_looked_at_too(engine: Engine) -> None:
    assert recognize(make_batch(BlockKind.PARAGRAPH, "- one\n- two"), engine) == [BlockKind.LIST]


def test_both_engines_recognize_the_same_kinds(engines: tuple[Engine, Engine], data: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((data / "docs").glob("*.md"))]

    for text in texts:
        oracle, compiled = (recognize_text(text, engine) for engine in engines)
        assert oracle == compiled


def test_no_paragraphs_have_no_kinds(engine: Engine) -> None:
    (batch,) = batches_from_records([{"text": " "}], ReadersConfig())
    paragraphs = split_paragraphs(batch, ParagraphsConfig(), engine)

    kinds = recognize_kinds(paragraphs, engine)

    assert (kinds.dtype, kinds.tolist()) == (np.dtype(np.uint8), [])
