"""Find the texts that a site repeats on its pages: notices, footers, navigation in words.

A corpus comes in; out goes which texts recur in many documents of a source, each with its count, so
that they are reported once and not as hundreds of copies. Short texts take part, which are compared
with nothing else.

A text is boilerplate when it stands in at least `min_documents` documents and in `min_share` of
those in its source, the smallest folder (or the file) that holds all of them; documents most of
whose words recur elsewhere do not count as witnesses: a story in thirty feeds is a copy thirty
times, each of its paragraphs recurs, and none of them is boilerplate.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from pathlib import PurePath

import numpy as np

from dedup.config import Config
from dedup.kernels import Engine
from dedup.model import (
    Boilerplate,
    BoolArray,
    Corpus,
    Grouping,
    IndexArray,
    OffsetArray,
    Relation,
    distinct,
)

RULE = "DUP007"


def find_boilerplate(
    corpus: Corpus, order: OffsetArray, config: Config, engine: Engine
) -> Boilerplate:
    """Find the texts that are boilerplate.

    Args:
        corpus: All paragraphs of the run.
        order: Their numbers in canonical order: the first of a text is the one that is kept.
        config: Every setting; where documents are not compared with one another there is none.
        engine: Where texts are told identical.
    """
    if not _is_possible(corpus, config):
        return Boilerplate.none(len(corpus))
    settings = config.boilerplate
    firsts = _find_firsts(corpus, order, engine)
    texts, documents = _list_occurrences(corpus, firsts)
    n_documents = np.bincount(texts, minlength=len(corpus))
    recurs = n_documents >= settings.min_documents
    is_copy = _find_copies(corpus, recurs[firsts] & (firsts >= 0), settings.max_copied)
    witnesses = np.bincount(texts[~is_copy[documents]], minlength=len(corpus))
    is_candidate = recurs & (witnesses >= settings.min_documents)
    candidates = order[is_candidate[order]]
    lows, highs = (np.searchsorted(texts, candidates, side) for side in ("left", "right"))
    sources, bounds = _list_sources(corpus)
    low_files, high_files = (
        np.searchsorted(bounds, documents[places], "right") - 1 for places in (lows, highs - 1)
    )
    pairs = zip(low_files.tolist(), high_files.tolist(), strict=True)
    found = [sources.find(low, high) for low, high in pairs]
    populations = np.array([population for _, population in found], np.int64)
    chosen = np.flatnonzero(n_documents[candidates] >= settings.min_share * populations)
    numbers = candidates[chosen]
    rows = np.full(len(corpus) + 1, -1, np.int32)  # the last is that of paragraphs without a word
    rows[numbers] = np.arange(len(numbers), dtype=np.int32)
    folders = tuple(found[row][0] for row in chosen.tolist())
    return Boilerplate(numbers, n_documents[numbers], populations[chosen], folders, rows[firsts])


def _is_possible(corpus: Corpus, config: Config) -> bool:
    """Say whether the run asks for boilerplate, and has pages enough of more than one paragraph."""
    if RULE not in config.run.rules or config.paragraphs.within == "document" or not len(corpus):
        return False
    counts = np.bincount(corpus.document)
    return int(np.count_nonzero(counts > 1)) >= config.boilerplate.min_documents


def _find_firsts(corpus: Corpus, order: OffsetArray, engine: Engine) -> IndexArray:
    """Give, for each paragraph, the first in canonical order of its text; -1 where it has none."""
    worded = order[corpus.tokens.sizes[order] > 0]
    pairs = corpus.tokens.prints.reshape(-1, 2)[worded]
    places = engine.find_representatives(np.ascontiguousarray(pairs.reshape(-1)))
    firsts = np.full(len(corpus), -1, np.int32)
    firsts[worded] = worded[places]
    return firsts


def _list_occurrences(corpus: Corpus, firsts: IndexArray) -> tuple[OffsetArray, OffsetArray]:
    """Give the pairs of a text (by its first) and a document that holds it, sorted, each once."""
    worded = np.flatnonzero(firsts >= 0)
    codes = firsts[worded].astype(np.int64) << 32 | corpus.document[worded]
    codes = distinct(codes)
    return codes >> 32, codes & 0xFFFFFFFF


def _find_copies(corpus: Corpus, recurs: BoolArray, max_copied: float) -> BoolArray:
    """Tell the documents most of whose words stand in paragraphs that recur."""
    sizes, documents = corpus.tokens.sizes, corpus.document
    words = np.bincount(documents, sizes, minlength=corpus.n_documents)
    copied = np.bincount(documents[recurs], sizes[recurs], minlength=corpus.n_documents)
    is_copy: BoolArray = copied > max_copied * words
    return is_copy


def _list_sources(corpus: Corpus) -> tuple["Sources", OffsetArray]:
    """Give the files of a run, and the number of the first document of each."""
    paths: list[str | None] = []
    bounds: list[int] = []
    for first, batch in zip(corpus.first_documents.tolist(), corpus.batches, strict=False):
        if not paths or PurePath(paths[-1] or "").parts != PurePath(batch.path or "").parts:
            paths.append(batch.path)
            bounds.append(first)
    is_filled = np.bincount(corpus.document, minlength=corpus.n_documents) > 0
    n_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_filled)])
    n_filled = np.diff(n_before[[*bounds, corpus.n_documents]])
    return Sources(paths, n_filled.tolist()), np.array(bounds, np.int64)


class Sources:
    """Knows how many documents with a paragraph stand in each file and under each folder."""

    def __init__(self, paths: Iterable[str | None], n_filled: Iterable[int]) -> None:
        """Take each file's path, in input order, and its number of documents with a paragraph."""
        self._parts = [PurePath(path or "").parts for path in paths]
        self._n_before = list(accumulate(n_filled, initial=0))

    def find(self, low: int, high: int) -> tuple[str, int]:
        """Give the smallest folder or file that holds two files, and how many documents it holds.

        Input order is that of the paths' parts, so what is in a folder are neighbours.
        """
        ends = self._parts[low], self._parts[high]
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(*ends, strict=False))
        parts = tuple(part for part, _ in pairs)
        heads = _Heads(self._parts, len(parts))
        first, last = bisect_left(heads, parts), bisect_right(heads, parts)
        name = str(PurePath(*parts)) if parts else ""
        return name, self._n_before[last] - self._n_before[first]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Heads:
    """The first `size` parts of each path, as `bisect` asks for them."""

    paths: list[tuple[str, ...]]
    size: int

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, row: int) -> tuple[str, ...]:
        return self.paths[row][: self.size]


