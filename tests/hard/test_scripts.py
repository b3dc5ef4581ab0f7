"""Texts that are hard by their characters: read right, compared right, shown in the right place."""

import json
import unicodedata
from pathlib import Path
from typing import Final

import pytest

from dedup.config import Config, EngineChoice, ParagraphsConfig, RunConfig
from dedup.kernels import ENGINES
from dedup.pipeline import find_duplicates
from dedup.report import Report

# A sentence of each script, and the same with a few characters of it changed.
TEXTS: Final = {
    "chinese": "渡船从岛上回来的那天港口没有人认识新船长",
    "japanese": "島から船が戻った日、港の誰も新しい船長を知らなかった。",
    "thai": "วันที่เรือกลับมาจากเกาะไม่มีใคร",
    "arabic": "في اليوم الذي عادت فيه العبّارة من الجزر لم يعرف أحد قبطانها",
    "hebrew": "בַּיּוֹם שבו חזרה המעבורת מן האיים לא הכיר איש בנמל את הקברניט",
    "hindi": "जिस दिन नाव द्वीपों से लौटी उस दिन बंदरगाह में कोई नहीं था",
    "korean": "배가 섬에서 돌아온 날 항구에서는 아무도 새 선장을 알지 못했다",
    "emoji": (
        "on the day \U0001f6a2\ufe0f came back \U0001f469\u200d\U0001f52c\U0001f469\U0001f3fd "
        "nobody knew 1\ufe0f\u20e3 of them \u2764\ufe0f at all"
    ),
    "combining": (
        "le jour ou\u0300 le bateau e\u0301tait revenu des "
        "i\u0302les personne ne connai\u0302t son capitaine"
    ),
    "separators": (
        "on the day\u2028when the ferry\u2029came back\x85from the\x1cislands nobody knew it"
    ),
    "nul": "on the day\x00when the ferry came back\x00from the islands nobody knew its new captain",
    "surrogate": (
        "on the day when the \ud83d ferry came back \ude00 from the islands nobody knew it"
    ),
}


def run(texts: list[str], engine: EngineChoice) -> Report:
    config = Config(
        paragraphs=ParagraphsConfig(min_words=4),
        run=RunConfig(engine=engine),
    )
    return find_duplicates([{"text": text} for text in texts], config)


def relations_of(report: Report) -> list[tuple[int, str]]:
    return [(m.number, m.relation.label) for group in report.groups for m in group.members]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("script", TEXTS)
def test_a_text_is_identical_to_itself_in_another_form(script: str, engine: EngineChoice) -> None:
    text = TEXTS[script]
    decomposed = unicodedata.normalize("NFD", text)

    assert relations_of(run([text, decomposed, f"  {text}\n"], engine)) == [
        (1, "identical"),
        (2, "identical"),
    ]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("script", TEXTS)
def test_a_text_with_its_last_word_changed_is_a_near_duplicate(
    script: str, engine: EngineChoice
) -> None:
    text = TEXTS[script].rstrip("\u3002")

    assert relations_of(run([text, f"{text[:-1]}q"], engine)) == [(1, "near-duplicate")]


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_of_different_scripts_match_nothing(engine: EngineChoice) -> None:
    texts = [
        text for script, text in TEXTS.items() if script not in {"separators", "surrogate", "nul"}
    ]
    report = run(texts, engine)

    assert (report.groups, report.findings) == ((), ())
    assert report.counts.n_unique == len(texts)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("script", TEXTS)
def test_the_place_of_a_paragraph_is_counted_in_characters(
    tmp_path: Path, script: str, engine: EngineChoice
) -> None:
    text = TEXTS[script].replace("\x85", " ")
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": f"{text}\n\n{text}"}), encoding="utf-8")

    report = find_duplicates([path], Config(run=RunConfig(engine=engine)))

    second = report.reference(1)
    assert (second.start_char, second.end_char) == (len(text) + 2, 2 * len(text) + 2)
    assert report.text(1) == text.replace("\ud83d", "\ufffd").replace("\ude00", "\ufffd")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_nul_parts_words_and_tells_texts_apart(engine: EngineChoice) -> None:
    text = TEXTS["nul"].replace("\0", " ")

    assert relations_of(run([text, TEXTS["nul"]], engine)) == [(1, "near-duplicate")]
    assert relations_of(run([text, f"\0{text}"], engine)) == [(1, "near-duplicate")]
    assert relations_of(run([text, f"{text}\0"], engine)) == [(1, "near-duplicate")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "gap", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\u00a0", "\r\n"]
)
def test_every_kind_of_blank_is_a_blank(engine: EngineChoice, gap: str) -> None:
    text = "on the day when the ferry came back nobody knew its new captain"

    assert relations_of(run([text, text.replace(" ", gap)], engine)) == [(1, "identical")]
