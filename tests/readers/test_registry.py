"""Which reader reads what."""

import subprocess
import sys
from pathlib import Path

import pytest

from dedup.errors import SettingError, UnreadableFormatError
from dedup.readers.registry import (
    COMPRESSIONS,
    READERS,
    find_compression,
    find_reader,
    has_reader,
    is_ambiguous,
)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("notes.txt", "text"),
        ("NOTES.TXT", "text"),
        ("a.b/c.text", "text"),
        ("page.md", "markdown"),
        ("page.markdown", "markdown"),
        ("page.mdx", "markdown"),
        ("feed.jsonl", "jsonl"),
        ("feed.ndjson", "jsonl"),
        ("feed.jsonl.gz", "jsonl"),
        ("page.md.GZ", "markdown"),
        (".txt", "text"),
        ("page.html.bz2", "html"),
        ("table.CSV.xz", "csv"),
        ("crawl.warc.zst", "warc"),
        ("news.xml", "feed"),
        ("news.json.gz", "feed"),
    ],
)
def test_the_ending_of_a_file_names_its_reader(name: str, format_name: str) -> None:
    assert find_reader(Path(name), None).name == format_name


@pytest.mark.parametrize("name", ["README", "archive.gz", "a.txt.bak", "table.xls", "txt", ".md/x"])
def test_a_file_of_unknown_ending_is_refused_with_all_endings_there_are(name: str) -> None:
    with pytest.raises(UnreadableFormatError, match=r"\.jsonl.*\.md.*\.txt.*--input-format"):
        find_reader(Path(name), None)


@pytest.mark.parametrize("ending", ["", *COMPRESSIONS])
def test_the_last_ending_alone_says_how_a_file_is_packed(ending: str) -> None:
    assert find_compression(f"a.gz.txt{ending}") == ending.removeprefix(".")
    assert has_reader(f"a.gz.txt{ending}")
    assert not has_reader(f"a.txt.gz{ending}") or not ending


@pytest.mark.parametrize("name", ["a.xml", "a.JSON", "a.xml.zst"])
def test_endings_of_much_else_say_nothing_by_themselves(name: str) -> None:
    assert is_ambiguous(name)
    assert not has_reader(name)
    assert find_reader(Path(name), None).name == "feed"
    assert find_reader(Path(name), "text").name == "text"


def test_a_format_named_by_hand_wins_over_the_ending() -> None:
    assert find_reader(Path("page.md"), "text").name == "text"
    assert find_reader(Path("README"), "jsonl").name == "jsonl"


@pytest.mark.parametrize(
    ("typed", "meant"), [("json", "jsonl"), ("Markdown", "markdown"), ("txt", "text")]
)
def test_a_misspelt_format_is_refused_with_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(SettingError, match=f"Did you mean '{meant}'"):
        find_reader(Path("a.txt"), typed)


def test_a_format_like_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(SettingError, match="allowed is text or markdown or jsonl"):
        find_reader(Path("a.txt"), "qqq")


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_a_reader_holds_the_two_functions_of_the_protocol(name: str) -> None:
    module = READERS[name].load()

    assert callable(module.cut)
    assert callable(module.parse)


def test_finding_a_reader_imports_none_of_what_the_formats_need() -> None:
    code = (
        "import sys; from pathlib import Path; from dedup.readers.registry import find_reader; "
        "find_reader(Path('a.md'), None); "
        "print(sorted({'pyromark', 'gzip', 'pathspec', 'orjson', 'numba', 'zstandard', 'lzma'} "
        "& set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 -- our own words

    assert done.stdout.strip() == "[]"
