"""Read the labelled sets as articles with restating paragraphs, and as labelled pairs.

`data/quality` is in the repository and always there; the sets of `../shared/data` are not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.quality.shared_texts import Row, read_rows

QUALITY: Final = Path(__file__).resolve().parents[2] / "data" / "quality"
HALVES: Final = ("tune", "report", "both")
_SEED: Final = "1"


@dataclass(frozen=True, slots=True)
class Article:
    """An article and what is to be flagged in it.

    Attributes:
        name: Of the article, without the version; what halves are made of.
        tags: The splits it is reported in, as `light`.
        sources: For each restating paragraph the earlier ones that it restates.
        unscored: Paragraphs of which about half restates: neither right nor wrong to flag.
    """

    identity: str
    name: str
    tags: tuple[str, ...]
    text: str
    sources: dict[int, set[int]]
    unscored: frozenset[int]


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Pairs of texts as columns; `articles` numbers what intervals are drawn over."""

    lefts: list[str]
    rights: list[str]
    labels: npt.NDArray[np.str_]
    articles: npt.NDArray[np.int64]
    halves: npt.NDArray[np.str_]


def choose_half(name: str) -> str:
    """Give the half an article is in: the one looked at while tuning, or the one to report."""
    digest = blake2b(f"{_SEED}:{name}".encode(), digest_size=1).digest()
    return HALVES[digest[0] % 2]


def read_padded(shared: Path) -> list[Article]:
    """Read padding_onestop; its tags are the label and the half."""
    names = {"clean": "clean", "padded_int": "light", "padded_ele": "heavy"}
    rows = read_rows(shared / "data" / "padding_onestop" / "docs.jsonl.gz")
    return [
        _make_article(row, row["cluster"], (names[row["label"]], choose_half(row["cluster"])))
        for row in rows
    ]


def read_own_articles() -> list[Article]:
    """Read `data/quality/articles.jsonl`; its tags are the language and the kind."""
    return [
        _make_article(row, row["id"], (row["language"], row["kind"]))
        for row in _read_plain(QUALITY / "articles.jsonl")
    ]


def _make_article(row: Row, name: str, tags: tuple[str, ...]) -> Article:
    sources: dict[int, set[int]] = {}
    for later, earlier in row["restates"]:
        sources.setdefault(later, set()).add(earlier)
    unscored = frozenset(later for later, _ in row.get("half", ()))
    return Article(row["id"], name, tags, row["text"], sources, unscored)


def _read_plain(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_own_pairs() -> list[Row]:
    """Read `data/quality/pairs.jsonl`."""
    return list(_read_plain(QUALITY / "pairs.jsonl"))


def read_graded(shared: Path) -> LabelledPairs:
    """Read onestop_paragraphs: rewritten by teachers, `light` or `heavy`, or merely `other`."""
    names = {"adv-int": "light", "int-ele": "heavy", "adv-ele": "heavy"}
    rows = list(read_rows(shared / "data" / "onestop_paragraphs" / "pairs.jsonl.gz"))
    _, articles = np.unique([row["article"] for row in rows], return_inverse=True)
    return LabelledPairs(
        [row["a"] for row in rows],
        [row["b"] for row in rows],
        np.array([names.get(row["label"], "other") for row in rows]),
        articles,
        np.array([choose_half(row["article"]) for row in rows]),
    )
