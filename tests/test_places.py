"""Where a paragraph stands: places that point into the source."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import Config, EngineChoice, RunConfig
from dedup.pipeline import find_duplicates
from dedup.places import PlaceFinder

_PIECES: Final = st.lists(
    st.sampled_from(
        ["\n", "\r\n", "\r", "\n\n", "  ", "\t", "a b", "\u00e9 \u5343", "\U0001f600 x"]
    ),
    max_size=20,
).map("".join)
_ENGINES: Final = pytest.mark.parametrize("name", ["numpy", "numba"])


@settings(max_examples=100)
@given(_PIECES, st.sampled_from(["numpy", "numba"]))
def test_places_point_into_a_text_file(
    tmp_path_factory: pytest.TempPathFactory, content: str, engine: EngineChoice
) -> None:
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(content.encode())
    report = find_duplicates([path], Config(run=RunConfig(engine=engine)))
    lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    for number in range(len(report.corpus)):
        text, place = report.text(number), report.reference(number)
        assert content[place.start_char : place.end_char] == text
        assert (place.document, place.path, place.paragraph) == (str(path), str(path), number)
        first, last = lines[place.start_line - 1], lines[place.end_line - 1]
        assert first[place.start_column - 1 :].startswith(text.split("\n")[0].split("\r")[0])
        assert last[: place.end_column].endswith(text.replace("\r", "\n").split("\n")[-1])


@_ENGINES
def test_places_point_into_the_text_of_a_record(tmp_path: Path, name: EngineChoice) -> None:
    text = "\u00e9\n\n  The mill was sold.\n\U0001f600\n\nThe river rose."
    path = tmp_path / "a.jsonl"
    path.write_text("\n" + json.dumps({"id": "x", "text": text}, ensure_ascii=False))

    report = find_duplicates([path], Config(run=RunConfig(engine=name)))

    found = [report.reference(number) for number in range(3)]
    assert [text[place.start_char : place.end_char] for place in found] == [
        "\u00e9",
        "The mill was sold.\n\U0001f600",
        "The river rose.",
    ]
    assert [(place.document, place.paragraph, place.start_line) for place in found] == [
        ("x", 0, 2),
        ("x", 1, 2),
        ("x", 2, 2),
    ]


def test_paragraphs_are_numbered_within_their_document() -> None:
    records = [{"id": f"r{n}", "text": text} for n, text in enumerate(("one\n\ntwo", "", "three"))]
    report = find_duplicates(records)

    found = [report.reference(number) for number in range(3)]
    assert [(r.document, r.paragraph) for r in found] == [("r0", 0), ("r0", 1), ("r2", 0)]


def test_a_long_text_is_looked_through_once_for_all_its_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    part = "\u00dcberall steht dasselbe, sagt die M\u00fchle am Fluss.\n\n"
    path.write_text(part * 500, encoding="utf-8")
    corpus = find_duplicates([path]).corpus
    looked: list[int] = []
    look = np.flatnonzero

    def count(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        looked.append(len(flags))
        return look(flags)

    monkeypatch.setattr(np, "flatnonzero", count)
    finder = PlaceFinder(corpus)

    assert [finder.find(n).start_char for n in range(500)] == [len(part) * n for n in range(500)]
    assert looked == [len(corpus.batches[0].buffer)]


def test_a_paragraph_of_a_page_is_cut_out_of_its_lines(tmp_path: Path) -> None:
    said = "The mill by the\n  river was <b\n id=x>sold</b> to\na baker in May &amp; June."
    page = f"<p>Another one.</p>\r\n<p>{said}</p><p>x</p>\n<div>{said}\n</div>\n"
    (tmp_path / "page.html").write_bytes(page.encode())

    (finding,) = find_duplicates([tmp_path / "page.html"]).findings

    lines = page.split("\n")
    for place in (finding.reference, finding.source):
        rows = lines[place.start_line - 1 : place.end_line]
        rows[-1] = rows[-1][: place.end_column]
        rows[0] = rows[0][place.start_column - 1 :]
        assert "\n".join(rows) == said
        assert page[place.start_char : place.end_char] == said
