"""Count by brute force which texts recur on a package's pages; see which of them are reported."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dedup.config import DEFAULTS
from dedup.pipeline import find_duplicates
from tests.quality.figures import Figure, Row
from tests.quality.pages.markup import list_text_blocks
from tests.quality.pages.packages import PACKAGES, list_pages
from tests.quality.pages.scoring import divide
from tests.quality.pages.truth import list_words

_FEWEST: Final = DEFAULTS.boilerplate.min_documents
_SHARE: Final = DEFAULTS.boilerplate.min_share


@dataclass(frozen=True, slots=True)
class Recurring:
    """On how many pages a text stands, and whether it recurs as prose."""

    n_pages: int
    is_prose: bool


def count_recurring(pages: list[Path]) -> dict[str, Recurring]:
    """Give the texts that stand on enough pages of the smallest folder that holds them all."""
    holders: dict[str, set[Path]] = {}
    prose: dict[str, set[Path]] = {}
    for path in pages:
        for block in list_text_blocks(path):
            text = " ".join(list_words(block.text))
            holders.setdefault(text, set()).add(path)
            if block.is_prose:
                prose.setdefault(text, set()).add(path)
    return {
        text: Recurring(len(held), text in prose and _is_recurring(prose[text], pages))
        for text, held in holders.items()
        if text and _is_recurring(held, pages)
    }


def _is_recurring(held: set[Path], pages: list[Path]) -> bool:
    if len(held) < _FEWEST:
        return False
    folder = Path(os.path.commonpath([path.parent for path in held]))
    n_pages = sum(path.is_relative_to(folder) for path in pages)
    return len(held) >= _SHARE * n_pages


def measure_boilerplate() -> list[Row]:
    """Give a row for each folder of pages that is here.

    `recurring` texts are those of all kinds, menus with them, `prose` those that are no headings,
    links, cells and code everywhere; `found` is the share of the prose that the report has. `right`
    is the share of the `reported` that recur by the count, `least count` the smallest of their
    shares of the count's pages.
    """
    rows = []
    for package in PACKAGES:
        pages = list_pages(package)
        for language in package.languages if pages else ():
            chosen = [path for path in pages if not language or language in path.parts]
            rows.append(_measure(f"{package.name} {language}".strip(), chosen))
    return rows


def _measure(name: str, pages: list[Path]) -> Row:
    truth = count_recurring(pages)
    report = find_duplicates(pages, DEFAULTS)
    boilerplate = report.boilerplate
    numbers, counts = boilerplate.numbers.tolist(), boilerplate.n_documents.tolist()
    found = {
        " ".join(list_words(report.text(number))): n_documents
        for number, n_documents in zip(numbers, counts, strict=True)
    }
    right = {text: n_pages for text, n_pages in found.items() if text in truth}
    prose = {text for text, recurring in truth.items() if recurring.is_prose}
    shares = [n_pages / truth[text].n_pages for text, n_pages in right.items()]
    figures = {
        "pages": Figure(len(pages)),
        "recurring": Figure(len(truth)),
        "prose": Figure(len(prose)),
        "found": Figure(divide(len(prose & set(found)), len(prose))),
        "reported": Figure(len(found)),
        "right": Figure(divide(len(right), len(found))),
        "least count": Figure(min(shares, default=float("nan"))),
    }
    return Row("boilerplate", name, "all pages", figures)
