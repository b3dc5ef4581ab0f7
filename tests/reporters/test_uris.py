"""Paths as URIs and with forward slashes; pathlib and urllib are the oracles."""

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reporters.uris import make_uri, slash_path

# A name of a file on Linux: any bytes but zero and the slash, as Python decodes them.
names = st.binary(min_size=1, max_size=12).map(
    lambda name: name.replace(b"\0", b"0").replace(b"/", b"_").decode("utf-8", "surrogateescape")
)
paths = st.lists(names.filter(lambda name: name not in {".", ".."}), min_size=1, max_size=3)


@given(paths)
def test_a_relative_path_is_a_relative_uri_that_decodes_to_its_bytes(parts: list[str]) -> None:
    path = "/".join(["here", *parts])

    uri = make_uri(path, "/")

    assert uri.isascii()
    assert urlsplit(uri)[:2] == ("", "")
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


@given(paths)
def test_an_absolute_path_is_the_uri_that_pathlib_gives(parts: list[str]) -> None:
    path = PurePosixPath("/", *parts)

    assert unquote_to_bytes(make_uri(str(path), "/")) == unquote_to_bytes(path.as_uri())


@pytest.mark.parametrize("path", [r"C:\docs\a b.md", r"d:\x#1%.md", r"\\server\share\a.md"])
def test_an_absolute_path_of_windows_is_one_everywhere(path: str) -> None:
    assert make_uri(path, "/") == make_uri(path, "\\") == PureWindowsPath(path).as_uri()


def test_a_relative_path_of_windows_has_slashes_there() -> None:
    assert make_uri(r"docs\a.md", "\\") == "docs/a.md"
    assert make_uri(r"docs\a.md", "/") == "docs%5Ca.md"


def test_no_name_is_taken_for_a_scheme_a_query_or_an_escape() -> None:
    assert make_uri("mailto:a?b#c%41.md", "/") == "mailto%3Aa%3Fb%23c%2541.md"


def test_half_a_pair_that_is_no_byte_does_not_stop_the_report() -> None:
    assert make_uri("a\ud800.md", "/") == "a%EF%BF%BD.md"


@pytest.mark.parametrize(
    ("path", "slashed"),
    [
        ("./docs/a.md", "docs/a.md"),
        (".//./a.md", "a.md"),
        ("../docs/a.md", "../docs/a.md"),
        ("docs//a./b.md", "docs/a./b.md"),
        ("/docs//a.md", "/docs/a.md"),
        (r"a\b.md", r"a\b.md"),
    ],
)
def test_only_what_leads_nowhere_is_left_out(path: str, slashed: str) -> None:
    assert slash_path(path, "/") == slashed
