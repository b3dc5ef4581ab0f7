"""Measure the anchor index: does it propose the pairs it must, and how few others.

The mixture: N paragraphs of documentation (`bench/natural.jsonl.gz`, neighbours joined to 36 words
or more, without the paragraphs that technical_prose holds too); among them, each a document, both
sides of the rewritten pairs of onestop_paragraphs, and 500 paragraphs of technical_prose of more
than 80 words, each with a run of 30 to 60 % of its words. A pair counts where both sides are kept,
as paragraphs that are merely edited are found without anchors; what is counted is what the run
itself looks up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from dedup import find_duplicates, rewording
from dedup.anchors import propose_pairs
from dedup.config import DEFAULTS, ParagraphsConfig, RestatementConfig, RunConfig
from dedup.kernels import Engine
from dedup.model import IndexArray, OffsetArray, TermLists
from dedup.storage import Storage
from tests.quality.figures import Figure, Row, give_share
from tests.quality.labelled import read_graded
from tests.quality.shared_texts import read_rows

SMALL, LARGE = 10_000, 100_000
KINDS: Final = ("light", "heavy", "contained")
_WORDS: Final = 36  # of a natural paragraph, at least; so the text suffices for 100,000
_CUT_FROM: Final = 80
_N_CONTAINED: Final = 500
_BLOCK: Final = 200  # neighbours that stay together, so that few paragraphs are of all the pages


@dataclass(frozen=True, slots=True)
class Planted:
    """Pairs of texts of one kind each, as columns."""

    lefts: list[str]
    rights: list[str]
    kinds: npt.NDArray[np.str_]


class Recorder:
    """Stands in for the stage that looks anchors up, and keeps what it was asked and gave."""

    def __init__(self) -> None:
        self.kept: OffsetArray = np.empty(0, np.int64)
        self.pairs: list[tuple[int, int]] = []

    def propose(
        self,
        terms: TermLists,
        kept: OffsetArray,
        config: RestatementConfig,
        using: tuple[Engine, Storage],
    ) -> Iterator[tuple[IndexArray, IndexArray]]:
        """Look the anchors up as the run does."""
        self.kept = kept
        for earlier, later in propose_pairs(terms, kept, config, using):
            self.pairs += zip(earlier.tolist(), later.tolist(), strict=True)
            yield earlier, later


def join_natural(texts: Sequence[str], n_words: int) -> list[str]:
    """Join neighbouring texts until they have so many words."""
    joined, run, size = [], [], 0
    for text in texts:
        run.append(text)
        size += text.count(" ") + 1
        if size >= n_words:
            joined.append(" ".join(run))
            run, size = [], 0
    return joined


def read_background(shared: Path, n_paragraphs: int) -> list[str]:
    """Read so many paragraphs of documentation, from blocks of neighbours in random order."""
    planted = {" ".join(part.split()) for part in _read_reference(shared)}
    rows = read_rows(shared / "bench" / "natural.jsonl.gz")
    texts = [text for text in dict.fromkeys(row["text"] for row in rows) if text not in planted]
    blocks = np.random.default_rng(1).permutation(np.arange(0, len(texts), _BLOCK))
    joined: list[str] = []
    for begin in blocks:
        joined += join_natural(texts[begin : begin + _BLOCK], _WORDS)
        if len(joined) >= n_paragraphs:
            break
    return joined[:n_paragraphs]


def _read_reference(shared: Path) -> list[str]:
    """Read the distinct paragraphs of technical_prose."""
    rows = read_rows(shared / "data" / "technical_prose" / "docs.jsonl.gz")
    return list(dict.fromkeys(part for row in rows for part in row["text"].split("\n\n")))


def cut_runs(texts: Sequence[str], seed: int = 1) -> list[str]:
    """Cut a run of 30 to 60 % of the words out of each text."""
    random, runs = np.random.default_rng(seed), []
    for text in texts:
        words = text.split()
        size = round(len(words) * random.uniform(0.3, 0.6))
        begin = int(random.integers(0, len(words) - size + 1))
        runs.append(" ".join(words[begin : begin + size]))
    return runs


def plant_pairs(shared: Path) -> Planted:
    """Give the pairs that anchors are to propose."""
    graded = read_graded(shared)
    places = np.flatnonzero(graded.labels != "other")
    long = [part for part in _read_reference(shared) if len(part.split()) > _CUT_FROM]
    chosen = np.random.default_rng(2).permutation(len(long))[:_N_CONTAINED]
    whole = [long[place] for place in chosen]
    return Planted(
        [graded.lefts[place] for place in places] + whole,
        [graded.rights[place] for place in places] + cut_runs(whole),
        np.concatenate([graded.labels[places], np.repeat("contained", len(whole))]),
    )


def number_texts(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Give the distinct texts, and the number among them of each; a text may be in two pairs."""
    numbers: dict[str, int] = {}
    found = [numbers.setdefault(text, len(numbers)) for text in texts]
    return list(numbers), np.array(found, np.int64)


def check_candidates(shared: Path, n_paragraphs: int) -> Iterator[Row]:
    """Check how many of the planted pairs anchors propose, and how many pairs a paragraph."""
    planted = plant_pairs(shared)
    n_pairs = len(planted.lefts)
    background = read_background(shared, n_paragraphs)
    texts, numbers = number_texts([*planted.lefts, *planted.rights, *background])
    recorder = Recorder()
    record_candidates(texts, recorder)
    sides = numbers[:n_pairs], numbers[n_pairs : 2 * n_pairs]
    name = f"anchors of {n_paragraphs:,}"
    for split, figures in tally_proposed(planted.kinds, sides, recorder):
        yield Row("candidates", name, split, figures)


def record_candidates(texts: Sequence[str], recorder: Recorder) -> None:
    """Run over texts, each a document of one paragraph, with the recorder in its place."""
    config = replace(
        DEFAULTS,
        paragraphs=ParagraphsConfig(unit="record"),
        restatement=RestatementConfig(all_pairs_up_to=0),
        run=RunConfig(keep_text=False),
    )
    with patch.object(rewording, "propose_pairs", recorder.propose):
        find_duplicates([{"text": text} for text in texts], config)


def tally_proposed(
    kinds: npt.NDArray[np.str_],
    sides: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    recorder: Recorder,
) -> Iterator[tuple[str, dict[str, Figure]]]:
    """Count the planted pairs that were proposed, by kind, and all pairs that were."""
    proposed = {frozenset(pair) for pair in recorder.pairs}
    is_open = np.isin(sides[0], recorder.kept) & np.isin(sides[1], recorder.kept)
    is_open &= sides[0] != sides[1]
    pairs = zip(sides[0].tolist(), sides[1].tolist(), strict=True)
    hits = np.array([frozenset(pair) in proposed for pair in pairs])
    for kind in (*KINDS, "all"):
        chosen = np.flatnonzero(is_open & ((kinds == kind) | (kind == "all")))
        figures = {"pairs": Figure(len(chosen)), "recall": give_share(hits[chosen], chosen)}
        if kind == "all":
            ratio = len(recorder.pairs) / max(1, len(recorder.kept))
            figures |= {"kept": Figure(len(recorder.kept)), "candidates": Figure(ratio)}
        yield kind, figures
