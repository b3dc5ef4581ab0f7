"""Packed sources of every kind: read as what they hold, written packed again, bombs stopped."""

import bz2
import gzip
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
import zstandard

from dedup.cleaning import clean_sources
from dedup.config import Config, ReadersConfig, RunConfig
from dedup.errors import InputError
from dedup.outlets import Output
from dedup.pipeline import find_duplicates
from dedup.report import Report

PACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}
UNPACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gz": gzip.decompress,
    "bz2": bz2.decompress,
    "xz": lzma.decompress,
    "zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
of_every_kind = pytest.mark.parametrize("ending", PACK)


def findings_of(report: Report) -> list[tuple[str, int, int]]:
    return [(f.rule, f.number, f.source_number) for f in report.findings]


@of_every_kind
@pytest.mark.parametrize("folder", ["docs", "relations", "feeds"])
def test_packed_copies_give_what_the_plain_files_give(
    data: Path, folder: str, ending: str, tmp_path: Path
) -> None:
    for path in sorted((data / folder).rglob("*.*")):
        copy = tmp_path / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.with_name(f"{copy.name}.{ending}").write_bytes(PACK[ending](path.read_bytes()))

    plain, packed = find_duplicates([data / folder]), find_duplicates([tmp_path / folder])

    assert findings_of(packed) == findings_of(plain) != []
    assert [packed.text(n) for n in range(len(packed.corpus))] == [
        plain.text(n) for n in range(len(plain.corpus))
    ]


@of_every_kind
def test_what_is_cleaned_comes_packed_as_it_was(ending: str, data: Path, tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    shutil.copytree(data / "docs", plain)
    packed.mkdir()
    for path in plain.iterdir():
        (packed / f"{path.name}.{ending}").write_bytes(PACK[ending](path.read_bytes()))

    for folder in (plain, packed):
        clean_sources([folder], Output(str(tmp_path / f"{folder.name}-clean")))

    written = {path.name: path for path in (tmp_path / "packed-clean").iterdir()}
    expected = {path.name: path.read_bytes() for path in (tmp_path / "plain-clean").iterdir()}
    assert set(written) == {f"{name}.{ending}" for name in expected}
    assert {
        name: UNPACK[ending](written[f"{name}.{ending}"].read_bytes()) for name in expected
    } == expected
    untouched = next(name for name in expected if expected[name] == (plain / name).read_bytes())
    file = f"{untouched}.{ending}"
    assert written[file].read_bytes() == (packed / file).read_bytes()


@of_every_kind
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html", "a.rss", "a.rst"])
def test_a_bomb_of_any_format_is_stopped_by_how_much_it_expands(
    ending: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.{ending}"
    path.write_bytes(PACK[ending](b" " * (66 << 20)))
    config = Config(ReadersConfig(max_expansion=50), run=RunConfig(engine="numpy"))

    with pytest.raises(InputError, match=rf"{name}\.{ending}: .*50 times.*--max-expansion"):
        find_duplicates([path], config)


@of_every_kind
def test_a_packed_file_cut_short_is_named_and_the_others_are_read(
    ending: str, data: Path, tmp_path: Path
) -> None:
    content = (data / "articles" / "padded.txt").read_bytes()
    for name, packed in (("a", PACK[ending](content)), ("b", PACK[ending](content)[:-9])):
        (tmp_path / f"{name}.txt.{ending}").write_bytes(packed)

    report = find_duplicates([tmp_path], Config(ReadersConfig(skip_errors=True)))

    (problem,) = report.problems
    assert problem.path.endswith(f"b.txt.{ending}")
    assert "cut short" in problem.message
    assert len(report.corpus) > 0
