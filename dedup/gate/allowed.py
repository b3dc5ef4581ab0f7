"""Tell which paragraphs may repeat, as files of allowed texts say.

The texts of allow files come in as fingerprints with their places; for each paragraph of a run
comes out which allowed text is its own. A text is its words: line ends, case and marks are folded
as everywhere, so a notice that is wrapped otherwise is the same notice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dedup.model import Corpus, HashArray, IndexArray, Problem

_UNUSED = "this paragraph may repeat, but no finding is about it. Take it out"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Allowed:
    """The texts that may repeat.

    Attributes:
        prints: Fingerprints, uint64, two words a text, as `TokenLists.prints`, in a row or as
            rows of two.
        places: Where each stands: the file, and its line from 1.
    """

    prints: HashArray
    places: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        """Give the number of texts."""
        return len(self.places)

    @classmethod
    def from_corpus(cls, corpus: Corpus) -> "Allowed":
        """Take every paragraph of a corpus that has a word: no word is equal to none."""
        worded = np.flatnonzero(corpus.tokens.sizes > 0)
        prints = corpus.tokens.take(worded).prints
        lines = corpus.start_lines[worded].tolist()
        paths = (corpus.batch_of(number).path or "" for number in worded.tolist())
        return cls(prints, tuple(zip(paths, lines, strict=True)))

    def find_rows(self, prints: HashArray) -> IndexArray:
        """Give, for each paragraph of a run, the first text equal to its own; -1 for none.

        Args:
            prints: Fingerprints of all paragraphs, two words each.
        """
        words, texts = prints.reshape(-1, 2), self.prints.reshape(-1, 2)
        rows = np.full(len(words), -1, np.int32)
        known = {tuple(pair): row for row, pair in reversed(list(enumerate(texts.tolist())))}
        likely = np.flatnonzero(np.isin(words[:, 0], texts[:, 0]))
        pairs = words[likely].tolist()
        rows[likely] = np.array([known.get(tuple(pair), -1) for pair in pairs], np.int32)
        return rows

    def list_unused(self, rows: Iterable[int]) -> tuple[Problem, ...]:
        """Give the texts that allow nothing.

        Args:
            rows: Those that do; a text that stands twice is used in both places.
        """
        pairs = self.prints.reshape(-1, 2).tolist()
        used = {tuple(pairs[row]) for row in rows}
        return tuple(
            Problem(path, line, _UNUSED)
            for (path, line), pair in zip(self.places, pairs, strict=True)
            if tuple(pair) not in used
        )
