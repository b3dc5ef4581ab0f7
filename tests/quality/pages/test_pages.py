"""Real pages: what is read of them against what a person saw, with floors.

Needs the HTML documentation of Debian's packages; each test says what it misses and is skipped.
"""

from pathlib import Path
from typing import Final

import pytest

from tests.quality.figures import Row
from tests.quality.pages.__main__ import N_SAMPLED
from tests.quality.pages.markup import list_text_blocks, strip_tags
from tests.quality.pages.packages import PACKAGES, list_pages, sample_pages
from tests.quality.pages.reading import ReadPage, read_page
from tests.quality.pages.recurring import measure_boilerplate
from tests.quality.pages.scoring import confuse_labels, score_pages
from tests.quality.pages.truth import LABELS, Page, hash_words, read_truth

VERSIONS, TRUTH = read_truth()
# Titles of boxes and figures stand in plain <p>: without the names of their classes nothing tells
# them from prose, so precision is lower where every paragraph counts.
FLOORS: Final = {
    "1+ words": {"precision": 0.84, "recall": 0.99, "placed": 0.99},
    "8+ words": {"precision": 0.97, "recall": 0.99, "placed": 0.99},
}
BOILERPLATE_FLOORS: Final = {"found": 0.94, "right": 0.99, "least count": 0.85}


def find_pages() -> list[tuple[Page, Path]]:
    return [(page, path) for page in TRUTH if (path := page.find()) is not None]


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Page, ReadPage]]:
    """Give the pages by hand that are here, as they were read."""
    pairs = [(page, read_page(path)) for page, path in find_pages()]
    if not pairs:
        wanted = ", ".join(f"{name} {version}" for name, version in VERSIONS.items())
        pytest.skip(f"none of the pages by hand is here; they are those of {wanted}")
    return pairs


@pytest.mark.parametrize("page", TRUTH, ids=lambda page: page.path)
def test_every_place_of_a_page_by_hand_is_where_its_text_stands(page: Page) -> None:
    path = page.find()
    if path is None:
        version = VERSIONS[page.package]
        pytest.skip(f"no {page.path} of {page.package} {version} is here")

    assert read_page(path).problems == []


@pytest.mark.parametrize("share", range(6))
def test_every_place_of_sampled_pages_is_where_its_text_stands(share: int) -> None:
    pages = sample_pages(N_SAMPLED, [path for _, path in find_pages()])[share::6]
    if not pages:
        pytest.skip("none of the packages python3.11-doc, postgresql-doc, debian-handbook is here")

    problems = [f"{path}: {problem}" for path in pages for problem in read_page(path).problems]

    assert problems == []


def test_an_independent_parser_finds_each_paragraph_of_the_truth(
    pairs: list[tuple[Page, ReadPage]],
) -> None:
    pytest.importorskip("lxml", reason="it comes with the extra main-content")
    for page, read in pairs:
        found = {hash_words(block.text) for block in list_text_blocks(read.path)}
        absent = [each for each in page.paragraphs if each.digest not in found]

        assert absent == [], page.path


def test_the_truth_is_twenty_pages_of_three_packages_in_order() -> None:
    assert [sum(page.package == name for page in TRUTH) for name in VERSIONS] == [7, 6, 7]
    assert sum("/de-DE/" in page.path for page in TRUTH) >= 3
    for page in TRUTH:
        starts = [paragraph.first_line for paragraph in page.paragraphs]
        assert starts == sorted(starts)
        assert {paragraph.label for paragraph in page.paragraphs} <= set(LABELS)


@pytest.mark.parametrize("split", FLOORS)
def test_paragraphs_are_found_as_a_person_sees_them(
    split: str, pairs: list[tuple[Page, ReadPage]]
) -> None:
    (row,) = [row for row in score_pages(pairs) if (row.set_name, row.split) == ("all", split)]

    assert find_slips(row, FLOORS[split]) == []


def test_no_paragraph_is_lost_and_none_is_taken_for_something_else(
    pairs: list[tuple[Page, ReadPage]],
) -> None:
    rows = {row.set_name: row.figures for row in confuse_labels(pairs)}

    for label, kind in (("content", "PARAGRAPH"), ("code", "CODE"), ("list", "LIST")):
        n_paragraphs = sum(figure.value for figure in rows[label].values())
        assert rows[label][kind].value >= 0.98 * n_paragraphs
    assert sum(rows[label]["absent"].value for label in LABELS) == 0


def test_what_a_site_repeats_is_reported_and_nothing_else() -> None:
    if not any(map(list_pages, PACKAGES)):
        pytest.skip("none of the packages python3.11-doc, postgresql-doc, debian-handbook is here")

    pytest.importorskip("lxml", reason="it comes with the extra main-content")
    rows = [row for row in measure_boilerplate() if row.figures["reported"].value]

    assert rows, "the handbook's and Python's pages carry notices"
    for row in rows:
        assert find_slips(row, BOILERPLATE_FLOORS) == []


def find_slips(row: Row, floors: dict[str, float]) -> list[str]:
    return [
        f"{row.set_name}: {name} is {row.figures[name].value:.3f}, its floor is {floor}"
        for name, floor in floors.items()
        if not row.figures[name].value >= floor
    ]


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("a<br>b <i>c</i>d", "a b cd"),
        ("<p>x</p><p>y &amp; z</p>", "x y & z"),
        ("a<script>b</script><!-- c -->d", "ad"),
    ],
)
def test_tags_are_stripped(fragment: str, text: str) -> None:
    assert strip_tags(fragment) == text
