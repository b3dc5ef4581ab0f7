"""Which paragraphs a comment is about, on texts whose places are counted by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup import find_duplicates
from dedup.gate.scopes import Scope, list_scopes
from dedup.model import Directive, DirectiveKind
from dedup.report import Report

# Lines and columns from 1:    1234567890123456789
PAGE = """<p>One and two.</p>
<p>Three
 and four.</p>
<div><p>Five.</p><p>Six.</p></div>
<p>Seven.</p>
"""
ONE, THREE, FIVE, SIX, SEVEN = range(5)


def point(kind: DirectiveKind, line: int, column: int, *, size: int = 1) -> Directive:
    return Directive(kind, line, column, line, column + size - 1)


@pytest.fixture
def scopes(tmp_path: Path) -> Callable[..., tuple[Scope, ...]]:
    """Give a function that gives the scopes of some directives in PAGE; `behind` it others."""

    def find(*directives: Directive, behind: tuple[Directive, ...] = ()) -> tuple[Scope, ...]:
        for name in ("a.html", "b.html"):
            (tmp_path / name).write_text(PAGE)
        report = find_duplicates([tmp_path / "a.html", tmp_path / "b.html"])
        assert [report.text(n) for n in range(5)] == [
            "One and two.",
            "Three and four.",
            "Five.",
            "Six.",
            "Seven.",
        ]
        return list_scopes(with_directives(report, directives, behind))

    return find


def with_directives(report: Report, *directives: tuple[Directive, ...]) -> Report:
    batches = tuple(
        replace(batch, directives=of_batch)
        for batch, of_batch in zip(report.corpus.batches, directives, strict=True)
    )
    return replace(report, corpus=replace(report.corpus, batches=batches))


@pytest.mark.parametrize(
    ("line", "column", "meant"),
    [
        (1, 1, [ONE]),  # before everything
        (1, 8, [ONE]),  # within
        (1, 16, [ONE]),  # behind its last word, before its end tag
        (2, 1, [THREE]),
        (2, 9, [THREE]),  # on its first line
        (3, 15, [THREE]),  # behind its end tag
        (4, 1, [FIVE]),
        (4, 14, [SIX]),  # behind five, where six begins on the same line
        (4, 29, [SIX]),
        (5, 14, [SEVEN]),
        (6, 1, []),  # behind everything
    ],
)
def test_an_ignore_is_about_the_paragraph_around_it_else_the_next(
    scopes: Callable[..., tuple[Scope, ...]], line: int, column: int, meant: list[int]
) -> None:
    (scope,) = scopes(point("ignore", line, column))

    assert scope.numbers.tolist() == meant


def test_off_holds_until_the_next_on_or_the_end(
    scopes: Callable[..., tuple[Scope, ...]],
) -> None:
    first, on, second, third = scopes(
        point("off", 2, 1), point("on", 4, 14), point("off", 4, 18), point("off", 5, 9)
    )

    assert first.numbers.tolist() == [THREE, FIVE]
    assert on.numbers.tolist() == []
    assert second.numbers.tolist() == [SIX, SEVEN]
    assert third.numbers.tolist() == []  # seven begins before it
    assert [scope.is_known for scope in (first, on, second, third)] == [True] * 4


def test_an_on_that_ends_nothing_is_no_known_one(
    scopes: Callable[..., tuple[Scope, ...]],
) -> None:
    found = scopes(point("on", 1, 1), point("off", 2, 1), point("on", 3, 1), point("on", 4, 1))

    assert [scope.is_known for scope in found] == [False, True, True, False]


def test_off_and_ignore_file_end_with_their_file(
    scopes: Callable[..., tuple[Scope, ...]],
) -> None:
    off, whole, other = scopes(
        point("off", 5, 1), point("ignore-file", 6, 1), behind=(point("ignore", 1, 1),)
    )

    assert off.numbers.tolist() == [SEVEN]
    assert whole.numbers.tolist() == [0, 1, 2, 3, 4]
    assert other.numbers.tolist() == [5]
    assert [Path(scope.path).name for scope in (off, other)] == ["a.html", "b.html"]


@pytest.mark.parametrize(
    ("start", "end", "meant"),
    [
        ((4, 1), (4, 34), [FIVE, SIX]),  # the division
        ((4, 1), (4, 24), [FIVE, SIX]),  # its last character is six's
        ((4, 1), (4, 23), [FIVE]),
        ((2, 1), (3, 14), [THREE]),
        ((2, 5), (3, 14), []),  # begun before it
        ((2, 4), (3, 9), []),  # not ended in it
        ((1, 1), (6, 1), [ONE, THREE, FIVE, SIX, SEVEN]),
    ],
)
def test_an_element_holds_what_lies_within_it(
    scopes: Callable[..., tuple[Scope, ...]],
    start: tuple[int, int],
    end: tuple[int, int],
    meant: list[int],
) -> None:
    (scope,) = scopes(Directive("element", *start, *end))

    assert scope.numbers.tolist() == meant


ONE_MORE = "The second entry, which nobody ignores, has more words than eight."


def test_off_reaches_over_the_batches_of_a_source_and_ignore_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    report = find_duplicates([tmp_path / "a.html"])
    corpus = report.corpus
    (batch,) = corpus.batches
    # The same page read in two batches, whose lines begin anew, as those of an archive do.
    parts = (
        replace(batch, directives=(point("off", 4, 14), point("ignore", 6, 1))),
        replace(batch, directives=(point("on", 3, 15),)),
    )
    columns = ("starts", "ends", "start_lines", "end_lines", "columns", "blocks")
    twice: dict[str, Any] = {name: np.tile(getattr(corpus, name), 2) for name in columns}
    corpus = replace(
        corpus,
        batches=parts,
        first_paragraphs=np.array([0, 5, 10]),
        first_documents=np.array([0, 1, 2]),
        document=np.repeat(np.arange(2, dtype=np.int32), 5),
        tokens=corpus.tokens.take(np.tile(np.arange(5), 2)),
        **twice,
    )

    off, ignore, on = list_scopes(replace(report, corpus=corpus))

    assert off.numbers.tolist() == [SIX, SEVEN, 5 + ONE, 5 + THREE]
    assert ignore.numbers.tolist() == []
    assert on.is_known


def test_a_comment_at_the_end_of_an_entry_means_nothing_of_the_next(tmp_path: Path) -> None:
    entry = "<item><guid>{0}</guid><description><![CDATA[{1}]]></description></item>"
    texts = ("<p>The first entry has eight words or more.</p>\n<!-- dedup: ignore -->", ONE_MORE)
    items = "\n".join(entry.format(number, text) for number, text in enumerate(texts))
    (tmp_path / "a.xml").write_text(f"<rss version='2.0'><channel>\n{items}\n</channel></rss>")

    (scope,) = list_scopes(find_duplicates([tmp_path / "a.xml"]))

    assert scope.directive.document == 0
    assert scope.numbers.tolist() == []


def test_a_comment_alone_between_blank_lines_of_plain_text_means_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"One.\n\n<!-- dedup: ignore -->\n\n{ONE_MORE}\n")
    report = find_duplicates([tmp_path / "a.txt"])

    (scope,) = list_scopes(report)

    assert [report.text(number) for number in scope.numbers.tolist()] == [ONE_MORE]
