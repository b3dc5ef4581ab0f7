"""Make a workload out of nothing: text of a made-up language with planted near-duplicates.

For a checkout without `../shared`. The files are those of `make_workload.py`: `OUT.jsonl` holds
`{"id", "text"}`, `OUT.truth.jsonl` the planted copies. The speed on it is no figure to quote.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tests.benchmarks.resemblance import measure_resemblance

_N_WORDS: Final = 20_000
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_ZIPF: Final = 1.05  # of word frequencies in running text
_SHARE_PLANTED: Final = 0.2
_MEAN_WORDS, _SPREAD = 80.0, 0.6  # log-normal, as in `make_workload.py`
_SHORTEST, _LONGEST = 15, 1000
_SENTENCE: Final = (6, 24)
_EDITED: Final = (0.02, 0.20)


@dataclass(frozen=True, slots=True)
class Planted:
    """An edited copy: of which paragraph, and the share of its words edited."""

    text: str
    source: int
    rate: float


class TextMaker:
    """Makes paragraphs of a Zipf vocabulary and edited copies of them, from one seed."""

    def __init__(self, seed: int) -> None:
        """Coin the words; the more frequent are no shorter, which does not matter here."""
        self._random = np.random.default_rng(seed)
        sizes = self._random.integers(1, 5, _N_WORDS)
        picks = self._random.integers(0, len(_SYLLABLES), (_N_WORDS, 4))
        self._words = [
            "".join(_SYLLABLES[pick] for pick in row[:size])
            for row, size in zip(picks, sizes, strict=True)
        ]
        weights = 1 / np.arange(1, _N_WORDS + 1) ** _ZIPF
        self._limits = np.cumsum(weights / weights.sum())

    def _draw_words(self, count: int) -> list[str]:
        drawn = np.searchsorted(self._limits, self._random.random(count))
        return [self._words[min(place, _N_WORDS - 1)] for place in drawn.tolist()]

    def make_paragraph(self) -> str:
        """Make sentences up to a length drawn at random."""
        mean = np.log(_MEAN_WORDS) - _SPREAD**2 / 2
        target = int(np.clip(self._random.lognormal(mean, _SPREAD), _SHORTEST, _LONGEST))
        words = self._draw_words(target)
        sentences, begin = [], 0
        while begin < target:
            end = begin + int(self._random.integers(*_SENTENCE))
            sentences.append(" ".join(words[begin:end]).capitalize() + ".")
            begin = end
        return " ".join(sentences)

    def plant(self, originals: Sequence[str]) -> Planted:
        """Copy a paragraph, 2-20 % of its words substituted, deleted or inserted (6 : 2 : 2)."""
        source = int(self._random.integers(len(originals)))
        rate = float(self._random.uniform(*_EDITED))
        words = originals[source].split(" ")
        n_edits = max(1, round(rate * len(words)))
        places = np.sort(self._random.choice(len(words), n_edits, replace=False))[::-1]
        for place, word in zip(places.tolist(), self._draw_words(n_edits), strict=True):
            kind = self._random.random()
            words[place : place + (kind < 0.8)] = [] if 0.6 <= kind < 0.8 else [word]
        return Planted(" ".join(words), source, rate)

    def shuffle(self, count: int) -> list[int]:
        """Give the numbers under `count` in random order."""
        return list(map(int, self._random.permutation(count)))


def write_generated_workload(n_paragraphs: int, prefix: Path, seed: int = 1) -> None:
    """Write `prefix`.jsonl and `prefix`.truth.jsonl, the same bytes for the same arguments."""
    maker = TextMaker(seed)
    n_planted = round(n_paragraphs * _SHARE_PLANTED)
    originals = [maker.make_paragraph() for _ in range(n_paragraphs - n_planted)]
    planted = [maker.plant(originals) for _ in range(n_planted)]
    texts = originals + [copy.text for copy in planted]
    ids = maker.shuffle(n_paragraphs)
    in_order = sorted(zip(ids, texts, strict=True))
    rows = ({"id": number, "text": text} for number, text in in_order)
    _write_lines(prefix.with_suffix(".jsonl"), rows)
    first = len(originals)
    truth = (_describe(copy, originals, (ids[first + n], ids)) for n, copy in enumerate(planted))
    _write_lines(prefix.with_suffix(".truth.jsonl"), truth)


def _describe(
    copy: Planted, originals: Sequence[str], numbers: tuple[int, Sequence[int]]
) -> dict[str, object]:
    number, ids = numbers
    original = originals[copy.source]
    return {
        "id": number,
        "source": ids[copy.source],
        "rate": round(copy.rate, 4),
        "jac5": round(measure_resemblance(original, copy.text, 5), 4),
        "jac3": round(measure_resemblance(original, copy.text, 3), 4),
    }


def _write_lines(path: Path, rows: Iterator[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
