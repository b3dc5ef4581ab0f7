"""Decide which labels mean that a pair should be found."""

from collections.abc import Iterable
from math import floor, isfinite
from typing import Final

import numpy as np

from dedup.cli.evaluate_options import LabelOptions
from dedup.cli.settings import refuse
from dedup.errors import InputError
from dedup.model import ScoreArray
from dedup.readers.labelled import Label, LabelledPairs
from dedup.resampling import Flags

_MOST_VALUES: Final = 12  # different numbers shown one by one; more are shown by whole numbers
_NUMBERS: Final = "Say from which number on a pair counts, as --positive-from 3."
_WORDS: Final = "Name what counts with --positive, what does not with --negative."


class LabelRule:
    """Which labels are positive: 0 and 1, numbers from one on, or words."""

    def __init__(self, options: LabelOptions, path: str) -> None:
        """Read the options.

        Raises:
            SettingError: Options contradict each other.
        """
        self._path, self._least = path, options.positive_from
        self._positives, self._negatives = _split(options.positive), _split(options.negative)
        both = self._positives & self._negatives
        if both:
            raise refuse("negative", min(both), "a label that is not --positive too")
        if self._least is not None and (self._positives or self._negatives):
            allowed = "what goes without --positive and --negative"
            raise refuse("positive-from", f"{self._least:g}", allowed, "Give one of them.")

    def decide(self, label: Label, line: int) -> bool:
        """Say whether a label is positive.

        Raises:
            InputError: It is no label that the options know.
        """
        if self._positives or self._negatives:
            return self._decide_word(label, line)
        if isinstance(label, str) or not isfinite(label):
            raise self._refuse(line, f"its label is {spell_label(label)!r}, no number", _WORDS)
        if self._least is not None:
            return bool(label >= self._least)
        if label in (0, 1):
            return bool(label)
        raise self._refuse(line, f"its label is {label}, neither 0 nor 1", _NUMBERS)

    def _decide_word(self, label: Label, line: int) -> bool:
        word = spell_label(label)
        if word in self._positives or word in self._negatives:
            return word in self._positives
        if not (self._positives and self._negatives):
            return not self._positives
        problem = f"its label '{word}' is neither --positive nor --negative"
        raise self._refuse(line, problem, "Name it with one of them.")

    def _refuse(self, line: int | None, problem: str, remedy: str) -> InputError:
        return InputError(self._path, line, problem, remedy)

    def apply(self, pairs: LabelledPairs) -> Flags:
        """Give which pairs are labelled positive.

        Raises:
            InputError: A label is none that the options know, or all pairs are of one kind.
        """
        lines = (row.line for row in pairs.rows)
        decided = zip(pairs.labels, lines, strict=True)
        labels = np.array([self.decide(label, line) for label, line in decided], np.bool_)
        if labels.all() or not labels.any():
            kind = "positive" if labels.all() else "negative"
            problem = f"all of its {len(labels):,} pairs are labelled {kind}"
            remedy = "Give pairs of both kinds, or say with --positive-from or --positive "
            raise self._refuse(None, problem, f"{remedy}which labels are positive.")
        return labels


def _split(words: Iterable[str] | None) -> frozenset[str]:
    """Read labels with commas between them, of an option that may be repeated."""
    return frozenset(label.strip() for word in words or () for label in word.split(","))


def spell_label(label: Label) -> str:
    """Give a label as it is typed.

    >>> spell_label(True), spell_label(2.0), spell_label("no")
    ('1', '2', 'no')
    """
    return label if isinstance(label, str) else f"{float(label):g}"


def take_grades(pairs: LabelledPairs) -> ScoreArray | None:
    """Give the labels as numbers, where they are numbers of more than two kinds."""
    is_graded = len(set(pairs.labels)) > len((0, 1))
    if not is_graded or any(isinstance(label, str) for label in pairs.labels):
        return None
    return np.array(pairs.labels, np.float64)


def name_kinds(pairs: LabelledPairs, kind_field: str) -> list[str]:
    """Give what each pair is counted under: its label, or the field that is broken down by."""
    if kind_field != "label":
        return [row.kind or "(none)" for row in pairs.rows]
    if take_grades(pairs) is None or len(set(pairs.labels)) <= _MOST_VALUES:
        return [spell_label(label) for label in pairs.labels]
    wholes = [floor(float(label)) for label in pairs.labels]
    return [f"{whole} to under {whole + 1}" for whole in wholes]


def order_kinds(kinds: Iterable[str]) -> list[str]:
    """Give the different kinds, numbers by their size, words behind them by the alphabet."""

    def key(kind: str) -> tuple[bool, float, str]:
        first = kind.split(maxsplit=1)[0]
        is_number = first.lstrip("-").replace(".", "", 1).isdecimal()
        return not is_number, float(first) if is_number else 0.0, kind

    return sorted(set(kinds), key=key)