def set_boilerplate_apart(
    corpus: Corpus, grouping: Grouping, boilerplate: Boilerplate, config: Config
) -> Grouping:
    """Let every repeat of a boilerplate text share the fate of its first, as BOILERPLATE.

    A repeat around which others are grouped stays as it is, and across documents only, one in the
    document of the first or of its canonical.
    """
    if not len(boilerplate):
        return grouping
    members = np.flatnonzero(boilerplate.texts >= 0)
    heads = boilerplate.numbers[boilerplate.texts[members]]
    numbers = np.arange(len(corpus))
    is_head = np.zeros(len(corpus), np.bool_)
    is_head[grouping.canonicals[grouping.canonicals != numbers]] = True
    wanted = (members != heads) & ~is_head[members]
    if config.paragraphs.within == "corpus":
        for others in (heads, grouping.canonicals[heads]):
            wanted &= corpus.document[members] != corpus.document[others]
    members, heads = members[wanted], heads[wanted]
    columns = {
        name: getattr(grouping, name).copy()
        for name in ("canonicals", "resemblance", "containment")
    }
    for name, column in columns.items():
        column[members] = getattr(grouping, name)[heads]
    relations = grouping.relations.copy()
    relations[members] = Relation.BOILERPLATE
    return replace(grouping, relations=relations, **columns)
