"""Patterns of paths; what git itself says of them is asked in the tests of those who use them."""

import logging

import pytest

from dedup.path_patterns import compile_patterns


def test_the_last_pattern_that_names_a_path_decides() -> None:
    patterns = compile_patterns(["docs/**", "!docs/kept.md", "# comment", ""], "a file")

    assert patterns.names("docs/a.md", is_folder=False) is True
    assert patterns.names("docs/kept.md", is_folder=False) is False
    assert patterns.names("a.md", is_folder=False) is None


def test_a_pattern_of_what_is_in_a_folder_does_not_name_the_folder() -> None:
    inner, whole = compile_patterns(["docs/**"], "a file"), compile_patterns(["docs/"], "a file")

    assert not inner.names("docs", is_folder=True)
    assert inner.names("docs/deep", is_folder=True)
    assert whole.names("docs", is_folder=True)
    assert not whole.names("docs", is_folder=False)


def test_what_is_no_pattern_is_passed_over_and_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "dedup"):
        patterns = compile_patterns(["a.md", "!", "b.md"], "docs/.gitignore")

    assert patterns.names("a.md", is_folder=False)
    assert patterns.names("b.md", is_folder=False)
    assert caplog.messages == ["docs/.gitignore: no pattern: '!'"]
