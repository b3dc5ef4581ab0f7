"""Sources read piece by piece, and problems in their place."""

from pathlib import Path
from typing import Any

import pytest

from dedup.config import ReadersConfig
from dedup.errors import InputError
from dedup.model import Problem
from dedup.readers.documents import parse_piece, read_documents, read_pieces
from dedup.readers.sources import Source, find_sources

NO_ENGINE: Any = None  # text and Markdown need none
SKIPPING = ReadersConfig(skip_errors=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("One.\n\nTwo.\n")
    (tmp_path / "b.txt").write_bytes(b"good\nbad \xff\n")
    (tmp_path / "c.txt").write_text("good")
    return tmp_path


def test_documents_come_in_the_order_of_their_paths(folder: Path) -> None:
    (folder / "b.txt").write_text("good now")

    batches = list(read_documents(["c.txt", "b.txt", "a.md"], ReadersConfig(), NO_ENGINE))

    assert [batch.path for batch in batches] == ["a.md", "b.txt", "c.txt"]


def test_a_bad_file_stops_the_run(folder: Path) -> None:
    with pytest.raises(InputError, match=r"b\.txt:2: byte 0xff"):
        list(read_documents([folder], ReadersConfig(), NO_ENGINE))


@pytest.mark.usefixtures("folder")
def test_with_errors_skipped_a_bad_file_is_a_problem_in_its_place() -> None:
    batches = list(read_documents(["."], SKIPPING, NO_ENGINE))

    assert [len(batch.ids) for batch in batches] == [1, 0, 1]
    assert batches[1].problems == (Problem("b.txt", 2, "byte 0xff is not UTF-8"),)


def test_a_file_that_vanishes_before_it_is_read_is_a_problem(folder: Path) -> None:
    sources = find_sources(["a.md", "c.txt"], SKIPPING)
    (folder / "a.md").unlink()

    first, second = read_pieces(sources, SKIPPING)

    assert first == Problem("a.md", None, "no such file or directory")
    assert not isinstance(second, Problem)
    assert second.path == "c.txt"


def test_a_file_that_vanishes_is_an_error_when_none_is_skipped(folder: Path) -> None:
    sources = find_sources(["c.txt"], ReadersConfig())
    (folder / "c.txt").unlink()

    with pytest.raises(InputError, match=r"c\.txt: no such file"):
        list(read_pieces(sources, ReadersConfig()))


def test_a_problem_passes_through_every_step() -> None:
    problem = Problem("gone.txt", None, "no such file or directory")

    (passed,) = read_pieces([problem], SKIPPING)

    assert passed is problem
    assert parse_piece(passed, SKIPPING, NO_ENGINE).problems == (problem,)


def test_standard_input_is_read_as_what_it_is_named() -> None:
    source = Source("x.md", "markdown", compression="", path=None, content=b"# One\n\nTwo.\n")

    (piece,) = read_pieces([source], ReadersConfig())

    assert parse_piece(piece, ReadersConfig(), NO_ENGINE).lines.tolist() == [1, 3]
