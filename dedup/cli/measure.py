"""Measure how two texts stand to each other, with the run that measures everything else.

The settings decide the relation; the measures come from the same run with thresholds so low that
every pair that shares anything is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS, Config, ShinglesConfig, VerifyConfig
from dedup.model import Relation
from dedup.pipeline import find_duplicates
from dedup.report import Report

_LEAST: Final = 0.01  # the lowest threshold there is; a pair under it is shown as 0.00
_CHAR_SHINGLES: Final = ShinglesConfig(kind="char", size=5)
Places: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measures:
    """How two texts stand: the relation under the settings, and every measure behind it.

    Attributes:
        relation: NONE where no threshold is reached.
        resemblance: Of the shingle sets that the settings ask for; in [0, 1].
        left_in_right, right_in_left: Containment; in [0, 1].
        char_resemblance: Resemblance of the sets of character 5-shingles.
        conflicts: Numbers and dates that stand against another one.
        n_left, n_right: Words of either text.
    """

    relation: Relation
    resemblance: float
    left_in_right: float
    right_in_left: float
    char_resemblance: float
    conflicts: int
    n_left: int
    n_right: int

    @property
    def length_ratio(self) -> float:
        """Give the shorter text's words over the longer's; 0.0 where both have none."""
        return min(self.n_left, self.n_right) / max(self.n_left, self.n_right, 1)

    @property
    def containment(self) -> float:
        """Give how much of the shorter text the longer one holds."""
        return self.left_in_right if self.n_left < self.n_right else self.right_in_left


def measure_pair(left: str, right: str, config: Config) -> Measures:
    """Measure two texts, however short they are."""
    loose = replace(config, verify=_loosen(config))
    wide, strict = _run((left, right), loose), _run((left, right), config)
    chars = _run((left, right), replace(loose, shingles=_CHAR_SHINGLES))
    n_left, n_right = (int(size) for size in wide.corpus.tokens.sizes)
    if wide.counts.n_unique == 1 and n_left:
        return Measures(Relation.IDENTICAL, 1.0, 1.0, 1.0, 1.0, 0, n_left, n_right)
    pairs = wide.pairs
    return Measures(
        relation=Relation(int(_first(strict.pairs.relations))),
        resemblance=_first(pairs.resemblance),
        left_in_right=_first(pairs.left_containment),
        right_in_left=_first(pairs.right_containment),
        char_resemblance=_first(chars.pairs.resemblance),
        conflicts=int(_first(pairs.conflicts)),
        n_left=n_left,
        n_right=n_right,
    )


def _loosen(config: Config) -> VerifyConfig:
    return replace(
        config.verify, min_resemblance=_LEAST, min_containment=_LEAST, max_length_ratio=1.0
    )


def _run(texts: Sequence[str], config: Config) -> Report:
    """Compare texts as records, the short ones too."""
    config = replace(
        config,
        readers=DEFAULTS.readers,
        paragraphs=replace(config.paragraphs, unit="record", min_words=1),
        run=replace(config.run, jobs=1),
    )
    return find_duplicates([{"text": text} for text in texts], config)


def _first(column: npt.NDArray[Any]) -> float:
    return float(column[0]) if len(column) else 0.0


def find_partners(lefts: Sequence[str], rights: Sequence[str], config: Config) -> Places:
    """Give each left text its best right one: the most resemblance and containment together.

    Returns:
        Places in `rights`; ties go to the first.
    """
    verify = replace(_loosen(config), slot_guard=False)
    report = _run((*lefts, *rights), replace(config, verify=verify))
    prints = report.corpus.tokens.prints.reshape(-1, 2)
    _, kinds = np.unique(prints, axis=0, return_inverse=True)  # identical texts are one kind
    kinds = kinds.reshape(-1)
    pairs, scores = report.pairs, np.eye(int(kinds.max()) + 1) * 2.0
    one, two = kinds[pairs.lefts], kinds[pairs.rights]
    score = pairs.resemblance + np.maximum(pairs.left_containment, pairs.right_containment)
    scores[one, two] = scores[two, one] = score
    found = scores[kinds[: len(lefts)]][:, kinds[len(lefts) :]]
    partners: Places = found.argmax(axis=1)
    return partners
