"""Read the labelled sets beside the repository, `../shared`, as paragraphs with their documents."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import BandsConfig, Config, ParagraphsConfig, VerifyConfig
from dedup.pipeline import find_duplicates

SHARED: Final = Path(__file__).resolve().parents[2].parent / "shared"
MIN_WORDS: Final = 20
_NEIGHBOURS: Final = 200  # natural paragraphs have no document; so many in a row stand for one
_BLANK_LINES: Final = re.compile(r"\n\s*\n")
_SENTENCES_A_PARAGRAPH: Final = 3
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Texts and the number of the document of each."""

    texts: list[str]
    documents: npt.NDArray[np.int64]

    def take(self, places: npt.NDArray[np.int64]) -> "Paragraphs":
        """Give some of them."""
        return Paragraphs([self.texts[place] for place in places], self.documents[places])


@dataclass(frozen=True, slots=True)
class TextPairs:
    """Pairs of texts and the number of the document of each pair."""

    lefts: list[str]
    rights: list[str]
    documents: npt.NDArray[np.int64]


def read_rows(path: Path) -> Iterator[Row]:
    """Read compressed JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_natural(shared: Path) -> Paragraphs:
    """Read the distinct natural paragraphs (reference documentation) of the workload."""
    rows = read_rows(shared / "bench" / "natural.jsonl.gz")
    return _keep_distinct((row["id"] // _NEIGHBOURS, row["text"]) for row in rows)


def read_news(shared: Path) -> Paragraphs:
    """Read news, three sentences a paragraph."""
    rows = read_rows(shared / "data" / "rice_articles" / "docs.jsonl.gz")
    return _keep_distinct(
        (number, part) for number, row in enumerate(rows) for part in _cut_sentences(row["text"])
    )


def _cut_sentences(text: str) -> Iterator[str]:
    sentences = re.split(r"(?<=[.!?]) +", text)
    edges = [*range(0, len(sentences), _SENTENCES_A_PARAGRAPH), len(sentences)]
    for begin, end in pairwise(edges):
        yield " ".join(sentences[begin:end])


def _keep_distinct(rows: Iterator[tuple[int, str]]) -> Paragraphs:
    kept: dict[str, int] = {}
    for document, text in rows:
        if len(text.split()) >= MIN_WORDS:
            kept.setdefault(text, document)
    return Paragraphs(list(kept), np.fromiter(kept.values(), np.int64, len(kept)))


def pair_scans(shared: Path) -> TextPairs:
    """Pair near-duplicate paragraphs of different scanned books: the same words, misread."""
    rows = list(read_rows(shared / "data" / "textreuse_ocr_books" / "docs.jsonl.gz"))
    return _pair_near_duplicates(rows, lambda one, two: one["id"] != two["id"])


def pair_versions(shared: Path) -> TextPairs:
    """Pair near-duplicate paragraphs of a documentation page in two versions."""
    rows = list(read_rows(shared / "data" / "doc_versions" / "docs.jsonl.gz"))
    return _pair_near_duplicates(
        rows, lambda one, two: one["cluster"] == two["cluster"] and one["id"] != two["id"]
    )


def _pair_near_duplicates(rows: list[Row], belong: Callable[[Row, Row], bool]) -> TextPairs:
    """Find the near-duplicates with the slot guard off; front matter is no paragraph."""
    parts = [(row, part) for row in rows for part in _BLANK_LINES.split(row["text"])]
    parts = [
        (row, part)
        for row, part in parts
        if len(part.split()) >= MIN_WORDS and not part.startswith("---")
    ]
    config = Config(
        paragraphs=ParagraphsConfig(unit="record"),
        bands=BandsConfig(all_pairs_up_to=0),
        verify=VerifyConfig(min_containment=1.0, max_length_ratio=0.01, slot_guard=False),
    )
    pairs = find_duplicates([{"text": part} for _, part in parts], config).pairs
    clusters: dict[str, int] = {}
    number = partial(_number, clusters)
    kept = [
        (parts[left][1], parts[right][1], number(parts[left][0]["cluster"]))
        for left, right in zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True)
        if belong(parts[left][0], parts[right][0])
    ]
    lefts, rights, documents = zip(*kept, strict=True)
    return TextPairs(list(lefts), list(rights), np.array(documents, np.int64))


def _number(numbers: dict[str, int], name: str) -> int:
    return numbers.setdefault(name, len(numbers))
