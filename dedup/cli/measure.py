"""Measure two texts in every way, and find for each of some texts its best partner of others.

Texts come in, measures go out. The settings decide the relation, except that no text that is asked
about is too short.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dedup.config import DEFAULTS, Config, ParagraphsConfig, VerifyConfig
from dedup.model import Relation
from dedup.pair_measures import measure_pairs
from dedup.pipeline import find_duplicates
from dedup.report import Report

_LEAST: Final = 0.01  # the lowest threshold there is
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
        rewrite_score: The score R of the right text against the left one; in [0, 1].
        dice: Dice coefficient of the content terms; in [0, 1].
    """

    relation: Relation
    resemblance: float
    left_in_right: float
    right_in_left: float
    char_resemblance: float
    conflicts: int
    n_left: int
    n_right: int
    rewrite_score: float
    dice: float

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
    found = measure_pairs([left], [right], replace(config, paragraphs=_take_short(config)))
    return Measures(
        relation=Relation(int(found.relations[0])),
        resemblance=float(found.resemblance[0]),
        left_in_right=float(found.left_in_right[0]),
        right_in_left=float(found.right_in_left[0]),
        char_resemblance=float(found.char_resemblance[0]),
        conflicts=int(found.conflicts[0]),
        n_left=int(found.n_left[0]),
        n_right=int(found.n_right[0]),
        rewrite_score=float(found.rewrite_score[0]),
        dice=float(found.dice[0]),
    )


def _take_short(config: Config) -> ParagraphsConfig:
    return replace(config.paragraphs, unit="record", min_words=1)


def _loosen(config: Config) -> VerifyConfig:
    return replace(
        config.verify, min_resemblance=_LEAST, min_containment=_LEAST, max_length_ratio=1.0
    )


def _run(texts: Sequence[str], config: Config) -> Report:
    """Compare texts as records, the short ones too."""
    config = replace(
        config,
        readers=DEFAULTS.readers,
        paragraphs=_take_short(config),
        run=replace(config.run, jobs=1),
    )
    return find_duplicates([{"text": text} for text in texts], config)


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
