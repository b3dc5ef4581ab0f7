"""Sources and records become one corpus, whatever engine and however many threads."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dedup.config import Config, ReadersConfig, RunConfig, ShinglesConfig
from dedup.errors import InputError
from dedup.execution import Run
from dedup.gathering import gather_records, gather_sources
from dedup.model import Corpus, TokenLists
from dedup.readers.sources import find_sources, measure_sources

TEXTS = ["one two three\n\nfour five", "", "six é 漢\n\n\n\nseven"]


def make_run(config: Config) -> Run:
    return Run(config, 0, lambda _stage, _done: None)


def gather(path: Path, config: Config) -> tuple[Corpus, TokenLists | None]:
    run = make_run(config)
    return gather_sources(find_sources([path], config.readers), run)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        "".join(json.dumps({"id": at, "text": text}) + "\n" for at, text in enumerate(TEXTS))
    )
    return path


def test_paragraphs_come_in_input_order_with_their_documents(file: Path) -> None:
    corpus, units = gather(file, Config())

    texts = [text for one in TEXTS for text in one.split("\n\n") if text.strip()]
    assert [corpus.text(number) for number in range(len(corpus))] == texts
    assert corpus.document.tolist() == [0, 0, 2, 2]
    assert corpus.tokens.sizes.tolist() == [len(text.split()) for text in texts]
    assert units is None


def test_records_give_what_a_file_of_them_gives(file: Path) -> None:
    records = [{"id": at, "text": text} for at, text in enumerate(TEXTS)]

    left, _ = gather(file, Config())
    right, _ = gather_records(records, make_run(Config()))

    assert np.array_equal(left.tokens.prints, right.tokens.prints)
    assert np.array_equal(left.document, right.document)


def test_characters_are_spelled_where_shingles_are_made_of_them(file: Path) -> None:
    corpus, units = gather(file, Config(shingles=ShinglesConfig("char", 5)))

    assert units is not None
    assert len(units) == len(corpus)
    assert (units.sizes >= corpus.tokens.sizes).all()


def test_threads_change_nothing(tmp_path: Path) -> None:
    for at in range(30):
        (tmp_path / f"{at:02}.txt").write_text(f"{TEXTS[0]}\n\n{at}")

    corpora = [gather(tmp_path, Config(run=RunConfig(jobs=jobs)))[0] for jobs in (1, 4)]

    assert [batch.path for batch in corpora[0].batches] == [
        batch.path for batch in corpora[1].batches
    ]
    for name in ("prints", "starts", "ends"):
        assert np.array_equal(getattr(corpora[0].tokens, name), getattr(corpora[1].tokens, name))


def test_an_id_that_comes_twice_is_refused_or_left_out(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"id": 1, "text": "a"}\n{"id": 1, "text": "b"}\n')

    with pytest.raises(InputError, match=r"rows\.jsonl:2: its id 1 is that of line 1.*--id-field"):
        gather(file, Config())
    corpus, _ = gather(file, Config(readers=ReadersConfig(skip_errors=True)))
    assert [corpus.text(number) for number in range(len(corpus))] == ["a"]
    assert len(corpus.problems) == 1


@pytest.mark.parametrize(("n_bytes", "expected"), [(40_000, []), (1 << 20, ["prepare_piece"])])
def test_only_large_sources_are_spread_over_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_bytes: int, expected: list[str]
) -> None:
    line = "One more line of a text that says little. \n\n"
    (tmp_path / "a.txt").write_text(line * (n_bytes // 40))
    sources = find_sources([tmp_path], ReadersConfig())
    spread: list[str] = []

    def map_alone(
        _run: Run, function: Callable[[object], object], values: Iterable[object]
    ) -> Iterator[object]:
        spread.append(function.__name__)
        return map(function, values)

    monkeypatch.setattr(Run, "map", map_alone)
    run = Run(Config(), measure_sources(sources), lambda _stage, _done: None)
    gather_sources(sources, run)

    assert spread == expected
