"""Pair versions of the Bible: the same verses in other words, and other verses of the same book.

The verses are a sample and short (about 25 words), so the sampled verses of a chapter are joined by
fours, in order. Left out: what remains at the end of a chapter, verses that a version lacks.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from tests.quality.labelled import LabelledPairs
from tests.quality.shared_texts import Row, read_rows

VERSIONS: Final = ("KJV", "ASV", "DARBY", "WEB", "DRA", "YLT", "BBE")
_AT_ONCE: Final = 4
Passage: TypeAlias = Mapping[str, str]  # version to text


def join_verses(rows: Iterable[Row]) -> dict[str, list[Passage]]:
    """Join the verses that every version has into passages of four, by book."""
    verses: dict[tuple[str, int, int], dict[str, str]] = {}
    for row in rows:
        book, chapter, verse = row["cluster"].split(".")
        verses.setdefault((book, int(chapter), int(verse)), {})[row["version"]] = row["text"]
    chapters: dict[tuple[str, int], list[dict[str, str]]] = {}
    for book, chapter, verse in sorted(verses):
        texts = verses[book, chapter, verse]
        if set(VERSIONS) <= set(texts):
            chapters.setdefault((book, chapter), []).append(texts)
    books: dict[str, list[Passage]] = {}
    for (book, _), listed in chapters.items():
        for begin in range(0, len(listed) - _AT_ONCE + 1, _AT_ONCE):
            part = listed[begin : begin + _AT_ONCE]
            passage = {name: " ".join(texts[name] for texts in part) for name in VERSIONS}
            books.setdefault(book, []).append(passage)
    return books


def pair_versions_of_verses(shared: Path) -> Iterator[tuple[str, LabelledPairs]]:
    """Give for each two versions as many true pairs as others, drawn from the same book."""
    books = join_verses(read_rows(shared / "data" / "bible_versions" / "docs.jsonl.gz"))
    random = np.random.default_rng(1)
    for one, two in combinations(VERSIONS, 2):
        lefts, rights, others = [], [], []
        for passages in books.values():
            lefts += [passage[one] for passage in passages]
            shift = int(random.integers(1, len(passages)))
            rights += [passage[two] for passage in passages]
            others += [passage[two] for passage in passages[shift:] + passages[:shift]]
        numbers = np.arange(len(lefts))
        yield (
            f"{one}-{two}",
            LabelledPairs(
                lefts * 2,
                rights + others,
                np.repeat(["true", "other"], len(lefts)),
                np.tile(numbers, 2),
                np.tile("both", 2 * len(lefts)),
            ),
        )
