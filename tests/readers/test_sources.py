"""From what the user names to the sources, in order."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import permutations
from pathlib import Path

import pytest
import zstandard

from dedup.config import ReadersConfig
from dedup.errors import InputError, SettingError, UnreadableFormatError
from dedup.model import Problem
from dedup.readers.batches import encode_id
from dedup.readers.sources import Source, find_sources, measure_sources

DEFAULT = ReadersConfig()
SKIPPING = ReadersConfig(skip_errors=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name)


def pipe_in(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def names_of(*paths: str | Path, config: ReadersConfig = DEFAULT) -> list[str]:
    found = find_sources(paths, config)
    return [source.name for source in found if isinstance(source, Source)]


def test_a_folder_gives_every_file_below_that_a_reader_knows() -> None:
    write("d/b.md", "d/a.txt", "d/sub/c.jsonl", "d/sub/c.txt.gz", "d/x.png", "d/Makefile", "e.txt")

    assert names_of("d") == ["d/a.txt", "d/b.md", "d/sub/c.jsonl", "d/sub/c.txt.gz"]


def test_the_current_folder_gives_names_without_a_dot() -> None:
    write("a.txt", "d/b.txt")

    assert names_of(".") == names_of("./") == ["a.txt", "d/b.txt"]


def test_shuffled_arguments_give_the_same_order() -> None:
    write("a.txt", "a/b.txt", "a-b/c.txt", "z.md")
    arguments = ["z.md", "a.txt", "a", "a-b"]

    orders = {tuple(names_of(*shuffled)) for shuffled in permutations(arguments)}

    assert orders == {("a/b.txt", "a-b/c.txt", "a.txt", "z.md")}


def test_a_file_named_in_many_ways_is_read_once() -> None:
    write("d/a.txt")
    Path("link.txt").symlink_to("d/a.txt")

    assert len(names_of("d/a.txt", "./d/a.txt", "d", ".", Path("d/a.txt").resolve())) == 1
    assert names_of(".") == ["d/a.txt"]


def test_hard_links_are_files_of_their_own() -> None:
    write("a.txt")
    os.link("a.txt", "b.txt")

    assert names_of(".") == ["a.txt", "b.txt"]


def test_a_missing_path_is_an_error_that_names_it() -> None:
    with pytest.raises(InputError, match=r"cannot read gone/a\.txt: no such file.*--skip-errors"):
        find_sources(["gone/a.txt"], DEFAULT)


def test_with_errors_skipped_problems_stand_in_order() -> None:
    write("a.txt", "c.txt", "d.png")

    found = find_sources(["d.png", "c.txt", "b.txt", "a.txt"], SKIPPING)

    assert [s.name if isinstance(s, Source) else s.path for s in found] == [
        "a.txt",
        "b.txt",
        "c.txt",
        "d.png",
    ]
    assert found[1] == Problem("b.txt", None, "no such file or directory")
    assert isinstance(found[3], Problem)
    assert "no reader for '.png'" in found[3].message


def test_a_file_of_unknown_ending_named_by_hand_is_refused() -> None:
    write("a.png")

    with pytest.raises(UnreadableFormatError, match=r"a\.png.*--input-format"):
        find_sources(["a.png"], DEFAULT)


def test_a_format_named_by_hand_holds_for_every_file() -> None:
    write("a.png", "d/b.txt", "d/c.bin")

    found = find_sources(["a.png", "d"], ReadersConfig(input_format="markdown"))

    assert [(s.name, s.format) for s in found if isinstance(s, Source)] == [
        ("a.png", "markdown"),
        ("d/b.txt", "markdown"),
    ]


def test_a_misspelt_format_is_refused_even_with_errors_skipped() -> None:
    with pytest.raises(SettingError, match="Did you mean 'markdown'"):
        find_sources([], ReadersConfig(input_format="markdwn", skip_errors=True))


def test_hidden_entries_are_left_out_unless_named_by_hand() -> None:
    write("d/.hidden.txt", "d/.git/a.txt", "d/a.txt")

    assert names_of("d") == ["d/a.txt"]
    assert names_of("d/.hidden.txt", "d/.git") == ["d/.git/a.txt", "d/.hidden.txt"]


def test_a_folder_without_permission_is_an_error_or_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("d/a.txt", "d/closed/b.txt", "d/e.txt")
    scan = os.scandir

    def scan_allowed(path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_allowed)

    with pytest.raises(InputError, match="cannot read d/closed: permission denied"):
        find_sources(["d"], DEFAULT)
    found = find_sources(["d"], SKIPPING)
    assert found[1] == Problem("d/closed", None, "permission denied")
    assert [s.name for s in found if isinstance(s, Source)] == ["d/a.txt", "d/e.txt"]


@pytest.mark.parametrize("name", ["a b.txt", 'it\'s "q".txt', "two\nlines.txt", "漢字.txt"])
def test_any_name_is_kept_as_it_is(name: str) -> None:
    write(f"d/{name}")

    assert names_of("d") == names_of(f"d/{name}") == [f"d/{name}"]


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes() -> None:
    Path("d").mkdir()
    path = os.fsdecode(b"d/cover\xe9.txt")
    Path(path).write_text("one")

    (source,) = find_sources(["d"], DEFAULT)

    assert isinstance(source, Source)
    assert source.name == r"d/cover\xe9.txt"
    assert source.path == path
    assert json.loads(encode_id(source.name)) == r"d/cover\xe9.txt"
    Path(os.fsdecode(b"cover\xe9")).touch()
    with pytest.raises(UnreadableFormatError, match=r"cover\\xe9"):
        find_sources([os.fsdecode(b"cover\xe9")], DEFAULT)


def test_a_nul_byte_in_a_name_is_an_error() -> None:
    with pytest.raises(InputError, match="embedded null byte"):
        find_sources(["a\0.txt"], DEFAULT)


def test_standard_input_is_read_once_and_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(b"one\n", monkeypatch)

    (source,) = find_sources(["-", "-"], DEFAULT)

    assert source == Source("<stdin>", "text", compression="", path=None, content=b"one\n")


@pytest.mark.parametrize(
    ("config", "format_name"),
    [
        (ReadersConfig(stdin_filename="docs/a.md"), "markdown"),
        (ReadersConfig(stdin_filename="docs/a.md", input_format="text"), "text"),
        (ReadersConfig(stdin_filename="a.jsonl.gz"), "jsonl"),
        (ReadersConfig(stdin_filename="a.page"), "text"),
    ],
)
def test_the_name_of_standard_input_gives_its_format(
    config: ReadersConfig, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_in(b"one\n", monkeypatch)

    (source,) = find_sources([Path("-")], config)

    assert isinstance(source, Source)
    assert (source.name, source.format) == (config.stdin_filename, format_name)
    assert not source.compression


@pytest.mark.parametrize(
    ("content", "compression"),
    [
        (b"one", ""),
        (gzip.compress(b"one", mtime=0), "gz"),
        (bz2.compress(b"one"), "bz2"),
        (lzma.compress(b"one"), "xz"),
        (zstandard.compress(b"one"), "zst"),
    ],
)
def test_packed_standard_input_is_known_by_its_first_bytes(
    content: bytes, compression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_in(content, monkeypatch)

    (source,) = find_sources(["-"], DEFAULT)

    assert isinstance(source, Source)
    assert source.compression == compression


RSS = b'<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>'
JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'


def test_of_xml_and_json_in_a_folder_feeds_alone_are_taken() -> None:
    write("d/build.xml", "d/package.json", "d/empty.xml", "d/cut.json.gz", "d/a.txt")
    Path("d/news.xml").write_bytes(RSS)
    Path("d/news.json.xz").write_bytes(lzma.compress(JSON_FEED))
    Path("d/deep.xml").write_bytes(b"<!--" + b" " * 5000 + b"-->" + RSS)

    found = find_sources(["d"], DEFAULT)

    assert [(s.name, s.format, s.compression) for s in found if isinstance(s, Source)] == [
        ("d/a.txt", "text", ""),
        ("d/news.json.xz", "feed", "xz"),
        ("d/news.xml", "feed", ""),
    ]


def test_xml_and_json_named_by_hand_are_feeds_or_what_the_user_says() -> None:
    write("d/build.xml", "d/data.json")

    found = find_sources(["d/build.xml", "d/data.json"], DEFAULT)
    told = find_sources(["d/data.json"], ReadersConfig(input_format="jsonl"))

    assert [source.format for source in found if isinstance(source, Source)] == ["feed", "feed"]
    assert [source.format for source in told if isinstance(source, Source)] == ["jsonl"]


def test_xml_and_json_in_a_folder_are_not_taken_for_another_format() -> None:
    Path("d").mkdir()
    Path("d/news.xml").write_bytes(RSS)

    assert names_of("d", config=ReadersConfig(input_format="text")) == []
    assert names_of("d", config=ReadersConfig(input_format="feed")) == ["d/news.xml"]


def test_without_zstandard_a_packed_file_that_may_be_none_of_ours_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("d/a.txt")
    Path("d/dump.json.zst").write_bytes(zstandard.compress(JSON_FEED))
    monkeypatch.setitem(sys.modules, "zstandard", None)

    assert names_of("d") == ["d/a.txt"]


def test_a_feed_of_ambiguous_name_may_come_by_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipe_in(RSS, monkeypatch)

    (source,) = find_sources(["-"], ReadersConfig(stdin_filename="news.xml"))

    assert isinstance(source, Source)
    assert source.format == "feed"


def test_standard_input_takes_the_place_of_the_file_it_is_named_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("a.md", "b.md", "c.md")
    pipe_in(b"not saved yet", monkeypatch)

    found = find_sources([".", "-"], ReadersConfig(stdin_filename="b.md"))

    assert [s.name for s in found if isinstance(s, Source)] == ["a.md", "b.md", "c.md"]
    assert isinstance(found[1], Source)
    assert found[1].content == b"not saved yet"


def test_too_much_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(bytes(11), monkeypatch)
    with pytest.raises(InputError, match=r"<stdin>: it holds more than 10 bytes.*--max-bytes"):
        find_sources(["-"], ReadersConfig(max_bytes=10))

    pipe_in(bytes(11), monkeypatch)
    (problem,) = find_sources(["-"], ReadersConfig(max_bytes=10, skip_errors=True))
    assert isinstance(problem, Problem)


def test_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(InputError, match="<stdin>"):
        find_sources(["-"], DEFAULT)


def test_sizes_are_told_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.txt").write_bytes(bytes(100))
    Path("b.txt.gz").write_bytes(bytes(20))
    Path("gone.txt").write_bytes(bytes(1000))
    pipe_in(bytes(7), monkeypatch)
    sources = find_sources([".", "-", "nowhere.txt"], SKIPPING)
    Path("gone.txt").unlink()

    assert measure_sources(sources) == 100 + 5 * 20 + 7
